"""Features of a message for the linear classifier: characters, words, sounds, extracted facts.

Amounts, places, programme names and personal numbers are masked in one view, so that a sentence
learnt with one programme or figure is recognised with another.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .lexicon import Lexicon, default_lexicon, syllables
from .normalise import PLACEHOLDER

_PUNCTUATION = re.compile(r"[\s,。;!?、~:\"'“”‘’()\[\]【】《》.…\-]+")
_QUESTION = re.compile(
    r"(吗|么(?!子)|不(?=$|[,。?!])|没(?=$|[,。?!])|呢(?=$|[,。?!])|多少|多久|怎么|如何"
    r"|哪|什么|谁|几"
    r"|是不是|能不能|可不可以|有没有|会不会|为什么|要不要|算不算|行吗|可以吗)"
)
# What is asked for or done, by its plainest words; the last one of a message tends to decide.
_CUES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "what": r"是什么(?!时候|条件|材料)|什么意思|什么叫|啥叫|叫什么|是什么东西|介绍|包括哪些"
        r"|有哪些|区别|一回事|是(?:咋|怎么|啷)个?回事|讲讲|了解一下|是什么政策",
        "conditions": r"条件|资格|什么人|哪些人|谁能|谁可以|什么情况|哪种人|才能(?:申请|享受|吃|领"
        r"|办|评)|符合|要求|算困难|标准是什么",
        "amount": r"多少钱|给多少|领多少|补多少|报多少|发多少|标准|比例|拿多少|能报|能拿|多少(?!天"
        r"|人|岁|个月)|涨|上限|封顶|几百|每月多少",
        "how": r"怎么(?:申请|办|弄|报|走|申报|领|登记|写|操作|填)|如何(?:申请|办理|申报|领取)"
        r"|流程|步骤|手续|程序|怎么个|网上(?:申请|办)|代办|代申请",
        "papers": r"材料|资料|证件|证明|要带|带什么|准备什么|提供|复印件|原件|交什么|表格|照片|盖章"
        r"|签字|户口本|银行流水|模板",
        "time": r"多久|几天|多长时间|什么时候能|要等|几个月能|工作日|快不快|时限|要多少天|拖|多快"
        r"|几时能|公示几天",
        "where": r"哪里|哪儿|去哪|在哪|找谁|找哪|哪个(?:部门|单位|窗口|地方)|什么部门|归谁|归哪"
        r"|电话|地址|窗口|几楼|谁管|上班|管不管|归你们",
        "rules": r"算(?:不算)?(?:在)?(?:收入|财产|存款|家庭收入|进去)|算不算|查(?:不查)?|核对|存款"
        r"|有车|有房|名下|超标|影响|扣除|扣减|抵扣|股票|保险|商铺|公司|收入怎么算",
        "family": r"算(?:不算)?(?:一家|一户|家庭成员|家里人|人口|共同)|分户|户口(?:不在)?一起"
        r"|户口本|共同生活|算几口|算几个人|单独(?:算|立户|申请)|按户|赡养|女儿嫁|儿媳|家庭成员",
        "stop": r"停了|停掉|取消|复审|年审|复核|重新(?:申请|审|办)|退出|渐退|还能(?:继续|领|享受)"
        r"|动态|多久审|会不会停|续|过期|有效期|年度|还要不要再",
        "complain": r"凭什么|投诉|举报|不公|不服|关系户|卡着|刁难|态度|公平|申诉|复议|反映|推(?:诿"
        r"|来推)|没人管|不给(?:批|评|办|报)|送礼|村干部|书记|主任|为什么(?:不|没)|说法"
        r"|不批|不通过|被拒|驳回|黑幕|克扣|冒领",
        "pay": r"到账|没到|没发|还没来|发放|什么时候发|几号|打到|打卡|卡(?:被|丢|冻)|少了|补发"
        r"|存折|账户|到哪张|没收到|少发|拖欠|发下来|晚发",
        "stack": r"同时|一起(?:享受|领|拿)|还能(?:享受|领|申请|拿)|重复|叠加|冲突|只能|两样|都能"
        r"|免(?:费|交|不免)|优惠|减免|别的(?:补|政策)|其他(?:补|政策)|另外",
        "privacy": r"隐私|保密|泄露|公开|知道我|别人(?:会|看)|邻居知道|到处说|信息(?:安全|会)|卖掉"
        r"|看到我|用来|删除|授权|查我|保存|公示",
        "status": r"进度|到哪(?:一步|了)|审核(?:中|通过|得)|批(?:了没|下来没|了吗)|查(?:一下|下|询)"
        r"|结果|受理|编号|有消息|下文|办得|怎么样了|通过没",
        "update": r"更新|变更|改(?:一下|成|为)|补(?:充|交|传)|换(?:了|个)|修改|报备|更正"
        r"|搬(?:家|到)|新(?:号码|电话|卡)|添了|多了|去世了|工作了|登记错",
        "withdraw": r"撤(?:回|销|掉)|不(?:申请|要|想办|办)了|取消申请|退(?:保|掉|出)|注销|放弃|作废"
        r"|不吃低保|算了不",
        "wish": r"想申请|我要申请|帮我|给我们?办|请求|求(?!职)|登记|申报|救救|帮帮|报名|给我报"
        r"|填(?:表|个)|我要报|要求给",
        "qualify": r"能不能|能(?:吃|领|申请|享受|办|评|拿)|够(?:不够|格|条件)|可以(?:申请|享受|领)"
        r"|有没有资格|得行|够得上|评得上|我(?:们)?家?(?:这|这种|这样)",
        "person": r"人工|真人|活人|工作人员|打电话给我|跟人|客服",
        "bot": r"你(?:是|叫|会|能|们是)|机器人|智能|真人还是|骗子|哪个公司|谁做的|官方",
        "talk": r"天气|笑话|唱|歌|吃饭(?:没|了)|无聊|爱你|女朋友|男朋友|故事|电影|电视|球|游戏"
        r"|几点|星期|生日|好玩|股市|做菜|作文|翻译|背诗|算命|彩票|心情",
    }.items()
}
PRIVACY = _CUES["privacy"]
# Words of social assistance; a message without any is hardly about it.
_DOMAIN = re.compile(
    r"救助|救济|补助|补贴|低保|特困|五保|残疾|困难|贫困|申请|申报|民政|政策|政府|户口|收入|材料|证明|审核|审批"
    r"|资格|待遇|孤儿|慈善|公租|危房|学费|医药|住院|治病|村里|镇上|街道|社区|名额|评议|公示|家庭|存款|核对|登记"
)
WEIGHTS = {
    "c": 1.0, "m": 1.0, "w": 0.9, "p": 0.7, "x": 0.7, "s": 0.6, "t": 0.3, "k": 0.65, "f": 0.4
}  # fmt: skip
_CLAUSES = re.compile(r"[,。;!?\n:]+")
_A_STORY = 3
_FINAL_PARTICLE = re.compile(r"[吗么不没呢伐无嘛冇]$")


def _build_tokenizer(names: list[str]) -> Any:
    import jieba as untyped

    jieba: Any = untyped
    jieba.setLogLevel(logging.ERROR)
    # An own instance: jieba's module-level one is shared by everything in the process.
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for name in names:
        tokenizer.add_word(name)
    return tokenizer


def tokenizer(lexicon: Lexicon) -> Any:
    """jieba with the names of programmes, illnesses and counties as words."""
    if lexicon.tokenizer is None:
        names = [a.word for a in lexicon.aliases.values() if a.role != "cue"]
        names += list(lexicon.diseases)
        names += [p.name for p in lexicon.places if p.level in {"county", "prefecture"}]
        lexicon.tokenizer = _build_tokenizer(names)
    return lexicon.tokenizer


def _grams(prefix: str, text: str | tuple[str, ...], sizes: Iterable[int]) -> list[str]:
    out = []
    for size in sizes:
        for at in range(len(text) - size + 1):
            piece = text[at : at + size]
            out.append(prefix + (piece if isinstance(piece, str) else "_".join(piece)))
    return out


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """`text` with each (start, end, mark) replaced by its one-character mark; first span wins."""
    out: list[str] = []
    position = 0
    for start, end, mark in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start < position:
            continue
        out += [text[position:start], mark]
        position = end
    out.append(text[position:])
    return "".join(out)


def message_features(
    text: str,
    spans: list[tuple[int, int, str]],
    flags: Iterable[str],
    lexicon: Lexicon | None = None,
) -> Counter[str]:
    """Feature counts. `spans` are the masked mentions, `flags` the names of what was found."""
    lexicon = lexicon or default_lexicon()
    lowered = PLACEHOLDER.sub("Ⓝ", text).lower()
    plain = _PUNCTUATION.sub("", lowered)
    standard = _PUNCTUATION.sub("", lexicon.standard(lowered))
    masked = re.sub(r"\d+", "0", lexicon.standard(PLACEHOLDER.sub("Ⓝ", mask(text, spans)).lower()))
    masked = "^" + _PUNCTUATION.sub("", masked) + "$"
    features = _grams("c", "^" + standard + "$", (1, 2, 3))
    features += _grams("m", masked, (2, 3, 4))
    words = [w for w in tokenizer(lexicon).lcut(standard, HMM=False) if w.strip()]
    features += _grams("w", tuple(words), (1, 2))
    features += _grams("p", syllables(plain), (2, 3))
    features += ["x" + flag for flag in flags]
    features.append(f"xlength{min(len(plain) // 4, 12)}")
    if "?" in text:
        features.append("xmark")
    question = _QUESTION.search(standard)
    features.append("xasks" if question else "xstates")
    if question and question.end() >= len(standard) - 1:
        features.append("xasks_last")
    features += _cue_features(standard, question is not None, lexicon, set(flags))
    features += _shape_features(lexicon.standard(lowered))
    return Counter(features)


def _shape_features(text: str) -> list[str]:
    """Where in the message is asked, and what its last clause asks for and ends with.

    A letter tells its facts, then a grievance; only the end says whether it complains or asks.
    A message of fewer than three clauses has no such order.
    """
    clauses = [piece for piece in _CLAUSES.split(text) if len(piece) > 1]
    if len(clauses) < _A_STORY:
        return []
    asks = [bool(_QUESTION.search(clause)) for clause in clauses]
    if asks[-1]:
        where = "last"
    elif True in asks[-2:]:
        where = "last2"
    else:
        where = "none" if True not in asks else "first" if asks[0] else "mid"
    many = min(len(clauses), 6)
    mark = next((m for m in "?!" if text.rstrip().endswith(m)), ".")
    particle = _FINAL_PARTICLE.search(_PUNCTUATION.sub("", clauses[-1]))
    cues = [name for name, pattern in _CUES.items() if pattern.search(clauses[-1])]
    out = [f"t{where}", f"t_n{many}", f"t{where}_{many}", f"tend_{mark}"]
    out += [f"tfin_{particle.group() if particle else '-'}", f"tq_{min(sum(asks), 3)}"]
    return out + [f"tc_{name}" for name in cues] + [f"tcn{min(len(cues), 3)}"]


def _cue_features(standard: str, asks: bool, lexicon: Lexicon, flags: set[str]) -> list[str]:
    """Request words found, the last of them, foreign services, and a coarse signature of all."""
    last, found = (-1, "none"), []
    for name, pattern in _CUES.items():
        ends = [m.end() for m in pattern.finditer(standard)]
        if ends:
            found.append(name)
            last = max(last, (ends[-1], name))
    own = bool(re.search(r"我|俺|本人", standard))
    elsewhere = len(lexicon.other_service_words.find(standard))
    named = any(f.startswith("program_") for f in flags)
    facts = sum(f.startswith("fact_") for f in flags)
    domain = min(len(set(_DOMAIN.findall(standard))), 3)
    signature = f"{int(asks)}{int(own)}{int(named)}{min(facts, 2)}{min(elsewhere, 1)}"
    out = [f"xcue_{name}" for name in found] + [f"xlast_{last[1]}", f"xother{min(elsewhere, 3)}"]
    out += [f"xdomain{domain}", f"sdomain{domain}_{int(asks)}{min(elsewhere, 1)}{last[1]}"]
    out += [f"xself{int(own)}", f"ssig{signature}", f"slast_{last[1]}_{int(named)}{int(own)}"]
    out += [f"scue_{name}_{min(elsewhere, 1)}{int(named)}" for name in found]
    out.append(f"sfacts{min(facts, 3)}{int(asks)}{last[1]}")
    return out

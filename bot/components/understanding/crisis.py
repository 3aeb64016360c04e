"""Danger to life, found by fixed patterns before and apart from the classifier.

A hit cannot be outvoted. Figures of speech in complaints (走投无路, 活人要被逼死) are no danger;
a wish to die, a threat with means, a child alone or beaten, somebody trapped, no food now, are.
The patterns stand in data/nlu/lookups/danger.csv, one a line, so that they can be reviewed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import Lexicon, default_lexicon

KINDS = ("self_harm", "child", "violence", "fire", "medical", "no_food", "homeless")

RULE_TALK = re.compile(
    r"(?:怎么|如何|能不能|可以|有没有|有什么|哪些)(?:申请|算|补偿|赔|认定|处理|办|领"
    r"|报销|救助)|条件|标准|政策|补贴多少|算不算|[能这]算|包括|属于|归谁|报销吗|补助吗|可以申请"
    r"|能申请|救助吗|有补助|能补"
)
PAST = re.compile(
    r"去年|前年|早年|以前|那年|小时候|(?:[一二三四五六七八九十\d几]+|好几)年前|上个?月"
    r"|前几年|当年|前些年|19\d\d|20[012]\d年|从小|上次|之前|后来|去世|过世|以后|留下"
    r"|判了|判刑|前科|出院|醒了|刚醒|已经好了|救回来|抢救过来|捡回"
)
# Seen on a screen, read or played; 我现在也想 makes it one's own again.
FICTION = re.compile(
    r"(?:电影|电视剧?|小说|[追看]的?剧|片子|游戏|故事)[^,。;!?]{0,2}(?:里|中|的|那|终)|看[^,。;!?]{0,4}(?:电影|新闻|小说|剧)"
    r"|新闻(?:说|里|报|上说)|剧情|主角|男二|女二|大结局|鬼故事"
)
_OWN = re.compile(r"我(?:现在|也|就|真|今|要|想|不)|救命|救我|快来")
# It is over and nobody was hurt: a case of 受灾, not a call for help.
_UNHURT = re.compile(
    r"(?:人|大家|全家)[^,。;!?]{0,4}(?:没事|平安|安全|没伤|无恙|好着)|没(?:有)?(?:人)?(?:受|死)?伤"
    r"(?:亡|到人|着人)?|没(?:压|埋|砸|烧|淹)(?:到|着)人|(?:在|住)(?:安置点|帐篷)"
)
# Somebody has died: grief and claims, no danger now.
_CLOSED = re.compile(
    r"(?:上吊|跳楼|跳河|自杀|农药|百草枯|跳江|割腕)[^,。;!?]{0,6}(?:死了|走了|走的"
    r"|没了|去世|死的|身亡|过世)"
)
_STRONG = re.compile(
    r"遗书|农药|百草枯|安眠药|割腕|跳楼|跳河|跳江|上吊|自杀|不想活|同归于尽|叫不醒"
    r"|没呼吸|救命啊|现在|今晚|马上|快来|汽油|拿着刀|刀磨|还在里面|绳子"
)
# Said beside words of danger, these tell that there is none: what is settled, long past or refused.
_HARMLESS = re.compile(
    r"(?:还有|还剩|不缺|不愁)[^,。;!?]{0,3}(?:米|面(?!前)|吃的|粮)"
    r"|(?:删|清)(?:掉|除|了|干净)|不想留(?:下)?(?:记录|底)"
    r"|不(?:想|愿意?|肯|得)去(?:住)?(?:敬老院|养老院|福利院)"
    r"|捡(?:了|到|来|的)[^,。;!?]{0,10}养(?:了|到|大)[^,。;!?]{0,6}[年岁]"
    r"|(?:想|要)(?:找|有)个?人(?:摆|聊|唠|拉呱|说说?话|陪我说)"
    r"|(?:好几|[两三四五六七八九几\d])年(?:都|也)?没(?:有)?(?:回来|消息|音信|联系)"
    r"[^。;!?]{0,4}(?:我)?(?:跟|和|靠)(?:着)?(?:爷|奶|外婆|外公|姥|舅|姑|叔|伯|姨)"
    r"|(?:去世|过世|走|死|没)了[^。;!?]{0,12}(?:火化|下葬|安葬|办后事|丧葬|棺材)"
    r"|(?:120|110|119|救护车|医生|警察|消防)(?:都|也|已经|刚)?(?:来|到)了"
    r"|(?:已经|早就?|都|就|刚)?送(?:到|去|进|往)[^,。;!?]{0,8}(?:医院|卫生院|诊所)了?[^。;!?]{0,10}"
    r"(?:没(?:得|有|啥|什么|生命)*大?(?:事(?![干做])|危险)|平安|稳定了|保住|醒了|好多了)"
    r"|(?:现在|如今)(?:好多了|好些了|没事了|好了)"
    r"|是不是(?:进|去|住)[^,。;!?]{0,5}(?:不让走|不让出|出不来)"
    r"|(?:老伴儿?|老头子?|老太婆|爱人|老公|老婆|爷爷|奶奶|爸爸?|妈妈?)[^,。;!?]{0,5}"
    r"(?:走了|去世|过世|没了)[,。]?(?:现在|家里|如今)?(?:就|只)(?:剩)?(?:下)?我一个"
)
# However settled the rest may sound, this is now.
_ACUTE = re.compile(
    r"救命|救我|快来|不想活|想死|遗书|农药|百草枯|打我|拿刀|饿|没呼吸|叫不醒|昏|锁|被困|着火|流血"
)
_HANDOFF = [
    re.compile(
        r"^(?:我要|要|请|帮我|给我|麻烦|快|能不能|可以|可不可以|想|我想)?(?:转|找|接|换|叫"
        r"|要|联系|呼叫)?(?:一下|个|到|接)?(?:人工|真人|活人|人工客服|人工服务|人工坐席"
        r"|客服|工作人员|人)(?:客服|服务|坐席|吧|呀|啊|嘛|来|谢谢|接|处理|[。!?,])*$"
    ),
    re.compile(r"转(?:接)?(?:到)?(?:人工|真人|客服|工作人员|窗口)"),
    re.compile(
        r"(?:找|要|叫|换|喊|派)(?:一?个|你们的?|真|活)?(?:真人|活人|人工|客服|工作人员"
        r"|管事的|值班的?)(?:来|跟|和|给|接|说|讲|谈|聊|客服|$|吧)"
    ),
    re.compile(
        r"(?:跟|和|同|与)(?:你们的?)?(?:真人|活人|工作人员|人工|干部|客服)(?:直接|当面"
        r"|视频|电话|语音)?(?:说|讲|谈|聊|沟通|通话|视频|联系)"
    ),
    re.compile(
        r"(?:让|请|安排|叫|派|喊)(?:安排|派)?(?:一?个|你们的?|一位)?(?:工作人员|人|专人|干部|客服|同志"
        r"|管事的|领导)(?:联系我|(?:给我|跟我|和我|来|给我们|上门跟)(?:我)?"
        r"(?:联系|打|回|说|讲|电话|谈|一下|接|个))"
    ),
    re.compile(r"(?:有没有|有没得|有得|有冇)(?:活|真)人"),
    re.compile(
        r"(?:不想|不要|不跟|别让我?|不和|不愿)(?:再)?(?:跟|和|同)?(?:你|这个"
        r"|个)?(?:机器人?|电脑|AI|ai|智能)(?:聊|说|讲|谈)"
    ),
    re.compile(
        r"(?:给我|帮我)?(?:回|打)(?:个|一个)?(?:电话|话)给我|给我(?:回|打)(?:个|一个)?电话"
        r"|电话联系我|打我电话"
    ),
]
_NOT_HANDOFF = re.compile(
    r"[\d一二两三四五六七八九十] ?个 ?人|你(?:是|到底是)(?:不是)?|态度|投诉|举报|骂|说我|不给|是真人|还是(?:机器|真人"
    r"|人工|电脑)|工作人员(?:说|讲|不|态度|告诉|要求|收|骂)|机器人(?:吗|还是)"
)


@dataclass(frozen=True)
class CrisisHit:
    """Danger found at [start, end) of the clean text."""

    kind: str
    start: int
    end: int


def find_crisis(text: str, lexicon: Lexicon | None = None) -> CrisisHit | None:
    """The first pattern that speaks of present danger, or None."""
    patterns = (lexicon or default_lexicon()).danger
    for kind in KINDS:
        for match in patterns[kind].finditer(text):
            start, end = match.span()
            if end > start and not _is_figure(text, kind, start, end, patterns["figurative"]):
                return CrisisHit(kind, start, end)
    return None


def _is_figure(text: str, kind: str, start: int, end: int, figurative: re.Pattern[str]) -> bool:
    if any(m.start() <= start and end <= m.end() + 1 for m in figurative.finditer(text)):
        return True
    if kind == "self_harm" and _CLOSED.search(text):
        return True
    if FICTION.search(text) and not _OWN.search(text):
        return True
    if kind == "fire" and _UNHURT.search(text):
        return True
    if _STRONG.search(text[max(0, start - 2) : end + 12]):
        return bool(RULE_TALK.search(text) and PAST.search(text))
    clause_start = max((text.rfind(mark, 0, start) for mark in ",。;!?"), default=-1) + 1
    if PAST.search(text[clause_start : end + 4]) or PAST.search(
        text[max(0, clause_start - 12) : clause_start]
    ):
        return True
    return bool(RULE_TALK.search(text)) and kind in {
        "violence",
        "child",
        "fire",
        "no_food",
        "homeless",
        "medical",
    }


def is_harmless(text: str) -> bool:
    """Do the words themselves say that nobody is in danger now? 家里还有米, 120来了."""
    return bool(_HARMLESS.search(text)) and not _ACUTE.search(text)


def wants_person(text: str) -> tuple[int, int] | None:
    """Span of a direct request for a human being, or None."""
    if _NOT_HANDOFF.search(text):
        return None
    for pattern in _HANDOFF:
        match = pattern.search(text)
        if match:
            return match.span()
    return None

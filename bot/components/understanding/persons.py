"""Who a clause speaks of: the resident, a relative, somebody else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import Hit, Lexicon

SELF, NOBODY = "self", ""
_CLAUSE_END = re.compile(r"[,。;!?\n ]")
_SELF = re.compile(r"(?:我|俺|本人|咱)(?!们村|村|县|镇|乡|国|省|市|区)")
# Kinship characters inside other words.
_NOT_KIN = re.compile(
    r"美姑|姑娘|新娘|娘家|奶粉|牛奶|喂奶|吃奶|奶茶|老爷车|爷们|哥们|姐们|妈呀|(?<![我俺咱他她爸老阿])妈的"
    r"|弟子|兄弟单位|姨妈巾"
    r"|[爷娘](?:俩|仨|[二两三四]个|几个)|(?<!俺)大爷|孩子气|娃娃鱼|娃哈哈|大姐|小妹|仔细|崽卖|(?:快递|外卖|保安)小哥|帅哥|(?:我们|咱们?|俺们?|阮)(?:这)?(?:两个|俩)老的?|大哥|娘子|师父|妈妈桑|儿童|姑爷爷|公公正正|老人家好|楼上楼下|师傅"
    r"|同学录|男人婆|媳妇熬|(?<!我)(?:单亲|单身|离异|全职|未婚)(?:妈妈?|母亲|爸爸?|父亲)"
)


#: 我还在读高中: a child speaks, whoever's years are told.
PUPIL = re.compile(
    r"(?:我|俺|阮)(?:自己|今年|现在|目前|还|也|才|都|正)*在?[读上念](?:着|的是?)?"
    r"(?:小学|初中|高中|中学|职高|中专|中职|技校|初[一二三]|高[一二三]|[一二三四五六七八九]年级)"
)
# 带个女儿, 靠我妈: the relative is the object, the clause still speaks of whoever acts.
OBJECT = re.compile(
    r"(?:带|养|供|拉扯|照顾|伺候|陪|靠|跟|和|给|替|帮|同|把|照看|抚养|有|加|算|连|包括)(?:着|大"
    r"|了|上)?(?:一?个|我|俩|两个|[一二三四]个)?$"
)


# 门卫大叔, 卖红薯的大娘: how anybody older is addressed, unless it is 我大叔.
_ADDRESS = frozenset(
    [
        "大叔",
        "大婶",
        "大娘",
        "大伯",
        "阿姨",
        "老爷爷",
        "爷爷",
        "奶奶",
        "婆婆",
        "阿婆",
        "阿公",
        "婶子",
        "大爹",
        "老头儿",
        "老头",
        "兄弟",
        "老汉",
        "大姨",
        "大嫂",
        "阿叔",
        "阿伯",
        "阿婶",
        "小弟",
        "小妹",
        "老弟",
        "老哥",
        "叔叔",
    ]
)
_OF_SPEAKER = re.compile(
    r"(?:我|俺|咱|阮|他|她|你|亲|^|[,。;!?、 ]|和|跟|同|与|带着?|养|靠|有|给|替|帮|陪|照顾|是|(?:加|带|有|和|跟|养|靠)(?:着|上|了)?一?个|剩下?|、)(?:们)?(?:家|屋头|的|里)?$"
)


# Death told right after a person; of 没了 and 走了 only the forms that cannot mean anything else.
_DEAD = (
    r"(?:死(?!活|命|党|心)|去世|过世|病逝|逝世|病故|亡故|身亡|工亡|故去|离世|辞世|过身|遇难|牺牲|淹死|不在(?:了|人世|世)"
    r"|走得早|去得早|没得早|早[走没逝亡]|没的(?=$|[,。;!? ])|没得了|没[了咯](?=$|[,。;!? ]|[一二三四五六七八九十几两半好\d]|以后|之后|后|的)"
    r"|走[了咯](?=$|[,。;!? ]|[一二三四五六七八九十几两半好\d]+多?(?:年|个月|天|个多月))|走(?:的|好几年|[一二三四五六七八九十几两\d]+年))"
)
_TILL_DEATH = re.compile(rf"[^,。;!?我俺腿脚手眼耳钱房屋田地工作]{{0,10}}?{_DEAD}")
# 我弟家的孩子 is a nephew: the relation of A's B to the speaker.
_YOUNG_MALE, _YOUNG_FEMALE = ("儿子", "孩子"), ("女儿",)
_CHAIN: dict[tuple[str, str], str] = {
    ("父亲", "哥哥"): "伯伯",
    ("父亲", "弟弟"): "叔叔",
    ("父亲", "姐姐"): "姑姑",
    ("父亲", "妹妹"): "姑姑",
    ("父亲", "父亲"): "爷爷",
    ("父亲", "母亲"): "奶奶",
    ("母亲", "哥哥"): "舅舅",
    ("母亲", "弟弟"): "舅舅",
    ("母亲", "姐姐"): "姨妈",
    ("母亲", "妹妹"): "姨妈",
    ("母亲", "父亲"): "外公",
    ("母亲", "母亲"): "外婆",
    ("丈夫", "父亲"): "公公",
    ("丈夫", "母亲"): "婆婆",
    ("丈夫", "父母"): "公婆",
    ("丈夫", "弟弟"): "小叔子",
    ("丈夫", "哥哥"): "大伯子",
    ("丈夫", "妹妹"): "小姑子",
    ("妻子", "父亲"): "岳父",
    ("妻子", "母亲"): "岳母",
    ("妻子", "父母"): "岳父母",
    ("妻子", "弟弟"): "小舅子",
    ("妻子", "妹妹"): "小姨子",
    ("哥哥", "妻子"): "嫂子",
    ("弟弟", "妻子"): "弟媳",
    ("姐姐", "丈夫"): "姐夫",
    ("妹妹", "丈夫"): "妹夫",
    ("儿子", "妻子"): "儿媳",
    ("女儿", "丈夫"): "女婿",
    ("舅舅", "妻子"): "舅妈",
    ("叔叔", "妻子"): "婶婶",
}
for _owners, _boy, _girl in (
    (("哥哥", "弟弟", "嫂子", "弟媳", "哥嫂", "大伯子", "小叔子"), "侄子", "侄女"),
    (("姐姐", "妹妹", "姐夫", "妹夫", "小姑子"), "外甥", "外甥女"),
    (("儿子", "儿媳"), "孙子", "孙女"),
    (("女儿", "女婿"), "外孙", "外孙女"),
):
    for _owner in _owners:
        _CHAIN |= {(_owner, child): _boy for child in _YOUNG_MALE}
        _CHAIN |= {(_owner, child): _girl for child in _YOUNG_FEMALE}
_JOINT = re.compile(r"(?:家里?的?|的|他|她|屋里的?)(?:那个|这个|小)?")
#: Husband and wife as two words, and the word for both.
COUPLES = {
    ("父亲", "母亲"): "父母",
    ("继父", "母亲"): "父母",
    ("爷爷", "奶奶"): "爷爷奶奶",
    ("外公", "外婆"): "外公外婆",
    ("公公", "婆婆"): "公婆",
    ("岳父", "岳母"): "岳父母",
    ("哥哥", "嫂子"): "哥嫂",
    ("叔叔", "婶婶"): "叔婶",
    ("舅舅", "舅妈"): "舅舅舅妈",
}
_MARRIED_TO = [
    *COUPLES,
    ("伯伯", "伯母"),
    ("姑父", "姑姑"),
    ("姑父", "姑妈"),
    ("姨父", "姨妈"),
    ("弟弟", "弟媳"),
    ("姐夫", "姐姐"),
    ("妹夫", "妹妹"),
    ("儿子", "儿媳"),
    ("女婿", "女儿"),
    ("堂弟", "弟媳"),
    ("表弟", "弟媳"),
    ("堂哥", "嫂子"),
    ("表哥", "嫂子"),
]
SEVERAL = frozenset(COUPLES.values())


# 您好我想咨询一下: who speaks first is not whom it is about.
OPENING = re.compile(
    r"(?:您好|你好)?(?:我|俺)?(?:来|就|是)?(?:想|要|跟你|和你|给你)?(?:请教|咨询|[问纹]|反映|讲|说|求助|打听)(?:一?下|哈|句|个事|问题|哦)*,?"
)


# 跟着我们长大: whoever was spoken of before, not the speaker.
_BESIDE = re.compile(r"(?:跟着|随着?|(?:^|现在|平时|一直|就|也|都|常年)跟|[住放丢养]在)$")


@dataclass(frozen=True)
class Kin:
    """A kinship word: `relation` is the standard word, `kind` its group."""

    start: int
    end: int
    word: str
    relation: str
    kind: str


@dataclass(frozen=True)
class Clause:
    """A stretch between punctuation marks and its `subject`: self, a relation or nobody."""

    start: int
    end: int
    text: str
    subject: str
    kind: str


def gone(text: str, person: Kin, kin: list[Kin]) -> bool:
    """Whether this relative is told to have died, before the next one is named."""
    end = min((k.start for k in kin if k.start >= person.end), default=len(text))
    dead = _TILL_DEATH.match(text, person.end)
    return bool(dead and dead.end() <= end)


def spouses(relation: str) -> frozenset[str]:
    """The relatives that are married to this one: 姑父 to 姑姑."""
    pairs = [p for p in _MARRIED_TO if relation in p]
    return frozenset(other for pair in pairs for other in pair if other != relation)


def _words(text: str, lexicon: Lexicon) -> list[Hit]:
    """Longest matches; of 俺大哥 the brother, not 俺大 and what is left."""
    hits = []
    for hit in lexicon.kin_words.find(text):
        if hits and hit.start < hits[-1].end:
            continue
        if hit.word[0] in "我俺" and len(hit.word) > 1:
            inner = next(iter(lexicon.kin_words.find(text[hit.start + 1 : hit.end + 3])), None)
            if inner and inner.start == 0 and hit.start + 1 + inner.end > hit.end:
                hit = Hit(hit.start + 1, hit.start + 1 + inner.end, inner.word)
        hits.append(hit)
    return hits


def _chained(text: str, kin: list[Kin], lexicon: Lexicon) -> list[Kin]:
    """我弟家的孩子 as one person, the nephew; 娃他舅 as the uncle."""
    kinds = dict(lexicon.kin.values())
    out: list[Kin] = []
    for person in kin:
        owner = out[-1] if out else None
        between = text[owner.end : person.start] if owner else ""
        joined = bool(_JOINT.fullmatch(between)) or (not between and person.word[0] in "他她")
        if owner and joined:
            relation = _CHAIN.get((owner.relation, person.relation))
            if owner.kind == "child" and person.kind in {"relative", "grandparent"}:
                relation = person.relation
            if relation:
                word = text[owner.start : person.end]
                out[-1] = Kin(owner.start, person.end, word, relation, kinds[relation])
                continue
        out.append(person)
    return out


_OLD_MYSELF = frozenset({"老汉", "老汉儿", "老头", "老头子", "老太婆", "老婆子", "老婆婆", "老太"})
_I_AM = re.compile(r"(?:我|俺)就?是(?:他|她|老人家?|孩子|患者|病人|本人)(?:们|家)?的?$")
_ME = re.compile(r"我(?!们|家|屋|爸|妈|爹|娘|的|和|跟)")


def find_kin(text: str, lexicon: Lexicon) -> list[Kin]:
    """Kinship words of the clean text."""
    blocked = [m.span() for m in _NOT_KIN.finditer(text)]
    out = []
    for hit in _words(text, lexicon):
        if hit.word in _ADDRESS and not _OF_SPEAKER.search(text[: hit.start]):
            continue
        if any(a <= hit.start and hit.end <= b and hit.end - hit.start < b - a for a, b in blocked):
            continue
        if re.match(r"(?:们)?[,]?[你您]们?好", text[hit.end :]):
            continue  # 大姐你好 greets
        if lexicon.kin[hit.word][1] != "other" and _I_AM.search(text[: hit.start]):
            continue  # 我是她孙女 tells who is speaking
        if hit.word in _OLD_MYSELF and _ME.match(text, hit.end):
            continue  # 老汉我种地的 speaks of himself
        relation, kind = lexicon.kin[hit.word]
        out.append(Kin(hit.start, hit.end, hit.word, relation, kind))
    if any(k.kind in {"parent", "grandparent"} and k.word != "老人家" for k in out):
        out = [k for k in out if k.word != "老人家"]  # one word more for the same person
    return _chained(text, out, lexicon)


_PRONOUN = re.compile(
    r"(?:那|然后|现在|但|可|就|这个)*(?:就?剩)?(?:他|她|佢|伊)(?!们|爸|妈|爹|娘|的|家)"
)


def split_clauses(text: str, kin: list[Kin]) -> list[Clause]:
    """Clauses with their subject; one without its own takes that of the clause before."""
    clauses: list[Clause] = []
    start, subject, kind = 0, NOBODY, ""
    topic: tuple[str, str] | None = None  # the first living relative spoken of
    edges = [m.start() for m in _CLAUSE_END.finditer(text)] + [len(text)]
    for edge in edges:
        if edge <= start:
            start = edge + 1
            continue
        piece = text[start:edge]
        opening = OPENING.match(piece)
        own = _SELF.search(piece, opening.end() if opening else 0)
        first = next((k for k in kin if start <= k.start < edge), None)
        if (
            own
            and _BESIDE.search(piece[: own.start()])
            and not any(k.start - start <= own.end() + 2 for k in kin if start <= k.start < edge)
        ):
            own = None
        if first and OBJECT.search(piece[: first.start - start]):
            first = None
        if first and (own is None or first.start <= start + own.end() + 2):
            # 我爸, 我家老大, 我那个堂弟: the relative is meant; 我一个人带娃: the speaker.
            joined = first.start - start - (own.end() if own else 0)
            if (
                own is None
                or joined <= 1
                or piece[own.end() : first.start - start]
                in {
                    "家",
                    "的",
                    "那个",
                    "屋头",
                    "家里",
                    "们家",
                    "这个",
                    "家的",
                    "娘家",
                }
            ):
                subject, kind = first.relation, first.kind
            else:
                subject, kind = SELF, "self"
        elif own:
            subject, kind = SELF, "self"
        elif topic and _PRONOUN.match(piece):
            subject, kind = topic
        named = (subject, kind)
        if first and subject == first.relation:
            if not gone(text, first, kin):
                topic = topic or named
            elif clauses and clauses[-1].subject:
                # 守寡二十年,儿子也没了,今年六十九: the dead are not who it goes on about.
                subject, kind = clauses[-1].subject, clauses[-1].kind
        clauses.append(Clause(start, edge, piece, *named))
        start = edge + 1
    return clauses

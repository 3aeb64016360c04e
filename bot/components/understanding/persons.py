"""Who a clause speaks of: the resident, a relative, somebody else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import Lexicon

SELF, NOBODY = "self", ""
_CLAUSE_END = re.compile(r"[,。;!?\n ]")
_SELF = re.compile(r"(?:我|俺|本人|咱)(?!们村|村|县|镇|乡|国|省|市|区)")
# Kinship characters inside other words.
_NOT_KIN = re.compile(
    r"姑娘|新娘|娘家|奶粉|牛奶|喂奶|吃奶|奶茶|老爷车|爷们|哥们|姐们|妈呀|妈的"
    r"|他妈的|弟子|兄弟单位|姨妈巾"
    r"|孩子气|娃娃鱼|娃哈哈|大姐|小妹|仔细|崽卖|(?:快递|外卖|保安)小哥|帅哥|(?:我们|咱们?|俺们?|阮)(?:这)?(?:两个|俩)老的?|大哥|娘子|师父|妈妈桑|儿童|姑爷爷|公公正正|老人家好|楼上楼下|师傅"
    r"|同学录|男人婆|媳妇熬"
)


# 带个女儿, 靠我妈: the relative is the object, the clause still speaks of whoever acts.
OBJECT = re.compile(
    r"(?:带|养|供|拉扯|照顾|伺候|陪|靠|跟|和|给|替|帮|同|把|照看|抚养|有)(?:着|大"
    r"|了)?(?:一?个|我|俩|两个|[一二三四]个)?$"
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
    r"(?:我|俺|咱|阮|他|她|你|亲|^|[,。;!?、 ]|和|跟|同|与|带着?|养|靠|有|给|替|帮|陪|照顾|是|(?:加|带|有|和|跟|养|靠)(?:着|上|了)?一?个)(?:们)?(?:家|屋头|的|里)?$"
)


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


def find_kin(text: str, lexicon: Lexicon) -> list[Kin]:
    """Kinship words of the clean text."""
    blocked = [m.span() for m in _NOT_KIN.finditer(text)]
    out = []
    for hit in lexicon.kin_words.find(text):
        if hit.word in _ADDRESS and not _OF_SPEAKER.search(text[: hit.start]):
            continue
        if any(a <= hit.start and hit.end <= b and hit.end - hit.start < b - a for a, b in blocked):
            continue
        relation, kind = lexicon.kin[hit.word]
        out.append(Kin(hit.start, hit.end, hit.word, relation, kind))
    return out


def split_clauses(text: str, kin: list[Kin]) -> list[Clause]:
    """Clauses with their subject; one without its own takes that of the clause before."""
    clauses: list[Clause] = []
    start, subject, kind = 0, NOBODY, ""
    edges = [m.start() for m in _CLAUSE_END.finditer(text)] + [len(text)]
    for edge in edges:
        if edge <= start:
            start = edge + 1
            continue
        piece = text[start:edge]
        own = _SELF.search(piece)
        first = next((k for k in kin if start <= k.start < edge), None)
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
                }
            ):
                subject, kind = first.relation, first.kind
            else:
                subject, kind = SELF, "self"
        elif own:
            subject, kind = SELF, "self"
        clauses.append(Clause(start, edge, piece, subject, kind))
        start = edge + 1
    return clauses

"""What a random resident does next, from where the talk stands. All choices come from the seed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from actions.asked import OPEN, QUESTIONS, Question
from devtools.paths import ROOT

#: How a resident is, as weights of kinds of turns: `answer` is to what was asked.
TEMPERS: dict[str, dict[str, int]] = {
    "willing": {"answer": 70, "press": 10, "several": 5, "tells": 5, "questions": 5, "submits": 5},
    "talker": {
        "answer": 25, "several": 15, "tells": 20, "corrects": 10, "contradicts": 10,
        "questions": 10, "anything": 10,
    },
    "lost": {"unknown": 60, "refuses": 10, "answer": 15, "press": 10, "questions": 5},
    "presser": {"press": 55, "digit": 25, "answer": 15, "unknown": 5},
    "changeable": {
        "answer": 35, "press": 10, "corrects": 10, "withdraws": 8, "updates": 7, "status": 10,
        "yes": 8, "no": 6, "reports": 4, "opening": 4, "wait": 5,
    },
    "afraid": {"danger": 12, "answer": 30, "talks": 10, "tells": 12, "person": 8, "no": 8,
               "unknown": 8, "place": 8, "press": 4},
    "odd": {
        "gibberish": 12, "languages": 10, "answer": 20, "anything": 18, "yes": 6, "no": 6,
        "digit": 6, "talks": 8, "repeat": 5, "wait": 3, "person": 3, "other": 8,
    },
    "neighbour": {"reports": 10, "answer": 50, "story": 8, "submits": 8, "press": 12, "tells": 6,
                  "status": 6, "opening": 4},
}  # fmt: skip
#: Turns that any resident may take once in a while.
_ANY = {
    "anything": 3, "questions": 3, "person": 2, "talks": 2, "repeat": 2, "wait": 2, "other": 3,
    "danger": 1, "gibberish": 1, "languages": 1, "status": 2, "withdraws": 1, "phone": 1, "name": 1,
}  # fmt: skip
_STEPS: dict[str, tuple[str, ...]] = {
    "consent": ("同意", "都同意", "只同意第一项", "好的"),
    "review": ("都对，提交", "就这些，交", "对", "改一下电话", "先不交"),
    "offer_declare": ("好，帮我登记", "要", "先不用", "再想想"),
    "offer_person": ("不用，接着说", "好"),
    "receipt": ("没有", "WZ123456789012", "找不到了"),
    "phone_tail": ("1234", "不记得", "尾号5678"),
    "which_case": ("第一份", "我妈的那份", "都行"),
    "confirm_withdraw": ("确定撤回", "不撤了", "对，撤", "再想想"),
    "update_text": ("又住院了，花了两万", "我换了电话，{phone}", "没什么"),
    "difficulty": ("看病花钱多", "日子过不下去", "别的", "孩子上学"),
    "situation": ("他瘫在床上没人做饭", "家里就他一个人，八十多了"),
    "whereabouts": ("三组，桥头第二家", "3栋502"),
    "safe_now": ("现在安全", "不安全，他还在打"),
}  # fmt: skip
_BY_KIND: dict[str, tuple[str, ...]] = {
    "money": ("八百", "一千二百块", "两万", "没有", "2000", "不到一千", "五百到六百"),
    "people": ("三口", "2个", "四个人", "一个"),
    "age": ("六十二岁", "九岁", "45"),
    "yesno": ("有", "没有", "是的", "不是"),
    "place": ("重庆市忠县拔山镇", "忠县", "天津市南开区", "福建宁德", "重庆"),
    "name": ("王桂兰", "我叫张建国", "不想说"),
    "phone": ("{phone}", "没有手机", "电话{phone}"),
    "kin": ("邻居", "我妈", "我叔叔"),
    "text": ("高血压", "尿毒症", "没有病"),
}

_INTENT, _SENTENCE = re.compile(r"- intent: (\w+)"), re.compile(r" {4}- (.*\S)")


@dataclass(frozen=True)
class Move:
    """One turn of a resident. `text` is typed; for `press` it is the title of the button.

    `days` pass before it, `facts` are told by it beyond doubt, `label` is what a sentence of the
    training data is there for.
    """

    kind: str
    text: str = ""
    days: int = 0
    facts: tuple[tuple[str, Any], ...] = ()
    label: str = ""

    def __str__(self) -> str:
        waited = f"（{self.days}天以后）" if self.days else ""
        return f"{waited}【{self.text}】" if self.kind == "press" else f"{waited}{self.text}"


@dataclass(frozen=True)
class Table:
    """What lies before the resident: the open question, the buttons, their own phone."""

    asking: str | None
    titles: tuple[str, ...]
    phone: str


@cache
def phrases() -> dict[str, list[Any]]:
    """`phrases.yml`."""
    text = Path(__file__).with_name("phrases.yml").read_text("utf-8")
    return dict(YAML(typ="safe", pure=True).load(text))


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """Every sentence of the training data with its intent: what people say, in all dialects."""
    found, intent = [], ""
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for line in path.read_text("utf-8").splitlines():  # as YAML it takes seconds
            if named := _INTENT.match(line):
                intent = named[1]
            elif said := _SENTENCE.match(line):
                found.append((said[1], intent))
    return tuple(found)


@cache
def plain_yes() -> frozenset[str]:
    """Everything that a person would read as a yes to 都同意吗 or to sending the card."""
    known = (*phrases()["yes"], *phrases()["submits"], *_STEPS["consent"], *_STEPS["review"][:3])
    return frozenset(known) | {text for text, intent in sentences() if intent == "affirm"}


def first(chance: random.Random) -> Move:
    """How a talk begins."""
    kind = chance.choice(("opening", "opening", "opening", "several", "anything", "reports"))
    return _make(kind, Table(None, (), ""), chance)


def next_move(temper: str, table: Table, chance: random.Random) -> Move:
    """What this resident does now."""
    weights = dict(_ANY)
    for kind, weight in TEMPERS[temper].items():
        weights[kind] = weights.get(kind, 0) + weight
    kind = chance.choices(list(weights), list(weights.values()))[0]
    return _make(kind, table, chance)


def _make(kind: str, table: Table, chance: random.Random) -> Move:
    if kind == "press":
        if table.titles:
            return Move("press", chance.choice(table.titles))
        kind = "answer"
    if kind == "answer":
        return Move("answer", _filled(_right(table, chance), table))
    if kind == "other":  # the answer to a question that was not asked
        key = chance.choice(sorted(QUESTIONS))
        return Move("other", _filled(chance.choice(_answers(QUESTIONS[key])), table))
    if kind == "anything":
        text, label = chance.choice(sentences())
        return Move("anything", text, label=label)
    if kind == "wait":
        days = chance.choice((1, 3, 7, 8, 40))
        return Move("wait", chance.choice(("你好", "在吗", "接着说", "查进度")), days=days)
    if kind == "repeat":
        return Move("repeat")
    said = chance.choice(phrases()[kind])
    if isinstance(said, dict):
        return Move(kind, said["say"], facts=tuple(said["facts"].items()))
    return Move(kind, _filled(str(said), table))


def _right(table: Table, chance: random.Random) -> str:
    """An answer to the open question; with none open, a wish."""
    if table.asking is None:
        return str(chance.choice(phrases()["opening"]))
    if table.asking in _STEPS:
        return chance.choice(_STEPS[table.asking])
    return chance.choice(_answers(QUESTIONS[table.asking]))


def _answers(question: Question) -> tuple[str, ...]:
    words = tuple(word for word in question.words if not word.isascii())
    plain = () if question.kind == "choice" else _BY_KIND[question.kind]
    none = () if question.no is OPEN else ("没有",)
    return (*words, *plain, *none) or ("有",)


def _filled(text: str, table: Table) -> str:
    return text.replace("{phone}", table.phone)

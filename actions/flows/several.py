"""我妈能不能办低保，我爸二级残疾能领多少护理补贴: one message, two programmes, a question for each.

The language model hears one label and a list of programmes; which belongs to which stands in the
clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from actions import reading
from actions.flows import questions
from actions.turn import Turn
from knowledge import library

_CLAUSE = re.compile(r"[，,。；;？?！!\n]+|(?:另外|还有|顺便|再)(?=问|我|俺)")
#: 能不能办, 有没有: whether it is to be had at all.
_WHETHER = re.compile(
    r"能不能|可不可以|够不够|能.{0,6}(?:吗|不|么)$|可以.{0,6}(?:吗|不|么)$|有没有资格"
)
#: So many named at once are asked about together.
_MANY = 3
_NO_PROGRAMME = frozenset({questions.GENERAL, "general"})


@dataclass(frozen=True)
class Asked:
    """One question of the message: its type, what it is about, its own words."""

    label: str
    programme: str
    words: str


def asked(text: str) -> list[Asked]:
    """The questions, where there are several and about different programmes; else []."""
    found: list[Asked] = []
    for clause in _CLAUSE.split(text):
        programme = _programme(clause)
        labels = reading.asked_in(clause)
        if not labels and _WHETHER.search(clause):
            labels = ["ask_eligibility_conditions"]
        if programme and labels and all(one.programme != programme for one in found):
            found.append(Asked(labels[0], programme, clause))
    return found if len(found) > 1 else _together(text)


def _together(text: str) -> list[Asked]:
    """临时救助，助学金，孤儿的钱，这三个能一起领吗: of each, what it goes together with."""
    named = _named(text)
    if len(named) < _MANY or not reading.pattern("all_at_once").search(text):
        return []
    return [Asked("ask_other_benefits", programme, "") for programme in named[:_MANY]]


def tell(turn: Turn) -> bool:
    """Answer each for its own programme. True when there were several."""
    heard = turn.heard
    if heard.chosen or heard.intent in {"crisis_emergency", "human_handoff"}:
        return False
    several = asked(heard.text)
    busy = set(turn.state.flow) - {questions.TOPIC}
    if not several or busy - ({"screening"} if heard.intent.startswith("ask_") else set()):
        return False
    turn.say("utter_answer_several", count=len(several))
    for one in several:
        questions.tell(turn, [one.label], one.programme, one.words, waits=one is several[-1])
    if not busy:
        turn.state.programmes = [one.programme for one in several]
    return True


def remember(turn: Turn) -> None:
    """护理补贴和低保能不能一起拿: what is named together, for a later 两个都帮我申请."""
    named = [] if turn.heard.chosen else _named(turn.heard.text)
    if len(named) > 1:
        turn.state.together = named


def both(turn: Turn) -> list[str]:
    """The programmes that 两个都 means; none where it is not said."""
    return list(turn.state.together) if all_of_them(turn) else []


def all_of_them(turn: Turn) -> bool:
    """都申请嘛, 两个都要."""
    said = not turn.heard.chosen and reading.pattern("both_of_them").search(turn.heard.text)
    return bool(said)


def _programme(clause: str) -> str | None:
    """The programme these words name first."""
    return next(iter(_named(clause)), None)


def mentions(text: str) -> list[tuple[str, str]]:
    """Programmes named, in the order of the words, each with what stands before it.

    低保边缘 is not 低保.
    """
    found: dict[str, int] = {}
    masked = text
    for name, code in _names():
        if (at := masked.find(name)) >= 0:
            found.setdefault(code, at)
            masked = masked.replace(name, "□" * len(name))
    return [(code, text[: found[code]]) for code in sorted(found, key=lambda code: found[code])]


def _named(text: str) -> list[str]:
    return [code for code, _ in mentions(text)]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Every name of a programme with its code, the longest first."""
    every = [
        (name, code)
        for code, known in library.programmes().items()
        if code not in _NO_PROGRAMME
        for name in (known.name, *known.aliases)
    ]
    return tuple(sorted(every, key=lambda pair: -len(pair[0])))

"""What else may help: further programmes for circumstances that were told, named after a screening.

Nobody is asked anything for it. A programme is named when something said is its subject and nothing
known speaks against it; looking at it is the resident's choice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.flows import further
from actions.state import State
from actions.turn import Button, Turn
from rules.programmes import CODES
from rules.screening import screen

MOST = 2
_OLD, _GROWN = 60, 18
_OF_GROWN_UPS = ("大学", "大专", "研究生", ["大学"], ["大专"])
#: Naming it is no verdict; the line itself is the place's own.
_MUCH = 0.5
_POORLY_HOUSED = frozenset(("危房", "无房", "租房"))
_HELPLESS = frozenset(("不能自理", "部分不能自理"))


def _least(value: Any) -> float:
    """The lowest a told figure can be; 0 when nothing was told."""
    if isinstance(value, dict):
        value = value.get("low")
    return float(value) if isinstance(value, int | float) else 0.0


def _alone_and_old(state: State) -> bool:
    alone = state.value("living_alone") is True or state.value("no_children") is True
    return alone and _least(state.value("age")) >= _OLD


def _disabled(state: State) -> bool:
    return state.value("disability_level") not in (None, "无", [])


def _spent_much(state: State) -> bool:
    """What was paid for treatment and school takes half of a year's income or more."""
    spent = _least(state.value("medical_expense_self")) + _least(state.value("tuition"))
    earned = _least(state.value("monthly_income_total")) * 12
    return spent > 0 and earned > 0 and spent >= earned * _MUCH


def _young(state: State) -> bool:
    """Nothing told speaks of a grown-up: neither an age nor a school that children do not go to."""
    age, stage = state.value("age"), state.value("student_stage")
    return (age is None or _least(age) < _GROWN) and stage not in _OF_GROWN_UPS


#: What was told that makes a further programme worth naming, the most basic need first.
SIGNS: dict[str, Callable[[State], bool]] = {
    "tekun": _alone_and_old,
    "shouzai": lambda s: bool(s.value("disaster")) or s.value("shock") == "disaster",
    "canji_butie": _disabled,
    "fuwu": lambda s: s.value("self_care") in _HELPLESS or s.value("bedridden") is True,
    "gangxing_zhichu": lambda s: _spent_much(s),
    "jiaoyu": lambda s: (
        s.value("student_stage") not in (None, "无", []) or _least(s.value("tuition")) > 0
    ),
    "zhufang": lambda s: s.value("housing") in _POORLY_HOUSED,
    "jiuye": lambda s: s.value("lost_job") is True or s.value("shock") == "job_loss",
    "gu_er_ertong": lambda s: bool(s.value("parents_status") or s.value("orphan")) and _young(s),
    "falv": lambda s: bool(s.value("legal_matter")),
    "binzang": lambda s: s.value("death_in_family") is True,
    "fangfanpin": lambda s: s.value("lifted_out") is True,
}


def worth_naming(turn: Turn) -> list[str]:
    """The programmes, at most `MOST`; none that is received, talked about or unlikely."""
    state = turn.state
    received = state.value("receiving") or []
    found = [
        code
        for code, sign in SIGNS.items()
        if code not in state.programmes and code not in received and sign(state)
    ]
    if not found:
        return []
    result = screen(
        state.stated(), state.region, turn.today, further.declined(state), focus=(*CODES, *found)
    )
    hopeful = {card.program for card in result.verdicts if card.outcome != "unlikely"}
    return [code for code in found if code in hopeful][:MOST]


def offer(turn: Turn) -> bool:
    """Name them, and offer to look at them or to declare; False when there is nothing to name."""
    codes = worth_naming(turn)
    if not codes:
        return False
    words = turn.words
    turn.say("utter_also_worth", programmes=words.programmes(codes))
    looks = [
        Button(
            words.part("look_at", programme=words.code(code)),
            f'/start_screening{{"program":"{code}"}}',
        )
        for code in codes
    ]
    turn.say(
        "utter_offer_declare_also",
        buttons=[
            Button(words.part("declare_now"), '/inform_facts{"choice":"declare"}'),
            *looks,
            Button(words.part("not_now"), '/inform_facts{"choice":"done"}'),
            Button(f"00 {words.part('person_button')}", "/human_handoff"),
        ],
    )
    return True

"""Programmes beyond the first screening: looked at when somebody asks for them, and only those.

Which question leads is written down here, because it is a matter of tact as much as of rules: what
the resident came for first, the parents' fate only for a child whose parents are the point, money
last and only while it can still change something.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from actions import reading
from actions.absorb import evidence
from actions.state import State
from actions.turn import Turn
from rules.circumstances import further_person
from rules.facts import SCHEMA
from rules.next_question import next_question
from rules.programmes import ALL_CODES, CODES
from rules.screening import screen
from rules.verdict import Screening, Verdict

#: After so many questions the rest is for a person; the place counts too.
PATIENCE = 7
#: The leading questions of a programme, in the order a person would ask them.
LEADING: dict[str, tuple[str, ...]] = {
    "tekun": ("age", "disability_level", "disability_type", "supporter"),
    "canji_butie": ("disability_level", "receiving"),
    "jiaoyu": ("student_stage", "receiving", "disability_level"),
    "gu_er_ertong": (
        "age", "father_state", "father_months", "mother_state", "mother_months", "receiving",
        "disability_level", "disability_type", "autism",
    ),
    "shouzai": ("disaster_effect",),
    "falv": ("legal_matter", "migrant_worker", "receiving"),
    "qunuan": ("heating_difficult",),
    "zhufang": ("hukou", "housing", "house_grade", "receiving"),
    "liulang": ("stranded",),
    "gangxing_zhichu": ("medical_expense_self", "receiving"),
    "fangfanpin": ("hukou", "lifted_out", "shock"),
    "jiuye": ("wants_work", "employed", "work_ability", "age", "receiving"),
    "binzang": ("death_in_family", "receiving"),
    "fuwu": ("self_care", "age", "disability_level", "receiving", "wants_service"),
    "cishan": ("wants_charity", "receiving", "shock", "medical_expense_self"),
}  # fmt: skip
#: Nothing in these depends on where the household lives until it is filed.
_ANYWHERE = frozenset(("liulang", "shouzai", "falv", "binzang", "cishan", "jiuye", "fuwu"))
#: Where the leading questions are all that is asked: the rest is local, or not for a form.
_NO_MORE = frozenset(("gu_er_ertong", "cishan", "fuwu", "fangfanpin", "liangshan_butie", "binzang"))
#: What is the person's own choice: asked last, once there may be something to choose.
CHOICE = {"tekun": "care_form"}
#: What nobody is asked unless they spoke of it: illness, crime, and costs few people have.
_ONLY_WHEN_TOLD = frozenset(
    ("heart_disease", "crime_victim", "compensated", "judicial_aided_before", "rehab_expense",
     "accident_expense", "cataract", "hospital_statement")
)  # fmt: skip
_UNSAFE = ("危房", "自建房")
_COUNTED = ("confined", "lost_contact")
#: When a leading question makes sense at all.
_ONLY_IF: dict[str, Callable[[State], bool]] = {
    "house_grade": lambda s: s.value("housing") in _UNSAFE and s.value("hukou") == "rural",
    "father_months": lambda s: _person(s)["father"] in _COUNTED,
    "mother_months": lambda s: _person(s)["mother"] in _COUNTED,
    "disability_type": lambda s: s.value("disability_level") not in (None, "无"),
    "autism": lambda s: s.value("disability_type") == "精神",
}
#: Said before the card when it concerns somebody in need of it right now.
_HELP_FIRST = {"stranded": "utter_stranded_help", "death_in_family": "utter_condolence"}


def talked(state: State) -> list[str]:
    """Further programmes the talk is about, the latest last."""
    return [code for code in state.programmes if code in ALL_CODES and code not in CODES]


def imply(state: State) -> None:
    """A child told of by what became of its parents is what somebody came for, named or not."""
    if not state.programmes and (state.value("orphan") or state.value("parents_status")):
        state.programmes = ["gu_er_ertong"]


def take_status(turn: Turn) -> None:
    """吃着低保 tells a status, not a wish to hear about 低保; 没有低保 tells that there is none."""
    state, heard = turn.state, turn.heard
    held = heard.value("receiving") is not None
    if state.asking == "receiving" and not heard.chosen and not held:
        if reading.says_no(heard.text):
            state.facts["receiving"] = evidence(turn, "receiving", [])
    elif not held:
        return
    named = set(heard.programmes)
    earlier = [code for code in state.programmes if code not in named]
    if named and talked(state) and earlier and (not held or named <= set(_receiving(state))):
        state.programmes = earlier


def _receiving(state: State) -> list[str]:
    told = state.value("receiving")
    return list(told) if isinstance(told, list) else []


def narrow(state: State) -> bool:
    """Did the resident come for a further programme, so that nothing else is asked?"""
    return bool(state.programmes) and state.programmes[-1] in talked(state)


def declined(state: State) -> frozenset[str]:
    """Facts the rules know that the resident cannot or will not tell."""
    return frozenset(key for key in state.declined if key == "region" or key in SCHEMA)


def run(state: State, on: date) -> Screening:
    """The first screening, and what was talked about besides."""
    codes = talked(state)
    return screen(
        state.stated(), state.region, on, declined(state), focus=(*CODES, *codes) if codes else None
    )


def needs_place(state: State) -> bool:
    """Does the programme asked for depend on where the household lives?"""
    return talked(state)[-1] not in _ANYWHERE


def first(turn: Turn) -> str | None:
    """Danger before law: who names violence at home is asked whether they are safe."""
    state = turn.state
    violent = state.value("legal_matter") == "violence" and "falv" in talked(state)
    return "safe_now" if violent and not state.knows("safe_now") else None


def wanted(turn: Turn, deferred: list[str]) -> str | None:
    """The next question that settles what the resident came for; the latest programme first."""
    for code in reversed(talked(turn.state)):
        if key := _wanted(turn, code, deferred):
            return key
    return None


def _wanted(turn: Turn, code: str, deferred: list[str]) -> str | None:
    state = turn.state
    closed = declined(state) | set(deferred)
    told = state.stated()
    cards = _of(run(state, turn.today), code, state)
    rehab = any(c.kind == "kangfu" and c.outcome == "need_answers" for c in cards)
    settled = any(c.outcome in ("likely", "need_person") for c in cards)
    if code == "gu_er_ertong" and settled and not rehab:
        return None  # the kinds of cover stand in for each other, rehabilitation for none
    missing = {key for card in cards if card.outcome == "need_answers" for key in card.missing}
    for key in LEADING.get(code, ()):
        sensible = _ONLY_IF.get(key)
        if state.knows(key) or key in closed or (sensible and not sensible(state)):
            continue
        if key in missing or (key == "receiving" and missing) or key == "house_grade":
            return key
    if not missing:
        return _choice(state, code, cards, closed)
    if code in _NO_MORE:
        return None
    untold = {key for key in _ONLY_WHEN_TOLD if key not in told}
    if told.get("crime_victim") is True:
        untold -= {"compensated", "judicial_aided_before"}
    return next_question(
        told, state.region, turn.today, frozenset(closed | untold), programmes=[code]
    )


def _choice(
    state: State, code: str, found: list[Verdict], closed: frozenset[str] | set[str]
) -> str | None:
    """The choice still to be made; who receives it already has made it."""
    key = CHOICE.get(code)
    if key is None or state.knows(key) or key in closed or code in _receiving(state):
        return None
    return key if any(card.outcome in ("likely", "need_person") for card in found) else None


def cards(result: Screening, state: State) -> list[Verdict]:
    """What is worth showing of each further programme: one verdict a kind, the best first."""
    found: list[Verdict] = []
    for code in reversed(talked(state)):
        mine = sorted(_of(result, code, state), key=lambda card: _RANK[card.outcome])
        likely = [card for card in mine if card.outcome == "likely"]
        if code == "gu_er_ertong":
            found += (likely or mine)[:1]
        else:
            found += mine
    return found


_RANK = {"likely": 0, "need_person": 1, "need_answers": 2, "unlikely": 3}


def _of(result: Screening, code: str, state: State) -> list[Verdict]:
    """The programme's verdicts that concern what was told, the best of each kind."""
    best: dict[str, Verdict] = {}
    for verdict in result.verdicts:
        if verdict.program != code or not _concerns(verdict, state):
            continue
        known = best.get(verdict.kind)
        if known is None or _RANK[verdict.outcome] < _RANK[known.outcome]:
            best[verdict.kind] = verdict
    return list(best.values())


def _concerns(verdict: Verdict, state: State) -> bool:
    if verdict.program == "falv":
        return verdict.kind != "sifa" or state.value("crime_victim") is True
    if verdict.program != "gu_er_ertong":
        return True
    told = _person(state)
    parents = told["father"] is not None or told["mother"] is not None
    sick = told.get("heart_disease") is True
    special = told.get("autism") is True or state.value("disability_level") not in (None, "无")
    if verdict.kind == "xianxinbing":
        return sick
    if verdict.kind == "kangfu":
        return special and not parents
    return parents or not (special or sick) or verdict.kind == "kunjing"


def _person(state: State) -> dict[str, Any]:
    """The person as the rules read them, whatever words the facts were told in."""
    return further_person(state.stated())


def help_first(turn: Turn) -> None:
    """Numbers for who has no shelter, a word for who has lost somebody."""
    state = turn.state
    for key, response in _HELP_FIRST.items():
        if state.value(key) is True and key not in state.explained:
            state.explained = [*state.explained, key]
            turn.say(response)


def mourn(turn: Turn, told: list[str]) -> None:
    """A death told of is met with a word, before anything is noted."""
    if "death_in_family" not in told:
        return
    if "binzang" in turn.state.programmes:
        help_first(turn)
    elif turn.heard.intent in {"inform_facts", "start_screening"}:
        turn.say("utter_condolence_only")

"""What a talk is about: the programmes named, implied, and taken back."""

from __future__ import annotations

import re
from typing import Any

from actions import reading, told_aside
from actions.flows import several
from actions.turn import Turn

#: Facts each of which is a difficulty of another kind; so many of them are a whole story.
_TROUBLES = frozenset(
    (
        "monthly_income_total", "lost_job", "self_care", "accident", "disease", "housing", "debt",
        "medical_expense", "medical_expense_self", "student_stage", "disability_level",
    )
)  # fmt: skip
_MANY = 4
# 不是低保，我问的是…
_DENIES = re.compile(r"(?:不是|没|不)(?:要|想|在|来)?(?:问|说|讲|申请|办)?的?是?(?:什么|啥子?)?$")


def remember(turn: Turn) -> None:
    """Note what this message is about; a programme only implied does not replace one named."""
    _drop_denied(turn)
    if turn.state.programmes and not turn.heard.names_programme:
        return
    if not turn.heard.names_programme and _tells_a_whole_story(turn):
        return  # a whole story: looked at from all sides, not from the child's schooling alone
    if turn.heard.intent == "inform_facts" and told_aside.says_none(turn.heard.text):
        return  # 没办残疾证, 没得低保: what is lacking is not what was come for
    held = {code for value in turn.heard.values("receiving") for code in _listed(value)}
    tells = turn.heard.intent in {"start_screening", "self_declare", "inform_facts"}
    for heard in turn.heard.programmes:
        code = "linshi" if heard == "shouzai" and _burned_at_home(turn) else heard
        if code in held and (turn.state.programmes or tells):
            continue  # 吃着低保呢 tells what they have
        if turn.heard.names_programme and code not in turn.state.named:
            turn.state.named = [*turn.state.named, code]
        turn.state.programmes = [c for c in turn.state.programmes if c != code] + [code]


def _burned_at_home(turn: Turn) -> bool:
    """A house fire is no natural disaster: 临时救助, 急难型 (国发〔2014〕47号)."""
    burned = "火灾" in turn.heard.values("disaster") and not turn.heard.names_programme
    return burned and not reading.pattern("natural").search(turn.heard.text)


def _tells_a_whole_story(turn: Turn) -> bool:
    told = {entity.get("entity") for entity in turn.heard.entities}
    troubles = _TROUBLES & told
    poor = "monthly_income_total" in troubles and turn.heard.programmes == ["jiuye"]
    return len(troubles) >= (2 if poor else _MANY)


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _drop_denied(turn: Turn) -> None:
    """不是低保，我问的是庄稼: what was taken for the matter is it no longer."""
    text = "" if turn.heard.chosen else turn.heard.text
    denied = {code for code, before in several.mentions(text) if _DENIES.search(before)}
    if denied:
        turn.state.programmes = [code for code in turn.state.programmes if code not in denied]
        turn.state.named = [code for code in turn.state.named if code not in denied]

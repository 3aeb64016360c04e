"""What a declaration is for, where a household's trouble was told and no programme named.

我下岗了，一分钱收入都没有 is heard as trouble with work. What was told besides may put the
household below the 低保 line: then that stands on the card too, to be seen and taken out again.
"""

from __future__ import annotations

from actions.flows import filing, hidden_need, screening
from actions.state import State
from actions.turn import Turn

#: Aid for living; with one of these on the card 低保 is not added.
_LIVING = frozenset(("dibao", "tekun", "dibao_bianyuan"))
#: What a fact is declared for by those who receive already what they seemed to ask about.
_BESIDE_AID = (("student_stage", "jiaoyu"), ("tuition", "jiaoyu"), ("disease", "yiliao"))


def complete(turn: Turn) -> None:
    """Bring the draft in line with what was told; never against what was called by name."""
    state = turn.state
    if state.draft.get("kind") != "declare" or state.draft.get("difficulty_open"):
        return
    _without_what_is_held(state)
    _sudden(state)
    if _below_the_line(turn):
        if not state.draft["programmes"]:
            state.draft.setdefault("needs", filing.told_needs(state))
        state.draft["programmes"] = [*state.draft["programmes"], "dibao"]


def _without_what_is_held(state: State) -> None:
    """我家吃低保的，娃儿考起大学: what the household has is not declared for once more."""
    held, wanted = set(_receiving(state)), state.draft["programmes"]
    if held & set(state.named) or not held or (wanted and not held & set(wanted)):
        return
    told = [code for key, code in _BESIDE_AID if filing.is_hard(key, state.value(key))]
    if left := list(dict.fromkeys([*(code for code in wanted if code not in held), *told])):
        state.draft["programmes"] = left


def _sudden(state: State) -> None:
    """别的急难, and nothing else that says what for: 临时救助 is there for that."""
    draft = state.draft
    if draft["programmes"] or draft.get("needs", ["other"]) != ["other"]:
        return
    if filing.told_needs(state):
        return
    if state.value("shock") not in (None, "none"):
        draft["programmes"] = ["linshi"]
    else:
        draft["programmes"] = hidden_need.fitting([part["text"] for part in state.story])


def _below_the_line(turn: Turn) -> bool:
    """Does the income told lie below the 低保 line, and nothing else speak against it?"""
    state = turn.state
    if state.named or (_LIVING & {*state.draft["programmes"], *_receiving(state)}):
        return False
    return any(
        card.program == "dibao"
        and card.outcome != "unlikely"
        and any(given.code == "dibao_income" and given.met is True for given in card.reasons)
        for card in screening.run(turn).verdicts
    )


def _receiving(state: State) -> list[str]:
    told = state.value("receiving")
    return list(told) if isinstance(told, list) else []

"""五位一体: illness gets the five kinds of aid in their order, and what a stay may bring.

The verdicts and the formula are the rules' own (`rules.medical`). A share is only named to who
holds the status it belongs to.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from actions import reading
from actions.flows import further
from actions.state import State
from actions.turn import Button, Turn
from actions.wording import about
from rules import medical
from rules.facts import yuan
from rules.parameter_values import Parameter

_NUMBERS = "一二三四五"
#: Told with any value but nothing, these are a hardship by illness.
_HARDSHIP = (
    "medical_expense_self", "medical_expense", "medical_expense_monthly", "disease",
    "critical_illness_insured",
)  # fmt: skip
_NOTHING: tuple[Any, ...] = (None, False, 0, "无", [])
#: Programmes of the first screening that the list judges itself.
_LISTED = frozenset(("yiliao", "linshi"))


def asked(turn: Turn) -> bool:
    """看病能帮啥: is it the whole of medical aid that is asked for?"""
    return not turn.heard.chosen and bool(reading.pattern("medical_help").search(turn.heard.text))


def show(turn: Turn, shown: Collection[str] = ()) -> Collection[str]:
    """The list where illness weighs on the household; the programmes it has now said all of.

    `shown` are programmes with a card of their own in this turn: no verdict is said twice.
    """
    if not concerns(turn.state):
        return frozenset()
    _list(turn, shown)
    return _LISTED


def explain(turn: Turn, *, looks: bool = True) -> None:
    """The list for who asks what there is; who was not screened yet is offered that."""
    _list(turn, ())
    if not looks or turn.state.screened or turn.state.flow:
        return
    title = turn.words.part("medical_look_button")
    turn.say(
        "utter_offer_medical_look",
        buttons=[Button(title, '/start_screening{"program":"yiliao"}')],
    )


def concerns(state: State) -> bool:
    """Did somebody tell of illness and its costs, or come for medical aid?"""
    return "yiliao" in state.programmes or any(
        state.value(key) not in _NOTHING for key in _HARDSHIP
    )


def _list(turn: Turn, shown: Collection[str]) -> None:
    state = turn.state
    kinds = medical.five_kinds(state.stated(), state.region, turn.today, further.declined(state))
    lines = [
        _line(turn, number, kind, said=kind.code == "temporary" and "linshi" in shown)
        for number, kind in zip(_NUMBERS, kinds, strict=True)
    ]
    turn.say("utter_medical_kinds", kinds="\n".join(lines))
    _estimate(turn)


def _line(turn: Turn, number: str, kind: medical.Kind, *, said: bool) -> str:
    words = turn.words
    if kind.code == "charity":
        return words.part("medical_kind", number=number, kind=kind.name, verdict=kind.clause + "。")
    verdict = words.part("medical_said" if said else f"medical_{kind.outcome}")
    papers = words.part("medical_papers", papers=words.join(kind.papers))
    return words.part("medical_kind", number=number, kind=kind.name, verdict=verdict + papers)


def _estimate(turn: Turn) -> None:
    """Formula and yearly limit for the status held; others hear who sets the share."""
    state = turn.state
    found = medical.inpatient(state.stated(), state.region, turn.today)
    if found is None:
        turn.say("utter_medical_no_share")
        return
    words = turn.words
    limit = "" if found.limit else words.part("medical_limit_local")
    amount = about(yuan(found.amount)) if found.amount is not None else ""
    turn.say(
        "utter_medical_estimate",
        formula=found.formula + limit,
        amount=words.part("medical_amount", amount=amount) if amount else "",
        sources=[_source(parameter) for parameter in found.parameters],
    )


def _source(parameter: Parameter) -> dict[str, Any]:
    return {
        "title": parameter.document,
        "clause": parameter.clause,
        "date": str(parameter.effective_from or ""),
        "grade": parameter.evidence_grade,
    }

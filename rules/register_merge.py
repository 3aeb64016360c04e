"""What several lines of one household say together, a line being a person.

Money that a person has of their own is added up, aid that somebody receives is counted once. Any
other fact is the household's: where two lines differ in it, nobody knows which is true.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rules import facts as schema

Told = Mapping[str, Any]
SUMMED = ("wage_monthly", "job_cost", "excluded_income")
UNITED = ("receiving", "stopped")
PENSION, KIND = "pension_monthly", "pension_kind"
MONEY = frozenset({*SUMMED, PENSION})
OWN = MONEY | {*UNITED, KIND}


def together(lines: Sequence[Told]) -> dict[str, Any]:
    """The facts of `OWN` that the lines of different persons make for their household."""
    found = _pensions(lines)
    for key in SUMMED:
        if amounts := _told(lines, key):
            found[key] = _sum(amounts)
    for key in UNITED:
        if lists := _told(lines, key):
            found[key] = list(dict.fromkeys(word for one in lists for word in one))
    return found


def _pensions(lines: Sequence[Told]) -> dict[str, Any]:
    """Pensions of one kind are added up. Of several kinds only those that may not count matter.

    Part of a resident's pension may not be income (`basic_pension_excluded`); an employee's is.
    """
    kinds = set(_told(lines, KIND))
    lone = kinds.pop() if len(kinds) == 1 else None
    pensions = [(line[PENSION], line.get(KIND, lone)) for line in lines if PENSION in line]
    in_doubt = [one for one in pensions if one[1] != "employee"] or pensions
    if not in_doubt:
        return {} if lone is None else {KIND: lone}
    found = {PENSION: _sum([amount for amount, _ in in_doubt])}
    (kind, *others) = {kind for _, kind in in_doubt}
    return found if others or kind is None else {**found, KIND: kind}


def _told(lines: Sequence[Told], key: str) -> list[Any]:
    return [line[key] for line in lines if line.get(key) is not None]


def _sum(amounts: Sequence[Any]) -> Any:
    """The sum in yuan, a range where one of them is a range."""
    ends = [
        (one["low"], one["high"]) if isinstance(one, Mapping) else (one, one) for one in amounts
    ]
    low, high = (
        schema.yuan(sum(schema.fen(end) for end in side)) for side in zip(*ends, strict=True)
    )
    return low if low == high else {"low": low, "high": high}

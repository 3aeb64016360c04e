"""Ready-made answers for money questions: bands that no line in force runs through.

A resident who says "不到1890元" has said all the screening needs; the exact figure is asked only
when a line runs through the band after all. A sum exactly on a line lies in no band: it is told as
a figure, because exactly on the line a person decides.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rules import law as laws
from rules.criteria import EDGE_DEFAULT, hundredths, multiples
from rules.facts import Facts
from rules.household import household_row
from rules.law import GROUPS, Law, Line
from rules.parameter_store import Store

BANDED = ("monthly_income_total", "deposit")
MOST_EDGES = 4


@dataclass(frozen=True, slots=True)
class Band:
    """Whole yuan, both ends included; `high` None is "or more"."""

    low: int
    high: int | None

    def fact(self) -> dict[str, int]:
        """The answer as a fact's value."""
        return {"low": self.low} if self.high is None else {"low": self.low, "high": self.high}

    def holds(self, amount: float) -> bool:
        """Whether the amount lies in the band."""
        return self.low <= amount and (self.high is None or amount <= self.high)


def bands(
    key: str, facts: Facts, region: str | None, on: date, store: Store | None = None
) -> list[Band]:
    """The bands to offer for a money question; [] where only the figure itself helps.

    They need the place and the heads. A figure already told, also as a band, gets none.
    """
    if key not in BANDED or facts.get(key) is not None:
        return []
    law = laws.of(region, on, store)
    row = household_row(facts)
    if row["size_low"] is None or row["size_low"] != row["size_high"]:
        return []
    lines = _lines(law, row)
    edges = _income(lines, law, row) if key == "monthly_income_total" else _deposit(lines, law, row)
    return _between(edges) if edges else []


def _lines(law: Law, row: dict[str, Any]) -> list[Line]:
    groups = (row["hukou"],) if row["hukou"] in GROUPS else GROUPS
    return [line for group in groups if (line := law.line(group)) is not None]


def _income(lines: list[Line], law: Law, row: dict[str, Any]) -> list[Fraction]:
    """A household's monthly income, in yuan, at every multiple of the standard that counts."""

    def cut(times: Iterable[int]) -> set[Fraction]:
        heads = row["size_low"]
        sides = [side for line in lines for side in (line.low, line.high)]
        return {Fraction(side * many * heads, 12 * 100 * 100) for many in times for side in sides}

    main = {100, hundredths(law.edge_multiple) or EDGE_DEFAULT}
    # The standard alone cuts at most four times: two groups, two ends of a range.
    narrower: tuple[Iterable[int], ...] = (multiples(law), main, {100})
    return sorted(next(edges for edges in map(cut, narrower) if len(edges) <= MOST_EDGES))


def _deposit(lines: list[Line], law: Law, row: dict[str, Any]) -> list[Fraction]:
    return sorted(
        {
            Fraction(side * months * row["size_low"], 12 * 100)
            for line in lines
            for side in (line.low, line.high)
            for months in law.deposit_months
        }
    )


def _between(edges: list[Fraction]) -> list[Band]:
    found: list[Band] = []
    low = 0
    for edge in edges:
        high = math.ceil(edge) - 1
        if high >= low:
            found.append(Band(low, high))
        low = math.floor(edge) + 1
    return [*found, Band(low, None)]

"""Possible worlds of a household: what each unanswered fact could be, and which verdicts it flips.

Values are boundary values: one on each side of every line the fact is compared with. Their weights
are rough prevalences among people who ask; they steer the order of questions and never a verdict.
A fact the resident declined stays unknown in every world.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from rules.criteria import NEED_ANSWERS, NEED_PERSON
from rules.household import COLUMNS, FILLS
from rules.law import Law

Row = Mapping[str, Any]
Values = list[tuple[Any, float]]
BASES = 8
_SEED = 20140501
_FALLBACK_YEARLY_FEN = 60_000 * 12  # only places incomes in worlds where no standard is known

_PLAIN: dict[str, Values] = {
    "hukou": [("rural", 0.6), ("urban", 0.4)],
    "household_size": [(1, 0.2), (2, 0.25), (3, 0.25), (4, 0.2), (5, 0.1)],
    "pension_kind": [("resident", 0.7), ("employee", 0.3)],
    "car": [(False, 0.88), (True, 0.12)],
    "disability_level": [(0, 0.75), (2, 0.15), (3, 0.1)],
    "disability_type": [("肢体", 0.6), ("智力", 0.2), ("精神", 0.2)],
    "critical_illness_insured": [(False, 0.85), (True, 0.15)],
    "age": [(10, 0.15), (45, 0.55), (70, 0.3)],
    "employed": [(False, 0.5), (True, 0.5)],
    "shock": [("none", 0.8), ("sudden_illness", 0.1), ("job_loss", 0.1)],
    "medical_expense_self": [(0, 0.5), (300_000, 0.2), (6_000_000, 0.3)],
}
_INCOME_RATIOS: Values = [(0.4, 0.4), (0.9, 0.1), (1.2, 0.2), (2.0, 0.3)]


def unanswered(row: Row) -> list[str]:
    """Askable facts not told exactly, from the raw columns alone."""
    facts = []
    for fact, columns in FILLS.items():
        told = [row.get(column) for column in columns]
        if told[0] is None or (len(set(told)) > 1 and fact != "employed"):
            facts.append(fact)
    by_head = row.get("income_head_low") is not None and row.get("income_head_high") is not None
    yearly = row.get("income_year_low")
    if by_head or (yearly is not None and yearly == row.get("income_year_high")):
        facts = [fact for fact in facts if fact != "monthly_income_total"]
    return facts


def _values(fact: str, world: Row, row: Row, law: Law) -> Values:
    """What the fact could be in this world, in column units."""
    line = law.line(world.get("hukou") or "rural") or law.line("urban")
    yearly = line.high if line else _FALLBACK_YEARLY_FEN
    size = world.get("size_low") or row.get("size_low") or 3
    if fact == "monthly_income_total":
        values = [(round(ratio * yearly * size / 12), weight) for ratio, weight in _INCOME_RATIOS]
        return _inside(values, row.get("income_total_low"), row.get("income_total_high"))
    if fact == "deposit":
        big = yearly * law.caution_months * size // 12 + 10_000
        return _inside([(0, 0.75), (big, 0.25)], row.get("deposit_low"), row.get("deposit_high"))
    if fact == "household_size":
        return _inside(_PLAIN[fact], row.get("size_low"), row.get("size_high"))
    if fact == "medical_expense_self":
        low, high = row.get("medical_self_low"), row.get("medical_self_high")
        return _inside(_PLAIN[fact], low, high)
    if fact == "age":
        return _inside(_PLAIN[fact], row.get("age_low"), row.get("age_high"))
    return _PLAIN[fact]


def _inside(values: Values, low: int | None, high: int | None) -> Values:
    """The values a told range leaves, its own ends added."""
    if low is None and high is None:
        return values
    kept = [
        (value, weight)
        for value, weight in values
        if (low is None or value >= low) and (high is None or value <= high)
    ]
    ends = [(end, 0.3) for end in (low, high) if end is not None]
    return [*kept, *ends]


class Worlds:
    """The rows to evaluate beside the household's own, and how to read their outcomes."""

    def __init__(self, row: Row, law: Law, declined: frozenset[str]) -> None:
        self.facts = [fact for fact in unanswered(row) if fact not in declined]
        self._cells: list[dict[str, Any]] = []
        self._groups: list[tuple[str, list[float]]] = []
        dice = random.Random(_SEED)
        for _ in range(BASES if self.facts else 0):
            base = self._draw(row, law, dice)
            for fact in self.facts:
                values = _values(fact, base, row, law)
                for value, _weight in values:
                    self._cells.append(base | dict.fromkeys(FILLS[fact], value))
                self._groups.append((fact, [weight for _, weight in values]))

    def _draw(self, row: Row, law: Law, dice: random.Random) -> dict[str, Any]:
        """One complete world: hukou and size first, since income and deposits are drawn by them."""
        world: dict[str, Any] = {}
        first = [fact for fact in ("hukou", "household_size") if fact in self.facts]
        for fact in [*first, *(f for f in self.facts if f not in first)]:
            values = _values(fact, world, row, law)
            value = dice.choices([v for v, _ in values], [w for _, w in values])[0]
            world |= dict.fromkeys(FILLS[fact], value)
        return world

    def frame(self, rows: Sequence[Row]) -> pl.DataFrame:
        """The household's own rows, one a person, and the worlds of the first below them."""
        first = rows[0]
        varied = {column for fact in self.facts for column in FILLS[fact]}
        listed = varied if len(rows) == 1 else set(COLUMNS)
        cells = self._cells
        data = {
            name: [row.get(name) for row in rows]
            + (
                [cell.get(name) for cell in cells]
                if name in varied
                else [first.get(name)] * len(cells)
            )
            for name in listed
        }
        frame = pl.DataFrame(data, schema={name: COLUMNS[name] for name in listed})
        if not data:
            return pl.DataFrame({name: [first.get(name)] for name in COLUMNS}, schema=COLUMNS)
        return frame.with_columns(
            pl.lit(first.get(name), dtype=dtype).alias(name)
            for name, dtype in COLUMNS.items()
            if name not in listed
        )

    def influence(
        self, outcomes: pl.DataFrame, columns: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """fact → programme column → chance that two weighted values of the fact disagree there.

        In a world nothing more will be asked, so an open outcome there means a person.
        """
        found = {fact: dict.fromkeys(columns, 0.0) for fact in self.facts}
        for column in columns:
            words = outcomes[column].to_list()
            at = 0
            for fact, weights in self._groups:
                part = words[at : at + len(weights)]
                at += len(weights)
                if all(word == part[0] for word in part):
                    continue
                shares: dict[str, float] = {}
                for word, weight in zip(part, weights, strict=True):
                    settled = NEED_PERSON if word == NEED_ANSWERS else word
                    shares[settled] = shares.get(settled, 0.0) + weight
                total = sum(shares.values())
                found[fact][column] += 1 - sum((share / total) ** 2 for share in shares.values())
        return found

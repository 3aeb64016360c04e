"""Possible worlds of a household: what each unanswered fact could be, and which verdicts it flips.

Values are boundary values: one on each side of every line the fact is compared with. Their weights
are rough prevalences among people who ask; they steer the order of questions and never a verdict.
A fact the resident declined stays unknown in every world.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from rules.circumstances import FURTHER_FILLS, samples
from rules.criteria import NEED_ANSWERS, NEED_PERSON
from rules.household import COLUMNS, FILLS
from rules.law import Law
from rules.tape import values_of

Row = Mapping[str, Any]
Values = list[tuple[Any, float]]
BASES = 8
_SEED = 20140501
_FALLBACK_YEARLY_FEN = 60_000 * 12  # only places incomes in worlds where no standard is known
Fills = Mapping[str, tuple[str, ...]]

# In column units: fen, people, years.
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
    "tuition": [(0, 0.7), (300_000, 0.15), (2_000_000, 0.15)],
    "medical_expense_self": [(0, 0.5), (300_000, 0.2), (6_000_000, 0.3)],
}
_INCOME_RATIOS: Values = [(0.4, 0.4), (0.9, 0.1), (1.2, 0.2), (2.0, 0.3)]


def unanswered(row: Row, fills: Fills = FILLS) -> list[str]:
    """Facts not told exactly, from the raw columns alone."""
    facts = []
    for fact, columns in fills.items():
        told = [row.get(column) for column in columns]
        sided = columns[0].endswith("_low")
        if told[0] is None or (sided and len(set(told)) > 1):
            facts.append(fact)
    by_head = row.get("income_head_low") is not None and row.get("income_head_high") is not None
    yearly = row.get("income_year_low")
    if by_head or (yearly is not None and yearly == row.get("income_year_high")):
        facts = [fact for fact in facts if fact != "monthly_income_total"]
    return facts


@cache
def _usual(fact: str) -> tuple[tuple[Any, float], ...]:
    """Values and weights of a fact that is compared with no line of the place."""
    return tuple(samples(fact) if fact in FURTHER_FILLS else _PLAIN[fact])


def values(fact: str, columns: Sequence[str], world: Row, row: Row, law: Law) -> Values:
    """What the fact could be in this world, in column units."""
    line = law.line(world.get("hukou") or row.get("hukou") or "rural") or law.line("urban")
    yearly = line.high if line else _FALLBACK_YEARLY_FEN
    size = world.get("size_low") or row.get("size_low") or 3
    if fact == "monthly_income_total":
        found = [(round(ratio * yearly * size / 12), weight) for ratio, weight in _INCOME_RATIOS]
    elif fact == "deposit":
        limits = law.deposit_months
        over = [(yearly * months * size // 12 + 10_000, 0.25 / len(limits)) for months in limits]
        found = [(0, 0.75), *over]
    else:
        found = list(_usual(fact))
    if columns[0].endswith("_low"):
        return _inside(found, row.get(columns[0]), row.get(columns[1]))
    return found


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


def _weight(bits: int, weights: Sequence[float]) -> float:
    return sum(weight for i, weight in enumerate(weights) if bits >> i & 1)


class Worlds:
    """The rows to evaluate beside the household's own, and how to read their outcomes.

    `answers` are the household with one answer more, all else still open; `worlds` are complete
    households around it, varied by one fact at a time. `varied` limits both to some facts.
    """

    def __init__(
        self,
        row: Row,
        law: Law,
        declined: frozenset[str],
        varied: Collection[str] | None = None,
        answers: bool = False,
        fills: Fills = FILLS,
        columns: Mapping[str, Any] = COLUMNS,
    ) -> None:
        self._fills, self._schema = fills, columns
        open_facts = [fact for fact in unanswered(row, fills) if fact not in declined]
        self.facts = [fact for fact in open_facts if varied is None or fact in varied]
        self._cells: list[dict[str, Any]] = []
        self._answers: list[tuple[str, list[float]]] = []
        self._groups: list[tuple[str, list[float]]] = []
        if answers:
            for fact in self.facts:
                self._vary(fact, {}, values(fact, fills[fact], {}, row, law), self._answers)
        self._first_world = len(self._cells)
        dice = random.Random(_SEED)
        for _ in range(BASES if self.facts else 0):
            base = self._draw(row, law, dice, open_facts)
            for fact in self.facts:
                self._vary(fact, base, values(fact, fills[fact], base, row, law), self._groups)

    def _vary(
        self, fact: str, base: Row, found: Values, groups: list[tuple[str, list[float]]]
    ) -> None:
        for value, _weight in found:
            self._cells.append({**base, **self._filled(fact, value)})
        groups.append((fact, [weight for _, weight in found]))

    def _draw(
        self, row: Row, law: Law, dice: random.Random, open_facts: Sequence[str]
    ) -> dict[str, Any]:
        """One complete world: hukou and size first, since income and deposits are drawn by them."""
        world: dict[str, Any] = {}
        first = [fact for fact in ("hukou", "household_size") if fact in open_facts]
        for fact in [*first, *(f for f in open_facts if f not in first)]:
            found = values(fact, self._fills[fact], world, row, law)
            drawn = dice.choices([value for value, _ in found], [weight for _, weight in found])
            world |= self._filled(fact, drawn[0])
        return world

    def _filled(self, fact: str, value: Any) -> dict[str, Any]:
        columns = self._fills[fact]
        if fact == "work_ability":
            return {columns[0]: value, columns[1]: value == "无"}
        return dict.fromkeys(columns, value)

    def columns(self, rows: Sequence[Row]) -> tuple[dict[str, Any], int]:
        """The household's own rows, one a person, and below them the variations of the first."""
        first, cells = rows[0], self._cells
        touched: set[str] = set().union(*cells)
        data: dict[str, Any] = {}
        for name in self._schema:
            usual = first.get(name)
            if name in touched:
                own = [row.get(name) for row in rows]
                data[name] = own + [cell.get(name, usual) for cell in cells]
            elif len(rows) > 1 and any(row.get(name) != usual for row in rows):
                data[name] = [row.get(name) for row in rows] + [usual] * len(cells)
            else:
                data[name] = usual
        return data, len(rows) + len(cells)

    def frame(self, rows: Sequence[Row]) -> pl.DataFrame:
        """`columns` as a facts frame."""
        data, height = self.columns(rows)
        filled = {n: v if isinstance(v, list) else [v] * height for n, v in data.items()}
        return pl.DataFrame(filled, schema=dict(self._schema))

    def influence(
        self, outcomes: pl.DataFrame, columns: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """`flips` for the outcomes of the varied rows in a table."""
        words = {c: values_of(outcomes[c].to_list(), pl.String, len(outcomes)) for c in columns}
        return self.flips(words, 0)

    def flips(self, outcomes: Mapping[str, Any], own: int) -> dict[str, dict[str, float]]:
        """fact → programme column → chance that two weighted values of the fact disagree there.

        `outcomes` hold a word mask a column, the first `own` rows being the household's. In a world
        nothing more will be asked, so an open outcome there means a person.
        """
        found = {fact: dict.fromkeys(outcomes, 0.0) for fact in self.facts}
        for column, masks in outcomes.items():
            words = dict(masks)
            settled = words.pop(NEED_ANSWERS, 0) | words.get(NEED_PERSON, 0)
            parts = [words[word] for word in words if word != NEED_PERSON and words[word]]
            parts = [*parts, settled] if settled else parts
            if len(parts) < 2:
                continue
            start = own + self._first_world
            worlds = [part >> start for part in parts]
            at = 0
            for fact, weights in self._groups:
                group = (1 << len(weights)) - 1
                here = [bits for part in worlds if (bits := part >> at & group)]
                at += len(weights)
                if len(here) > 1:
                    total = sum(weights)
                    same = sum(_weight(bits, weights) ** 2 for bits in here)
                    found[fact][column] += 1 - same / total**2
        return found

    def settles(self, outcomes: Mapping[str, Any], own: int) -> dict[str, dict[str, float]]:
        """fact → programme column → chance that its answer alone settles the verdict."""
        found = {fact: dict.fromkeys(outcomes, 0.0) for fact in self.facts}
        for column, words in outcomes.items():
            still_open = words.get(NEED_ANSWERS, 0) >> own
            at = 0
            for fact, weights in self._answers:
                closed = sum(
                    weight for i, weight in enumerate(weights) if not still_open >> (at + i) & 1
                )
                found[fact][column] = closed / sum(weights)
                at += len(weights)
        return found

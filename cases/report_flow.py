"""走到哪一步 and 是不是一样: how far the cases filed in a period have come, by channel and place.

Every figure is a measure of `cases.reports`, so it has its list. Shares are of the cases filed; a
line with few of them shows no share, because one case more would turn it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import reports
from .report_words import SMALL, Figure, word_of
from .reports import Ask, Row

STEPS = {
    "filed": "登记",
    "step_answered": "有工作人员答复",
    "step_results": "有部门给了结果",
    "step_closed": "办结",
    "step_granted": "批准发放",
}
BY = ("channel", "place", "hukou")


@dataclass(frozen=True)
class Step:
    """How many of the filed cases came so far; `lost` did not come from the step before."""

    figure: Figure
    per_cent: float | None
    lost: int


@dataclass(frozen=True)
class FairLine:
    """One channel, place or hukou: what became of its cases, in per cent where there are enough."""

    word: str
    filed: Figure
    granted: Figure
    granted_share: float | None
    first_kept: Figure
    first_share: float | None
    leads_kept: Figure
    leads_share: float | None


@dataclass(frozen=True)
class Flow:
    """Both parts; empty for readers from whom small figures are hidden."""

    steps: tuple[Step, ...] = ()
    lines: tuple[tuple[str, tuple[FairLine, ...]], ...] = ()


def build(found: list[Row], ask: Ask) -> Flow:
    """The steps of all cases, and the lines of each dimension, the largest first."""
    steps: list[Step] = []
    for measure, word in STEPS.items():
        value = reports.total(found, ask, measure)
        before = steps[-1].figure.value if steps else value
        whole = steps[0].figure.value if steps else value
        figure = Figure(measure, word, value, ask.query(measure))
        steps.append(Step(figure, _share(value, whole or 0, 1), max(0, (before or 0) - value)))
    lines = tuple((name, _lines(found, ask, name)) for name in BY)
    return Flow(tuple(steps), lines)


def _lines(found: list[Row], ask: Ask, name: str) -> tuple[FairLine, ...]:
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(getattr(row, name), []).append(row)
    places = {row.place: row.place_name for row in found}
    made = [_line(rows, ask, name, key, word_of(name, key, places)) for key, rows in groups.items()]
    kept = [line for line in made if line.filed.value]
    return tuple(sorted(kept, key=lambda line: (-(line.filed.value or 0), line.word)))


def _line(rows: Sequence[Row], ask: Ask, name: str, key: str, word: str) -> FairLine:
    def one(measure: str) -> Figure:
        value = reports.total(list(rows), ask, measure)
        called, query = STEPS.get(measure, measure), ask.query(measure, **{name: key})
        return Figure(measure, called, value, query)

    def pair(kind: str) -> tuple[Figure, float | None]:
        kept, missed = one(f"{kind}_kept"), one(f"{kind}_missed")
        return kept, _share(kept.value or 0, (kept.value or 0) + (missed.value or 0))

    filed, granted = one("filed"), one("step_granted")
    first, first_share = pair("first")
    leads, leads_share = pair("leads")
    share = _share(granted.value or 0, filed.value or 0)
    return FairLine(word, filed, granted, share, first, first_share, leads, leads_share)


def _share(part: int, whole: int, least: int = SMALL) -> float | None:
    return round(100 * part / whole, 1) if whole >= least else None

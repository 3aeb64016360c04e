"""The tables of what was granted: per programme and way of paying, and its parts.

Each line is split by place, hukou, urgency and month; every split adds up to the line. Lines of
fewer than `SMALL` households are hidden whole from readers who may not open the cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from . import aid_reports
from .aid_reports import WORDS, Aided, Paid
from .report_words import SMALL, TITLES, Figure, word_of
from .reports import Ask, month_end
from .states import PROGRAMMES, GrantUnit

SPLITS = {name: TITLES[name] for name in ("place", "hukou", "urgency")} | {"month": "月份"}


@dataclass(frozen=True)
class AidLine:
    """What was paid of one programme in one way, or a part of it.

    Averages are yuan with two decimals; None where nothing was paid or it is hidden.
    """

    key: str
    word: str
    unit: GrantUnit
    figures: tuple[Figure, ...]
    parts: Mapping[str, tuple[AidLine, ...]] = field(default_factory=dict)

    @property
    def households(self) -> int | None:
        """How many households."""
        return self.figures[0].value

    @property
    def per_payment(self) -> float | None:
        """Yuan per household each time it was paid."""
        return self._average("payments")

    @property
    def per_person(self) -> float | None:
        """Yuan per person each time it was paid."""
        return self._average("person_payments")

    def _average(self, over: str) -> float | None:
        values = {one.key.split("_", 1)[1]: one.value for one in self.figures}
        fen, count = values["fen"], values[over]
        return round(fen / count / 100, 2) if fen is not None and count else None


def build(found: list[Aided], ask: Ask, *, hidden: bool) -> tuple[AidLine, ...]:
    """A line for each programme and way of paying, the most money first."""
    pairs = {(paid.programme, paid.unit) for one in found for paid in one.paid}
    lines = []
    for programme, unit in sorted(pairs):
        mine = [
            replace(one, paid=paid)
            for one in found
            if (paid := tuple(p for p in one.paid if (p.programme, p.unit) == (programme, unit)))
        ]
        line = _line(mine, ask, programme, PROGRAMMES[programme], GrantUnit(unit), {})
        line = replace(
            line, parts={name: _split(mine, ask, programme, line.unit, name) for name in SPLITS}
        )
        lines.append(without_small(line) if hidden else line)
    return tuple(sorted(lines, key=lambda line: (-(line.figures[-1].value or 0), line.key)))


def without_small(line: AidLine) -> AidLine:
    """The line without what few households tell: what is hidden is of `SMALL` or more."""
    if (line.households or 0) < SMALL:
        return replace(_gone(line), parts={})
    return replace(line, parts={name: _hide(parts) for name, parts in line.parts.items()})


def _hide(parts: tuple[AidLine, ...]) -> tuple[AidLine, ...]:
    """Small parts hidden, and the next larger ones until nothing can be taken from the whole."""
    order = sorted(range(len(parts)), key=lambda place: parts[place].households or 0)
    gone: list[int] = []
    for place in order:
        households = parts[place].households or 0
        together = sum(parts[one].households or 0 for one in gone)
        if households < SMALL or (gone and (len(gone) == 1 or together < SMALL)):
            gone.append(place)
    return tuple(_gone(part) if place in gone else part for place, part in enumerate(parts))


def _gone(line: AidLine) -> AidLine:
    return replace(line, figures=tuple(replace(one, value=None) for one in line.figures))


def _split(
    found: list[Aided], ask: Ask, programme: str, unit: GrantUnit, name: str
) -> tuple[AidLine, ...]:
    """The parts of a line: by month a household counts in each month it was paid in."""
    if name == "month":
        months = sorted({day.replace(day=1) for one in found for p in one.paid for day in p.days})
        return tuple(
            _line(_in_month(found, month), ask, programme, f"{month:%Y-%m}", unit,
                  _days(ask, month), f"{month:%Y-%m}")
            for month in months
        )  # fmt: skip
    groups: dict[str, list[Aided]] = {}
    for one in found:
        groups.setdefault(getattr(one.row, name), []).append(one)
    places = {one.row.place: one.row.place_name for one in found}
    lines = [
        _line(mine, ask, programme, word_of(name, value, places), unit, {name: value}, value)
        for value, mine in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-(line.figures[-1].value or 0), line.key)))


def _in_month(found: list[Aided], month: date) -> list[Aided]:
    """What fell due in the month that begins on `month`."""

    def cut(one: Paid) -> Paid:
        return replace(one, days=tuple(day for day in one.days if day.replace(day=1) == month))

    cuts = [(one, tuple(p for p in map(cut, one.paid) if p.days)) for one in found]
    return [replace(one, paid=paid) for one, paid in cuts if paid]


def _days(ask: Ask, month: date) -> dict[str, str]:
    """The month as a period of its own, inside the one that was asked for."""
    first, last = max(ask.first, month), min(ask.last, month_end(month))
    return {"from": first.isoformat(), "to": last.isoformat()}


def _line(
    found: list[Aided], ask: Ask, programme: str, word: str, unit: GrantUnit,
    narrowed: Mapping[str, str], key: str = "",
) -> AidLine:  # fmt: skip
    chosen: dict[str, Any] = {"programme": programme, **narrowed}
    figures = []
    for what, title in WORDS.items():
        measure = f"{unit}_{what}"
        value = sum(weight for _, weight in aid_reports.made_of(found, measure))
        figures.append(Figure(measure, title, value, ask.query(measure, **chosen)))
    return AidLine(key or programme, word, unit, tuple(figures))

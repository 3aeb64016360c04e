"""What was granted in a period: households, people, money, and the list behind each figure.

A grant counts on each day it falls due in the period, up to today: a one-off amount on its day, aid
by the month on the first of each month, aid by the year on its first day and every anniversary.
Only confirmed grants count (`cases.granted`). A household is a case. The averages say what was
paid; nothing that a resident hears is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, select

from foundation import clock

from . import reports
from .granted import AidGrant, counts
from .models import Case
from .reports import Ask, Row
from .repository import CaseRepository
from .states import GrantUnit


@dataclass(frozen=True)
class Paid:
    """A grant and the days in the period on which it fell due."""

    programme: str
    unit: str
    fen: int
    persons: int
    days: tuple[date, ...]


@dataclass(frozen=True)
class Aided:
    """A case and what fell due on it."""

    row: Row
    paid: tuple[Paid, ...]


WHAT: dict[str, Callable[[list[Paid]], int]] = {
    "households": lambda paid: int(bool(paid)),
    "persons": lambda paid: max((one.persons for one in paid), default=0),
    "payments": lambda paid: sum(len(one.days) for one in paid),
    "person_payments": lambda paid: sum(len(one.days) * one.persons for one in paid),
    "fen": lambda paid: sum(len(one.days) * one.fen for one in paid),
}
WORDS = {
    "households": "户",
    "persons": "人",
    "payments": "户次",
    "person_payments": "人次",
    "fen": "金额（元）",
}
MEASURES = {
    f"{unit}_{what}": f"{unit.word}发放，{word}"
    for unit in GrantUnit
    for what, word in WORDS.items()
}


def aided(repository: CaseRepository, ask: Ask) -> list[Aided]:
    """The cases on which something fell due, with that; `ask` narrows both."""
    last = clock.day_of(ask.as_of - timedelta(microseconds=1))
    touched = (
        repository.counted(ask.area),
        counts(),
        AidGrant.starts_on <= last,
        or_(AidGrant.ends_on.is_(None), AidGrant.ends_on >= ask.first),
    )
    found: dict[str, list[Paid]] = {}
    query = select(AidGrant).join(Case, Case.id == AidGrant.case_id).where(*touched)
    for grant in repository.session.scalars(query):
        days = tuple(_due(grant, ask.first, last))
        if days and ask.programme in ("", grant.programme):
            one = Paid(grant.programme, grant.unit, grant.amount_fen, grant.persons, days)
            found.setdefault(grant.case_id, []).append(one)
    cases = select(Case.id).join(AidGrant, AidGrant.case_id == Case.id).where(*touched).distinct()
    anywhere = replace(ask, programme="")  # the programme is the grant's, not the declaration's
    return [
        Aided(row, tuple(found[row.case_id]))
        for row in reports.described(repository, ask, cases.subquery())
        if row.case_id in found and row.fits(anywhere)
    ]


def made_of(found: list[Aided], measure: str) -> list[tuple[Row, int]]:
    """The cases that a measure counts, and how much each adds."""
    unit, what = measure.split("_", 1)
    weighed = (
        (one.row, WHAT[what]([paid for paid in one.paid if paid.unit == unit])) for one in found
    )
    return [(row, weight) for row, weight in weighed if weight]


def behind(repository: CaseRepository, ask: Ask, measure: str) -> list[tuple[Row, int]]:
    """The cases behind a figure and what each adds to it. Raises BadInput, NotAllowed."""
    if not reports.may_open(repository, measure, MEASURES):
        return []
    return made_of(aided(repository, ask), measure)


def _due(grant: AidGrant, first: date, last: date) -> Iterator[date]:
    """The days on which the grant falls due, from `first` to `last`."""
    if grant.unit == GrantUnit.ONCE:
        if first <= grant.starts_on <= last:
            yield grant.starts_on
        return
    end = last if grant.ends_on is None else min(last, grant.ends_on)
    step = 1 if grant.unit == GrantUnit.MONTH else 12
    for number in range(0, (end.year - grant.starts_on.year + 1) * 12, step):
        day = _months_after(grant.starts_on, number)
        if first <= day <= end:
            yield day


def _months_after(day: date, months: int) -> date:
    """The same day some months later; the 29th of February falls on the 28th."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, 28) if month == 2 else day.day)

"""How far the cases that a period filed have come since: 登记, 受理, 线索有答复, 得到救助或办结.

The cases are those the figure "filed" counts; they are followed to this day, whenever the period
ended. A case has come as far as the furthest step it shows, so the steps are a ladder: who is
closed without a department's answer has passed that step. A withdrawal, a death or a move is no
result: the case stopped where it was. The list behind a figure is its measure over the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from . import reports
from .events import EventKind
from .granted import AidGrant, counts
from .models import Case, CaseEvent, Lead
from .reports import NONE, Ask, Row
from .repository import CaseRepository
from .states import LeadResult, LeadState

STEPS = {"filed": "登记", "accepted": "受理", "answered": "线索有答复", "done": "得到救助或办结"}
ORDER = tuple(STEPS)
#: A person or a department took the case up.
TAKEN_UP = (EventKind.LEAD_ACCEPTED, EventKind.ALERT_TAKEN, EventKind.DISPOSITION)
#: It ended without a result.
GONE = (EventKind.WITHDRAWN, EventKind.LEFT)


@dataclass(frozen=True)
class Followed:
    """A case, the furthest step it came to, and what else became of it."""

    row: Row
    step: str
    aided: bool
    gone: bool

    def reached(self, step: str) -> bool:
        """Whether it came as far as this step."""
        return ORDER.index(self.step) >= ORDER.index(step)

    @property
    def spoken(self) -> bool:
        """Whether a person has answered."""
        return self.row.first_answer is not None

    @property
    def days(self) -> float | None:
        """Days from filing to the first answer of a person."""
        if self.row.first_answer is None:
            return None
        return (self.row.first_answer - self.row.created_at).total_seconds() / 86_400


Measure = Callable[[Followed], int]


def _reached(step: str) -> Measure:
    return lambda one: int(one.reached(step))


def _stopped(step: str) -> Measure:
    return lambda one: int(one.step == step)


def _gone(step: str) -> Measure:
    return lambda one: int(one.step == step and one.gone)


def _waiting(step: str) -> Measure:
    return lambda one: int(one.step == step and not one.gone)


BEFORE_DONE = ORDER[:-1]
MEASURES: dict[str, Measure] = {
    **{f"reached_{step}": _reached(step) for step in ORDER[1:]},
    "aided": lambda one: int(one.aided),
    **{f"stopped_{step}": _stopped(step) for step in BEFORE_DONE},
    **{f"gone_{step}": _gone(step) for step in BEFORE_DONE},
    **{f"waiting_{step}": _waiting(step) for step in BEFORE_DONE},
}
WORDS = {
    **{f"reached_{step}": f"期内登记、{STEPS[step]}（件）" for step in ORDER[1:]},
    "aided": "期内登记、得到救助（件）",
    **{f"stopped_{step}": f"停在“{STEPS[step]}”（件）" for step in BEFORE_DONE},
    **{f"gone_{step}": f"在“{STEPS[step]}”以后撤回或退出（件）" for step in BEFORE_DONE},
    **{f"waiting_{step}": f"在“{STEPS[step]}”以后还在办（件）" for step in BEFORE_DONE},
}


def followed(
    repository: CaseRepository, ask: Ask, found: Iterable[Row] | None = None
) -> list[Followed]:
    """The cases filed in the period; `found` are the rows of `reports.rows`, when at hand."""
    filed = (
        select(Case.id)
        .where(
            repository.counted(ask.area),
            Case.created_at >= ask.start,
            Case.created_at < ask.as_of,
        )
        .subquery()
    )
    if found is None:
        found = [row for row in reports.described(repository, ask, filed) if row.fits(ask)]
    session, chosen = repository.session, select(filed.c.id)
    happened: dict[str, set[str]] = {}
    kinds = CaseEvent.kind.in_((*TAKEN_UP, *GONE))
    events = select(CaseEvent.case_id, CaseEvent.kind).where(CaseEvent.case_id.in_(chosen), kinds)
    for case_id, kind in session.execute(events.distinct()):
        happened.setdefault(str(case_id), set()).add(kind)
    answered, aided = set(), set()
    for case_id, result in session.execute(
        select(Lead.case_id, Lead.result).where(
            Lead.case_id.in_(chosen), Lead.state == LeadState.ANSWERED
        )
    ):
        answered.add(case_id)
        if result == LeadResult.HELPED:
            aided.add(case_id)
    aided |= set(
        session.scalars(select(AidGrant.case_id).where(AidGrant.case_id.in_(chosen), counts()))
    )
    return [
        _followed(row, happened.get(row.case_id, set()), row.case_id in answered,
                  aided=row.case_id in aided)
        for row in found
        if reports.MEASURES["filed"](row, ask)
    ]  # fmt: skip


def made_of(found: list[Followed], measure: str) -> list[tuple[Row, int]]:
    """The cases that a measure counts."""
    weighed = ((one.row, MEASURES[measure](one)) for one in found)
    return [(row, weight) for row, weight in weighed if weight]


def behind(repository: CaseRepository, ask: Ask, measure: str) -> list[tuple[Row, int]]:
    """The cases behind a figure. Raises BadInput, NotAllowed."""
    if not reports.may_open(repository, measure, MEASURES):
        return []
    return made_of(followed(repository, ask), measure)


def _followed(row: Row, happened: set[str], answered: bool, *, aided: bool) -> Followed:
    ended = row.closed_at is not None
    gone = ended and not happened.isdisjoint(GONE)
    step = "filed"
    if not happened.isdisjoint(TAKEN_UP) or row.disposition != NONE:
        step = "accepted"
    if answered:
        step = "answered"
    if aided or (ended and not gone):
        step = "done"
    return Followed(row, step, aided, gone)

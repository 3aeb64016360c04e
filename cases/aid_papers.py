"""先行救助's papers as reports count them: in by their day, past it, still not there.

Told by the thread, as a period's end stands still when the case's row has moved on. A day put off
in time is another day; a case closed before its day owes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Subquery

from . import clock as deadlines
from .events import EventKind
from .models import Case, CaseEvent

Within = Callable[[datetime | None], bool]


@dataclass(frozen=True)
class Owed:
    """Papers with their day. `ended_at`: they came, or a new day was set after this one."""

    due_at: datetime
    ended_at: datetime | None = None

    @property
    def in_time(self) -> bool:
        return self.ended_at is not None and self.ended_at < self.due_at

    def late_at(self, moment: datetime) -> bool:
        """Whether the day had passed by then and nothing had come."""
        return self.due_at <= moment and (self.ended_at is None or self.ended_at > moment)


WORDS = {
    "aid_papers_kept": "先行救助的材料按期补上",
    "aid_papers_missed": "先行救助的材料过期没补",
    "aid_papers_late": "期末还没补的先行救助材料",
}
COUNTS: dict[str, Callable[[Owed, Within], int]] = {
    "aid_papers_kept": lambda one, within: int(one.in_time and within(one.ended_at)),
    "aid_papers_missed": lambda one, within: int(not one.in_time and within(one.due_at)),
}


def of_cases(session: Session, counted: Subquery) -> dict[str, tuple[Owed, ...]]:
    """What the cases in `counted` owed and owe."""
    rows = session.execute(
        select(
            CaseEvent.case_id, CaseEvent.kind, CaseEvent.data, CaseEvent.created_at, Case.closed_at
        )
        .join(Case, Case.id == CaseEvent.case_id)
        .where(
            CaseEvent.case_id.in_(select(counted.c.id)),
            CaseEvent.kind.in_((EventKind.AID_PAPERS_DUE, EventKind.AID_PAPERS_IN)),
        )
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    found: dict[str, list[Owed]] = {}
    closed: dict[str, datetime | None] = {}
    for case_id, kind, data, at, closed_at in rows:
        owed, closed[case_id] = found.setdefault(case_id, []), closed_at
        if owed and owed[-1].ended_at is None:
            if kind == EventKind.AID_PAPERS_DUE and at < owed[-1].due_at:
                owed.pop()  # put off in time
            else:
                owed[-1] = replace(owed[-1], ended_at=at)
        if kind == EventKind.AID_PAPERS_DUE:
            owed.append(Owed(deadlines.end_of_day(date.fromisoformat(data["due"]))))
    return {
        case_id: tuple(one for one in owed if _stood(one, closed[case_id]))
        for case_id, owed in found.items()
    }


def _stood(one: Owed, closed_at: datetime | None) -> bool:
    """Whether the case was open until the papers came or their day was over."""
    until = one.due_at if one.ended_at is None else min(one.due_at, one.ended_at)
    return closed_at is None or closed_at >= until

"""Contacts with a person as reports count them: asked for, answered in time, and how it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Subquery

from .ratings import Score
from .wait_models import Wait
from .waiting import Origin

Within = Callable[[datetime | None], bool]


@dataclass(frozen=True)
class Contact:
    """One contact, without words: only what was asked for by a resident is counted."""

    since: datetime
    due_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    returns: int
    rating: str | None
    rated_at: datetime | None

    @property
    def in_time(self) -> bool:
        return self.answered_at is not None and self.answered_at <= self.due_at

    @property
    def dropped(self) -> bool:
        """It ended before the promised time without an answer: nothing was broken."""
        return self.ended_at is not None and self.ended_at <= self.due_at


def _rated(score: Score) -> Callable[[Contact, Within], int]:
    return lambda one, within: int(one.rating == score and within(one.rated_at))


WORDS = {
    "calls": "居民要求人工（次）",
    "calls_answered": "人工答复了（次）",
    "calls_kept": "按答应的时间答复（次）",
    "calls_missed": "过了答应的时间（次）",
    "calls_returned": "接待后没有及时答复，放回等候（次）",
    "helped": "居民说有帮助（次）",
    "not_helped": "居民说没帮助（次）",
    "no_say": "居民不想说（次）",
}
COUNTS: dict[str, Callable[[Contact, Within], int]] = {
    "calls": lambda one, within: int(within(one.since)),
    "calls_answered": lambda one, within: int(within(one.answered_at)),
    "calls_kept": lambda one, within: int(one.in_time and within(one.answered_at)),
    "calls_missed": lambda one, within: int(
        not one.in_time and not one.dropped and within(one.due_at)
    ),
    "calls_returned": lambda one, within: one.returns * int(within(one.since)),
    **{str(score): _rated(score) for score in Score},
}


def of_cases(session: Session, counted: Subquery) -> dict[str, tuple[Contact, ...]]:
    """The contacts of every case in `counted`."""
    columns = (
        Wait.since, Wait.due_at, Wait.answered_at, Wait.ended_at, Wait.returns, Wait.rating,
        Wait.rated_at,
    )  # fmt: skip
    rows = session.execute(
        select(Wait.case_id, *columns).where(
            Wait.case_id.in_(select(counted.c.id)), Wait.origin == Origin.ASKED
        )
    )
    found: dict[str, tuple[Contact, ...]] = {}
    for row in rows:
        found[row.case_id] = (*found.get(row.case_id, ()), Contact(*row[1:]))
    return found

"""Rows as jobs: claimed under a lease, finished under the same lease, never lost with a worker.

A claim sets a random lease id and a due time in the future. If the worker dies, the due time passes
and any worker takes the row; what the dead one still does is refused, because finishing needs the
lease id. There is no worker identity and nothing to clean up after a crash.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, String, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock
from foundation.database import UtcDateTime, new_id

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)


class JobState(StrEnum):
    """`new` and `retry` are open and become due; the others are ends."""

    NEW = "new"
    RETRY = "retry"
    DONE = "done"
    DEAD = "dead"  # given up after MAX_ATTEMPTS: raises an alarm, a person looks at it
    HELD = "held"  # a person holds the chat and answers
    WITHDRAWN = "withdrawn"  # overtaken: nobody wants it any more


OPEN_STATES = (JobState.NEW, JobState.RETRY)


class LeaseLost(RuntimeError):
    """Another worker has the row by now; whatever this one did must roll back."""


class Leased:
    """Columns of a claimable table; mix into a model that has `id`."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    state: Mapped[str] = mapped_column(String(16), default=JobState.NEW)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_id: Mapped[str | None] = mapped_column(String(32), default=None)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now, index=True)
    last_error: Mapped[str | None] = mapped_column(String(200), default=None)


Job = TypeVar("Job", bound=Leased)


def lease(row: Leased, duration: timedelta) -> str:
    """Give the caller the row for `duration`; returns the lease id. Within a write transaction."""
    row.lease_id = new_id()
    row.due_at = clock.now() + duration
    row.attempts = (row.attempts or 0) + 1
    return row.lease_id


def claim(
    session: Session,
    model: type[Job],
    *,
    limit: int = 5,
    duration: timedelta = timedelta(seconds=30),
    where: Sequence[ColumnElement[bool]] = (),
    order_by: Sequence[ColumnElement[Any]] = (),
    max_attempts: int = MAX_ATTEMPTS,
) -> list[Job]:
    """Lease up to `limit` open rows that are due, oldest first. Needs a write transaction.

    Rows locked by another worker are passed over (PostgreSQL; on SQLite writers are one at a time).
    A row that was claimed `max_attempts` times without an end is declared dead here: it may be what
    kills the workers. Keep `limit` small for anything that leaves the house, since each row in
    flight may be sent once more after a crash.
    """
    query = (
        select(model)
        .where(model.state.in_(OPEN_STATES), model.due_at <= clock.now(), *where)
        .order_by(*(order_by or (model.due_at, model.id)))
        .limit(limit)
        .with_for_update(skip_locked=True, of=model)
    )
    claimed = []
    for row in session.scalars(query):
        if row.attempts >= max_attempts:
            row.state, row.lease_id = JobState.DEAD, None
            row.last_error = row.last_error or "claimed again and again without an end"
            continue
        lease(row, duration)
        claimed.append(row)
    session.flush()
    return claimed


def finish(
    session: Session, row: Job, lease_id: str | None, state: JobState = JobState.DONE
) -> None:
    """End a row under its lease, in the transaction of its effect. Raises LeaseLost."""
    _change(session, row, lease_id, state=state, lease_id=None)


def fail(
    session: Session,
    row: Job,
    lease_id: str | None,
    error: str,
    *,
    max_attempts: int = MAX_ATTEMPTS,
    not_before: timedelta = timedelta(0),
) -> JobState:
    """Give a row back for a later try, or up: returns `retry` or `dead`. Raises LeaseLost.

    `error` is a short code or class name, never the resident's words. `not_before` is what the
    other side asked for (Retry-After).
    """
    state = JobState.DEAD if row.attempts >= max_attempts else JobState.RETRY
    due = clock.now() + max(backoff(row.attempts), not_before)
    _change(session, row, lease_id, state=state, lease_id=None, due_at=due, last_error=error[:200])
    return state


def backoff(attempts: int) -> timedelta:
    """2 s doubling to 10 min, each time between half and all of it, so that crowds spread out."""
    doublings = min(max(attempts - 1, 0), 16)
    longest = min(FIRST_DELAY * float(1 << doublings), LONGEST_DELAY)
    return longest * random.uniform(0.5, 1.0)


def _change(session: Session, row: Job, expected_lease: str | None, **values: Any) -> None:
    model = type(row)
    result = cast(
        "CursorResult[Any]",
        session.execute(
            update(model)
            .where(
                model.id == row.id,
                model.lease_id == expected_lease,
                model.state.in_(OPEN_STATES),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        ),
    )
    if expected_lease is None or result.rowcount != 1:
        raise LeaseLost(f"{model.__name__} {row.id} is no longer ours")

    def keep_in_step(_: Session) -> None:
        # `row` may come from an earlier, closed session; a rollback leaves it as it was
        for name, value in values.items():
            setattr(row, name, value)

    event.listen(session, "after_commit", keep_in_step, once=True)

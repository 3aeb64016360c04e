"""What subscribers are to be told: written in the transaction of the step, sent until it arrives.

Delivery is at least once and in no promised order: a receiver knows a repetition by its id. After
about a day of failures a delivery is given up and waits for a person (`cases.webhooks.again`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, exists, func, literal_column, select, update
from sqlalchemy.orm import Session

from foundation import clock, leases, metrics
from foundation.crypto import Cipher
from foundation.database import new_id
from foundation.leases import OPEN_STATES, JobState

from . import areas
from .sealing import unseal
from .webhook_models import Webhook, WebhookDelivery

if TYPE_CHECKING:
    from .models import Case, CaseEvent

SECRET, FORMER = "webhook.secret", "webhook.former"
#: Steps that may be subscribed, by the names of `cases.events.EventKind`.
KINDS = (
    "filed", "supplement", "withdrawn", "alert", "alert_taken", "person_requested", "routed",
    "area", "claimed", "assigned", "state", "papers_requested", "papers_received",
    "publicity_started", "publicity_ended", "lead_accepted", "lead_returned", "lead_answered",
    "visited", "escalated", "disposition", "gradual_exit", "grant_confirmed", "grant_ended",
    "closed", "left", "merged", "unmerged",
)  # fmt: skip
TRIAL = "trial"
MAX_ATTEMPTS = 16
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=6)
LEASE = timedelta(seconds=45)
KEEP_DONE, KEEP_DEAD = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True)
class Parcel:
    """A delivery ready to be sent: where, what, and the secrets that sign it."""

    row: WebhookDelivery
    lease_id: str
    url: str
    body: bytes
    secrets: tuple[str, ...]


def enqueue(session: Session, case: Case, event: CaseEvent) -> None:
    """Write a delivery for each running subscription of this kind whose area has the case."""
    if event.kind not in KINDS:
        return
    for hook in session.scalars(select(Webhook).where(Webhook.stopped_at.is_(None))):
        if event.kind in hook.kinds and areas.contains(hook.area_code, case.area_code):
            session.add(
                WebhookDelivery(
                    id=new_id(), webhook_id=hook.id, event_id=event.id, kind=event.kind,
                    receipt_no=case.receipt_no, area_code=case.area_code,
                    happened_at=event.created_at, created_at=event.created_at,
                    due_at=event.created_at,
                )
            )  # fmt: skip


def waiting(session: Session) -> list[str]:
    """The subscriptions that have something due."""
    due = exists().where(
        WebhookDelivery.webhook_id == Webhook.id,
        WebhookDelivery.state.in_(OPEN_STATES),
        WebhookDelivery.due_at <= clock.now(),
    )
    query = select(Webhook.id).where(due)  # a look into the index for each, whatever has arrived
    return list(session.scalars(query))


def claim(session: Session, cipher: Cipher, webhook_id: str, limit: int) -> list[Parcel]:
    """Lease what is due to one subscriber, so that a slow one holds up nobody else."""
    hook = session.get_one(Webhook, webhook_id)
    if hook.stopped_at is not None:  # stopped while a step was being written
        withdraw(session, webhook_id)
        return []
    rows = leases.claim(
        session, WebhookDelivery, limit=limit, duration=LEASE,
        where=[WebhookDelivery.webhook_id == webhook_id], max_attempts=MAX_ATTEMPTS,
    )  # fmt: skip
    signing = secrets_of(cipher, hook, clock.now())
    return [
        Parcel(row, row.lease_id, hook.url, body_of(row), signing)
        for row in rows
        if row.lease_id is not None
    ]


def withdraw(session: Session, webhook_id: str) -> None:
    """Nobody wants what is on its way to a subscriber any more."""
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state.in_(OPEN_STATES))
        .values(state=JobState.WITHDRAWN, lease_id=None)
    )


def body_of(row: WebhookDelivery) -> bytes:
    """The JSON a receiver gets: nothing of the resident but the receipt number."""
    said = {
        "id": row.id,
        "kind": row.kind,
        "receipt": row.receipt_no,
        "area": row.area_code,
        "at": row.happened_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def secrets_of(cipher: Cipher, hook: Webhook, now: datetime) -> tuple[str, ...]:
    """The secret, and the former one for as long as it still signs."""
    found = [unseal(cipher, SECRET, hook.id, hook.secret_encrypted)]
    if hook.former_until is not None and hook.former_until > now:
        found.append(unseal(cipher, FORMER, hook.id, hook.former_encrypted))
    return tuple(one for one in found if one)


def arrived(session: Session, parcel: Parcel, status: int) -> None:
    """The receiver took it. Raises LeaseLost."""
    leases.finish(session, parcel.row, parcel.lease_id)
    _note(session, parcel, answered=status, done_at=clock.now())


def failed(
    session: Session, parcel: Parcel, error: str, status: int | None, *,
    not_before: timedelta = timedelta(0), final: bool = False,
) -> JobState:  # fmt: skip
    """Not taken: again after a pause that doubles, or given up. Raises LeaseLost."""
    pause = max(pause_after(parcel.row.attempts), min(not_before, LONGEST_DELAY))
    state = leases.fail(
        session, parcel.row, parcel.lease_id, error,
        max_attempts=0 if final else MAX_ATTEMPTS, not_before=pause,
    )  # fmt: skip
    _note(session, parcel, answered=status)
    return state


def pause_after(attempts: int) -> timedelta:
    """5 s, doubling to 6 h: the sixteen tries take about a day."""
    return min(FIRST_DELAY * float(1 << min(max(attempts - 1, 0), 20)), LONGEST_DELAY)


def measure(session: Session) -> None:
    """Show how long the oldest waits and how many were given up."""
    oldest = session.scalar(select(func.min(WebhookDelivery.created_at)).where(_is_open()))
    metrics.WEBHOOK_AGE.set((clock.now() - oldest).total_seconds() if oldest else 0)
    dead = select(func.count()).where(WebhookDelivery.state == literal_column("'dead'"))
    metrics.WEBHOOK_DEAD.set(session.scalar(dead) or 0)


def sweep(session: Session, now: datetime) -> None:
    """Delete what arrived a month ago and what was given up three months ago."""
    open_still = WebhookDelivery.state.in_(OPEN_STATES)
    session.execute(
        delete(WebhookDelivery).where(
            ~open_still,
            (WebhookDelivery.created_at <= now - KEEP_DEAD)
            | (
                (WebhookDelivery.created_at <= now - KEEP_DONE)
                & (WebhookDelivery.state != JobState.DEAD)
            ),
        )
    )
    session.execute(
        update(Webhook)
        .where(Webhook.former_until <= now)
        .values(former_encrypted=None, former_until=None)
    )


def _is_open() -> ColumnElement[bool]:
    """Written out, so that the index of open rows serves the query (`webhook_models.IS_OPEN`)."""
    return WebhookDelivery.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])


def _note(session: Session, parcel: Parcel, **values: object) -> None:
    session.execute(
        update(WebhookDelivery).where(WebhookDelivery.id == parcel.row.id).values(**values)
    )

"""What must happen without anybody clicking: reminders, escalations, repairs, clearing up.

`sweep(database, cipher)` may run in any process and as often as one likes; it finds its work in the
tables and each step is one short transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from foundation import clock, metrics
from foundation.crypto import Cipher
from foundation.database import Database
from foundation.logging import get_logger
from rules.parameters import using

from . import (
    attempts,
    browsing,
    events,
    first_aid,
    misheard,
    oncall,
    parameter_desk,
    pauses,
    provider_logout,
    routing_rows,
    staff,
    wait_clock,
    webhook_outbox,
)
from . import clock as deadlines
from .events import EventKind
from .facts import value_of
from .models import Case, CaseFact, Lead
from .opening import notify, open_leads
from .states import FINAL_STATES, OPEN_LEAD_STATES, Department, NeedType

log = get_logger(__name__)
BATCH = 200


@dataclass(frozen=True)
class Swept:
    """What one sweep did; `repaired` should stay 0."""

    reminded: int
    escalated: int
    repaired: int
    passed_on: int
    left_unanswered: int = 0
    calls_overdue: int = 0


def sweep(database: Database, cipher: Cipher) -> Swept:
    """One round, by the figures published when it begins."""
    with using(parameter_desk.store_of(database)):
        return _round(database, cipher)


def _round(database: Database, cipher: Cipher) -> Swept:
    now = clock.now()
    with database.write() as session:
        repaired = _repair(session, cipher, now)
    with database.write() as session:
        pauses.end_past_publicity(session, cipher, BATCH)
    with database.write() as session:
        first_aid.chase(session, cipher, now, BATCH)
    with database.write() as session:
        passed_on = oncall.pass_on_alerts(session, cipher, now, BATCH)
    with database.write() as session:
        left = wait_clock.return_unanswered(session, cipher, now, BATCH)
    with database.write() as session:
        late = wait_clock.pass_on_overdue(session, cipher, now, BATCH)
    with database.write() as session:
        reminded = _remind(session, cipher, now)
    with database.write() as session:
        escalated = _escalate(session, cipher, now)
    with database.write() as session:
        browsing.watch(session, cipher, now)
    with database.write() as session:
        attempts.sweep(session)
        staff.sweep(session)
        provider_logout.sweep(session)
        misheard.sweep(session, clock.today())
        webhook_outbox.sweep(session, now)
        metrics.UNROUTED.set(repaired)
        metrics.OVERDUE.set(_overdue(session, now))
    if repaired:
        log.error("cases without a lead were routed again", count=repaired)
    return Swept(reminded, escalated, repaired, passed_on, left, late)


def _remind(session: Session, cipher: Cipher, now: datetime) -> int:
    """Once per share of the limit (`shares` in clock.yaml): the department is told."""
    query = _open_leads().where(Lead.due_at > now, Lead.remind_at <= now)
    count = 0
    for lead, case in session.execute(query):
        coming = deadlines.next_reminder(lead.due_from, lead.due_at, lead.reminded_share)
        while coming is not None and coming[0] <= now:
            lead.reminded_share = coming[1]
            coming = deadlines.next_reminder(lead.due_from, lead.due_at, lead.reminded_share)
        lead.reminders += 1
        lead.reminded_at = now
        lead.remind_at = coming[0] if coming is not None else None
        notify(session, lead, "reminder", now)
        events.append(
            session, cipher, case, EventKind.REMINDED, events.SYSTEM,
            data={"department": lead.department, "share": lead.reminded_share},
        )  # fmt: skip
        count += 1
    return count


def _escalate(session: Session, cipher: Cipher, now: datetime) -> int:
    """Once per missed limit: the county office is told, and there a person by name."""
    query = _open_leads().where(
        Lead.due_at <= now, (Lead.escalated_at.is_(None)) | (Lead.escalated_at < Lead.due_at)
    )
    count = 0
    for lead, case in session.execute(query):
        lead.escalated_at = now
        person = oncall.person_for(session, lead.area_code, oncall.OVERSEERS)
        if lead.department != Department.MINZHENG:
            notify(session, lead, "overdue", now)
        notify(
            session, lead, "overdue", now, department=Department.MINZHENG,
            staff_id=person.id if person is not None else None,
        )  # fmt: skip
        events.append(
            session, cipher, case, EventKind.ESCALATED, events.SYSTEM,
            data={"department": lead.department, "to": person.id if person is not None else None},
        )  # fmt: skip
        count += 1
    return count


def _repair(session: Session, cipher: Cipher, now: datetime) -> int:
    """An open case that nobody leads is routed again; that it happened at all is an alarm."""
    orphan = ~exists().where(Lead.case_id == Case.id).correlate(Case)
    query = select(Case).where(Case.state.not_in(FINAL_STATES), orphan).limit(BATCH)
    count = 0
    for case in session.scalars(query):
        standing = select(CaseFact).where(
            CaseFact.case_id == case.id, CaseFact.superseded_at.is_(None)
        )
        stated = {row.key: value_of(cipher, row) for row in session.scalars(standing)}
        needs = [NeedType(need) for need in case.need_types] or [NeedType.OTHER]
        routes = routing_rows.route(session, needs, stated, case.region_code, case.urgency)
        events.append(session, cipher, case, EventKind.REPAIRED, events.SYSTEM)
        open_leads(session, cipher, case, routes, now)
        count += 1
    return count


def _overdue(session: Session, now: datetime) -> int:
    late = _open_leads_query().where(Lead.due_at <= now).with_only_columns(Lead.id)
    return session.scalar(select(func.count()).select_from(late.subquery())) or 0


def _open_leads() -> Select[Lead, Case]:
    """A batch of them, locked; leads that another sweep holds are passed over."""
    return (
        _open_leads_query()
        .order_by(Lead.due_at)
        .limit(BATCH)
        .with_for_update(of=Lead, skip_locked=True)
    )


def _open_leads_query() -> Select[Lead, Case]:
    return (
        select(Lead, Case)
        .join(Case, Case.id == Lead.case_id)
        .where(
            Lead.state.in_(OPEN_LEAD_STATES),
            Case.state.not_in(FINAL_STATES),
            Case.paused_since.is_(None),
        )
    )

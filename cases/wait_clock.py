"""What the clock does with the line: chats left unanswered go back, broken promises go up.

Part of `cases.sweep`. Rows are locked as staff do: the case first, then the conversation, then the
place in the line; a case that somebody works on just now is left to the next round.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from conversations import handover, identity
from conversations.errors import UnknownConversation
from foundation.crypto import Cipher

from . import areas, events, hours, oncall, waiting
from . import clock as deadlines
from .events import EventKind
from .models import Case, Staff
from .states import Department
from .wait_models import Wait

Step = Callable[[Session, Cipher, Case, Wait, datetime], bool]


def return_unanswered(session: Session, cipher: Cipher, now: datetime, limit: int) -> int:
    """A taker who says nothing within the limit loses the chat; they and a supervisor are told."""
    taken = Wait.ended_at.is_(None) & Wait.taken_at.is_not(None)
    return _each(session, cipher, now, limit, taken, _return)


def pass_on_overdue(session: Session, cipher: Cipher, now: datetime, limit: int) -> int:
    """A promised time that passed without an answer goes to a person by name, once."""
    late = (
        Wait.ended_at.is_(None)
        & Wait.answered_at.is_(None)
        & Wait.escalated_at.is_(None)
        & (Wait.due_at <= now)
    )
    return _each(session, cipher, now, limit, late, _pass_on)


def _each(
    session: Session,
    cipher: Cipher,
    now: datetime,
    limit: int,
    where: ColumnElement[bool],
    step: Step,
) -> int:
    found = session.execute(
        select(Wait.case_id, Wait.conversation_id).where(where).order_by(Wait.since).limit(limit)
    ).all()
    count = 0
    for case_id, conversation_id in found:
        case = session.scalar(
            select(Case).where(Case.id == case_id).with_for_update(skip_locked=True)
        )
        if case is None:
            continue
        try:
            identity.lock(session, conversation_id)
        except UnknownConversation:
            continue
        wait = waiting.standing(session, conversation_id, lock=True)
        count += wait is not None and step(session, cipher, case, wait, now)
    return count


def _return(session: Session, cipher: Cipher, case: Case, wait: Wait, now: datetime) -> bool:
    owed = waiting.owed_since(session, wait)
    if owed is None or wait.taken_by is None:
        return False
    since, limit = owed
    office = hours.of(wait.area_code, wait.department)
    if hours.between(office, since, now) < float(deadlines.waiting()[limit]):
        return False
    taker = session.get(Staff, wait.taken_by)
    overseer = _overseer(session, wait)
    handover.give_back(session, wait.conversation_id, None, "person_silent")
    waiting.release(wait)
    wait.returns += 1
    if taker is not None:
        waiting.notify(
            session, wait, "call_returned", now, staff_id=taker.id, department=taker.department
        )
    if overseer is not None and overseer is not taker:
        waiting.notify(
            session, wait, "call_returned", now, staff_id=overseer.id,
            department=overseer.department,
        )  # fmt: skip
    events.append(
        session, cipher, case, EventKind.LEFT_UNANSWERED, events.SYSTEM,
        data={
            "to": overseer.id if overseer is not None else None,
            "from": taker.id if taker is not None else None,
        },
    )  # fmt: skip
    return True


def _pass_on(session: Session, cipher: Cipher, case: Case, wait: Wait, now: datetime) -> bool:
    if wait.answered_at is not None or wait.escalated_at is not None or wait.due_at > now:
        return False
    person = _overseer(session, wait)
    wait.escalated_at = now
    wait.passed_to = person.id if person is not None else None
    waiting.notify(
        session, wait, "call_overdue", now, staff_id=wait.passed_to,
        department=person.department if person is not None else Department.MINZHENG,
    )  # fmt: skip
    events.append(
        session, cipher, case, EventKind.CALL_OVERDUE, events.SYSTEM,
        data={
            "to": wait.passed_to,
            "area": areas.name(person.area_code) if person is not None else "",
        },
    )  # fmt: skip
    return True


def _overseer(session: Session, wait: Wait) -> Staff | None:
    passed_over = [wait.taken_by] if wait.taken_by else []
    return oncall.person_for(session, wait.area_code, oncall.OVERSEERS, passed_over=passed_over)

"""The line of residents who wait for a person: one place each, kept until somebody is done.

What residents and the clock do with it; what staff do is `cases.attending`. A place belongs to a
unit (area and department), whose office hours (`cases.hours`) count for every promise. Callers own
the transaction and hold the case's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from conversations.models import Author, ThreadMessage
from foundation import clock
from foundation.database import new_id

from . import areas, hours, routing
from . import clock as deadlines
from .hours import Hours
from .models import Case, Lead, Notice
from .states import OPEN_LEAD_STATES, Department, Urgency, Worded
from .wait_models import Wait


class Origin(Worded):
    """Why somebody is in the line."""

    ASKED = "asked", "居民要求人工"
    ALERT = "alert", "紧急提醒"
    STAFF = "staff", "工作人员主动接管"


class Ending(Worded):
    """How a contact ended."""

    ANSWERED = "answered", "已答复"
    PHONED = "phoned", "已电话联系"
    CLOSED = "closed", "事项办结"
    TAKEN_CARE = "taken_care", "紧急提醒已接手"
    LET_GO = "let_go", "未答复，居民没有问"


RANKS = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}
OFFICES = {department: place for place, department in enumerate(Department)}


@dataclass(frozen=True)
class Place:
    """Where a resident stands. `estimate` is in office minutes, None while too little is known.

    The names are those of the unit, as on a receipt.
    """

    ahead: int
    holder_department_name: str
    holder_area_name: str
    hours: Hours
    open_now: bool
    opens_at: datetime
    due_at: datetime
    estimate: int | None
    estimate_days: int


def standing(session: Session, conversation_id: str | None, *, lock: bool = False) -> Wait | None:
    """The conversation's contact that has not ended."""
    query = select(Wait).where(Wait.conversation_id == conversation_id, Wait.ended_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def join(session: Session, case: Case, origin: Origin, *, tell: bool = False) -> Wait | None:
    """A place in the line; a second wish keeps the first place. None without a conversation.

    `tell` leaves a notice for the unit, where the case itself brings none.
    """
    if case.conversation_id is None:
        return None
    now = clock.now()
    department, area_code, pending = _unit(session, case)
    values: dict[str, Any] = {
        "id": new_id(), "case_id": case.id, "conversation_id": case.conversation_id,
        "origin": origin, "rank": RANKS[Urgency(case.urgency)], "department": department,
        "area_code": area_code, "area_pending": pending, "since": now,
        "due_at": promise(area_code, department, case.urgency, now), "returns": 0,
    }  # fmt: skip
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.scalar(
        dialect.insert(Wait).values(**values).on_conflict_do_nothing().returning(Wait.id)
    )
    wait = standing(session, case.conversation_id, lock=True)
    assert wait is not None  # noqa: S101 - inserted above, or the reason why it was not
    if made is None:
        _strengthen(wait, case, origin)
    elif tell:
        notify(session, wait, "call", now)
    return wait


def promise(area_code: str, department: str, urgency: str, start: datetime) -> datetime:
    """By when somebody answers: so many office days; in an emergency its own limit if earlier."""
    office = hours.of(area_code, department)
    days = float(deadlines.waiting()["promise_office_days"])
    due = hours.after(office, start, days * office.day_minutes)
    if urgency == Urgency.EMERGENCY:
        return min(due, deadlines.first_contact(start, urgency).due_at)
    return due


def place_of(session: Session, conversation_id: str) -> Place | None:
    """Where the conversation stands; None when nobody waits in it or a person has taken it."""
    wait = standing(session, conversation_id)
    if wait is None or wait.taken_at is not None:
        return None
    now = clock.now()
    office = hours.of(wait.area_code, wait.department)
    ahead = session.scalar(
        select(func.count())
        .select_from(Wait)
        .where(in_line(), _same_unit(wait), _before(wait), Wait.id != wait.id)
    )
    return Place(
        ahead=ahead or 0,
        holder_department_name=Department(wait.department).word,
        holder_area_name=areas.name(wait.area_code),
        hours=office,
        open_now=hours.is_open(office, now),
        opens_at=hours.opens(office, now),
        due_at=wait.due_at,
        estimate=estimate(session, wait, office, now),
        estimate_days=int(deadlines.waiting()["estimate"]["days"]),
    )


def estimate(session: Session, wait: Wait, office: Hours, now: datetime) -> int | None:
    """The median of the unit's real waits of the last days, in office minutes; None for too few."""
    rule = deadlines.waiting()["estimate"]
    rows = session.execute(
        select(Wait.since, Wait.answered_at).where(
            _same_unit(wait),
            Wait.origin == Origin.ASKED,
            Wait.answered_at >= now - timedelta(days=int(rule["days"])),
        )
    )
    waited = [hours.between(office, since, answered) for since, answered in rows if answered]
    return max(1, ceil(median(waited))) if len(waited) >= int(rule["least"]) else None


def in_line() -> ColumnElement[bool]:
    """Waiting, and nobody has taken it."""
    return and_(Wait.ended_at.is_(None), Wait.taken_at.is_(None))


def order() -> tuple[Any, ...]:
    """Most urgent first, then the longest wait."""
    return (Wait.rank, Wait.since, Wait.id)


def spoken(session: Session, conversation_id: str) -> Wait | None:
    """A person has written to the resident: recorded on the contact, if there is one."""
    wait = standing(session, conversation_id, lock=True)
    if wait is not None:
        wait.spoken_at = clock.now()
        wait.answered_at = wait.answered_at or wait.spoken_at
    return wait


def owed_since(session: Session, wait: Wait) -> tuple[datetime, str] | None:
    """Since when the taker owes words, and which limit counts; None when nothing is owed."""
    if wait.taken_at is None:
        return None
    spoke = wait.spoken_at is not None and wait.spoken_at >= wait.taken_at
    if not spoke and wait.origin != Origin.STAFF:
        return wait.taken_at, "first_word_minutes"
    since = wait.spoken_at if spoke and wait.spoken_at else wait.taken_at
    said = session.scalar(
        select(func.min(ThreadMessage.created_at)).where(
            ThreadMessage.conversation_id == wait.conversation_id,
            ThreadMessage.author == Author.RESIDENT,
            ThreadMessage.created_at > since,
        )
    )
    return (said, "next_word_minutes") if said is not None else None


def release(wait: Wait) -> None:
    """Back into the line, at the old place; words left open are as good as a wish."""
    if wait.origin == Origin.STAFF:
        wait.origin = Origin.ASKED
    wait.taken_by = wait.taken_at = None


def end(wait: Wait, how: Ending) -> None:
    """Done with; the next wish is a new contact."""
    wait.ended_at, wait.ended_how = clock.now(), how


def move(session: Session, case: Case) -> None:
    """The case has another place: who waits for a person because of it moves along."""
    wait = standing(session, case.conversation_id, lock=True)
    if wait is not None and wait.case_id == case.id:
        wait.area_code, wait.area_pending = routing.area_of(wait.department, case.region_code)


def notify(
    session: Session,
    wait: Wait,
    kind: str,
    now: datetime,
    *,
    staff_id: str | None = None,
    department: str | None = None,
) -> None:
    """Tell the unit, or one person by name."""
    session.add(
        Notice(
            case_id=wait.case_id, kind=kind, department=department or wait.department,
            area_code=wait.area_code, area_pending=wait.area_pending, staff_id=staff_id,
            created_at=now,
        )
    )  # fmt: skip


def _strengthen(wait: Wait, case: Case, origin: Origin) -> None:
    """An alert and a wish are one contact, the stronger of both."""
    if origin == Origin.ASKED:
        wait.origin = origin
    rank = RANKS[Urgency(case.urgency)]
    if rank < wait.rank:
        wait.rank = rank
        due = promise(wait.area_code, wait.department, case.urgency, clock.now())
        wait.due_at = min(wait.due_at, due)


def _unit(session: Session, case: Case) -> tuple[str, str, bool]:
    """Who answers: in an emergency the officer on duty, else the first leading department."""
    leads = list(session.scalars(select(Lead).where(Lead.case_id == case.id)))
    on_duty = case.urgency == Urgency.EMERGENCY
    leads.sort(
        key=lambda lead: (
            lead.state not in OPEN_LEAD_STATES,
            on_duty and lead.department != Department.DUTY,
            lead.assisting,
            OFFICES[Department(lead.department)],
        )
    )
    if leads:
        return leads[0].department, leads[0].area_code, leads[0].area_pending
    return (Department.XIANGZHEN, *routing.area_of(Department.XIANGZHEN, case.region_code))


def _same_unit(wait: Wait) -> ColumnElement[bool]:
    return and_(Wait.area_code == wait.area_code, Wait.department == wait.department)


def _before(wait: Wait) -> ColumnElement[bool]:
    return or_(
        Wait.rank < wait.rank,
        and_(
            Wait.rank == wait.rank,
            or_(Wait.since < wait.since, and_(Wait.since == wait.since, Wait.id < wait.id)),
        ),
    )

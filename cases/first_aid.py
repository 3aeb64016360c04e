"""小额先行救助: help first, the papers by a day; who lets it pass is chased, not cut off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import events
from .casework import actor, tell, writable
from .errors import BadInput, Conflict
from .events import SYSTEM, EventKind
from .inputs import words
from .models import Case, Lead
from .opening import notify
from .repository import Scope
from .rights import Right
from .states import FINAL_STATES, Audience

MOST_DAYS = 92


def papers_due(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, due: str, what: str
) -> Case:
    """Aid was given at once; these papers follow by that day, and the resident is told."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    day, wanted = _day(due), words("text", what, 2, 500)
    if case.aid_papers_due == day:
        return case
    case.aid_papers_due, case.aid_papers_chased_at = day, None
    events.append(
        session, cipher, case, EventKind.AID_PAPERS_DUE, actor(worker),
        audience=Audience.RESIDENT, data={"due": day.isoformat()}, text=wanted,
    )  # fmt: skip
    tell(
        session, cipher, worker, case,
        f"您的回执号 {case.receipt_no}：救助先办，材料后补。"
        f"请在{day.year}年{day.month}月{day.day}日前补上：{wanted}。有难处请告诉我们。",
    )  # fmt: skip
    return case


def papers_in(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> Case:
    """The papers have come. Raises Conflict when none are awaited."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if case.aid_papers_due is None:
        raise Conflict("现在没有先行救助的材料要补")
    late = clock.today() > case.aid_papers_due
    case.aid_papers_due = case.aid_papers_chased_at = None
    events.append(
        session, cipher, case, EventKind.AID_PAPERS_IN, actor(worker),
        audience=Audience.RESIDENT, data={"late": late},
    )  # fmt: skip
    return case


def chase(session: Session, cipher: Cipher, now: datetime, limit: int) -> int:
    """The sweep's part: whose day has passed, the offices that help first hear of it, once."""
    late = (
        select(Case)
        .where(
            Case.aid_papers_due.is_not(None),
            Case.aid_papers_due < clock.today(),
            Case.aid_papers_chased_at.is_(None),
            Case.closed_at.is_(None),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(late))
    for case in rows:
        case.aid_papers_chased_at = now
        leads = list(session.scalars(select(Lead).where(Lead.case_id == case.id)))
        told = [lead for lead in leads if lead.first_aid] or [
            lead for lead in leads if not lead.assisting
        ]
        for lead in told:
            notify(session, lead, "aid_papers", now)
        events.append(session, cipher, case, EventKind.AID_PAPERS_LATE, SYSTEM)
    return len(rows)


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given.strip()[:10])
    except ValueError:
        raise BadInput("due", "请填材料要在哪天前补上") from None
    today = clock.today()
    if not today <= day <= today + timedelta(days=MOST_DAYS):
        raise BadInput("due", "补材料的日子要在今天到三个月以内")
    return day

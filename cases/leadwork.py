"""What a department does with its lead: accept, return with a reason, answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import clock as deadlines
from . import events, routing
from .casework import actor, writable
from .errors import BadInput, Conflict
from .events import EventKind
from .inputs import words
from .models import Case, Lead
from .opening import notify, open_leads, set_limit
from .repository import CaseRepository, Scope
from .rights import Right
from .sealing import seal
from .states import (
    FINAL_STATES,
    OPEN_LEAD_STATES,
    Audience,
    CaseState,
    Department,
    LeadResult,
    LeadState,
    NeedType,
)


def accept(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, lead_id: str) -> Lead:
    """Take the lead up. From here the decision deadline runs (30 working days for 低保 …)."""
    case, lead = _open(session, worker, receipt_no, lead_id)
    if lead.state == LeadState.ACCEPTED:
        return lead
    now = clock.now()
    due = deadlines.decision(now, [lead.need_type], case.region_code)
    lead.state = LeadState.ACCEPTED
    lead.accepted_by = actor(worker).id
    lead.accepted_at = now
    set_limit(lead, due.due_at, now)
    if case.claimed_by is None and not worker.is_service:
        case.claimed_by = worker.worker_id
    if not lead.assisting:
        case.due_on, case.due_at, case.due_from = due.due_on, due.due_at, now
    if case.state in (CaseState.REGISTERED, CaseState.PENDING_REVIEW):
        case.state = CaseState.COLLECTING
    _event(session, cipher, worker, case, lead, EventKind.LEAD_ACCEPTED, None)
    return lead


def return_with_reason(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, lead_id: str, reason: str
) -> Lead:
    """Not ours: the county office leads instead and is told. It alone cannot return a lead."""
    case, lead = _open(session, worker, receipt_no, lead_id)
    if lead.department == Department.MINZHENG:
        raise Conflict("县民政局牵头兜底，不能退回；请增加办理部门，或者直接答复")
    explained = words("reason", reason, 4)
    lead.state = LeadState.RETURNED
    lead.answer_encrypted = seal(cipher, "lead.answer", lead.id, explained)
    lead.answered_at = clock.now()
    session.flush()
    _hand_to_county(session, cipher, case, lead)
    _event(session, cipher, worker, case, lead, EventKind.LEAD_RETURNED, explained)
    return lead


def answer(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    lead_id: str,
    result: str,
    body: str,
) -> Lead:
    """The department's result: helped, not_eligible or papers_needed, with what was done."""
    case, lead = _open(session, worker, receipt_no, lead_id)
    try:
        outcome = LeadResult(result)
    except ValueError:
        raise BadInput("result", "结果只能是已救助、不符合本部门条件、需补材料") from None
    explained = words("text", body)
    lead.state = LeadState.ANSWERED
    lead.result = outcome
    lead.answer_encrypted = seal(cipher, "lead.answer", lead.id, explained)
    lead.answered_at = clock.now()
    _event(session, cipher, worker, case, lead, EventKind.LEAD_ANSWERED, explained)
    return lead


def _open(session: Session, worker: Scope, receipt_no: str, lead_id: str) -> tuple[Case, Lead]:
    case = writable(session, worker, receipt_no, Right.LEAD_WORK)
    lead = CaseRepository(session, worker).lead(case, lead_id)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if lead.state not in OPEN_LEAD_STATES:
        raise Conflict(f"这条线索{LeadState(lead.state).word}，不能再办理")
    return case, lead


def _hand_to_county(session: Session, cipher: Cipher, case: Case, returned: Lead) -> None:
    """A returned lead becomes the county civil-affairs office's to lead and to pass on."""
    now = clock.now()
    county = session.scalar(
        select(Lead).where(Lead.case_id == case.id, Lead.department == Department.MINZHENG)
    )
    if county is None:
        area, pending = routing.area_of(Department.MINZHENG, case.region_code)
        need = NeedType(returned.need_type)
        route = routing.Route(Department.MINZHENG, need, False, False, area, pending)
        county = open_leads(session, cipher, case, [route], now)[0]
    elif county.state not in OPEN_LEAD_STATES:
        county.state = LeadState.PENDING
        set_limit(county, deadlines.first_contact(now, case.urgency).due_at, now)
    county.assisting = False
    notify(session, county, "returned", now)


def _event(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    case: Case,
    lead: Lead,
    kind: EventKind,
    text: str | None,
) -> None:
    events.append(
        session, cipher, case, kind, actor(worker), audience=Audience.RESIDENT,
        data={"department": lead.department, "lead_id": lead.id, "result": lead.result},
        text=text,
    )  # fmt: skip

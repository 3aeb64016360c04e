"""What D1 and D3 say beside their reason: who delivers by when; what the county's meeting said.

D1 makes the responsible unit a leading department with that day as its limit, so that it is
reminded and passed on like any other. D3 stays open until the county's meeting has decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import approver, routing
from . import clock as deadlines
from .errors import BadInput
from .models import Case, Disposition, Lead
from .opening import notify, open_leads, set_limit
from .rights import Right
from .states import (
    OPEN_LEAD_STATES,
    Cause,
    Department,
    DispositionClass,
    LeadResult,
    LeadState,
    NeedType,
)

MOST_DAYS = 366


@dataclass(frozen=True)
class Terms:
    """As typed. D1 wants cause, unit and due; D3, before it is closed, met and decision."""

    cause: str = ""
    unit: str = ""
    due: str = ""
    met: str = ""
    decision: str = ""


NOTHING = Terms()


def of_undelivered(given: Terms) -> dict[str, str]:
    """The terms of D1. Raises BadInput by field."""
    if given.cause not in list(Cause):
        raise BadInput("cause", "选 D1 要写明没有落实的原因")
    if given.unit not in list(Department):
        raise BadInput("unit", "选 D1 要写明由哪个部门落实")
    due, today = _day("due", given.due, "请填限期落实的日子"), clock.today()
    if not today <= due <= today + timedelta(days=MOST_DAYS):
        raise BadInput("due", "限期落实的日子要在今天到一年以内")
    return {"cause": given.cause, "unit": given.unit, "due": due.isoformat()}


def of_meeting(case: Case, given: Terms) -> dict[str, str]:
    """The day of the county's meeting on the case. Raises BadInput by field."""
    met = _day("met", given.met, "请填县级协调会的日子")
    if not clock.day_of(case.created_at) <= met <= clock.today():
        raise BadInput("met", "协调会的日子要在登记以后、今天以前")
    return {"met": met.isoformat()}


def asked_to_deliver(
    session: Session, cipher: Cipher, case: Case, agreed: Mapping[str, str]
) -> None:
    """The responsible unit owes the delivery by its day; one that has delivered owes nothing."""
    now, due_on = clock.now(), date.fromisoformat(agreed["due"])
    lead = _lead(session, case, agreed["unit"])
    if lead is None:
        need = NeedType(case.need_types[0]) if case.need_types else NeedType.OTHER
        area, pending = routing.area_of(agreed["unit"], case.region_code)
        route = routing.Route(Department(agreed["unit"]), need, False, False, area, pending)
        (lead,) = open_leads(session, cipher, case, [route], now)
    elif lead.state == LeadState.ANSWERED and lead.result == LeadResult.HELPED:
        return
    else:
        if lead.state not in OPEN_LEAD_STATES:  # its answer stays in the history
            lead.state, lead.result = LeadState.PENDING, None
            lead.answer_encrypted = lead.answered_at = None
        lead.assisting = False
        notify(session, lead, "deliver", now)
    set_limit(lead, deadlines.end_of_day(due_on), now)
    case.due_on, case.due_at, case.due_from = due_on, deadlines.end_of_day(due_on), now
    session.flush()


def put_before_county(case: Case) -> None:
    """D3 without a meeting yet: the case stays, with a limit of its own."""
    now = clock.now()
    due = deadlines.coordination(now)
    case.due_on, case.due_at, case.due_from = due.due_on, due.due_at, now


def awaited(session: Session, case: Case, chosen: Disposition) -> str:
    """What the disposition still waits for before the case can be closed; "" for nothing."""
    agreed = chosen.terms or {}
    if chosen.disposition == DispositionClass.D1 and "unit" in agreed:
        lead = _lead(session, case, agreed["unit"])
        if lead is not None and lead.state in OPEN_LEAD_STATES:
            return f"等{Department(agreed['unit']).word}落实"
    if chosen.disposition == DispositionClass.D3 and "met" not in agreed:
        return "等县级协调会的意见"
    if chosen.disposition == DispositionClass.D4 and chosen.confirmed_at is None:
        township = approver.right_to(case, Right.CASE_CONFIRM) == Right.CASE_CONFIRM_TOWNSHIP
        return "等乡镇的另一位同事复核" if township else "等另一位同事复核"
    return ""


def told(agreed: Mapping[str, str] | None) -> str:
    """The terms in words."""
    if not agreed:
        return ""
    if "cause" in agreed:
        unit = Department(agreed["unit"]).word
        return f"{Cause(agreed['cause']).word}；{unit}在 {agreed['due']} 前落实"
    return f"{agreed['met']} 协调会" if "met" in agreed else ""


def _lead(session: Session, case: Case, unit: str) -> Lead | None:
    query = select(Lead).where(Lead.case_id == case.id, Lead.department == unit)
    return session.scalar(query)


def _day(field: str, given: str, missing: str) -> date:
    try:
        return date.fromisoformat(given.strip()[:10])
    except ValueError:
        raise BadInput(field, missing) from None

"""Who is told by name when nobody answers: alerts go up step by step, missed limits to one person.

The steps are data (`clock.yaml`). Each is done once: the alert's step number changes in the same
transaction as the notice and the event, under the row's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.crypto import Cipher
from foundation.logging import get_logger

from . import areas, events, rights
from . import clock as deadlines
from .events import EventKind
from .models import Case, DutyAlert, Notice, Staff
from .rights import Right
from .states import FINAL_STATES, Department

log = get_logger(__name__)
LEVELS = ("county", "city", "province")
#: Who learns by name that somebody was not answered in time.
OVERSEERS = ("county_reviewer", "inspector")


def pass_on_alerts(session: Session, cipher: Cipher, now: datetime, limit: int) -> int:
    """Every untaken alert whose next step is due goes to the next person by name."""
    steps = deadlines.alert_steps()
    shortest = timedelta(minutes=min(step["minutes"] for step in steps))
    query = (
        select(DutyAlert, Case)
        .join(Case, Case.id == DutyAlert.case_id)
        .where(
            DutyAlert.acknowledged_at.is_(None),
            DutyAlert.step < len(steps),
            DutyAlert.created_at <= now - shortest,
            Case.state.not_in(FINAL_STATES),
        )
        .order_by(DutyAlert.created_at)
        .limit(limit)
        .with_for_update(of=DutyAlert, skip_locked=True)
    )
    count = 0
    for alert, case in session.execute(query):
        while alert.step < len(steps):
            step = steps[alert.step]
            if now < alert.created_at + timedelta(minutes=step["minutes"]):
                break
            _pass_on(session, cipher, alert, case, step["level"], step["roles"], now)
            count += 1
    return count


def person_for(
    session: Session,
    area_code: str,
    roles: Sequence[str],
    *,
    level: str = "county",
    passed_over: Collection[str] = (),
    right: Right = Right.ALERT_TAKE,
) -> Staff | None:
    """The first active person of these roles at the level, else at the next larger areas.

    Order: area from near to far, then the roles as listed, then the log-in; so the same people
    always lead to the same name.
    """
    for code in _chain(area_code, level):
        found = session.scalars(
            select(Staff).where(
                Staff.active.is_(True),
                Staff.area_code == code,
                Staff.role.in_(list(roles)),
                Staff.id.not_in(list(passed_over)),
            )
        )
        able = [person for person in found if rights.may(person.role, right)]
        if able:
            return min(able, key=lambda person: (list(roles).index(person.role), person.login))
    return None


def _chain(area_code: str, level: str) -> list[str]:
    """The area at the level and all larger ones: 500233107000, city → 500200, 500000, 100000."""
    county = areas.county_of(area_code)
    chain = [code for code in (county, *areas.ancestors(county or area_code)) if code is not None]
    if county is None:
        chain.insert(0, areas.whole(area_code))
    start = LEVELS.index(level) if county is not None else 0
    return chain[min(start, len(chain) - 1) :]


def _pass_on(
    session: Session,
    cipher: Cipher,
    alert: DutyAlert,
    case: Case,
    level: str,
    roles: Sequence[str],
    now: datetime,
) -> None:
    before = [alert.passed_to] if alert.passed_to else []
    person = person_for(session, case.area_code, roles, level=level, passed_over=before)
    alert.step += 1
    alert.passed_at = now
    if person is None:
        log.error("an alert found nobody to pass on to", step=alert.step)
    else:
        alert.passed_to = person.id
    session.add(
        Notice(
            case_id=case.id,
            kind="alert",
            department=person.department if person else Department.MINZHENG,
            area_code=case.area_code,
            area_pending=case.area_pending,
            staff_id=person.id if person else None,
            created_at=now,
        )
    )
    events.append(
        session, cipher, case, EventKind.ALERT_PASSED_ON, events.SYSTEM,
        data={
            "step": alert.step,
            "to": person.id if person else None,
            "area": areas.name(person.area_code) if person else "",
        },
    )  # fmt: skip

"""@ in a note reaches the person: by log-in or by name, who may see the case, and nobody else.

The notice is theirs alone: a colleague who opens the case does not make it disappear.
"""

from __future__ import annotations

import re

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation import clock

from . import areas
from .errors import BadInput, NotFound
from .models import Case, Notice, Staff
from .repository import CaseRepository
from .rights import Right
from .scope import Scope
from .states import Role

KIND = "mention"
MOST = 10
LONGEST = 20
# An address such as name@example.com mentions nobody.
_AT = re.compile(r"(?<![0-9A-Za-z_.+-])[@＠]([0-9A-Za-z_.·\u4e00-\u9fff-]{2,40})")


def notify(session: Session, worker: Scope, case: Case, said: str) -> list[str]:
    """A notice to everybody whom the note names; their ids. Raises BadInput for who cannot see it.

    Nothing is written for oneself.
    """
    found: dict[str, Staff] = {}
    for wanted in dict.fromkeys(_AT.findall(said)):
        person = _person(session, case, wanted)
        if person is None:
            raise BadInput("text", f"没有找到“{wanted[:LONGEST]}”，或者这件事不在这位同事的范围内")
        found[person.id] = person
    if len(found) > MOST:
        raise BadInput("text", f"一条备注最多提醒 {MOST} 位同事")
    found.pop(worker.worker_id, None)
    for person in found.values():
        inside = areas.contains(person.area_code, case.area_code)
        session.add(
            Notice(
                case_id=case.id,
                kind=KIND,
                department=person.department,
                area_code=case.area_code if inside else person.area_code,
                staff_id=person.id,
                created_at=clock.now(),
            )
        )
    session.flush()
    return list(found)


def _person(session: Session, case: Case, wanted: str) -> Staff | None:
    """The log-in, else the longest name that the words begin with: @王芳看一下 is 王芳."""
    beginnings = [wanted[:length] for length in range(2, min(len(wanted), LONGEST) + 1)]
    login = wanted.strip(".-").lower()
    query = select(Staff).where(
        Staff.active.is_(True), or_(Staff.login == login, Staff.name.in_(beginnings))
    )
    able = [one for one in session.scalars(query) if _sees(session, case, one)]
    able.sort(key=lambda one: (one.login == login, len(one.name), one.login), reverse=True)
    return able[0] if able else None


def _sees(session: Session, case: Case, person: Staff) -> bool:
    theirs = Scope(person.id, Role(person.role), person.area_code, person.department, person.name)
    if not theirs.may(Right.CASE_READ):
        return False
    try:
        CaseRepository(session, theirs).get(case.receipt_no)
    except NotFound:
        return False
    return True

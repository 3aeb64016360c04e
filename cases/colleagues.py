"""Whom a case can be given to: the colleagues to choose from, and who is meant by a typed name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from . import areas, rights
from .errors import BadInput, NotFound
from .models import Case, Lead, Staff
from .repository import CaseRepository, in_reach
from .rights import Right
from .scope import Scope
from .staff import scope_of
from .states import Role

MOST = 200  # more are no list to choose from: the name is typed


@dataclass(frozen=True)
class Colleague:
    """Somebody active who may see the case and has the right."""

    login: str
    name: str
    role: Role


def able(session: Session, case: Case, right: Right, but: str = "") -> list[Colleague]:
    """Everybody who can be given this case, by name; without who has the id `but`."""
    leads = list(session.scalars(select(Lead).where(Lead.case_id == case.id)))
    around: set[str] = set()
    below = []
    for lead in leads:
        around |= {lead.area_code, *areas.ancestors(lead.area_code)}
        if lead.area_pending:  # the offices of every county there might be
            low, high = areas.bounds(lead.area_code)
            below.append(and_(Staff.area_code >= low, Staff.area_code < high))
    roles = [role for role in Role if rights.may(role, right)]
    found = session.scalars(
        select(Staff)
        .where(
            Staff.active.is_(True), Staff.role.in_(roles), Staff.id != but,
            or_(Staff.area_code.in_(around), *below),
        )
        .order_by(Staff.name, Staff.login)
    )  # fmt: skip
    return [
        Colleague(one.login, one.name, Role(one.role))
        for one in found
        if any(in_reach(scope_of(one), lead) for lead in leads)
    ]


def named(session: Session, receipt_no: str, given: str, right: Right) -> Scope:
    """The colleague of this log-in, else of this name, who may see the case and has the right.

    Raises BadInput for nobody, and for a name that several have.
    """
    wanted = given.strip()[:60]
    active = select(Staff).where(Staff.active.is_(True))
    person = session.scalar(active.where(Staff.login == wanted.lower()))
    if person is None:
        same = [one for one in session.scalars(active.where(Staff.name == wanted).limit(MOST))
                if _may(session, receipt_no, scope_of(one), right)]  # fmt: skip
        if len(same) > 1:
            several = "、".join(one.login for one in same[:4])
            raise BadInput("login", f"有好几位同事叫这个名字，请写登录名：{several}")
        person = same[0] if same else None
    if person is None or not scope_of(person).may(right):
        raise BadInput("login", "没有这位可以办理的同事")
    if not _may(session, receipt_no, scope_of(person), right):
        raise BadInput("login", "这件事不在这位同事的范围内")
    return scope_of(person)


def _may(session: Session, receipt_no: str, theirs: Scope, right: Right) -> bool:
    try:
        CaseRepository(session, theirs).get(receipt_no)
    except NotFound:
        return False
    return theirs.may(right)

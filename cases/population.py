"""Which monitored groups a household belongs to, from when to when. Nothing is overwritten."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import events
from .casework import actor, writable
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .models import Case, PopulationPeriod
from .repository import Scope
from .rights import Right
from .shapes import PopulationView
from .states import PopulationCategory


def start(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, category: str) -> Case:
    """The household belongs to the group from today. Raises Conflict when it does already."""
    case, wanted = _checked(session, worker, receipt_no, category)
    if _standing(session, case, wanted) is not None:
        raise Conflict("已经在这个类别里")
    session.add(
        PopulationPeriod(
            case_id=case.id,
            category=wanted,
            starts_on=clock.today(),
            recorded_by=worker.worker_id,
        )
    )
    events.append(
        session, cipher, case, EventKind.POPULATION, actor(worker),
        data={"category": wanted, "starts": True},
    )  # fmt: skip
    return case


def end(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, category: str) -> Case:
    """Today is the group's last day for the household. Raises Conflict when it is not in it."""
    case, wanted = _checked(session, worker, receipt_no, category)
    period = _standing(session, case, wanted)
    if period is None:
        raise Conflict("现在不在这个类别里")
    period.ends_on = clock.today()
    events.append(
        session, cipher, case, EventKind.POPULATION, actor(worker),
        data={"category": wanted, "starts": False},
    )  # fmt: skip
    return case


def history(session: Session, case: Case) -> tuple[PopulationView, ...]:
    """Every period, present ones first; of several present groups the first listed is the main."""
    order = {category: place for place, category in enumerate(PopulationCategory)}
    rows = session.scalars(select(PopulationPeriod).where(PopulationPeriod.case_id == case.id))
    found = sorted(
        rows,
        key=lambda row: (
            row.ends_on is not None,
            order[PopulationCategory(row.category)],
            row.starts_on,
        ),
    )
    return tuple(
        PopulationView(
            category=PopulationCategory(row.category),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            main=place == 0 and row.ends_on is None,
        )
        for place, row in enumerate(found)
    )


def _checked(
    session: Session, worker: Scope, receipt_no: str, category: str
) -> tuple[Case, PopulationCategory]:
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if worker.is_service:
        raise NotAllowed("类别只能由工作人员认定后登记")
    try:
        return case, PopulationCategory(category)
    except ValueError:
        raise BadInput("category", "没有这个类别") from None


def _standing(
    session: Session, case: Case, category: PopulationCategory
) -> PopulationPeriod | None:
    query = select(PopulationPeriod).where(
        PopulationPeriod.case_id == case.id,
        PopulationPeriod.category == category,
        PopulationPeriod.ends_on.is_(None),
    )
    return session.scalar(query)

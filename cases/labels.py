"""Labels on cases and saved filters: how staff find their work again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import areas, events
from .casework import actor, writable
from .errors import BadInput, Conflict, NotAllowed, NotFound
from .events import EventKind
from .inputs import words
from .models import Case, CaseLabel, SavedView
from .repository import Scope
from .rights import Right

MOST_LABELS = 6
MOST_VIEWS = 20
QUERY_KEYS = ("view", "status", "department", "urgency", "label", "q")


def put(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, label: str) -> Case:
    """Put a label on a case; the same one again changes nothing."""
    case = writable(session, worker, receipt_no, Right.CASE_NOTE)
    wanted = words("label", label, 1, 20)
    have = labels_of(session, [case.id]).get(case.id, ())
    if wanted in have:
        return case
    if len(have) >= MOST_LABELS:
        raise Conflict(f"一件事最多 {MOST_LABELS} 个标签")
    session.add(
        CaseLabel(case_id=case.id, label=wanted, put_by=actor(worker).id or "", put_at=clock.now())
    )
    events.append(session, cipher, case, EventKind.LABELLED, actor(worker), text=wanted)
    return case


def labels_of(session: Session, case_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """The labels of some cases, in order of the alphabet."""
    rows = session.execute(
        select(CaseLabel.case_id, CaseLabel.label)
        .where(CaseLabel.case_id.in_(case_ids))
        .order_by(CaseLabel.label)
    )
    found: dict[str, tuple[str, ...]] = {}
    for case_id, label in rows:
        found[case_id] = (*found.get(case_id, ()), label)
    return found


def save_view(
    session: Session, worker: Scope, name: str, query: Mapping[str, str], *, shared: bool = False
) -> SavedView:
    """Keep a filter under a name. Searches for a person are not kept: they hold personal data."""
    if worker.is_service:
        raise NotAllowed("系统账号没有自己的筛选")
    worker.demand(Right.CASE_READ)
    if shared:
        worker.demand(Right.VIEW_SHARE)
    wanted = words("name", name, 1, 30)
    kept = {key: str(query[key])[:60] for key in QUERY_KEYS if key != "q" and query.get(key)}
    mine = list(session.scalars(select(SavedView).where(SavedView.staff_id == worker.worker_id)))
    if len(mine) >= MOST_VIEWS:
        raise Conflict(f"最多保存 {MOST_VIEWS} 个筛选，请先删掉不用的")
    if any(one.name == wanted for one in mine):
        raise BadInput("name", "已经有同名的筛选")
    row = SavedView(
        staff_id=worker.worker_id,
        name=wanted,
        query=kept,
        shared=shared,
        area_code=worker.area_code,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def views_for(session: Session, worker: Scope) -> list[SavedView]:
    """One's own filters and those shared by the areas one lies in."""
    around = (worker.area_code, *areas.ancestors(worker.area_code))
    rows = session.scalars(
        select(SavedView)
        .where(
            (SavedView.staff_id == worker.worker_id)
            | (SavedView.shared.is_(True) & SavedView.area_code.in_(around))
        )
        .order_by(SavedView.created_at)
    )
    return list(rows)


def forget_view(session: Session, worker: Scope, view_id: str) -> None:
    """Delete one's own filter. Raises NotFound, alike for absent and another's."""
    row = session.get(SavedView, view_id) if len(view_id) == 32 else None
    if row is None or row.staff_id != worker.worker_id:
        raise NotFound
    session.delete(row)
    session.flush()

"""Two declarations of one household become one case, by a person, and can be taken apart again.

The merged case leaves the queue and points at the kept one: its resident reads the kept one's state
under the old receipt. Departments that only the merged case had get a lead on the kept one. Undoing
puts back what stood before, except what somebody has worked on since.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import events, granted, routing
from .casework import actor, writable
from .errors import BadInput, Conflict, NotAllowed, NotFound
from .events import EventKind
from .inputs import words
from .models import Case, CaseIdentity, CaseMerge, Lead
from .opening import open_leads
from .repository import CaseRepository, Scope
from .rights import Right
from .states import FINAL_STATES, OPEN_LEAD_STATES, CaseState, Department, LeadState, NeedType

PEERS = 10


def candidates(repository: CaseRepository, case: Case) -> list[Case]:
    """Open cases in scope with the same ID number or phone, or filed as a repetition."""
    session = repository.session
    mine = select(CaseIdentity.kind, CaseIdentity.blind_index).where(
        CaseIdentity.case_id == case.id, CaseIdentity.kind.in_(("id_number", "phone"))
    )
    found: dict[str, Case] = {}
    visible = repository.cases().where(Case.id != case.id, Case.closed_at.is_(None))
    for kind, index in session.execute(mine):
        same = select(CaseIdentity.case_id).where(
            CaseIdentity.kind == kind, CaseIdentity.blind_index == index
        )
        for one in session.scalars(visible.where(Case.id.in_(same)).limit(PEERS)):
            found[one.id] = one
    for one in session.scalars(visible.where(Case.id.in_(linked(session, case)))):
        found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.created_at, one.id))[:PEERS]


def linked(session: Session, case: Case) -> list[str]:
    """Ids of the cases marked as repetitions of this one, or this one of them, in any scope."""
    ids = list(session.scalars(select(Case.id).where(Case.duplicate_of_id == case.id)))
    return [*ids, case.duplicate_of_id] if case.duplicate_of_id is not None else ids


def merge(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, other_no: str, reason: str
) -> Case:
    """Put the case `other_no`, without money on record, into this one.

    Raises NotFound, Conflict, NotAllowed (a service).
    """
    repository = CaseRepository(session, worker)
    repository.get(receipt_no)
    worker.demand(Right.CASE_MERGE)
    _by_a_person(worker)
    try:
        repository.get(other_no)
    except NotFound:
        raise BadInput("other", "没有找到另一件事，或者不在您的范围内") from None
    for number in sorted((receipt_no, other_no)):  # one order of locks for both directions
        writable(session, worker, number, Right.CASE_MERGE)
    kept, merged = repository.get(receipt_no), repository.get(other_no)
    if kept.id == merged.id:
        raise BadInput("other", "不能和自己合并")
    if kept.state in FINAL_STATES or merged.state in FINAL_STATES:
        raise Conflict("办结的事项不能合并")
    if granted.recorded(session, merged):
        raise Conflict("要并入的一件已经登记了救助金额，请把另一件并入它")
    explained = words("reason", reason, 4)
    now = clock.now()
    theirs = list(session.scalars(select(Lead).where(Lead.case_id == merged.id)))
    have = set(session.scalars(select(Lead.department).where(Lead.case_id == kept.id)))
    missing = [
        lead for lead in theirs if lead.state in OPEN_LEAD_STATES and lead.department not in have
    ]
    before: dict[str, Any] = {
        "state": merged.state,
        "claimed_by": merged.claimed_by,
        "leads": {lead.id: lead.state for lead in theirs if lead.state in OPEN_LEAD_STATES},
        "kept": {
            "channels": kept.discovery_channels,
            "programmes": kept.programmes,
            "needs": kept.need_types,
        },
    }
    for lead in theirs:
        if lead.state in OPEN_LEAD_STATES:
            lead.state = LeadState.CLOSED
    routes = [
        routing.Route(
            Department(lead.department), NeedType(lead.need_type), lead.assisting, lead.first_aid,
            lead.area_code, lead.area_pending,
        )
        for lead in missing
    ]  # fmt: skip
    opened = open_leads(session, cipher, kept, routes, now)
    before["opened"] = [lead.id for lead in opened]
    kept.discovery_channels = _union(kept.discovery_channels, merged.discovery_channels)
    kept.programmes = _union(kept.programmes, merged.programmes)
    kept.need_types = _union(kept.need_types, merged.need_types)
    merged.merged_into_id = kept.id
    merged.state, merged.closed_at = CaseState.ENDED, now
    session.add(
        CaseMerge(
            kept_id=kept.id, merged_id=merged.id, before=before, merged_by=worker.worker_id,
            merged_at=now,
        )
    )  # fmt: skip
    for case, peer in ((kept, merged), (merged, kept)):
        events.append(
            session, cipher, case, EventKind.MERGED, actor(worker),
            data={"receipt_no": peer.receipt_no, "kept": case is kept,
                  "opened": [lead.department for lead in opened]}, text=explained,
        )  # fmt: skip
    return kept


def undo(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, reason: str) -> Case:
    """Take a merged case out again; `receipt_no` is the merged one's."""
    merged = writable(session, worker, receipt_no, Right.CASE_MERGE)
    _by_a_person(worker)
    record = session.scalar(
        select(CaseMerge).where(CaseMerge.merged_id == merged.id, CaseMerge.undone_at.is_(None))
    )
    if record is None:
        raise Conflict("这件事没有合并过")
    explained = words("reason", reason, 4)
    kept = session.get_one(Case, record.kept_id, with_for_update=True, populate_existing=True)
    if kept.state in FINAL_STATES:
        raise Conflict("合并后的事项已经办结，不能再拆开")
    before = record.before
    merged.state, merged.closed_at, merged.merged_into_id = before["state"], None, None
    for lead in session.scalars(select(Lead).where(Lead.case_id == merged.id)):
        if lead.state == LeadState.CLOSED and lead.id in before["leads"]:
            lead.state = before["leads"][lead.id]
    for lead in session.scalars(select(Lead).where(Lead.id.in_(before["opened"]))):
        if lead.state == LeadState.PENDING:  # nobody has worked on it
            lead.state = LeadState.CLOSED
    kept.discovery_channels = before["kept"]["channels"]
    kept.programmes, kept.need_types = before["kept"]["programmes"], before["kept"]["needs"]
    record.undone_by, record.undone_at = worker.worker_id, clock.now()
    for case, peer in ((kept, merged), (merged, kept)):
        events.append(
            session, cipher, case, EventKind.UNMERGED, actor(worker),
            data={"receipt_no": peer.receipt_no}, text=explained,
        )  # fmt: skip
    return merged


def _by_a_person(worker: Scope) -> None:
    if worker.is_service:
        raise NotAllowed("合并只能由工作人员办理")


def _union(mine: list[str], theirs: list[str]) -> list[str]:
    return list(dict.fromkeys([*mine, *theirs]))

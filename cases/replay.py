"""Where a case stands, derived from its events alone.

The row of a case is a projection of its thread: whatever changes the state, the holder or a lead
leaves an event, and the events told over again give the row. `differences` names the rows for
which that is not so; only a change past the application can be the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from .events import EventKind
from .models import Case, CaseEvent, Lead
from .states import OPEN_LEAD_STATES, CaseState, Department, LeadResult, LeadState, Urgency

AT_ONCE = 500  # cases


@dataclass
class Derived:
    """What the events say. `state` is None while no event has settled it."""

    state: str | None = None
    claimed_by: str | None = None
    leads: dict[str, str] = field(default_factory=dict)  # department → state
    helped: set[str] = field(default_factory=set)  # departments that have answered so
    merged: tuple[str | None, dict[str, str]] | None = None  # state and leads before a merge
    opened: dict[str, list[str]] = field(default_factory=dict)  # by the merged case's receipt


def replay(thread: Iterable[CaseEvent]) -> Derived:
    """Tell a case's events over again, oldest first."""
    told = Derived()
    for event in thread:
        step = STEPS.get(event.kind)  # a kind nobody knows is the chain's matter
        if step is not None:
            step(told, event)
        if event.data.get("state") in list(CaseState):
            told.state = event.data["state"]
    return told


def differences(session: Session, chain: str) -> Iterator[tuple[str, str]]:
    """(receipt, what differs) of the cases whose events are in this chain."""
    chained = select(Case).where(Case.chain_area == chain)
    after = ""
    while rows := session.scalars(
        chained.where(Case.id > after).order_by(Case.id).limit(AT_ONCE)
    ).all():
        yield from _differing(session, rows)
        after = rows[-1].id
        session.expire_all()


def _differing(session: Session, rows: Iterable[Case]) -> Iterator[tuple[str, str]]:
    by_id = {row.id: row for row in rows}
    threads: dict[str, list[CaseEvent]] = {one: [] for one in by_id}
    leads: dict[str, dict[str, str]] = {one: {} for one in by_id}
    told = select(CaseEvent).where(CaseEvent.case_id.in_(by_id)).order_by(CaseEvent.seq)
    for event in session.scalars(told):
        threads[event.case_id or ""].append(event)
    for lead in session.scalars(select(Lead).where(Lead.case_id.in_(by_id))):
        leads[lead.case_id][lead.department] = lead.state
    for one, case in by_id.items():
        derived = replay(threads[one])
        found = [
            name
            for name, stands, says in (
                ("状态", case.state, derived.state or case.state),
                ("经办人", case.claimed_by, derived.claimed_by),
                ("线索", leads[one], derived.leads),
            )
            if stands != says
        ]
        if found:
            yield case.receipt_no, "、".join(found)


def _shut(told: Derived) -> None:
    """No lead stays open."""
    for department, state in told.leads.items():
        if state in OPEN_LEAD_STATES:
            told.leads[department] = LeadState.CLOSED


def _begin(state: CaseState) -> Callable[[Derived, CaseEvent], None]:
    def step(told: Derived, _: CaseEvent) -> None:
        told.state = told.state or state  # or it joined a case that was there

    return step


def _filed(told: Derived, event: CaseEvent) -> None:
    if told.state is None and "urgency" in event.data:  # older ones did not tell it
        urgent = event.data["urgency"] == Urgency.EMERGENCY
        told.state = CaseState.EMERGENCY if urgent else CaseState.PENDING_REVIEW


def _set(state: CaseState) -> Callable[[Derived, CaseEvent], None]:
    def step(told: Derived, _: CaseEvent) -> None:
        told.state = state

    return step


def _moved(told: Derived, event: CaseEvent) -> None:
    told.state = event.data["to"]


def _routed(told: Derived, event: CaseEvent) -> None:
    for lead in event.data["leads"]:
        told.leads[lead["department"]] = LeadState.PENDING


def _accepted(told: Derived, event: CaseEvent) -> None:
    told.leads[event.data["department"]] = LeadState.ACCEPTED
    if told.claimed_by is None and event.actor_kind == "staff":
        told.claimed_by = event.actor_id
    if told.state in (CaseState.REGISTERED, CaseState.PENDING_REVIEW):
        told.state = CaseState.COLLECTING


def _returned(told: Derived, event: CaseEvent) -> None:
    told.leads[event.data["department"]] = LeadState.RETURNED
    if told.leads.get(Department.MINZHENG) not in OPEN_LEAD_STATES:
        told.leads[Department.MINZHENG] = LeadState.PENDING


def _answered(told: Derived, event: CaseEvent) -> None:
    department = event.data["department"]
    told.leads[department] = LeadState.ANSWERED
    if event.data.get("result") == LeadResult.HELPED:
        told.helped.add(department)


def _disposed(told: Derived, event: CaseEvent) -> None:
    """D1 asks its unit to deliver, once more if it has answered anything but that it helped."""
    told.state = CaseState.HANDLING
    unit = event.data.get("unit", "")
    delivered = told.leads.get(unit) == LeadState.ANSWERED and unit in told.helped
    if unit in told.leads and told.leads[unit] not in OPEN_LEAD_STATES and not delivered:
        told.leads[unit] = LeadState.PENDING
        told.helped.discard(unit)


def _claimed(told: Derived, event: CaseEvent) -> None:
    told.claimed_by = event.actor_id


def _assigned(told: Derived, event: CaseEvent) -> None:
    told.claimed_by = event.data["to"]


def _closed(told: Derived, _: CaseEvent) -> None:
    _shut(told)  # the state is in the event


def _ended(told: Derived, _: CaseEvent) -> None:
    told.state = CaseState.ENDED
    _shut(told)


def _merged(told: Derived, event: CaseEvent) -> None:
    if event.data["kept"]:
        told.opened[event.data["receipt_no"]] = event.data.get("opened", [])
        return
    told.merged = told.state, dict(told.leads)
    _shut(told)
    told.state = CaseState.ENDED


def _unmerged(told: Derived, event: CaseEvent) -> None:
    if told.merged is not None:
        told.state, told.leads = told.merged
        told.merged = None
        return
    for department in told.opened.pop(event.data["receipt_no"], ()):
        if told.leads.get(department) == LeadState.PENDING:
            told.leads[department] = LeadState.CLOSED


STEPS: dict[str, Callable[[Derived, CaseEvent], None]] = {
    EventKind.FILED: _filed,
    EventKind.PERSON_REQUESTED: _begin(CaseState.PENDING_REVIEW),
    EventKind.ALERT: _begin(CaseState.EMERGENCY),
    EventKind.STATE: _moved,
    EventKind.ROUTED: _routed,
    EventKind.LEAD_ACCEPTED: _accepted,
    EventKind.LEAD_RETURNED: _returned,
    EventKind.LEAD_ANSWERED: _answered,
    EventKind.CLAIMED: _claimed,
    EventKind.ASSIGNED: _assigned,
    EventKind.DISPOSITION: _disposed,
    EventKind.DISPOSITION_CANCELLED: _set(CaseState.WARNED),
    EventKind.GRADUAL_EXIT: _set(CaseState.MONITORING),
    EventKind.CLOSED: _closed,
    EventKind.WITHDRAWN: _ended,
    EventKind.LEFT: _ended,
    EventKind.MERGED: _merged,
    EventKind.UNMERGED: _unmerged,
}

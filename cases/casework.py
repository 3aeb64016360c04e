"""What staff do with a case. Every step checks scope, right and state, and leaves an event.

Callers own the transaction. Order of locks: conversation, case, county chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from conversations import outbox, thread
from conversations.models import Author, Conversation, ThreadMessage
from foundation import clock, metrics
from foundation.crypto import Cipher

from . import canned, colleagues, events, facts, mentions, pauses, routing_rows, waiting
from . import clock as deadlines
from .errors import BadInput, Conflict, NotAllowed
from .events import Actor, EventKind
from .inputs import MIN_REASON, place_named, words
from .models import Case, CaseEvent, CaseFact, Consent, DutyAlert, Lead, Staff
from .opening import open_leads, place_case
from .repository import CaseRepository, Scope
from .rights import Right
from .states import (
    FINAL_STATES,
    OPEN_LEAD_STATES,
    TRANSITIONS,
    Audience,
    CaseState,
    ConsentKind,
    NeedType,
)

#: The same words of the same person within this time are a double click, not a second saying.
REPEAT = timedelta(seconds=30)
Cited = Sequence[Mapping[str, Any]]


def actor(worker: Scope) -> Actor:
    """The worker as the author of an event."""
    if worker.is_service:
        return Actor("service", worker.worker_id.removeprefix("token:"))
    return Actor("staff", worker.worker_id)


def writable(session: Session, worker: Scope, receipt_no: str, right: Right) -> Case:
    """The case, locked for a step that needs `right`.

    Raises NotFound before NotAllowed, so that a foreign case looks like one that never was.
    """
    case = CaseRepository(session, worker).get(receipt_no, lock=True)
    worker.demand(right)
    return case


def claim(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, seen: str | None = None
) -> Case:
    """Make oneself the holder; a colleague's case changes hands, the thread keeps both names.

    `seen` is the holder whom the worker's page showed ("" for nobody). Raises Conflict when it is
    somebody else by now: nobody takes a case from a colleague without knowing.
    """
    case = writable(session, worker, receipt_no, Right.CASE_CLAIM)
    _still_open(case)
    if worker.is_service:
        raise NotAllowed("系统账号不能认领")
    if case.claimed_by == worker.worker_id:
        return case
    previous = case.claimed_by
    if seen is not None and seen != (previous or ""):
        holder = session.get(Staff, previous) if previous else None
        raise Conflict(
            "这件事现在没有人经办，请再点一次认领" if previous is None
            else f"{holder.name if holder else '另一位同事'}已经认领了这件事。"
            "要接过来，请打开这件事再点“接过”"
        )  # fmt: skip
    case.claimed_by = worker.worker_id
    events.append(session, cipher, case, EventKind.CLAIMED, actor(worker), data={"from": previous})
    return case


def assign(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, login: str) -> Case:
    """Give the case to a colleague (log-in or name) who may see and hold it; else BadInput."""
    case = writable(session, worker, receipt_no, Right.CASE_ASSIGN)
    _still_open(case)
    theirs = colleagues.named(session, receipt_no, login, Right.CASE_CLAIM)
    previous, case.claimed_by = case.claimed_by, theirs.worker_id
    events.append(
        session, cipher, case, EventKind.ASSIGNED, actor(worker),
        data={"from": previous, "to": theirs.worker_id},
    )  # fmt: skip
    return case


def note(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, body: str) -> Case:
    """A private note among staff; whom it names with @ is told."""
    case = writable(session, worker, receipt_no, Right.CASE_NOTE)
    said = words("text", body)
    if not repeated(session, cipher, worker, case, EventKind.NOTE, said):
        told = mentions.notify(session, worker, case, said)
        events.append(
            session, cipher, case, EventKind.NOTE, actor(worker),
            data={"told": told} if told else {}, text=said,
        )  # fmt: skip
    return case


def repeated(
    session: Session, cipher: Cipher, worker: Scope, case: Case, kind: EventKind, said: str
) -> bool:
    """Whether the worker did the very same a moment ago, with nothing of the kind since."""
    last = session.scalar(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.kind == kind)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return (
        last is not None
        and last.actor_id == actor(worker).id
        and clock.now() - last.created_at < REPEAT
        and events.text_of(cipher, last) == said
    )


def change_status(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    to: str,
    reason: str | None = None,
) -> Case:
    """Move along the state model. Handling and closing have their own doors (disposition, close).

    Raises BadInput (no such state), Conflict (not from here; comparing without consent).
    """
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    try:
        target = CaseState(to)
    except ValueError:
        raise BadInput("status", "没有这个状态") from None
    if target not in TRANSITIONS[CaseState(case.state)]:
        raise Conflict(f"不能从“{CaseState(case.state).word}”直接转到“{target.word}”")
    if target == CaseState.COMPARING and not _has_consent(session, case):
        raise Conflict("居民没有同意或已撤回同意，不能发起信息核对")
    explained = words("reason", reason, most=1000) if reason and reason.strip() else None
    _set_state(session, cipher, worker, case, target, explained)
    return case


def request_papers(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, what: str
) -> Case:
    """Ask the resident for papers; the clock stands still until they come."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    _still_open(case)
    wanted = words("text", what)
    again = repeated(session, cipher, worker, case, EventKind.PAPERS_REQUESTED, wanted)
    if again and case.waiting_since is not None:
        return case
    pauses.await_papers(cipher, case, wanted)
    events.append(
        session, cipher, case, EventKind.PAPERS_REQUESTED, actor(worker),
        audience=Audience.RESIDENT, text=wanted,
    )  # fmt: skip
    if _has_conversation(session, case):
        _tell(
            session, cipher, worker, case,
            f"您的回执号 {case.receipt_no}，还需要您补充：{wanted}",
        )  # fmt: skip
    return case


def papers_received(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> Case:
    """The papers came another way (counter, visit): the clock runs again."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if case.waiting_since is None:
        raise Conflict("现在没有等待居民补材料")
    pauses.papers_came(session, cipher, case, actor(worker))
    return case


def start_publicity(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, days: int | None = None
) -> Case:
    """Begin a 公示; the clock stands still until its last day is over."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    pauses.start_publicity(session, cipher, case, actor(worker), days)
    return case


def end_publicity(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> Case:
    """End a 公示 before its time; the clock runs again."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    pauses.end_publicity(session, cipher, case, actor(worker))
    return case


def set_area(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, region_code: str
) -> Case:
    """Name the place of a case that waits for one (待定地区), or correct it; open leads move.

    `region_code` is a code or the name of a county or township. Raises BadInput (several of them).
    """
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    _still_open(case)
    region_code = place_named("region_code", region_code, near=worker.area_code)
    before = case.area_code
    case.region_code = region_code
    place_case(session, case)
    events.append(
        session, cipher, case, EventKind.AREA, actor(worker),
        data={"from": before, "to": case.area_code},
    )  # fmt: skip
    return case


def take_alert(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> Case:
    """Every open alert of the case has a name from now on."""
    case = writable(session, worker, receipt_no, Right.ALERT_TAKE)
    open_alerts = select(DutyAlert).where(
        DutyAlert.case_id == case.id, DutyAlert.acknowledged_at.is_(None)
    )
    alerts = list(session.scalars(open_alerts.with_for_update()))
    if not alerts:
        raise Conflict("这件事没有待接手的紧急提醒")
    for alert in alerts:
        alert.acknowledged_by = actor(worker).id
        alert.acknowledged_at = clock.now()
    wait = waiting.standing(session, case.conversation_id, lock=True)
    if wait is not None and wait.origin == waiting.Origin.ALERT and wait.taken_at is None:
        waiting.end(wait, waiting.Ending.TAKEN_CARE)
    events.append(session, cipher, case, EventKind.ALERT_TAKEN, actor(worker))
    return case


def reveal(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, reason: str
) -> dict[str, Any]:
    """Name, phone and ID number in full, against a reason and exactly one audit event."""
    case = CaseRepository(session, worker).get(receipt_no)
    worker.demand(Right.CASE_REVEAL)
    explained = words("reason", reason, MIN_REASON, 200)
    standing = select(CaseFact).where(
        CaseFact.case_id == case.id,
        CaseFact.key.in_(list(facts.MASKS)),
        CaseFact.superseded_at.is_(None),
    )
    shown = {row.key: facts.value_of(cipher, row) for row in session.scalars(standing)}
    events.append(
        session, cipher, case, EventKind.REVEALED, actor(worker), audience=Audience.AUDIT,
        data={"facts": sorted(shown)}, text=explained,
    )  # fmt: skip
    metrics.REVEALS.inc()
    return shown


def reroute(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, need: str) -> Case:
    """Add the departments of a further need to a case (disposition D2, or a new difficulty)."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    _still_open(case)
    if need not in list(NeedType):
        raise BadInput("need", "没有这种困难类型")
    needs = [NeedType(need)]
    standing = select(CaseFact).where(CaseFact.case_id == case.id, CaseFact.superseded_at.is_(None))
    stated = {row.key: facts.value_of(cipher, row) for row in session.scalars(standing)}
    routes = routing_rows.route(session, needs, stated, case.region_code, case.urgency)
    if not open_leads(session, cipher, case, routes, clock.now()):
        raise Conflict("这些部门已经在办了")
    if need not in case.need_types:
        case.need_types = [*case.need_types, need]
    return case


def close_assisting_leads(session: Session, case: Case) -> None:
    """Assisting departments need not answer once the leading ones have."""
    session.execute(
        update(Lead)
        .where(Lead.case_id == case.id, Lead.state.in_(OPEN_LEAD_STATES))
        .values(state="closed")
        .execution_options(synchronize_session="fetch")
    )


def tell(
    session: Session, cipher: Cipher, worker: Scope, case: Case, message: str, sources: Cited = ()
) -> None:
    """Send the resident a message where there is a conversation; otherwise nothing."""
    if _has_conversation(session, case):
        _tell(session, cipher, worker, case, message, sources)


def _tell(
    session: Session, cipher: Cipher, worker: Scope, case: Case, message: str, sources: Cited = ()
) -> None:
    said = _send(session, cipher, worker, case, message, sources)
    waiting.spoken(session, said.conversation_id)
    events.append(
        session, cipher, case, EventKind.REPLY, actor(worker), audience=Audience.RESIDENT,
        data={"message_id": said.id, "seq": said.seq},
    )  # fmt: skip


def announce(
    session: Session, cipher: Cipher, worker: Scope, case: Case, message: str, sources: Cited = ()
) -> None:
    """Send what is no person's own answer: who waits for a person still waits."""
    if _has_conversation(session, case):
        _send(session, cipher, worker, case, message, sources)


def _send(
    session: Session, cipher: Cipher, worker: Scope, case: Case, message: str, sources: Cited
) -> ThreadMessage:
    canned.refuse_gaps(message)
    said = thread.append(
        session,
        cipher,
        conversation_id=conversation_of(session, case),
        author=Author.PERSON,
        text=message,
        sources=sources,
        worker_id=worker.worker_id,
    )
    outbox.enqueue(session, said)
    return said


def _has_conversation(session: Session, case: Case) -> bool:
    known = case.conversation_id
    return known is not None and session.get(Conversation, known) is not None


def conversation_of(session: Session, case: Case) -> str:
    """The case's conversation. Raises Conflict when there is none (any more)."""
    if case.conversation_id is None or not _has_conversation(session, case):
        raise Conflict("这件事没有网上对话，请打电话联系居民")
    return case.conversation_id


def _still_open(case: Case) -> None:
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")


def _has_consent(session: Session, case: Case) -> bool:
    query = select(Consent.id).where(
        Consent.case_id == case.id,
        Consent.kind == ConsentKind.GENERAL,
        Consent.withdrawn_at.is_(None),
    )
    return session.scalar(query) is not None


def _set_state(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    case: Case,
    target: CaseState,
    explained: str | None,
) -> None:
    before = case.state
    case.state = target
    if before in FINAL_STATES:
        case.closed_at = None
        case.due_from = clock.now()
        due = deadlines.first_contact(clock.now(), case.urgency)
        case.due_on, case.due_at = due.due_on, due.due_at
    events.append(
        session, cipher, case, EventKind.STATE, actor(worker), audience=Audience.RESIDENT,
        data={"from": before, "to": target}, text=explained,
    )  # fmt: skip

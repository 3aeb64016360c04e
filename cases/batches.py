"""One-off payments by rule: previewed, approved by a second person, paid once.

The rule makes the list (`cases.payment_list`). What was seen is what is paid: the digest of the
list is kept, and a list that has changed since is refused. Paying writes one confirmed one-off
grant on each case (`cases.granted`), which residents and reports know like any other. Approval and
payment are one transaction: a crash leaves both or neither.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from conversations.models import Conversation
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, events
from .casework import actor, announce
from .errors import Conflict, NotAllowed, NotFound
from .events import EventKind
from .granted import AidGrant, PaymentBatch, as_data, day, yuan
from .grants import APPEAL
from .models import Case
from .payment_list import PER, Due, Preview, Rule, draw, rule_behind
from .repository import Scope
from .rights import Right
from .states import Audience, GrantUnit

CHANGED = "名单和看到的不一样了，请重新看名单"


def propose(session: Session, cipher: Cipher, worker: Scope, rule: Rule, seen: str) -> PaymentBatch:
    """Ask a colleague to approve the list that was seen; the same one twice is one.

    Raises NotAllowed (a service), Conflict (the list has changed, nobody is on it).
    """
    _by_a_person(worker)
    found = draw(session, worker, rule)
    _refuse_changed(found, seen)
    if not found.due:
        raise Conflict("这条规则下没有要发的家庭")
    values = {
        "id": new_id(), "name": rule.name, "area_code": rule.area, "programme": rule.programme,
        "holds": rule.holds, "hukou": rule.hukou, "per": rule.per, "amount_fen": rule.fen,
        "pays_on": rule.pays_on, "households": len(found.due), "persons": found.persons,
        "total_fen": found.total_fen, "digest": found.digest, "proposed_by": worker.worker_id,
        "proposed_at": clock.now(),
    }  # fmt: skip
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(PaymentBatch).values(**values).on_conflict_do_nothing()
    made = session.scalar(insert.returning(PaymentBatch.id))
    waiting = select(PaymentBatch).where(
        PaymentBatch.digest == found.digest,
        PaymentBatch.approved_at.is_(None),
        PaymentBatch.cancelled_at.is_(None),
    )
    batch = session.scalar(waiting)
    if batch is None:  # a colleague has approved it just now
        raise Conflict(CHANGED)
    if made is not None:
        _note(session, cipher, worker, batch, EventKind.BATCH_PROPOSED)
    return batch


def approve(session: Session, cipher: Cipher, worker: Scope, batch_id: str) -> PaymentBatch:
    """The second person's yes: every household on the list is paid, once, and told.

    Approving again changes nothing. Raises NotAllowed (one's own, a service), Conflict (cancelled,
    the list has changed), NotFound.
    """
    _by_a_person(worker)
    batch = _held(session, worker, batch_id)
    if batch.approved_at is not None:
        return batch
    if batch.cancelled_at is not None:
        raise Conflict("这次发放已经取消")
    if batch.proposed_by == worker.worker_id:
        raise NotAllowed("要由另一位同事批准，不能由提出人自己批准")
    rule = rule_behind(batch)
    _lock(session, draw(session, worker, rule))
    found = draw(session, worker, rule)  # as nobody can change it any more
    _refuse_changed(found, batch.digest)
    batch.approved_by, batch.approved_at = worker.worker_id, clock.now()
    for one in found.due:
        _pay(session, cipher, worker, batch, one)
    _note(session, cipher, worker, batch, EventKind.BATCH_PAID)
    return batch


def cancel(session: Session, cipher: Cipher, worker: Scope, batch_id: str) -> PaymentBatch:
    """Nobody is paid; only before it was approved."""
    _by_a_person(worker)
    batch = _held(session, worker, batch_id)
    if batch.approved_at is not None:
        raise Conflict("已经发放，不能取消；登记有误的在那一件里提出作废")
    if batch.cancelled_at is None:
        batch.cancelled_by, batch.cancelled_at = worker.worker_id, clock.now()
        _note(session, cipher, worker, batch, EventKind.BATCH_CANCELLED)
    return batch


def find(session: Session, worker: Scope, batch_id: str) -> PaymentBatch:
    """A payment of one's own area. Raises NotFound, NotAllowed."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    batch = session.scalar(select(PaymentBatch).where(PaymentBatch.id == batch_id[:32]))
    if batch is None or not areas.contains(worker.area_code, batch.area_code):
        raise NotFound("没有找到这次发放")
    return batch


def listed(session: Session, worker: Scope) -> list[PaymentBatch]:
    """The payments of one's own area, newest first."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    low, high = areas.bounds(worker.area_code)
    query = select(PaymentBatch).where(PaymentBatch.area_code >= low, PaymentBatch.area_code < high)
    return list(session.scalars(query.order_by(PaymentBatch.proposed_at.desc()).limit(100)))


def _held(session: Session, worker: Scope, batch_id: str) -> PaymentBatch:
    """The payment and all others of its name, locked: two of one name may mean one household."""
    batch = find(session, worker, batch_id)
    alike = select(PaymentBatch).where(PaymentBatch.name == batch.name).order_by(PaymentBatch.id)
    session.scalars(alike.with_for_update().execution_options(populate_existing=True)).all()
    return batch


def _lock(session: Session, found: Preview) -> None:
    """Hold every case on the list, then their conversations, each kind in one order.

    Two payments at once, and a step on one of the cases, come one after the other.
    """
    ids = [one.case_id for one in found.due]
    cases = select(Case.conversation_id).where(Case.id.in_(ids)).order_by(Case.id)
    chats = [one for one in session.scalars(cases.with_for_update()) if one is not None]
    held = select(Conversation.id).where(Conversation.id.in_(chats)).order_by(Conversation.id)
    session.scalars(held.with_for_update()).all()


def _pay(session: Session, cipher: Cipher, worker: Scope, batch: PaymentBatch, one: Due) -> None:
    row = AidGrant(
        id=new_id(), case_id=one.case_id, batch_id=batch.id, programme=batch.programme,
        amount_fen=one.fen, unit=GrantUnit.ONCE, starts_on=batch.pays_on, persons=one.persons,
        recorded_by=batch.proposed_by, recorded_at=batch.proposed_at,
        confirmed_by=worker.worker_id, confirmed_at=batch.approved_at,
    )  # fmt: skip
    session.add(row)
    case = session.get_one(Case, one.case_id, populate_existing=True)
    events.append(
        session, cipher, case, EventKind.GRANT_CONFIRMED, actor(worker),
        audience=Audience.RESIDENT, data=as_data(row) | {"batch": batch.id},
    )  # fmt: skip
    announce(session, cipher, worker, case, message(batch, case, one))


def message(batch: PaymentBatch, case: Case, one: Due) -> str:
    """What the household reads: what for, how it was counted, how much, when."""
    much = f"{yuan(one.fen)}元"
    if batch.per == "person":
        much = f"{PER['person']}{yuan(batch.amount_fen)}元，{one.persons}人共{much}"
    said = f"{batch.name}，{much}，{day(batch.pays_on)}一次性发放"
    return f"您的回执号 {case.receipt_no}：{said}。{APPEAL}。"


def _refuse_changed(found: Preview, seen: str) -> None:
    if found.digest != seen:
        raise Conflict(CHANGED)


def _by_a_person(worker: Scope) -> None:
    worker.demand(Right.CASE_GRANT_CONFIRM)
    if worker.is_service:
        raise NotAllowed("批量发放只能由工作人员办理")


def _note(
    session: Session, cipher: Cipher, worker: Scope, batch: PaymentBatch, kind: EventKind
) -> None:
    data = {"batch": batch.id, "households": batch.households, "persons": batch.persons,
            "total_fen": batch.total_fen, "digest": batch.digest}  # fmt: skip
    events.append_of_area(
        session, cipher, batch.area_code, kind, actor(worker), data=data, text=batch.name
    )

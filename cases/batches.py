"""One-off payments by rule: previewed, approved by a second person, paid once.

The rule says who is paid: the households of an area that on the day of payment receive a programme
again and again by the record, of any or of one hukou. What was seen is what is paid: the digest of
the list is kept, and a list that has changed since is refused. Paying writes one confirmed one-off
grant on each case (`cases.granted`), which residents and reports know like any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, events
from .casework import actor, tell, words
from .errors import BadInput, Conflict, NotAllowed, NotFound
from .events import EventKind
from .granted import AidGrant, PaymentBatch, as_data, counts, sentence, yuan
from .grants import APPEAL, MOST_YUAN, fen, first_day
from .models import Case, CaseFact
from .repository import CaseRepository, Scope
from .rights import Right
from .states import PROGRAMMES, Audience, GrantUnit

#: One approval is one transaction; larger ones are made by township.
MOST = 2000
PER = {"person": "每人", "household": "每户"}
HUKOU = {"": "不分户口", "rural": "农村户口", "urban": "城镇户口"}


@dataclass(frozen=True)
class Rule:
    """Who is paid what, and when."""

    name: str
    area: str
    programme: str
    holds: str
    hukou: str
    per: str
    fen: int
    pays_on: date

    def in_words(self) -> str:
        """石宝镇，农村户口，在领最低生活保障的，每人100元."""
        who = f"{areas.name(self.area)}，{HUKOU[self.hukou]}，在领{PROGRAMMES[self.holds]}的"
        return f"{who}，{PER[self.per]}{yuan(self.fen)}元"


@dataclass(frozen=True)
class Due:
    """One household's part."""

    case_id: str
    receipt_no: str
    persons: int
    fen: int


@dataclass(frozen=True)
class Preview:
    """The list that the rule makes today; `digest` names exactly this list."""

    rule: Rule
    due: tuple[Due, ...]

    @property
    def persons(self) -> int:
        """People in all."""
        return sum(one.persons for one in self.due)

    @property
    def total_fen(self) -> int:
        """Money in all."""
        return sum(one.fen for one in self.due)

    @property
    def digest(self) -> str:
        """Of the rule and every line."""
        lines = [repr(self.rule), *(f"{one.case_id} {one.persons} {one.fen}" for one in self.due)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def rule_of(worker: Scope, form: Mapping[str, str]) -> Rule:
    """The rule of a form. Raises BadInput and NotAllowed (an area that is not one's own)."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    area = form.get("area", "").strip() or worker.area_code
    if not areas.is_area_code(area):
        raise BadInput("area", "地区要写行政区划代码，例如 500233")
    if not areas.contains(worker.area_code, area):
        raise NotAllowed("只能给自己地区的家庭发放")
    for field, table, reason in (
        ("programme", PROGRAMMES, "请选择发放的项目"), ("holds", PROGRAMMES, "请选择在领的项目"),
        ("hukou", HUKOU, "请选择户口"), ("per", PER, "请选择按人还是按户"),
    ):  # fmt: skip
        if form.get(field, "") not in table:
            raise BadInput(field, reason)
    pays_on = first_day("pays_on", form.get("pays_on", ""))
    return Rule(
        words("name", form.get("name"), 2, 40), area, form["programme"], form["holds"],
        form["hukou"], form["per"],
        fen("amount", form.get("amount", ""), MOST_YUAN[GrantUnit.ONCE]), pays_on,
    )  # fmt: skip


def rule_behind(batch: PaymentBatch) -> Rule:
    """The rule as it was proposed."""
    return Rule(
        batch.name, batch.area_code, batch.programme, batch.holds, batch.hukou, batch.per,
        batch.amount_fen, batch.pays_on,
    )  # fmt: skip


def preview(session: Session, worker: Scope, rule: Rule) -> Preview:
    """Who would be paid by the record as it is now; a household is a case, once."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    low, high = areas.bounds(rule.area)
    query = (
        select(Case.id, Case.receipt_no, AidGrant.persons)
        .join(AidGrant, AidGrant.case_id == Case.id)
        .where(
            Case.id.in_(CaseRepository(session, worker).cases().with_only_columns(Case.id)),
            Case.area_code >= low,
            Case.area_code < high,
            Case.merged_into_id.is_(None),
            counts(),
            AidGrant.programme == rule.holds,
            AidGrant.unit != GrantUnit.ONCE,
            AidGrant.starts_on <= rule.pays_on,
            or_(AidGrant.ends_on.is_(None), AidGrant.ends_on >= rule.pays_on),
        )
        .order_by(Case.id)
    )
    persons: dict[tuple[str, str], int] = {}
    for case_id, receipt_no, count in session.execute(query):
        persons[case_id, receipt_no] = max(count, persons.get((case_id, receipt_no), 0))
    if rule.hukou:
        meant = _of_hukou(session, rule.hukou, {case_id for case_id, _ in persons})
        persons = {key: count for key, count in persons.items() if key[0] in meant}
    share = rule.fen
    return Preview(rule, tuple(
        Due(case_id, receipt_no, count, share * (count if rule.per == "person" else 1))
        for (case_id, receipt_no), count in persons.items()
    ))  # fmt: skip


def propose(session: Session, cipher: Cipher, worker: Scope, rule: Rule, seen: str) -> PaymentBatch:
    """Ask a colleague to approve the list that was seen; the same one twice is one.

    Raises NotAllowed (a service), Conflict (the list has changed, nobody is on it, too many).
    """
    _by_a_person(worker)
    found = preview(session, worker, rule)
    _refuse_changed(found, seen)
    if not 1 <= len(found.due) <= MOST:
        raise Conflict(f"一次发给 1 到 {MOST} 户；再多的请按乡镇分批")
    standing = session.scalar(
        select(PaymentBatch).where(
            PaymentBatch.digest == found.digest, PaymentBatch.cancelled_at.is_(None)
        )
    )
    if standing is not None:
        return standing
    batch = PaymentBatch(
        id=new_id(), name=rule.name, area_code=rule.area, programme=rule.programme,
        holds=rule.holds, hukou=rule.hukou, per=rule.per, amount_fen=rule.fen,
        pays_on=rule.pays_on, households=len(found.due), persons=found.persons,
        total_fen=found.total_fen, digest=found.digest, proposed_by=worker.worker_id,
        proposed_at=clock.now(),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    _note(session, cipher, worker, batch, EventKind.BATCH_PROPOSED)
    return batch


def approve(session: Session, cipher: Cipher, worker: Scope, batch_id: str) -> PaymentBatch:
    """The second person's yes: every household on the list is paid, once, and told.

    Approving again changes nothing. Raises NotAllowed (one's own, a service), Conflict (cancelled,
    the list has changed), NotFound.
    """
    _by_a_person(worker)
    batch = find(session, worker, batch_id, lock=True)
    if batch.approved_at is not None:
        return batch
    if batch.cancelled_at is not None:
        raise Conflict("这次发放已经取消")
    if batch.proposed_by == worker.worker_id:
        raise NotAllowed("要由另一位同事批准，不能由提出人自己批准")
    found = preview(session, worker, rule_behind(batch))
    _refuse_changed(found, batch.digest)
    batch.approved_by, batch.approved_at = worker.worker_id, clock.now()
    for one in found.due:
        _pay(session, cipher, worker, batch, one)
    _note(session, cipher, worker, batch, EventKind.BATCH_PAID)
    return batch


def cancel(session: Session, cipher: Cipher, worker: Scope, batch_id: str) -> PaymentBatch:
    """Nobody is paid; only before it was approved."""
    _by_a_person(worker)
    batch = find(session, worker, batch_id, lock=True)
    if batch.approved_at is not None:
        raise Conflict("已经发放，不能取消；登记有误的在那一件里提出作废")
    if batch.cancelled_at is None:
        batch.cancelled_by, batch.cancelled_at = worker.worker_id, clock.now()
        _note(session, cipher, worker, batch, EventKind.BATCH_CANCELLED)
    return batch


def find(session: Session, worker: Scope, batch_id: str, *, lock: bool = False) -> PaymentBatch:
    """A payment of one's own area. Raises NotFound, NotAllowed."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    query = select(PaymentBatch).where(PaymentBatch.id == batch_id[:32])
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    batch = session.scalar(query)
    if batch is None or not areas.contains(worker.area_code, batch.area_code):
        raise NotFound("没有找到这次发放")
    return batch


def listed(session: Session, worker: Scope) -> list[PaymentBatch]:
    """The payments of one's own area, newest first."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    low, high = areas.bounds(worker.area_code)
    query = select(PaymentBatch).where(PaymentBatch.area_code >= low, PaymentBatch.area_code < high)
    return list(session.scalars(query.order_by(PaymentBatch.proposed_at.desc()).limit(100)))


def _pay(session: Session, cipher: Cipher, worker: Scope, batch: PaymentBatch, one: Due) -> None:
    row = AidGrant(
        id=new_id(), case_id=one.case_id, batch_id=batch.id, programme=batch.programme,
        amount_fen=one.fen, unit=GrantUnit.ONCE, starts_on=batch.pays_on, persons=one.persons,
        recorded_by=batch.proposed_by, recorded_at=batch.proposed_at,
        confirmed_by=worker.worker_id, confirmed_at=batch.approved_at,
    )  # fmt: skip
    session.add(row)
    case = session.get_one(Case, one.case_id, with_for_update=True, populate_existing=True)
    events.append(
        session, cipher, case, EventKind.GRANT_CONFIRMED, actor(worker),
        audience=Audience.RESIDENT, data=as_data(row) | {"batch": batch.id},
    )  # fmt: skip
    said = f"您的回执号 {case.receipt_no}：{batch.name}，{sentence(row)}。{APPEAL}。"
    tell(session, cipher, worker, case, said)


def _of_hukou(session: Session, hukou: str, case_ids: set[str]) -> set[str]:
    """The cases that stated this hukou."""
    stated = select(CaseFact.case_id, CaseFact.value).where(
        CaseFact.key == "hukou", CaseFact.superseded_at.is_(None)
    )
    return {one for one, value in session.execute(stated) if value == hukou and one in case_ids}


def _refuse_changed(found: Preview, seen: str) -> None:
    if found.digest != seen:
        raise Conflict("名单和看到的不一样了，请重新预览再办")


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

"""What was granted on a case, as the record says: programme, amount, from which day, for whom.

A row is one decision and never becomes another: a change ends it and begins a new row, and each
step is an event of the case. It counts once a second person has confirmed it. Amounts are integer
fen. `ends_on` is the last day; one before `starts_on` means that it never took effect (recorded by
mistake, or replaced from its first day on).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    and_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock
from foundation.database import Base, UtcDateTime, new_id

from . import approver, staff
from .models import Case
from .shapes import GrantView
from .states import PROGRAMMES, GrantUnit

WAITS = text("approved_at IS NULL AND cancelled_at IS NULL")


class PaymentBatch(Base):
    """A payment by rule, as it was proposed, and what became of it."""

    __tablename__ = "payment_batch"
    __table_args__ = (
        Index(
            "uq_payment_batch_waiting", "digest", unique=True,
            sqlite_where=WAITS, postgresql_where=WAITS,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    programme: Mapped[str] = mapped_column(String(20))
    holds: Mapped[str] = mapped_column(String(20))
    hukou: Mapped[str] = mapped_column(String(10))
    per: Mapped[str] = mapped_column(String(10))
    amount_fen: Mapped[int] = mapped_column(Integer)
    pays_on: Mapped[date] = mapped_column(Date)
    households: Mapped[int] = mapped_column(Integer)
    persons: Mapped[int] = mapped_column(Integer)
    total_fen: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    proposed_by: Mapped[str] = mapped_column(String(32))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(String(32))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[str | None] = mapped_column(String(32))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def waits(self) -> bool:
        """Whether a second person must still decide."""
        return self.approved_at is None and self.cancelled_at is None


class AidGrant(Base):
    """One decision on money. Who asked for its end and who confirmed that stand beside it."""

    __tablename__ = "aid_grant"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("persons > 0", name="persons"),
        Index("uq_aid_grant_batch_case", "batch_id", "case_id", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(String(32), ForeignKey("case_record.id"), index=True)
    # of a payment by rule (`cases.batches`), once for each case
    batch_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("payment_batch.id"))
    programme: Mapped[str] = mapped_column(String(20))
    amount_fen: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date] = mapped_column(Date, index=True)
    ends_on: Mapped[date | None] = mapped_column(Date)
    persons: Mapped[int] = mapped_column(Integer)
    recorded_by: Mapped[str] = mapped_column(String(32))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str | None] = mapped_column(String(32))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_asked_on: Mapped[date | None] = mapped_column(Date)  # the last day that was asked for
    end_asked_by: Mapped[str | None] = mapped_column(String(32))
    end_confirmed_by: Mapped[str | None] = mapped_column(String(32))

    @property
    def void(self) -> bool:
        """Whether it never took effect."""
        return self.ends_on is not None and self.ends_on < self.starts_on

    @property
    def waits(self) -> str:
        """What the second person must still confirm: "start", "end" or nothing."""
        if self.taken_back_at is not None:
            return ""
        if self.confirmed_at is None:
            return "start"
        return "end" if self.end_asked_on is not None and self.end_confirmed_by is None else ""

    @property
    def recurs(self) -> bool:
        """Whether it is paid again and again."""
        return self.unit != GrantUnit.ONCE


def counts() -> ColumnElement[bool]:
    """Confirmed, not taken back, and in effect on at least one day."""
    lasts = or_(AidGrant.ends_on.is_(None), AidGrant.ends_on >= AidGrant.starts_on)
    return and_(AidGrant.confirmed_at.is_not(None), AidGrant.taken_back_at.is_(None), lasts)


def standing(session: Session, case_ids: Iterable[str]) -> list[AidGrant]:
    """What counts on these cases, newest first."""
    query = select(AidGrant).where(AidGrant.case_id.in_(list(case_ids)), counts())
    return list(session.scalars(query.order_by(AidGrant.starts_on.desc(), AidGrant.id)))


def of_case(session: Session, case: Case) -> list[AidGrant]:
    """Everything ever recorded on the case, newest first."""
    query = select(AidGrant).where(AidGrant.case_id == case.id)
    return list(session.scalars(query.order_by(AidGrant.recorded_at.desc(), AidGrant.id)))


def recorded(session: Session, case: Case) -> bool:
    """Whether anything stands on the case or waits to."""
    query = select(AidGrant.id).where(AidGrant.case_id == case.id, AidGrant.taken_back_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def endless(session: Session, case: Case) -> list[AidGrant]:
    """What is paid again and again without a last day."""
    return [one for one in standing(session, [case.id]) if one.recurs and one.ends_on is None]


def views(session: Session, case: Case) -> tuple[GrantView, ...]:
    """The case's grants as staff read them."""
    rows = of_case(session, case)
    people = {
        who
        for row in rows
        for who in (row.recorded_by, row.confirmed_by, row.end_asked_by, row.taken_back_by)
        if who
    }
    names = staff.names_of(session, people)
    return tuple(
        GrantView(
            id=row.id,
            programme=row.programme,
            programme_name=PROGRAMMES.get(row.programme, row.programme),
            amount_fen=row.amount_fen,
            unit=GrantUnit(row.unit),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            persons=row.persons,
            state=_state(row),
            waits=row.waits,
            asked_by=(row.end_asked_by if row.waits == "end" else row.recorded_by) or "",
            end_asked_on=row.end_asked_on,
            recorded_by_name=names.get(row.recorded_by, "系统接口"),
            confirmed_by_name=names.get(row.confirmed_by or "", ""),
            recorded_at=row.recorded_at,
            text=sentence(row),
            confirming=approver.right_to_grant(case, row.programme),
        )
        for row in rows
    )


def yuan(fen: int) -> str:
    """650 or 650.50."""
    return f"{fen // 100}.{fen % 100:02d}" if fen % 100 else str(fen // 100)


def sentence(row: AidGrant) -> str:
    """最低生活保障每月650元，从2026年11月1日起."""
    return told(as_data(row))


def as_data(row: AidGrant) -> dict[str, Any]:
    """The decision as an event keeps it: codes, fen and dates."""
    return {
        "grant": row.id, "programme": row.programme, "amount_fen": row.amount_fen,
        "unit": row.unit, "from": row.starts_on.isoformat(), "persons": row.persons,
        "until": None if row.ends_on is None or row.void else row.ends_on.isoformat(),
    }  # fmt: skip


def told(data: Mapping[str, Any]) -> str:
    """The same in words, from what an event keeps."""
    unit, first = GrantUnit(data["unit"]), day(date.fromisoformat(data["from"]))
    what = f"{PROGRAMMES.get(data['programme'], data['programme'])}{unit.word}"
    when = f"{first}发放" if unit == GrantUnit.ONCE else f"从{first}起"
    if unit != GrantUnit.ONCE and data["until"]:
        when = f"从{first}到{day(date.fromisoformat(data['until']))}"
    said = f"{what}{yuan(data['amount_fen'])}元，{when}"
    last = data.get("last")
    if data.get("void") or (last and last < data["from"]):
        return f"作废：{said}"
    return f"{said}；发到{day(date.fromisoformat(last))}" if last else said


def day(value: date) -> str:
    """2026年11月1日."""
    return f"{value.year}年{value.month}月{value.day}日"


def _state(row: AidGrant) -> str:
    if row.taken_back_at is not None:
        return "已撤回"
    if row.waits == "start":
        return "等待复核"
    if row.void:
        return "已作废"
    if row.ends_on is not None and row.ends_on < clock.today():
        return "已停发"
    if not row.recurs:
        return "一次性"
    return "在发" if row.starts_on <= clock.today() else "未到日期"

"""Tables of the queue: a thin case, its append-only events, and what hangs on it.

Words of residents and officials are encrypted row by row (AAD "table.column.rowid"); what is only
looked up (phone, ID number) is a blind index. Times are aware UTC, `due_on` is a Shanghai date.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, UtcDateTime, new_id

from .staff_models import ApiToken as ApiToken
from .staff_models import Attempt as Attempt
from .staff_models import BrowsingAlarm as BrowsingAlarm
from .staff_models import ProviderLogout as ProviderLogout
from .staff_models import RecoveryCode as RecoveryCode
from .staff_models import Staff as Staff
from .staff_models import StaffIdentity as StaffIdentity
from .staff_models import StaffSession as StaffSession
from .staff_models import StaffTotp as StaffTotp

Id = String(32)


def _id() -> Mapped[str]:
    return mapped_column(Id, primary_key=True, default=new_id)


def _case() -> Mapped[str]:
    return mapped_column(Id, ForeignKey("case_record.id"), index=True)


def _like(column: str) -> Mapped[datetime]:
    """An instant that begins as another column's."""
    return mapped_column(
        UtcDateTime, default=lambda context: context.get_current_parameters()[column]
    )


def _partial(name: str, where: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _unique(name: str, where: str, *columns: str) -> Index:
    clause = text(where)
    return Index(name, *columns, unique=True, sqlite_where=clause, postgresql_where=clause)


class Case(Base):
    """One household's (or person's) matter. State is a projection of the events.

    `closed_at` is set exactly in the final states and marks the open queue for its indexes.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        # Each view of the queue reads its own index from the front (`cases.repository`).
        _partial("ix_case_queue", "closed_at IS NULL", "queue_at", "id"),
        _partial("ix_case_done", "closed_at IS NOT NULL", "closed_at", "id"),
        _partial("ix_case_emergency", "closed_at IS NULL AND urgency = 'emergency'", "queue_at"),
        _partial("ix_case_waiting", "closed_at IS NULL AND waiting_since IS NOT NULL", "queue_at"),
        _partial(
            "ix_case_next_due", "closed_at IS NULL AND paused_since IS NULL", "next_due_at", "id"
        ),
        _partial("ix_case_publicity", "publicity_until IS NOT NULL", "publicity_until"),
        _partial("ix_case_aid_papers", "aid_papers_due IS NOT NULL", "aid_papers_due"),
        Index("ix_case_state_queue", "state", "queue_at"),
    )

    id: Mapped[str] = _id()
    receipt_no: Mapped[str] = mapped_column(String(14), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    urgency: Mapped[str] = mapped_column(String(12))
    discovery_channel: Mapped[str] = mapped_column(String(20))
    discovery_channels: Mapped[list[str]] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(String(20))
    conversation_id: Mapped[str | None] = mapped_column(Id, index=True)
    region_code: Mapped[str | None] = mapped_column(String(12))
    region_text_encrypted: Mapped[str | None] = mapped_column(Text)
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    area_pending: Mapped[bool] = mapped_column(Boolean, default=False)
    chain_area: Mapped[str] = mapped_column(String(12))
    programmes: Mapped[list[str]] = mapped_column(JSON)
    need_types: Mapped[list[str]] = mapped_column(JSON)
    for_relation: Mapped[str | None] = mapped_column(String(40))
    story_encrypted: Mapped[str | None] = mapped_column(Text)
    screening_encrypted: Mapped[str | None] = mapped_column(Text)
    duplicate_of_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("case_record.id"), index=True
    )
    claimed_by: Mapped[str | None] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    merged_into_id: Mapped[str | None] = mapped_column(Id, ForeignKey("case_record.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_from: Mapped[datetime] = _like("created_at")  # from when the present limit runs
    queue_at: Mapped[datetime] = _like("due_at")  # place in the queue, `cases.priority`
    next_due_at: Mapped[datetime] = _like("due_at")  # the earliest of its own and its leads'
    paused_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # papers or 公示
    publicity_until: Mapped[date | None] = mapped_column(Date)  # last day of a running 公示
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # for papers
    waiting_text_encrypted: Mapped[str | None] = mapped_column(Text)
    result_encrypted: Mapped[str | None] = mapped_column(Text)
    aid_papers_due: Mapped[date | None] = mapped_column(Date)  # after 先行救助 (`cases.first_aid`)
    aid_papers_chased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EventChain(Base):
    """Head of one county's hash chain; the row is the lock that orders appends."""

    __tablename__ = "event_chain"

    area: Mapped[str] = mapped_column(String(12), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    moved_seq: Mapped[int] = mapped_column(Integer, default=0)  # of the last event not a reading


class CaseEvent(Base):
    """One step, never changed. `hash` covers every other column, including the ciphertext.

    `case_id` is empty for what concerns no single case (a report taken away).
    """

    __tablename__ = "case_event"
    __table_args__ = (
        Index("uq_case_event_chain_seq", "chain_area", "seq", unique=True),
        _partial("ix_case_event_audit", "audience = 'audit'", "created_at"),
        _partial("ix_case_event_reader", "audience = 'audit'", "actor_id", "created_at"),
    )

    id: Mapped[str] = _id()
    chain_area: Mapped[str] = mapped_column(String(12))
    seq: Mapped[int] = mapped_column(Integer)
    case_id: Mapped[str | None] = mapped_column(Id, ForeignKey("case_record.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    audience: Mapped[str] = mapped_column(String(10))
    actor_kind: Mapped[str] = mapped_column(String(10))  # resident, staff, service, system
    actor_id: Mapped[str | None] = mapped_column(Id)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    text_encrypted: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Lead(Base):
    """One department's part of a case, in one area, with one deadline."""

    __tablename__ = "lead"
    __table_args__ = (
        Index("uq_lead_case_department", "case_id", "department", unique=True),
        Index("ix_lead_scope", "area_code", "department", "state", "case_id"),
        _partial("ix_lead_pending", "state = 'pending'", "area_code", "department", "case_id"),
    )

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    need_type: Mapped[str] = mapped_column(String(24))
    department: Mapped[str] = mapped_column(String(16))
    assisting: Mapped[bool] = mapped_column(Boolean, default=False)
    first_aid: Mapped[bool] = mapped_column(Boolean, default=False)  # 先行救助
    area_code: Mapped[str] = mapped_column(String(12))
    area_pending: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(12))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_from: Mapped[datetime] = _like("created_at")  # from when the present limit runs
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by: Mapped[str | None] = mapped_column(Id)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(String(16))
    answer_encrypted: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    reminded_share: Mapped[int] = mapped_column(Integer, default=0)  # per cent of the limit
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Consent(Base):
    """A consent as it was given: the version, and the hash of the very text that was shown."""

    __tablename__ = "consent"

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    conversation_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[str] = mapped_column(String(40))
    text_hash: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseFact(Base):
    """One stated fact and the sentence it came from. A correction supersedes, nothing is edited."""

    __tablename__ = "case_fact"

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON, nullable=True)  # null when `value_encrypted` is set
    value_encrypted: Mapped[str | None] = mapped_column(Text)
    sentence_encrypted: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseIdentity(Base):
    """Blind index of a phone, ID number or name on a case: finds the same household again."""

    __tablename__ = "case_identity"
    __table_args__ = (Index("ix_case_identity_lookup", "kind", "blind_index"),)

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    kind: Mapped[str] = mapped_column(String(12))
    blind_index: Mapped[str] = mapped_column(String(64))


class Idempotency(Base):
    """The answer once given to a key; the body's digest tells a retry from a different request."""

    __tablename__ = "case_idempotency"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Notice(Base):
    """What a department must learn (new lead, reminder, escalation, alarm), written with its cause.

    The console shows it to everybody of the department and area until one of them has seen it.
    """

    __tablename__ = "case_notice"
    __table_args__ = (Index("ix_case_notice_unseen", "seen_at", "area_code", "department"),)

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    lead_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(16))
    department: Mapped[str] = mapped_column(String(16))
    area_code: Mapped[str] = mapped_column(String(12))
    area_pending: Mapped[bool] = mapped_column(Boolean, default=False)
    staff_id: Mapped[str | None] = mapped_column(Id, index=True)  # to one person by name
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_by: Mapped[str | None] = mapped_column(Id)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Disposition(Base):
    """The one disposition of a case. D4 counts only when a second person has confirmed it."""

    __tablename__ = "disposition"
    __table_args__ = (
        Index(
            "uq_disposition_standing",
            "case_id",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    disposition: Mapped[str] = mapped_column(String(2))
    reason_encrypted: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Id)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # D1: cause, unit, due; D3: met. Codes and days, never words (`cases.terms`).
    terms: Mapped[dict[str, str] | None] = mapped_column(JSON)
    confirmed_by: Mapped[str | None] = mapped_column(Id)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DutyAlert(Base):
    """Danger to life or no food: stays on top of the queue until a named person has taken it."""

    __tablename__ = "duty_alert"

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    conversation_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(30))
    sentence_encrypted: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(Id)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[int] = mapped_column(Integer, default=0)  # how often it was passed on, untaken
    passed_to: Mapped[str | None] = mapped_column(Id)
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PopulationPeriod(Base):
    """A household's monitored category from a day to a day; a change ends one row and adds one."""

    __tablename__ = "population_period"

    id: Mapped[str] = _id()
    case_id: Mapped[str] = _case()
    category: Mapped[str] = mapped_column(String(16))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(Id)


class CaseMerge(Base):
    """Two cases of one household made one; `before` is what undoing puts back (ids and enums)."""

    __tablename__ = "case_merge"
    __table_args__ = (_unique("uq_case_merge_standing", "undone_at IS NULL", "merged_id"),)

    id: Mapped[str] = _id()
    kept_id: Mapped[str] = mapped_column(Id, ForeignKey("case_record.id"), index=True)
    merged_id: Mapped[str] = mapped_column(Id, ForeignKey("case_record.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    merged_by: Mapped[str] = mapped_column(Id)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(Id)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseLabel(Base):
    """A word staff put on a case to find it again."""

    __tablename__ = "case_label"
    __table_args__ = (
        Index("uq_case_label", "case_id", "label", unique=True),
        Index("ix_case_label_label", "label"),
    )

    id: Mapped[str] = _id()
    case_id: Mapped[str] = mapped_column(Id, ForeignKey("case_record.id"))
    label: Mapped[str] = mapped_column(String(20))
    put_by: Mapped[str] = mapped_column(Id)
    put_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Base):
    """A filter of the queue under a name, for oneself or shared with one's area."""

    __tablename__ = "saved_view"

    id: Mapped[str] = _id()
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[dict[str, str]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
    area_code: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""The table of residents who wait for a person, or are with one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, UtcDateTime, new_id

from .models import Id

STANDING = text("ended_at IS NULL")


class Wait(Base):
    """One contact with a person, from the wish until somebody is done with it.

    A conversation has one that has not ended. `since` never changes, whoever took it and let it go:
    the place in the line is kept. `department` and area are the unit in whose line it stands.
    """

    __tablename__ = "person_wait"
    __table_args__ = (
        Index(
            "uq_person_wait_standing", "conversation_id", unique=True,
            sqlite_where=STANDING, postgresql_where=STANDING,
        ),
        Index(
            "ix_person_wait_line", "area_code", "department", "since",
            sqlite_where=STANDING, postgresql_where=STANDING,
        ),
        Index("ix_person_wait_answered", "area_code", "department", "answered_at"),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(Id, ForeignKey("case_record.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(Id, index=True)
    origin: Mapped[str] = mapped_column(String(8))  # asked, alert, staff
    rank: Mapped[int] = mapped_column(Integer)  # of its urgency, 0 first
    department: Mapped[str] = mapped_column(String(16))
    area_code: Mapped[str] = mapped_column(String(12))
    area_pending: Mapped[bool] = mapped_column(Boolean, default=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # by when an answer was promised
    taken_by: Mapped[str | None] = mapped_column(String(64), default=None)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # the first
    spoken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)  # the last words
    returns: Mapped[int] = mapped_column(Integer, default=0)  # how often a taker left it unanswered
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    passed_to: Mapped[str | None] = mapped_column(Id, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_how: Mapped[str | None] = mapped_column(String(12), default=None)
    rating_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    rating: Mapped[str | None] = mapped_column(String(12), default=None)
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

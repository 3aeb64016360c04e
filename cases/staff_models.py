"""Tables of the people who work with the queue: accounts, second factors, sessions, tokens.

What opens a door is stored as a hash; the one thing that must be read again, the key of the code
generator, is encrypted for its row.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, UtcDateTime, new_id

Id = String(32)


def _id() -> Mapped[str]:
    return mapped_column(Id, primary_key=True, default=new_id)


class Attempt(Base):
    """A wrong proof (receipt look-up, sign-in); subject is a keyed hash, old rows are swept."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_subject", "kind", "subject", "at"),)

    id: Mapped[str] = _id()
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Staff(Base):
    """A caseworker: role × area × department are the scope (`cases.rights`)."""

    __tablename__ = "staff"

    id: Mapped[str] = _id()
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(24))
    area_code: Mapped[str] = mapped_column(String(12))
    department: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    must_change: Mapped[bool] = mapped_column(Boolean, default=False)  # somebody else gave it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffTotp(Base):
    """The key of a person's code generator. `pending` waits for its first code, in one session.

    `last_step` is the 30-second step of the last code taken: no code counts twice.
    """

    __tablename__ = "staff_totp"

    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), primary_key=True)
    secret_encrypted: Mapped[str | None] = mapped_column(Text)
    pending_encrypted: Mapped[str | None] = mapped_column(Text)
    pending_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pending_in: Mapped[str | None] = mapped_column(Id)
    last_step: Mapped[int] = mapped_column(Integer, default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code for the day the phone is lost; good once."""

    __tablename__ = "staff_recovery_code"

    id: Mapped[str] = _id()
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A browser session; only the hash of its id is stored. `id` names it in the person's list.

    `stage` is what the sign-in still waits for (`cases.signing_in`); only "full" opens pages.
    """

    __tablename__ = "staff_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(Id, default=new_id, unique=True)
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    stage: Mapped[str] = mapped_column(String(10), default="full")
    device: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(40), default="")  # masked before it is stored
    via: Mapped[str | None] = mapped_column(String(10))
    subject_hash: Mapped[str | None] = mapped_column(String(64))  # of who came by the provider
    sid_hash: Mapped[str | None] = mapped_column(String(64))  # the provider's own session
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffIdentity(Base):
    """A subject of the identity provider, linked to an account by an administrator."""

    __tablename__ = "staff_identity"
    __table_args__ = (
        Index("uq_staff_identity_subject", "issuer", "subject", unique=True),
        Index("uq_staff_identity_staff", "staff_id", "issuer", unique=True),
    )

    id: Mapped[str] = _id()
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"))
    issuer: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(255))
    linked_by: Mapped[str] = mapped_column(Id)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProviderLogout(Base):
    """A logout token acted upon: none counts twice, and no sign-in begun before it ends after."""

    __tablename__ = "provider_logout"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject_hash: Mapped[str | None] = mapped_column(String(64))
    sid_hash: Mapped[str | None] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BrowsingAlarm(Base):
    """Unusual reading by one person on one day, by one rule (`cases.browsing`), for a supervisor.

    `count` and `allowed` are as they were when it was last counted, `since` begins the time meant.
    """

    __tablename__ = "browsing_alarm"
    __table_args__ = (Index("uq_browsing_alarm", "rule", "staff_id", "day", unique=True),)

    id: Mapped[str] = _id()
    rule: Mapped[str] = mapped_column(String(16))
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    day: Mapped[date] = mapped_column(Date)
    count: Mapped[int] = mapped_column(Integer)
    allowed: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    area_code: Mapped[str] = mapped_column(String(12))
    told_to: Mapped[str | None] = mapped_column(Id, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by: Mapped[str | None] = mapped_column(Id)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finding_encrypted: Mapped[str | None] = mapped_column(Text)


class ApiToken(Base):
    """A service's bearer token (hashed) with its own role, area and department.

    `rights` narrows it to some of the role's rights; null has them all.
    """

    __tablename__ = "api_token"

    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(24))
    area_code: Mapped[str] = mapped_column(String(12))
    department: Mapped[str] = mapped_column(String(16))
    rights: Mapped[list[str] | None] = mapped_column(JSON, nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str | None] = mapped_column(Id)  # null: on the machine
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(Id)

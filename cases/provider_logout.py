"""What the identity provider has ended: sessions it vouched for, and sign-ins still on their way.

A session knows its subject and the provider's session (`sid`) as keyed hashes. Ending and signing
in take turns, so that none slips through between the two. Callers own the transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import is_writing

from . import staff
from .errors import Conflict
from .events import SYSTEM, EventKind
from .models import ProviderLogout, Staff, StaffSession

#: Longer than a logout token is taken after it was made, and than a sign-in may be on its way.
KEEP = timedelta(hours=1)
_TURNS = 771_003  # PostgreSQL: the lock of `take_turns`


class AlreadyTold(Conflict):
    """This very message was acted upon before."""

    reason = "这条退出通知已经处理过"


class SignedOut(Conflict):
    """The provider ended the session while its owner was still on the way to us."""

    reason = "统一登录那边已经退出，请重新登录"


@dataclass(frozen=True)
class Told:
    """A checked logout token: whose sessions, or which one, at this provider."""

    issuer: str
    token_id: str
    issued: datetime
    subject: str = ""
    sid: str = ""


def mark(cipher: Cipher, issuer: str, kind: str, value: str) -> str | None:
    """A subject or a `sid` as sessions keep it; None for an empty one."""
    return cipher.pseudonym(f"oidc.{kind}", f"{issuer}\n{value}") if value else None


def end(session: Session, cipher: Cipher, told: Told) -> int:
    """End the sessions meant, on record; says how many opened pages. Raises AlreadyTold.

    A session whose `sid` the provider never said is meant by its subject alone. What was opened
    with a password is not the provider's to end.
    """
    take_turns(session)
    key = cipher.pseudonym("oidc.logout", f"{told.issuer}\n{told.token_id}")
    if session.get(ProviderLogout, key) is not None:
        raise AlreadyTold
    row = ProviderLogout(
        id_hash=key, subject_hash=mark(cipher, told.issuer, "subject", told.subject),
        sid_hash=mark(cipher, told.issuer, "sid", told.sid), issued_at=told.issued,
        created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyTold from None
    ended: dict[str, int] = {}
    for one in session.scalars(select(StaffSession).where(_meant(row))).all():
        ended[one.staff_id] = ended.get(one.staff_id, 0) + (one.stage == staff.FULL)
        session.delete(one)
    session.flush()
    for staff_id, count in ended.items():
        person = session.get_one(Staff, staff_id)
        if count:
            staff.record(
                session, cipher, person, EventKind.SESSIONS_ENDED, SYSTEM, by="oidc", ended=count
            )
    return sum(ended.values())


def refuse_ended(
    session: Session, subject_hash: str | None, sid_hash: str | None, issued: datetime
) -> None:
    """For a sign-in whose ID token was made at `issued`. Raises SignedOut when it is over."""
    take_turns(session)
    same = ProviderLogout.subject_hash == subject_hash
    whole = and_(same, ProviderLogout.issued_at >= issued)
    found = whole & ProviderLogout.sid_hash.is_(None) if sid_hash else whole
    if sid_hash:
        found = or_(found, ProviderLogout.sid_hash == sid_hash)
    if session.scalar(select(func.count()).select_from(ProviderLogout).where(found)):
        raise SignedOut


def take_turns(session: Session) -> None:
    """Until the transaction ends nobody else signs in by the provider or is signed out by it."""
    # SQLite has one writer at a time anyhow
    if is_writing(session) and session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURNS)))


def sweep(session: Session) -> None:
    """Forget messages too old to be taken again."""
    session.execute(delete(ProviderLogout).where(ProviderLogout.created_at < clock.now() - KEEP))


def _meant(row: ProviderLogout) -> ColumnElement[bool]:
    same = StaffSession.subject_hash == row.subject_hash
    if row.sid_hash is None:
        return same
    this = StaffSession.sid_hash == row.sid_hash
    if row.subject_hash is None:
        return this
    return and_(same, or_(this, StaffSession.sid_hash.is_(None)))

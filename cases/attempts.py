"""Counting wrong proofs in the database, so that a restart or a second process forgives nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from .errors import TooManyAttempts
from .models import Attempt

WINDOW = timedelta(minutes=15)
LIMIT = 5


def check(session: Session, cipher: Cipher, kind: str, *subjects: str, limit: int = LIMIT) -> None:
    """Raise TooManyAttempts when a subject failed `limit` times within fifteen minutes."""
    since = clock.now() - WINDOW
    for subject in subjects:
        count, first = session.execute(
            select(func.count(), func.min(Attempt.at)).where(
                Attempt.kind == kind,
                Attempt.subject == cipher.pseudonym(kind, subject),
                Attempt.at > since,
            )
        ).one()
        if count >= limit:
            raise TooManyAttempts(_seconds_until(first + WINDOW))


def count(session: Session, cipher: Cipher, kind: str, subject: str) -> int:
    """How often the subject failed within fifteen minutes."""
    query = select(func.count()).where(
        Attempt.kind == kind,
        Attempt.subject == cipher.pseudonym(kind, subject),
        Attempt.at > clock.now() - WINDOW,
    )
    return session.scalar(query) or 0


def record(session: Session, cipher: Cipher, kind: str, *subjects: str) -> None:
    """Note a failure of every subject; the caller's transaction must commit."""
    now = clock.now()
    for subject in subjects:
        session.add(Attempt(kind=kind, subject=cipher.pseudonym(kind, subject), at=now))
    session.flush()


def clear(session: Session, cipher: Cipher, kind: str, subject: str) -> None:
    """Forget the failures of a subject that has now succeeded."""
    subject_hash = cipher.pseudonym(kind, subject)
    session.execute(delete(Attempt).where(Attempt.kind == kind, Attempt.subject == subject_hash))


def sweep(session: Session) -> None:
    """Delete what no window reaches any more."""
    session.execute(delete(Attempt).where(Attempt.at <= clock.now() - WINDOW))


def _seconds_until(moment: datetime) -> int:
    return max(1, int((moment - clock.now()).total_seconds()) + 1)

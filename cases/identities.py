"""Whom the identity provider's subjects stand for, as an administrator has linked them.

A subject is linked by hand and never guessed from a name or an address: those change hands.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import accounts, staff
from .casework import actor
from .errors import BadInput, Conflict
from .events import EventKind
from .inputs import MIN_REASON, words
from .models import Staff, StaffIdentity
from .repository import Scope

LONGEST = 255


def link(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, issuer: str, subject: str,
    reason: str,
) -> Staff:  # fmt: skip
    """This subject of the provider is this person; one subject each. Raises BadInput, NotFound."""
    person = accounts.other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    plain = subject.strip()
    if not issuer:
        raise Conflict("没有设置统一登录")
    if not plain or len(plain) > LONGEST or not plain.isascii() or not plain.isprintable():
        raise BadInput("subject", "编号不对，请照登录页上显示的填写")
    taken = session.scalar(
        select(StaffIdentity.staff_id).where(
            StaffIdentity.issuer == issuer, StaffIdentity.subject == plain
        )
    )
    if taken is not None and taken != person.id:
        raise BadInput("subject", "这个编号已经关联别的账号")
    _forget(session, person.id, issuer)
    session.add(
        StaffIdentity(
            staff_id=person.id, issuer=issuer, subject=plain, linked_by=actor(worker).id or "",
            linked_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    staff.record(
        session, cipher, person, EventKind.IDENTITY_LINKED, actor(worker), reason=explained
    )
    return person


def unlink(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, issuer: str, reason: str
) -> Staff:
    """The provider opens nothing for this person any more; every session ends."""
    person = accounts.other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    if subject_of(session, person.id, issuer) is None:
        raise Conflict("这个账号没有关联统一登录")
    _forget(session, person.id, issuer)
    ended = staff.close_sessions(session, person.id)
    staff.record(
        session, cipher, person, EventKind.IDENTITY_UNLINKED, actor(worker), reason=explained,
        ended=ended,
    )  # fmt: skip
    return person


def person_of(session: Session, issuer: str, subject: str) -> Staff | None:
    """The active account a subject stands for."""
    return session.scalar(
        select(Staff)
        .join(StaffIdentity, StaffIdentity.staff_id == Staff.id)
        .where(
            StaffIdentity.issuer == issuer, StaffIdentity.subject == subject,
            Staff.active.is_(True),
        )
    )  # fmt: skip


def subject_of(session: Session, staff_id: str, issuer: str) -> str | None:
    """The subject linked to an account."""
    return session.scalar(
        select(StaffIdentity.subject).where(
            StaffIdentity.staff_id == staff_id, StaffIdentity.issuer == issuer
        )
    )


def _forget(session: Session, staff_id: str, issuer: str) -> None:
    session.execute(
        delete(StaffIdentity).where(
            StaffIdentity.staff_id == staff_id, StaffIdentity.issuer == issuer
        )
    )

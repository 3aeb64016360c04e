"""What a person does with the own account: the second factor and the sessions.

The password is `cases.signing_in.change_password`. Whatever weakens the account asks for a proof
first, the password or a code, so that a browser left open is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from foundation.crypto import Cipher
from foundation.database import Database

from . import rights, second_factor, signing_in, staff
from .errors import NotAllowed, NotFound
from .events import Actor, EventKind
from .models import Staff, StaffSession
from .staff import SignedIn


@dataclass(frozen=True)
class Own:
    """What the page of one's own account shows."""

    sessions: list[StaffSession]
    here: str
    has_code: bool
    codes_left: int
    waiting: second_factor.Setup | None


def own(database: Database, cipher: Cipher, user: SignedIn) -> Own:
    """Sessions and second factor of the signed-in person."""
    staff_id = user.scope.worker_id
    with database.read() as session:
        person = session.get_one(Staff, staff_id)
        return Own(
            staff.live_sessions(session, staff_id),
            user.session_id,
            second_factor.is_set(session, staff_id),
            second_factor.codes_left(session, staff_id),
            second_factor.waiting(session, cipher, person, user.session_id),
        )


def end_session(session: Session, cipher: Cipher, user: SignedIn, session_id: str) -> None:
    """End one of one's own sessions. Raises NotFound for anybody else's."""
    person = session.get_one(Staff, user.scope.worker_id)
    live = staff.live_sessions(session, person.id)
    row = next((one for one in live if one.id == session_id), None)
    if row is None:
        raise NotFound("这个登录已经结束了")
    session.delete(row)
    _noted(session, cipher, person, 1)


def end_others(session: Session, cipher: Cipher, user: SignedIn) -> int:
    """End every session but this one; says how many."""
    person = session.get_one(Staff, user.scope.worker_id)
    ended = staff.close_sessions(session, person.id, but=user.session_id)
    if ended:
        _noted(session, cipher, person, ended)
    return ended


def begin(database: Database, cipher: Cipher, user: SignedIn, password: str, code: str) -> None:
    """Begin with a (new) phone: the password, and the code of the present one if there is one.

    Raises BadInput, TooManyAttempts.
    """
    _prove(database, cipher, user, password, code)
    with database.write() as session:
        second_factor.begin(
            session, cipher, session.get_one(Staff, user.scope.worker_id), user.session_id
        )


def confirm(database: Database, cipher: Cipher, user: SignedIn, code: str) -> list[str]:
    """The first code of the new phone; returns the codes for paper. Every other session ends.

    Raises BadInput, Conflict (nothing was begun), TooManyAttempts.
    """
    with database.write() as session:
        person = session.get_one(Staff, user.scope.worker_id)
        codes = second_factor.confirm(session, cipher, person, user.session_id, code)
        if codes:
            staff.close_sessions(session, person.id, but=user.session_id)
            return codes
    raise second_factor.refused()


def new_codes(database: Database, cipher: Cipher, user: SignedIn, code: str) -> list[str]:
    """New codes for paper against a code. Raises BadInput, TooManyAttempts."""
    with database.write() as session:
        person = session.get_one(Staff, user.scope.worker_id)
        if second_factor.verify(session, cipher, person, code):
            return second_factor.new_codes(session, cipher, person.id)
    raise second_factor.refused()


def remove(
    database: Database, cipher: Cipher, user: SignedIn, password: str, code: str, compulsory: str
) -> None:
    """Sign in by password alone again. Raises NotAllowed where the role must have a code."""
    if rights.needs_code(user.scope.role, compulsory):
        raise NotAllowed("您的岗位必须使用两步验证，不能关闭")
    _prove(database, cipher, user, password, code)
    with database.write() as session:
        person = session.get_one(Staff, user.scope.worker_id)
        second_factor.forget(session, person.id)
        staff.record(session, cipher, person, EventKind.TOTP_REMOVED, Actor("staff", person.id))


def _prove(database: Database, cipher: Cipher, user: SignedIn, password: str, code: str) -> None:
    person = signing_in.prove_password(database, cipher, user.scope.worker_id, password)
    with database.write() as session:
        if not second_factor.is_set(session, person.id):
            return
        if second_factor.verify(session, cipher, session.get_one(Staff, person.id), code):
            return
    raise second_factor.refused()


def _noted(session: Session, cipher: Cipher, person: Staff, ended: int) -> None:
    by = Actor("staff", person.id)
    staff.record(session, cipher, person, EventKind.SESSIONS_ENDED, by, ended=ended)

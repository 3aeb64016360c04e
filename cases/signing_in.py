"""Signing in, step by step: the password, the code, a password of one's own, a second factor.

The password opens a session whose `stage` says what is still wanted; each step closes it and opens
the next under a new id. Only the stage "full" opens pages (`cases.staff.session_of`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database

from . import attempts, identities, provider_logout, rights, second_factor, staff
from .errors import BadInput
from .events import SYSTEM, Actor, EventKind
from .models import Staff, StaffSession
from .staff import FULL, Browser

CODE, PASSWORD, ENROL = "code", "password", "enrol"
PROVIDER = "oidc"
NOWHERE = Browser()
PATIENCE = timedelta(minutes=10)  # between the password and the last step


@dataclass(frozen=True)
class Waiting:
    """A browser that knows the password and has not finished."""

    staff_id: str
    stage: str
    browser: Browser


def sign_in(
    database: Database,
    cipher: Cipher,
    login: str,
    password: str,
    address: str,
    *,
    browser: Browser = NOWHERE,
    compulsory: str = "off",
) -> tuple[str, str]:
    """Check a password and open a session; returns the cookie value and the session's stage.

    `compulsory` is the setting WENZHU_SECOND_FACTOR: off, roles or all.
    Raises BadInput (same words for a wrong password and an unknown login) and TooManyAttempts
    (five failures per login or 25 per address within fifteen minutes). The slow hash runs outside
    any write transaction.
    """
    login = login.strip().lower()[:60]
    with database.read() as session:
        attempts.check(session, cipher, "login", f"login:{login}")
        attempts.check(session, cipher, "login", f"address:{address}", limit=25)
        found = session.scalar(select(Staff).where(Staff.login == login, Staff.active.is_(True)))
    good = staff.password_fits(password, found.password_hash if found is not None else None)
    with database.write() as session:
        person = session.get(Staff, found.id) if found is not None else None
        if person is not None and good:
            attempts.clear(session, cipher, "login", f"login:{login}")
            stage = CODE if second_factor.is_set(session, person.id) else None
            return _open(session, cipher, person, stage or _next(session, person, compulsory),
                         browser)  # fmt: skip
        attempts.record(session, cipher, "login", f"login:{login}", f"address:{address}")
        _note_shut_out(session, cipher, person)
    raise BadInput("password", "登录名或密码不对")


def by_provider(
    database: Database, cipher: Cipher, issuer: str, subject: str, *, strong: bool,
    sid: str = "", issued: datetime | None = None,
    browser: Browser = NOWHERE, compulsory: str = "off",
) -> tuple[str, str] | None:  # fmt: skip
    """Open a session for whom the identity provider vouches; None when nobody is linked.

    `strong`: the provider asked for a second factor, so ours is not asked too. Otherwise it is, of
    whoever has one or must have one. The own password plays no part. `sid` is the provider's
    session, `issued` when it said so. Raises SignedOut when the provider has ended it since.
    """
    whose = provider_logout.mark(cipher, issuer, "subject", subject)
    which = provider_logout.mark(cipher, issuer, "sid", sid)
    with database.write() as session:
        provider_logout.refuse_ended(session, whose, which, issued or clock.now())
        person = identities.person_of(session, issuer, subject)
        if person is None:
            return None
        stage = FULL
        if not strong:
            coded = second_factor.is_set(session, person.id)
            stage = CODE if coded else _next(session, person, compulsory, PROVIDER)
        seen = Browser(browser.device, browser.address, PROVIDER, whose, which)
        return _open(session, cipher, person, stage, seen)


def waiting_of(database: Database, cipher: Cipher, value: str) -> Waiting | None:
    """The unfinished sign-in behind a cookie, or None."""
    id_hash = cipher.pseudonym("staff_session", value)
    with database.read() as session:
        row = session.scalar(
            select(StaffSession)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(
                StaffSession.id_hash == id_hash,
                StaffSession.stage != FULL,
                StaffSession.created_at > clock.now() - PATIENCE,
                Staff.active.is_(True),
            )
        )
    if row is None:
        return None
    return Waiting(row.staff_id, row.stage, _browser_of(row))


def give_code(
    database: Database, cipher: Cipher, value: str, code: str, address: str, compulsory: str
) -> tuple[str, str]:
    """The second step. Raises BadInput (also when it came too late) and TooManyAttempts."""
    with database.write() as session:
        row, person = _step(session, cipher, value, CODE)
        if second_factor.verify(session, cipher, person, code, address):
            return _go_on(session, cipher, row, person, compulsory)
    raise second_factor.refused()


def give_password(
    database: Database, cipher: Cipher, value: str, password: str, again: str,
    compulsory: str,
) -> tuple[str, str]:  # fmt: skip
    """A password of one's own instead of the given one. Raises BadInput."""
    _check_new(password, again)
    with database.read() as session:
        _, person = _step(session, cipher, value, PASSWORD)
    if staff.password_fits(password, person.password_hash):
        raise BadInput("password", "新密码不能和原来的一样")
    hashed = staff.hash_password(password)
    with database.write() as session:
        row, person = _step(session, cipher, value, PASSWORD)
        person.password_hash, person.must_change = hashed, False
        staff.record(session, cipher, person, EventKind.PASSWORD_CHANGED, _self(person))
        return _go_on(session, cipher, row, person, compulsory)


def setup_of(database: Database, cipher: Cipher, value: str) -> second_factor.Setup:
    """The key to show to who must set up a second factor."""
    with database.write() as session:
        row, person = _step(session, cipher, value, ENROL)
        return second_factor.begin(session, cipher, person, row.id)


def enrol(
    database: Database, cipher: Cipher, value: str, code: str, compulsory: str
) -> tuple[str, str, list[str]]:
    """The first code of a new key: cookie, stage and the codes for paper. Raises BadInput."""
    with database.write() as session:
        row, person = _step(session, cipher, value, ENROL)
        codes = second_factor.confirm(session, cipher, person, row.id, code)
        if codes:
            return *_go_on(session, cipher, row, person, compulsory), codes
    raise second_factor.refused()


def change_password(
    database: Database, cipher: Cipher, staff_id: str, session_id: str,
    old: str, password: str, again: str,
) -> int:  # fmt: skip
    """A new password; every other session ends, their number is returned.

    Raises BadInput and, after five wrong old passwords, TooManyAttempts.
    """
    _check_new(password, again)
    person = prove_password(database, cipher, staff_id, old)
    if old == password:
        raise BadInput("password", "新密码不能和原来的一样")
    hashed = staff.hash_password(password)
    with database.write() as session:
        row = session.get_one(Staff, person.id)
        row.password_hash, row.must_change = hashed, False
        ended = staff.close_sessions(session, row.id, but=session_id)
        staff.record(session, cipher, row, EventKind.PASSWORD_CHANGED, _self(row), ended=ended)
    return ended


def prove_password(database: Database, cipher: Cipher, staff_id: str, password: str) -> Staff:
    """The person, asked for the password once more before something that matters.

    Raises BadInput, TooManyAttempts.
    """
    with database.read() as session:
        person = session.get_one(Staff, staff_id)
        attempts.check(session, cipher, "login", f"login:{person.login}")
    if staff.password_fits(password, person.password_hash):
        return person
    with database.write() as session:
        attempts.record(session, cipher, "login", f"login:{person.login}")
        _note_shut_out(session, cipher, session.get_one(Staff, person.id))
    raise BadInput("password", "现在的密码不对")


def _note_shut_out(session: Session, cipher: Cipher, person: Staff | None) -> None:
    """The fifth wrong password in a row is on record: somebody may be guessing."""
    if person is None:
        return
    if attempts.count(session, cipher, "login", f"login:{person.login}") == attempts.LIMIT:
        staff.record(session, cipher, person, EventKind.SHUT_OUT, SYSTEM, by="password")


def _check_new(password: str, again: str) -> None:
    staff.check_password(password)
    if password != again:
        raise BadInput("password", "两次填写的新密码不一样")


def _step(session: Session, cipher: Cipher, value: str, stage: str) -> tuple[StaffSession, Staff]:
    provider_logout.take_turns(session)
    row = session.get(StaffSession, cipher.pseudonym("staff_session", value))
    person = session.get(Staff, row.staff_id) if row is not None else None
    late = row is None or row.stage != stage or row.created_at <= clock.now() - PATIENCE
    if row is None or person is None or late or not person.active:
        raise BadInput("session", "等得太久了，请重新登录")
    return row, person


def _go_on(
    session: Session, cipher: Cipher, row: StaffSession, person: Staff, compulsory: str
) -> tuple[str, str]:
    browser = _browser_of(row)
    session.delete(row)
    stage = _next(session, person, compulsory, browser.via)
    return _open(session, cipher, person, stage, browser)


def _browser_of(row: StaffSession) -> Browser:
    return Browser(row.device, row.address, row.via or "", row.subject_hash, row.sid_hash)


def _next(session: Session, person: Staff, compulsory: str, via: str = "") -> str:
    if person.must_change and via != PROVIDER:
        return PASSWORD
    if second_factor.is_set(session, person.id) or not rights.needs_code(person.role, compulsory):
        return FULL
    return ENROL


def _open(
    session: Session, cipher: Cipher, person: Staff, stage: str, browser: Browser
) -> tuple[str, str]:
    value = staff.open_session(session, cipher, person.id, stage=stage, browser=browser)
    if stage == FULL:
        by = {"by": browser.via} if browser.via else {}
        staff.record(session, cipher, person, EventKind.SIGNED_IN, _self(person), **by)
    return value, stage


def _self(person: Staff) -> Actor:
    return Actor("staff", person.id)

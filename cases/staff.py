"""Staff accounts, browser sessions and service tokens.

Passwords are argon2id; session ids and tokens are stored only as hashes. Opening a session always
makes a new id (no fixation). Idle 20 minutes, at most 8 hours.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import clock, text
from foundation.crypto import Cipher
from foundation.database import Database, new_id

from . import areas, attempts, rights
from .errors import BadInput
from .models import ApiToken, Staff, StaffSession
from .repository import Scope
from .states import Department, Role

IDLE = timedelta(minutes=20)
ABSOLUTE = timedelta(hours=8)
MIN_PASSWORD = 10
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}", re.ASCII)
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A signed-in browser."""

    scope: Scope
    login: str


def create_staff(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    role: str,
    area_code: str,
    department: str,
    hashed: str | None = None,
) -> Staff:
    """A new account. Raises BadInput (taken login, short password, unknown area, role …).

    `hashed` spares the slow hash where many accounts share an already hashed password.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadInput("login", "登录名只能用小写字母、数字、点和横线")
    if session.scalar(select(Staff.id).where(Staff.login == login)) is not None:
        raise BadInput("login", "这个登录名已经有人用")
    if len(password) < MIN_PASSWORD or len(password) > 200:
        raise BadInput("password", f"密码至少 {MIN_PASSWORD} 位")
    role = _checked_role(role, area_code, department)
    staff = Staff(
        id=new_id(),
        login=login,
        name=text.clean(name, 60),
        password_hash=hashed or hash_password(password),
        role=role,
        area_code=area_code,
        department=department,
        active=True,
        created_at=clock.now(),
    )
    session.add(staff)
    session.flush()
    return staff


def hash_password(password: str) -> str:
    """argon2id; about 0.2 s by design."""
    return _hasher().hash(password)


def sign_in(database: Database, cipher: Cipher, login: str, password: str, address: str) -> str:
    """Check a password and open a session; returns the cookie value.

    Raises BadInput (same words for a wrong password and an unknown login) and TooManyAttempts
    (five failures per login or 25 per address within fifteen minutes). The slow hash runs outside
    any write transaction.
    """
    login = login.strip().lower()[:60]
    with database.read() as session:
        attempts.check(session, cipher, "login", f"login:{login}")
        attempts.check(session, cipher, "login", f"address:{address}", limit=25)
        staff = session.scalar(select(Staff).where(Staff.login == login, Staff.active.is_(True)))
    stored = staff.password_hash if staff is not None else _dummy_hash()
    good = len(password) <= 200 and _hasher().verify(password, stored)
    with database.write() as session:
        if staff is not None and good:
            attempts.clear(session, cipher, "login", f"login:{login}")
            return open_session(session, cipher, staff.id)
        attempts.record(session, cipher, "login", f"login:{login}", f"address:{address}")
    raise BadInput("password", "登录名或密码不对")


def open_session(session: Session, cipher: Cipher, staff_id: str) -> str:
    """A fresh session id for a staff member."""
    value = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        StaffSession(
            id_hash=cipher.pseudonym("staff_session", value),
            staff_id=staff_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    session.flush()
    return value


def session_of(
    database: Database, cipher: Cipher, value: str, *, active: bool = True
) -> SignedIn | None:
    """The live session behind a cookie, or None.

    Use prolongs it (at most one write a minute) unless the page only refreshes itself (`active`).
    """
    id_hash = cipher.pseudonym("staff_session", value)
    now = clock.now()
    with database.read() as session:
        row = session.execute(
            select(StaffSession, Staff)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(
                StaffSession.id_hash == id_hash,
                StaffSession.expires_at > now,
                StaffSession.last_seen_at > now - IDLE,
                Staff.active.is_(True),
            )
        ).one_or_none()
    if row is None or row[1].role not in list(Role):
        return None
    seen, staff = row
    if active and now - seen.last_seen_at > _TOUCH_EVERY:
        with database.write() as session:
            live = session.get(StaffSession, id_hash)
            if live is not None:
                live.last_seen_at = now
    return SignedIn(scope_of(staff), staff.login)


def close_session(session: Session, cipher: Cipher, value: str) -> None:
    """Sign out: the cookie is worthless from now on."""
    id_hash = cipher.pseudonym("staff_session", value)
    session.execute(delete(StaffSession).where(StaffSession.id_hash == id_hash))


def close_sessions(session: Session, staff_id: str) -> None:
    """Sign a person out everywhere (role or area changed, device lost)."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def create_token(
    session: Session,
    cipher: Cipher,
    *,
    name: str,
    role: str,
    area_code: str,
    department: str,
    days: int | None = None,
) -> str:
    """A service token; shown once, stored as a hash."""
    role = _checked_role(role, area_code, department)
    value = "wz_" + secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        ApiToken(
            name=text.clean(name, 60),
            token_hash=cipher.pseudonym("api_token", value),
            role=role,
            area_code=area_code,
            department=department,
            created_at=now,
            expires_at=now + timedelta(days=days) if days is not None else None,
        )
    )
    session.flush()
    return value


def scope_of_token(session: Session, cipher: Cipher, value: str) -> Scope | None:
    """The scope a bearer token stands for; None when unknown, revoked or expired."""
    row = session.scalar(
        select(ApiToken).where(
            ApiToken.token_hash == cipher.pseudonym("api_token", value),
            ApiToken.revoked_at.is_(None),
        )
    )
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    if row.role not in list(Role):
        return None
    return Scope(f"token:{row.id}", Role(row.role), row.area_code, row.department, row.name)


def scope_of(staff: Staff) -> Scope:
    """What an account may see."""
    return Scope(staff.id, Role(staff.role), staff.area_code, staff.department, staff.name)


def names_of(session: Session, ids: set[str]) -> dict[str, str]:
    """Display names by staff id."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def sweep(session: Session) -> None:
    """Delete sessions that no cookie opens any more."""
    now = clock.now()
    session.execute(
        delete(StaffSession).where(
            (StaffSession.expires_at <= now) | (StaffSession.last_seen_at <= now - IDLE)
        )
    )


def _checked_role(role: str, area_code: str, department: str) -> Role:
    if department not in list(Department):
        raise BadInput("department", "没有这个部门")
    if not areas.is_area_code(area_code):
        raise BadInput("area_code", "地区代码不对")
    return rights.role_named(role, department)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _dummy_hash() -> str:
    # An unknown login costs the same time as a wrong password.
    return _hasher().hash(secrets.token_urlsafe(16))

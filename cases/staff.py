"""Staff accounts, browser sessions and service tokens. Signing in is `cases.signing_in`.

Passwords are argon2id; session ids and tokens are stored only as hashes. Opening a session always
makes a new id (no fixation). Idle 20 minutes, at most 8 hours.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import clock, text
from foundation.crypto import Cipher
from foundation.database import Database, new_id

from . import areas, events, rights
from .errors import BadInput
from .models import ApiToken, Staff, StaffSession
from .repository import Scope
from .rights import Right
from .states import Department, Role

IDLE = timedelta(minutes=20)
ABSOLUTE = timedelta(hours=8)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
FULL = "full"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}", re.ASCII)
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """A signed-in browser; `session_id` names its row in the person's list."""

    scope: Scope
    login: str
    session_id: str = ""


@dataclass(frozen=True)
class Browser:
    """Where a session was opened, as its owner will read it: both already fit to be shown."""

    device: str = ""
    address: str = ""
    via: str = ""  # "oidc" when the identity provider vouched for the person
    subject_hash: str | None = None
    sid_hash: str | None = None


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
    must_change: bool = False,
) -> Staff:
    """A new account. Raises BadInput (taken login, short password, unknown area, role …).

    `hashed` spares the slow hash where many accounts share an already hashed password.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadInput("login", "登录名只能用小写字母、数字、点和横线")
    if session.scalar(select(Staff.id).where(Staff.login == login)) is not None:
        raise BadInput("login", "这个登录名已经有人用")
    check_password(password)
    role = checked_role(role, area_code, department)
    staff = Staff(
        id=new_id(),
        login=login,
        name=checked_name(name),
        password_hash=hashed or hash_password(password),
        role=role,
        area_code=area_code,
        department=department,
        active=True,
        must_change=must_change,
        created_at=clock.now(),
    )
    session.add(staff)
    session.flush()
    return staff


def check_password(password: str) -> None:
    """Raises BadInput when it is too short, or so long that hashing it would be an attack."""
    if len(password) < MIN_PASSWORD or len(password) > MAX_PASSWORD:
        raise BadInput("password", f"密码至少 {MIN_PASSWORD} 位")


def checked_name(name: str) -> str:
    """The name as it will be shown. Raises BadInput."""
    try:
        return text.clean(name, 60)
    except text.BadText as bad:
        raise BadInput("name", "请填写姓名" if not name.strip() else bad.reason_zh) from None


def password_fits(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes as long where there is none."""
    return len(password) <= MAX_PASSWORD and _hasher().verify(password, stored or _dummy_hash())


def hash_password(password: str) -> str:
    """argon2id; about 0.2 s by design."""
    return _hasher().hash(password)


def open_session(
    session: Session,
    cipher: Cipher,
    staff_id: str,
    *,
    stage: str = FULL,
    browser: Browser | None = None,
) -> str:
    """A fresh session id for a staff member; one that is not "full" opens no page yet."""
    value = secrets.token_urlsafe(32)
    seen = browser or Browser()
    now = clock.now()
    session.add(
        StaffSession(
            id_hash=cipher.pseudonym("staff_session", value),
            id=new_id(),
            staff_id=staff_id,
            stage=stage,
            device=seen.device[:60],
            address=seen.address[:40],
            via=seen.via,
            subject_hash=seen.subject_hash,
            sid_hash=seen.sid_hash,
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
                StaffSession.stage == FULL,
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
    return SignedIn(scope_of(staff), staff.login, seen.id)


def close_session(session: Session, cipher: Cipher, value: str) -> str:
    """Sign out: the cookie is worthless from now on. Says how the session was opened (`via`)."""
    row = session.get(StaffSession, cipher.pseudonym("staff_session", value))
    if row is None:
        return ""
    session.delete(row)
    session.flush()
    return row.via or ""


def close_sessions(session: Session, staff_id: str, *, but: str = "") -> int:
    """Sign a person out everywhere (rights changed, device lost), or but for one session's `id`.

    Says how many there were.
    """
    query = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.id != but)
    found = list(session.scalars(query))
    for row in found:
        session.delete(row)
    session.flush()
    return sum(row.stage == FULL for row in found)


def live_sessions(session: Session, staff_id: str) -> list[StaffSession]:
    """A person's sessions that still open pages, the last used first."""
    now = clock.now()
    query = select(StaffSession).where(
        StaffSession.staff_id == staff_id,
        StaffSession.stage == FULL,
        StaffSession.expires_at > now,
        StaffSession.last_seen_at > now - IDLE,
    )
    return list(session.scalars(query.order_by(StaffSession.last_seen_at.desc(), StaffSession.id)))


def record(
    session: Session,
    cipher: Cipher,
    person: Staff,
    kind: events.EventKind,
    actor: events.Actor,
    *,
    reason: str | None = None,
    **data: Any,
) -> None:
    """What was done to an account, in the chain of its county and for auditors only."""
    events.append_of_area(
        session, cipher, person.area_code, kind, actor,
        data={"staff": person.id, **data}, text=reason,
    )  # fmt: skip


def create_token(
    session: Session,
    cipher: Cipher,
    *,
    name: str,
    role: str,
    area_code: str,
    department: str,
    days: int | None = None,
    only: Collection[str] | None = None,
) -> str:
    """A service token; shown once, stored as a hash. On the record it is put by `cases.tokens`.

    `only` narrows it to these of its role's rights. Raises BadInput for a right the role lacks.
    """
    until = clock.now() + timedelta(days=days) if days is not None else None
    return new_token(
        session, cipher, name=name, role=role, area_code=area_code, department=department,
        until=until, only=only,
    )[1]  # fmt: skip


def new_token(
    session: Session, cipher: Cipher, *, name: str, role: str, area_code: str, department: str,
    until: datetime | None, only: Collection[str] | None, made_by: str | None = None,
    row_id: str = "",
) -> tuple[ApiToken, str]:  # fmt: skip
    """The token's row and the secret, as `create_token` makes them."""
    role = checked_role(role, area_code, department)
    granted = rights.grant(role).rights
    if only is not None and (not only or not set(only) <= set(granted)):
        raise BadInput("only", f"这个角色只有这些权限：{'、'.join(sorted(granted))}")
    value = "wz_" + secrets.token_urlsafe(32)
    row = ApiToken(
        id=row_id or new_id(), name=text.clean(name, 60),
        token_hash=cipher.pseudonym("api_token", value), role=role, area_code=area_code,
        department=department, rights=sorted(only) if only is not None else None,
        created_at=clock.now(), created_by=made_by, expires_at=until,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, value


def scope_of_token(session: Session, cipher: Cipher, value: str) -> Scope | None:
    """The scope a bearer token stands for; None when unknown, revoked or expired."""
    row = live_token(session, cipher, value)
    return scope_of_service(row) if row is not None else None


def live_token(session: Session, cipher: Cipher, value: str) -> ApiToken | None:
    """The row of a bearer token that opens something now."""
    row = session.scalar(
        select(ApiToken).where(
            ApiToken.token_hash == cipher.pseudonym("api_token", value),
            ApiToken.revoked_at.is_(None),
        )
    )
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    return row if row.role in list(Role) else None


def scope_of_service(row: ApiToken) -> Scope:
    """What a token may see."""
    only = (
        frozenset(right for right in Right if right in row.rights)
        if row.rights is not None
        else None
    )
    return Scope(f"token:{row.id}", Role(row.role), row.area_code, row.department, row.name, only)


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


def checked_role(role: str, area_code: str, department: str) -> Role:
    """The role, when area and department are what they should be. Raises BadInput."""
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

"""Other people's accounts, for administrators: made, changed, stopped, let in again.

An administrator sees the accounts of the own area and of all inside it, and never touches the own
one: nobody gives rights to themselves. A service touches no account that manages accounts and makes
none, or its token would do that for its owner. Every step wants a reason and is an event for the
auditors.
Callers own the transaction; hashing a first password beforehand is `first_password`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import areas, rights, second_factor, staff
from .casework import actor
from .errors import BadInput, NotAllowed, NotFound
from .events import EventKind
from .inputs import MIN_REASON, place_named, words
from .models import Staff, StaffSession, StaffTotp
from .repository import Scope
from .rights import Right
from .states import Department, Role

PAGE_SIZE = 50


@dataclass(frozen=True)
class FirstPassword:
    """A password to hand over; its owner replaces it at the first sign-in."""

    plain: str
    hashed: str


@dataclass(frozen=True)
class Place:
    """What an account may see, as an administrator gives it."""

    role: str
    area: str
    department: str


@dataclass(frozen=True)
class Account:
    """A row of the list."""

    person: Staff
    has_code: bool
    sessions: int

    @property
    def role(self) -> Role:
        return Role(self.person.role)

    @property
    def place(self) -> str:
        return f"{areas.name(self.person.area_code)} · {Department(self.person.department).word}"


@dataclass(frozen=True)
class Listed:
    """A page of the list."""

    rows: list[Account]
    total: int
    page: int
    pages: int


def first_password() -> FirstPassword:
    """A random one with its slow hash, to be made outside the write transaction."""
    plain = second_factor.random_words()
    return FirstPassword(plain, staff.hash_password(plain))


def listed(session: Session, worker: Scope, q: str = "", role: str = "", page: int = 1) -> Listed:
    """The accounts of the administrator's area by name or log-in and role, active ones first."""
    worker.demand(Right.STAFF_MANAGE)
    low, high = areas.bounds(worker.area_code)
    query = select(Staff).where(Staff.area_code >= low, Staff.area_code < high)
    wanted = q.strip()[:60]
    if wanted:
        query = query.where(
            Staff.name.contains(wanted, autoescape=True)
            | Staff.login.contains(wanted.lower(), autoescape=True)
        )
    if role in list(Role):
        query = query.where(Staff.role == role)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    order = query.order_by(Staff.active.desc(), Staff.area_code, Staff.login)
    people = list(session.scalars(order.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    return Listed(_accounts(session, people), total, page, pages)


def account(session: Session, worker: Scope, staff_id: str) -> Account:
    """One account of the administrator's area. Raises NotFound, alike for absent and foreign."""
    worker.demand(Right.STAFF_MANAGE)
    person = session.get(Staff, staff_id) if len(staff_id) == 32 else None
    if person is None or not areas.contains(worker.area_code, person.area_code):
        raise NotFound("没有找到这个账号，或者不在您管的地区")
    return _accounts(session, [person])[0]


def add(
    session: Session, cipher: Cipher, worker: Scope, login: str, name: str, place: Place,
    given: FirstPassword, reason: str,
) -> Staff:  # fmt: skip
    """A new account with a first password. Raises BadInput by field."""
    worker.demand(Right.STAFF_MANAGE)
    explained = words("reason", reason, MIN_REASON, 200)
    area = _area(worker, place.area)
    person = staff.create_staff(
        session, login=login, name=name, password=given.plain, hashed=given.hashed,
        role=_role(worker, place.role), area_code=area, department=place.department,
        must_change=True,
    )  # fmt: skip
    _record(session, cipher, worker, person, EventKind.STAFF_ADDED, explained, to=_rights(person))
    return person


def change(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, name: str, place: Place,
    reason: str,
) -> Staff:  # fmt: skip
    """Another name, role, area or department; with new rights every session ends.

    Raises BadInput, NotFound, NotAllowed (oneself).
    """
    person = other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    area = _area(worker, place.area)
    role = staff.checked_role(_role(worker, place.role), area, place.department)
    before = _rights(person)
    person.name = staff.checked_name(name)
    person.role, person.area_code, person.department = role, area, place.department
    ended = staff.close_sessions(session, person.id) if _rights(person) != before else 0
    _record(
        session, cipher, worker, person, EventKind.STAFF_CHANGED, explained,
        **{"from": before, "to": _rights(person), "ended": ended},
    )  # fmt: skip
    return person


def stop(session: Session, cipher: Cipher, worker: Scope, staff_id: str, reason: str) -> Staff:
    """The account opens nothing any more; what it did stays under its name."""
    return _set_active(session, cipher, worker, staff_id, reason, active=False)


def restore(session: Session, cipher: Cipher, worker: Scope, staff_id: str, reason: str) -> Staff:
    """A stopped account works again, with the password it had."""
    return _set_active(session, cipher, worker, staff_id, reason, active=True)


def reset_password(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, given: FirstPassword,
    reason: str,
) -> Staff:  # fmt: skip
    """A first password again; every session ends. A second factor stays."""
    person = other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    person.password_hash, person.must_change = given.hashed, True
    ended = staff.close_sessions(session, person.id)
    _record(session, cipher, worker, person, EventKind.PASSWORD_RESET, explained, ended=ended)
    return person


def reset_code(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, reason: str
) -> Staff:
    """Phone and paper lost: the second factor is gone and every session ends."""
    person = other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    second_factor.forget(session, person.id)
    ended = staff.close_sessions(session, person.id)
    _record(session, cipher, worker, person, EventKind.TOTP_RESET, explained, ended=ended)
    return person


def end_sessions(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, reason: str
) -> Staff:
    """Signed out everywhere, at once."""
    person = other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    ended = staff.close_sessions(session, person.id)
    _record(session, cipher, worker, person, EventKind.SESSIONS_ENDED, explained, ended=ended)
    return person


def _set_active(
    session: Session, cipher: Cipher, worker: Scope, staff_id: str, reason: str, *, active: bool
) -> Staff:
    person = other(session, worker, staff_id)
    explained = words("reason", reason, MIN_REASON, 200)
    if person.active == active:
        return person
    person.active = active
    ended = staff.close_sessions(session, person.id)
    kind = EventKind.STAFF_RESTORED if active else EventKind.STAFF_STOPPED
    _record(session, cipher, worker, person, kind, explained, ended=ended)
    return person


def other(session: Session, worker: Scope, staff_id: str) -> Staff:
    """The account, locked for a step; never the own one. Raises NotFound, NotAllowed."""
    found = account(session, worker, staff_id).person
    if found.id == worker.worker_id:
        raise NotAllowed("自己的账号要由另一位管理员来改")
    _refuse_services(worker, found.role)
    return session.get_one(Staff, found.id, with_for_update=True, populate_existing=True)


def _area(worker: Scope, given: str) -> str:
    code = place_named("area", given.strip(), wide=True, near=worker.area_code)
    if not areas.contains(worker.area_code, code):
        raise BadInput("area", "这个地区不归您管")
    return code


def _role(worker: Scope, given: str) -> str:
    # an earlier version's name is for tokens of scripts, not for a form
    if given not in list(Role):
        raise BadInput("role", "没有这个角色")
    _refuse_services(worker, given)
    return given


def _refuse_services(worker: Scope, role: str) -> None:
    if worker.is_service and rights.may(role, Right.STAFF_MANAGE):
        raise NotAllowed("管理员的账号要由另一位管理员本人来办，程序不能代办")


def _rights(person: Staff) -> dict[str, str]:
    return {
        "role": str(person.role), "area": person.area_code, "department": str(person.department)
    }  # fmt: skip


def _record(
    session: Session, cipher: Cipher, worker: Scope, person: Staff, kind: EventKind, reason: str,
    **data: object,
) -> None:  # fmt: skip
    session.flush()
    staff.record(session, cipher, person, kind, actor(worker), reason=reason, **data)


def _accounts(session: Session, people: Sequence[Staff]) -> list[Account]:
    ids = [person.id for person in people]
    coded = set(
        session.scalars(
            select(StaffTotp.staff_id).where(
                StaffTotp.staff_id.in_(ids), StaffTotp.confirmed_at.is_not(None)
            )
        )
    )
    now = clock.now()
    counts: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(StaffSession.staff_id, func.count())
            .where(
                StaffSession.staff_id.in_(ids), StaffSession.stage == staff.FULL,
                StaffSession.expires_at > now, StaffSession.last_seen_at > now - staff.IDLE,
            )
            .group_by(StaffSession.staff_id)
        )
    }  # fmt: skip
    return [Account(one, one.id in coded, counts.get(one.id, 0)) for one in people]

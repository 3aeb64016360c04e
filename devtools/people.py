"""`wenzhu staff`: the first administrator of an office, and a way back in for the only one."""

from __future__ import annotations

from sqlalchemy import select

from cases import accounts, second_factor, staff
from cases.errors import BadInput
from cases.events import SYSTEM, EventKind
from cases.inputs import MIN_REASON, place_named, words
from cases.models import Staff
from foundation.runtime import Runtime


def add(
    runtime: Runtime, login: str, name: str, role: str, area: str, department: str
) -> tuple[str, str]:
    """Make an account; returns the log-in and its first password. Raises BadInput."""
    given = accounts.first_password()
    with runtime.database.write() as session:
        person = staff.create_staff(
            session, login=login, name=name, password=given.plain, hashed=given.hashed, role=role,
            area_code=place_named("area", area, wide=True), department=department,
            must_change=True,
        )  # fmt: skip
        staff.record(
            session, runtime.cipher, person, EventKind.STAFF_ADDED, SYSTEM,
            reason="命令行", to={"role": str(person.role), "area": person.area_code,
                              "department": person.department},
        )  # fmt: skip
        return person.login, given.plain


def reset(runtime: Runtime, login: str, reason: str) -> str:
    """A first password again, without a second factor; every session ends. Raises BadInput."""
    explained = words("reason", reason, MIN_REASON, 200)
    given = accounts.first_password()
    with runtime.database.write() as session:
        person = session.scalar(select(Staff).where(Staff.login == login.strip().lower()))
        if person is None:
            raise BadInput("login", "没有这个登录名")
        person.password_hash, person.must_change = given.hashed, True
        second_factor.forget(session, person.id)
        ended = staff.close_sessions(session, person.id)
        for kind in (EventKind.PASSWORD_RESET, EventKind.TOTP_RESET):
            staff.record(
                session, runtime.cipher, person, kind, SYSTEM, reason=explained, ended=ended
            )
    return given.plain

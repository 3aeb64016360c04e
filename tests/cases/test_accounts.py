"""Accounts are kept by administrators of the area, for others, with a reason, on the record."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from cases import accounts, events, models, second_factor, signing_in, staff
from cases.accounts import FirstPassword, Place
from cases.errors import BadInput, NotAllowed, NotFound
from cases.repository import Scope
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database

WHY = "新来的同事"
HASHED = staff.hash_password("abcd-efgh-jkmn")
GIVEN = FirstPassword("abcd-efgh-jkmn", HASHED)
CLERK = Place("township_clerk", "500233107000", "xiangzhen")


@pytest.fixture
def admin(database: Database) -> Scope:
    """The administrator of 忠县."""
    return _account(database, "admin", "administrator", "500233")


def _account(database: Database, login: str, role: str, area: str) -> Scope:
    with database.write() as session:
        return staff.scope_of(
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=GIVEN.plain, role=role,
                area_code=area, department="minzheng", hashed=HASHED,
            )
        )  # fmt: skip


def add(database: Database, cipher: Cipher, worker: Scope, **more: Any) -> str:
    values = {"login": "neu", "name": "小新", "place": CLERK, "reason": WHY, **more}
    with database.write() as session:
        return accounts.add(session, cipher, worker, given=GIVEN, **values).id


def recorded(database: Database) -> list[tuple[str, str, dict[str, Any]]]:
    with database.read() as session:
        assert events.verify_all(session) == []
        rows = session.scalars(sa.select(models.CaseEvent).order_by(models.CaseEvent.seq))
        return [(row.kind, row.actor_id or "", row.data) for row in rows]


def test_a_new_colleague_gets_a_password_for_once(
    database: Database, cipher: Cipher, admin: Scope
) -> None:
    made = add(database, cipher, admin)
    _, stage = signing_in.sign_in(database, cipher, "neu", GIVEN.plain, "-")
    assert stage == signing_in.PASSWORD
    kind, actor, data = recorded(database)[0]
    assert (kind, actor, data["staff"]) == ("staff_added", admin.worker_id, made)
    assert data["to"] == {"role": "township_clerk", "area": "500233107000",
                          "department": "xiangzhen"}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("login", {"login": "A B"}), ("login", {"login": "admin"}), ("name", {"name": " "}),
        ("reason", {"reason": "好"}),
        ("role", {"place": Place("supervisor", "500233", "minzheng")}),
        ("area", {"place": Place("auditor", "350982", "minzheng")}),
        ("area", {"place": Place("auditor", "500000", "minzheng")}),
        ("area", {"place": Place("auditor", "没有的地方", "minzheng")}),
        ("department", {"place": Place("auditor", "500233", "king")}),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_refused_by_field(
    database: Database, cipher: Cipher, admin: Scope, field: str, given: dict[str, Any]
) -> None:
    with pytest.raises(BadInput) as refused:
        add(database, cipher, admin, **given)
    assert refused.value.field == field
    assert recorded(database) == []


def test_new_rights_end_the_sessions_and_leave_both_on_the_record(
    database: Database, cipher: Cipher, admin: Scope
) -> None:
    made = add(database, cipher, admin)
    with database.write() as session:
        cookie = staff.open_session(session, cipher, made)
        accounts.change(session, cipher, admin, made, "小新", CLERK, "只改名字")
    assert staff.session_of(database, cipher, cookie) is not None, "the same rights"
    with database.write() as session:
        there = Place("auditor", "忠县", "minzheng")
        accounts.change(session, cipher, admin, made, "小新", there, "调到审计")
    assert staff.session_of(database, cipher, cookie) is None
    kind, _, data = recorded(database)[-1]
    assert kind == "staff_changed"
    assert (data["from"]["role"], data["to"]["role"], data["to"]["area"], data["ended"]) == (
        "township_clerk", "auditor", "500233", 1,
    )  # fmt: skip


def test_every_step_shuts_the_door_it_says(
    database: Database, cipher: Cipher, admin: Scope
) -> None:
    made = add(database, cipher, admin)

    def session_after(step: Any, *more: Any) -> Any:
        with database.write() as session:
            cookie = staff.open_session(session, cipher, made)
        with database.write() as session:
            step(session, cipher, admin, made, *more, "手机丢了")
        return staff.session_of(database, cipher, cookie)

    with database.write() as session:
        second_factor.begin(session, cipher, session.get_one(models.Staff, made), "-")
    for step, more in (
        (accounts.end_sessions, ()), (accounts.reset_code, ()),
        (accounts.reset_password, (GIVEN,)), (accounts.stop, ()),
    ):  # fmt: skip
        assert session_after(step, *more) is None, step
    with pytest.raises(BadInput):
        signing_in.sign_in(database, cipher, "neu", GIVEN.plain, "-")
    with database.write() as session:
        assert session.get(models.StaffTotp, made) is None
        accounts.restore(session, cipher, admin, made, "休假回来")
    assert signing_in.sign_in(database, cipher, "neu", GIVEN.plain, "-")
    assert [kind for kind, _, _ in recorded(database)] == [
        "staff_added", "sessions_ended", "totp_reset", "password_reset", "staff_stopped",
        "staff_restored",
    ]  # fmt: skip


def test_nobody_touches_the_own_account_or_a_foreign_one(
    database: Database, cipher: Cipher, admin: Scope
) -> None:
    foreign = _account(database, "foreign", "auditor", "350982").worker_id
    above = _account(database, "above", "administrator", "500000").worker_id
    steps: list[tuple[Any, tuple[Any, ...]]] = [
        (accounts.change, ("x", CLERK)), (accounts.stop, ()), (accounts.restore, ()),
        (accounts.reset_password, (GIVEN,)), (accounts.reset_code, ()),
        (accounts.end_sessions, ()),
    ]  # fmt: skip
    for step, more in steps:
        for whom, refusal in (
            (admin.worker_id, NotAllowed), (foreign, NotFound), (above, NotFound),
            ("0" * 32, NotFound), ("x", NotFound),
        ):  # fmt: skip
            with pytest.raises(refusal), database.write() as session:
                step(session, cipher, admin, whom, *more, WHY)
    with database.read() as session:
        found = accounts.listed(session, admin)
    assert [one.person.login for one in found.rows] == ["admin"]
    assert recorded(database) == []


def test_a_token_is_no_second_administrator_for_its_owner(
    database: Database, cipher: Cipher, admin: Scope
) -> None:
    """The token of a program works on accounts, but never on those that keep accounts."""
    token = Scope("token:" + "1" * 32, Role.ADMINISTRATOR, "500233", "minzheng", "脚本")
    colleague = add(database, cipher, admin)
    before = recorded(database)
    reviewer = ("测试", Place("county_reviewer", "500233", "minzheng"))
    ruler = ("小新", Place("administrator", "500233", "minzheng"))
    for step, whom, more in (
        (accounts.change, admin.worker_id, reviewer), (accounts.change, colleague, ruler),
        (accounts.reset_code, admin.worker_id, ()), (accounts.stop, admin.worker_id, ()),
        (accounts.reset_password, admin.worker_id, (GIVEN,)),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="本人来办"), database.write() as session:
            step(session, cipher, token, whom, *more, WHY)  # type: ignore[operator]
    with pytest.raises(NotAllowed, match="本人来办"):
        add(database, cipher, token, login="zwei", place=ruler[1])
    assert recorded(database) == before
    with database.write() as session:
        accounts.stop(session, cipher, token, colleague, WHY)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_keeps_accounts(database: Database, cipher: Cipher, role: Role) -> None:
    worker = Scope("a" * 32, role, "100000", "minzheng")
    with pytest.raises(NotAllowed):
        add(database, cipher, worker)
    with pytest.raises(NotAllowed), database.read() as session:
        accounts.listed(session, worker)

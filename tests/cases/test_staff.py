"""Accounts, sessions and tokens: what is stored opens nothing, and everything can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from cases import models, signing_in, staff
from cases.errors import BadInput, TooManyAttempts
from foundation.crypto import Cipher
from foundation.database import Database

PASSWORD = "长一点的密码2026"


@pytest.fixture
def chen(database: Database) -> str:
    """An account, by id."""
    with database.write() as session:
        return staff.create_staff(
            session, login="chen", name="老陈", password=PASSWORD, role="supervisor",
            area_code="500233", department="minzheng",
        ).id  # fmt: skip


def sign_in(database: Database, cipher: Cipher, password: str = PASSWORD, **more: str) -> str:
    login, address = more.get("login", "chen"), more.get("address", "10.0.0.1")
    value, stage = signing_in.sign_in(database, cipher, login, password, address)
    assert stage == staff.FULL
    return value


def test_signing_in_opens_a_session_with_the_account_s_scope(
    database: Database, cipher: Cipher, chen: str
) -> None:
    found = staff.session_of(database, cipher, sign_in(database, cipher))
    assert found is not None
    assert (found.scope.worker_id, found.scope.area_code) == (chen, "500233")
    assert sign_in(database, cipher) != sign_in(database, cipher), "a new id every time"


def test_wrong_password_and_unknown_login_say_the_same(
    database: Database, cipher: Cipher, chen: str
) -> None:
    with pytest.raises(BadInput) as wrong:
        sign_in(database, cipher, "falsch")
    with pytest.raises(BadInput) as unknown:
        sign_in(database, cipher, login="nobody")
    assert wrong.value.reason == unknown.value.reason


def test_five_failures_close_the_login_even_for_the_right_password(
    database: Database, cipher: Cipher, chen: str, clock: time_machine.Traveller
) -> None:
    for _ in range(5):
        with pytest.raises(BadInput):
            sign_in(database, cipher, "falsch")
    with pytest.raises(TooManyAttempts):
        sign_in(database, cipher)
    clock.shift(timedelta(minutes=15, seconds=1))
    assert sign_in(database, cipher)


def test_a_session_ends_when_idle_when_old_when_closed_and_with_its_account(
    database: Database, cipher: Cipher, chen: str, clock: time_machine.Traveller
) -> None:
    def alive(value: str, *, active: bool = True) -> bool:
        return staff.session_of(database, cipher, value, active=active) is not None

    idle = sign_in(database, cipher)
    for _ in range(6):
        clock.shift(timedelta(minutes=19))
        assert alive(idle), "use prolongs it"
    for _ in range(2):
        clock.shift(timedelta(minutes=9))
        assert alive(idle, active=False)
    clock.shift(timedelta(minutes=9))
    assert not alive(idle), "a page that only refreshes itself does not"

    old = sign_in(database, cipher)
    for _ in range(31):
        clock.shift(timedelta(minutes=15))
        alive(old)
    clock.shift(timedelta(minutes=16))
    assert not alive(old), "eight hours at most"

    closed = sign_in(database, cipher)
    with database.write() as session:
        staff.close_session(session, cipher, closed)
    assert not alive(closed)

    gone = sign_in(database, cipher)
    with database.write() as session:
        session.get_one(models.Staff, chen).active = False
    assert not alive(gone)


def test_the_tables_hold_nothing_that_opens_a_door(
    database: Database, cipher: Cipher, chen: str
) -> None:
    cookie = sign_in(database, cipher)
    with database.write() as session:
        token = staff.create_token(
            session, cipher, name="接口", role="viewer", area_code="500233", department="minzheng"
        )
    with database.read() as session:
        stored = repr(session.execute(text("select * from staff_session")).all())
        stored += repr(session.execute(text("select * from api_token")).all())
        stored += repr(session.execute(text("select * from staff")).all())
    assert cookie not in stored
    assert token not in stored
    assert PASSWORD not in stored
    assert "argon2id" in stored


def test_a_token_ends_when_revoked_or_expired(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    def make() -> str:
        with database.write() as session:
            return staff.create_token(
                session, cipher, name="x", role="clerk", area_code="500233", department="yibao",
                days=1,
            )  # fmt: skip

    def opens(token: str) -> bool:
        with database.read() as session:
            return staff.scope_of_token(session, cipher, token) is not None

    token = make()
    assert opens(token)
    assert not opens(token[:-1])
    clock.shift(timedelta(days=1))
    assert not opens(token)
    revoked = make()
    with database.write() as session:
        for row in session.scalars(select(models.ApiToken)):
            row.revoked_at = row.created_at
    assert not opens(revoked)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("login", "陈"), ("login", ""), ("login", "a" * 61), ("password", "kurz"),
        ("role", "admin"), ("area_code", "5002"), ("department", "king"),
    ],
)  # fmt: skip
def test_bad_accounts_are_refused_by_field(database: Database, field: str, value: str) -> None:
    values = {
        "login": "li", "name": "小李", "password": PASSWORD, "role": "clerk",
        "area_code": "500233", "department": "yibao",
    }  # fmt: skip
    with pytest.raises(BadInput) as refused, database.write() as session:
        staff.create_staff(session, **{**values, field: value})
    assert refused.value.field == field

"""Codes beside the password: each once, few guesses, nothing readable in the tables."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from cases import attempts, events, models, second_factor, signing_in, staff
from cases.errors import BadInput, Conflict, TooManyAttempts
from cases.staff import Browser
from foundation import clock as now_is
from foundation.crypto import Cipher, DecryptionFailed
from foundation.database import Database

PASSWORD = "长一点的密码2026"
HERE, THERE = "1" * 32, "2" * 32  # two sessions
Setup = tuple[str, list[str]]


def code_of(key: str, shift: int = 0) -> str:
    return pyotp.TOTP(key).at(int(now_is.now().timestamp()) + shift * 30)


@pytest.fixture
def chen(database: Database, clock: time_machine.Traveller) -> str:
    """An account, by id, without a second factor."""
    with database.write() as session:
        return staff.create_staff(
            session, login="chen", name="老陈", password=PASSWORD, role="county_reviewer",
            area_code="500233", department="minzheng",
        ).id  # fmt: skip


@pytest.fixture
def phone(database: Database, cipher: Cipher, chen: str, clock: time_machine.Traveller) -> Setup:
    """The same with one: its key and the codes on paper. The first code was used a minute ago."""
    with database.write() as session:
        person = session.get_one(models.Staff, chen)
        key = second_factor.begin(session, cipher, person, HERE).key
        codes = second_factor.confirm(session, cipher, person, HERE, code_of(key))
    clock.shift(timedelta(minutes=1))
    return key, codes


def verify(database: Database, cipher: Cipher, staff_id: str, code: str) -> bool:
    with database.write() as session:
        person = session.get_one(models.Staff, staff_id)
        return second_factor.verify(session, cipher, person, code)


def enter(database: Database, cipher: Cipher, **more: str) -> tuple[str, str]:
    return signing_in.sign_in(
        database, cipher, "chen", PASSWORD, "10.0.0.1", browser=Browser("电脑", "10.0.0.*"), **more
    )


def test_the_second_step_opens_the_session_under_a_new_id(
    database: Database, cipher: Cipher, chen: str, phone: Setup
) -> None:
    value, stage = enter(database, cipher)
    assert stage == signing_in.CODE
    assert staff.session_of(database, cipher, value) is None, "the password alone opens nothing"
    with pytest.raises(BadInput):
        signing_in.give_code(database, cipher, value, "000000", "10.0.0.1", "off")
    opened, stage = signing_in.give_code(
        database, cipher, value, code_of(phone[0]), "10.0.0.1", "off"
    )
    assert stage == staff.FULL
    found = staff.session_of(database, cipher, opened)
    assert found is not None
    assert found.scope.worker_id == chen
    assert opened != value
    assert signing_in.waiting_of(database, cipher, value) is None
    with database.read() as session:
        assert [one.device for one in staff.live_sessions(session, chen)] == ["电脑"]


def test_a_code_counts_once_even_if_typed_twice_or_older(
    database: Database, cipher: Cipher, chen: str, phone: Setup, clock: time_machine.Traveller
) -> None:
    key = phone[0]
    shown = code_of(key)
    assert verify(database, cipher, chen, f" {shown[:3]} {shown[3:]} ")
    assert not verify(database, cipher, chen, shown)
    assert not verify(database, cipher, chen, code_of(key, -1)), "an earlier one is void with it"
    clock.shift(timedelta(seconds=30))
    assert not verify(database, cipher, chen, shown)
    assert verify(database, cipher, chen, code_of(key))


def test_a_phone_may_be_half_a_minute_wrong_and_no_more(
    database: Database, cipher: Cipher, chen: str, phone: Setup, clock: time_machine.Traveller
) -> None:
    key = phone[0]
    assert not verify(database, cipher, chen, code_of(key, -2))
    assert not verify(database, cipher, chen, code_of(key, 2))
    assert verify(database, cipher, chen, code_of(key, -1))
    assert verify(database, cipher, chen, code_of(key, 1))


def test_the_code_that_confirmed_the_phone_does_not_sign_in(
    database: Database, cipher: Cipher, chen: str
) -> None:
    with database.write() as session:
        person = session.get_one(models.Staff, chen)
        key = second_factor.begin(session, cipher, person, HERE).key
        assert second_factor.begin(session, cipher, person, HERE).key == key, (
            "reloading keeps the key"
        )
        assert not second_factor.is_set(session, chen)
        assert second_factor.confirm(session, cipher, person, HERE, "123") == []
        assert len(second_factor.confirm(session, cipher, person, HERE, code_of(key))) == 10
        assert second_factor.is_set(session, chen)
        with pytest.raises(Conflict):
            second_factor.confirm(session, cipher, person, HERE, code_of(key, 1))
    assert not verify(database, cipher, chen, code_of(key))


def test_a_key_nobody_confirmed_is_void_after_a_quarter_of_an_hour(
    database: Database, cipher: Cipher, chen: str, clock: time_machine.Traveller
) -> None:
    with database.write() as session:
        person = session.get_one(models.Staff, chen)
        key = second_factor.begin(session, cipher, person, HERE).key
        assert second_factor.waiting(session, cipher, person, HERE) is not None
        clock.shift(second_factor.PENDING_FOR)
        assert second_factor.waiting(session, cipher, person, HERE) is None
        with pytest.raises(Conflict):
            second_factor.confirm(session, cipher, person, HERE, code_of(key))
        assert second_factor.begin(session, cipher, person, HERE).key != key


def test_a_waiting_key_is_shown_in_no_other_session(
    database: Database, cipher: Cipher, chen: str, clock: time_machine.Traveller
) -> None:
    with database.write() as session:
        person = session.get_one(models.Staff, chen)
        first = second_factor.begin(session, cipher, person, HERE).key
        assert second_factor.waiting(session, cipher, person, THERE) is None
        with pytest.raises(Conflict):
            second_factor.confirm(session, cipher, person, THERE, code_of(first))
        second = second_factor.begin(session, cipher, person, THERE).key
        assert second != first
        with pytest.raises(Conflict):
            second_factor.confirm(session, cipher, person, HERE, code_of(first))
        assert second_factor.confirm(session, cipher, person, THERE, code_of(second))


def test_who_watches_the_set_up_of_another_with_the_password_does_not_see_the_key(
    database: Database, cipher: Cipher, chen: str
) -> None:
    owner, _ = enter(database, cipher, compulsory="all")
    thief, _ = enter(database, cipher, compulsory="all")
    seen = signing_in.setup_of(database, cipher, thief).key
    key = signing_in.setup_of(database, cipher, owner).key
    assert key != seen
    assert signing_in.setup_of(database, cipher, owner).key == key, "reloading keeps the key"
    with pytest.raises(BadInput):
        signing_in.enrol(database, cipher, owner, code_of(seen), "all")
    assert signing_in.enrol(database, cipher, owner, code_of(key), "all")[1] == staff.FULL


@pytest.mark.parametrize("by", ["password", "code"])
def test_five_wrong_proofs_in_a_row_are_on_record_once(
    database: Database, cipher: Cipher, chen: str, phone: Setup, by: str
) -> None:
    def try_wrong() -> None:
        if by == "code":
            assert not verify(database, cipher, chen, "000000")
            return
        with pytest.raises(BadInput):
            signing_in.sign_in(database, cipher, "chen", "geraten!!!", "10.0.0.1")

    for _ in range(4):
        try_wrong()
    assert shut_out(database) == []
    try_wrong()
    with pytest.raises(TooManyAttempts):
        try_wrong()
    assert shut_out(database) == [{"staff": chen, "by": by}]
    with database.read() as session:
        assert events.verify_all(session) == []


def shut_out(database: Database) -> list[dict[str, str]]:
    with database.read() as session:
        return list(session.scalars(sa.select(models.CaseEvent.data).filter_by(kind="shut_out")))


def test_wrong_codes_of_the_signed_in_do_not_shut_out_one_another(
    database: Database, cipher: Cipher, chen: str, phone: Setup
) -> None:
    for number in range(5):
        with database.write() as session:
            other = staff.create_staff(
                session, login=f"li{number}", name="小李", password=PASSWORD, role="auditor",
                area_code="500233", department="minzheng", hashed="-",
            ).id  # fmt: skip
        for _ in range(5):
            assert not verify(database, cipher, other, "000000")
    assert verify(database, cipher, chen, code_of(phone[0]))


def test_five_wrong_codes_shut_out_the_right_one_too(
    database: Database, cipher: Cipher, chen: str, phone: Setup, clock: time_machine.Traveller
) -> None:
    for wrong in ("000000", "", "x" * 40, "１２３４５６", "-"):
        assert not verify(database, cipher, chen, wrong)
    with pytest.raises(TooManyAttempts):
        verify(database, cipher, chen, code_of(phone[0]))
    with pytest.raises(TooManyAttempts):
        verify(database, cipher, chen, phone[1][0])
    clock.shift(attempts.WINDOW + timedelta(seconds=1))
    assert verify(database, cipher, chen, code_of(phone[0]))


def test_a_code_on_paper_counts_once_and_leaves_a_trace(
    database: Database, cipher: Cipher, chen: str, phone: Setup
) -> None:
    paper = phone[1]
    assert len(set(paper)) == 10
    assert verify(database, cipher, chen, paper[3].upper().replace("-", " "))
    assert not verify(database, cipher, chen, paper[3])
    with database.write() as session:
        assert second_factor.codes_left(session, chen) == 9
        kinds = list(session.scalars(sa.select(models.CaseEvent.kind)))
        assert kinds == ["totp_set", "recovery_used"]
        assert events.verify_all(session) == []
        fresh = second_factor.new_codes(session, cipher, chen)
    assert not verify(database, cipher, chen, paper[4]), "new codes void the old ones"
    assert verify(database, cipher, chen, fresh[0])


def test_the_tables_hold_no_key_and_a_key_opens_only_in_its_own_row(
    database: Database, cipher: Cipher, chen: str, phone: Setup
) -> None:
    key, paper = phone
    with database.read() as session:
        stored = ""
        for table in ("staff_totp", "staff_recovery_code", "case_event"):
            stored += repr(
                session.execute(sa.select(sa.text("*")).select_from(sa.text(table))).all()
            )
    assert key not in stored
    assert not [code for code in paper if code in stored or code.replace("-", "") in stored]
    with database.write() as session:
        other = staff.create_staff(
            session, login="li", name="小李", password=PASSWORD, role="auditor",
            area_code="500233", department="minzheng", hashed="-",
        ).id  # fmt: skip
        row = session.get_one(models.StaffTotp, chen)
        session.add(
            models.StaffTotp(
                staff_id=other, secret_encrypted=row.secret_encrypted, last_step=0,
                confirmed_at=row.confirmed_at,
            )
        )  # fmt: skip
    with pytest.raises(DecryptionFailed):
        verify(database, cipher, other, code_of(key))


@pytest.mark.parametrize(
    ("role", "setting", "stage"),
    [
        ("county_reviewer", "off", staff.FULL), ("county_reviewer", "roles", signing_in.ENROL),
        ("administrator", "roles", signing_in.ENROL), ("auditor", "roles", signing_in.ENROL),
        ("grid_worker", "roles", staff.FULL), ("grid_worker", "all", signing_in.ENROL),
    ],
)  # fmt: skip
def test_who_must_have_a_second_factor_sets_it_up_before_anything_opens(
    database: Database, cipher: Cipher, chen: str, role: str, setting: str, stage: str
) -> None:
    with database.write() as session:
        session.get_one(models.Staff, chen).role = role
    value, waits = enter(database, cipher, compulsory=setting)
    assert waits == stage
    if waits == staff.FULL:
        return
    assert staff.session_of(database, cipher, value) is None
    key = signing_in.setup_of(database, cipher, value).key
    with pytest.raises(BadInput):
        signing_in.enrol(database, cipher, value, "000000", setting)
    opened, waits, codes = signing_in.enrol(database, cipher, value, code_of(key), setting)
    assert (waits, len(codes)) == (staff.FULL, 10)
    assert staff.session_of(database, cipher, opened) is not None


def test_a_given_password_is_replaced_before_anything_opens(
    database: Database, cipher: Cipher, chen: str
) -> None:
    with database.write() as session:
        session.get_one(models.Staff, chen).must_change = True
    value, stage = enter(database, cipher)
    assert stage == signing_in.PASSWORD
    assert staff.session_of(database, cipher, value) is None
    for password, again in (("kurz", "kurz"), ("x" * 201,) * 2, (PASSWORD,) * 2,
                            ("另一个长密码2026", "不一样的密码2026")):  # fmt: skip
        with pytest.raises(BadInput):
            signing_in.give_password(database, cipher, value, password, again, "off")
    mine = "另一个长密码2026"
    opened, stage = signing_in.give_password(database, cipher, value, mine, mine, "off")
    assert stage == staff.FULL
    assert staff.session_of(database, cipher, opened) is not None
    with pytest.raises(BadInput):
        enter(database, cipher)


def test_an_unfinished_sign_in_ends_after_ten_minutes_and_with_its_account(
    database: Database, cipher: Cipher, chen: str, phone: Setup, clock: time_machine.Traveller
) -> None:
    value, _ = enter(database, cipher)
    assert signing_in.waiting_of(database, cipher, value) is not None
    with pytest.raises(BadInput):
        signing_in.enrol(database, cipher, value, code_of(phone[0]), "off")  # not its step
    with database.write() as session:
        session.get_one(models.Staff, chen).active = False
    assert signing_in.waiting_of(database, cipher, value) is None
    with pytest.raises(BadInput):
        signing_in.give_code(database, cipher, value, code_of(phone[0]), "-", "off")
    with database.write() as session:
        session.get_one(models.Staff, chen).active = True
    clock.shift(signing_in.PATIENCE)
    with pytest.raises(BadInput):
        signing_in.give_code(database, cipher, value, code_of(phone[0]), "-", "off")


def test_changing_the_password_ends_the_other_sessions(
    database: Database, cipher: Cipher, chen: str
) -> None:
    here, there = enter(database, cipher)[0], enter(database, cipher)[0]
    found = staff.session_of(database, cipher, here)
    assert found is not None
    for old, new in (("falsch", "另一个长密码2026"), (PASSWORD, PASSWORD)):
        with pytest.raises(BadInput):
            signing_in.change_password(database, cipher, chen, found.session_id, old, new, new)
    new = "另一个长密码2026"
    assert signing_in.change_password(
        database, cipher, chen, found.session_id, PASSWORD, new, new
    ) == 1  # fmt: skip
    assert staff.session_of(database, cipher, here) is not None
    assert staff.session_of(database, cipher, there) is None

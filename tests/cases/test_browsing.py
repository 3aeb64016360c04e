"""The access log shows a watcher what concerns them, and unusual reading raises one alarm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from cases import access, access_log, browsing, casework, events, models, staff
from cases.access_log import Wanted
from cases.errors import Conflict, NotAllowed, NotFound, OutOfReach
from cases.repository import CaseRepository, Scope
from cases.sweep import sweep
from foundation import clock as now_is
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed

People = dict[str, Scope]


@pytest.fixture
def people(database: Database, clock: time_machine.Traveller) -> People:
    """A reader and who watches over them, in 忠县 and above, and somebody elsewhere."""
    posts = {
        "reader": ("county_reviewer", "500233"), "inspector": ("inspector", "500233"),
        "auditor": ("auditor", "500000"), "stranger": ("county_reviewer", "350982"),
        "far": ("auditor", "350000"), "duty": ("duty_officer", "500233"),
    }  # fmt: skip
    with database.write() as session:
        return {
            login: staff.scope_of(
                staff.create_staff(
                    session, login=login, name=f"测试{login}", password="x" * 10, role=role,
                    area_code=area, department="duty" if login == "duty" else "minzheng",
                    hashed="-",
                )
            )
            for login, (role, area) in posts.items()
        }  # fmt: skip


def cases(database: Database, cipher: Cipher, count: int) -> list[str]:
    return [filed(database, cipher, f"k{number}").receipt_no for number in range(count)]


def refused(database: Database, cipher: Cipher, worker: Scope, receipt_no: str) -> None:
    with pytest.raises(OutOfReach) as refusal, database.read() as session:
        CaseRepository(session, worker).get(receipt_no)
    access.record_refusal(database, cipher, refusal.value)


def log(database: Database, cipher: Cipher, worker: Scope, **more: Any) -> list[tuple[str, ...]]:
    with database.read() as session:
        found = access_log.read(CaseRepository(session, worker), cipher, Wanted(**more))
    return [(one.login, one.word, one.receipt_no, one.detail, one.reason) for one in found.lines]


def alarms(database: Database, cipher: Cipher, worker: Scope) -> list[browsing.Alarm]:
    with database.read() as session:
        return browsing.alarms(session, cipher, worker)


def watch(database: Database, cipher: Cipher) -> int:
    with database.write() as session:
        return browsing.watch(session, cipher, now_is.now())


def test_the_log_tells_who_opened_and_saw_what_and_why(
    database: Database, cipher: Cipher, people: People, clock: time_machine.Traveller
) -> None:
    reader, (one, two) = people["reader"], cases(database, cipher, 2)
    for number in (one, one, two):
        access.note_view(database, cipher, reader, number)
    clock.shift(timedelta(minutes=1))
    with database.write() as session:
        casework.reveal(session, cipher, reader, one, "电话核实住址")
    clock.shift(timedelta(minutes=1))
    access.record_search(database, cipher, reader, "王桂兰", 2)
    access.record_search(database, cipher, reader, "王 桂兰", 2)
    access.record_search(database, cipher, reader, two, 1)
    told = log(database, cipher, people["inspector"])
    assert told[0] == ("reader", "按姓名或号码查找", "", "查“王**”，找到 2 件", "")
    assert told[1] == ("reader", "查看完整信息", one, "姓名、联系电话", "电话核实住址")
    assert sorted(told[2:]) == sorted(("reader", "查看", number, "", "") for number in (one, two))
    assert log(database, cipher, people["auditor"]) == told
    assert log(database, cipher, people["far"]) == []
    assert len(log(database, cipher, people["inspector"], case=one)) == 2
    assert len(log(database, cipher, people["inspector"], group="revealed")) == 1
    assert log(database, cipher, people["inspector"], who="stranger") == []
    day = now_is.today()
    assert len(log(database, cipher, people["inspector"], first=day, last=day)) == 4
    assert log(database, cipher, people["inspector"], first=day + timedelta(days=1)) == []
    with pytest.raises(NotAllowed):
        log(database, cipher, reader)
    with database.read() as session:
        assert events.verify_all(session) == []


def test_a_foreign_attempt_is_known_to_both_sides_and_named_to_one(
    database: Database, cipher: Cipher, people: People
) -> None:
    (number,) = cases(database, cipher, 1)
    for _ in range(2):
        refused(database, cipher, people["stranger"], number)
    refused(database, cipher, people["stranger"], "WZ123456789015")
    word = "试着打开范围外的事项"
    assert log(database, cipher, people["inspector"]) == [
        ("stranger", word, number, "有这件事，不归此人", "")
    ]
    there = log(database, cipher, people["far"])
    assert {line[3] for line in there} == {"有这件事，不归此人", "没有这个回执号"}
    assert {line[2] for line in there} == {""}, "the receipt is not theirs to read"


def test_opening_many_without_working_is_one_alarm_to_one_name(
    database: Database, cipher: Cipher, people: People, clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(browsing.rules()["many"], "allowed", 3)  # type: ignore[arg-type]
    numbers = cases(database, cipher, 5)
    for number in numbers[:4]:
        access.note_view(database, cipher, people["reader"], number)
    with database.write() as session:
        casework.note(session, cipher, people["reader"], numbers[0], "已经打过电话")
    assert watch(database, cipher) == 0, "three without work, three are allowed"
    access.note_view(database, cipher, people["reader"], numbers[4])
    sweep(database, cipher)
    clock.shift(timedelta(minutes=5))
    assert watch(database, cipher) == 0, "once a day"
    (found,) = alarms(database, cipher, people["inspector"])
    assert (found.rule, found.count, found.allowed, found.told, found.mine) == (
        "many", 4, 3, "测试inspector", True,
    )  # fmt: skip
    assert [one.mine for one in alarms(database, cipher, people["auditor"])] == [False]
    assert alarms(database, cipher, people["far"]) == []
    with database.read() as session:
        assert browsing.told_and_open(session, people["inspector"]) == 1
        assert browsing.told_and_open(session, people["auditor"]) == 0
    with pytest.raises(NotAllowed):
        alarms(database, cipher, people["reader"])


def test_an_alarm_is_closed_with_what_was_found_and_not_by_oneself(
    database: Database, cipher: Cipher, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(browsing.rules()["reveal"], "allowed", 1)  # type: ignore[arg-type]
    for number in cases(database, cipher, 2):
        with database.write() as session:
            casework.reveal(session, cipher, people["inspector"], number, "抽查案卷材料")
    assert watch(database, cipher) == 1
    assert alarms(database, cipher, people["inspector"]) == [], "not one's own"
    (found,) = alarms(database, cipher, people["auditor"])
    assert found.told == "测试auditor"

    def check(who: str, finding: str = "问过本人，是抽查") -> None:
        with database.write() as session:
            browsing.check(session, cipher, people[who], found.id, finding)

    for who, refusal in (("inspector", NotFound), ("far", NotFound), ("reader", NotAllowed)):
        with pytest.raises(refusal):
            check(who)
    check("auditor")
    with pytest.raises(Conflict):
        check("auditor")
    (closed,) = alarms(database, cipher, people["auditor"])
    assert (closed.checked, closed.finding) == ("测试auditor", "问过本人，是抽查")
    with database.read() as session:
        stored = repr(session.execute(sa.select(models.BrowsingAlarm.finding_encrypted)).all())
        assert "抽查" not in stored


def test_reading_at_night_counts_but_not_for_the_duty_officer(
    database: Database, cipher: Cipher, people: People, clock: time_machine.Traveller
) -> None:
    numbers = [
        filed(database, cipher, f"n{n}", urgency="emergency", programmes=("linshi",)).receipt_no
        for n in range(3)
    ]
    clock.shift(timedelta(hours=13, minutes=30))  # 23:30
    for number in numbers:
        access.note_view(database, cipher, people["reader"], number)
    with database.write() as session:
        for number in numbers:
            case = CaseRepository(session, people["reader"]).get(number)
            events.append(
                session, cipher, case, events.EventKind.VIEWED,
                events.Actor("staff", people["duty"].worker_id), audience="audit",
            )  # type: ignore[arg-type]  # fmt: skip
    assert watch(database, cipher) == 1
    clock.shift(timedelta(hours=3))
    assert watch(database, cipher) == 0, "the same night"
    (found,) = alarms(database, cipher, people["inspector"])
    assert (found.rule, found.person.login, found.count) == ("night", "reader", 3)
    clock.shift(timedelta(hours=9))
    assert watch(database, cipher) == 0


def test_probing_and_looking_for_one_name_are_noticed(
    database: Database, cipher: Cipher, people: People, clock: time_machine.Traveller
) -> None:
    numbers = cases(database, cipher, 5)
    for number in numbers:
        refused(database, cipher, people["stranger"], number)
    for _ in range(5):
        access.record_search(database, cipher, people["reader"], "王桂兰", 1)
        access.record_search(database, cipher, people["reader"], "李四", 0)
        clock.shift(timedelta(minutes=5))
    assert [one.rule for one in alarms(database, cipher, people["auditor"])] == []
    assert watch(database, cipher) == 1
    for _ in range(3):
        clock.shift(timedelta(minutes=15))
        access.record_search(database, cipher, people["reader"], "王桂兰", 1)
    assert watch(database, cipher) == 1
    (there,), (here,) = (alarms(database, cipher, people[who]) for who in ("far", "inspector"))
    assert (there.rule, there.count) == ("refused", 5)
    assert (here.rule, here.person.login, here.count) == ("same_name", "reader", 5)


def test_the_thresholds_are_checked_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for rules in ({"often": {}}, {"many": {"word": "x", "allowed": "30"}}):
        monkeypatch.setattr(browsing, "_document", lambda rules=rules: {"rules": rules})
        with pytest.raises(ValueError, match=r"browsing\.yaml"):
            browsing.rules.__wrapped__()

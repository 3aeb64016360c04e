"""Untaken alerts and missed limits reach a person by name, each step once."""

from __future__ import annotations

import threading
from datetime import timedelta

import time_machine
from sqlalchemy import select

from cases import models, service, staff, views
from cases.repository import CaseRepository
from cases.states import Role
from cases.sweep import sweep
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation, filed, scope

COUNTY = scope()


def person(
    database: Database, login: str, role: str, area: str, department: str = "minzheng"
) -> str:
    with database.write() as session:
        return staff.create_staff(
            session, login=login, name=login, password="wenzhu-test-2026", role=role,
            area_code=area, department=department, hashed="-",
        ).id  # fmt: skip


def alert(database: Database, cipher: Cipher) -> str:
    with database.write() as session:
        return service.open_duty_lead(
            session, cipher, identity(database, cipher, session), "no_food", "两天没吃饭了", "a1",
            region_code="500233107000",
        ).receipt_no  # fmt: skip


def identity(database: Database, cipher: Cipher, session: object) -> str:
    from conversations import identity as people

    return people.start_web(session, cipher).conversation.id  # type: ignore[arg-type]


def steps(database: Database) -> list[tuple[int, str | None]]:
    with database.read() as session:
        rows = session.scalars(
            select(models.CaseEvent)
            .where(models.CaseEvent.kind == "alert_passed_on")
            .order_by(models.CaseEvent.seq)
        )
        return [(row.data["step"], row.data["to"]) for row in rows]


def test_an_untaken_alert_goes_up_step_by_step_to_named_people(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    near = person(database, "chen", Role.COUNTY_REVIEWER, "500233")
    far = person(database, "yang", Role.INSPECTOR, "500000")
    person(database, "wang", Role.COUNTY_REVIEWER, "350982")
    number = alert(database, cipher)
    assert sweep(database, cipher).passed_on == 0
    clock.shift(timedelta(minutes=10))
    assert sweep(database, cipher).passed_on == 1
    assert sweep(database, cipher).passed_on == 0
    assert steps(database) == [(1, near)]
    clock.shift(timedelta(minutes=20))
    assert sweep(database, cipher).passed_on == 1
    assert steps(database) == [(1, near), (2, far)]
    with database.read() as session:
        repository = CaseRepository(session, COUNTY)
        found = views.detail(repository, cipher, repository.get(number))
        named = session.scalars(
            select(models.Notice.staff_id).where(models.Notice.kind == "alert")
        ).all()
    assert found.alerts[0]["passed_to"] == "yang"
    assert found.summary.passed_to == "yang"
    assert [event.detail for event in found.events if event.kind == "alert_passed_on"] == [
        "第 2 次：重庆市 yang", "第 1 次：重庆市忠县 chen",
    ]  # fmt: skip
    assert set(named) == {near, far}


def test_a_long_silence_does_every_step_once(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    person(database, "chen", Role.COUNTY_REVIEWER, "500233")
    alert(database, cipher)
    clock.shift(timedelta(hours=5))
    assert sweep(database, cipher).passed_on == 3
    assert sweep(database, cipher).passed_on == 0
    assert [step for step, _ in steps(database)] == [1, 2, 3]


def test_sweeps_side_by_side_pass_on_once(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    person(database, "chen", Role.COUNTY_REVIEWER, "500233")
    alert(database, cipher)
    clock.shift(timedelta(minutes=11))
    threads = [threading.Thread(target=sweep, args=(database, cipher)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [step for step, _ in steps(database)] == [1]


def test_a_taken_alert_stays_where_it_is(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    person(database, "chen", Role.COUNTY_REVIEWER, "500233")
    number = alert(database, cipher)
    with database.write() as session:
        service.take_alert(session, cipher, COUNTY, number)
    clock.shift(timedelta(hours=5))
    assert sweep(database, cipher).passed_on == 0


def test_without_anybody_the_step_is_still_on_record(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    person(database, "audit", Role.AUDITOR, "500233")
    alert(database, cipher)
    clock.shift(timedelta(minutes=15))
    sweep(database, cipher)
    assert steps(database) == [(1, None)], "an auditor cannot take an alert"


def test_a_lead_is_reminded_at_half_and_four_fifths_and_then_given_to_a_person(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    chen = person(database, "chen", Role.COUNTY_REVIEWER, "500233")
    filed(database, cipher, programmes=("jiaoyu",))  # Monday 10:00, three working days
    shares = []
    for _ in range(100):
        clock.shift(timedelta(hours=1))
        sweep(database, cipher)
        with database.read() as session:
            lead = session.scalars(select(models.Lead)).one()
            shares.append((lead.reminded_share, lead.reminders, lead.escalated_at is not None))
    assert sorted(set(shares)) == [(0, 0, False), (50, 1, False), (80, 2, False), (80, 2, True)]
    assert shares.index((50, 1, False)) == 42, "43 of 86 hours of working days"
    with database.read() as session:
        told = session.execute(
            select(models.Notice.department, models.Notice.staff_id).where(
                models.Notice.kind == "overdue"
            )
        ).all()
        words = session.scalars(
            select(models.CaseEvent.data).where(models.CaseEvent.kind == "escalated")
        ).all()
    assert sorted(map(tuple, told), key=str) == [("jiaoyu", None), ("minzheng", chen)]
    assert [data["to"] for data in words] == [chen]


def test_waiting_uses_up_no_share_of_the_limit(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, programmes=("jiaoyu",), conversation_id=here).receipt_no
    with database.write() as session:
        service.request_papers(session, cipher, COUNTY, number, "成绩单")
    clock.shift(timedelta(days=14))
    with database.write() as session:
        service.papers_received(session, cipher, COUNTY, number)
    assert sweep(database, cipher).reminded == 0
    clock.shift(timedelta(days=2))
    assert sweep(database, cipher).reminded == 1

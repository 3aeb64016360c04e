"""Reminders once, escalation to the county once, repair of what must not exist."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import delete, select

from cases import models, service
from cases.repository import CaseRepository, Filter, View
from cases.states import Urgency
from cases.sweep import sweep
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed, scope


def kinds(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.execute(
            select(models.Notice.kind, models.Notice.department).where(models.Notice.kind != "lead")
        )
        return sorted((kind, department) for kind, department in rows)


def test_a_lead_is_reminded_once_before_its_limit(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    filed(database, cipher)
    assert sweep(database, cipher).reminded == 0
    clock.shift(timedelta(days=2))
    assert sweep(database, cipher).reminded == 2
    assert sweep(database, cipher).reminded == 0
    assert kinds(database) == [("reminder", "minzheng"), ("reminder", "xiangzhen")]


def test_a_missed_limit_is_escalated_once_to_the_county(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    filed(database, cipher, programmes=("jiaoyu",))
    clock.shift(timedelta(days=4))
    assert sweep(database, cipher).escalated == 1
    assert sweep(database, cipher).escalated == 0
    assert kinds(database) == [("overdue", "jiaoyu"), ("overdue", "minzheng")]
    with database.read() as session:
        repository = CaseRepository(session, scope())
        assert repository.page(cipher, Filter(view=View.OVERDUE)).total == 1
        assert repository.page(cipher, Filter(view=View.SOON)).total == 0


def test_a_day_long_limit_is_not_reminded_in_its_first_half(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    filed(database, cipher, urgency=Urgency.EMERGENCY, consents=())
    clock.shift(timedelta(hours=11))
    assert sweep(database, cipher).reminded == 0
    clock.shift(timedelta(hours=2))
    assert sweep(database, cipher).reminded == 3


def test_a_case_that_waits_for_papers_is_left_in_peace(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(database, cipher)
    with database.write() as session:
        service.request_papers(session, cipher, scope(), given.receipt_no, "病历")
    clock.shift(timedelta(days=30))
    done = sweep(database, cipher)
    assert (done.reminded, done.escalated) == (0, 0)


def test_a_case_without_a_lead_is_routed_again(database: Database, cipher: Cipher) -> None:
    filed(database, cipher)
    with database.write() as session:
        session.execute(delete(models.Lead))
    assert sweep(database, cipher).repaired == 1
    assert sweep(database, cipher).repaired == 0
    with database.read() as session:
        assert sorted(session.scalars(select(models.Lead.department))) == ["minzheng", "xiangzhen"]

"""The clock stands still for papers and 公示, and both sides read the same date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml
from sqlalchemy import select

from cases import clock as deadlines
from cases import models, service, views
from cases.errors import BadInput, Conflict
from cases.repository import CaseRepository, Filter, View
from cases.sweep import sweep
from foundation import workdays
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation, filed, scope, staff_row

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden_calendar.yml").read_text("utf-8"))
CHEN = scope()


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.mark.parametrize("row", GOLDEN["limits"], ids=lambda row: str(row["start"]))
def test_limits_by_the_calendar(row: dict[str, Any]) -> None:
    found = deadlines.in_working_days(noon(row["start"]), row["days"])
    assert found.due_on == row["due"], row["why"]


@pytest.mark.parametrize("row", GOLDEN["pauses"], ids=lambda row: str(row["stop"]))
def test_pauses_by_the_calendar(row: dict[str, Any]) -> None:
    due = deadlines.in_working_days(noon(row["start"]), row["days"]).due_on
    moved = deadlines.extended(due, noon(row["stop"]), noon(row["go"]))
    assert moved.due_on == row["due"], row["why"]


def both(database: Database, cipher: Cipher, here: str, number: str) -> tuple[Any, Any]:
    """What the resident and what staff are told of the deadline."""
    with database.write() as session:
        resident = service.find_for_resident(session, cipher, here)[0]
    with database.read() as session:
        repository = CaseRepository(session, CHEN)
        staff = views.detail(repository, cipher, repository.get(number)).summary
    return (
        (resident.due_on, resident.due_words, resident.due_note),
        (staff.due_on, staff.due_words, staff.due_note),
    )


def kinds(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(models.CaseEvent.kind).order_by(models.CaseEvent.seq)))


def test_publicity_stops_the_clock_for_its_days_and_ends_by_itself(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no  # Monday 2 March, due 5 March
    clock.shift(timedelta(days=1))
    with database.write() as session:
        service.start_publicity(session, cipher, CHEN, number)
        with pytest.raises(Conflict):
            service.start_publicity(session, cipher, CHEN, number)
    resident, staff = both(database, cipher, here, number)
    assert resident == staff
    assert resident[1] == "公示到3月10日，期限暂停计算"
    clock.shift(timedelta(days=7))  # 10 March, its last day
    done = sweep(database, cipher)
    assert (done.reminded, done.escalated) == (0, 0)
    assert both(database, cipher, here, number)[0][1] == "公示到3月10日，期限暂停计算"
    clock.shift(
        timedelta(days=2)
    )  # nobody swept for a day: the days of 公示 are given back, no more
    sweep(database, cipher)
    resident, staff = both(database, cipher, here, number)
    assert resident == staff
    assert resident[0] == date(2026, 3, 12), "five working days from 4 to 10 March"
    assert [kind for kind in kinds(database) if kind.startswith("publicity")] == [
        "publicity_started",
        "publicity_ended",
    ]
    sweep(database, cipher)
    assert kinds(database).count("publicity_ended") == 1


def test_papers_inside_publicity_count_once(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    with database.write() as session:
        service.start_publicity(session, cipher, CHEN, number, 7)  # 2 to 9 March
    clock.shift(timedelta(days=3))
    with database.write() as session:
        service.request_papers(session, cipher, CHEN, number, "户口簿")
    resident, staff = both(database, cipher, here, number)
    assert resident == staff
    assert resident[1] == "等居民补材料，期限暂停计算"
    clock.shift(timedelta(days=1))
    with database.write() as session:
        service.papers_received(session, cipher, CHEN, number)
    with database.read() as session:
        assert session.scalars(select(models.Case.paused_since)).one() is not None, (
            "公示 still runs"
        )
    clock.shift(timedelta(days=5))
    sweep(database, cipher)
    assert both(database, cipher, here, number)[0][0] == date(2026, 3, 12)
    with database.read() as session:
        leads = session.scalars(select(models.Lead)).all()
        assert {deadlines.due_date(lead.due_at) for lead in leads} == {date(2026, 3, 12)}


def test_a_lead_accepted_during_a_pause_gets_only_its_own_days_back(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        staff_row(session, CHEN)
        service.request_papers(session, cipher, CHEN, number, "户口簿")
        lead = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).one()
    clock.shift(timedelta(days=7))
    with database.write() as session:
        due = service.accept_lead(session, cipher, CHEN, number, lead).due_at
    clock.shift(timedelta(days=1))
    with database.write() as session:
        case = service.papers_received(session, cipher, CHEN, number)
    with database.read() as session:
        moved = session.get_one(models.Lead, lead).due_at
    assert workdays.working_days_between(deadlines.due_date(due), deadlines.due_date(moved)) == 1
    assert case.due_on == deadlines.due_date(moved)


def test_a_paused_case_is_in_no_list_of_the_late(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        service.start_publicity(session, cipher, CHEN, number, 60)
    clock.shift(timedelta(days=30))
    with database.read() as session:
        repository = CaseRepository(session, CHEN)
        assert repository.page(cipher, Filter(view=View.OVERDUE)).total == 0
        assert repository.page(cipher, Filter(view=View.SOON)).total == 0
        assert repository.page(cipher, Filter(view=View.WAITING)).total == 0, "that is for papers"


@pytest.mark.parametrize("days", [0, -1, 61])
def test_impossible_publicity_is_refused(database: Database, cipher: Cipher, days: int) -> None:
    number = filed(database, cipher).receipt_no
    with pytest.raises(BadInput), database.write() as session:
        service.start_publicity(session, cipher, CHEN, number, days)


def test_a_deadline_in_a_year_without_arrangement_says_so(
    database: Database, cipher: Cipher
) -> None:
    with time_machine.travel(datetime(2026, 12, 30, 2, tzinfo=UTC), tick=False):
        here = conversation(database, cipher)
        number = filed(database, cipher, conversation_id=here).receipt_no
        resident, staff = both(database, cipher, here, number)
    assert resident == staff
    assert resident[2] == "2027年放假安排还没有公布，这个日期可能推后"


def test_a_deadline_in_a_known_year_needs_no_caution() -> None:
    assert deadlines.caution(date(2026, 12, 31)) is None

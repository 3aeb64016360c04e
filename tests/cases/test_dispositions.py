"""D1 says who delivers by when, D3 waits for the county; objections, late papers, leaving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import models, service, sweep, views
from cases.repository import CaseRepository
from cases.service import Terms
from cases.states import CaseState, Role
from conversations import thread
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation, filed, scope
from tests.cases.test_closing import answered

pytestmark = pytest.mark.usefixtures("clock")
CHEN = scope()
MACHINE = scope(worker_id="token:" + "1" * 32, role=Role.COUNTY_REVIEWER)
LATE = Terms(cause="late", unit="yibao", due="2026-03-31")
MET = Terms(met="2026-03-02", decision="县里给一次性生活补助，由镇上送到")


def do(database: Database, cipher: Cipher, step: Callable[..., Any], *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def close(
    database: Database, cipher: Cipher, number: str, disposition: str, given: Terms
) -> models.Case:
    return do(
        database, cipher, service.close, CHEN, number, "查明了原因", disposition, None, None, given
    )


def read(database: Database, cipher: Cipher, number: str) -> Any:
    with database.read() as session:
        repository = CaseRepository(session, CHEN)
        return views.detail(repository, cipher, repository.get(number))


def lead(database: Database, department: str) -> models.Lead | None:
    with database.read() as session:
        return session.scalar(select(models.Lead).where(models.Lead.department == department))


def kinds(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(models.CaseEvent.kind).order_by(models.CaseEvent.seq)))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Terms(), "cause"),
        (Terms(cause="late"), "unit"),
        (Terms(cause="late", unit="mars", due="2026-03-31"), "unit"),
        (Terms(cause="late", unit="yibao"), "due"),
        (Terms(cause="late", unit="yibao", due="2026-03-01"), "due"),
        (Terms(cause="late", unit="yibao", due="2028-03-31"), "due"),
        (Terms(cause="late", unit="yibao", due="9" * 30), "due"),
        (Terms(cause="\x00", unit="yibao", due="2026-03-31"), "cause"),
    ],
)
def test_a_policy_that_was_not_delivered_needs_cause_unit_and_a_new_day(
    database: Database, cipher: Cipher, given: Terms, field: str
) -> None:
    number = answered(database, cipher)
    with pytest.raises(service.BadInput) as refused:
        close(database, cipher, number, "D1", given)
    assert refused.value.field == field
    assert "disposition" not in kinds(database)


def test_the_unit_is_asked_to_deliver_and_only_then_the_case_closes(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    number = answered(database, cipher)
    close(database, cipher, number, "D1", LATE)
    found = read(database, cipher, number)
    assert (found.summary.state, found.summary.due_on) == (CaseState.HANDLING, date(2026, 3, 31))
    assert found.disposition.terms == "发晚了；医保局在 2026-03-31 前落实"
    assert found.disposition.awaits == "等医保局落实"
    unit = lead(database, "yibao")
    assert unit is not None
    assert (unit.state, unit.assisting) == ("pending", False)
    with pytest.raises(service.Conflict, match="医保局"):
        close(database, cipher, number, "D1", Terms())
    clock.move_to("2026-04-01T01:00:00Z")
    sweep.sweep(database, cipher)
    late = [one.detail for one in read(database, cipher, number).events if one.kind == "escalated"]
    assert "医保局" in late, "a missed delivery is passed on like any other"
    do(database, cipher, service.answer_lead, CHEN, number, unit.id, "helped", "补发到账")
    assert read(database, cipher, number).disposition.awaits == ""
    close(database, cipher, number, "D1", Terms())
    assert read(database, cipher, number).summary.state == CaseState.CLOSED


def test_a_unit_that_answered_without_helping_owes_the_delivery(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher).receipt_no
    town = lead(database, "xiangzhen")
    assert town is not None
    do(database, cipher, service.answer_lead, CHEN, number, town.id, "not_eligible", "没有名额")
    close(
        database, cipher, number, "D1", Terms(cause="not_taken", unit="xiangzhen", due="2026-03-09")
    )
    again = lead(database, "xiangzhen")
    assert again is not None
    assert (again.state, again.result) == ("pending", None)
    assert any(one.text == "没有名额" for one in read(database, cipher, number).events)


def test_what_no_policy_fits_waits_for_the_county_on_the_clock(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    number = answered(database, cipher, conversation_id=here)
    close(database, cipher, number, "D3", Terms())
    found = read(database, cipher, number)
    assert (found.summary.state, found.disposition.awaits) == ("handling", "等县级协调会的意见")
    assert found.summary.due_on == date(2026, 3, 30), "twenty working days from Monday 2 March"
    for given, field in (
        (Terms(), "met"), (Terms(met="2026-03-03", decision="给补助"), "met"),
        (Terms(met="2026-02-01", decision="给补助"), "met"), (Terms(met="2026-03-02"), "decision"),
    ):  # fmt: skip
        with pytest.raises(service.BadInput) as refused:
            close(database, cipher, number, "D3", given)
        assert refused.value.field == field
    close(database, cipher, number, "D3", MET)
    found = read(database, cipher, number)
    assert (found.summary.state, found.disposition.terms) == ("closed", "2026-03-02 协调会")
    assert [one.text for one in found.events if one.kind == "coordinated"] == [MET.decision]
    with database.read() as session:
        assert MET.decision not in thread.messages(session, cipher, here)[-1].text


def test_only_an_objection_leads_to_deliberation_and_it_blocks_the_end(
    database: Database, cipher: Cipher
) -> None:
    number = answered(database, cipher)
    for step, words in (
        (service.object_to, ("邻居说他家有车",)), (service.review, ("deliberated", "同意原意见")),
    ):  # fmt: skip
        with pytest.raises(service.Conflict):
            do(database, cipher, step, CHEN, number, *words)
    do(database, cipher, service.start_publicity, CHEN, number, 7)
    do(database, cipher, service.end_publicity, CHEN, number)
    ended = next(
        one for one in read(database, cipher, number).events if one.kind == "publicity_ended"
    )
    assert ended.detail.startswith("没有人提出异议，不作民主评议")
    with pytest.raises(service.Conflict, match="不组织民主评议"):
        do(database, cipher, service.review, CHEN, number, "deliberated", "同意原意见")
    do(database, cipher, service.object_to, CHEN, number, "邻居说他家有车")
    assert read(database, cipher, number).objected
    with pytest.raises(service.Conflict, match="异议"):
        close(database, cipher, number, "D2", Terms())
    with pytest.raises(service.BadInput):
        do(database, cipher, service.review, CHEN, number, "voted", "同意原意见")
    do(database, cipher, service.review, CHEN, number, "deliberated", "九人到场，车是邻村亲戚的")
    close(database, cipher, number, "D2", Terms())
    assert read(database, cipher, number).summary.state == CaseState.CLOSED


def test_aid_comes_first_and_late_papers_are_chased_once(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here, urgency="emergency").receipt_no
    for due in ("", "2026-03-01", "2026-12-31", "NaN"):
        with pytest.raises(service.BadInput):
            do(database, cipher, service.aid_papers_due, CHEN, number, due, "住院发票")
    do(database, cipher, service.aid_papers_due, CHEN, number, "2026-03-10", "住院发票")
    do(database, cipher, service.aid_papers_due, CHEN, number, "2026-03-10", "住院发票")
    with database.read() as session:
        told = [one.text for one in thread.messages(session, cipher, here)]
    assert len(told) == 1
    assert "2026年3月10日前补上：住院发票" in told[0]
    clock.move_to("2026-03-10T10:00:00Z")
    sweep.sweep(database, cipher)
    assert "aid_papers_late" not in kinds(database), "the last day still counts"
    clock.move_to("2026-03-11T01:00:00Z")
    for _ in range(2):
        sweep.sweep(database, cipher)
    assert kinds(database).count("aid_papers_late") == 1
    with database.read() as session:
        notices = session.scalars(
            select(models.Notice.department).where(models.Notice.kind == "aid_papers")
        ).all()
    assert notices == ["xiangzhen"], "who helps first hears of it"
    do(database, cipher, service.aid_papers_in, CHEN, number)
    assert read(database, cipher, number).aid_papers_due is None
    with pytest.raises(service.Conflict):
        do(database, cipher, service.aid_papers_in, CHEN, number)


def test_who_died_or_moved_away_leaves_without_a_disposition(
    database: Database, cipher: Cipher
) -> None:
    for why, told in (("died", 0), ("moved", 1)):
        here = conversation(database, cipher)
        number = filed(database, cipher, why, conversation_id=here).receipt_no
        with pytest.raises(service.NotAllowed):
            do(database, cipher, service.leave, MACHINE, number, why, "2026-03-01", "派出所注销")
        for bad in ((why, "2026-03-03"), (why, ""), ("bored", "2026-03-01")):
            with pytest.raises(service.BadInput):
                do(database, cipher, service.leave, CHEN, number, *bad, "派出所注销户口")
        do(database, cipher, service.leave, CHEN, number, why, "2026-03-01", "派出所注销户口")
        assert read(database, cipher, number).summary.state == CaseState.ENDED
        with database.read() as session:
            assert len(thread.messages(session, cipher, here)) == told, "no letter about a death"
        with pytest.raises(service.Conflict):
            do(database, cipher, service.leave, CHEN, number, why, "2026-03-01", "派出所注销户口")

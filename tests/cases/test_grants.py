"""What was granted: two people, whole months, nothing overwritten, nothing twice, told plainly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from cases import events, granted, models, service
from cases.grants import MOST_YUAN
from cases.service import Award
from cases.states import GrantUnit, Role
from conversations import thread
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, ZHONGXIAN, conversation, filed, scope

pytestmark = pytest.mark.usefixtures("clock")
CHEN = scope()
LI = scope(worker_id="b" * 32)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "c" * 32)
YIBAO = scope(department="yibao", role=Role.DEPARTMENT_OFFICER, worker_id="d" * 32)
STRANGER = scope("350982", worker_id="e" * 32)
SERVICE = scope(worker_id="token:" + "f" * 32)
DIBAO = Award("dibao", "650", "month", "2026-04-01", "3")
LINSHI = Award("linshi", "2000", "once", "2026-03-02", "3")


@pytest.fixture
def here(database: Database, cipher: Cipher) -> str:
    """A conversation whose declaration has been decided."""
    return conversation(database, cipher)


@pytest.fixture
def number(database: Database, cipher: Cipher, here: str) -> str:
    receipt_no = filed(database, cipher, conversation_id=here).receipt_no
    do(database, cipher, service.dispose, CHEN, receipt_no, "D2", "按规定推送办理")
    return receipt_no


def do(database: Database, cipher: Cipher, step: Callable[..., Any], *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def rows(database: Database) -> list[granted.AidGrant]:
    with database.read() as session:
        return list(
            session.scalars(select(granted.AidGrant).order_by(granted.AidGrant.recorded_at))
        )


def stands(database: Database, cipher: Cipher, number: str, award: Award) -> str:
    """The award recorded by one and confirmed by another; its id."""
    before = {row.id for row in rows(database)}
    do(database, cipher, service.record_grant, TOWN, number, award)
    [made] = [row.id for row in rows(database) if row.id not in before]
    do(database, cipher, service.confirm_grant, LI, number, made)
    return made


def kinds(database: Database) -> list[str]:
    with database.read() as session:
        found = session.scalars(select(models.CaseEvent).order_by(models.CaseEvent.seq))
        return [one.kind for one in found if one.kind.startswith("grant_")]


def test_one_records_another_confirms_and_the_resident_reads_it(
    database: Database, cipher: Cipher, here: str, number: str
) -> None:
    do(database, cipher, service.record_grant, CHEN, number, DIBAO)
    [row] = rows(database)
    assert (row.amount_fen, row.starts_on, row.waits) == (65000, date(2026, 4, 1), "start")
    with database.write() as session:
        assert service.find_for_resident(session, cipher, here)[0].grants == ()
    with pytest.raises(service.NotAllowed, match="另一位"):
        do(database, cipher, service.confirm_grant, CHEN, number, row.id)
    for _ in range(2):  # sent twice
        do(database, cipher, service.confirm_grant, LI, number, row.id)
    assert kinds(database) == ["grant_recorded", "grant_confirmed"]
    with database.write() as session:
        [said] = service.find_for_resident(session, cipher, here)[0].grants
        assert (said.programme, said.yuan, said.unit) == ("dibao", "650", "month")
        assert (said.starts_on, said.ends_on) == (date(2026, 4, 1), None)
        told = [one.text for one in thread.messages(session, cipher, here)]
        assert "最低生活保障每月650元，从2026年4月1日起。" in told[-1]
        assert events.verify(session, ZHONGXIAN) is None


def test_the_same_form_sent_twice_is_one_amount(
    database: Database, cipher: Cipher, number: str
) -> None:
    for award in (DIBAO, replace(DIBAO, amount="650.00 元"), replace(DIBAO, persons="3人")):
        do(database, cipher, service.record_grant, TOWN, number, award)
    assert len(rows(database)) == 1
    with pytest.raises(service.Conflict, match="等待复核"):
        do(database, cipher, service.record_grant, TOWN, number, replace(DIBAO, amount="700"))
    do(database, cipher, service.confirm_grant, LI, number, rows(database)[0].id)
    do(database, cipher, service.record_grant, TOWN, number, DIBAO)
    assert kinds(database) == ["grant_recorded", "grant_confirmed"]


def test_a_change_ends_one_and_begins_another(
    database: Database, cipher: Cipher, number: str
) -> None:
    first = stands(database, cipher, number, DIBAO)
    second = stands(database, cipher, number, replace(DIBAO, amount="800", starts="2026-07-01"))
    stands(database, cipher, number, LINSHI)
    found = {row.id: row for row in rows(database)}
    assert (found[first].amount_fen, found[first].ends_on) == (65000, date(2026, 6, 30))
    assert (found[second].amount_fen, found[second].ends_on) == (80000, None)
    third = stands(database, cipher, number, replace(DIBAO, amount="820", starts="2026-07-01"))
    found = {row.id: row for row in rows(database)}
    assert found[second].void, "replaced from its first day on"
    with database.read() as session:
        case = session.scalars(select(models.Case)).one()
        now = [one.id for one in granted.standing(session, [case.id]) if one.recurs]
    assert now == [third, first]


def test_the_end_and_a_mistake_take_two_people_too(
    database: Database, cipher: Cipher, here: str, number: str
) -> None:
    monthly = stands(database, cipher, number, DIBAO)
    once = stands(database, cipher, number, LINSHI)
    end = service.ask_grant_end
    for last in ("2026-05-15", "2026-03-31", "bald"):
        with pytest.raises(service.BadInput):
            do(database, cipher, end, TOWN, number, monthly, last, "全家迁出本县")
    with pytest.raises(service.BadInput, match="一次性"):
        do(database, cipher, end, TOWN, number, once, "2026-05-31", "登记错了")
    for _ in range(2):
        do(database, cipher, end, TOWN, number, monthly, "2026-05-31", "全家迁出本县")
    do(database, cipher, end, TOWN, number, once, "", "发给了别家，登记错了")
    with pytest.raises(service.Conflict):
        do(database, cipher, end, CHEN, number, monthly, "2026-06-30", "全家迁出本县")
    with pytest.raises(service.NotAllowed):
        do(database, cipher, service.confirm_grant, TOWN, number, monthly)
    for one in (monthly, once):
        do(database, cipher, service.confirm_grant, LI, number, one)
    found = {row.id: row for row in rows(database)}
    assert found[monthly].ends_on == date(2026, 5, 31)
    assert found[once].void
    with database.write() as session:
        [said] = service.find_for_resident(session, cipher, here)[0].grants
        assert said.ends_on == date(2026, 5, 31)
        told = [one.text for one in thread.messages(session, cipher, here)]
    assert "最低生活保障发到2026年5月31日为止" in told[-2]
    assert "有误，已经作废" in told[-1]
    assert kinds(database).count("grant_end_asked") == 2


def test_what_is_not_confirmed_can_be_taken_back(
    database: Database, cipher: Cipher, number: str
) -> None:
    do(database, cipher, service.record_grant, TOWN, number, DIBAO)
    [row] = rows(database)
    do(database, cipher, service.take_back_grant, TOWN, number, row.id, "填错了人数")
    with pytest.raises(service.Conflict):
        do(database, cipher, service.confirm_grant, LI, number, row.id)
    kept = stands(database, cipher, number, DIBAO)
    with pytest.raises(service.Conflict, match="作废"):
        do(database, cipher, service.take_back_grant, TOWN, number, kept, "填错了人数")
    do(database, cipher, service.ask_grant_end, TOWN, number, kept, "2026-05-31", "全家迁出本县")
    do(database, cipher, service.take_back_grant, CHEN, number, kept, "没有迁走")
    assert [one.ends_on for one in rows(database) if one.id == kept] == [None]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": ""}, "amount"), ({"amount": "0"}, "amount"), ({"amount": "-650"}, "amount"),
        ({"amount": "六百"}, "amount"), ({"amount": "650.123"}, "amount"),
        ({"amount": "1e3"}, "amount"), ({"amount": "٦٥٠"}, "amount"), ({"amount": "nan"}, "amount"),
        ({"amount": str(MOST_YUAN[GrantUnit.MONTH] + 1)}, "amount"),
        ({"amount": "9" * 400}, "amount"),
        ({"programme": "pension"}, "programme"), ({"unit": "week"}, "unit"),
        ({"starts": "1.4.2026"}, "starts"), ({"starts": "1999-04-01"}, "starts"),
        ({"starts": "2029-04-01"}, "starts"), ({"starts": "2026-04-15"}, "starts"),
        ({"persons": "0"}, "persons"), ({"persons": "31"}, "persons"),
        ({"persons": "x"}, "persons"),
        ({"until": "2026-03-31"}, "until"), ({"until": "2026-05-15"}, "until"),
        ({"until": "2040-04-30"}, "until"), ({"unit": "once", "until": "2026-05-31"}, "until"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(
    database: Database, cipher: Cipher, number: str, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(service.BadInput) as refused:
        do(database, cipher, service.record_grant, TOWN, number, replace(DIBAO, **changes))
    assert refused.value.field == field
    assert 4 < len(refused.value.reason) < 40
    assert rows(database) == []


def test_only_who_leads_the_programme_and_only_a_person_confirms(
    database: Database, cipher: Cipher, here: str, number: str
) -> None:
    record, confirm = service.record_grant, service.confirm_grant
    with pytest.raises(service.NotFound):
        do(database, cipher, record, STRANGER, number, DIBAO)
    for role in (Role.GRID_WORKER, Role.AUDITOR, Role.INSPECTOR, Role.DUTY_OFFICER):
        seat = scope(ZHONGXIAN, "minzheng", role)
        with pytest.raises(service.NotAllowed):
            do(database, cipher, record, seat, number, DIBAO)
    do(database, cipher, record, SERVICE, number, DIBAO)
    [row] = rows(database)
    assert row.recorded_by == "f" * 32
    for worker in (SERVICE, TOWN, scope(role=Role.INSPECTOR)):
        with pytest.raises(service.NotAllowed):
            do(database, cipher, confirm, worker, number, row.id)
    both = filed(database, cipher, "k2", programmes=("dibao", "yiliao")).receipt_no
    do(database, cipher, service.dispose, CHEN, both, "D2", "按规定推送办理")
    with pytest.raises(service.NotAllowed, match="主办部门"):
        do(database, cipher, record, YIBAO, both, DIBAO)
    do(database, cipher, record, YIBAO, both, replace(LINSHI, programme="yiliao"))
    with pytest.raises(service.BadInput, match="没有找到"):
        do(database, cipher, confirm, LI, both, row.id)


def test_nothing_is_granted_before_an_outcome_or_after_the_end(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher, "k2").receipt_no
    with pytest.raises(service.Conflict, match="还没有办出结果"):
        do(database, cipher, service.record_grant, TOWN, number, DIBAO)
    with database.read() as session:
        lead = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).one()
    do(database, cipher, service.answer_lead, TOWN, number, lead, "helped", "已纳入低保")
    made = stands(database, cipher, number, DIBAO)
    why, no_exit = "入户核查收入已高于标准", "收入超过标准两倍"
    do(database, cipher, service.close, CHEN, number, why, "D4", None, no_exit)
    with pytest.raises(service.Conflict, match="不再符合"):
        do(database, cipher, service.record_grant, TOWN, number, LINSHI)
    with pytest.raises(service.Conflict, match="还在发：最低生活保障"):
        do(database, cipher, service.close, LI, number, why)
    do(database, cipher, service.ask_grant_end, TOWN, number, made, "2026-04-30", why)
    do(database, cipher, service.confirm_grant, LI, number, made)
    do(database, cipher, service.close, LI, number, why)
    with pytest.raises(service.Conflict, match="退出"):
        do(database, cipher, service.record_grant, TOWN, number, LINSHI)


def test_a_case_with_money_is_kept_when_two_are_merged(
    database: Database, cipher: Cipher, number: str
) -> None:
    stands(database, cipher, number, LINSHI)
    other = filed(database, cipher, "k2").receipt_no
    with pytest.raises(service.Conflict, match="另一件"):
        do(database, cipher, service.merge, CHEN, other, number, "同一户，夫妻分别申报")
    do(database, cipher, service.merge, CHEN, number, other, "同一户，夫妻分别申报")
    with pytest.raises(service.Conflict, match="并入"):
        do(database, cipher, service.record_grant, TOWN, other, LINSHI)

"""The household over all its cases, what changed since the filing, and the step suggested now."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import household, models, next_step, service, since, views, waiting_list
from cases.granted import AidGrant
from cases.repository import CaseRepository, Scope
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database
from rules.screening import screen
from tests.cases.builders import SHIBAO, WANG, conversation, filed, scope, staff_row

pytestmark = pytest.mark.usefixtures("clock")
CHEN = scope()
LI = scope(worker_id="b" * 32)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "c" * 32)
STRANGER = scope("350982", worker_id="d" * 32)
AUDITOR = scope(role=Role.AUDITOR, worker_id="e" * 32)
FACTS = {**WANG, "monthly_income_total": 900, "car": False}


def screening(clock: time_machine.Traveller, **facts: Any) -> dict[str, Any]:
    known = {key: value for key, value in (FACTS | facts).items() if key not in ("name", "phone")}
    from foundation import clock as here

    return screen(known, "500233", here.today()).to_json()


def family(database: Database, cipher: Cipher, number: str, worker: Scope = CHEN) -> dict[str, Any]:
    with database.read() as session:
        repository = CaseRepository(session, worker)
        case = repository.get(number)
        shown = views.detail(repository, cipher, case)
        return {one.code: one for one in household.lines(repository, case, shown)}


def changed(database: Database, cipher: Cipher, number: str) -> since.Changes:
    with database.read() as session:
        return since.changes(session, cipher, CaseRepository(session, CHEN).get(number))


def advice(database: Database, cipher: Cipher, number: str, worker: Scope = CHEN) -> str:
    with database.read() as session:
        repository = CaseRepository(session, worker)
        case = repository.get(number)
        shown = views.detail(repository, cipher, case)
        wait = waiting_list.of_case(repository, cipher, case)
        found = next_step.suggest(shown, wait, worker)
        assert found is None or found.why, "a step without a reason is an order"
        return found.word if found is not None else ""


def do(database: Database, cipher: Cipher, step: Any, *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def lead(database: Database, number: str, department: str) -> str:
    with database.read() as session:
        return session.scalars(
            select(models.Lead.id)
            .join(models.Case)
            .where(models.Lead.department == department, models.Case.receipt_no == number)
        ).one()


def test_who_gets_what_is_read_over_all_cases_of_the_household(
    database: Database, cipher: Cipher
) -> None:
    told = {**FACTS, "receiving": ["canji_butie"], "stopped": ["tekun"]}
    first = filed(database, cipher, "k1", facts=told).receipt_no
    second = filed(database, cipher, "k2", programmes=("linshi",), urgency="urgent").receipt_no
    elsewhere = filed(database, cipher, "k3", region_code="350982100000").receipt_no
    do(database, cipher, service.answer_lead, CHEN, second, lead(database, second, "xiangzhen"),
       "helped", "先给了钱")  # fmt: skip
    award = service.Award("linshi", "800", "once", "2026-03-02", "3")
    do(database, cipher, service.record_grant, CHEN, second, award)
    with database.read() as session:
        made = session.scalars(select(AidGrant.id)).one()
    do(database, cipher, service.confirm_grant, LI, second, made)
    do(database, cipher, service.start_category, CHEN, first, "LOW_DIBAO")
    found = family(database, cipher, first)
    assert (found["canji_butie"].said, found["tekun"].said) == ("说正在领", "说已停发")
    assert found["dibao"].applied == [""], "the case of another county is not in scope"
    assert found["dibao"].recognised == "低保对象，2026-03-02 起"
    assert found["linshi"].applied == [second]
    [paid] = found["linshi"].paid
    assert (paid.receipt_no, paid.grant.amount_fen, paid.grant.persons) == (second, 80000, 3)
    assert next(iter(found)) == "linshi", "what is paid comes first"
    assert elsewhere not in str(found)
    assert family(database, cipher, second)["linshi"].paid[0].receipt_no == ""


def test_what_changed_since_the_filing_is_told_with_the_verdict_of_today(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(
        database, cipher, facts=FACTS, conversation_id=here,
        screening_json=screening(clock),
    ).receipt_no  # fmt: skip
    assert not changed(database, cipher, number), "on the day nothing has changed"
    clock.shift(3600)
    with database.write() as session:
        service.add_supplement(
            session, cipher, here, number, "后来找到活了，一个月九千，电话也换了",
            stated={"monthly_income_total": 9000, "phone": "13900139000", "deposit": 100},
        )  # fmt: skip
    found = changed(database, cipher, number)
    told = {one.label: (one.before, one.after) for one in found.facts}
    assert told["家庭月收入"] == ("900 元/月", "9,000 元/月")
    assert told["存款"][0] == ""
    assert told["联系电话"] == ("138****8000", "139****9000"), "masked here too"
    turned = {(one.programme, one.kind): (one.before, one.after) for one in found.verdicts}
    assert turned["最低生活保障", "standard"] == ("need_answers", "unlikely")
    with database.read() as session:
        case = CaseRepository(session, CHEN).get(number)
        shown = views.detail(CaseRepository(session, CHEN), cipher, case)
    stored = {one["program"]: one["outcome"] for one in shown.screening["verdicts"]}
    assert stored["dibao"] == "need_answers", "the screening of the filing day stays"


def test_facts_that_cannot_be_screened_only_tell_what_was_said(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(
        database, cipher, facts=FACTS, conversation_id=here, screening_json=screening(clock),
    ).receipt_no  # fmt: skip
    clock.shift(3600)
    with database.write() as session:
        service.add_supplement(
            session, cipher, here, number, "说错了", stated={"household_size": -4}
        )
    found = changed(database, cipher, number)
    assert [one.label for one in found.facts] == ["家庭人口"]
    assert found.verdicts == ()


def test_one_step_is_suggested_from_the_first_to_the_last(
    database: Database, cipher: Cipher
) -> None:
    with database.write() as session:
        staff_row(session, CHEN)
    number = filed(database, cipher, urgency="emergency").receipt_no
    assert advice(database, cipher, number, AUDITOR) == ""
    assert advice(database, cipher, number) == "接手紧急提醒"
    do(database, cipher, service.take_alert, CHEN, number)
    assert advice(database, cipher, number) == "认领"
    do(database, cipher, service.claim, CHEN, number)
    assert advice(database, cipher, number) == "接收线索"
    for department in ("xiangzhen", "duty", "minzheng"):
        which = lead(database, number, department)
        do(database, cipher, service.accept_lead, CHEN, number, which)
    assert advice(database, cipher, number) == "答复结果"
    for department in ("xiangzhen", "duty"):
        which = lead(database, number, department)
        do(database, cipher, service.answer_lead, CHEN, number, which, "helped", "办了")
    assert advice(database, cipher, number) == "选定处置类别，办结"
    do(database, cipher, service.start_publicity, CHEN, number, 7)
    do(database, cipher, service.object_to, CHEN, number, "邻居说他家有车")
    assert advice(database, cipher, number) == "处理公示异议"
    do(database, cipher, service.review, CHEN, number, "investigated", "查过了没有车")
    do(database, cipher, service.end_publicity, CHEN, number)
    reason = "入户核查：家庭收入已高于标准"
    do(database, cipher, service.close, CHEN, number, reason, "D4", None, "收入超过两倍")
    assert advice(database, cipher, number) == "", "one's own proposal waits for another"
    assert advice(database, cipher, number, LI) == "复核，再办结或者撤销"
    do(database, cipher, service.close, LI, number, reason, "D4")
    assert advice(database, cipher, number) == ""


def test_danger_and_a_waiting_resident_go_before_everything(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    do(database, cipher, service.request_person, here, "找个人", "m1")
    assert advice(database, cipher, number) == "答复居民"
    with database.write() as session:
        case = session.scalars(select(models.Case)).one()
        session.add(models.DutyAlert(case_id=case.id, kind="no_food", created_at=case.created_at))
    assert advice(database, cipher, number) == "接手紧急提醒"


def test_a_place_to_be_settled_and_a_second_case_come_before_the_own_part(
    database: Database, cipher: Cipher
) -> None:
    nowhere = filed(database, cipher, "k1", region_code="500000").receipt_no
    city = scope("500000", worker_id="f" * 32)
    assert advice(database, cipher, nowhere, city) == "确定地区"
    first = filed(database, cipher, "k2", facts={**WANG, "phone": "13700137000"}).receipt_no
    filed(database, cipher, "k3", facts={**WANG, "phone": "13700137000"}, programmes=("yiliao",))
    assert advice(database, cipher, first) == "核对是不是同一户"
    assert advice(database, cipher, first, TOWN) == "认领"

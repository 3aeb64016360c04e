"""Merging with undo, 渐退 before the end, bulk deeds, labels, saved filters, findings of staff."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import areas, bulk, gradual, labels, merging, models, service, staff
from cases.repository import CaseRepository, Filter, View
from cases.states import CaseState, Role
from foundation import text
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, WANG, consents, conversation, filed, scope, staff_row

CHEN = scope()
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "b" * 32)
GRID = scope(SHIBAO, "xiangzhen", Role.GRID_WORKER, "c" * 32)
STRANGER = scope("350982", worker_id="d" * 32)
WHY = "同一户，夫妻分别申报"


def case(database: Database, number: str) -> models.Case:
    with database.read() as session:
        return session.scalars(select(models.Case).where(models.Case.receipt_no == number)).one()


def leads(database: Database, number: str) -> dict[str, str]:
    with database.read() as session:
        rows = session.execute(
            select(models.Lead.department, models.Lead.state)
            .join(models.Case)
            .where(models.Case.receipt_no == number)
        )
        return {department: str(state) for department, state in rows}


def listed(database: Database, cipher: Cipher, **wanted: Any) -> set[str]:
    with database.read() as session:
        found = CaseRepository(session, CHEN).page(cipher, Filter(**wanted))
        return {one.receipt_no for one in found.cases}


@pytest.fixture
def pair(database: Database, cipher: Cipher) -> tuple[str, str, str]:
    """Two declarations of one household, and the conversation of the second."""
    first = filed(database, cipher, "k1").receipt_no
    here = conversation(database, cipher)
    second = filed(
        database, cipher, "k2", programmes=("yiliao",), conversation_id=here,
        discovery_channel="public_report",
    ).receipt_no  # fmt: skip
    return first, second, here


def test_two_cases_of_a_household_become_one_and_two_again(
    database: Database, cipher: Cipher, pair: tuple[str, str, str]
) -> None:
    kept, merged, here = pair
    before = leads(database, kept), leads(database, merged), case(database, kept).programmes
    with database.read() as session:
        repository = CaseRepository(session, CHEN)
        found = merging.candidates(repository, repository.get(kept))
        assert [one.receipt_no for one in found] == [merged]
    with database.write() as session:
        service.merge(session, cipher, CHEN, kept, merged, WHY)
    assert listed(database, cipher, view=View.OPEN) == {kept}
    assert leads(database, kept) == {
        "xiangzhen": "pending", "minzheng": "pending", "yibao": "pending",
    }  # fmt: skip
    assert set(leads(database, merged).values()) == {"closed"}
    assert case(database, kept).discovery_channels == ["self_declaration", "public_report"]
    assert case(database, kept).programmes == ["dibao", "yiliao"]
    with database.write() as session:
        seen = service.find_for_resident(session, cipher, here)[0]
        assert (seen.receipt_no, str(seen.word)) == (merged, "已收到")
        with pytest.raises(service.Conflict):
            service.withdraw(session, cipher, here, merged)
    with database.write() as session:
        service.undo_merge(session, cipher, CHEN, merged, "查明不是一户")
    after = leads(database, kept), leads(database, merged), case(database, kept).programmes
    assert after[1:] == before[1:]
    assert after[0] == {**before[0], "yibao": "closed"}
    assert listed(database, cipher, view=View.OPEN) == {kept, merged}
    with pytest.raises(service.Conflict), database.write() as session:
        service.undo_merge(session, cipher, CHEN, merged, "再撤销一次")
    with database.write() as session:
        service.merge(session, cipher, CHEN, merged, kept, WHY)
    assert listed(database, cipher, view=View.OPEN) == {merged}


def test_merging_needs_right_scope_reason_and_two_open_cases(
    database: Database, cipher: Cipher, pair: tuple[str, str, str]
) -> None:
    kept, merged, _ = pair
    refusals: list[tuple[Any, str, str, str, type[Exception]]] = [
        (TOWN, kept, merged, WHY, service.NotAllowed),
        (STRANGER, kept, merged, WHY, service.NotFound),
        (CHEN, kept, kept, WHY, service.BadInput),
        (CHEN, kept, merged, "重", service.BadInput),
        (CHEN, kept, "WZ000000000000", WHY, service.BadInput),
        (STRANGER, "WZ000000000000", merged, WHY, service.NotFound),
    ]
    for worker, one, other, reason, refusal in refusals:
        with pytest.raises(refusal), database.write() as session:
            service.merge(session, cipher, worker, one, other, reason)
    with database.write() as session:
        service.merge(session, cipher, CHEN, kept, merged, WHY)
    with pytest.raises(service.Conflict), database.write() as session:
        service.merge(session, cipher, CHEN, kept, merged, WHY)


def test_gradual_exit_keeps_the_case_watched_until_its_end(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    for months in (0, 7, 99):
        with pytest.raises(service.BadInput), database.write() as session:
            service.start_gradual_exit(session, cipher, CHEN, number, months, "找到工作了")
    with database.write() as session:
        service.start_gradual_exit(session, cipher, CHEN, number, 6, "找到工作了")
    found = case(database, number)
    assert (found.state, found.due_on) == (CaseState.MONITORING, date(2026, 9, 2))
    with database.write() as session:
        assert service.find_for_resident(session, cipher, here)[0].due_on == date(2026, 9, 2)
    assert gradual._months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_the_end_of_aid_says_why_gradual_exit_does_not_fit(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher).receipt_no
    with pytest.raises(service.BadInput) as refused, database.write() as session:
        service.dispose(session, cipher, CHEN, number, "D4", "入户核查收入高于标准很多")
    assert refused.value.field == "no_gradual_exit"
    with database.write() as session:
        service.dispose(
            session, cipher, CHEN, number, "D4", "入户核查收入高于标准很多", "收入超过标准两倍"
        )


def test_in_bulk_each_case_has_its_own_result(database: Database, cipher: Cipher) -> None:
    numbers = [filed(database, cipher, f"k{n}").receipt_no for n in range(3)]
    with database.write() as session:
        staff_row(session, CHEN)
    foreign = filed(database, cipher, "kx", region_code="350982100000").receipt_no
    rows = bulk.run(database, cipher, CHEN, "claim", [*numbers, foreign, numbers[0]], {})
    assert [(row.receipt_no, row.done) for row in rows] == [
        *((number, True) for number in numbers), (foreign, False),
    ]  # fmt: skip
    assert all(case(database, number).claimed_by == CHEN.worker_id for number in numbers)
    rows = bulk.run(
        database, cipher, CHEN, "close", numbers, {"reason": "办完", "disposition": "D4"}
    )
    assert {row.reason for row in rows} == {"只有 D2 可以批量办结；D1、D3、D4 要逐件写明"}
    rows = bulk.run(database, cipher, TOWN, "assign", numbers, {"login": "x"})
    assert not any(row.done for row in rows)
    for deed, chosen in (
        ("fly", numbers),
        ("claim", []),
        ("claim", [f"WZ{n}" for n in range(101)]),
    ):
        with pytest.raises(service.BadInput):
            bulk.run(database, cipher, CHEN, deed, chosen, {})


def test_a_case_is_assigned_only_to_somebody_who_may_see_and_hold_it(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        for login, role, area in (
            ("zhou", "township_clerk", SHIBAO), ("audit", "auditor", "500233"),
            ("far", "county_reviewer", "350982"),
        ):  # fmt: skip
            staff.create_staff(
                session, login=login, name=login, password="wenzhu-test-2026", role=role,
                area_code=area, department="xiangzhen", hashed="-",
            )  # fmt: skip
    for login in ("audit", "far", "nobody", ""):
        with pytest.raises(service.BadInput), database.write() as session:
            service.assign(session, cipher, CHEN, number, login)
    with database.write() as session:
        service.assign(session, cipher, CHEN, number, "zhou")
    assert case(database, number).claimed_by is not None


def test_labels_and_the_masked_name_find_a_case_again(database: Database, cipher: Cipher) -> None:
    number = filed(database, cipher).receipt_no
    filed(database, cipher, "k2", facts={"name": "李四光", "phone": "13900139000"})
    for _ in range(2):
        with database.write() as session:
            service.put_label(session, cipher, CHEN, number, "残疾人家庭")
    assert listed(database, cipher, label="残疾人家庭") == {number}
    assert listed(database, cipher, label="别的") == set()
    for q in (text.mask_name(str(WANG["name"])), "王桂兰", "13800138000", number):
        assert listed(database, cipher, q=q) == {number}, q
    assert listed(database, cipher, q="1380013") == set()


def test_saved_filters_are_one_s_own_or_shared_with_the_area(
    database: Database, cipher: Cipher
) -> None:
    with database.write() as session:
        for worker in (CHEN, TOWN, STRANGER):
            staff_row(session, worker)
        query = {"view": "overdue", "urgency": "urgent", "q": "王桂兰", "evil": "x"}
        mine = labels.save_view(session, CHEN, "加急超时", query)
        shared = labels.save_view(session, CHEN, "都看看", {"view": "soon"}, shared=True)
        assert mine.query == {"view": "overdue", "urgency": "urgent"}, "no person is kept"
        with pytest.raises(service.NotAllowed):
            labels.save_view(session, TOWN, "共享", {"view": "soon"}, shared=True)
        with pytest.raises(service.BadInput):
            labels.save_view(session, CHEN, "加急超时", {})
    with database.read() as session:
        assert [one.name for one in labels.views_for(session, CHEN)] == ["加急超时", "都看看"]
        assert [one.name for one in labels.views_for(session, TOWN)] == ["都看看"]
        assert labels.views_for(session, STRANGER) == []
    with database.write() as session:
        with pytest.raises(service.NotFound):
            labels.forget_view(session, TOWN, shared.id)
        labels.forget_view(session, CHEN, shared.id)
        assert [one.name for one in labels.views_for(session, TOWN)] == []


def finding(**changes: Any) -> service.Finding:
    values: dict[str, Any] = {
        "channel": "home_visit", "place": "石宝镇", "story": "老人独居，屋顶漏雨",
        "idempotency_key": "f1", "needs": ("housing",), "facts": {"name": "赵大爷"},
    }  # fmt: skip
    return service.Finding(**{**values, **changes})


@pytest.mark.parametrize("channel", ["home_visit", "grassroots_report", "public_report"])
def test_a_finding_of_staff_becomes_a_routed_case_of_its_channel(
    database: Database, cipher: Cipher, channel: str
) -> None:
    with database.write() as session:
        given = service.register_finding(session, cipher, GRID, finding(channel=channel))
        again = service.register_finding(session, cipher, GRID, finding(channel=channel))
    assert again.receipt_no == given.receipt_no
    found = case(database, given.receipt_no)
    assert (found.discovery_channel, found.area_code) == (channel, areas.prefix(SHIBAO))
    assert set(leads(database, given.receipt_no)) == {"zhujian", "minzheng"}


def test_a_finding_outside_one_s_area_or_with_health_but_no_consent_is_refused(
    database: Database, cipher: Cipher
) -> None:
    wrong: list[tuple[Any, dict[str, Any], type[Exception]]] = [
        (GRID, {"place": "忠县"}, service.NotAllowed),
        (GRID, {"place": "丰泽区"}, service.NotAllowed),
        (GRID, {"place": "没有的地方"}, service.BadInput),
        (GRID, {"channel": "data_match"}, service.BadInput),
        (GRID, {"facts": {"disease": "尿毒症"}}, service.BadInput),
        (GRID, {"needs": ("fly",)}, service.BadInput),
        (scope(role=Role.AUDITOR), {}, service.NotAllowed),
    ]
    for worker, changes, refusal in wrong:
        with pytest.raises(refusal), database.write() as session:
            service.register_finding(session, cipher, worker, finding(**changes))
    with database.write() as session:
        given = service.register_finding(
            session, cipher, CHEN,
            finding(facts={"disease": "尿毒症"}, consents=consents("general", "sensitive")),
        )  # fmt: skip
    assert given.receipt_no


def test_without_consent_nothing_is_compared(database: Database, cipher: Cipher) -> None:
    with database.write() as session:
        number = service.register_finding(session, cipher, CHEN, finding()).receipt_no
        service.change_status(session, cipher, CHEN, number, "collecting")
        with pytest.raises(service.Conflict):
            service.change_status(session, cipher, CHEN, number, "comparing")


def test_a_visit_returns_to_the_case_and_its_channel_is_recorded(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        service.visit(session, cipher, GRID, number, "屋顶漏雨，米缸见底")
    assert case(database, number).discovery_channels == ["self_declaration", "home_visit"]

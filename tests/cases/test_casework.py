"""Staff steps: scope, right and state are checked, and each leaves its event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import bulk, models, service, views
from cases.repository import CaseRepository, Scope
from cases.states import CaseState, Role
from conversations import handover, identity, thread
from conversations.models import Holder, OutboxMessage
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, WANG, conversation, filed, scope, staff_row

COUNTY = scope()
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "b" * 32)
VIEWER = scope(role=Role.AUDITOR, worker_id="c" * 32)
STRANGER = scope("350982", worker_id="d" * 32)


def do(database: Database, cipher: Cipher, step: Callable[..., Any], *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def lead_of(database: Database, department: str) -> models.Lead:
    with database.read() as session:
        return session.scalars(
            select(models.Lead).where(models.Lead.department == department)
        ).one()


STEPS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (service.claim, ()),
    (service.note, ("电话打不通",)),
    (service.reply, ("明天上午我们来看您",)),
    (service.take_over, ()),
    (service.give_back, ()),
    (service.change_status, ("collecting",)),
    (service.request_papers, ("户口簿",)),
    (service.papers_received, ()),
    (service.set_area, ("500233101000",)),
    (service.take_alert, ()),
    (service.reroute, ("medical",)),
    (service.start_category, ("LOW_DIBAO",)),
    (service.end_category, ("LOW_DIBAO",)),
    (service.dispose, ("D1", "查明原因")),
    (service.cancel_disposition, ("写错了",)),
    (service.close, ("办完了", "D1")),
    (service.reveal, ("电话核实家庭情况",)),
]


def test_a_foreign_case_is_not_found_and_a_viewer_may_do_nothing(
    database: Database, cipher: Cipher
) -> None:
    given = filed(database, cipher)
    for step, arguments in STEPS:
        with pytest.raises(service.NotFound):
            do(database, cipher, step, STRANGER, given.receipt_no, *arguments)
        with pytest.raises(service.NotFound):
            do(database, cipher, step, STRANGER, "WZ000000000000", *arguments)
        with pytest.raises(service.NotAllowed):
            do(database, cipher, step, VIEWER, given.receipt_no, *arguments)
    with database.read() as session:
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
    assert kinds == ["filed", "routed"]


def test_claiming_from_a_colleague_keeps_both_names(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    with database.write() as session:
        staff_row(session, COUNTY)
        staff_row(session, TOWN)
    do(database, cipher, service.claim, COUNTY, given.receipt_no)
    do(database, cipher, service.claim, COUNTY, given.receipt_no)
    case = do(database, cipher, service.claim, TOWN, given.receipt_no)
    assert case.claimed_by == TOWN.worker_id
    with database.read() as session:
        claims = session.scalars(
            select(models.CaseEvent).where(models.CaseEvent.kind == "claimed")
        ).all()
        assert [event.data["from"] for event in claims] == [None, COUNTY.worker_id]


def test_from_an_old_page_nobody_takes_a_colleague_s_case(
    database: Database, cipher: Cipher
) -> None:
    number = filed(database, cipher).receipt_no
    with database.write() as session:
        staff_row(session, COUNTY)
        staff_row(session, TOWN)
    do(database, cipher, service.claim, COUNTY, number, "")
    with pytest.raises(service.Conflict, match=f"{COUNTY.name}已经认领"):
        do(database, cipher, service.claim, TOWN, number, "")
    row = bulk.run(database, cipher, TOWN, "claim", [number], {})[0]
    assert (row.done, "已经认领" in row.reason) == (False, True)
    assert do(database, cipher, service.claim, COUNTY, number, "").claimed_by == COUNTY.worker_id
    knowing = do(database, cipher, service.claim, TOWN, number, COUNTY.worker_id)
    assert knowing.claimed_by == TOWN.worker_id


def test_a_double_click_says_it_once(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    here = conversation(database, cipher)
    number = filed(database, cipher, conversation_id=here).receipt_no
    steps = ((service.reply, "明天来看您"), (service.note, "电话没人接"),
             (service.request_papers, "户口簿"), (service.visit, "屋顶漏雨，老人独居"))  # fmt: skip

    def counted() -> tuple[int, dict[str, int]]:
        with database.read() as session:
            kinds = list(session.scalars(select(models.CaseEvent.kind)))
            names = ("reply", "note", "papers_requested", "visited")
            said = len(thread.messages(session, cipher, here))
            return said, {name: kinds.count(name) for name in names}

    for step, words in steps:
        do(database, cipher, step, COUNTY, number, words)
        do(database, cipher, step, COUNTY, number, words)
    once = (2, {"reply": 2, "note": 1, "papers_requested": 1, "visited": 1})
    assert counted() == once, "asking for papers is a message too"
    clock.shift(60)
    for step, words in steps:
        do(database, cipher, step, COUNTY, number, words)
    assert counted() == (4, {"reply": 4, "note": 2, "papers_requested": 2, "visited": 2})


def test_a_reply_is_in_thread_outbox_and_events_or_nowhere(
    database: Database, cipher: Cipher
) -> None:
    with database.write() as session:
        chat = identity.open_for(session, cipher, channel="telegram", user_id="7", peer="7")
    here = chat.id
    given = filed(database, cipher, conversation_id=here)

    def crash() -> None:
        with database.write() as session:
            service.reply(session, cipher, COUNTY, given.receipt_no, "没发出去的话")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    do(database, cipher, service.reply, COUNTY, given.receipt_no, "明天上午我们来看您")
    with database.read() as session:
        said = thread.messages(session, cipher, here)
        assert [(one.author, one.text) for one in said] == [("person", "明天上午我们来看您")]
        assert len(session.scalars(select(OutboxMessage)).all()) == 1
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
        assert kinds.count("reply") == 1


def test_taking_over_silences_the_bot_until_it_is_given_back(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    given = filed(database, cipher, conversation_id=here)
    do(database, cipher, service.take_over, COUNTY, given.receipt_no)
    with database.read() as session:
        assert handover.holder(session, here).holder is Holder.PERSON
    do(database, cipher, service.give_back, COUNTY, given.receipt_no)
    with database.read() as session:
        holding = handover.holder(session, here)
        assert (holding.holder, holding.epoch) == (Holder.BOT, 2)


def test_without_a_conversation_staff_are_told_to_phone(database: Database, cipher: Cipher) -> None:
    with database.write() as session:
        from tests.cases.builders import declaration

        given = service.file_declaration(session, cipher, declaration(None))
    with pytest.raises(service.Conflict, match="打电话"):
        do(database, cipher, service.reply, COUNTY, given.receipt_no, "您好")


def test_states_have_doors(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    for target in ("handling", "closed", "ended", "pending_review", "draft", "nope", ""):
        with pytest.raises((service.Conflict, service.BadInput)):
            do(database, cipher, service.change_status, COUNTY, given.receipt_no, target)


def test_comparing_needs_a_consent_that_stands(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    do(database, cipher, service.change_status, COUNTY, given.receipt_no, "collecting")
    with database.write() as session:
        for consent in session.scalars(select(models.Consent)):
            consent.withdrawn_at = consent.given_at
    with pytest.raises(service.Conflict, match="同意"):
        do(database, cipher, service.change_status, COUNTY, given.receipt_no, "comparing")


def test_accepting_starts_the_decision_clock(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(database, cipher)
    with database.write() as session:
        staff_row(session, TOWN)
    lead = do(
        database, cipher, service.accept_lead, TOWN, given.receipt_no,
        lead_of(database, "xiangzhen").id,
    )  # fmt: skip
    assert lead.state == "accepted"
    with database.read() as session:
        case = session.scalars(select(models.Case)).one()
        assert case.state == CaseState.COLLECTING
        assert case.claimed_by == TOWN.worker_id
        assert case.due_on == date(2026, 4, 14), "30 working days after 2026-03-02 (清明 is off)"
        view = service.find_for_resident(session, cipher, case.conversation_id)[0]
        assert view.due_on == case.due_on, "the resident sees the caseworker's date"


def test_a_department_works_only_on_its_own_lead(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    county_lead = lead_of(database, "minzheng")
    for step, more in (
        (service.accept_lead, ()),
        (service.return_lead, ("不归我们管",)),
        (service.answer_lead, ("helped", "已办")),
    ):
        for lead_id in (county_lead.id, "0" * 32, "x\x00", ""):
            with pytest.raises(service.NotFound):
                do(database, cipher, step, TOWN, given.receipt_no, lead_id, *more)


def test_a_returned_lead_is_led_by_the_county_and_announced(
    database: Database, cipher: Cipher
) -> None:
    given = filed(database, cipher, programmes=("jiaoyu",))
    school = scope("500233", "jiaoyu", Role.DEPARTMENT_OFFICER, "e" * 32)
    do(
        database, cipher, service.return_lead, school, given.receipt_no,
        lead_of(database, "jiaoyu").id, "孩子在外县上学",
    )  # fmt: skip
    county = lead_of(database, "minzheng")
    assert (county.state, county.assisting) == ("pending", False)
    with database.read() as session:
        kinds = [notice.kind for notice in CaseRepository(session, COUNTY).unseen_notices()]
        assert "returned" in kinds
    with pytest.raises(service.Conflict, match="牵头"):
        do(database, cipher, service.return_lead, COUNTY, given.receipt_no, county.id, "不归我们")


def test_a_place_to_be_settled_moves_with_its_leads(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher, region_code="500000")
    with pytest.raises(service.NotFound):
        do(database, cipher, service.claim, TOWN, given.receipt_no)
    do(database, cipher, service.set_area, COUNTY, given.receipt_no, "忠县石宝镇")
    do(database, cipher, service.note, TOWN, given.receipt_no, "收到")
    assert lead_of(database, "minzheng").area_code == "500233"


def test_only_a_county_or_township_is_a_place(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    for place in ("", "火星", "500000", "重庆", "123", "\x00"):
        with pytest.raises(service.BadInput):
            do(database, cipher, service.set_area, COUNTY, given.receipt_no, place)


def test_values_are_masked_until_revealed_with_a_reason_and_one_audit_event(
    database: Database, cipher: Cipher
) -> None:
    given = filed(database, cipher, facts={**WANG, "id_number": "500233196503078426"})
    with database.read() as session:
        repository = CaseRepository(session, COUNTY)
        shown = views.detail(repository, cipher, repository.get(given.receipt_no))
    text = repr(shown)
    for secret in ("王桂兰", "13800138000", "500233196503078426"):
        assert secret not in text
    assert "138****8000" in text
    assert "我电话138****8000" in text, "the sentence is masked too"
    for reason in ("", "看", "   "):
        with pytest.raises(service.BadInput):
            do(database, cipher, service.reveal, COUNTY, given.receipt_no, reason)
    revealed = do(database, cipher, service.reveal, COUNTY, given.receipt_no, "电话核实情况")
    assert revealed == {
        "name": "王桂兰", "phone": "13800138000", "id_number": "500233196503078426"
    }  # fmt: skip
    with database.read() as session:
        audit = session.scalars(
            select(models.CaseEvent).where(models.CaseEvent.kind == "revealed")
        ).all()
        assert [event.audience for event in audit] == ["audit"]


def test_an_alert_is_taken_once(database: Database, cipher: Cipher) -> None:
    here = conversation(database, cipher)
    with database.write() as session:
        given = service.open_duty_lead(
            session, cipher, here, "no_food", "没米了", "m1", region_code=SHIBAO
        )
    do(database, cipher, service.take_alert, COUNTY, given.receipt_no)
    with pytest.raises(service.Conflict):
        do(database, cipher, service.take_alert, COUNTY, given.receipt_no)
    with database.read() as session:
        assert CaseRepository(session, COUNTY).open_alerts() == []


def test_empty_and_endless_texts_are_refused_by_name(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    for text in ("", "   ", "\u202e\u200b", "x" * 9000):
        for step in (service.note, service.reply, service.request_papers):
            with pytest.raises(service.BadInput) as refused:
                do(database, cipher, step, COUNTY, given.receipt_no, text)
            assert refused.value.field == "text"


def test_a_service_cannot_claim_or_choose_a_disposition(database: Database, cipher: Cipher) -> None:
    given = filed(database, cipher)
    machine = Scope("token:" + "f" * 32, Role.COUNTY_REVIEWER, "500233", "minzheng", "接口")
    with pytest.raises(service.NotAllowed):
        do(database, cipher, service.claim, machine, given.receipt_no)
    with pytest.raises(service.NotAllowed):
        do(database, cipher, service.dispose, machine, given.receipt_no, "D1", "自动")


def test_time_stands_still_only_while_waiting(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(database, cipher)
    do(database, cipher, service.request_papers, COUNTY, given.receipt_no, "病历")
    clock.shift(timedelta(days=1))
    case = do(database, cipher, service.papers_received, COUNTY, given.receipt_no)
    assert case.due_on == date(2026, 3, 6)
    with pytest.raises(service.Conflict):
        do(database, cipher, service.papers_received, COUNTY, given.receipt_no)


def test_groups_have_days_and_nothing_is_overwritten(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    number = filed(database, cipher).receipt_no
    do(database, cipher, service.start_category, COUNTY, number, "LOW_EDGE")
    clock.shift(timedelta(days=30))
    do(database, cipher, service.end_category, COUNTY, number, "LOW_EDGE")
    do(database, cipher, service.start_category, COUNTY, number, "LOW_OTHER")
    do(database, cipher, service.start_category, COUNTY, number, "LOW_DIBAO")
    for step, category in (
        (service.start_category, "LOW_DIBAO"),
        (service.end_category, "LOW_EDGE"),
        (service.start_category, "RICH"),
    ):
        with pytest.raises((service.Conflict, service.BadInput)):
            do(database, cipher, step, COUNTY, number, category)
    with database.read() as session:
        repository = CaseRepository(session, COUNTY)
        found = views.detail(repository, cipher, repository.get(number)).population
    assert [(one.category, one.starts_on, one.ends_on, one.main) for one in found] == [
        ("LOW_DIBAO", date(2026, 4, 1), None, True),
        ("LOW_OTHER", date(2026, 4, 1), None, False),
        ("LOW_EDGE", date(2026, 3, 2), date(2026, 4, 1), False),
    ]


def test_a_conversation_that_is_gone_does_not_take_the_case_with_it(
    database: Database, cipher: Cipher
) -> None:
    given = filed(database, cipher, conversation_id="0" * 32)
    with database.read() as session:
        repository = CaseRepository(session, COUNTY)
        assert not views.detail(repository, cipher, repository.get(given.receipt_no)).held_by_person
    with pytest.raises(service.Conflict, match="打电话"):
        do(database, cipher, service.reply, COUNTY, given.receipt_no, "您好")
    do(database, cipher, service.request_papers, COUNTY, given.receipt_no, "户口簿")

"""The line for a person: one place each, most urgent first, an honest estimate, moved with it."""

from __future__ import annotations

import pytest

from cases import service, waiting_list
from cases.errors import NotAllowed, NotFound
from cases.repository import CaseRepository
from cases.states import Role
from tests.cases.builders import SHIBAO, conversation, filed, scope
from tests.cases.waiting_desk import COUNTY, ELSEWHERE, TOWN, YIBAO, Desk


def test_a_resident_has_one_place_and_hears_how_many_are_ahead(desk: Desk) -> None:
    first = desk.ask()
    desk.later(minutes=5)
    second = desk.ask()
    for chat, ahead in ((first, 0), (second, 1)):
        place = desk.place(chat)
        assert place is not None
        assert (place.ahead, place.open_now, place.estimate) == (ahead, True, None)
    since = desk.wait(first).since
    desk.later(minutes=5)
    desk.ask("人呢", first)
    assert desk.wait(first).since == since
    assert len(desk.line()) == 2
    desk.do(service.take_over, TOWN, first)
    assert desk.place(first) is None
    assert desk.place(second).ahead == 0  # type: ignore[union-attr]


def test_the_most_urgent_and_then_the_longest_wait_come_first(desk: Desk) -> None:
    calm = desk.ask()
    desk.later(minutes=1)
    pressing = conversation(desk.database, desk.cipher)
    filed(desk.database, desk.cipher, "u", conversation_id=pressing, urgency="urgent")
    desk.ask(chat=pressing)
    desk.later(minutes=1)
    danger = conversation(desk.database, desk.cipher)
    with desk.database.write() as session:
        service.open_duty_lead(
            session, desk.cipher, danger, "no_food", "没米了", "a1", region_code=SHIBAO
        )
    assert desk.line(COUNTY) == [desk.receipt(one) for one in (danger, pressing, calm)]
    assert desk.place(calm).ahead == 1  # type: ignore[union-attr]


def test_only_the_scope_is_seen_and_without_one_nothing(desk: Desk) -> None:
    chat = desk.ask()
    assert desk.line(TOWN) == desk.line(COUNTY) == [desk.receipt(chat)]
    for worker in (YIBAO, ELSEWHERE, None):
        assert desk.line(worker) == []
    for worker in (YIBAO, ELSEWHERE):
        for step in (service.take_over, service.give_back):
            with pytest.raises(NotFound):
                desk.do(step, worker, chat)
        with pytest.raises(NotFound):
            desk.do(service.transfer, worker, chat, "不归这里", department="yibao")
    auditor = scope(role=Role.AUDITOR, worker_id="f" * 32)
    with pytest.raises(NotAllowed):
        desk.do(service.take_over, auditor, chat)


def test_the_last_sentence_is_shown_without_numbers_and_names(desk: Desk) -> None:
    chat = conversation(desk.database, desk.cipher)
    filed(desk.database, desk.cipher, conversation_id=chat)
    desk.ask("我是王桂兰，电话13800138000，找个人", chat)
    with desk.database.read() as session:
        found = waiting_list.line(CaseRepository(session, COUNTY), desk.cipher)
    (one,) = found.waiting
    assert "王桂兰" not in one.sentence
    assert "13800138000" not in one.sentence
    assert "找个人" in one.sentence


def test_how_long_it_takes_is_told_only_from_enough_real_answers(desk: Desk) -> None:
    for number in range(10):
        chat = desk.ask()
        if number == 9:
            assert desk.place(chat).estimate is None, "nine answers are too few"  # type: ignore[union-attr]
        desk.later(minutes=4)
        desk.do(service.take_over, TOWN, chat)
        desk.do(service.reply, TOWN, chat, "您请说")
        desk.do(service.give_back, TOWN, chat)
    chat = desk.ask()
    assert desk.place(chat).estimate == 4  # type: ignore[union-attr]
    elsewhere = conversation(desk.database, desk.cipher)
    with desk.database.write() as session:
        service.request_person(session, desk.cipher, elsewhere, "找人", "x", region_code="350982")
    assert desk.place(elsewhere).estimate is None  # type: ignore[union-attr]
    desk.later(days=15)
    assert desk.place(chat).estimate is None, "older answers say nothing of today"  # type: ignore[union-attr]


def test_who_waits_moves_with_the_case(desk: Desk) -> None:
    chat = conversation(desk.database, desk.cipher)
    with desk.database.write() as session:
        service.request_person(session, desk.cipher, chat, "找人", "x")
    assert desk.line(COUNTY) == [desk.receipt(chat)], "a place to be settled is seen by counties"
    assert desk.line(TOWN) == []
    desk.do(service.set_area, COUNTY, chat, SHIBAO)
    assert desk.line(TOWN) == [desk.receipt(chat)]


def test_an_alert_somebody_took_waits_no_longer_unless_a_person_was_asked_for(desk: Desk) -> None:
    for asks in (False, True):
        chat = conversation(desk.database, desk.cipher)
        with desk.database.write() as session:
            service.open_duty_lead(
                session, desk.cipher, chat, "no_food", "没米了", f"a{asks}", region_code=SHIBAO
            )
        if asks:
            desk.ask(chat=chat)
        desk.do(service.take_alert, COUNTY, chat)
        assert (desk.receipt(chat) in desk.line(COUNTY)) is asks

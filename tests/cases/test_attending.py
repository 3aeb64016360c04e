"""Who attends to a resident: taken by one, handed on, given back, returned when nobody answers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from cases import service, waiting_list
from cases.errors import BadInput, Conflict
from cases.repository import CaseRepository, Scope
from cases.sweep import sweep
from conversations import thread
from conversations.models import Holder
from tests.cases.waiting_desk import CHEN, COUNTY, ELSEWHERE, LIN, TOWN, TOWN_TOO, YANG, YIBAO, Desk


def test_two_workers_at_once_and_one_of_them_is_told_who_has_it(desk: Desk) -> None:
    chat = desk.ask()
    refused: list[str] = []

    def take(worker: Scope) -> None:
        try:
            desk.do(service.take_over, worker, chat)
        except Conflict as conflict:
            refused.append(conflict.reason)

    both = [threading.Thread(target=take, args=(worker,)) for worker in (TOWN, TOWN_TOO)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1
    assert "正在接待这位居民" in refused[0]
    winner = desk.holder(chat)[1]
    assert desk.wait(chat).taken_by == winner
    assert winner in {CHEN, LIN}
    assert desk.heard(chat).count(thread.SYSTEM_WORDS["person_took"]) == 1
    desk.do(service.take_over, TOWN if winner == CHEN else TOWN_TOO, chat)  # a double click


def test_a_colleague_may_not_give_back_what_another_holds_but_a_supervisor_may(
    desk: Desk,
) -> None:
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    with pytest.raises(Conflict, match="正在接待"):
        desk.do(service.give_back, TOWN_TOO, chat)
    desk.do(service.give_back, COUNTY, chat)
    assert desk.holder(chat) == (Holder.BOT, None)


def test_given_back_without_a_word_the_old_place_is_kept(desk: Desk) -> None:
    first = desk.ask()
    desk.later(minutes=1)
    desk.ask()
    desk.do(service.take_over, TOWN, first)
    desk.later(minutes=2)
    desk.do(service.give_back, TOWN, first)
    assert desk.line()[0] == desk.receipt(first)
    assert desk.heard(first)[-1] == thread.SYSTEM_WORDS["person_let_go"]


def test_an_answer_ends_the_wait_and_so_does_a_phone_call(desk: Desk) -> None:
    written, phoned, untaken = desk.ask(), desk.ask(), desk.ask()
    desk.do(service.take_over, TOWN, written)
    desk.do(service.reply, TOWN, written, "明天上午来看您")
    desk.do(service.give_back, TOWN, written)
    desk.do(service.take_over, TOWN, phoned)
    desk.do(service.give_back, TOWN, phoned, phoned=True)
    desk.do(service.reply, TOWN, untaken, "材料收到了")
    assert desk.line() == []
    endings = [desk.wait(chat).ended_how for chat in (written, phoned, untaken)]
    assert endings == ["answered", "phoned", "answered"]
    later = desk.ask(chat=written)
    assert desk.line() == [desk.receipt(later)], "a new wish is a new contact"


def test_handed_to_a_colleague_by_name_with_a_reason(desk: Desk) -> None:
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    with pytest.raises(BadInput):
        desk.do(service.transfer, TOWN, chat, "", login=f"u{LIN[:8]}")
    desk.do(service.transfer, TOWN, chat, "他熟悉这一户", login=f"u{LIN[:8]}")
    assert desk.holder(chat) == (Holder.PERSON, LIN)
    assert desk.told("call_handed") == [("xiangzhen", LIN)]
    assert desk.heard(chat)[-1] == thread.SYSTEM_WORDS["person_changed"]
    for login in ("nobody", f"u{YIBAO.worker_id[:8]}", f"u{ELSEWHERE.worker_id[:8]}"):
        with pytest.raises(BadInput):
            desk.do(service.transfer, TOWN_TOO, chat, "他熟悉这一户", login=login)


def test_handed_to_another_department_the_wait_is_as_old_as_before_and_may_come_back(
    desk: Desk,
) -> None:
    chat = desk.ask()
    before = desk.wait(chat)
    desk.later(minutes=30)
    desk.do(service.take_over, TOWN, chat)
    desk.do(service.transfer, TOWN, chat, "问的是医保报销", department="yibao")
    assert desk.line(YIBAO) == [desk.receipt(chat)]
    assert desk.line(TOWN) == []
    assert desk.holder(chat) == (Holder.BOT, None)
    now = desk.wait(chat)
    assert (now.since, now.due_at) == (before.since, before.due_at)
    assert ("yibao", None) in desk.told("call")
    desk.do(service.transfer, YIBAO, chat, "不归医保，是低保的事", department="xiangzhen")
    assert desk.line(TOWN) == [desk.receipt(chat)]
    with pytest.raises(Conflict, match="已经在"):
        desk.do(service.transfer, TOWN, chat, "再转一次看看", department="xiangzhen")
    with pytest.raises(BadInput):
        desk.do(service.transfer, TOWN, chat, "不知道给谁", department="post")
    with pytest.raises(BadInput):
        desk.do(service.transfer, TOWN, chat, "两个都选了", department="yibao", login="u")


def test_a_taker_who_says_nothing_loses_the_chat_and_two_people_are_told(desk: Desk) -> None:
    chat = desk.ask()
    since = desk.wait(chat).since
    desk.later(minutes=3)
    desk.do(service.take_over, TOWN, chat)
    desk.later(minutes=9)
    assert sweep(desk.database, desk.cipher).left_unanswered == 0
    desk.later(minutes=1)
    assert sweep(desk.database, desk.cipher).left_unanswered == 1
    assert sweep(desk.database, desk.cipher).left_unanswered == 0
    assert desk.line() == [desk.receipt(chat)]
    assert (desk.wait(chat).since, desk.wait(chat).returns) == (since, 1)
    assert desk.holder(chat) == (Holder.BOT, None)
    assert desk.heard(chat)[-1] == thread.SYSTEM_WORDS["person_silent"]
    assert desk.told("call_returned") == [("minzheng", YANG), ("xiangzhen", CHEN)]


def test_the_limit_does_not_run_while_the_office_is_closed(desk: Desk) -> None:
    chat = desk.ask()
    desk.later(hours=1, minutes=55)  # 11:55
    desk.do(service.take_over, TOWN, chat)
    desk.later(hours=2, minutes=9)  # 14:04
    assert sweep(desk.database, desk.cipher).left_unanswered == 0
    desk.later(minutes=1)
    assert sweep(desk.database, desk.cipher).left_unanswered == 1


def test_after_the_first_answer_the_resident_may_not_be_left_either(desk: Desk) -> None:
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    desk.later(minutes=5)
    desk.do(service.reply, TOWN, chat, "您请说")
    desk.later(minutes=50)
    assert sweep(desk.database, desk.cipher).left_unanswered == 0, "the resident's turn"
    desk.say(chat, "低保停了怎么办")
    desk.later(minutes=59)
    assert sweep(desk.database, desk.cipher).left_unanswered == 0
    desk.later(hours=2, minutes=6)  # over noon: 14:00 is the next open minute
    assert sweep(desk.database, desk.cipher).left_unanswered == 1


def test_a_broken_promise_goes_to_a_person_by_name_once(desk: Desk) -> None:
    chat = desk.ask()
    due = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # one office day later, 10:00
    assert desk.wait(chat).due_at == due
    desk.later(hours=23, minutes=59)
    assert sweep(desk.database, desk.cipher).calls_overdue == 0
    desk.later(minutes=1)
    assert sweep(desk.database, desk.cipher).calls_overdue == 1
    assert sweep(desk.database, desk.cipher).calls_overdue == 0
    assert desk.told("call_overdue") == [("minzheng", YANG)]
    with desk.database.read() as session:
        (one,) = waiting_list.line(CaseRepository(session, TOWN), desk.cipher).waiting
    assert one.overdue
    assert one.passed_to == COUNTY.name


def test_an_answer_in_time_keeps_the_promise(desk: Desk) -> None:
    chat = desk.ask()
    desk.later(hours=1)
    desk.do(service.take_over, TOWN, chat)
    desk.do(service.reply, TOWN, chat, "您请说")
    desk.later(hours=30)
    assert sweep(desk.database, desk.cipher).calls_overdue == 0


def test_sweeps_side_by_side_return_a_chat_once(desk: Desk) -> None:
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    desk.later(minutes=11)
    sweeps = [threading.Thread(target=sweep, args=(desk.database, desk.cipher)) for _ in range(3)]
    for one in sweeps:
        one.start()
    for one in sweeps:
        one.join()
    assert desk.wait(chat).returns == 1

"""The line for a person: one place each, taken by one, kept when nobody answers, promised in time.

The clock stands at Monday 2026-03-02 10:00; offices are open 9:00–12:00 and 14:00–17:30.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cases import models, service, waiting, waiting_list
from cases.errors import BadInput, CaseError, Conflict, NotAllowed, NotFound
from cases.repository import CaseRepository, Scope
from cases.service import Place, Score
from cases.states import Role
from cases.sweep import sweep
from cases.wait_models import Wait
from conversations import handover, thread
from conversations.models import Author, Holder
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, conversation, filed, scope, staff_row

CHEN, LIN, YANG = "a" * 32, "b" * 32, "c" * 32
COUNTY = scope(worker_id=YANG)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, CHEN)
TOWN_TOO = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, LIN)
YIBAO = scope("500233", "yibao", Role.DEPARTMENT_OFFICER, "d" * 32)
ELSEWHERE = scope("350982", worker_id="e" * 32)


class Desk:
    """Residents and staff of 石宝镇, each step in a transaction of its own."""

    def __init__(self, database: Database, cipher: Cipher, clock: time_machine.Traveller) -> None:
        self.database, self.cipher, self.clock = database, cipher, clock
        with database.write() as session:
            for worker in (COUNTY, TOWN, TOWN_TOO, YIBAO, ELSEWHERE):
                staff_row(session, worker)

    def ask(self, words: str = "找个人", chat: str | None = None) -> str:
        """A resident asks for a person; returns the conversation."""
        chat = chat or conversation(self.database, self.cipher)
        self.say(chat, words)
        with self.database.write() as session:
            service.request_person(
                session, self.cipher, chat, words, f"{chat}:{self.number(chat)}",
                region_code=SHIBAO,
            )  # fmt: skip
        return chat

    def say(self, chat: str, words: str) -> None:
        with self.database.write() as session:
            thread.append(
                session, self.cipher, conversation_id=chat, author=Author.RESIDENT, text=words
            )

    def number(self, chat: str) -> int:
        with self.database.read() as session:
            return len(thread.messages(session, self.cipher, chat))

    def do(
        self, step: Callable[..., Any], worker: Scope, chat: str, *given: Any, **more: Any
    ) -> Any:
        number = self.receipt(chat)
        with self.database.write() as session:
            return step(session, self.cipher, worker, number, *given, **more)

    def receipt(self, chat: str) -> str:
        with self.database.read() as session:
            query = select(models.Case.receipt_no).where(models.Case.conversation_id == chat)
            return session.scalars(query.order_by(models.Case.created_at.desc())).first() or ""

    def place(self, chat: str) -> Place | None:
        with self.database.read() as session:
            return service.place_in_line(session, chat)

    def wait(self, chat: str) -> Wait:
        with self.database.read() as session:
            query = select(Wait).where(Wait.conversation_id == chat).order_by(Wait.since.desc())
            return session.scalars(query).first()  # type: ignore[return-value]

    def line(self, worker: Scope | None = TOWN) -> list[str]:
        with self.database.read() as session:
            found = waiting_list.line(CaseRepository(session, worker), self.cipher)
        return [one.receipt_no for one in found.waiting]

    def heard(self, chat: str) -> list[str]:
        with self.database.read() as session:
            said = thread.messages(session, self.cipher, chat)
        return [one.text for one in said if one.author != Author.RESIDENT]

    def holder(self, chat: str) -> tuple[str, str | None]:
        with self.database.read() as session:
            found = handover.holder(session, chat)
        return found.holder, found.worker_id

    def told(self, kind: str) -> list[tuple[str, str | None]]:
        with self.database.read() as session:
            query = select(models.Notice.department, models.Notice.staff_id)
            rows = session.execute(query.where(models.Notice.kind == kind))
            return sorted((department, to) for department, to in rows)

    def later(self, **span: float) -> None:
        self.clock.shift(timedelta(**span))


@pytest.fixture
def desk(database: Database, cipher: Cipher, clock: time_machine.Traveller) -> Desk:
    return Desk(database, cipher, clock)


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


# ---- the question afterwards --------------------------------------------------------------------
def attended(desk: Desk, chat: str) -> None:
    desk.do(service.take_over, TOWN, chat)
    desk.do(service.reply, TOWN, chat, "您请说")
    desk.do(service.give_back, TOWN, chat)


def rate(desk: Desk, chat: str, score: Score) -> bool:
    with desk.database.write() as session:
        return service.rate(session, desk.cipher, chat, score)


def test_after_the_contact_one_question_with_digits_and_one_answer(desk: Desk) -> None:
    chat = desk.ask()
    attended(desk, chat)
    with desk.database.read() as session:
        last = thread.messages(session, desk.cipher, chat)[-1]
    assert last.asking == "rating"
    assert [(one["label"], one["digit"]) for one in last.buttons] == [
        ("1 有帮助", "1"), ("2 没帮助", "2"), ("3 不想说", "3"),
    ]  # fmt: skip
    assert rate(desk, chat, Score.NOT_HELPED)
    assert not rate(desk, chat, Score.HELPED)
    assert desk.wait(chat).rating == "not_helped"


def test_it_is_not_asked_again_soon_and_not_without_an_answer(desk: Desk) -> None:
    chat = desk.ask()
    attended(desk, chat)
    desk.later(days=1)
    attended(desk, desk.ask(chat=chat))
    unanswered = desk.ask()
    desk.do(service.take_over, TOWN, unanswered)
    desk.do(service.give_back, TOWN, unanswered)
    asked = [one for one in desk.heard(chat) + desk.heard(unanswered) if "有帮助吗" in one]
    assert len(asked) == 1
    desk.later(days=31)
    attended(desk, desk.ask(chat=chat))
    assert sum("有帮助吗" in one for one in desk.heard(chat)) == 2


def test_in_an_emergency_nobody_is_asked_how_it_was(desk: Desk) -> None:
    chat = conversation(desk.database, desk.cipher)
    with desk.database.write() as session:
        service.open_duty_lead(
            session, desk.cipher, chat, "no_food", "没米了", "a1", region_code=SHIBAO
        )
    desk.ask(chat=chat)
    duty = scope("500233", "duty", Role.DUTY_OFFICER, "9" * 32)
    desk.do(service.take_over, duty, chat)
    desk.do(service.reply, duty, chat, "人马上到")
    desk.do(service.give_back, duty, chat)
    assert not [one for one in desk.heard(chat) if "有帮助吗" in one]


def test_closing_the_matter_ends_the_contact_and_the_bot_answers_again(desk: Desk) -> None:
    chat = desk.ask()
    desk.do(service.take_over, TOWN, chat)
    desk.do(service.close, TOWN, chat, "已答复")
    assert desk.holder(chat) == (Holder.BOT, None)
    assert desk.wait(chat).ended_how == "closed"
    assert "有帮助吗" in desk.heard(chat)[-1]


def test_nobody_is_rated_who_was_not_asked_for(desk: Desk) -> None:
    chat = desk.ask()
    assert not rate(desk, chat, Score.HELPED)
    with pytest.raises(CaseError):
        desk.do(service.transfer, TOWN, filed_without_wish(desk), "没有人在等", login="x")
    assert waiting.Origin("asked").word


def filed_without_wish(desk: Desk) -> str:
    chat = conversation(desk.database, desk.cipher)
    filed(desk.database, desk.cipher, "quiet", conversation_id=chat)
    return chat

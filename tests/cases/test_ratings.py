"""Whether the contact helped: asked once, after an answer, never in an emergency."""

from __future__ import annotations

import pytest

from cases import service, waiting
from cases.errors import CaseError
from cases.service import Score
from cases.states import Role
from conversations import thread
from conversations.models import Holder
from tests.cases.builders import SHIBAO, conversation, filed, scope
from tests.cases.waiting_desk import TOWN, Desk


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

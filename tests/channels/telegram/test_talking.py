"""What a resident may send on Telegram, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from conversations import handover, thread
from conversations.models import Conversation, ThreadMessage
from foundation.runtime import Runtime
from tests.channels.bot_api import (
    BotApi,
    Failure,
    eventually,
)
from tests.channels.engines import ChoosingEngine, EchoEngine
from tests.channels.telegram.helpers import (
    ON_SQLITE,
    count,
    settled,
    staff_says,
    use,
)


@ON_SQLITE
@pytest.mark.usefixtures("app")
class TestButtons:
    @pytest.fixture
    def engine(self, monkeypatch: pytest.MonkeyPatch) -> EchoEngine:
        return use(ChoosingEngine(), monkeypatch)

    def test_a_reply_has_opaque_buttons_and_a_press_is_understood_and_acknowledged(
        self, api: BotApi, engine: EchoEngine
    ) -> None:
        api.say(7, "低保")
        eventually(lambda: api.sent)
        buttons = api.sent[0].buttons
        assert list(buttons) == ["农村", "城镇"]
        assert not any(word in value for value in buttons.values() for word in ("/", "urban"))
        api.press(7, buttons["城镇"])
        eventually(lambda: len(api.sent) == 2 and api.acknowledged)
        assert [message for message, _ in engine.asked] == [
            "低保",
            '/inform_facts{"hukou": "urban"}',
        ]

    @pytest.mark.parametrize("value", ["made-up", '/inform_facts{"hukou":"urban"}', "\ud800", ""])
    def test_an_invented_button_means_nothing(
        self, api: BotApi, engine: EchoEngine, value: str
    ) -> None:
        api.press(7, value)
        eventually(lambda: api.sent)
        assert [message for message, _ in engine.asked] == ["/nlu_fallback"]


@ON_SQLITE
@pytest.mark.usefixtures("app")
class TestTalking:
    @pytest.mark.parametrize("text", ["/start", "/start@wenzhu_bot", "/start abc"])
    def test_start_is_a_greeting(self, api: BotApi, engine: EchoEngine, text: str) -> None:
        api.say(7, text)
        eventually(lambda: api.sent)
        assert engine.asked[0][0] == "你好"

    def test_an_edited_message_is_answered_without_being_taken_for_a_new_one(
        self, api: BotApi, engine: EchoEngine
    ) -> None:
        api.offer(api.update(7, "edited_message", text="两千", edit_date=1_760_000_001))
        eventually(lambda: api.sent)
        assert "再发一遍" in api.texts(7)[0]
        assert engine.asked == []

    @pytest.mark.parametrize(
        "content",
        [
            {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]},
            {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 3}},
            {
                "sticker": {
                    "file_id": "a",
                    "file_unique_id": "b",
                    "type": "regular",
                    "width": 9,
                    "height": 9,
                    "is_animated": False,
                    "is_video": False,
                }
            },
        ],
        ids=lambda content: next(iter(content)),
    )
    def test_what_is_no_text_gets_a_polite_answer(
        self, api: BotApi, engine: EchoEngine, content: dict[str, Any]
    ) -> None:
        api.offer(api.update(7, **content))
        eventually(lambda: api.sent)
        assert "请用文字" in api.texts(7)[0]
        assert engine.asked == []

    def test_an_album_is_answered_once(self, api: BotApi) -> None:
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
        api.offer(*(api.update(7, photo=photo, media_group_id="g1") for _ in range(3)))
        api.say(7, "看到了吗")
        eventually(lambda: "您说：看到了吗" in api.texts(7))
        assert len(api.texts(7)) == 2

    def test_a_text_that_is_too_long_is_explained_once(
        self, api: BotApi, engine: EchoEngine
    ) -> None:
        long = api.say(7, "难" * 4000)
        eventually(lambda: api.sent)
        api.hand_out_again([long] * 5)
        api.say(7, "短的")
        eventually(lambda: "您说：短的" in api.texts(7))
        assert "太长" in api.texts(7)[0]
        assert len(api.texts(7)) == 2
        assert len(engine.asked) == 1

    def test_groups_are_ignored(self, api: BotApi, runtime: Runtime) -> None:
        group = api.update(-5, text="我家很困难")
        group["message"]["chat"] = {"id": -5, "type": "group", "title": "村里"}
        group["message"]["from"]["id"] = 9
        api.offer(group)
        api.say(7, "在吗")
        eventually(lambda: api.sent)
        assert {message.chat for message in api.sent} == {7}
        assert count(runtime, Conversation) == 1

    def test_a_service_message_needs_no_answer(self, api: BotApi) -> None:
        api.offer(api.update(7, message_auto_delete_timer_changed={"message_auto_delete_time": 9}))
        api.say(7, "在吗")
        eventually(lambda: api.sent)
        assert api.texts(7) == ["您说：在吗"]

    def test_a_long_reply_arrives_whole(self, api: BotApi, runtime: Runtime) -> None:
        api.say(7, "你好")
        eventually(lambda: api.sent)
        long = "\n".join(f"第{n}条：{'材料' * 40}" for n in range(120))
        api.failures[7].extend([None, Failure(502, "Bad Gateway")])  # between its parts
        staff_says(runtime, long)
        eventually(lambda: len(api.sent) > 1 and settled(runtime))
        assert "".join(api.texts(7)[1:]) == long
        assert len(api.sent) > 2

    def test_links_are_not_opened_by_telegram(self, api: BotApi) -> None:
        api.say(7, "https://chat.example.cn/?link=once")
        eventually(lambda: api.sent)
        assert not api.sent[0].previews_links


@ON_SQLITE
@pytest.mark.usefixtures("app")
class TestPersonAndBot:
    def test_the_resident_is_told_who_speaks_and_the_bot_is_silent(
        self, api: BotApi, engine: EchoEngine, runtime: Runtime
    ) -> None:
        api.say(7, "你好")
        eventually(lambda: api.sent)
        with runtime.database.write() as session:
            conversation = session.scalars(select(Conversation)).one().id
            handover.take(session, conversation, "w1")
        api.say(7, "在吗")
        eventually(lambda: count(runtime, ThreadMessage) == 4)
        staff_says(runtime, "我是小周。")
        eventually(lambda: len(api.sent) == 3)
        with runtime.database.write() as session:
            handover.give_back(session, conversation)
        eventually(lambda: len(api.sent) == 4)
        words = thread.SYSTEM_WORDS
        assert api.texts(7)[1:] == [words["person_took"], "我是小周。", words["person_left"]]
        assert len(engine.asked) == 1

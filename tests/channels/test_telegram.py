"""Telegram over real HTTP: nothing lost, nothing twice, nobody held up by somebody else."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlalchemy import func, select, update

import channels.app
from channels.gateway import Gateway
from channels.telegram_api import parts
from conversations import handover, identity, outbox, thread
from conversations.models import Conversation, InboxMessage, OutboxMessage, ThreadMessage
from foundation import clock
from foundation.database import DatabaseBusy
from foundation.leases import JobState
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.channels.bot_api import (
    BLOCKED,
    FLOOD,
    REFUSED,
    RESET,
    SECRET,
    TOKEN,
    BotApi,
    Failure,
    eventually,
    serve_bot_api,
    serving,
    start_process,
)
from tests.channels.engines import ChoosingEngine, EchoEngine

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
HOOK = "/telegram/webhook"
SIGNED = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serve_bot_api() as api:
        yield api


@pytest.fixture
def mode() -> str:
    return "polling"


@pytest.fixture
def settings(tmp_path: Path, database_url: str, api: BotApi, mode: str) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=database_url,
        public_base_url="https://chat.example.cn/",
        telegram_mode=mode,
        telegram_bot_token=TOKEN,
        telegram_base_url=api.url,
        telegram_webhook_secret=SECRET,
    )


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> EchoEngine:
    return use(EchoEngine(), monkeypatch)


def use(engine: EchoEngine, monkeypatch: pytest.MonkeyPatch) -> EchoEngine:
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    return engine


@pytest.fixture
def app(runtime: Runtime, engine: EchoEngine) -> Iterator[httpx.Client]:
    """The running application, seen by a client of its web side."""
    with serving(channels.app.create_app(runtime)) as client:
        yield client


def count(runtime: Runtime, model: type) -> int:
    with runtime.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def settled(runtime: Runtime) -> bool:
    """Whether both queues have come to rest."""
    with runtime.database.read() as session:
        return not any(
            session.scalar(select(func.count()).where(model.state.in_(["new", "retry"])))
            for model in (InboxMessage, OutboxMessage)
        )


def let_leases_run_out(runtime: Runtime) -> None:
    """As if the half minute had passed that a dead process's work is left alone."""
    with runtime.database.write() as session:
        for model in (InboxMessage, OutboxMessage):
            session.execute(update(model).values(due_at=clock.now()))


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


def staff_says(runtime: Runtime, text: str) -> None:
    """A caseworker's reply, as the staff side stores it."""
    with runtime.database.write() as session:
        conversation = session.scalars(select(Conversation)).one()
        said = thread.append(
            session,
            runtime.cipher,
            conversation_id=conversation.id,
            author="person",
            text=text,
            worker_id="w1",
        )
        outbox.enqueue(session, said)


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


@ON_SQLITE
class TestOneEffect:
    def test_fifty_repeats_shuffled_and_after_a_restart_are_one(
        self, api: BotApi, runtime: Runtime, engine: EchoEngine
    ) -> None:
        with serving(channels.app.create_app(runtime)):
            said = [api.say(7, "第0句"), api.say(8, "第0句"), api.say(7, "第1句")]
            eventually(lambda: len(api.sent) == 3)
            repeats = said * 50
            random.Random(3).shuffle(repeats)
            api.hand_out_again(repeats)
            eventually(lambda: api.handed_out >= 153)
            api.say(9, "都重复完了")
            eventually(lambda: api.texts(9))
        with serving(channels.app.create_app(runtime)):
            api.hand_out_again(repeats[:40])
            api.say(9, "又开始了")
            eventually(lambda: len(api.texts(9)) == 2)
            eventually(lambda: settled(runtime))
        assert len(engine.asked) == 5
        assert api.texts(7) == ["您说：第0句", "您说：第1句"]
        assert api.texts(8) == ["您说：第0句"]


@ON_SQLITE
@pytest.mark.usefixtures("app")
class TestOrderAndFairness:
    def test_each_chat_is_answered_in_its_order(self, api: BotApi, engine: EchoEngine) -> None:
        engine.before_answer = lambda: time.sleep(random.uniform(0, 0.03))
        for n in range(5):
            for chat in range(1, 7):
                api.say(chat, f"{n}")
        eventually(lambda: len(api.sent) == 30)
        for chat in range(1, 7):
            assert api.texts(chat) == [f"您说：{n}" for n in range(5)]

    def test_floods_failures_and_resets_are_waited_out_in_order(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].extend([FLOOD, Failure(502, "Bad Gateway")])
        api.failures[8].append(RESET)
        for n in range(3):
            api.say(7, f"{n}")
            api.say(8, f"{n}")
        eventually(lambda: len(api.sent) == 6 and settled(runtime))
        for chat in (7, 8):
            assert api.texts(chat) == ["您说：0", "您说：1", "您说：2"]
        # nothing went ahead of the message that had to wait
        assert api.tried.count((7, "您说：0")) == 3

    def test_a_resident_who_blocked_us_holds_up_nobody_and_hears_all_on_return(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].append(BLOCKED)
        api.say(7, "一")
        eventually(lambda: api.tried == [(7, "您说：一")])
        started = time.monotonic()
        for n in range(5):
            api.say(8, f"{n}")
        eventually(lambda: len(api.texts(8)) == 5)
        assert time.monotonic() - started < 10
        assert api.texts(7) == []
        with runtime.database.read() as session:
            waits = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.seq == 2))
            assert max(waits) > clock.now()
        api.say(7, "二")
        eventually(lambda: len(api.texts(7)) == 2)
        assert api.texts(7) == ["您说：一", "您说：二"]

    def test_a_message_refused_for_good_does_not_hold_up_the_next(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.failures[7].append(REFUSED)
        api.say(7, "一")
        api.say(7, "二")
        eventually(lambda: settled(runtime) and api.texts(7) == ["您说：二"])
        with runtime.database.read() as session:
            dead = session.scalars(select(OutboxMessage).where(OutboxMessage.state == "dead")).one()
            assert (dead.state, dead.last_error) == (JobState.DEAD, "refused")

    def test_many_messages_of_one_resident_leave_room_for_others(
        self, api: BotApi, app: httpx.Client, engine: EchoEngine
    ) -> None:
        engine.before_answer = lambda: time.sleep(0.3)
        for n in range(20):
            api.say(7, f"{n}")
        api.say(8, "我也在")
        eventually(lambda: api.texts(8))
        assert len(api.texts(7)) < 20
        web = app.post("/chat/conversations").json()
        assert "问助" in web["messages"][0]["text"]


@ON_SQLITE
class TestOutages:
    @pytest.mark.usefixtures("engine")
    def test_the_web_chat_starts_while_telegram_is_away(
        self, api: BotApi, runtime: Runtime
    ) -> None:
        api.away = True
        with serving(channels.app.create_app(runtime)) as client:
            assert client.post("/chat/conversations").status_code == 201
            api.away = False
            api.say(7, "你好")
            eventually(lambda: api.texts(7) == ["您说：你好"])

    @pytest.mark.usefixtures("app")
    def test_an_update_we_cannot_read_does_not_stop_the_next(self, api: BotApi) -> None:
        odd = api.update(7, text="x")
        odd["message"] = {"chat": "nonsense"}
        api.offer(odd)
        after = api.say(7, "你好")
        eventually(lambda: api.texts(7) == ["您说：你好"])
        eventually(lambda: api.confirmed_below == after["update_id"] + 1)

    @pytest.mark.usefixtures("engine")
    def test_while_the_database_is_away_nothing_is_confirmed(
        self, api: BotApi, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        accept, calls = Gateway.accept, []

        def refuse_twice(self: Gateway, incoming: Any) -> Any:
            calls.append(api.confirmed_below)
            if len(calls) <= 2:
                raise DatabaseBusy("away")
            return accept(self, incoming)

        monkeypatch.setattr(Gateway, "accept", refuse_twice)
        with serving(channels.app.create_app(runtime)):
            said = api.say(7, "你好")
            eventually(lambda: api.texts(7) == ["您说：你好"])
        assert max(calls) < said["update_id"]

    @pytest.mark.usefixtures("engine")
    def test_a_killed_process_loses_nothing_and_repeats_nothing(
        self, api: BotApi, runtime: Runtime, database_url: str
    ) -> None:
        process = start_process(
            {
                "WENZHU_DATA_DIR": str(runtime.settings.data_dir),
                "WENZHU_DATABASE_URL": database_url,
                "WENZHU_TELEGRAM_MODE": "polling",
                "WENZHU_TELEGRAM_BOT_TOKEN": TOKEN,
                "WENZHU_TELEGRAM_BASE_URL": api.url,
            }
        )
        try:
            api.say(7, "0")
            api.say(7, "1")
            eventually(lambda: finished(runtime) == 1, 80)  # and the second is being thought about
            api.offer(api.update(7, text="2"), api.update(8, text="0"), api.update(7, text="3"))
            eventually(lambda: api.handed_out == 5)  # stored or not yet
        finally:
            process.kill()
            process.wait()
        assert len(api.sent) == 1
        let_leases_run_out(runtime)
        with serving(channels.app.create_app(runtime)):
            eventually(lambda: len(api.sent) >= 5 and settled(runtime))
        assert api.texts(7) == [f"您说：{n}" for n in range(4)]
        assert api.texts(8) == ["您说：0"]


def finished(runtime: Runtime) -> int:
    with runtime.database.read() as session:
        query = select(func.count()).where(OutboxMessage.state == JobState.DONE)
        return session.scalar(query) or 0


class TestWebhook:
    @pytest.fixture
    def mode(self) -> str:
        return "webhook"

    @ON_SQLITE
    @pytest.mark.usefixtures("app")
    def test_it_is_registered_with_our_secret(self, api: BotApi) -> None:
        eventually(lambda: api.webhook)
        assert api.webhook is not None
        assert api.webhook["url"] == "https://chat.example.cn/telegram/webhook"
        assert api.webhook["secret_token"] == SECRET
        assert json.loads(api.webhook["allowed_updates"]) == [
            "message",
            "edited_message",
            "callback_query",
        ]

    @ON_SQLITE
    @pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}])
    def test_without_the_secret_nothing_is_stored(
        self, api: BotApi, app: httpx.Client, runtime: Runtime, headers: dict[str, str]
    ) -> None:
        answer = app.post(HOOK, json=api.update(7, text="你好"), headers=headers)
        assert answer.status_code == 401
        assert (count(runtime, InboxMessage), count(runtime, Conversation)) == (0, 0)

    @ON_SQLITE
    def test_nonsense_is_refused_and_nothing_is_stored(
        self, api: BotApi, app: httpx.Client, runtime: Runtime
    ) -> None:
        bodies = [
            b"",
            b"{",
            b"[]",
            b"null",
            b"\xff\xfe",
            b"[" * 60_000,
            b'{"update_id": "x"}',
            b'{"update_id": true}',
            b'{"update_id": 5, "message": []}',
            b'{"update_id": 5, "message": {"chat": 3}}',
        ]
        answers = {
            body: app.post(HOOK, content=body, headers=SIGNED).status_code for body in bodies
        }
        assert set(answers.values()) == {400}, answers
        huge = api.update(7, text="难" * 100_000)
        assert app.post(HOOK, json=huge, headers=SIGNED).status_code == 413
        assert count(runtime, InboxMessage) == 0

    @ON_SQLITE
    @pytest.mark.usefixtures("engine")
    def test_it_is_closed_while_polling(self, api: BotApi, runtime: Runtime) -> None:
        runtime.settings.telegram_mode = "polling"
        with serving(channels.app.create_app(runtime)) as client:
            answer = client.post(HOOK, json=api.update(7, text="你好"), headers=SIGNED)
        assert answer.status_code == 404
        assert count(runtime, InboxMessage) == 0

    @ON_SQLITE
    def test_an_update_is_only_accepted_when_it_is_stored(
        self,
        api: BotApi,
        app: httpx.Client,
        runtime: Runtime,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def away(*_: Any) -> Any:
            raise DatabaseBusy("away")

        said = api.update(7, text="你好")
        with monkeypatch.context() as patched:
            patched.setattr(Gateway, "accept", away)
            assert app.post(HOOK, json=said, headers=SIGNED).status_code == 503
        assert count(runtime, InboxMessage) == 0
        assert app.post(HOOK, json=said, headers=SIGNED).json() == {"ok": True}
        assert count(runtime, InboxMessage) == 1

    @pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
    def test_fifty_repeats_at_once_have_one_effect_and_each_chat_keeps_its_order(
        self, api: BotApi, runtime: Runtime, engine: EchoEngine
    ) -> None:
        chats = {chat: [api.update(chat, text=f"{n}") for n in range(3)] for chat in range(1, 5)}
        with serving(channels.app.create_app(runtime)) as client, ThreadPoolExecutor(10) as pool:

            def deliver(updates: list[dict[str, Any]]) -> set[int]:
                posts = (client.post(HOOK, json=update, headers=SIGNED) for update in updates)
                return {post.status_code for post in posts}

            # Telegram sends a chat's updates one after the other, those of different chats at once
            assert set.union(*pool.map(deliver, chats.values())) == {200}
            repeats = [update for updates in chats.values() for update in updates] * 3
            random.Random(5).shuffle(repeats)
            same = [chats[1][0]] * 50
            assert set.union(*pool.map(deliver, [[update] for update in same + repeats])) == {200}
            eventually(lambda: len(api.sent) == 12 and settled(runtime))
        with serving(channels.app.create_app(runtime)) as client:  # and after a restart
            for repeated in same[:5] + repeats[:12]:
                assert client.post(HOOK, json=repeated, headers=SIGNED).status_code == 200
            eventually(lambda: settled(runtime))
        assert len(engine.asked) == 12
        for chat in chats:
            assert api.texts(chat) == [f"您说：{n}" for n in range(3)]


@ON_SQLITE
def test_a_reply_that_failed_a_hundred_times_is_still_tried(runtime: Runtime) -> None:
    with runtime.database.write() as session:
        identity.open_for(session, runtime.cipher, channel="telegram", user_id="7", peer="7")
    staff_says(runtime, "您好")
    with runtime.database.write() as session:
        session.execute(update(OutboxMessage).values(attempts=100))
        (row,) = outbox.claim_due(session, "telegram")
        assert outbox.retry(session, row, row.lease_id, "network") == JobState.RETRY


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("短", 4, ["短"]),
        ("一二三四五", 4, ["一二三四", "五"]),
        ("一二\n三四五", 4, ["一二\n", "三四五"]),
        ("😭😭😭", 4, ["😭😭", "😭"]),  # two UTF-16 units each
        ("一\n\n\n\n二", 2, ["一\n", "\n二"]),
    ],
)
def test_a_long_text_is_cut_at_line_ends_within_the_limit(
    text: str, limit: int, expected: list[str]
) -> None:
    assert parts(text, limit) == expected

"""Updates that Telegram posts to us: signed, stored before they are accepted, once."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2 as httpx
import pytest

import channels.app
from channels.gateway import Gateway
from conversations.models import Conversation, InboxMessage
from foundation.database import DatabaseBusy
from foundation.runtime import Runtime
from tests.channels.bot_api import (
    SECRET,
    BotApi,
    eventually,
    serving,
)
from tests.channels.engines import EchoEngine
from tests.channels.telegram.helpers import (
    HOOK,
    ON_SQLITE,
    SIGNED,
    count,
    settled,
)


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

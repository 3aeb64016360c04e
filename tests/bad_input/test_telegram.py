"""The corpus as Telegram updates, posted and polled: each is answered, none stops the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

import channels.app
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.bad_input.corpus import BODIES, SHAPES, TEXTS, json_bytes
from tests.bad_input.edges import problem_of
from tests.channels.bot_api import SECRET, TOKEN, BotApi, eventually, serve_bot_api, serving
from tests.channels.engines import DialogueEngine

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True),
]


@pytest.fixture
def api() -> Iterator[BotApi]:
    with serve_bot_api() as api:
        yield api


@pytest.fixture
def settings(tmp_path: Path, database_url: str, api: BotApi, mode: str) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=database_url,
        public_base_url="https://chat.example.cn",
        telegram_mode=mode,
        telegram_bot_token=TOKEN,
        telegram_base_url=api.url,
        telegram_webhook_secret=SECRET,
    )


@pytest.fixture
def client(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    engine = DialogueEngine(runtime)
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    with serving(channels.app.create_app(runtime)) as client:
        yield client


def odd_updates(api: BotApi) -> Iterator[dict[str, Any]]:
    """Updates of the wrong shape, all of one chat."""
    for shape in SHAPES:
        yield api.update(1, text=shape)
        yield api.update(1, "edited_message", text=shape)
        yield api.update(1, "callback_query", data=shape)
        for key in ("chat", "from", "date"):
            update = api.update(1, text="你好")
            update["message"][key] = shape
            yield update
        yield {**api.update(1, text="你好"), "message": shape}


@pytest.mark.parametrize("mode", ["webhook"])
def test_what_is_posted_is_answered_or_refused(api: BotApi, client: httpx.Client) -> None:
    def post(content: bytes) -> httpx.Response:
        return client.post("/telegram/webhook", content=content, headers=HEADERS)

    for raw in BODIES.values():
        answer = post(raw)
        assert problem_of(answer) is None, (raw[:40], answer.text)
        assert answer.status_code in (400, 413)
    for update in odd_updates(api):
        answer = post(json_bytes(update))
        assert problem_of(answer) is None, (update, answer.text)
    texts = list(enumerate(TEXTS.values(), 1000))
    for chat, text in texts:
        answer = post(json_bytes(api.update(chat, text=text)))
        assert answer.status_code in (200, 413), (text[:40], answer.text)
        if answer.status_code == 413:
            api.sent.append(api.sent[0].__class__(chat, "413", {}, 0, False))
    eventually(lambda: not {chat for chat, _ in texts} - {sent.chat for sent in api.sent}, 200)


@pytest.mark.parametrize("mode", ["polling"])
@pytest.mark.usefixtures("client")
def test_what_is_polled_does_not_stop_the_next(api: BotApi) -> None:
    api.offer(*odd_updates(api))
    for chat, text in enumerate(list(TEXTS.values())[::5], 1000):
        api.offer(api.update(chat, text=text))
    last = api.say(7, "你好")
    eventually(lambda: api.texts(7), 200)
    eventually(lambda: api.confirmed_below == last["update_id"] + 1, 60)

"""The channels application with Telegram on, talking to a Bot API server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest

import channels.app
from channels import dispatcher, telegram_api
from foundation import leases
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.channels.bot_api import SECRET, TOKEN, BotApi, serve_bot_api, serving
from tests.channels.engines import EchoEngine
from tests.channels.telegram.helpers import use


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits in the same places, only not in real seconds."""
    monkeypatch.setattr(telegram_api, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(leases, "FIRST_DELAY", timedelta(seconds=0.05))


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


@pytest.fixture
def app(runtime: Runtime, engine: EchoEngine) -> Iterator[httpx.Client]:
    """The running application, seen by a client of its web side."""
    with serving(channels.app.create_app(runtime)) as client:
        yield client

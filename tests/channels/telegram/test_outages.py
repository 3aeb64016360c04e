"""Telegram, the database or our process away: nothing lost, nothing repeated."""

from __future__ import annotations

from typing import Any

import pytest

import channels.app
from channels.gateway import Gateway
from foundation.database import DatabaseBusy
from foundation.runtime import Runtime
from tests.channels.bot_api import (
    TOKEN,
    BotApi,
    eventually,
    serving,
    start_process,
)
from tests.channels.telegram.helpers import (
    ON_SQLITE,
    finished,
    let_leases_run_out,
    settled,
)


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

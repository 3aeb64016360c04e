"""The stream of events over real HTTP: what is new arrives, and a stream opened again goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx2 as httpx
import pytest

import channels.app
from conversations import thread
from foundation.runtime import Runtime
from tests.channels.bot_api import serving
from tests.channels.engines import ChoosingEngine


@pytest.fixture
def client(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    engine = ChoosingEngine()
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    with serving(channels.app.create_app(runtime)) as client:
        yield client


@pytest.fixture
def talk(runtime: Runtime, client: httpx.Client) -> tuple[str, dict[str, str]]:
    """A conversation in which a person wrote three times after the greeting."""
    body = client.post("/chat/conversations").json()
    with runtime.database.write() as session:
        for text in ("您好，我是小周。", "材料收到了。", "周三去您家。"):
            thread.append(
                session,
                runtime.cipher,
                conversation_id=body["conversation_id"],
                author="person",
                text=text,
                worker_id="w1",
            )
    where = f"/chat/conversations/{body['conversation_id']}/events"
    return where, {"Authorization": f"Bearer {body['token']}"}


def first_events(
    client: httpx.Client, where: str, headers: dict[str, Any], count: int
) -> list[tuple[int, str]]:
    """Number and text of the next events of a stream; then it is left."""
    events: list[tuple[int, str]] = []
    with client.stream("GET", where, headers=headers) as stream:
        assert stream.status_code == 200
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines() if line.startswith(("id:", "data:")))
        number = 0
        for line in islice(lines, 2 * count):
            name, _, value = line.partition(": ")
            if name == "id":
                number = int(value)
            else:
                events.append((number, json.loads(value)["text"]))
    return events


def test_a_stream_opened_again_goes_on_where_it_was(
    client: httpx.Client, talk: tuple[str, dict[str, str]]
) -> None:
    where, headers = talk
    seen = first_events(client, f"{where}?after=1", headers, 3)
    assert [text for _, text in seen] == ["您好，我是小周。", "材料收到了。", "周三去您家。"]
    again = {**headers, "Last-Event-ID": str(seen[0][0])}
    assert first_events(client, where, again, 2) == seen[1:]


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "-1",
        "1e9",
        "9" * 40,
        "null",
        "0x2",
        "2 OR 1=1",
        "２",
        "<b>",
        "%00",
        "难",
        "1;2",
        "a" * 900,
    ],
)
def test_an_odd_last_event_id_is_as_none(
    client: httpx.Client, talk: tuple[str, dict[str, str]], odd: str
) -> None:
    where, headers = talk
    asked: dict[str, Any] = {**headers, "Last-Event-ID": odd.encode()}
    ((_, text),) = first_events(client, f"{where}?after=1", asked, 1)
    assert text == "您好，我是小周。"

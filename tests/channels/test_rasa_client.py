"""Reading the engine's answer over real HTTP: silence, slowness and nonsense are one failure."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from channels.rasa_client import BotUnavailable, RasaClient, read_items


class EngineServer(ThreadingHTTPServer):
    """Answers every post with `status` and `body` after `delay_seconds`."""

    status = 200
    body: bytes = b"[]"
    delay_seconds = 0.0
    seen: list[dict[str, Any]]
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: EngineServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.seen.append(
            {"token": self.headers["Authorization"], **json.loads(self.rfile.read(length))}
        )
        time.sleep(self.server.delay_seconds)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the client did not wait
            self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def server() -> Iterator[EngineServer]:
    server = EngineServer(("127.0.0.1", 0), _Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(server: EngineServer) -> Iterator[RasaClient]:
    client = RasaClient(f"http://127.0.0.1:{server.server_port}", "secret", 0.5)
    yield client
    client.close()


def test_custom_entries_join_the_text_before_them(client: RasaClient, server: EngineServer) -> None:
    server.body = json.dumps(
        [
            {"text": "低保标准是……", "custom": {"sources": [{"title": "通知"}]}},
            {"text": "几口人？", "buttons": [{"title": "不清楚", "payload": "/x"}]},
            {"custom": {"asking": "household_size", "choices": False}},
        ]
    ).encode()
    first, second = client.ask("s", "低保多少", {"asking": None})
    assert first.sources == [{"title": "通知"}]
    assert (second.asking, second.choices) == ("household_size", False)
    assert second.buttons == [{"title": "不清楚", "payload": "/x"}]
    assert server.seen[0]["token"] == "Bearer secret"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"[]", "silence"),
        (200, b'[{"custom": {"asking": "x"}}]', "silence"),
        (200, b'[{"text": "x"}, {"text": "y", "custom": {"failed": true}}]', "action"),
        (200, b"{nonsense", "broken"),
        (200, b'{"text": "x"}', "broken"),
        (200, b'[{"text": "x", "buttons": [{"title": "y"}]}]', "broken"),
        (500, b'{"error": "action_failed"}', "error"),
        (401, b"{}", "error"),
    ],
)
def test_anything_but_an_answer_is_unavailable(
    client: RasaClient, server: EngineServer, status: int, body: bytes, kind: str
) -> None:
    server.status, server.body = status, body
    with pytest.raises(BotUnavailable) as problem:
        client.ask("s", "你好", {})
    assert problem.value.kind == kind


def test_a_slow_engine_is_a_timeout(client: RasaClient, server: EngineServer) -> None:
    server.delay_seconds = 1.5
    with pytest.raises(BotUnavailable) as problem:
        client.ask("s", "你好", {})
    assert problem.value.kind == "timeout"


def test_nobody_listening_is_an_error() -> None:
    client = RasaClient("http://127.0.0.1:9", "secret", 0.5)
    with pytest.raises(BotUnavailable) as problem:
        client.ask("s", "你好", {})
    assert problem.value.kind == "error"
    client.close()


def test_an_empty_answer_is_never_passed_on() -> None:
    with pytest.raises(BotUnavailable):
        read_items([])

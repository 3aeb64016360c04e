"""A Bot API server for tests: real HTTP, Telegram's offset rules, and failures on demand.

Also runs the channels application as it runs in production: on a uvicorn server, in a thread of
this process or as a process of its own that can be killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2 as httpx
import uvicorn
from fastapi import FastAPI

ROOT = Path(__file__).parents[2]
TOKEN = "4711:a-token-of-no-bot"
SECRET = "a-secret-of-24-characters"


@dataclass(frozen=True)
class Failure:
    """What `sendMessage` answers instead; without a status the connection is reset.

    In `BotApi.failures` None stands for a message that is let through.
    """

    status: int | None
    description: str = "injected"
    retry_after: int | None = None


FLOOD = Failure(429, "Too Many Requests: retry after 600", retry_after=600)
BLOCKED = Failure(403, "Forbidden: bot was blocked by the user")
REFUSED = Failure(400, "Bad Request: chat not found")
RESET = Failure(None)


@dataclass(frozen=True)
class Sent:
    """One message that reached a chat."""

    chat: int
    text: str
    buttons: dict[str, str]  # label -> callback data
    message_id: int
    previews_links: bool


@dataclass
class BotApi:
    """The server's state; every method may be called from any thread."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    tried: list[tuple[int, str]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    webhook: dict[str, str] | None = None
    handed_out: int = 0
    confirmed_below: int = 0
    away: bool = False
    failures: dict[int, deque[Failure | None]] = field(default_factory=lambda: defaultdict(deque))
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _again: list[dict[str, Any]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _number: int = 100

    # ---- residents ------------------------------------------------------------------------
    def update(self, chat: int, kind: str = "message", **content: Any) -> dict[str, Any]:
        """An update that nobody has been given yet."""
        self._number += 1
        who = {"id": chat, "is_bot": False, "first_name": "居民"}
        message = {
            "message_id": self._number,
            "date": 1_760_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "居民"},
            "from": who,
        }
        if kind == "callback_query":
            body: dict[str, Any] = {
                "id": f"press-{self._number}",
                "from": who,
                "chat_instance": "1",
                "message": {**message, "text": "旧消息"},
                **content,
            }
        else:
            body = {**message, **content}
        return {"update_id": self._number, kind: body}

    def offer(self, *updates: dict[str, Any]) -> None:
        """Put updates into the queue of `getUpdates`."""
        with self._changed:
            self._waiting += updates
            self._changed.notify_all()

    def say(self, chat: int, text: str) -> dict[str, Any]:
        """A resident writes; returns the update."""
        update = self.update(chat, text=text)
        self.offer(update)
        return update

    def press(self, chat: int, value: str) -> None:
        """A resident presses a button."""
        self.offer(self.update(chat, "callback_query", data=value))

    def hand_out_again(self, updates: list[dict[str, Any]]) -> None:
        """Give these updates once more, whatever was confirmed."""
        with self._changed:
            self._again += updates
            self._changed.notify_all()

    def texts(self, chat: int) -> list[str]:
        """What a chat was told, in order."""
        return [message.text for message in self.sent if message.chat == chat]

    # ---- methods of the API ---------------------------------------------------------------
    def call(self, method: str, asked: dict[str, str]) -> Any:
        """The result of a method, or a `Failure`."""
        match method:
            case "getMe":
                return {"id": 4711, "is_bot": True, "first_name": "问助", "username": "wenzhu_bot"}
            case "getUpdates":
                return self._get_updates(asked)
            case "sendMessage":
                return self._send(asked)
            case "answerCallbackQuery":
                self.acknowledged.append(asked["callback_query_id"])
                return True
            case "setWebhook":
                self.webhook = asked
                return True
            case "deleteWebhook":
                self.webhook = None
                return True
        return Failure(404, f"Not Found: {method}")

    def _get_updates(self, asked: dict[str, str]) -> Any:
        if self.webhook is not None:
            return Failure(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 100))
        with self._changed:
            self.confirmed_below = max(self.confirmed_below, offset)
            self._waiting = [u for u in self._waiting if u["update_id"] >= offset]
            self._changed.wait_for(
                lambda: self._waiting or self._again, timeout=int(asked.get("timeout", 0))
            )
            repeated, self._again = self._again[:limit], self._again[limit:]
            found = repeated or self._waiting[:limit]
            self.handed_out += len(found)
            return found

    def _send(self, asked: dict[str, str]) -> Any:
        chat, text = int(asked["chat_id"]), asked["text"]
        with self._changed:
            self.tried.append((chat, text))
            failure = self.failures[chat].popleft() if self.failures[chat] else None
            if failure is not None:
                return failure
            if not text.strip() or len(text.encode("utf-16-le")) // 2 > 4096:
                return Failure(400, "Bad Request: message is too long")
            keyboard = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
            flat = [button for line in keyboard for button in line]
            buttons = {button["text"]: button["callback_data"] for button in flat}
            if any(not 1 <= len(value.encode()) <= 64 for value in buttons.values()):
                return Failure(400, "Bad Request: BUTTON_DATA_INVALID")
            self._number += 1
            preview = json.loads(asked.get("link_preview_options", "{}"))
            previews_links = not preview.get("is_disabled", False)
            self.sent.append(Sent(chat, text, buttons, self._number, previews_links))
            return {
                "message_id": self._number,
                "date": 1_760_000_000,
                "chat": {"id": chat, "type": "private"},
                "text": text,
            }


def serve_bot_api() -> contextlib.AbstractContextManager[BotApi]:
    """A running server; `url` is what `telegram_base_url` must be."""
    return _serve_bot_api()


@contextlib.contextmanager
def _serve_bot_api() -> Iterator[BotApi]:
    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            if api.away:
                self._reset()
                return
            bot, _, method = self.path.lstrip("/").partition("/")
            if bot != f"bot{TOKEN}":
                answer: Any = Failure(401, "Unauthorized")
            else:
                answer = api.call(method, {name: values[-1] for name, values in fields.items()})
            if answer == RESET:
                self._reset()
            else:
                self._answer(answer)

        def _reset(self) -> None:
            linger = struct.pack("ii", 1, 0)  # close with RST instead of FIN
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True

        def _answer(self, answer: Any) -> None:
            status, body = 200, {"ok": True, "result": answer}
            if isinstance(answer, Failure):
                assert answer.status is not None
                status = answer.status
                body = {"ok": False, "error_code": status, "description": answer.description}
                if answer.retry_after is not None:
                    body["parameters"] = {"retry_after": answer.retry_after}
            raw = json.dumps(body).encode()
            with contextlib.suppress(OSError):  # the client was killed meanwhile
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A killed client resets its connections."""

    server = Server(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def eventually(holds: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait until `holds()`; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


# ---- the channels application -----------------------------------------------------------------
@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """The application on a uvicorn server of its own thread; gives a client of it."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        eventually(lambda: server.started or not thread.is_alive())
        assert server.started, "the application did not start"
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=30, trust_env=False, verify=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive(), "the application did not stop"


def start_process(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The same application as a process to be killed; its engine answers once, then only thinks."""
    return subprocess.Popen(
        [sys.executable, "-c", "from tests.channels.bot_api import run_stuck; run_stuck()"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run_stuck() -> None:
    """What `start_process` runs."""
    import channels.app
    from foundation.runtime import Runtime
    from foundation.settings import Settings
    from tests.channels.engines import EchoEngine

    class StuckEngine(EchoEngine):
        def close(self) -> None: ...

    engine = StuckEngine()
    engine.before_answer = lambda: time.sleep(100 if len(engine.asked) > 1 else 0)
    channels.app.RasaClient = lambda *_: engine  # type: ignore[assignment,misc]
    app = channels.app.create_app(Runtime.open(Settings(_env_file=None)))
    uvicorn.run(app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none")

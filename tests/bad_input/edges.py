"""Puts one odd value through every field of every edge and says what was wrong with the answer.

Fair is an answer, or a refusal below 500 with a reason in Chinese. The applications are the real
ones over a real database; the dialogue is real too, only the recognition is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx2 as httpx
from fastapi.testclient import TestClient

from foundation.database import new_id
from tests.bad_input.corpus import json_bytes

CHINESE = re.compile("[一-鿿]")
LEAKS = re.compile(r"Traceback|Internal Server Error|sqlalchemy|psycopg|\.py\b", re.IGNORECASE)
STEPS = (
    "note", "reply", "claim", "take-over", "give-back", "alert", "status", "papers",
    "papers-received", "area", "close",
)  # fmt: skip


@dataclass(frozen=True)
class Unfair:
    """An answer nobody should get."""

    edge: str
    sent: str
    status: int
    answer: str


def problem_of(answer: httpx.Response) -> str | None:
    """What is wrong with an answer, or None."""
    if answer.status_code >= 500:
        return "a fault of ours"
    if LEAKS.search(answer.text):
        return "insides shown"
    if answer.status_code < 400:
        return None
    said = answer.text
    if "json" in answer.headers.get("content-type", ""):
        said = str(answer.json().get("reason", ""))
    return None if CHINESE.search(said) else "refused without a reason in Chinese"


@dataclass
class Edges:
    """Both public applications; each method yields what was unfair."""

    chat: TestClient
    staff: TestClient
    bearer: dict[str, str]
    console: TestClient
    new_case: Callable[[], str]
    receipt: str = ""
    sent: int = 0

    def __post_init__(self) -> None:
        self.receipt = self.new_case()

    def _look(self, edge: str, sent: object, answer: httpx.Response) -> Iterator[Unfair]:
        self.sent += 1
        problem = problem_of(answer)
        if problem is not None:
            yield Unfair(
                edge, repr(sent)[:120], answer.status_code, f"{problem}: {answer.text[:200]}"
            )

    def open(self) -> tuple[str, dict[str, str]]:
        """A new conversation's address and headers."""
        body = self.chat.post("/chat/conversations").json()
        where = f"/chat/conversations/{body['conversation_id']}"
        return where, {
            "Authorization": f"Bearer {body['token']}",
            "Content-Type": "application/json",
        }

    # ---- residents --------------------------------------------------------------------------
    def say(self, where: str, headers: dict[str, str], text: str) -> Iterator[Unfair]:
        """A text in an open conversation: answered, or refused with a reason."""
        body = json_bytes({"client_message_id": new_id(), "text": text})
        answer = self.chat.post(f"{where}/messages", content=body, headers=headers)
        yield from self._look("chat text", text, answer)
        if answer.status_code == 200:
            said = answer.json()
            told = "".join(message["text"] for message in said["messages"])
            if said["pending"] or not CHINESE.search(told):
                yield Unfair("chat text", repr(text)[:120], 200, f"no answer: {said}")

    def chat_fields(self, value: Any) -> Iterator[Unfair]:
        """A value in each field of the chat's JSON."""
        where, headers = self.open()
        message = new_id()
        bodies: tuple[dict[str, Any], ...] = (
            {"client_message_id": message, "button": value},
            {"client_message_id": value, "text": "你好"},
            {"client_message_id": message, "text": value},
            {"client_message_id": message, "text": "你好", "button": value},
            {"client_message_id": message, "text": "你好", str(value)[:60]: 1},
        )
        for body in bodies:
            answer = self.chat.post(f"{where}/messages", content=json_bytes(body), headers=headers)
            yield from self._look("chat field", body, answer)
        answer = self.chat.post(
            "/chat/conversations", content=json_bytes({"link": value}), headers=headers
        )
        yield from self._look("chat link", value, answer)

    def chat_raw(self, raw: bytes, content_type: str) -> Iterator[Unfair]:
        """A body as it comes, wherever the chat takes one."""
        where, headers = self.open()
        kind = {**headers, "Content-Type": content_type.encode()}
        for path in (f"{where}/messages", "/chat/conversations", "/chat/form"):
            answer = self.chat.post(path, content=raw, headers=kind)  # type: ignore[arg-type]
            yield from self._look(f"chat raw {path[-8:]}", (raw[:40], content_type), answer)

    def chat_addresses(self, value: str) -> Iterator[Unfair]:
        """A value as conversation id, token, message number and cookie."""
        where, headers = self.open()
        typed = _quoted(value)
        for path in (
            f"/chat/conversations/{typed}/messages",
            f"/chat/conversations/{typed}/events",
            f"/{typed}",
            f"/static/{typed}",
        ):
            yield from self._look("chat path", path, self.chat.get(path, headers=headers))
        wrong = {"Authorization": b"Bearer " + _header(value)}
        for path in (f"{where}/messages", f"{where}/events"):
            answer = self.chat.get(path, headers=wrong)  # type: ignore[arg-type]
            yield from self._look("chat token", value, answer)
        # a stream that is let in never ends: only what is refused is asked here
        answer = self.chat.get(f"{where}/messages?after={typed}", headers=headers)
        yield from self._look("chat after", value, answer)
        cookie = {"Cookie": b"wenzhu_chat=" + _header(value)}
        answer = self.chat.get("/", headers=cookie)  # type: ignore[arg-type]
        yield from self._look("chat cookie", value, answer)

    def chat_form(self, value: str) -> Iterator[Unfair]:
        """A value in the form of the page without script."""
        forms = (
            {"client_message_id": new_id(), "text": value},
            {"client_message_id": new_id(), "button": value},
            {"client_message_id": value, "text": "你好"},
        )
        for form in forms:
            body = urlencode({key: _bytes(text) for key, text in form.items()})
            answer = self.chat.post(
                "/chat/form",
                content=body,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            yield from self._look("chat form", form, answer)
            self.chat.cookies.clear()

    # ---- staff ------------------------------------------------------------------------------
    def staff_fields(self, value: Any) -> Iterator[Unfair]:
        """A value in each field of the staff API's bodies."""
        self.receipt = self.new_case()  # a case with thousands of notes answers slowly
        fields = ("text", "status", "reason", "disposition", "message", "region_code", "result")
        case = f"/api/cases/{self.receipt}"
        headers = {**self.bearer, "Content-Type": "application/json"}
        for step in STEPS:
            body = json_bytes(dict.fromkeys(fields[:1] if step == "note" else fields, value))
            answer = self.staff.post(f"{case}/{step}", content=body, headers=headers)
            yield from self._look(f"api {step}", value, answer)
        for path, body_of in (
            ("status", {"status": "collecting", "reason": value}),
            ("area", {"region_code": value}),
            ("close", {"reason": "测试", "disposition": value}),
            ("leads/x/answer", {"result": "helped", "text": value}),
        ):
            answer = self.staff.post(f"{case}/{path}", content=json_bytes(body_of), headers=headers)
            yield from self._look(f"api {path}", value, answer)

    def staff_raw(self, raw: bytes, content_type: str) -> Iterator[Unfair]:
        """A body as it comes."""
        headers = {**self.bearer, "Content-Type": content_type.encode()}
        for step in ("note", "close", "status"):
            path = f"/api/cases/{self.receipt}/{step}"
            answer = self.staff.post(path, content=raw, headers=headers)  # type: ignore[arg-type]
            yield from self._look(f"api raw {step}", (raw[:40], content_type), answer)

    def staff_addresses(self, value: str) -> Iterator[Unfair]:
        """A value as receipt, lead, filter and token."""
        typed = _quoted(value)
        paths = [f"/api/cases/{typed}", f"/api/cases/{typed}/thread", f"/api/{typed}"]
        names = ("q", "view", "status", "department", "urgency", "page", "conversation_id")
        paths += [f"/api/cases?{name}={typed}" for name in names]
        paths.append(f"/api/cases/{self.receipt}/thread?after={typed}")
        for path in paths:
            yield from self._look("api path", path, self.staff.get(path, headers=self.bearer))
        answer = self.staff.post(
            f"/api/cases/{self.receipt}/leads/{typed}/accept", headers=self.bearer
        )
        yield from self._look("api lead", value, answer)
        wrong = {"Authorization": b"Bearer " + _header(value)}
        answer = self.staff.get("/api/cases", headers=wrong)  # type: ignore[arg-type]
        yield from self._look("api token", value, answer)

    def console_pages(self, value: str) -> Iterator[Unfair]:
        """A value in the console's addresses, forms, sign-in and cookie."""
        typed = _quoted(value)
        for path in (
            f"/console?q={typed}",
            f"/console?page={typed}",
            f"/console?view={typed}",
            f"/console/cases/{typed}",
            f"/console/cases/{self.receipt}/thread?after={typed}",
            f"/console/{typed}",
        ):
            yield from self._look("console path", path, self.console.get(path))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        fields = ("text", "status", "reason", "disposition", "message", "region_code", "step")
        body = urlencode(dict.fromkeys(fields, _bytes(value)))
        for step in ("note", "reply", "papers", "area", "status", "close", "reveal", typed):
            path = f"/console/cases/{self.receipt}/{step}"
            answer = self.console.post(path, content=body, headers=kind)
            yield from self._look(f"console {step}", value, answer)
        body = urlencode({"login": _bytes(value), "password": _bytes(value)})
        answer = self.console.post("/console/login", content=body, headers=kind)
        yield from self._look("console sign-in", value, answer)
        cookie = {"Cookie": b"wenzhu=" + _header(value)}
        answer = self.staff.get("/console", headers=cookie)  # type: ignore[arg-type]
        yield from self._look("console cookie", value, answer)

    def everywhere(self, value: str) -> Iterator[Unfair]:
        """A text through all of them."""
        where, headers = self.open()
        yield from self.say(where, headers, value)
        yield from self.chat_fields(value)
        yield from self.chat_addresses(value[:2000])
        yield from self.chat_form(value)
        yield from self.staff_fields(value)
        yield from self.staff_addresses(value[:2000])
        yield from self.console_pages(value[:2000])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return quote(_bytes(text), safe="")


def _header(text: str) -> bytes:
    """What HTTP lets through in a header."""
    return re.sub(rb"[\x00-\x08\x0a-\x1f\x7f]", b"?", _bytes(text))

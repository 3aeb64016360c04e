"""Every fault of the public edge as a plain Chinese sentence; a trace never leaves, nor is logged.

| status | meaning |
|---|---|
| 400 | the body cannot be read at all |
| 404, 405 | no such address |
| 422 | a field cannot be taken |
| 500 | a fault of ours; the number in the sentence is the request id in the log |
| 503 | the database is away or full: nothing was stored (`Retry-After`) |
"""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.messages import Refused
from foundation import metrics
from foundation.database import DatabaseBusy
from foundation.logging import get_logger

log = get_logger("channels.faults")
# Status and sentence as a page, or None where JSON is wanted.
Page = Callable[[Request, int, str], Response | None]
ROOT = Path(__file__).parents[1]

# The database cannot be asked or cannot write just now; the same request may work later.
AWAY = (OperationalError, InterfaceError, PoolTimeout, DatabaseBusy)
RETRY_AFTER_SECONDS = 5
LONGEST_PLACE = 60


def where(problem: BaseException) -> str:
    """The kind of an exception and our line it passed last: all of it that may be logged.

    Messages of exceptions, above all the database's, repeat the values that caused them.
    """
    ours = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and ".venv" not in frame.filename
    ]
    name = type(problem).__name__
    if not ours:
        return name
    return f"{name} at {Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}"


class Faults:
    """Gives every request a number, and an answer to those that fail unexpectedly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = number
        begun = False

        async def numbered(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)["X-Request-Id"] = number
                if message["status"] >= 500:
                    metrics.SERVER_ERRORS.labels(process="channels").inc()
            await send(message)

        try:
            await self.app(scope, receive, numbered)
        except Exception as problem:  # noqa: BLE001 - the last one who can answer
            log.error("request failed", request_id=number, problem=where(problem))
            if begun:  # half an answer, mostly an event stream: the page opens it again
                metrics.SERVER_ERRORS.labels(process="channels").inc()
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            reason = f"系统出了点故障，已经记下（编号 {number[:8]}）。请稍后再试。"
            await JSONResponse({"reason": reason}, status_code=500)(scope, receive, numbered)


def install(app: FastAPI, page: Page) -> None:
    """Answer what the gateway refuses and what frameworks and databases raise, as JSON or, where
    `page` gives one, as a page. `Faults` answers the rest.
    """

    def answer(
        request: Request,
        status: int,
        reason: str,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> Response:
        shown = page(request, status, reason)
        response = shown or JSONResponse({"reason": reason, **more}, status_code=status)
        response.headers.update(headers or {})
        return response

    def refused(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Refused)  # noqa: S101 - registered for this class
        return answer(request, problem.status, problem.reason, problem.headers)

    def invalid(request: Request, problem: Exception) -> Response:
        """Which field and why, without repeating what was sent."""
        errors = problem.errors() if isinstance(problem, RequestValidationError) else []
        if any(error["type"] == "json_invalid" for error in errors):
            return answer(request, 400, "发来的内容不是有效的 JSON。")
        fields = [
            {"field": _place(error["loc"]), "problem": str(error["type"])} for error in errors[:5]
        ]
        return answer(request, 422, "请求的格式不对，没有收下。", fields=fields)

    def http(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)  # noqa: S101 - registered for this class
        words = {
            400: "发来的内容读不懂，没有收下。",
            404: "没有这个地址。",
            405: "这个地址不支持这种操作。",
        }
        status = problem.status_code
        return answer(request, status, words.get(status, "请求没有办成。"), problem.headers)

    def unstorable(request: Request, problem: Exception) -> Response:
        # Our checks let a value through that the database refuses: a fault of ours, found by this.
        log.error("value refused", request_id=request.state.request_id, problem=where(problem))
        return answer(request, 422, "这些内容没法保存，请换个写法再发。")

    def away(request: Request, problem: Exception) -> Response:
        log.error("database away", request_id=request.state.request_id, problem=where(problem))
        again = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return answer(request, 503, "系统正忙，这条没能收下。请过一会儿再发一遍。", again)

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(DataError, unstorable)
    for kind in AWAY:
        app.add_exception_handler(kind, away)


def _place(loc: tuple[int | str, ...]) -> str:
    """Where in the request; a name somebody invented is cut and made printable."""
    place = ".".join(map(str, loc))[:LONGEST_PLACE]
    return "".join(mark if mark.isprintable() else "?" for mark in place)

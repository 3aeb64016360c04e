"""What every request meets first: body limit, cross-site check, answer headers."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases import parameter_desk
from foundation.database import Database, DatabaseBusy
from rules.parameter_store import Store, files_store, using

MAX_BODY = 64 * 1024
MAX_REGISTER = 8 * 1024 * 1024  # a register of some ten thousand lines, for the impact preview
_REGISTER = re.compile(r"/console/atlas/[0-9a-f]{32}/register", re.ASCII)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

Next = Callable[[Request], Awaitable[Response]]


class BodyCap:
    """Refuse bodies over 64 KB before anything parses them, declared or streamed.

    A register for the impact preview may have 8 MB.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = MAX_REGISTER if _REGISTER.fullmatch(scope["path"]) else MAX_BODY
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > most:
            await _refusal(413, "内容太大了")(scope, receive, send)
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > most:
                await _refusal(413, "内容太大了")(scope, receive, send)
                return
            more = message.get("more_body", False)
        waiting = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, replay, send)


class PublishedFigures:
    """What a request works out, it works out by the figures published when it came."""

    def __init__(self, app: ASGIApp, database: Database) -> None:
        self.app = app
        self.database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/console/static/"):
            await self.app(scope, receive, send)
            return
        with using(await asyncio.to_thread(self._store)):
            await self.app(scope, receive, send)

    def _store(self) -> Store:
        try:
            return parameter_desk.store_of(self.database)
        except (SQLAlchemyError, DatabaseBusy):
            return files_store()  # the request meets the same trouble and says it properly


async def guard(request: Request, call_next: Next) -> Response:
    """Cross-site check for browsers, then headers that hold for every answer.

    A browser says in Sec-Fetch-Site where a request comes from; older ones send Origin. An unsafe
    request under /console that says neither, or another place, is refused.
    """
    request.state.request_id = uuid.uuid4().hex
    if _is_forged(request):
        response: Response = _refusal(403, "请求来源不对，请回到工作台重新操作")
    else:
        response = await call_next(request)
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-Id"] = request.state.request_id
    if not request.url.path.startswith("/console/static/"):
        headers["Cache-Control"] = "no-store"
    return response


def _is_forged(request: Request) -> bool:
    if request.method in SAFE_METHODS or not request.url.path.startswith("/console"):
        return False  # /api takes no cookie, so there is nothing to ride on
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc != request.headers.get("host")


def _refusal(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"reason": reason}, status_code=status)

"""What every answer of the public edge carries, and how much it will read."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The interactive API description brings scripts of its own; it is for developers only.
DOCS = "/docs"


class BodyLimit:
    """Refuses a body over the limit with 413 before anything parses it."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self.app = app
        self.limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdigit() and int(declared) > self.limit_bytes:
            await too_large()(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.limit_bytes:
                await too_large()(scope, receive, send)
                return
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        delivered = False

        async def replay() -> Message:
            nonlocal delivered
            if delivered:
                return await receive()
            delivered = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self.app(scope, replay, send)


def too_large() -> Response:
    """The 413 answer."""
    return JSONResponse({"reason": "内容太长了，请分几条发。"}, status_code=413)


class SecurityHeaders:
    """Content policy, no sniffing, no framing, no referrer; CORS only for named widget origins."""

    def __init__(self, app: ASGIApp, widget_origins: Sequence[str] = ()) -> None:
        self.app = app
        self.widget_origins = frozenset(widget_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "")
        allowed = origin in self.widget_origins

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"] != DOCS:
                    headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers.setdefault("Cache-Control", "no-store")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Vary"] = "Origin"
                    headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                    headers["Access-Control-Allow-Methods"] = "GET, POST"
            await send(message)

        if allowed and scope["method"] == "OPTIONS":
            await Response(status_code=204)(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

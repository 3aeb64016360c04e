"""The action server: Rasa calls it on loopback, with a token; everything else is refused.

FastAPI around rasa_sdk's executor. The body may be deflated, as Rasa does on request.
"""

from __future__ import annotations

import hmac
import json
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)

from actions import (
    anonymous,
    declaration,
    handoff,
    questions,
    reading,
    safety,
    screening,
    smalltalk,
    status,
)
from actions.base import TopicAction
from actions.wording import words
from foundation import clock, health
from foundation.logging import get_logger
from foundation.runtime import Runtime
from knowledge import answers
from rules import regions
from rules.screening import screen

log = get_logger("actions.server")

#: A tracker of forty events is about 60 kB.
MAX_BODY = 8 * 1024 * 1024

ACTIONS: tuple[type[TopicAction], ...] = (
    screening.ActionScreen,
    screening.ActionInform,
    declaration.ActionDeclare,
    declaration.ActionReportForOther,
    questions.ActionAnswer,
    status.ActionStatus,
    status.ActionUpdateCase,
    status.ActionWithdrawCase,
    handoff.ActionHandoff,
    safety.ActionSafety,
    smalltalk.ActionSmalltalk,
    smalltalk.ActionNotUnderstood,
)


class BadBody(ValueError):
    """The body is not a JSON object, or too large."""


def executor(runtime: Runtime, actions: Iterable[type[TopicAction]] = ACTIONS) -> ActionExecutor:
    """All actions, registered with this runtime."""
    registry = ActionExecutor()
    for action in actions:
        registry.register_action(action(runtime))
    return registry


def create_app(runtime: Runtime) -> FastAPI:
    """The app served on 127.0.0.1. Needs `runtime.settings.actions_token`."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warm_up()
        yield

    app = FastAPI(
        title="问助动作服务", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    registry = executor(runtime)
    app.include_router(health.router(runtime))

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        if not _allowed(request, runtime.settings.actions_token):
            return JSONResponse({"error": "token"}, status_code=401)
        try:
            call = _decode(await request.body(), request.headers.get("content-encoding", ""))
        except BadBody as bad:
            return JSONResponse({"error": str(bad)}, status_code=400)
        # Rasa leaves the domain out (endpoints.yml) because no action of ours reads it, but the
        # SDK answers 449 to a call without one.
        call["domain"] = call.get("domain") or {"version": "3.1"}
        try:
            result = await registry.run(call)
        except ActionExecutionRejection as refusal:
            return _failure(400, refusal.action_name, "rejected")
        except ActionNotFoundException as unknown:
            return _failure(404, unknown.action_name, "unknown action")
        except ActionMissingDomainException as missing:
            return _failure(449, missing.action_name, "domain needed")
        except (KeyError, TypeError, ValueError) as broken:
            log.error("action call could not be read", error=type(broken).__name__)
            return _failure(400, str(call.get("next_action", "")), "unreadable call")
        return JSONResponse(result.model_dump() if result else None)

    return app


def warm_up() -> None:
    """Read words, places, parameters and content once, so that the first resident does not wait."""
    words()
    reading.lexicon()
    anonymous.warm()
    regions.find("重庆市忠县")
    today = clock.today()
    screen({"household_size": 1}, "500233", today)
    answers.answer("ask_materials", "dibao", "500233", today)


def _allowed(request: Request, token: str) -> bool:
    """`Authorization: Bearer …`, or `?token=…` as Rasa's endpoint configuration sends it."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    given = bearer or request.query_params.get("token", "")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def _decode(body: bytes, encoding: str) -> dict[str, Any]:
    """The JSON object of a plain or deflated body. Raises BadBody."""
    if len(body) > MAX_BODY:
        raise BadBody("too large")
    try:
        if encoding == "deflate":
            inflater = zlib.decompressobj()
            body = inflater.decompress(body, MAX_BODY)
            if inflater.unconsumed_tail:
                raise BadBody("too large")
        data = json.loads(body)
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadBody("not JSON") from error
    if not isinstance(data, dict):
        raise BadBody("not an object")
    return data


def _failure(status_code: int, action: str, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason, "action_name": action}, status_code=status_code)

"""The web chat: JSON for scripts and the component, plain forms where there is no script.

A conversation belongs to whoever holds its token (256 bits, stored only as a keyed hash). The
component keeps it in the browser; the plain page keeps it in an HttpOnly cookie.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.exc import SQLAlchemyError

from channels.gateway import Gateway
from channels.limits import limited
from channels.messages import Incoming, Refused
from channels.ownership import NOT_FOUND
from channels.pages import templates
from channels.watch import Watcher
from conversations import identity
from foundation.database import DatabaseBusy

COOKIE = "wenzhu_chat"
# also of buttons, which we gave out ourselves
OPAQUE = r"^[A-Za-z0-9_-]+$"
IDENTIFIER = Field(min_length=1, max_length=64, pattern=OPAQUE)
HEARTBEAT_SECONDS = 15.0

router = APIRouter(prefix="/chat", tags=["居民聊天"])


class NewConversation(BaseModel):
    """Body of `POST /chat/conversations`; `link` continues a conversation of another channel."""

    model_config = ConfigDict(extra="forbid")
    link: str | None = Field(default=None, max_length=100)


class NewMessage(BaseModel):
    """One message of a resident. The same `client_message_id` never has a second effect."""

    model_config = ConfigDict(extra="forbid")
    client_message_id: Annotated[str, IDENTIFIER]
    text: str | None = Field(default=None, max_length=20_000)
    button: str | None = Field(default=None, max_length=64, pattern=OPAQUE)

    @model_validator(mode="after")
    def _one_content(self) -> NewMessage:
        if (self.text is None) == (self.button is None):
            raise ValueError("text 和 button 二选一，只能有一个")
        return self


def gateway_of(request: Request) -> Gateway:
    """The process's gateway."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def _gateway(request: Request) -> Gateway:
    return gateway_of(request)  # not `gateway_of` itself: FastAPI would start a thread for it


GatewayDep = Annotated[Gateway, Depends(_gateway)]


async def owned_conversation(
    conversation_id: str,
    gateway: GatewayDep,
    authorization: Annotated[str, Header()] = "",
) -> str:
    """The conversation's id, if the bearer token opens it. Wrong and absent look the same."""
    token = authorization.removeprefix("Bearer ").strip()
    if await gateway.ownership.of(token) == conversation_id:
        return conversation_id
    raise Refused(404, NOT_FOUND)


OwnedConversation = Annotated[str, Depends(owned_conversation)]


@router.post("/conversations", status_code=201, dependencies=[Depends(limited("open"))])
def open_conversation(gateway: GatewayDep, body: NewConversation | None = None) -> dict[str, Any]:
    """Start a conversation: `{conversation_id, token, messages}`. The token is shown only here."""
    started = gateway.open_web(link=body.link if body else None)
    return {
        "conversation_id": started.conversation.id,
        "token": started.token,
        "messages": gateway.messages(started.conversation.id, after=0),
    }


@router.post("/conversations/{conversation_id}/messages", dependencies=[Depends(limited("say"))])
def post_message(
    conversation: OwnedConversation, body: NewMessage, gateway: GatewayDep
) -> dict[str, Any]:
    """Say something; the answer is `{messages: [{id, text, buttons, sources, asking}]}`.

    422 when the id was used for another text; `held: true` when a person holds the chat.
    """
    turn = gateway.receive(
        Incoming(
            channel="web",
            conversation_id=conversation,
            update_id=f"{conversation}:{body.client_message_id}",
            text=body.text,
            button=body.button,
        )
    )
    return {"messages": turn.messages, "held": turn.held, "pending": turn.pending}


@router.get("/conversations/{conversation_id}/messages")
def list_messages(
    conversation: OwnedConversation,
    gateway: GatewayDep,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> dict[str, Any]:
    """Everything said after the message number `after`, by all sides."""
    return {"messages": gateway.messages(conversation, after=after, everyone=True)}


@router.get("/conversations/{conversation_id}/events")
async def events(
    request: Request,
    conversation: OwnedConversation,
    gateway: GatewayDep,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> StreamingResponse:
    """Server-sent events: each new message of the bot or a caseworker as one `data:` line.

    A browser that opens the stream again says in `Last-Event-ID` how far it came.
    """
    watcher: Watcher = request.app.state.watcher
    if re.fullmatch(r"[0-9]{1,9}", last_event_id):
        after = max(after, int(last_event_id))
    return StreamingResponse(
        _stream(request, gateway, watcher, conversation, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(
    request: Request, gateway: Gateway, watcher: Watcher, conversation: str, after: int
) -> AsyncIterator[str]:
    with watcher.subscribe(conversation) as news:
        while not await request.is_disconnected():
            news.clear()
            found = await asyncio.to_thread(gateway.messages, conversation, after=after)
            for message in found:
                after = max(after, message["seq"])
                yield f"id: {message['seq']}\ndata: {json.dumps(message, ensure_ascii=False)}\n\n"
            try:
                await asyncio.wait_for(news.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"


page_router = APIRouter(include_in_schema=False)


def _from_cookie(request: Request, gateway: Gateway) -> str | None:
    with gateway.runtime.database.read() as session:
        found = identity.by_token(session, gateway.runtime.cipher, request.cookies.get(COOKIE, ""))
    return found.id if found else None


def _page(
    request: Request, messages: list[dict[str, Any]], problem: str = "", status: int = 200
) -> HTMLResponse:
    return templates.TemplateResponse(
        request,
        "page.html",
        {
            "messages": messages,
            "problem": problem,
            "text_message_id": secrets.token_urlsafe(12),
            "button_message_id": secrets.token_urlsafe(12),
        },
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )


def problem_page(request: Request, status: int, reason: str) -> HTMLResponse | None:
    """A refusal on the page, under what was said so far; None for requests of scripts."""
    if request.url.path not in ("/", "/chat/form"):
        return None
    said: list[dict[str, Any]] = []
    gateway = gateway_of(request)
    with suppress(SQLAlchemyError, DatabaseBusy):  # without it the page still says what is wrong
        conversation = _from_cookie(request, gateway)
        if conversation is not None:
            said = gateway.messages(conversation, after=0, everyone=True)
    return _page(request, said, reason, status)


@page_router.get("/")
def page(request: Request, gateway: GatewayDep) -> HTMLResponse:
    """The chat page; with script the component takes over, without it the forms work."""
    conversation = _from_cookie(request, gateway)
    if conversation:
        return _page(request, gateway.messages(conversation, after=0, everyone=True))
    return _page(request, [])


@page_router.post("/chat/form", response_model=None, dependencies=[Depends(limited("say"))])
def say_by_form(
    request: Request,
    gateway: GatewayDep,
    client_message_id: Annotated[str, Form(max_length=64, pattern=OPAQUE)],
    text: Annotated[str, Form(max_length=20_000)] = "",
    button: Annotated[str, Form(max_length=64, pattern=OPAQUE)] = "",
) -> HTMLResponse | RedirectResponse:
    """One message from the page without script, then back to the page."""
    conversation = _from_cookie(request, gateway)
    answer = RedirectResponse("/#end", status_code=303)
    if conversation is None:
        started = gateway.open_web()
        conversation = started.conversation.id
        answer.set_cookie(
            COOKIE,
            started.token,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
            max_age=7 * 24 * 3600,
        )
    try:
        gateway.receive(
            Incoming(
                channel="web",
                conversation_id=conversation,
                update_id=f"{conversation}:{client_message_id}",
                text=None if button else text,
                button=button or None,
            )
        )
    except Refused as refusal:
        shown = gateway.messages(conversation, after=0, everyone=True)
        page = _page(request, shown, refusal.reason, refusal.status)
        page.raw_headers += [pair for pair in answer.raw_headers if pair[0] == b"set-cookie"]
        return page
    return answer

"""Telegram: updates into the inbox before the offset moves; `telegram_api` sends the replies."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy import update as sql_update
from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import BadRequest, InvalidToken, TelegramError

from channels.gateway import Accepted, Gateway
from channels.messages import Incoming, Refused
from channels.telegram_api import ALLOWED, BLOCKED, Client, pause
from conversations import identity, inbox, outbox, thread
from conversations.errors import ReusedMessageId
from conversations.models import Author, OutboxMessage
from foundation import clock
from foundation.database import DatabaseBusy
from foundation.leases import JobState
from foundation.logging import get_logger
from foundation.runtime import Runtime
from foundation.settings import Settings

log = get_logger("channels.telegram")
CHATS_AT_ONCE = 16
TRIES = 5
MISCONFIGURED_SECONDS = 60
# Messages that Telegram writes itself; nobody waits for an answer to them.
SERVICE = (
    "boost_added",
    "chat_background_set",
    "connected_website",
    "message_auto_delete_timer_changed",
    "pinned_message",
    "write_access_allowed",
)


class Unreadable(ValueError):
    """What came is no update; nothing was stored."""


class Updates:
    """Turns updates into inbox rows, and works through them chat by chat, in order."""

    def __init__(self, runtime: Runtime, gateway: Gateway, bot: Client) -> None:
        self._runtime = runtime
        self._gateway = gateway
        self.bot = bot
        # Another bot of ours may give the same numbers to other updates.
        self._bot_id = runtime.settings.telegram_bot_token.partition(":")[0]
        self._waiting: dict[str, deque[Accepted]] = defaultdict(deque)
        self._tasks: set[asyncio.Task[None]] = set()
        # Turns wait for the engine; in threads of their own they cannot hold up the web chat.
        self._threads = ThreadPoolExecutor(CHATS_AT_ONCE, thread_name_prefix="telegram")

    async def run(self) -> None:
        """Poll until cancelled, or tell Telegram where to post; an outage is waited out."""
        settings = self._runtime.settings
        await self._until_done(self.bot.initialize)
        if settings.telegram_mode == "webhook":
            await self._until_done(
                lambda: self.bot.set_webhook(
                    f"{settings.public_base_url.rstrip('/')}/telegram/webhook",
                    secret_token=settings.telegram_webhook_secret,
                    allowed_updates=ALLOWED,
                )
            )
            return
        await self._until_done(self.bot.delete_webhook)
        await self._poll()

    async def close(self) -> None:
        """Let running turns end, shortly; the others wait in the inbox for the next process."""
        for waiting in self._waiting.values():
            while len(waiting) > 1:
                waiting.pop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _until_done(self, call: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await call()
                return
            except TelegramError as problem:
                log.error("telegram not ready", problem=type(problem).__name__)
                ours = isinstance(problem, BadRequest | InvalidToken)  # waiting will not help
                await asyncio.sleep(MISCONFIGURED_SECONDS if ours else pause(problem))

    async def _poll(self) -> None:
        """The offset moves only past updates that are committed."""
        offset: int | None = None
        tries: dict[int, int] = defaultdict(int)
        while True:
            try:
                for raw in await self.bot.raw_updates(offset):
                    number = int(raw["update_id"])
                    tries[number] += 1
                    await self._take_polled(raw, number, tries[number])
                    offset = number + 1
                    tries.clear()
            except TelegramError as problem:
                log.warning("telegram poll failed", problem=type(problem).__name__)
                await asyncio.sleep(pause(problem))
            except Exception as problem:  # noqa: BLE001 - the update stays with Telegram
                log.warning("update not stored", problem=type(problem).__name__)
                await asyncio.sleep(pause(problem))

    async def _take_polled(self, raw: dict[str, Any], number: int, tries: int) -> None:
        """As `take`, but passes over what can never be stored: it would stop everybody's chat."""
        try:
            await self.take(raw)
        except Unreadable:
            log.error("update not readable", update_id=number)
        except (SQLAlchemyError, DatabaseBusy):
            raise  # our database is away: however long that takes, nothing is passed over
        except Exception as problem:
            if tries < TRIES:
                raise
            log.error("update given up", update_id=number, problem=type(problem).__name__)

    # ---- one update -------------------------------------------------------------------------
    async def take(self, raw: Any) -> None:
        """Commit one update; its answer follows in the background, in the chat's order.

        Raises `Unreadable`, and whatever the database raises.
        """
        update, content = self._read(raw)
        if update.callback_query is not None:
            self._in_background(self._acknowledge(update.callback_query.id))
        if content is None:
            return
        accepted = await asyncio.to_thread(self._commit, update, content)
        if accepted is None:
            return
        waiting = self._waiting[accepted.row.conversation_id]
        waiting.append(accepted)
        if len(waiting) == 1:
            self._in_background(self._work_through(waiting))

    def _read(self, raw: Any) -> tuple[Update, dict[str, Any] | None]:
        if not isinstance(raw, dict) or type(raw.get("update_id")) is not int:
            raise Unreadable("no update_id")
        try:
            update = Update.de_json(raw, self.bot)
            return update, _content(update)
        except Exception as problem:  # noqa: BLE001 - the library checks nothing: any kind comes out
            raise Unreadable(type(problem).__name__) from None

    def _commit(self, update: Update, content: dict[str, Any]) -> Accepted | None:
        """What is to be answered; None when nothing is."""
        conversation_id = self._conversation(update)
        incoming = Incoming("telegram", conversation_id, self._update_id(update), **content)
        try:
            accepted = self._gateway.accept(incoming)
        except Refused as refusal:
            self._refuse(incoming, refusal.reason)
            return None
        # no lease: a repeat, whose answer is given or under way
        return accepted if accepted.lease_id is not None else None

    def _update_id(self, update: Update) -> str:
        album = update.message.media_group_id if update.message is not None else None
        # ten photos sent as one album are one message to answer
        return f"{self._bot_id}:{f'album:{album}' if album else update.update_id}"

    def _conversation(self, update: Update) -> str:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or {type(chat.id), type(user.id)} != {int}:
            raise Unreadable("nobody wrote this")
        with self._runtime.database.write() as session:
            conversation_id = identity.open_for(
                session,
                self._runtime.cipher,
                channel=identity.TELEGRAM,
                user_id=str(user.id),
                peer=str(chat.id),
            ).id
            # Who writes has unblocked us: what waited for that goes out now.
            session.execute(
                sql_update(OutboxMessage)
                .where(
                    OutboxMessage.conversation_id == conversation_id,
                    OutboxMessage.state == JobState.RETRY,
                    OutboxMessage.last_error == BLOCKED,
                    OutboxMessage.lease_id.is_(None),
                )
                .values(due_at=clock.now())
            )
            return conversation_id

    def _refuse(self, incoming: Incoming, reason: str) -> None:
        """Answer an unacceptable message with the reason: once, and as surely as any answer."""
        cipher = self._runtime.cipher
        with suppress(ReusedMessageId), self._runtime.database.write() as session:
            row, created = inbox.accept(
                session,
                cipher,
                channel=incoming.channel,
                update_id=incoming.update_id,
                conversation_id=incoming.conversation_id,
                body={"refused": reason},
            )
            if created:
                said = thread.append(
                    session,
                    cipher,
                    conversation_id=incoming.conversation_id,
                    author=Author.SYSTEM,  # also when a person holds the chat
                    text=reason,
                    inbox_id=row.id,
                )
                outbox.enqueue(session, said)
                inbox.done(session, row, row.lease_id)

    async def _work_through(self, waiting: deque[Accepted]) -> None:
        """Answer a chat's messages one after the other, on one thread at most."""
        loop = asyncio.get_running_loop()
        conversation_id = waiting[0].row.conversation_id
        while waiting:
            try:
                await loop.run_in_executor(self._threads, self._gateway.answer, waiting[0])
            except Exception as problem:  # noqa: BLE001 - it is in the inbox, for the dispatcher
                log.warning("turn failed", problem=type(problem).__name__)
            waiting.popleft()
        del self._waiting[conversation_id]

    async def _acknowledge(self, callback_query_id: str) -> None:
        try:
            await self.bot.answer_callback_query(callback_query_id)
        except TelegramError as problem:  # only the little clock on the button stays
            log.info("callback not acknowledged", problem=type(problem).__name__)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _content(update: Update) -> dict[str, Any] | None:
    """What an update says, as fields of `Incoming`; None for what needs no answer."""
    chat, message = update.effective_chat, update.message
    if chat is None or chat.type != chat.PRIVATE or update.effective_user is None:
        return None  # groups would show one resident's hardship to others
    if update.callback_query is not None:
        value = update.callback_query.data or ""
        return {"button": value if re.fullmatch(r"[\w-]{1,64}", value, re.ASCII) else "unknown"}
    if update.edited_message is not None:
        # a live location "edits" itself every few seconds
        text: object = update.edited_message.text
        if text is not None and not isinstance(text, str):
            raise Unreadable("text is no text")
        return {"text": text, "edited": True} if text else None
    if message is None or any(getattr(message, name) is not None for name in SERVICE):
        return None
    return {"text": _without_start(message.text)} if message.text else {"media": "other"}


def _without_start(text: str) -> str:
    """Telegram opens every chat with `/start`: that is a greeting."""
    return "你好" if text.strip().split("@")[0].split()[0:1] == ["/start"] else text


# ---- webhook --------------------------------------------------------------------------------
router = APIRouter(include_in_schema=False)


@router.post("/telegram/webhook", response_model=None)
async def webhook(
    request: Request,
    x_telegram_bot_api_secret_token: Annotated[str, Header()] = "",
) -> JSONResponse:
    """One update; answered only after it is committed, so that Telegram repeats a lost one."""
    settings: Settings = request.app.state.gateway.runtime.settings
    if settings.telegram_mode != "webhook":
        return JSONResponse({"reason": "没有这个地址。"}, status_code=404)
    expected = settings.telegram_webhook_secret
    if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), expected.encode()):
        return JSONResponse({"reason": "密钥不对。"}, status_code=401)
    updates: Updates = request.app.state.telegram
    unreadable = JSONResponse({"reason": "看不懂这个更新。"}, status_code=400)
    try:
        raw = await request.json()
    except (ValueError, RecursionError):  # not JSON, or nested too deep
        return unreadable
    try:
        await updates.take(raw)
    except Unreadable:
        return unreadable
    except (SQLAlchemyError, DatabaseBusy) as problem:
        log.warning("update not stored", problem=type(problem).__name__)
        return JSONResponse({"reason": "请稍后再发。"}, status_code=503)
    return JSONResponse({"ok": True})

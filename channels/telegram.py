"""Telegram: updates into the inbox before the offset moves, replies out of the outbox.

Uses python-telegram-bot's `Bot` only. Its own updater queues in memory and confirms updates to
Telegram before they are processed, which loses messages when the process is killed.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from channels.dispatcher import SendFailed
from channels.gateway import Gateway, Refused
from channels.messages import Incoming
from conversations import identity, thread
from foundation.logging import get_logger
from foundation.runtime import Runtime
from foundation.settings import Settings

log = get_logger("channels.telegram")
LONG_POLL_SECONDS = 20
BATCH = 50
MAX_TEXT = 4096  # Telegram's limit for one message
ALLOWED = ["message", "edited_message", "callback_query"]


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Bot]:
    """The Bot API client; `telegram_base_url` may point to another server that speaks it."""
    base = settings.telegram_base_url.rstrip("/")
    # The long poll must not hold up sends: two connection pools.
    async with Bot(
        settings.telegram_bot_token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=8),
        get_updates_request=HTTPXRequest(read_timeout=LONG_POLL_SECONDS + 10),
    ) as bot:
        yield bot


async def register_webhook(bot: Bot, settings: Settings) -> None:
    """Tell Telegram where to post. Raises `TelegramError`."""
    await bot.set_webhook(
        f"{settings.public_base_url.rstrip('/')}/telegram/webhook",
        secret_token=settings.telegram_webhook_secret,
        allowed_updates=ALLOWED,
    )


class Updates:
    """Turns updates into inbox rows, and works through them chat by chat, in order."""

    def __init__(self, runtime: Runtime, gateway: Gateway, bot: Bot) -> None:
        self._runtime = runtime
        self._gateway = gateway
        self.bot = bot
        self._working: set[asyncio.Task[None]] = set()

    async def poll(self) -> None:
        """Long-poll until cancelled. The offset moves only past updates that are committed."""
        offset: int | None = None
        await self._until_done(self.bot.delete_webhook)
        while True:
            try:
                updates = await self.bot.get_updates(
                    offset=offset,
                    limit=BATCH,
                    timeout=LONG_POLL_SECONDS,
                    allowed_updates=ALLOWED,
                )
                for update in updates:
                    await self.take(update)
                    offset = update.update_id + 1
            except TelegramError as problem:
                log.warning("telegram poll failed", problem=type(problem).__name__)
                await asyncio.sleep(_pause(problem))
            except Exception as problem:  # noqa: BLE001 - our database is away: the update stays with Telegram
                log.warning("update not stored", problem=type(problem).__name__)
                await asyncio.sleep(2)

    async def _until_done(self, call: Any) -> None:
        while True:
            try:
                await call()
                return
            except TelegramError as problem:
                log.warning("telegram not reachable", problem=type(problem).__name__)
                await asyncio.sleep(_pause(problem))

    async def take(self, update: Update) -> None:
        """Commit one update; its answer follows in the background, in the chat's order."""
        incoming = await asyncio.to_thread(self._incoming, update)
        if incoming is None:
            return
        try:
            await asyncio.to_thread(self._gateway.accept, incoming)
        except Refused as refusal:
            await self._say_plainly(update, refusal.reason)
            return
        finally:
            await self._acknowledge(update)
        task = asyncio.create_task(self._answer(incoming))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _answer(self, incoming: Incoming) -> None:
        try:
            await asyncio.to_thread(self._gateway.receive, incoming)
        except Exception as problem:  # noqa: BLE001 - the row is in the inbox: the dispatcher takes it up
            log.warning("turn failed", problem=type(problem).__name__)

    def _incoming(self, update: Update) -> Incoming | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None or chat.type != chat.PRIVATE:
            return None  # groups would show one resident's hardship to others
        with self._runtime.database.write() as session:
            conversation = identity.open_for(
                session,
                self._runtime.cipher,
                channel=identity.TELEGRAM,
                user_id=str(user.id),
                peer=str(chat.id),
            )
        content: dict[str, Any]
        if update.callback_query is not None:
            content = {"button": update.callback_query.data or ""}
        elif update.edited_message is not None:
            content = {"text": update.edited_message.text or "（改过的消息）", "edited": True}
        elif update.message is not None and update.message.text:
            content = {"text": _without_start(update.message.text)}
        else:
            content = {"media": "other"}
        return Incoming("telegram", conversation.id, str(update.update_id), **content)

    async def _acknowledge(self, update: Update) -> None:
        if update.callback_query is None:
            return
        try:
            await self.bot.answer_callback_query(update.callback_query.id)
        except TelegramError as problem:  # only the little clock on the button stays
            log.info("callback not acknowledged", problem=type(problem).__name__)

    async def _say_plainly(self, update: Update, reason: str) -> None:
        if update.effective_chat is None:
            return
        try:
            await self.bot.send_message(update.effective_chat.id, reason)
        except TelegramError as problem:
            log.warning("refusal not delivered", problem=type(problem).__name__)


def _without_start(text: str) -> str:
    """Telegram opens every chat with `/start`: that is a greeting."""
    return "你好" if text.strip().split("@")[0].split()[0:1] == ["/start"] else text


class TelegramSender:
    """Sends thread messages as plain text with an inline keyboard of opaque values."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, peer: str, message: thread.Message) -> str | None:
        """Return Telegram's message id. Raises `SendFailed`."""
        keyboard = [
            [InlineKeyboardButton(button["label"], callback_data=button["value"])]
            for button in message.buttons
        ]
        try:
            sent = await self._bot.send_message(
                int(peer),
                _with_sources(message)[:MAX_TEXT],
                reply_markup=InlineKeyboardMarkup(keyboard) if keyboard else None,
            )
        except RetryAfter as problem:
            raise SendFailed("too_many", _pause(problem)) from None
        except Forbidden:
            raise SendFailed("blocked_by_resident", 3600) from None
        except BadRequest:
            raise SendFailed("refused", 600) from None
        except NetworkError:
            raise SendFailed("network") from None
        except TelegramError:
            raise SendFailed("telegram") from None
        return str(sent.message_id)


def _with_sources(message: thread.Message) -> str:
    if not message.sources:
        return message.text
    lines = [
        " · ".join(str(part) for part in (source.get("title"), source.get("clause")) if part)
        for source in message.sources
    ]
    return "\n".join([message.text, "", "依据：", *lines])


def _seconds(wait: Any) -> float:
    """python-telegram-bot gives a number or a timedelta, depending on its own settings."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _pause(problem: TelegramError) -> float:
    if isinstance(problem, RetryAfter):
        return _seconds(problem.retry_after)
    return 2.0


router = APIRouter(include_in_schema=False)


@router.post("/telegram/webhook", response_model=None)
async def webhook(
    request: Request,
    x_telegram_bot_api_secret_token: Annotated[str, Header()] = "",
) -> JSONResponse:
    """One update; answered only after it is committed, so that Telegram repeats a lost one."""
    runtime: Runtime = request.app.state.gateway.runtime
    settings = runtime.settings
    if settings.telegram_mode != "webhook":
        return JSONResponse({"reason": "没有这个地址。"}, status_code=404)
    expected = settings.telegram_webhook_secret
    if not hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), expected.encode()):
        return JSONResponse({"reason": "密钥不对。"}, status_code=401)
    updates: Updates = request.app.state.telegram
    try:
        update = Update.de_json(await request.json(), updates.bot)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JSONResponse({"reason": "看不懂这个更新。"}, status_code=400)
    if update is None:
        return JSONResponse({"reason": "看不懂这个更新。"}, status_code=400)
    await updates.take(update)
    return JSONResponse({"ok": True})

"""The Bot API as we use it: raw updates in, thread messages out.

Uses python-telegram-bot's `Bot` only. Its own updater queues in memory and confirms updates to
Telegram before they are processed, which loses messages when the process is killed.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from channels.dispatcher import SENDS_AT_ONCE, SendFailed
from conversations import thread
from foundation.settings import Settings

LONG_POLL_SECONDS = 20
BATCH = 50
PAUSE_SECONDS = 2.0
MAX_TEXT = 4096  # Telegram's limit for one message, in UTF-16 units
ALLOWED = ["message", "edited_message", "callback_query"]
BLOCKED = "blocked_by_resident"
BLOCKED_SECONDS = 3600
# The library's coming default; the old one warns at every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class Client(Bot):
    """The Bot API calls we make; updates come raw, so that an odd one does not spoil the rest."""

    async def raw_updates(self, offset: int | None) -> list[dict[str, Any]]:
        """Long-poll once. An offset confirms, and so deletes, everything below it."""
        asked = {
            "offset": offset,
            "limit": BATCH,
            "timeout": LONG_POLL_SECONDS,
            "allowed_updates": ALLOWED,
        }
        return list(
            await self._post("getUpdates", asked, read_timeout=float(LONG_POLL_SECONDS + 10))
        )


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Client]:
    """The Bot API client; `telegram_base_url` may point to another server that speaks it.

    Nothing is called yet: the web chat must start while Telegram is out of reach.
    """
    base = settings.telegram_base_url.rstrip("/")
    # The long poll must not hold up sends: two connection pools.
    calls = HTTPXRequest(SENDS_AT_ONCE * 2, read_timeout=15, pool_timeout=10)
    polls = HTTPXRequest(2)
    try:
        yield Client(
            settings.telegram_bot_token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=calls,
            get_updates_request=polls,
        )
    finally:
        await calls.shutdown()
        await polls.shutdown()


class TelegramSender:
    """Sends thread messages as plain text with an inline keyboard of opaque values."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._sent_parts: dict[str, int] = {}  # of messages in several parts, when one failed

    async def send(self, peer: str, message: thread.Message) -> str | None:
        """Return Telegram's id of the (last) message. Raises `SendFailed`."""
        keyboard = [
            [InlineKeyboardButton(button["label"], callback_data=button["value"])]
            for button in message.buttons
        ]
        pieces = parts(_with_sources(message))
        external_id = None
        for number in range(self._sent_parts.pop(message.id, 0), len(pieces)):
            is_last = number == len(pieces) - 1
            markup = InlineKeyboardMarkup(keyboard) if keyboard and is_last else None
            try:
                external_id = await self._send_one(int(peer), pieces[number], markup)
            except SendFailed as problem:
                if number and not problem.final:
                    self._sent_parts[message.id] = number
                raise
        return external_id

    async def _send_one(self, peer: int, text: str, markup: InlineKeyboardMarkup | None) -> str:
        try:
            sent = await self._bot.send_message(
                peer,
                text,
                reply_markup=markup,
                # a preview would have Telegram's servers open the links we send
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except RetryAfter as problem:
            raise SendFailed("too_many", pause(problem)) from None
        except Forbidden:
            raise SendFailed(BLOCKED, BLOCKED_SECONDS) from None
        except BadRequest:  # a NetworkError by class, but the message itself is at fault
            raise SendFailed("refused", final=True) from None
        except NetworkError:
            raise SendFailed("network") from None
        except TelegramError:
            raise SendFailed("telegram") from None
        return str(sent.message_id)


def parts(text: str, limit: int = MAX_TEXT) -> list[str]:
    """The text in pieces Telegram takes, cut at line ends where there are any."""
    pieces, piece, size = [], "", 0
    for line in text.splitlines(keepends=True):
        width = len(line.encode("utf-16-le")) // 2
        if size + width <= limit:
            piece, size = piece + line, size + width
            continue
        if piece.strip():
            pieces.append(piece)
        piece, size = "", 0
        for character in line:
            width = 2 if character > "\uffff" else 1
            if size + width > limit:
                pieces.append(piece)
                piece, size = "", 0
            piece, size = piece + character, size + width
    return [*pieces, piece] if piece.strip() or not pieces else pieces


def _with_sources(message: thread.Message) -> str:
    if not message.sources:
        return message.text
    lines = [
        " · ".join(str(part) for part in (source.get("title"), source.get("clause")) if part)
        for source in message.sources
    ]
    return "\n".join([message.text, "", "依据：", *dict.fromkeys(lines)])


def pause(problem: Exception) -> float:
    """Seconds to wait before the next try: what Telegram asked for, if it did."""
    if not isinstance(problem, RetryAfter):
        return PAUSE_SECONDS
    wait = problem.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)

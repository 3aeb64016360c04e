"""The one client of the dialogue engine. Silence, slowness and errors are one exception."""

from __future__ import annotations

import time
from typing import Any

import httpx2 as httpx

from channels.messages import BotItem
from foundation import metrics


class BotUnavailable(Exception):
    """The engine did not give an answer; `kind` is timeout, error, silence, broken or action.

    `action`: the engine is well, but the action behind it failed and apologised.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(f"the dialogue engine gave no answer: {kind}")
        self.kind = kind


def read_items(raw: list[dict[str, Any]]) -> list[BotItem]:
    """Join the engine's list to whole messages.

    A `custom` entry belongs to the text before it. Raises `BotUnavailable` when no text is left,
    for an empty answer is how the engine reports its own failure, and when the action marked its
    words as an apology: nothing of that turn has happened, so it is asked again.
    """
    if any((entry.get("custom") or {}).get("failed") for entry in raw):
        raise BotUnavailable("action")
    items: list[BotItem] = []
    for entry in raw:
        custom = entry.get("custom") or {}
        text = entry.get("text")
        if text:
            buttons = [
                {"title": str(button["title"]), "payload": str(button["payload"])}
                for button in entry.get("buttons") or []
            ]
            items.append(BotItem(text=str(text), buttons=buttons))
        if custom and items:
            last = items[-1]
            items[-1] = BotItem(
                text=last.text,
                buttons=last.buttons,
                sources=last.sources + list(custom.get("sources") or []),
                asking=custom.get("asking", last.asking),
                choices=bool(custom.get("choices", last.choices)),
                draft=bool(custom.get("draft", last.draft)),
                withheld=bool(custom.get("withheld", last.withheld)),
            )
    if not items:
        raise BotUnavailable("silence")
    return items


class RasaClient:
    """Posts one message and reads one turn; thread-safe, one per process."""

    def __init__(self, url: str, token: str, timeout_seconds: float) -> None:
        self._url = f"{url.rstrip('/')}/webhooks/gateway/webhook"
        self._client = httpx.Client(
            timeout=timeout_seconds, headers={"Authorization": f"Bearer {token}"}
        )

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:
        """Return the bot's messages of this turn. Raises `BotUnavailable`."""
        started = time.monotonic()
        try:
            answer = self._client.post(
                self._url, json={"sender": sender, "message": message, "metadata": metadata}
            )
            answer.raise_for_status()
            return read_items(answer.json())
        except httpx.TimeoutException:
            raise BotUnavailable("timeout") from None
        except httpx.HTTPError:
            raise BotUnavailable("error") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BotUnavailable("broken") from None
        finally:
            metrics.RASA_SECONDS.observe(time.monotonic() - started)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

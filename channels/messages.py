"""The only shapes that cross between a channel adapter and the gateway, and its one refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """An expected refusal at the edge: HTTP status, a sentence for the resident, headers."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Incoming:
    """One update of a channel, already trusted to come from that channel.

    `update_id` is unique per channel and conversation; a repeat has no second effect. Exactly one
    of `text`, `button` (an opaque value we gave out) and `media` (photo, voice, …) is set.
    """

    channel: str
    conversation_id: str
    update_id: str
    text: str | None = None
    button: str | None = None
    media: str | None = None
    edited: bool = False

    def body(self) -> dict[str, Any]:
        """What the inbox keeps, and what a repeat is compared with."""
        return {
            "text": self.text,
            "button": self.button,
            "media": self.media,
            "edited": self.edited,
        }


@dataclass(frozen=True)
class BotItem:
    """One message of a bot turn, before its buttons have been given opaque values.

    `buttons` hold a label and the payload that only the gateway ever sends to the engine. A `draft`
    waits for a person to send it; `withheld` is one that would only be true once something is done.
    """

    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    asking: str | None = None
    choices: bool = False
    draft: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class Turn:
    """What one update led to: the thread messages answering it, oldest first.

    `held` means that a person holds the conversation, so nobody answers automatically.
    """

    messages: list[dict[str, Any]]
    held: bool = False
    pending: bool = False

"""Engines for gateway tests: classes that behave as the dialogue engine may behave."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

from actions import base, turns
from actions.turn import Understanding, Utterance
from actions.wording import words
from channels.messages import BotItem
from channels.rasa_client import BotUnavailable, read_items
from foundation.runtime import Runtime


class EchoEngine:
    """Answers each message with its own text and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.before_answer: Callable[[], None] = lambda: None

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:  # noqa: ARG002
        self.asked.append((message, metadata))
        self.before_answer()
        return [BotItem(f"您说：{message}")]


class ChoosingEngine(EchoEngine):
    """Offers two numbered choices every time."""

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:
        super().ask(sender, message, metadata)
        buttons = [
            {"title": "农村", "payload": '/inform_facts{"hukou": "rural"}'},
            {"title": "城镇", "payload": '/inform_facts{"hukou": "urban"}'},
        ]
        return [BotItem("户口在农村还是城镇？", buttons, asking="hukou", choices=True)]


class BrokenEngine:
    """Fails until `mended`."""

    def __init__(self, kind: str = "timeout") -> None:
        self.kind = kind
        self.mended = False
        self.calls = 0
        self._guard = threading.Lock()

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:  # noqa: ARG002
        with self._guard:
            self.calls += 1
        if not self.mended:
            raise BotUnavailable(self.kind)
        return [BotItem(f"回来了：{message}")]


class DialogueEngine:
    """The real dialogue without Rasa: buttons mean what they say, text is never recognised.

    What an action server answers goes through `read_items`, as it would over HTTP.
    """

    def __init__(self, runtime: Runtime, intent: str = "nlu_fallback") -> None:
        self.runtime = runtime
        self.intent = intent

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:
        pressed = re.fullmatch(r"/(\w+)(\{.*\})?", message) if metadata["button"] else None
        asking = metadata.get("asking")
        understanding = _chosen(pressed) if pressed else self.recognise(message, asking)
        request = turns.Request(
            understanding,
            metadata["conversation_id"],
            metadata["message_id"],
            metadata["channel"],
            sender,
            approval=metadata.get("approval", ""),
        )
        try:
            said = turns.take(self.runtime, request)
        except Exception as problem:  # noqa: BLE001 - as `actions.base.TopicAction.run`
            self.failed(problem)
            said = [base.apology(self.runtime)]
        return read_items([as_rasa_sends_it(utterance) for utterance in said])

    def recognise(self, message: str, asking: str | None) -> Understanding:  # noqa: ARG002
        """What a typed message is taken for while `asking` is the open question."""
        return Understanding(self.intent, message, self.entities(message))

    def entities(self, message: str) -> list[dict[str, Any]]:  # noqa: ARG002
        """What is recognised in a typed message besides what the actions read themselves."""
        return []

    def failed(self, problem: Exception) -> None:
        """For tests that want to know why there was an apology."""

    def close(self) -> None:
        """Nothing to close."""


def _chosen(pressed: re.Match[str]) -> Understanding:
    values = json.loads(pressed[2] or "{}")
    entities = [{"entity": key, "value": value} for key, value in values.items()]
    return Understanding(pressed[1], pressed[0], entities)


def as_rasa_sends_it(utterance: Utterance) -> dict[str, Any]:
    """Text, fixed and own buttons and `custom` of one message."""
    fixed = words().fixed_buttons.get(utterance.response, ())
    buttons = [{"title": title, "payload": payload} for title, payload in fixed]
    custom: dict[str, Any] = {"choices": utterance.choices, **utterance.extra}
    if utterance.sources:
        custom["sources"] = utterance.sources
    return {
        "text": words().render(utterance.response, utterance.values),
        "buttons": buttons + [button.to_json() for button in utterance.buttons],
        "custom": custom,
    }

"""Engines for gateway tests: classes that behave as the dialogue engine may behave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from channels.messages import BotItem
from channels.rasa_client import BotUnavailable


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

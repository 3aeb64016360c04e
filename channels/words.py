"""The few sentences of the edge itself, kept as data so that they can be read and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conversations.buttons import Choice


@cache
def _words() -> dict[str, Any]:
    text = Path(__file__).with_name("words.yml").read_text("utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def say(name: str, **values: str) -> str:
    """The sentence called `name`, filled in. Raises KeyError for an unknown name or placeholder."""
    entry = _words()[name]
    text: str = entry["text"] if isinstance(entry, dict) else entry
    return text.format(**values)


def choices(name: str) -> list[Choice]:
    """The buttons that go with a sentence, if it has any."""
    entry = _words()[name]
    shown = entry.get("buttons", []) if isinstance(entry, dict) else []
    return [Choice(one["label"], one["payload"], one.get("digit")) for one in shown]

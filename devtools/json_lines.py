"""JSON-lines files that people write by hand: a bad line is named, never guessed at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def read_objects(source: Path, shape: str) -> list[tuple[int, dict[str, Any]]]:
    """The objects of a file with their line numbers, each with a usable `id`.

    `shape` says in a refusal what a line looks like. Raises ValueError naming the bad line.
    """
    try:
        lines = source.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise ValueError(f"{source} 不是 UTF-8 文本") from None
    return [
        (number, _object(line, number, shape))
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def _object(line: str, number: int, shape: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError(f"第 {number} 行不是有效的 JSON") from None
    if not isinstance(found, dict):
        raise ValueError(f"第 {number} 行不是 {shape} 这样的对象")
    identifier = found.get("id")
    if not isinstance(identifier, str | int) or not is_text(str(identifier)):
        raise ValueError(f"第 {number} 行的 id 应该是文字或整数")
    return found


def is_text(value: object) -> bool:
    """Whether it is a text that can be written: JSON escapes may stand for half a character."""
    return isinstance(value, str) and not any("\ud800" <= mark <= "\udfff" for mark in value)


def lines_of(objects: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line, Chinese as it is; with half a character in it, as JSON escapes."""
    return "".join(_line(item) + "\n" for item in objects)


def _line(item: dict[str, Any]) -> str:
    readable = json.dumps(item, ensure_ascii=False)
    return readable if is_text(readable) else json.dumps(item)

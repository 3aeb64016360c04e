"""The frozen messages as a model gets to see them, and their two halves."""

from __future__ import annotations

from typing import Any

from devtools.understanding import as_the_model_sees


def asked(gold: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`{id, text}` of each message, personal numbers as tokens, exactly as the gateway does it."""
    return [{"id": row["id"], "text": as_the_model_sees(row["text"])[0]} for row in gold]


def is_sealed(row: dict[str, Any]) -> bool:
    """Whether a row is of the half whose errors nobody read (odd number, see the README)."""
    return int(row["id"].removeprefix("bm")) % 2 == 1

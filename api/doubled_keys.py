"""Keys that an object of a JSON body has twice: JSON readers silently take the last of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import Request

Path = tuple[str | int, ...]


class _Told(dict[str, Any]):
    """An object of the body that remembers which of its keys came more than once."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counted = Counter(key for key, _ in pairs)
        self.doubled = [key for key, count in counted.items() if count > 1]


async def doubled_keys(request: Request) -> list[Path]:
    """The way to each doubled key; [] for a body that is no JSON, which others refuse."""
    try:
        return list(_doubled(json.loads(await request.body(), object_pairs_hook=_Told)))
    except (ValueError, RecursionError):
        return []


def _doubled(body: Any) -> Iterator[Path]:
    waiting: list[tuple[Path, Any]] = [((), body)]
    while waiting:
        way, value = waiting.pop(0)
        if isinstance(value, _Told):
            yield from ((*way, key) for key in value.doubled)
            waiting += [((*way, key), part) for key, part in value.items()]
        elif isinstance(value, list):
            waiting += [((*way, index), part) for index, part in enumerate(value)]

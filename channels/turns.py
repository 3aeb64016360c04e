"""Whose turn it is: messages of one conversation one at a time, the earliest that waits first."""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """One per process; thread-safe. Conversations do not wait for each other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, list[int]] = {}  # positions in the inbox, in order
        self._busy: set[str] = set()

    @contextmanager
    def of(self, conversation_id: str, position: int) -> Iterator[None]:
        """Enter when nobody works on the conversation and no earlier message waits here."""
        with self._changed:
            waiting = self._waiting.setdefault(conversation_id, [])
            insort(waiting, position)
            self._changed.wait_for(
                lambda: conversation_id not in self._busy and waiting[0] == position
            )
            waiting.pop(0)
            if not waiting:
                del self._waiting[conversation_id]
            self._busy.add(conversation_id)
        try:
            yield
        finally:
            with self._changed:
                self._busy.discard(conversation_id)
                self._changed.notify_all()

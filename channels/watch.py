"""Wakes the open event streams of a conversation when its thread has grown.

A caseworker's reply is written by another process, so one cheap query a second looks for new
messages of all conversations at once; the cost does not depend on how many streams are open.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

from conversations import thread
from foundation.logging import get_logger
from foundation.runtime import Runtime

log = get_logger("channels.watch")
PAUSE_SECONDS = 0.7


class Watcher:
    """One per process, running on its event loop."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._open: dict[str, set[asyncio.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def subscribe(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set when the conversation's thread may have grown."""
        news = asyncio.Event()
        self._open[conversation_id].add(news)
        try:
            yield news
        finally:
            self._open[conversation_id].discard(news)
            if not self._open[conversation_id]:
                del self._open[conversation_id]

    def wake(self, conversation_id: str) -> None:
        """Wake its streams now; call on the event loop."""
        for news in self._open.get(conversation_id, ()):
            news.set()

    async def run(self) -> None:
        """Look for news until cancelled; a database outage is waited out."""
        mark = await asyncio.to_thread(self._mark)
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            if not self._open:
                continue
            try:
                changed, mark = await asyncio.to_thread(self._changed, mark)
            except Exception as problem:  # noqa: BLE001 - the database is away: streams stay open meanwhile
                log.warning("thread watch failed", problem=type(problem).__name__)
                continue
            for conversation_id in changed:
                self.wake(conversation_id)

    def _mark(self) -> thread.Mark:
        with self._runtime.database.read() as session:
            return thread.mark(session)

    def _changed(self, since: thread.Mark) -> tuple[set[str], thread.Mark]:
        with self._runtime.database.read() as session:
            return thread.changed_since(session, since)

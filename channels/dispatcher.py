"""Finishes what a crash or an outage left behind, and sends what waits in the outbox.

Runs inside the channels process by default. Any number of dispatchers may run: rows are claimed
under leases, and of one conversation only its oldest open row can be claimed. So conversations are
served side by side and each in its own order; one that waits or fails holds up nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol, TypeVar

from sqlalchemy import func, select

from channels.gateway import Gateway
from conversations import identity, inbox, outbox, thread, vault
from conversations.models import InboxMessage, OutboxMessage, ThreadMessage
from foundation import clock, metrics
from foundation.leases import OPEN_STATES, JobState, LeaseLost
from foundation.logging import get_logger
from foundation.runtime import Runtime

log = get_logger("channels.dispatcher")
PAUSE_SECONDS = 0.5
TURNS_AT_ONCE = 4
# In flight at most, and so sent once more at most after a crash.
SENDS_AT_ONCE = 16
SEND_LEASE = timedelta(seconds=45)
LAST_WORDS_SECONDS = 5.0
MEASURE_SECONDS = 5.0

Row = TypeVar("Row")


class SendFailed(Exception):
    """The channel did not take a message now; `retry_after_seconds` is what it asked for.

    `final`: it never will take this message, and waiting would only hold up the next ones.
    """

    def __init__(self, kind: str, retry_after_seconds: float = 0.0, *, final: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after_seconds = retry_after_seconds
        self.final = final


class Sender(Protocol):
    """Sends one thread message to a peer of its channel; returns the channel's own id for it."""

    async def send(self, peer: str, message: thread.Message) -> str | None: ...


class Dispatcher:
    """`run` until cancelled; an outage of the database is waited out."""

    def __init__(self, runtime: Runtime, gateway: Gateway, senders: Mapping[str, Sender]) -> None:
        self._runtime = runtime
        self._gateway = gateway
        self._senders = senders
        self._news: list[asyncio.Event] = []

    def nudge(self) -> None:
        """There may be something to send now; call on the event loop."""
        for news in self._news:
            news.set()

    async def run(self) -> None:
        """Answer left-over inbox rows and deliver the outbox, over and over."""
        # Turns wait for the engine for seconds: threads of their own, so that sending never waits.
        threads = ThreadPoolExecutor(TURNS_AT_ONCE, thread_name_prefix="dispatcher")

        async def turn(row: InboxMessage) -> None:
            await asyncio.get_running_loop().run_in_executor(
                threads, self._gateway.process_claimed, row
            )

        # What is left over in the inbox becomes due by the clock: nobody needs to nudge for it.
        left_over = self._over_and_over(self._claim_inbox, turn, TURNS_AT_ONCE, asyncio.Event())
        loops = [self._measure(), left_over]
        for channel, sender in self._senders.items():
            claim, send = self._delivery(channel, sender)
            self._news.append(asyncio.Event())
            loops.append(self._over_and_over(claim, send, SENDS_AT_ONCE, self._news[-1]))
        try:
            await asyncio.gather(*loops)
        finally:
            self._news.clear()
            threads.shutdown(wait=False, cancel_futures=True)

    async def once(self) -> bool:
        """One round; True when there was anything to do."""
        rows = await asyncio.to_thread(self._claim_inbox, TURNS_AT_ONCE)
        await asyncio.gather(
            *(asyncio.to_thread(self._gateway.process_claimed, row) for row in rows)
        )
        worked = bool(rows)
        for channel, sender in self._senders.items():
            claim, send = self._delivery(channel, sender)
            sends = await asyncio.to_thread(claim, SENDS_AT_ONCE)
            await asyncio.gather(*(send(row) for row in sends))
            worked = worked or bool(sends)
        return worked

    async def _over_and_over(
        self,
        claim: Callable[[int], Sequence[Row]],
        work: Callable[[Row], Awaitable[None]],
        at_once: int,
        news: asyncio.Event,
    ) -> None:
        """Keep up to `at_once` rows under way; a finished one makes room at once."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                rows: Sequence[Row] = []
                try:
                    if len(under_way) < at_once:
                        rows = await asyncio.to_thread(claim, at_once - len(under_way))
                except Exception as problem:  # noqa: BLE001 - the loop outlives any outage
                    log.warning("dispatch failed", problem=type(problem).__name__)
                under_way |= {asyncio.create_task(_outliving(work, row)) for row in rows}
                if not rows:
                    await _first_of(news, under_way)
                under_way = {task for task in under_way if not task.done()}
        finally:
            if under_way:  # what is on the wire now would be sent twice by the next process
                await asyncio.wait(under_way, timeout=LAST_WORDS_SECONDS)

    async def _measure(self) -> None:
        while True:
            try:
                await asyncio.to_thread(measure, self._runtime)
            except Exception as problem:  # noqa: BLE001 - the loop outlives any outage
                log.warning("queues not measured", problem=type(problem).__name__)
            await asyncio.sleep(MEASURE_SECONDS)

    def _claim_inbox(self, room: int) -> list[InboxMessage]:
        with self._runtime.database.write() as session:
            return inbox.claim_due(session, limit=room)

    # ---- delivery ---------------------------------------------------------------------------
    def _delivery(
        self, channel: str, sender: Sender
    ) -> tuple[Callable[[int], list[OutboxMessage]], Callable[[OutboxMessage], Awaitable[None]]]:
        async def send(row: OutboxMessage) -> None:
            await self._deliver(sender, row)

        def claim(room: int) -> list[OutboxMessage]:
            with self._runtime.database.write() as session:
                return outbox.claim_due(session, channel, limit=room, lease_for=SEND_LEASE)

        return claim, send

    async def _deliver(self, sender: Sender, row: OutboxMessage) -> None:
        loaded = await asyncio.to_thread(self._load, row)
        if loaded is None:
            return
        peer, message = loaded
        try:
            external_id = await sender.send(peer, message)
        except SendFailed as problem:
            metrics.SEND_FAILURES.labels(channel=row.channel, kind=problem.kind).inc()
            await asyncio.to_thread(self._give_back, row, problem)
            return
        await asyncio.to_thread(self._finish, row, external_id)

    def _load(self, row: OutboxMessage) -> tuple[str, thread.Message] | None:
        """Where to and what; None when the chat changed hands meanwhile."""
        cipher = self._runtime.cipher
        with self._runtime.database.read() as session:
            if outbox.deliverable(session, row):
                conversation = identity.get(session, row.conversation_id)
                stored = session.get_one(ThreadMessage, row.thread_message_id)
                message = thread.read(cipher, stored)
                shown = vault.render(session, cipher, row.conversation_id, message.text)
                return identity.peer(cipher, conversation) or "", thread.replaced(message, shown)
        with self._runtime.database.write() as session:
            outbox.withdraw(session, row, row.lease_id)
        return None

    def _finish(self, row: OutboxMessage, external_id: str | None) -> None:
        try:
            with self._runtime.database.write() as session:
                outbox.done(session, row, row.lease_id, external_id)
        except LeaseLost:
            log.info("sent, but another dispatcher had it by then", outbox_id=row.id)

    def _give_back(self, row: OutboxMessage, problem: SendFailed) -> None:
        wait = timedelta(seconds=problem.retry_after_seconds)
        try:
            with self._runtime.database.write() as session:
                if problem.final:
                    state = outbox.give_up(session, row, row.lease_id, problem.kind)
                else:
                    state = outbox.retry(session, row, row.lease_id, problem.kind, not_before=wait)
        except LeaseLost:
            log.info("send given up, another dispatcher has it", outbox_id=row.id)
            return
        if state == JobState.DEAD:
            log.error("reply given up", outbox_id=row.id, kind=problem.kind)


def measure(runtime: Runtime) -> None:
    """Show how long the oldest message waits and how many were given up, for both queues."""
    with runtime.database.read() as session:
        for model, age, dead in (
            (InboxMessage, metrics.INBOX_AGE, metrics.INBOX_DEAD),
            (OutboxMessage, metrics.OUTBOX_AGE, metrics.OUTBOX_DEAD),
        ):
            oldest = session.scalar(
                select(func.min(model.created_at)).where(model.state.in_(OPEN_STATES))
            )
            age.set((clock.now() - oldest).total_seconds() if oldest else 0)
            query = select(func.count()).where(model.state == JobState.DEAD)
            dead.set(session.scalar(query) or 0)


async def _outliving(work: Callable[[Row], Awaitable[None]], row: Row) -> None:
    """Work on one row; when that fails, its lease runs out and it is claimed again."""
    try:
        await work(row)
    except Exception as problem:  # noqa: BLE001 - one row must not end the loop
        log.warning("dispatch failed", problem=type(problem).__name__)


async def _first_of(news: asyncio.Event, under_way: set[asyncio.Task[None]]) -> None:
    """Wait until a row is finished, somebody nudges, or it is time to look anyway."""
    told = asyncio.create_task(news.wait())
    try:
        await asyncio.wait(
            {told, *under_way}, timeout=PAUSE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        told.cancel()
        news.clear()

"""Finishes what a crash or an outage left behind, and sends what waits in the outbox.

Runs inside the channels process by default. Any number of dispatchers may run: rows are claimed
under leases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from channels.gateway import Gateway
from conversations import identity, inbox, outbox, thread, vault
from conversations.models import InboxMessage, OutboxMessage, ThreadMessage
from foundation import metrics
from foundation.leases import LeaseLost
from foundation.logging import get_logger
from foundation.runtime import Runtime

log = get_logger("channels.dispatcher")
PAUSE_SECONDS = 0.5
INBOX_BATCH = 4
SEND_LEASE = timedelta(seconds=30)


class SendFailed(Exception):
    """The channel did not take a message now; `retry_after_seconds` is what it asked for."""

    def __init__(self, kind: str, retry_after_seconds: float = 0.0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.retry_after_seconds = retry_after_seconds


class Sender(Protocol):
    """Sends one thread message to a peer of its channel; returns the channel's own id for it."""

    async def send(self, peer: str, message: thread.Message) -> str | None: ...


class Mailbox:
    """The web chat fetches from the thread itself, so there is nothing to send."""

    async def send(self, peer: str, message: thread.Message) -> str | None:  # noqa: ARG002
        return None


class Dispatcher:
    """`run` until cancelled; an outage of the database is waited out."""

    def __init__(self, runtime: Runtime, gateway: Gateway, senders: Mapping[str, Sender]) -> None:
        self._runtime = runtime
        self._gateway = gateway
        self._senders = senders

    async def run(self) -> None:
        """Answer left-over inbox rows and deliver the outbox, over and over."""
        while True:
            try:
                worked = await self.once()
            except Exception as problem:  # noqa: BLE001 - the loop outlives any outage
                log.warning("dispatch failed", problem=type(problem).__name__)
                worked = False
            if not worked:
                await asyncio.sleep(PAUSE_SECONDS)

    async def once(self) -> bool:
        """One round; True when there was anything to do."""
        rows = await asyncio.to_thread(self._claim_inbox)
        await asyncio.gather(
            *(asyncio.to_thread(self._gateway.process_claimed, row) for row in rows)
        )
        sent = await asyncio.gather(
            *(self._deliver(channel, sender) for channel, sender in self._senders.items())
        )
        return bool(rows) or any(sent)

    def _claim_inbox(self) -> list[InboxMessage]:
        with self._runtime.database.write() as session:
            return inbox.claim_due(session, limit=INBOX_BATCH)

    async def _deliver(self, channel: str, sender: Sender) -> bool:
        row = await asyncio.to_thread(self._claim_outbox, channel)
        if row is None:
            return False
        loaded = await asyncio.to_thread(self._load, row)
        if loaded is None:
            return True
        peer, message = loaded
        try:
            external_id = await sender.send(peer, message)
        except SendFailed as problem:
            metrics.SEND_FAILURES.labels(channel=channel, kind=problem.kind).inc()
            await asyncio.to_thread(self._give_back, row, problem)
            return True
        await asyncio.to_thread(self._finish, row, external_id)
        return True

    def _claim_outbox(self, channel: str) -> OutboxMessage | None:
        with self._runtime.database.write() as session:
            rows = outbox.claim_due(session, channel, limit=1, lease_for=SEND_LEASE)
            return rows[0] if rows else None

    def _load(self, row: OutboxMessage) -> tuple[str, thread.Message] | None:
        """Where to and what; None when the chat changed hands meanwhile."""
        cipher = self._runtime.cipher
        with self._runtime.database.write() as session:
            if not outbox.deliverable(session, row):
                outbox.withdraw(session, row, row.lease_id)
                return None
            conversation = identity.get(session, row.conversation_id)
            stored = session.get_one(ThreadMessage, row.thread_message_id)
            message = thread.read(cipher, stored)
            shown = vault.render(session, cipher, row.conversation_id, message.text)
            return identity.peer(cipher, conversation) or "", thread.replaced(message, shown)

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
                outbox.retry(session, row, row.lease_id, problem.kind, not_before=wait)
        except LeaseLost:
            log.info("send given up, another dispatcher has it", outbox_id=row.id)

"""What the Telegram tests look at and do besides the Bot API itself."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

import channels.app
from conversations import outbox, thread
from conversations.models import Conversation, InboxMessage, OutboxMessage
from foundation import clock
from foundation.leases import JobState
from foundation.runtime import Runtime
from tests.channels.bot_api import SECRET
from tests.channels.engines import EchoEngine

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOOK = "/telegram/webhook"
SIGNED = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def use(engine: EchoEngine, monkeypatch: pytest.MonkeyPatch) -> EchoEngine:
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    return engine


def count(runtime: Runtime, model: type) -> int:
    with runtime.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def settled(runtime: Runtime) -> bool:
    """Whether both queues have come to rest."""
    with runtime.database.read() as session:
        return not any(
            session.scalar(select(func.count()).where(model.state.in_(["new", "retry"])))
            for model in (InboxMessage, OutboxMessage)
        )


def let_leases_run_out(runtime: Runtime) -> None:
    """As if the half minute had passed that a dead process's work is left alone."""
    with runtime.database.write() as session:
        for model in (InboxMessage, OutboxMessage):
            session.execute(update(model).values(due_at=clock.now()))


def staff_says(runtime: Runtime, text: str) -> None:
    """A caseworker's reply, as the staff side stores it."""
    with runtime.database.write() as session:
        conversation = session.scalars(select(Conversation)).one()
        said = thread.append(
            session,
            runtime.cipher,
            conversation_id=conversation.id,
            author="person",
            text=text,
            worker_id="w1",
        )
        outbox.enqueue(session, said)


def finished(runtime: Runtime) -> int:
    with runtime.database.read() as session:
        query = select(func.count()).where(OutboxMessage.state == JobState.DONE)
        return session.scalar(query) or 0


def unsent(runtime: Runtime) -> int:
    """How many replies wait for delivery."""
    with runtime.database.read() as session:
        query = select(func.count()).where(OutboxMessage.state.in_(["new", "retry"]))
        return session.scalar(query) or 0

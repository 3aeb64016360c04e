"""kill -9 in the middle of turns: afterwards every message is answered exactly once."""

import os
import random
import signal
import time
import traceback
from datetime import timedelta

import pytest
import sqlalchemy as sa

from conversations import dialogue, identity, inbox, outbox, thread, vault
from conversations.models import InboxMessage, OutboxMessage, ThreadMessage
from foundation.crypto import Cipher
from foundation.database import Database

#: New messages in front of each worker, so that it is not done before it is killed.
AHEAD = 3
KILLS = 25
LEASE = timedelta(milliseconds=40)


def answer(database: Database, cipher: Cipher, row: InboxMessage) -> None:
    """One turn: question and reply into the thread, reply queued, state counted, message done."""
    with database.write() as session:
        chat = row.conversation_id
        state = dialogue.load(session, cipher, chat)
        text = vault.tokenise(session, cipher, chat, inbox.body(cipher, row)["text"])
        thread.append(
            session, cipher, conversation_id=chat, author="resident", text=text, inbox_id=row.id
        )
        reply = thread.append(
            session,
            cipher,
            conversation_id=chat,
            author="bot",
            text="收到",
            inbox_id=row.id,
            epoch=identity.get(session, chat).epoch,
        )
        outbox.enqueue(session, reply)
        state.data["turns"] = state.data.get("turns", 0) + 1
        dialogue.save(session, cipher, chat, state.data, row.id, [])
        inbox.done(session, row, row.lease_id)


def work(url: str, cipher: Cipher, chat: str, messages: int) -> None:
    """A gateway that gets every message again until it is answered, as channels do."""
    database = Database(url)
    for number in range(messages):
        with database.write() as session:
            row, created = inbox.accept(
                session,
                cipher,
                channel="telegram",
                update_id=str(number),
                conversation_id=chat,
                body={"text": f"第{number}条，电话13800138000"},
                lease_for=LEASE,
            )
        while row.state != "done":
            if created:
                answer(database, cipher, row)
                break
            with database.write() as session:
                for taken in inbox.claim_due(session, lease_for=LEASE):
                    row, created = taken, True
            time.sleep(0.005)
    database.close()


def fork(url: str, cipher: Cipher, chat: str, messages: int) -> int:
    """Start a worker without paying for its imports again; returns its process id."""
    process = os.fork()
    if process:
        return process
    try:
        work(url, cipher, chat, messages)
    except BaseException:  # noqa: BLE001 - a child must not go on as a second pytest
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def seconds_of_one(url: str, cipher: Cipher, chat: str) -> float:
    """How long this machine takes to start a worker and answer one message."""
    started = time.monotonic()
    os.waitpid(fork(url, cipher, chat, 1), 0)
    return time.monotonic() - started


def answered(database: Database) -> int:
    """How many messages are done; leaves no connection open for a fork to inherit."""
    query = sa.select(sa.func.count()).where(InboxMessage.state == "done")
    with database.read() as session:
        count = session.scalar(query) or 0
    database.close()
    return count


@pytest.mark.slow
@pytest.mark.faults
def test_no_message_is_lost_or_answered_twice(
    database_url: str, database: Database, cipher: Cipher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # this many kills in a row must not look like a message that kills its workers
    monkeypatch.setattr(inbox, "MAX_ATTEMPTS", 10 * KILLS)
    with database.write() as session:
        chat = identity.open_for(session, cipher, channel="telegram", user_id="7", peer="7").id
    database.close()
    chance = random.Random(20260302)
    # the moments scale with the machine: on a fast one most workers were done before a fixed one
    one = min(seconds_of_one(database_url, cipher, chat) for _ in range(3))
    killed = 0
    for _ in range(KILLS):
        messages = answered(database) + AHEAD
        process = fork(database_url, cipher, chat, messages)
        time.sleep(chance.uniform(0.2, 1.0) * one)
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        killed += os.WIFSIGNALED(status)
    _, status = os.waitpid(fork(database_url, cipher, chat, messages), 0)
    assert status == 0
    assert killed > KILLS // 2
    assert messages > AHEAD

    with database.read() as session:
        rows = session.scalars(sa.select(InboxMessage).order_by(InboxMessage.position)).all()
        said = session.scalars(sa.select(ThreadMessage).order_by(ThreadMessage.seq)).all()
        queued = session.scalars(sa.select(OutboxMessage)).all()
        state = dialogue.load(session, cipher, chat)
    assert [(row.update_id, row.position, row.state) for row in rows] == [
        (str(number), number + 1, "done") for number in range(messages)
    ]
    assert [(row.seq, row.author) for row in said] == [
        (number + 1, "bot" if number % 2 else "resident") for number in range(2 * messages)
    ]
    assert {row.thread_message_id for row in queued} == {
        row.id for row in said if row.author == "bot"
    }
    assert len(queued) == messages
    assert state.data == {"turns": messages}

"""An update is stored once, answered once, in order, and survives whoever was answering it."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from conversations import inbox
from conversations.errors import ReusedMessageId, UnknownConversation
from conversations.models import InboxMessage
from foundation.crypto import Cipher
from foundation.database import Database, new_id
from foundation.leases import JobState, LeaseLost

BODY = {"text": "我电话13800138000", "n": 1}


def accept(
    database: Database,
    cipher: Cipher,
    chat: str,
    update_id: str,
    body: dict[str, object] | None = None,
) -> tuple[InboxMessage, bool]:
    with database.write() as session:
        return inbox.accept(
            session,
            cipher,
            channel="web",
            update_id=update_id,
            conversation_id=chat,
            body=BODY if body is None else body,
        )


def test_the_same_update_is_stored_once(database: Database, cipher: Cipher, chat: str) -> None:
    first, created = accept(database, cipher, chat, "u1")
    again, created_again = accept(database, cipher, chat, "u1", {"n": 1, "text": BODY["text"]})
    assert (created, created_again) == (True, False)
    assert first.id == again.id
    assert inbox.body(cipher, again) == BODY


def test_an_id_with_another_body_is_refused_and_changes_nothing(
    database: Database, cipher: Cipher, chat: str
) -> None:
    first, _ = accept(database, cipher, chat, "u1")
    with pytest.raises(ReusedMessageId) as refusal:
        accept(database, cipher, chat, "u1", {"text": "别的"})
    assert (refusal.value.channel, refusal.value.update_id) == ("web", "u1")
    with database.read() as session:
        rows = session.scalars(sa.select(InboxMessage)).all()
        assert [(row.id, inbox.body(cipher, row)) for row in rows] == [(first.id, BODY)]


def test_somebody_elses_update_id_is_not_answered_with_their_message(
    database: Database, cipher: Cipher, chat: str, other_chat: str
) -> None:
    accept(database, cipher, chat, "u1")
    with pytest.raises(ReusedMessageId):
        accept(database, cipher, other_chat, "u1")


def test_an_unknown_conversation_is_refused(database: Database, cipher: Cipher) -> None:
    with pytest.raises(UnknownConversation):
        accept(database, cipher, new_id(), "u1")


def test_twenty_copies_at_once_are_one_message(
    database: Database, cipher: Cipher, chat: str
) -> None:
    results: list[tuple[str, bool]] = []
    problems: list[Exception] = []

    def send() -> None:
        try:
            row, created = accept(database, cipher, chat, "u1")
            results.append((row.id, created))
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len({row for row, _ in results}) == 1
    assert sum(created for _, created in results) == 1


def test_the_acceptor_has_the_message_and_the_dispatcher_has_not(
    clock: time_machine.Traveller, database: Database, cipher: Cipher, chat: str
) -> None:
    row, _ = accept(database, cipher, chat, "u1")
    with database.write() as session:
        assert inbox.claim_due(session) == []
    with database.write() as session:
        inbox.done(session, row, row.lease_id)
    clock.shift(timedelta(hours=1))
    with database.write() as session:
        assert inbox.claim_due(session) == []


def test_a_message_whose_acceptor_died_is_taken_over(
    clock: time_machine.Traveller, database: Database, cipher: Cipher, chat: str
) -> None:
    row, _ = accept(database, cipher, chat, "u1")
    lost = row.lease_id
    clock.shift(timedelta(seconds=31))
    with database.write() as session:
        (taken,) = inbox.claim_due(session)
    assert (taken.id, taken.attempts) == (row.id, 2)
    with pytest.raises(LeaseLost), database.write() as session:
        inbox.done(session, row, lost)
    with database.write() as session:
        inbox.done(session, taken, taken.lease_id)


def test_messages_of_one_conversation_are_taken_over_in_order(
    clock: time_machine.Traveller,
    database: Database,
    cipher: Cipher,
    chat: str,
    other_chat: str,
) -> None:
    first, _ = accept(database, cipher, chat, "u1")
    second, _ = accept(database, cipher, chat, "u2", {"text": "二"})
    other, _ = accept(database, cipher, other_chat, "u3", {"text": "三"})
    assert (first.position, second.position, other.position) == (1, 2, 1)
    clock.shift(timedelta(seconds=31))
    with database.write() as session:
        taken = inbox.claim_due(session, limit=10)
    assert {row.id for row in taken} == {first.id, other.id}
    (mine,) = [row for row in taken if row.id == first.id]
    with database.write() as session:
        inbox.done(session, mine, mine.lease_id)
    with database.write() as session:
        assert [row.id for row in inbox.claim_due(session, limit=10)] == [second.id]


def test_a_message_that_always_fails_is_given_up_and_lets_the_next_one_through(
    clock: time_machine.Traveller, database: Database, cipher: Cipher, chat: str
) -> None:
    row, _ = accept(database, cipher, chat, "u1")
    second, _ = accept(database, cipher, chat, "u2", {"text": "二"})
    states = []
    while True:
        with database.write() as session:
            states.append(inbox.retry(session, row, row.lease_id, "Timeout"))
        if states[-1] == JobState.DEAD:
            break
        clock.shift(timedelta(minutes=10))
        with database.write() as session:
            (row,) = inbox.claim_due(session, limit=10)
    assert states == [JobState.RETRY] * (inbox.MAX_ATTEMPTS - 1) + [JobState.DEAD]
    assert row.last_error == "Timeout"
    with database.write() as session:
        assert [item.id for item in inbox.claim_due(session, limit=10)] == [second.id]


def test_a_message_held_by_a_person_is_not_the_dispatchers(
    clock: time_machine.Traveller, database: Database, cipher: Cipher, chat: str
) -> None:
    row, _ = accept(database, cipher, chat, "u1")
    with database.write() as session:
        inbox.held(session, row, row.lease_id)
    clock.shift(timedelta(hours=1))
    with database.write() as session:
        assert inbox.claim_due(session) == []


def test_nothing_said_is_readable_in_the_table(
    database: Database, cipher: Cipher, chat: str
) -> None:
    accept(database, cipher, chat, "u1")
    with database.read() as session:
        stored = repr(session.execute(sa.text("select * from inbox")).all())
    assert "13800138000" not in stored
    assert "电话" not in stored

"""Jobs are claimed once, come back when their worker dies, and end only under their own lease."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from conversations import identity, outbox, thread
from conversations.models import OutboxMessage
from foundation import leases
from foundation.crypto import Cipher
from foundation.database import Database
from foundation.leases import JobState, LeaseLost


@pytest.fixture
def jobs(database: Database, cipher: Cipher) -> list[str]:
    """Six queued messages, each of its own conversation."""
    ids = []
    with database.write() as session:
        for number in range(6):
            conversation = identity.open_for(
                session, cipher, channel="telegram", user_id=str(number), peer=str(number)
            )
            message = thread.append(
                session,
                cipher,
                conversation_id=conversation.id,
                author="bot",
                text="您好",
                epoch=0,
            )
            ids.append(outbox.enqueue(session, message).id)
    return ids


def claim(database: Database, limit: int = 1) -> list[OutboxMessage]:
    with database.write() as session:
        return leases.claim(session, OutboxMessage, limit=limit)


def state(database: Database, job: str) -> str:
    with database.read() as session:
        return session.get_one(OutboxMessage, job).state


def test_a_claimed_job_is_nobody_elses(database: Database, jobs: list[str]) -> None:
    first = claim(database, limit=4)
    second = claim(database, limit=4)
    assert len(first) == 4
    assert {row.id for row in first} | {row.id for row in second} == set(jobs)
    assert claim(database) == []


def test_the_job_of_a_dead_worker_comes_back(
    clock: time_machine.Traveller, database: Database, jobs: list[str]
) -> None:
    lost = claim(database, limit=6)
    clock.shift(timedelta(seconds=29))
    assert claim(database, limit=6) == []
    clock.shift(timedelta(seconds=2))
    again = claim(database, limit=6)
    assert {row.id for row in again} == set(jobs)
    assert {row.attempts for row in again} == {2}
    assert {row.lease_id for row in again}.isdisjoint({row.lease_id for row in lost})


def test_who_lost_the_lease_cannot_finish_and_its_effect_is_undone(
    clock: time_machine.Traveller, database: Database, jobs: list[str]
) -> None:
    (slow,) = claim(database)
    clock.shift(timedelta(seconds=31))
    quick = {row.id: row for row in claim(database, limit=6)}[slow.id]

    def answer_too_late() -> None:
        with database.write() as session:
            session.execute(sa.update(OutboxMessage).values(last_error="effect of the slow one"))
            leases.finish(session, slow, slow.lease_id)

    with pytest.raises(LeaseLost):
        answer_too_late()
    with database.write() as session:
        leases.finish(session, quick, quick.lease_id)
    with database.read() as session:
        row = session.get_one(OutboxMessage, slow.id)
        assert (row.state, row.last_error, row.lease_id) == (JobState.DONE, None, None)


def test_a_finished_job_is_not_finished_twice(database: Database, jobs: list[str]) -> None:
    (row,) = claim(database)
    lease_id = row.lease_id
    with database.write() as session:
        leases.finish(session, row, lease_id)
    with pytest.raises(LeaseLost), database.write() as session:
        leases.finish(session, row, lease_id)
    with pytest.raises(LeaseLost), database.write() as session:
        leases.finish(session, row, None)


def test_failures_wait_longer_each_time_and_end_dead(
    clock: time_machine.Traveller, database: Database, jobs: list[str]
) -> None:
    with database.write() as session:
        session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id != jobs[0]))
    waits = []
    for attempt in range(1, leases.MAX_ATTEMPTS + 1):
        (row,) = claim(database)
        assert row.attempts == attempt
        with database.write() as session:
            leases.fail(session, row, row.lease_id, "Timeout")
        if row.state == JobState.DEAD:
            break
        assert claim(database) == []
        wait = row.due_at - leases.clock.now()
        waits.append(wait)
        clock.shift(wait + timedelta(milliseconds=1))
    assert state(database, jobs[0]) == JobState.DEAD
    assert len(waits) == leases.MAX_ATTEMPTS - 1
    for number, wait in enumerate(waits):
        longest = min(leases.FIRST_DELAY * 2**number, leases.LONGEST_DELAY)
        assert longest * 0.5 <= wait <= longest
    clock.shift(timedelta(days=1))
    assert claim(database) == []


def test_a_job_that_kills_its_workers_dies_too(
    clock: time_machine.Traveller, database: Database, jobs: list[str]
) -> None:
    for _ in range(leases.MAX_ATTEMPTS):
        assert len(claim(database, limit=6)) == 6
        clock.shift(timedelta(minutes=1))
    assert claim(database, limit=6) == []
    assert {state(database, job) for job in jobs} == {JobState.DEAD}


def test_the_other_side_may_ask_for_a_pause(
    clock: time_machine.Traveller, database: Database, jobs: list[str]
) -> None:
    (row,) = claim(database)
    with database.write() as session:
        pause = timedelta(minutes=5)
        assert leases.fail(session, row, row.lease_id, "429", not_before=pause) == JobState.RETRY
    assert row.due_at == leases.clock.now() + pause


def test_workers_at_once_never_share_a_job(database: Database, jobs: list[str]) -> None:
    taken: list[str] = []
    problems: list[Exception] = []

    def work() -> None:
        try:
            while rows := claim(database):
                taken.extend(row.id for row in rows)
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert problems == []
    assert sorted(taken) == sorted(jobs)

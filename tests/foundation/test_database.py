"""One promise on two databases: all or nothing, first come first served, reads never write."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

import foundation.database
from conversations.models import Conversation
from foundation.database import (
    Database,
    DatabaseBusy,
    FairLock,
    NestedWrite,
    UtcDateTime,
    new_id,
    wal_is_safe,
)


def conversation(key: str = "k") -> Conversation:
    return Conversation(channel="web", sender_key=key)


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Conversation)) or 0


def test_a_write_is_there_after_the_block_and_stays_readable(database: Database) -> None:
    with database.write() as session:
        row = conversation()
        session.add(row)
    assert row.holder == "bot"
    assert count(database) == 1


def test_a_connection_the_server_closed_while_it_rested_is_opened_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("no server that could close it")

    def cut_off() -> None:
        assert count(database) == 0  # so that a connection rests in the pool
        others = "datname = current_database() and pid <> pg_backend_pid()"
        engine = sa.create_engine(database.engine.url)
        with engine.connect() as server:
            server.exec_driver_sql(
                f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"  # noqa: S608
            )
        engine.dispose()

    cut_off()
    with pytest.raises(OperationalError):  # it worked a moment ago: not asked, so noticed at work
        count(database)
    assert count(database) == 0  # and not used again
    monkeypatch.setattr(foundation.database, "RESTED_SECONDS", 0.0)
    cut_off()
    assert count(database) == 0


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            session.add(conversation())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(database) == 0


def test_a_broken_uniqueness_is_refused_whole(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add_all([conversation("other"), conversation("same"), conversation("same")])
    assert count(database) == 0


def test_a_row_may_not_point_nowhere(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(
            sa.text(
                "insert into handover_link (id, token_hash, source_id, expires_at, created_at) "
                "values ('1', '1', 'nobody', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
            )
        )


def test_a_read_cannot_write(database: Database) -> None:
    with database.read() as session:
        session.add(conversation())
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
            session.flush()
    with database.write() as session:  # the pooled connection is not left read-only
        session.add(conversation())
    assert count(database) == 1


def test_a_read_sees_one_snapshot(database: Database) -> None:
    with database.read() as session:
        query = sa.select(sa.func.count()).select_from(Conversation)
        assert session.scalar(query) == 0
        with database.write() as writing:
            writing.add(conversation())
        assert session.scalar(query) == 0
    assert count(database) == 1


def test_times_come_back_aware_in_utc(database: Database) -> None:
    shanghai = timezone(timedelta(hours=8))
    with database.write() as session:
        row = conversation()
        row.created_at = datetime(2026, 1, 1, 7, 30, tzinfo=shanghai)
        session.add(row)
    with database.read() as session:
        stored = session.get_one(Conversation, row.id).created_at
        assert stored == datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
        assert stored.utcoffset() == timedelta(0)
        earlier = Conversation.created_at < datetime(2026, 1, 1, 7, 31, tzinfo=shanghai)
        assert session.scalar(sa.select(sa.func.count()).where(earlier)) == 1


def test_a_naive_time_is_refused() -> None:
    dialect = sa.create_engine("sqlite://").dialect
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001


def test_many_threads_write_without_losing_or_repeating(database: Database) -> None:
    with database.write() as session:
        row = conversation()
        session.add(row)
    problems: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(10):
                with database.write() as session:
                    query = sa.select(Conversation).with_for_update()
                    session.scalars(query).one().last_seq += 1
        except Exception as problem:  # noqa: BLE001 - shown by the assertion below
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with database.read() as session:
        assert session.get_one(Conversation, row.id).last_seq == 80


def test_two_database_objects_on_one_file_share_the_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    first, second = Database(url), Database(f"sqlite:///{tmp_path}/./a.db")
    with first.write(), pytest.raises(NestedWrite), second.write():
        pass
    with second.write():  # and the refusal has not taken the lock away
        pass
    first.close()
    second.close()


def test_write_inside_write_is_an_error_not_a_deadlock(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    refused = pytest.raises(NestedWrite, match="pass the session down")
    with database.write(), refused, database.write():
        pass
    database.close()


def test_another_process_that_holds_the_file_makes_it_busy_not_broken(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    database = Database(url, busy_seconds=0.2)
    other = Database(url).engine.connect()  # as another process: past our lock
    other.exec_driver_sql("create table t (a int)")
    with pytest.raises(DatabaseBusy), database.write() as session:
        session.execute(sa.text("select 1"))
    other.commit()
    other.close()
    with database.write() as session:
        session.execute(sa.text("insert into t values (1)"))
    database.close()


def test_the_fair_lock_serves_in_order_of_arrival() -> None:
    lock = FairLock()
    served: list[int] = []

    def work(number: int) -> None:
        lock.acquire(10)
        served.append(number)
        lock.release()

    lock.acquire(10)
    threads = []
    for number in range(6):
        thread = threading.Thread(target=work, args=(number,))
        thread.start()
        threads.append(thread)
        deadline = time.monotonic() + 5
        while len(lock._waiting) <= number and time.monotonic() < deadline:
            time.sleep(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert served == list(range(6))


def test_the_fair_lock_gives_up_in_time_and_goes_on() -> None:
    lock = FairLock()
    lock.acquire(1)
    refused: list[bool] = []

    def wait() -> None:
        try:
            lock.acquire(0.05)
        except DatabaseBusy:
            refused.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()
    assert refused == [True]
    lock.release()
    lock.acquire(1)
    lock.release()


def test_who_is_interrupted_while_waiting_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = FairLock()
    lock.acquire(1)

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("foundation.database.threading.Event", Interrupted)
        patch.setattr("foundation.database.threading.get_ident", lambda: -1)
        with pytest.raises(KeyboardInterrupt):
            lock.acquire(1)
    lock.release()
    lock.acquire(1)
    lock.release()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), False),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_only_where_the_fault_is_repaired(
    version: tuple[int, int, int], safe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wal_is_safe(version) is safe
    monkeypatch.setattr("foundation.database._version", lambda _: version)
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with database.engine.connect() as connection:
        mode = connection.exec_driver_sql("pragma journal_mode").scalar_one()
        assert mode == ("wal" if safe else "delete")
        assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("pragma foreign_keys").scalar_one() == 1
    assert ("WAL)" in database.driver_version) is safe
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u@h/d"])
def test_databases_that_cannot_keep_the_promise_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"in-memory|no support"):
        Database(url)


def test_ids_are_short_and_do_not_repeat() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(item) for item in ids} == {32}

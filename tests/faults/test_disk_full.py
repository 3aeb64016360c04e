"""No room on the disk: refused in words, nothing half-written, and on again when there is room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, func, select, text

import channels.app
from conversations.models import InboxMessage, OutboxMessage, ThreadMessage
from foundation.runtime import Runtime
from tests.channels.engines import EchoEngine

TABLES = (InboxMessage, ThreadMessage, OutboxMessage)
pytestmark = [
    pytest.mark.faults,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


class Disk:
    """A disk that can be full: the database file may not grow past its present size."""

    def __init__(self, runtime: Runtime) -> None:
        self._engine = runtime.database.engine
        self._pages: int | None = None
        event.listen(self._engine, "begin", self._limit)

    def _limit(self, connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self._pages or 2**31 - 2}")

    def fill(self) -> None:
        with self._engine.connect() as connection:
            self._pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def make_room(self) -> None:
        self._pages = None


@pytest.fixture
def client(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    engine = EchoEngine()
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    app = channels.app.create_app(runtime)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def counts(runtime: Runtime) -> list[int]:
    with runtime.database.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def test_a_full_disk_refuses_clearly_and_loses_nothing(
    client: TestClient, runtime: Runtime
) -> None:
    disk = Disk(runtime)
    body = client.post("/chat/conversations").json()
    headers = {"Authorization": f"Bearer {body['token']}"}
    path = f"/chat/conversations/{body['conversation_id']}/messages"

    def say(number: int) -> Any:
        said = {"client_message_id": f"m{number}", "text": f"第{number}句" + "难" * 900}
        return client.post(path, json=said, headers=headers)

    assert say(0).status_code == 200
    disk.fill()
    taken = []
    for number in range(1, 60):  # until the pages that were begun are full
        answer = say(number)
        if answer.status_code != 200:
            break
        taken.append(number)
    assert answer.status_code == 503
    assert "没能收下" in answer.json()["reason"]
    assert int(answer.headers["Retry-After"]) > 0
    before = counts(runtime)
    for again in range(5):
        assert say(number).status_code == 503, again
    assert counts(runtime) == before
    assert before[0] == 1 + len(taken)
    # what was said before can still be read
    shown = client.get(path, headers=headers)
    assert shown.status_code == 200
    assert "第0句" in shown.text
    with runtime.database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"

    disk.make_room()
    assert say(number).json()["messages"][0]["text"].startswith(f"您说：第{number}句")
    for number in taken:  # whatever was taken is answered, now or by the dispatcher
        assert say(number).status_code == 200
    assert say(number + 100).status_code == 200
    assert counts(runtime)[0] == before[0] + 2

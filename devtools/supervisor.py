"""Starts the four processes, prefixes their logs, restarts what dies, stops all on Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from devtools.paths import ROOT
from devtools.processes import ProcessPlan, is_ready

COLOURS = {"rasa": 35, "actions": 36, "channels": 32, "api": 33}
START_LIMIT_SECONDS = 120
START_ATTEMPTS = 2  # a process that dies twice before it is ready will not get better
STOP_LIMIT_SECONDS = 8
FIRST_PAUSE_SECONDS = 0.5
STEADY_SECONDS = 5  # one that lived this long did not fail at start


class CannotStart(Exception):
    """One clear line saying what is in the way."""


def refuse_busy_ports(plans: list[ProcessPlan]) -> None:
    """Raise `CannotStart` naming the first port that somebody else holds."""
    for plan in plans:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((plan.host, plan.port))
            except OSError:
                raise CannotStart(
                    f"端口 {plan.port}（{plan.title}）已被占用。请先停掉占用它的程序，"
                    f"或用环境变量换一个端口（WENZHU_{plan.name.upper()}_PORT）。"
                ) from None


class Supervisor:
    """Keeps a set of processes alive until `stop` is called.

    A process that dies is started again after 0.5, 1, 2 … 30 seconds; its pid is written to
    `<pid_folder>/<name>.pid`, so that a fault test can kill exactly one.
    """

    def __init__(self, plans: list[ProcessPlan], pid_folder: Path, log_folder: Path) -> None:
        self.plans = plans
        self.pid_folder = pid_folder
        self.log_folder = log_folder
        self.stopping = asyncio.Event()
        self.running: dict[str, asyncio.subprocess.Process] = {}
        self.tasks: list[asyncio.Task[None]] = []
        self.exits: Counter[str] = Counter()

    async def start(self, progress: Callable[[ProcessPlan], None]) -> None:
        """Start all and wait until every health page answers. Raises `CannotStart`."""
        refuse_busy_ports(self.plans)
        self.pid_folder.mkdir(parents=True, exist_ok=True)
        self.log_folder.mkdir(parents=True, exist_ok=True)
        self.tasks = [asyncio.create_task(self._keep_alive(plan)) for plan in self.plans]
        await asyncio.gather(*(self._wait_ready(plan, progress) for plan in self.plans))

    async def _wait_ready(self, plan: ProcessPlan, progress: Callable[[ProcessPlan], None]) -> None:
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while not await asyncio.to_thread(is_ready, plan):
            if self.stopping.is_set():
                raise CannotStart("启动被中断。")
            if time.monotonic() > deadline or self.exits[plan.name] >= START_ATTEMPTS:
                log = self.log_folder / f"{plan.name}.log"
                raise CannotStart(
                    f"{plan.title}（{plan.name}）没有启动成功：{last_words(log)}（全文见 {log}）"
                )
            await asyncio.sleep(0.2)
        progress(plan)

    async def _keep_alive(self, plan: ProcessPlan) -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while not self.stopping.is_set():
            started = time.monotonic()
            code = await self._run_once(plan)
            self.exits[plan.name] += 1
            if self.stopping.is_set():
                return
            if time.monotonic() - started > STEADY_SECONDS:
                pause_seconds = FIRST_PAUSE_SECONDS
            print(f"{plan.name:8} | 进程退出（{code}），{pause_seconds:g} 秒后重新启动", flush=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause_seconds)
            pause_seconds = min(30.0, pause_seconds * 2)

    async def _run_once(self, plan: ProcessPlan) -> int:
        process = await asyncio.create_subprocess_exec(
            *plan.command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **plan.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            limit=1 << 20,
        )
        self.running[plan.name] = process
        (self.pid_folder / f"{plan.name}.pid").write_text(str(process.pid))
        if self.stopping.is_set():  # Ctrl-C came while it was being started
            _signal_group(process, signal.SIGTERM)
        if process.stdout is not None:
            await self._forward_log(plan, process.stdout)
        return await process.wait()

    async def _forward_log(self, plan: ProcessPlan, output: asyncio.StreamReader) -> None:
        prefix = f"{plan.name:8} | "
        if sys.stdout.isatty():
            prefix = f"\x1b[{COLOURS.get(plan.name, 37)}m{prefix}\x1b[0m"
        with (self.log_folder / f"{plan.name}.log").open("a") as log:
            while raw := await output.readline():
                line = raw.decode(errors="replace").rstrip()
                log.write(line + "\n")
                log.flush()
                print(prefix + line, flush=True)

    async def stop(self) -> None:
        """Ask every process to end, then make it; returns when all are gone."""
        self.stopping.set()
        self._signal_all(signal.SIGTERM)
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=STOP_LIMIT_SECONDS)
        self._signal_all(signal.SIGKILL)
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for plan in self.plans:
            (self.pid_folder / f"{plan.name}.pid").unlink(missing_ok=True)

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self.running.values():
            _signal_group(process, number)


def last_words(log: Path) -> str:
    """The last line a process printed, without colours: usually the reason it gave up."""
    if not log.exists():
        return "没有任何输出"
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines()]
    return re.sub(r"\x1b\[[0-9;]*m", "", next((x for x in reversed(lines) if x), ""))[:200]


def _signal_group(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)

"""A whole system of its own (own ports, own data) for journeys, fault campaigns and benchmarks."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from devtools.paths import PYTHON, ROOT
from devtools.processes import answers
from foundation.settings import Settings

PROCESSES = ("rasa", "actions", "channels", "api")


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningSystem:
    """`wenzhu up` as a child process; a context manager.

    `environment` adds or overrides settings, for example another database.
    """

    def __init__(
        self, data_dir: Path, environment: dict[str, str] | None = None, *, seed: bool = True
    ) -> None:
        self.data_dir = data_dir
        self.ports = {name: free_port() for name in PROCESSES}
        self.environment = {
            "WENZHU_DATA_DIR": str(data_dir),
            "WENZHU_RASA_PORT": str(self.ports["rasa"]),
            "WENZHU_RASA_URL": f"http://127.0.0.1:{self.ports['rasa']}",
            "WENZHU_ACTIONS_PORT": str(self.ports["actions"]),
            "WENZHU_ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}/webhook",
            "WENZHU_CHANNELS_PORT": str(self.ports["channels"]),
            "WENZHU_API_PORT": str(self.ports["api"]),
            "WENZHU_PUBLIC_BASE_URL": f"http://127.0.0.1:{self.ports['channels']}",
            **(environment or {}),
        }
        self.seed = seed
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        """What the processes run with, as far as another process needs it to look inside."""
        url = self.environment.get("WENZHU_DATABASE_URL", "")
        return Settings(data_dir=self.data_dir, database_url=url)

    @property
    def chat_url(self) -> str:
        """Where residents chat."""
        return f"http://127.0.0.1:{self.ports['channels']}"

    @property
    def api_url(self) -> str:
        """Where staff work."""
        return f"http://127.0.0.1:{self.ports['api']}"

    @property
    def output(self) -> Path:
        """Everything the supervisor and its children print."""
        return self.data_dir / "up.log"

    def start(self, limit_seconds: float = 180) -> None:
        """Start and wait until all four health pages answer. Raises `RuntimeError` with the log."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = [str(PYTHON), "-m", "devtools", "up"]
        with self.output.open("wb") as log:
            self.process = subprocess.Popen(
                command if self.seed else [*command, "--no-seed"],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + limit_seconds
        while "按 Ctrl-C 停止" not in self.output.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(self.output.read_text(errors="replace")[-4000:])
            time.sleep(0.2)

    def pid(self, name: str) -> int:
        """The process id the supervisor wrote for one of the four."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> None:
        """`kill -9` one process; the supervisor starts it again."""
        os.kill(self.pid(name), signal.SIGKILL)

    def wait_ready(self, name: str, limit_seconds: float = 60) -> None:
        """Wait until one process answers again after a kill."""
        path = {"rasa": "/webhooks/gateway/", "actions": "/readyz", "channels": "/livez"}
        url = f"http://127.0.0.1:{self.ports[name]}{path.get(name, '/readyz')}"
        deadline = time.monotonic() + limit_seconds
        while time.monotonic() < deadline:
            if answers(url):
                return
            time.sleep(0.1)
        raise RuntimeError(f"{name} did not come back within {limit_seconds:.0f} s")

    def stop(self) -> None:
        """Stop all; also when start failed half-way."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def __enter__(self) -> RunningSystem:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

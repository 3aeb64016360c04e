"""How long a start takes, what the processes weigh, how quick a turn is.

    python -m benchmarks.start [--clean] [--out benchmarks/results/start.json]

With `--clean` the start is made in a fresh clone (packages from the caches, model trained there).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import httpx2 as httpx

from devtools import training
from devtools.paths import ROOT
from devtools.running import PROCESSES, RunningSystem
from devtools.talk import Resident

TURNS = ["你好", "低保标准是多少", "重庆忠县", "要哪些材料", "我家三口人一个月八百块", "农村户口"]


def resident_memory_mb(pid: int) -> float:
    """Resident set of one process in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)


def clean_start_seconds(folder: Path) -> float:
    """From `git clone` to the printed addresses, by the README's own command."""
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("WENZHU_")}
    environment.pop("VIRTUAL_ENV", None)
    started = time.monotonic()
    process = subprocess.Popen(
        ["make", "up"],
        cwd=clone,
        env={**environment, **RunningSystem(clone / "var").environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None:
        raise RuntimeError("no output")
    for line in process.stdout:
        if "按 Ctrl-C 停止" in line:
            break
    seconds = time.monotonic() - started
    process.terminate()
    process.wait(60)
    return round(seconds, 1)


def measure(folder: Path) -> dict[str, object]:
    """A start with a current model, then memory, then turns."""
    training.train()
    system = RunningSystem(folder / "var")
    started = time.monotonic()
    system.start()
    seconds = time.monotonic() - started
    try:
        turns: list[float] = []
        with httpx.Client(timeout=30) as client:
            for _ in range(10):
                resident = Resident(system.chat_url, client)
                resident.open()
                for text in TURNS:
                    before = time.monotonic()
                    resident.say(text)
                    turns.append((time.monotonic() - before) * 1000)
        memory = {name: round(resident_memory_mb(system.pid(name))) for name in PROCESSES}
        if system.process is not None:
            memory["supervisor"] = round(resident_memory_mb(system.process.pid))
    finally:
        system.stop()
    return {
        "second_start_seconds": round(seconds, 1),
        "memory_mb": memory,
        "memory_total_mb": sum(memory.values()),
        "turns": len(turns),
        "turn_p50_ms": round(statistics.median(turns)),
        "turn_p95_ms": round(statistics.quantiles(turns, n=20)[18]),
    }


def main() -> None:
    """Measure, print, and keep the figures with the load of the machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    report: dict[str, object] = {"load_before": os.getloadavg()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="wenzhu-start-") as folder:
        if arguments.clean:
            report["clean_start_seconds"] = clean_start_seconds(Path(folder))
        report |= measure(Path(folder))
    text = json.dumps(report, ensure_ascii=False, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""`wenzhu test`: every check of the project, in the order of how soon it tells something."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console

from devtools import training
from devtools.paths import BOT_PYTHON, PYTHON, ROOT

console = Console()
PACKAGES = [
    "foundation",
    "conversations",
    "rules",
    "cases",
    "knowledge",
    "actions",
    "channels",
    "api",
    "devtools",
]


@dataclass(frozen=True)
class Check:
    """One command and what it proves. `fast` ones need no model and take seconds."""

    title: str
    command: list[str]
    fast: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(PYTHON.parent / name), *arguments]


def _launch(*arguments: str) -> list[str]:
    return [str(BOT_PYTHON), "-m", "bot.launch", *arguments]


def all_checks() -> list[Check]:
    """The checks in order. The model is trained before the first that needs it."""
    return [
        Check("代码规范", _tool("ruff", "check", "."), fast=True),
        Check("代码格式", _tool("ruff", "format", "--check", "."), fast=True),
        Check("依赖方向", _tool("lint-imports"), fast=True),
        Check("类型", _tool("mypy", *PACKAGES), fast=True),
        Check("训练数据", _launch("data", "validate", "--fail-on-warnings", "--domain", "domain")),
        Check(
            "对话故事",
            _launch(
                "test",
                "core",
                "--stories",
                "tests/conversations",
                "--model",
                str(training.current_model()),
                "--out",
                "var/results",
                "--fail-on-prediction-errors",
            ),
        ),
        Check("语言理解组件", [str(BOT_PYTHON), "-m", "pytest", "-q", "bot/tests"]),
        Check("全部测试", [str(PYTHON), "-m", "pytest", "-q", "tests"]),
    ]


def _run(check: Check, call: Callable[..., subprocess.CompletedProcess[bytes]]) -> bool:
    started = time.monotonic()
    console.rule(check.title)
    done = call(check.command, cwd=ROOT, env={**os.environ, **check.environment})
    good = done.returncode == 0
    console.print(f"{'✓' if good else '✗'} {check.title}（{time.monotonic() - started:.0f} 秒）")
    return good


def run(*, fast: bool) -> bool:
    """Run all (or the fast) checks to the end, even after a failure; True when all passed."""
    results: dict[str, bool] = {}
    for check in all_checks():
        if fast and not check.fast:
            continue
        if not check.fast and not training.current_model().exists():
            console.rule("训练模型")
            training.train()
        results[check.title] = _run(check, subprocess.run)
    console.rule("结果")
    for title, good in results.items():
        console.print(f"{'✓' if good else '✗'} {title}")
    return all(results.values())

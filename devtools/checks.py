"""`wenzhu test`: every check of the project, in the order of how soon it tells something."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
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


#: About half of the tests, which start no other process; they run beside the rest.
APART = (
    "tests/rules",
    "tests/cases",
    "tests/knowledge",
    "tests/contract",
    "tests/channels",
    "tests/foundation",
    "tests/conversations_store",
)
_PYTEST = (str(PYTHON), "-m", "pytest", "-q")


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
    """The checks before the tests; the model is trained before the first that needs it."""
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
    ]


def test_halves() -> tuple[Check, Check]:
    """All tests in two commands that may run at once."""
    rest = [*_PYTEST, "tests", *(f"--ignore={folder}" for folder in APART)]
    return Check("规则、个案、答案、约定的测试", [*_PYTEST, *APART]), Check("其余测试", rest)


def _report(check: Check, seconds: float, *, good: bool) -> None:
    console.print(f"{'✓' if good else '✗'} {check.title}（{seconds:.0f} 秒）")


def _environment(check: Check) -> dict[str, str]:
    return {**os.environ, **check.environment}


def _run(check: Check) -> bool:
    started = time.monotonic()
    console.rule(check.title)
    done = subprocess.run(check.command, cwd=ROOT, env=_environment(check), check=False)
    _report(check, time.monotonic() - started, good=done.returncode == 0)
    return done.returncode == 0


def run_beside(check: Check, other: Check) -> dict[str, bool]:
    """Run both at once on two cores; the second one's words follow when both are done."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            other.command,
            cwd=ROOT,
            env=_environment(other),
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            first = _run(check)
        finally:
            process.wait()
        console.rule(other.title)
        words.seek(0)
        print(words.read().decode("utf-8", "replace"), flush=True)
    _report(other, time.monotonic() - started, good=process.returncode == 0)
    return {check.title: first, other.title: process.returncode == 0}


def run(*, fast: bool) -> bool:
    """Run all (or the fast) checks to the end, even after a failure; True when all passed."""
    results: dict[str, bool] = {}
    for check in all_checks():
        if fast and not check.fast:
            continue
        if not check.fast and not training.current_model().exists():
            console.rule("训练模型")
            training.train()
        results[check.title] = _run(check)
    if not fast:
        results |= run_beside(*test_halves())
    console.rule("结果")
    for title, good in results.items():
        console.print(f"{'✓' if good else '✗'} {title}")
    return all(results.values())

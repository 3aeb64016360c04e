"""The trained model, named by the digest of everything it is made from.

A model whose name equals the digest of today's inputs is current by construction: no time stamps
to compare, and a changed sentence, component or lock always leads to a new file.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from devtools.paths import BOT, BOT_PYTHON, MODELS, ROOT


class TrainingFailed(Exception):
    """The model could not be trained; the message is one line, `log` has the rest."""

    def __init__(self, reason: str, log: Path) -> None:
        super().__init__(f"模型没有训练成功：{reason}（完整输出见 {log}）")
        self.log = log


def _inputs() -> Iterator[Path]:
    yield ROOT / "config.yml"
    yield BOT / "requirements.lock"
    for folder in (ROOT / "domain", ROOT / "data", BOT / "components"):
        yield from sorted(
            path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )


def digest() -> str:
    """Twelve hexadecimal digits over names and contents of all inputs of the model."""
    total = hashlib.sha256()
    for path in _inputs():
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def current_model() -> Path:
    """Where the model of today's inputs lies, whether or not it has been trained yet."""
    return MODELS / f"{digest()}.tar.gz"


def train(force: bool = False) -> Path:
    """Train unless the current model is there; return its path. Raises `TrainingFailed`."""
    model = current_model()
    if model.exists() and not force:
        return model
    _train(model, ROOT / "var" / "train.log", ["data"])
    _forget_old_models(keep=model)
    return model


def train_beside(model: Path, learned: Path) -> Path:
    """Train `model` on today's data and the files in `learned`. Raises `TrainingFailed`."""
    _train(model, model.with_suffix(".log"), ["data", str(learned)])
    return model


def _train(model: Path, log: Path, data: list[str]) -> None:
    for folder in (model.parent, log.parent):
        folder.mkdir(parents=True, exist_ok=True)
    name = model.name.removesuffix(".tar.gz")
    command = [str(BOT_PYTHON), "-m", "bot.launch", "train", "--domain", "domain"]
    with log.open("w") as output:
        done = subprocess.run(
            [*command, "--data", *data, "--fixed-model-name", name, "--out", str(model.parent)],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    if done.returncode != 0 or not model.exists():
        plain = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text())
        lines = [line.strip() for line in plain.splitlines() if line.strip()]
        raise TrainingFailed(lines[-1][:200] if lines else "没有任何输出", log)


def _forget_old_models(keep: Path) -> None:
    """Two older models stay, so that going back one change does not train again."""
    models = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in [path for path in models if path != keep][2:]:
        old.unlink()

"""Understand messages from the command line with the trained model, exactly as the server does.

    echo '{"id": 1, "text": "一个月八百来块"}' | python -m bot.understand [--model FILE]

Reads JSONL {id, text[, asking]} and writes {id, label, program, facts, ranges, confidence,
secondary}. `facts` holds stated values; uncertain amounts (五六百, 不到一千) stand in `ranges`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.components.understanding.pipeline import Understander, Understanding, read_model

ROOT = Path(__file__).resolve().parents[1]
_PERSISTED = "classifier.json"


class NoModel(Exception):
    """No trained model with our component in the given archive or folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model at {path}: run `python -m bot.launch train` first")
        self.path = path


def newest_model(folder: Path = ROOT / "models") -> Path:
    """The most recent archive in `folder`."""
    archives = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise NoModel(folder)
    return archives[-1]


def load_archive(archive: Path) -> Understander:
    """Our component's persisted data out of a Rasa model archive."""
    if not archive.exists():
        raise NoModel(archive)
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(archive) as packed:
        members = packed.getmembers()
        home = next((m.name for m in members if Path(m.name).name == _PERSISTED), None)
        if home is None:
            raise NoModel(archive)
        folder = str(Path(home).parent)
        wanted = [m for m in members if m.isfile() and str(Path(m.name).parent) == folder]
        packed.extractall(scratch, members=wanted, filter="data")
        return read_model(Path(scratch) / folder)


@cache
def _default() -> Understander:
    return load_archive(newest_model())


def parse(text: str, asking: str | None = None, today: date | None = None) -> Understanding:
    """Understand one message with the newest trained model."""
    return _default().parse(text, asking, today)


def as_row(identifier: Any, result: Understanding) -> dict[str, Any]:
    """One output line; uncertain amounts are kept apart from stated values."""
    ranges = {k: v for k, v in result.facts.items() if isinstance(v, dict)}
    return {
        "id": identifier,
        "label": result.label,
        "program": result.program,
        "facts": {k: v for k, v in result.facts.items() if k not in ranges},
        "ranges": ranges,
        "confidence": round(result.confidence, 4),
        "secondary": result.secondary,
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line entry; exit status 2 without a model."""
    parser = argparse.ArgumentParser(prog="python -m bot.understand", description=__doc__)
    parser.add_argument("--model", type=Path, help="model archive (default: newest in models/)")
    options = parser.parse_args(arguments)
    try:
        understander = load_archive(options.model or newest_model())
    except NoModel as problem:
        print(f"bot.understand: {problem}", file=sys.stderr)
        return 2
    for line in sys.stdin:
        if not line.strip():
            continue
        row = json.loads(line)
        on = date.fromisoformat(row["today"]) if row.get("today") else None
        result = understander.parse(str(row["text"]), row.get("asking"), on)
        print(json.dumps(as_row(row["id"], result), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

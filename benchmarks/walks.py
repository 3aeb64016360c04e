"""Random residents for ten thousand turns: the real model, dialogue, cases and database.

    python -m benchmarks.walks [--turns 10000] [--processes 3] [--out FILE] [--transcripts FILE]

Every walk is a resident of one of eight tempers (`tests.walks.resident`), made from its seed alone;
what has to hold after every turn is in `tests.walks.invariants`. A kind of fault is shown by the
shortest walk that still has it.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from devtools import training
from tests.walks.walking import Walk, ground, shrunk, transcript, walk

RESULTS = Path(__file__).parent / "results" / "walks.json"
#: Turns of one walk before 不知道 to everything.
LENGTH = 30
#: Faults shown, one walk each.
_SHOWN = 3

Row = dict[str, Any]


def some(seeds: list[int], model: Path, until: float, text: Path | None) -> list[Row]:
    """Walks of one process, on a database of its own, until the time is up."""
    logging.disable(logging.CRITICAL)
    rows = []
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder), model) as here:
        for seed in seeds:
            if time.time() > until:
                break
            gone = walk(here, seed, LENGTH)
            rows.append(_row(gone))
            if text is not None:
                with text.open("a", encoding="utf-8") as file:
                    file.write(transcript(gone) + "\n\n")
    return rows


def _row(gone: Walk) -> Row:
    said = [step for step in gone.steps if step.refused is None]
    return {
        "seed": gone.seed,
        "temper": gone.temper,
        "turns": len(gone.steps),
        "refused_at_the_edge": len(gone.steps) - len(said),
        "messages": sum(len(step.texts) for step in said),
        "kinds": dict(Counter(step.move.kind for step in gone.steps)),
        "asked": sorted({str(step.asking) for step in said}),
        "cases": len(gone.steps[-1].after.cases) if gone.steps else 0,
        "faults": [
            {"kind": one.kind, "turn": at, "detail": one.detail[:300]} for at, one in gone.faults
        ],
    }


def figures(rows: list[Row]) -> Row:
    """What was walked and what was found."""
    kinds: Counter[str] = Counter()
    for row in rows:
        kinds.update(row["kinds"])
    faults = [{"seed": row["seed"], **fault} for row in rows for fault in row["faults"]]
    return {
        "walks": len(rows),
        "turns": sum(row["turns"] for row in rows),
        "messages": sum(row["messages"] for row in rows),
        "refused_at_the_edge": sum(row["refused_at_the_edge"] for row in rows),
        "kinds_of_turn": dict(kinds.most_common()),
        "questions_open": len({asked for row in rows for asked in row["asked"]}),
        "walks_with_a_case": sum(row["cases"] > 0 for row in rows),
        "cases": sum(row["cases"] for row in rows),
        "tempers": dict(Counter(row["temper"] for row in rows)),
        "faults": dict(Counter(fault["kind"] for fault in faults)),
        "examples": faults[:40],
    }


def shortest(faults: list[Row], model: Path) -> list[str]:
    """For each kind of fault the shortest walk that shows it, to be read."""
    found = []
    first = {fault["kind"]: fault["seed"] for fault in reversed(faults)}
    for kind, seed in list(first.items())[:_SHOWN]:
        with tempfile.TemporaryDirectory() as folder, ground(Path(folder), model) as here:
            moves = walk(here, seed, LENGTH).moves
            found.append(f"== {kind}\n" + transcript(shrunk(here, seed, moves, kind)))
    return found


def main() -> int:
    """Command line entry: 1 when there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=600, help="begin no walk after these")
    parser.add_argument("--first-seed", type=int, default=1000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--transcripts", type=Path, help="a folder for every walk, to be read")
    parser.add_argument("--no-shrinking", action="store_true")
    given = parser.parse_args()
    model, started = training.train(), time.time()
    seeds = range(given.first_seed, given.first_seed + -(-given.turns // LENGTH))
    shares = [list(seeds[at :: given.processes]) for at in range(given.processes)]
    texts = [given.transcripts and given.transcripts / f"{at}.txt" for at in range(given.processes)]
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        work = partial(_share, model=model, until=started + given.minutes * 60)
        rows = [row for part in pool.map(work, zip(shares, texts, strict=True)) for row in part]
    result = {
        "model": model.name.split(".")[0],
        "first_seed": given.first_seed,
        "turns_a_walk": LENGTH,
        **figures(rows),
        "seconds": round(time.time() - started),
    }
    given.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(result, ensure_ascii=False, indent=1))
    if result["faults"] and not given.no_shrinking:
        print("\n\n".join(shortest(result["examples"], model)))
    return 1 if result["faults"] else 0


def _share(task: tuple[list[int], Path | None], *, model: Path, until: float) -> list[Row]:
    seeds, text = task
    return some(seeds, model, until, text)


if __name__ == "__main__":
    raise SystemExit(main())

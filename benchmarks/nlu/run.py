"""Run the current model on the frozen messages and phrases and write every figure.

    python -m benchmarks.nlu.run [--out benchmarks/results/nlu.json] [--record-baseline]

`--record-baseline` also writes the figures below which the gate in tests/contract lets nobody fall.
It is a decision of the maintainers, made when the understanding has got better, never worse.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.nlu import score
from devtools import training
from devtools.paths import ROOT
from devtools.understanding import understand

BASELINE = score.HERE / "baseline.json"
RESULT = ROOT / "benchmarks" / "results" / "nlu.json"
#: The one measure that is better when it is lower.
LOWER_IS_BETTER = {"false_refusal"}

Row = dict[str, Any]


def figures(resamples: int = score.RESAMPLES, model: Path | None = None) -> Row:
    """All figures of `model` or the current one. Trains when none is current."""
    messages, phrases = score.read(score.MESSAGES), score.read(score.PHRASES)
    asked: list[Row] = [
        {key: row[key] for key in ("id", "text", "today") if key in row}
        for row in [*messages, *phrases]
    ]
    answers = understand(asked, model)
    result = score.score_messages(messages, answers[: len(messages)], resamples)
    result["hard_phrases"] = score.score_phrases(phrases, answers[len(messages) :])
    name = training.digest() if model is None else model.name.removesuffix(".tar.gz")
    return {"model": name, **result}


def baseline(result: Row) -> Row:
    """What the gate compares: the plain values, and which dangers were recognised."""
    crisis = {row["id"] for row in score.read(score.MESSAGES) if row["label"] == score.CRISIS}
    return {
        "overall": {name: found["value"] for name, found in result["overall"].items()},
        "hard_phrases": {name: found["exact"] for name, found in result["hard_phrases"].items()},
        "crisis_found": sorted(crisis - set(result["crisis_missed"])),
    }


def falls(result: Row, floor: Row, slack: float = 0.01) -> list[str]:
    """Each measure that fell by more than `slack`, and each danger no longer recognised.

    The phrases are few, so one of them weighs more than a point: one may change places.
    """
    now = baseline(result)
    found = []
    for group in ("overall", "hard_phrases"):
        for name, before in floor[group].items():
            after = now[group].get(name)
            lost = None if after is None else before - after
            if lost is not None and name in LOWER_IS_BETTER:
                lost = -lost
            size = result[group].get(name, {}).get("n") if group == "hard_phrases" else None
            if lost is None or lost > max(slack, 1 / size if size else 0) + 1e-4:
                found.append(f"{name}: {before} → {after}")
    lost_rows = sorted(set(floor["crisis_found"]) - set(now["crisis_found"]))
    return found + [f"danger no longer recognised: {row}" for row in lost_rows]


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--record-baseline", action="store_true")
    options = parser.parse_args(arguments)
    result = figures()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.record_baseline:
        BASELINE.write_text(
            json.dumps(baseline(result), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    print(score.summary(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

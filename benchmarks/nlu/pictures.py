"""How far the understanding can be trusted, where it errs, and what each part of it is worth.

    python -m benchmarks.nlu.pictures [--answers FILE] [--skip curve|ablation] [--out FILE]

Trains our classifier anew with less data and without each family of features (about twelve minutes
of one processor), scores every variant on the frozen messages, writes the figures and draws
`docs/images/nlu-*.svg`. `--answers` takes what the variants answered from a file instead.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.nlu import calibration, charts, score
from benchmarks.nlu.reading import asked, is_sealed
from devtools import training
from devtools.paths import BOT_PYTHON, ROOT

RESULT = ROOT / "benchmarks" / "results" / "nlu-pictures.json"
IMAGES = ROOT / "docs" / "images"
MEASURES = ("intent_strict", "intent", "macro_f1", "oos_recall", "crisis_recall")
PAIRS = 15
#: A band with fewer messages is in the figures, not in the picture: it says nothing.
DRAWN_BAND = 5

Row = dict[str, Any]


def experiments(gold: list[Row], skip: Sequence[str]) -> list[Row]:
    """What every variant answered; see `benchmarks.nlu.experiments`."""
    model = training.train()
    command = [str(BOT_PYTHON), "-m", "benchmarks.nlu.experiments", "--model", str(model)]
    command += ["--data", str(ROOT / "data" / "nlu")]
    done = subprocess.run(
        ["nice", "-n", "5", *command, *(f"--skip={part}" for part in skip)],
        cwd=ROOT,
        input="\n".join(json.dumps(row, ensure_ascii=False) for row in asked(gold)) + "\n",
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "OMP_NUM_THREADS": "1"},
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in done.stdout.split("\n") if line.strip()]


def alone(answers: list[Row]) -> list[Row]:
    """The answers of the classifier without the rules, the danger model and the open question."""
    return [
        {"id": row["id"], "label": row["alone"], "confidence": row["alone_confidence"]}
        for row in answers
    ]


def scored(gold: list[Row], answers: list[Row], resamples: int = score.RESAMPLES) -> Row:
    """The measures of a label, for the whole understanding and for the classifier alone."""
    whole = score.score_messages(gold, answers, resamples)["overall"]
    bare = score.score_messages(gold, alone(answers), resamples)["overall"]
    return {
        **{name: whole[name] for name in MEASURES},
        "classifier_alone": {name: bare[name] for name in ("intent", "macro_f1")},
    }


def trusted(gold: list[Row], answers: list[Row]) -> Row:
    """Calibration of answers that are right when they are the label or an alternative."""
    said = {row["id"]: row for row in answers}

    def judged(rows: list[Row]) -> tuple[list[float], list[bool]]:
        found = [(said[row["id"]], {row["label"], *row["alt"]}) for row in rows]
        return [one["confidence"] for one, _ in found], [one["label"] in ok for one, ok in found]

    sealed = judged([row for row in gold if is_sealed(row)])
    return {
        "expected_calibration_error": round(calibration.expected_error(*judged(gold)) or 0.0, 4),
        "sealed_half": round(calibration.expected_error(*sealed) or 0.0, 4),
        "bands": calibration.reliability(*judged(gold)),
    }


def confusions(gold: list[Row], answers: list[Row]) -> tuple[list[str], list[list[int]]]:
    """Labels by the alphabet, and how often each (row) was read as each (column).

    An alternative that was said counts as the label meant. What is no label of ours is left out.
    """
    labels = sorted({row["label"] for row in gold})
    place = {label: at for at, label in enumerate(labels)}
    counts = [[0] * len(labels) for _ in labels]
    said = {row["id"]: row["label"] for row in answers}
    for row in gold:
        answer = row["label"] if said[row["id"]] in row["alt"] else said[row["id"]]
        if answer in place:
            counts[place[row["label"]]][place[answer]] += 1
    return labels, counts


def pairs(labels: list[str], counts: list[list[int]], most: int = PAIRS) -> list[Row]:
    """The two labels most often taken for each other, in either direction."""
    found: Counter[tuple[int, int]] = Counter()
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if row != column and count:
                found[min(row, column), max(row, column)] += count
    return [
        {"labels": [labels[a], labels[b]], "n": n, "first_as_second": counts[a][b]}
        for (a, b), n in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]
    ]


def figures(gold: list[Row], runs: list[Row]) -> Row:
    """Everything that is drawn, as numbers."""
    current = next(run["answers"] for run in runs if run["kind"] == "current")
    curve = [run for run in runs if run["kind"] == "curve"]
    full = scored(gold, next(run["answers"] for run in curve if run["name"] == 1))
    labels, counts = confusions(gold, current)
    ablation = []
    for run in (run for run in runs if run["kind"] == "ablation"):
        found = scored(gold, run["answers"])
        ablation.append(
            {
                "without": run["name"],
                "features": run["features"],
                "points_lost": _lost(full, found),
                "points_lost_by_classifier": _lost(
                    full["classifier_alone"], found["classifier_alone"]
                ),
                **found,
            }
        )
    return {
        "calibration": {
            "whole": trusted(gold, current),
            "classifier_alone": trusted(gold, alone(current)),
        },
        "confused_pairs": pairs(labels, counts),
        "confusion_matrix": {"labels": labels, "counts": counts},
        "learning_curve": [
            {
                "share": run["name"],
                "sentences": run["sentences"],
                "classifier_cpu_s": run["classifier_cpu_s"],
                **scored(gold, run["answers"]),
            }
            for run in sorted(curve, key=lambda run: run["sentences"])
        ],
        "ablation": ablation,
        "throughput": {
            key: value
            for key, value in next(run for run in runs if run["kind"] == "throughput").items()
            if key != "kind"
        },
    }


def _lost(full: Row, less: Row) -> float:
    return round(100 * (full["intent"]["value"] - less["intent"]["value"]), 2)


def ran(runs: list[Row], part: str) -> bool:
    """Whether anything but the full training was tried."""
    return any(run["kind"] == part and run["name"] != 1 for run in runs)


def draw(found: Row) -> dict[str, str]:
    """File name → SVG."""
    bands = {
        name: [
            (band["confidence"], band["accuracy"])
            for band in part["bands"]
            if band["n"] >= DRAWN_BAND
        ]
        for name, part in found["calibration"].items()
    }
    curve = found["learning_curve"]
    rows = [(row["without"], -row["points_lost_by_classifier"]) for row in found["ablation"]]
    drawn = {
        "nlu-calibration.svg": charts.lines(
            "Confidence and how often it was right",
            [("whole", bands["whole"]), ("classifier alone", bands["classifier_alone"])],
            (0, 1), (0, 1), ("stated confidence", "share right"), diagonal=True,
        ),
        "nlu-confusions.svg": charts.shades(
            "What was meant and what was understood", *found["confusion_matrix"].values()
        ),
    }  # fmt: skip
    if len(curve) > 1:
        drawn["nlu-learning-curve.svg"] = charts.lines(
            "Right labels by number of training sentences",
            [
                ("whole", [(r["sentences"], r["intent"]["value"]) for r in curve]),
                (
                    "classifier alone",
                    [(r["sentences"], r["classifier_alone"]["intent"]["value"]) for r in curve],
                ),
            ],
            (0, 20000), (0.7, 1.0), ("training sentences", "intent"),
        )  # fmt: skip
    if rows:
        drawn["nlu-ablation.svg"] = charts.bars(
            "Classifier alone: points of intent lost (−) or gained without …", rows, ""
        )
    return drawn


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--answers", type=Path, help="JSON lines of `benchmarks.nlu.experiments`")
    parser.add_argument("--skip", action="append", choices=("curve", "ablation"), default=[])
    options = parser.parse_args(arguments)
    gold = score.read(score.MESSAGES)
    if options.answers:
        lines = options.answers.read_text("utf-8").split("\n")
        runs = [json.loads(line) for line in lines if line.strip()]
    else:
        runs = experiments(gold, options.skip)
    found = {
        "command": "python -m benchmarks.nlu.pictures",
        "not_run": [part for part in ("curve", "ablation") if not ran(runs, part)],
        "model": next(run["name"] for run in runs if run["kind"] == "model"),
        "messages": len(gold),
        **figures(gold, runs),
    }
    options.out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, picture in draw(found).items():
        (IMAGES / name).write_text(picture, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

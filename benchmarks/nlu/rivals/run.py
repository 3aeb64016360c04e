"""Our understanding beside two stock Rasa configurations: same sentences, same messages, one run.

    python -m benchmarks.nlu.rivals.run [--epochs 100] [--minutes 25] [--at-once] [--resume]

Each is trained on `data/nlu` from nothing, then reads `benchmarks/nlu/messages.jsonl` as the
gateway hands it on, in a process of its own. The rivals need TensorFlow and Python 3.10 and live
in a throw-away environment under `var/`. Only labels are compared: the training sentences carry no
entity annotations, so the rivals have no programme and no facts to learn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.nlu import calibration, score
from benchmarks.nlu.reading import asked, is_sealed
from devtools import training
from devtools.paths import BOT_PYTHON, ROOT, uv

HERE = Path(__file__).resolve().parent
WORK = ROOT / "var" / "rivals"
RESULT = ROOT / "benchmarks" / "results" / "rivals.json"
#: setuptools: Rasa 3.6 still imports pkg_resources, which later ones no longer bring.
PACKAGES = ("rasa==3.6.21", "jieba", "setuptools<81")
PYTHON = "3.10"
#: What can be measured of a label alone.
LABEL_MEASURES = (
    "intent_strict", "intent", "macro_f1", "oos_recall", "oos_precision", "false_refusal",
    "crisis_recall", "crisis_precision",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Configuration:
    """One pipeline: its file, whose Python runs it, and what it is."""

    name: str
    config: Path
    lean: bool
    neural: bool
    what: str


OURS = Configuration("ours", ROOT / "config.yml", True, False, "UnderstandResident")
RIVALS = (
    Configuration(
        "linear",
        HERE / "linear.yml",
        False,
        False,
        "JiebaTokenizer + CountVectors (word, char_wb 1-4) + LogisticRegressionClassifier"
        " + CRFEntityExtractor",
    ),
    Configuration(
        "diet",
        HERE / "diet.yml",
        False,
        True,
        "JiebaTokenizer + CountVectors (word, char_wb 1-4) + DIETClassifier",
    ),
)


def rival_python() -> Path:
    """The interpreter of the throw-away environment, made on first use."""
    python = WORK / "venv" / "bin" / "python"
    if python.exists():
        return python
    # uv does not look into pyenv's folder while another version is chosen there.
    found = sorted(Path.home().glob(f".pyenv/versions/{PYTHON}.*/bin/python"))
    base = str(found[-1]) if found else PYTHON
    subprocess.run([uv(), "venv", "-q", "--python", base, str(WORK / "venv")], check=True)
    install = [uv(), "pip", "install", "-q", "--python", str(python), *PACKAGES]
    subprocess.run(install, check=True)
    return python


def with_epochs(config: Path, epochs: int) -> Path:
    """The configuration with another number of passes over the sentences."""
    text = config.read_text("utf-8")
    changed = WORK / config.name
    changed.write_text(text.replace("epochs: 100", f"epochs: {epochs}"), "utf-8")
    return changed


def work(configuration: Configuration, arguments: Sequence[str], messages: str = "") -> Row:
    """One call of the worker, at low priority; its log lies beside the models."""
    python = BOT_PYTHON if configuration.lean else rival_python()
    command = ["nice", "-n", "5", str(python), str(HERE / "worker.py"), *arguments]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if configuration.lean:
        command.append("--lean")
        environment["PYTHONPATH"] = str(ROOT)
    log = WORK / f"{configuration.name}-{arguments[0]}.log"
    with log.open("w") as errors:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            input=messages,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
        )
    if done.returncode != 0:
        raise RuntimeError(f"{configuration.name}: {arguments[0]} failed, see {log}")
    result: Row = json.loads(done.stdout.rstrip("\n").rpartition("\n")[2])
    return result


def measured(gold: list[Row], answers: list[Row], resamples: int = score.RESAMPLES) -> Row:
    """What the repository's scorer says of the labels, and whether confidences keep their word."""
    found = score.score_messages(gold, answers, resamples)
    said = {row["id"]: row for row in answers}
    right = [said[row["id"]]["label"] in {row["label"], *row["alt"]} for row in gold]
    confidences = [min(said[row["id"]]["confidence"], 1.0) for row in gold]
    return {
        "overall": {name: found["overall"][name] for name in LABEL_MEASURES},
        "calibration_error": round(calibration.expected_error(confidences, right) or 0.0, 4),
        "by_style": {
            style: {"n": row["n"], "intent": row["intent"]}
            for style, row in found["by_style"].items()
        },
        "by_label": found["by_label"],
        "confusions": found["confusions"][:10],
    }


def ahead(
    gold: list[Row], ours: list[Row], theirs: list[Row], resamples: int = score.RESAMPLES
) -> Row:
    """Our share of right labels minus theirs on the same messages, with a paired 95 % interval."""
    first, second = ({row["id"]: row["label"] for row in answers} for answers in (ours, theirs))
    gaps = [
        (first[row["id"]] in wanted) - (second[row["id"]] in wanted)
        for row in gold
        for wanted in [{row["label"], *row["alt"]}]
    ]
    dice = random.Random(score.SEED)
    spread = sorted(sum(dice.choices(gaps, k=len(gaps))) / len(gaps) for _ in range(resamples))
    low, high = spread[int(0.025 * resamples)], spread[int(0.975 * (resamples - 1))]
    return {
        "value": round(sum(gaps) / len(gaps), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "only_ours_right": gaps.count(1),
        "only_theirs_right": gaps.count(-1),
    }


def compared(gold: list[Row], ours: list[Row], theirs: list[Row]) -> Row:
    """Our lead on all messages, and on the half whose errors nobody read."""
    sealed = [row for row in gold if is_sealed(row)]
    return {"all": ahead(gold, ours, theirs), "sealed_half": ahead(sealed, ours, theirs)}


def answered(
    configuration: Configuration, options: argparse.Namespace, rows: list[Row]
) -> tuple[Row, list[Row]]:
    """Train and read: what it cost, and the answers.

    Both are kept under `var/`, and with `--resume` taken from there when they are of today's data.
    """
    kept = WORK / f"{configuration.name}.json"
    if options.resume and kept.exists():
        before = json.loads(kept.read_text("utf-8"))
        if before["inputs"] == training.digest():
            return before["cost"], before["answers"]
    config = configuration.config
    limit = []
    if configuration.neural:
        config = with_epochs(config, options.epochs)
        limit = ["--minutes", str(options.minutes)]
    model = WORK / f"{configuration.name}.tar.gz"
    if configuration is OURS and options.our_model:
        model, cost = training.train(), {}
    else:
        data = ["--config", str(config), "--data", str(ROOT / "data" / "nlu")]
        cost = work(configuration, ["train", *data, "--out", str(model), *limit])
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"
    cost |= work(configuration, ["parse", "--model", str(model)], lines)
    answers = cost.pop("answers")
    kept.write_text(
        json.dumps({"inputs": training.digest(), "cost": cost, "answers": answers}), "utf-8"
    )
    return cost, answers


def main(arguments: list[str] | None = None) -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--epochs", type=int, default=100, help="passes of DIET over the sentences")
    parser.add_argument("--minutes", type=float, default=25, help="after which no pass begins")
    parser.add_argument("--at-once", action="store_true", help="all three beside each other")
    parser.add_argument("--resume", action="store_true", help="keep what an earlier run finished")
    parser.add_argument("--our-model", action="store_true", help="read with it, do not train it")
    names = [rival.name for rival in RIVALS]
    parser.add_argument("--rival", action="append", choices=names, help="only this one")
    options = parser.parse_args(arguments)
    rivals = [rival for rival in RIVALS if rival.name in (options.rival or names)]
    WORK.mkdir(parents=True, exist_ok=True)
    rival_python()
    gold = score.read(score.MESSAGES)
    sealed = [row for row in gold if is_sealed(row)]
    rows = asked(gold)
    everybody = (OURS, *rivals)
    with ThreadPoolExecutor(len(everybody) if options.at_once else 1) as pool:
        made = list(pool.map(lambda each: answered(each, options, rows), everybody))
    answers = {each.name: found for each, (_, found) in zip(everybody, made, strict=True)}
    result = {
        "command": " ".join(["python -m benchmarks.nlu.rivals.run", *(arguments or sys.argv[1:])]),
        "inputs": training.digest(),
        "python": sys.version.split()[0],
        "processors": os.cpu_count(),
        "packages": list(PACKAGES),
        "messages": len(gold),
        "configurations": {
            each.name: {
                "what": each.what,
                "cost": cost,
                **measured(gold, found),
                "sealed_half": measured(sealed, found)["overall"],
            }
            for each, (cost, found) in zip(everybody, made, strict=True)
        },
        "ours_ahead": {
            each.name: compared(gold, answers["ours"], answers[each.name]) for each in rivals
        },
    }
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

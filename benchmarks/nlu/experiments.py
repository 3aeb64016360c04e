"""Train our classifier with less: fewer sentences, or without one family of features.

    bot/.venv/bin/python -m benchmarks.nlu.experiments --model FILE < messages.jsonl > out.jsonl

Runs in the bot's environment, where numpy and scikit-learn are; `benchmarks.nlu.pictures` starts
it, scores the answers and draws. Features, training and reading are the product's own functions:
a family is left out by dropping its features from the training, after which the weights no longer
know them. The danger model stays as it is. One JSON line for each experiment, its answers in it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot import launch
from bot.components.understanding.classifier import train
from bot.components.understanding.lexicon import LOOKUPS, load
from bot.components.understanding.pipeline import Understander
from bot.understand import ROOT, load_archive

Example = tuple[str, str]
Row = dict[str, Any]
SEED, NOISY_SHARE = 20250601, 1.0
SHARES = (0.25, 0.5, 0.75, 1.0)
#: Name → the first letters of the features that are left out (see `features.py`).
FAMILIES = {
    "characters": "cm",
    "words": "w",
    "pinyin": "p",
    "facts and cues": "xs",
    "where the question stands": "t",
    "all but characters": "wpxst",
}
ROUNDS = 1


def read_examples(data: Path) -> list[Example]:
    """The training sentences, as Rasa hands them to the component."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.shared.nlu.constants import INTENT, TEXT

    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(ROOT / "config.yml"), training_data_paths=[str(data)]
    )
    messages = importer.get_nlu_data().intent_examples
    return [(str(m.get(TEXT)), str(m.get(INTENT))) for m in messages if m.get(TEXT)]


def part(examples: Sequence[Example], share: float, seed: int = SEED) -> list[Example]:
    """The same share of every label, four sentences at least; a smaller part lies in a larger."""
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example[1]].append(example)
    kept: list[Example] = []
    for label in sorted(groups):
        shuffled = sorted(groups[label])
        random.Random(f"{seed}{label}").shuffle(shuffled)
        kept += shuffled[: max(4, round(share * len(shuffled)))]
    return kept


def without(
    featurise: Callable[[str], Counter[str]], families: str
) -> Callable[[str], Counter[str]]:
    """`featurise` that drops every feature of the named families."""
    return lambda text: Counter(
        {name: count for name, count in featurise(text).items() if name[0] not in families}
    )


def read(
    understander: Understander, rows: Sequence[Row], featurise: Callable[[str], Counter[str]]
) -> list[Row]:
    """What is understood, and what the classifier alone would say."""
    if understander.classifier is None:
        raise ValueError("this understander was never trained")
    answers = []
    for row in rows:
        result = understander.parse(row["text"])
        alone = understander.classifier.ranking(featurise(row["text"]))[0]
        answers.append(
            {
                "id": row["id"],
                "label": result.label,
                "confidence": min(result.confidence, 1.0),
                "alone": alone[0],
                "alone_confidence": min(alone[1], 1.0),
            }
        )
    return answers


def throughput(understander: Understander, rows: Sequence[Row], rounds: int = ROUNDS) -> Row:
    """Messages a second of one process, and milliseconds a message by clock and by processor."""
    for row in rows[:50]:
        understander.parse(row["text"])
    wall, busy = [], []
    started, spent = time.perf_counter(), time.process_time()
    for _ in range(rounds):
        for row in rows:
            clock, processor = time.perf_counter(), time.process_time()
            understander.parse(row["text"])
            wall.append((time.perf_counter() - clock) * 1000)
            busy.append((time.process_time() - processor) * 1000)
    seconds, processor_seconds = time.perf_counter() - started, time.process_time() - spent
    return {
        "messages": len(wall),
        "per_second": round(len(wall) / seconds, 1),
        "per_processor_second": round(len(wall) / processor_seconds, 1),
        "wall_ms": spread(wall),
        "cpu_ms": spread(busy),
    }


def spread(values: Sequence[float]) -> Row:
    """p50, p95, p99 and the largest."""
    ordered = sorted(values)
    return {
        **{f"p{p}": round(ordered[int(len(ordered) * p / 100)], 2) for p in (50, 95, 99)},
        "max": round(ordered[-1], 2),
    }


def _say(**found: Any) -> None:
    print(json.dumps(found, ensure_ascii=False), flush=True)


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--skip", action="append", choices=("curve", "ablation"), default=[])
    options = parser.parse_args()
    launch.prepare()
    examples = read_examples(options.data)
    rows = [json.loads(line) for line in sys.stdin if line.strip()]
    current = load_archive(options.model)
    blank = Understander.untrained(load(LOOKUPS))
    featurise = cache(blank.featurise)
    _say(kind="model", name=options.model.name.partition(".")[0])
    _say(kind="throughput", **throughput(current, rows))
    _say(kind="current", answers=read(current, rows, featurise))

    def trained(chosen: Sequence[Example], families: str = "", noisy: float = NOISY_SHARE) -> Row:
        started = time.process_time()
        classifier = train(chosen, without(featurise, families), SEED, noisy)
        seconds = time.process_time() - started
        understander = Understander(classifier, blank.lexicon, current.danger_model)
        answers = read(understander, rows, featurise)
        return {
            "sentences": len(chosen),
            "classifier_cpu_s": round(seconds, 1),
            "features": len(classifier.index),
            "answers": answers,
        }

    for share in reversed(SHARES):
        if share < 1 and "curve" in options.skip:
            continue
        chosen = examples if share == 1 else part(examples, share)
        _say(kind="curve", name=share, **trained(chosen))
    if "ablation" in options.skip:
        return 0
    for name, families in FAMILIES.items():
        _say(kind="ablation", name=name, **trained(examples, families))
    _say(kind="ablation", name="noise", **trained(examples, noisy=0.0))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

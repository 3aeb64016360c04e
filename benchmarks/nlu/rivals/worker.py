"""Train one configuration, or read messages with a trained one, and say what it cost.

    python worker.py train --config FILE --data FOLDER --out MODEL.tar.gz
    python worker.py parse --model MODEL.tar.gz < messages.jsonl

Runs in the environment that is measured: the rivals' throw-away one (Python 3.10 with TensorFlow)
or, with `--lean`, the bot's own. It therefore imports nothing of this project but `bot.launch`,
and that only there. Costs are processor seconds of all threads, so other work on the machine
does not count. The last line of the output is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"


def processor_seconds() -> float:
    """User and system time of this process, all threads, and of its ended children."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def resident_mb() -> float:
    """Resident set of this process in MB (Linux)."""
    text = Path("/proc/self/status").read_text("utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024  # type: ignore[union-attr]


def watch_epochs(minutes: float) -> list[dict[str, float]]:
    """Note every pass over the sentences, and let none begin `minutes` after the first began."""
    from rasa.utils.tensorflow.callback import RasaTrainingLogger

    passes: list[dict[str, float]] = []
    began: list[float] = []

    def on_train_begin(*_: Any) -> None:
        began.append(time.monotonic())

    def on_epoch_end(self: Any, epoch: int, logs: Any = None) -> None:
        seconds = time.monotonic() - began[0]
        figures = {name: round(float(value), 4) for name, value in (logs or {}).items()}
        passes.append({"epoch": epoch + 1, "wall_s": round(seconds, 1), **figures})
        print(passes[-1], file=sys.stderr, flush=True)
        self.model.stop_training = seconds > 60 * minutes

    RasaTrainingLogger.on_train_begin = on_train_begin
    RasaTrainingLogger.on_epoch_end = on_epoch_end
    return passes


def train(config: Path, data: Path, out: Path, minutes: float | None) -> dict[str, Any]:
    """Train the understanding alone; the imports are counted apart from the training."""
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.training_data.features import Features

    # Rasa hashes every feature matrix number by number for a cache that is off here. Minutes that
    # change no weight: left out, in the rivals' favour (ours makes no such matrices).
    Features.fingerprint = lambda self: str(id(self))
    passes = watch_epochs(minutes) if minutes else []
    imported, started = processor_seconds(), time.monotonic()
    made = train_nlu(str(config), str(data), str(out.parent), fixed_model_name=out.name)
    if made is None:
        raise SystemExit("nothing was trained")
    return {
        "train_cpu_s": round(processor_seconds() - imported, 1),
        "train_wall_s": round(time.monotonic() - started, 1),
        "train_peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "model_mb": round(Path(made).stat().st_size / 1e6, 1),
        **({"epochs": passes} if passes else {}),
    }


async def _parse(model: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    await agent.parse_message("你好")  # what is built on first use belongs to the loading
    loaded = processor_seconds()
    resident = resident_mb()
    answers, costs = [], []
    for row in rows:
        before = time.process_time()
        found = await agent.parse_message(row["text"])
        costs.append((time.process_time() - before) * 1000)
        ranking = [r for r in found.get("intent_ranking", []) if r["name"] != FALLBACK]
        best = ranking[0] if ranking else found["intent"]
        answers.append({"id": row["id"], "label": best["name"], "confidence": best["confidence"]})
    costs.sort()
    return {
        "answers": answers,
        "load_cpu_s": round(loaded, 1),
        "resident_mb": round(resident),
        "resident_after_mb": round(resident_mb()),
        "parse_cpu_ms_p50": round(costs[len(costs) // 2], 2),
        "parse_cpu_ms_p95": round(costs[int(len(costs) * 0.95)], 2),
    }


def main() -> int:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("train", "parse"))
    parser.add_argument("--lean", action="store_true", help="Rasa without TensorFlow, as we run it")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--minutes", type=float, help="of training a neural network")
    options = parser.parse_args()
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # no part of an earlier training is taken over
    if options.lean:
        from bot.launch import prepare

        prepare()
    if options.what == "train":
        result = train(options.config, options.data, options.out, options.minutes)
    else:
        rows = [json.loads(line) for line in sys.stdin if line.strip()]
        result = asyncio.run(_parse(options.model, rows))
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

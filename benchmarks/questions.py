"""How many questions a screening needs, against asking everything and against a fixed list.

    python -m benchmarks.questions [--households 10000] [--out benchmarks/results/questions.json]

Invented households (seeded) answer truthfully, money by band where bands are offered. Counted are
the questions until the first verdict says something, and until none is open; the verdicts at the
end are compared with those of the complete facts. The fixed list asks every askable fact once,
leaving out what the household had told by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rules.bands import bands
from rules.facts import ASKABLE
from rules.next_question import next_question
from rules.screening import screen
from tests.rules.households import Household, households
from tests.rules.measure_questions import TODAY, outcomes

SEED = 2026
SAID = ("likely", "unlikely", "need_person")


def answer(household: Household, key: str, facts: dict[str, Any]) -> Any:
    """The truth, as the band it lies in when bands are offered."""
    truth = household.truth[key]
    for band in bands(key, facts, household.region, TODAY):
        if band.holds(truth):
            return band.fact()
    return truth


def interview(household: Household, told: dict[str, Any]) -> dict[str, Any]:
    """One household to the end: questions, when the first hint came, and what each call took."""
    facts = dict(told)
    asked: list[str] = []
    seconds: list[float] = []
    hint: int | None = None
    started_with = _spoken(facts, household.region)
    while True:
        before = time.perf_counter()
        key = next_question(facts, household.region, TODAY)
        seconds.append(time.perf_counter() - before)
        if hint is None and (key is None or _spoken(facts, household.region) - started_with):
            hint = len(asked)
        if key is None:
            break
        asked.append(key)
        facts[key] = answer(household, key, facts)
    same = outcomes(facts, household.region) == outcomes(household.truth, household.region)
    fixed = sum(1 for key in ASKABLE if key != "region" and key not in told)
    return {
        "asked": len(asked), "hint": hint, "same": same, "fixed": fixed, "seconds": seconds,
        "income_twice": asked.count("monthly_income_total") > 1,
    }  # fmt: skip


def _spoken(facts: dict[str, Any], region: str) -> set[tuple[str, str]]:
    """Programmes with something to say already."""
    found = screen(facts, region, TODAY).verdicts
    return {(v.program, v.kind) for v in found if v.outcome in SAID}


def one(index_and_household: tuple[int, Household]) -> dict[str, Any]:
    """Every second household starts by telling some facts of its own accord."""
    index, household = index_and_household
    return interview(household, household.opening if index % 2 else household.told)


def report(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures."""
    asked = sorted(result["asked"] for result in results)
    hints = sorted(result["hint"] for result in results)
    calls = sorted(second * 1000 for result in results for second in result["seconds"])
    share = [r["asked"] / r["fixed"] for r in results if r["fixed"]]

    def at(values: list[Any], part: float) -> Any:
        return values[min(len(values) - 1, int(part * len(values)))]

    return {
        "households": len(results),
        "different_verdicts": sum(not result["same"] for result in results),
        "questions_to_first_hint": {"median": at(hints, 0.5), "p90": at(hints, 0.9)},
        "questions_to_stable_result": {
            "median": at(asked, 0.5), "p90": at(asked, 0.9), "most": asked[-1],
        },
        "fixed_list": {
            "median": statistics.median(r["fixed"] for r in results),
            "share_of_it_asked": round(statistics.mean(share), 3),
        },
        "income_asked_again_exactly": round(
            sum(r["income_twice"] for r in results) / len(results), 4
        ),
        "call_ms": {part: round(at(calls, q), 2) for part, q in (("p50", 0.5), ("p95", 0.95))},
    }  # fmt: skip


def main() -> None:
    """Interview, print, and keep the figures with the load of the machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    everyone = list(enumerate(households(arguments.households, seed=SEED)))
    if arguments.workers > 1:
        with ProcessPoolExecutor(arguments.workers) as pool:
            results = list(pool.map(one, everyone, chunksize=50))
    else:
        results = [one(pair) for pair in everyone]
    figures = {
        "command": f"python -m benchmarks.questions --households {arguments.households}",
        "cores": os.cpu_count(), "load_before": round(load, 1), "seed": SEED, **report(results),
    }  # fmt: skip
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""How many questions a screening needs, against asking everything and against a fixed list.

    python -m benchmarks.questions [--households 10000] [--out benchmarks/results/questions.json]

Invented households (seeded) answer truthfully, money by band where bands are offered. Counted are
the questions of the first screening until the first verdict says something, and until none is open;
the verdicts at the end are compared with those of the complete facts. The fixed list asks every
askable fact once, leaving out what the household had told by itself.

Every further programme, judged only when asked for, is counted by itself, on fewer households, and
once all of them together, as nobody is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rules import small
from rules.bands import bands
from rules.criteria import OUTCOMES
from rules.facts import ASKABLE, FURTHER, SCHEMA
from rules.household import COLUMNS, household_row, person_rows
from rules.law import of as law_of
from rules.next_question import next_question
from rules.programmes import FURTHER as FURTHER_PROGRAMMES
from rules.programmes import REGISTRY
from rules.tape import at
from tests.rules.households import Household, households
from tests.rules.measure_questions import TODAY

SEED = 2026
#: A further fact is true of so many households; the rest are not concerned.
CONCERNED = 0.2
#: What a text without a list of words may be.
TEXTS = {
    "student_stage": ("无", "小学", "高中", "大学"),
    "housing": ("自建房", "危房", "无房", "租房"),
    "self_care": ("能自理", "不能自理"),
}
ALL_AT_ONCE = "all at once"
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
    started_with = verdicts(facts, household.region, SAID)
    while True:
        # Processor time: on a shared machine the clock measures the neighbours.
        before = time.thread_time()
        key = next_question(facts, household.region, TODAY)
        seconds.append(time.thread_time() - before)
        if hint is None and (key is None or verdicts(facts, household.region, SAID) - started_with):
            hint = len(asked)
        if key is None:
            break
        asked.append(key)
        facts[key] = answer(household, key, facts)
    same = verdicts(facts, household.region) == verdicts(household.truth, household.region)
    fixed = sum(1 for key in ASKABLE if key != "region" and key not in told)
    return {
        "asked": len(asked), "hint": hint, "same": same, "fixed": fixed, "seconds": seconds,
        "income_twice": asked.count("monthly_income_total") > 1,
    }  # fmt: skip


def verdicts(
    facts: dict[str, Any], region: str, only: tuple[str, ...] = OUTCOMES
) -> set[tuple[str, str]]:
    """(verdict, outcome) of the household; of a person without a sign there is nothing to say."""
    rows = [household_row(facts) | person for person in person_rows(facts)]
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    found = small.evaluate(columns, len(rows), law_of(region, TODAY))
    said = {
        (p.column, at(found[p.column], index))
        for p in REGISTRY
        for index in range(len(rows) if p.subject == "person" else 1)
    }
    return {pair for pair in said if pair[1] in only} - {("danrenbao", "unlikely")}


def further_truth(household: Household, seed: int) -> dict[str, Any]:
    """The truth about what only further programmes ask, for most households the plain case."""
    dice = random.Random(seed)
    truth: dict[str, Any] = {"work_ability": dice.choice(["有", "部分", "无"])}
    for fact in (*(one for one in FURTHER if one.asked), SCHEMA["self_care"]):
        if words := TEXTS.get(fact.key) or fact.words:
            truth[fact.key] = dice.choice(words) if dice.random() < CONCERNED else words[0]
        elif fact.kind == "bool":
            truth[fact.key] = dice.random() < CONCERNED
        else:
            truth[fact.key] = dice.choice([3, 7]) if fact.kind == "count" else 8000
    return truth | household.truth


def asked_for(arguments: tuple[str, int, Household]) -> tuple[str, int]:
    """(programme, questions until it is settled) for a household that asks for that one."""
    code, index, household = arguments
    codes = {p.code for p in FURTHER_PROGRAMMES} if code == ALL_AT_ONCE else {code}
    truth = further_truth(household, SEED + index)
    facts = dict(household.opening if index % 2 else household.told)
    asked = 0
    while (key := next_question(facts, household.region, TODAY, programmes=codes)) is not None:
        asked += 1
        facts[key] = answer(household, key, facts) if key in household.truth else truth[key]
    return code, asked


def by_programme(counted: Iterable[tuple[str, int]]) -> dict[str, dict[str, int]]:
    """Median, nine tenths and most questions of each programme."""
    found: dict[str, list[int]] = {}
    for code, asked in counted:
        found.setdefault(code, []).append(asked)
    return {
        code: {
            "households": len(asked), "median": sorted(asked)[len(asked) // 2],
            "p90": sorted(asked)[len(asked) * 9 // 10], "most": max(asked),
        }
        for code, asked in sorted(found.items())
    }  # fmt: skip


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
        "call_cpu_ms": {part: round(at(calls, q), 2) for part, q in (("p50", 0.5), ("p95", 0.95))},
    }  # fmt: skip


def main() -> None:
    """Interview, print, and keep the figures with the load of the machine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--households", type=int, default=10_000)
    parser.add_argument("--further", type=int, default=100, help="households a further programme")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    everyone = list(enumerate(households(arguments.households, seed=SEED)))
    codes = [*sorted({p.code for p in FURTHER_PROGRAMMES}), ALL_AT_ONCE]
    wishes = [(code, *pair) for code in codes for pair in everyone[: arguments.further]]
    # Not by fork: Polars' threads would not be there in the child.
    with ProcessPoolExecutor(arguments.workers, get_context("spawn")) as pool:
        results = list(pool.map(one, everyone, chunksize=50))
        counted = list(pool.map(asked_for, wishes, chunksize=20))
    figures = {
        "command": f"python -m benchmarks.questions --households {arguments.households}",
        "cores": os.cpu_count(), "load_before": round(load, 1), "seed": SEED, **report(results),
        "further_programme_asked_for": by_programme(counted),
    }  # fmt: skip
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

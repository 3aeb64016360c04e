"""Interviews of made-up households: how many questions, and whether the verdicts are the same.

`python -m tests.rules.measure_questions 2000` prints the figures; the tests run a few of them.
"""

import statistics
import sys
import time
from datetime import date
from typing import Any

from rules.facts import ASKABLE
from rules.next_question import next_question
from rules.screening import screen
from tests.rules.households import Household, households

TODAY = date(2026, 11, 21)


def outcomes(
    facts: dict[str, Any], region: str, declined: frozenset[str] = frozenset()
) -> set[Any]:
    """Verdicts that say something; a single person without a sign says nothing.

    By which way temporary aid is likely is no part of it: one sure way is enough to stop asking.
    """
    return {
        (verdict.program, "" if verdict.program == "linshi" else verdict.kind, verdict.outcome)
        for verdict in screen(facts, region, TODAY).verdicts
        if (verdict.kind, verdict.outcome) != ("danrenbao", "unlikely")
    }


def interview(household: Household, start: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Answer every question truthfully until none is left."""
    facts, asked = dict(start), []
    while (key := next_question(facts, household.region, TODAY)) is not None:
        assert key not in asked, f"{key} asked twice"
        assert key in ASKABLE
        asked.append(key)
        facts[key] = household.truth[key]
    return facts, asked


def main(count: int) -> None:
    """Print the distribution of questions, the disagreements and the time of one call."""
    lengths: list[int] = []
    different = 0
    calls: list[float] = []
    for index, household in enumerate(households(count)):
        began = time.perf_counter()
        facts, asked = interview(household, household.opening if index % 2 else household.told)
        calls.append((time.perf_counter() - began) / (len(asked) + 1))
        lengths.append(len(asked))
        different += outcomes(facts, household.region) != outcomes(
            household.truth, household.region
        )
    print(f"households {count}, different verdicts {different}")
    print(f"questions: median {statistics.median(lengths)}, most {max(lengths)}")
    print(f"by number: {[lengths.count(n) for n in range(max(lengths) + 1)]}")
    print(f"one call: median {statistics.median(calls) * 1000:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)

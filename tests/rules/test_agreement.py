"""One household at a time and a register at once give the same verdicts.

`make agreement` runs 100,000 random households (about an hour); the test run takes a few hundred.
"""

import os
import random
from datetime import date
from typing import Any

import polars as pl

from rules.bulk import screen_register
from rules.household import ALL_COLUMNS, household_row, person_rows
from rules.programmes import REGISTRY
from rules.screening import screen
from tests.rules.households import PLACES, households

COUNT = int(os.environ.get("WENZHU_AGREEMENT", "300"))
DAYS = (date(2026, 11, 21), date(2024, 3, 1))


def _told(truth: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """What somebody says of it: a part, some of it as a range."""
    facts = {key: value for key, value in truth.items() if dice.random() < 0.75}
    for key in ("monthly_income_total", "deposit", "medical_expense_self"):
        if key in facts and dice.random() < 0.25:
            facts[key] = {"low": facts[key], "high": facts[key] + dice.choice([0, 100, 5000])}
    if dice.random() < 0.1:
        facts["receiving"] = [dice.choice(["dibao", "tekun"])]
    return facts


def test_single_and_bulk_agree() -> None:
    dice = random.Random(COUNT)
    for day in DAYS:
        told = [_told(h.truth, dice) for h in households(COUNT // len(DAYS), seed=COUNT)]
        places = [dice.choice(PLACES) for _ in told]
        rows = [household_row(f, further=True) | person_rows(f, further=True)[0] for f in told]
        data = {name: [row.get(name) for row in rows] for name in ALL_COLUMNS}
        table = pl.DataFrame(data, schema=ALL_COLUMNS).with_columns(region=pl.Series(places))
        at_once = screen_register(table, day).to_dicts()
        for facts, place, row in zip(told, places, at_once, strict=True):
            said = {
                (v.program, v.kind if v.kind in ("jiantui", "danrenbao") else ""): v.outcome
                for v in screen(facts, place, day).verdicts
            }
            for programme in REGISTRY:
                kind = programme.kind if programme.kind in ("jiantui", "danrenbao") else ""
                single = said.get((programme.code, kind))
                if single is None:  # a person without a sign, or a household without 低保
                    assert row[programme.column] != "likely", (facts, place)
                    continue
                assert row[programme.column] == single, (programme.column, facts, place, day)

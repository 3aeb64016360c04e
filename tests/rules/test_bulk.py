"""A register is screened by the very rules that answer one person."""

import random
from datetime import date

import polars as pl
import pytest

from rules.bulk import OUTCOME_COLUMNS, compare, screen_frame
from rules.household import COLUMNS, household_row, person_rows
from rules.screening import screen
from tests.rules.households import households

TODAY = date(2026, 11, 21)
REGION = "500233"


def register(count: int) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """`count` register rows drawn from 400 different households, and those households' facts."""
    facts = [household.truth for household in households(400, seed=21)]
    rows = [household_row(f) | person_rows(f)[0] for f in facts]
    base = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in COLUMNS}, schema=COLUMNS
    ).with_row_index("household")
    repeats = -(-count // len(rows))
    return pl.concat([base] * repeats).head(count), facts


def test_a_hundred_thousand_rows_agree_with_single_screening() -> None:
    table, facts = register(100_000)
    result = screen_frame(table, REGION, TODAY)
    assert len(result) == 100_000
    dice = random.Random(4)
    for index in dice.sample(range(100_000), 60):
        row = result.row(index, named=True)
        single = screen(facts[row["household"]], REGION, TODAY)
        for verdict in single.verdicts:
            column = (
                verdict.program if verdict.kind not in ("jiantui", "danrenbao") else verdict.kind
            )
            assert row[column] == verdict.outcome


def test_missing_columns_are_unknown_not_no() -> None:
    table = pl.DataFrame({"id": [1], "size_low": [2], "size_high": [2]})
    result = screen_frame(table, REGION, TODAY)
    assert result["dibao"].to_list() == ["need_answers"]
    assert result.columns == ["id", "size_low", "size_high", *OUTCOME_COLUMNS]


def test_a_wrong_column_type_is_refused() -> None:
    with pytest.raises(pl.exceptions.SchemaError):
        screen_frame(pl.DataFrame({"car": ["有"]}), REGION, TODAY)


def test_a_rise_of_the_standard_shows_who_gains() -> None:
    table = pl.DataFrame(
        {
            "size_low": [1, 1], "size_high": [1, 1], "car": [False, False],
            "deposit_low": [0, 0], "deposit_high": [0, 0],
            "income_total_low": [102_000, 50_000], "income_total_high": [102_000, 50_000],
        }
    )  # fmt: skip
    change = compare(table, "120104", date(2025, 8, 31), date(2025, 9, 1))
    dibao = change.filter(pl.col("column") == "dibao").to_dicts()
    assert dibao == [{"column": "dibao", "before": "unlikely", "after": "likely", "rows": 1}]

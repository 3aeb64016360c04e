"""What a household spends of its own, and what that leaves of its income. Money in fen."""

from typing import Any

import polars as pl
import pytest

from rules.household import ALL_COLUMNS
from rules.law import of as law_of
from rules.programmes.spending import any_of, household_income, least, left_below_margin, most
from tests.rules.test_bulk import TODAY

DTYPES = ALL_COLUMNS | {
    "said_low": pl.Int64, "said_high": pl.Int64, "by_head": pl.Boolean, "income_low": pl.Int64,
    "income_high": pl.Int64, "at_most_low": pl.Int64, "at_most_high": pl.Int64,
}  # fmt: skip


def told(expr: pl.Expr, **columns: Any) -> Any:
    table = pl.DataFrame({name: [columns.get(name)] for name in DTYPES}, schema=DTYPES)
    return table.select(expr.alias("found"))["found"][0]


def both(name: str, low: int | None, high: int | None = None) -> dict[str, Any]:
    return {f"{name}_low": low, f"{name}_high": low if high is None else high}


@pytest.mark.parametrize(
    ("columns", "low", "high"),
    [
        ({}, 0, None),
        (both("medical_self", 100), 100, 100),
        (both("medical_self", 100, 300), 100, 300),
        (both("medical_monthly", 100), 1200, None),
        (both("medical_self", 100) | both("medical_monthly", 100), 1200, 1200),
        (both("medical_self", 5000) | both("medical_monthly", 100), 5000, 5000),
        (both("medical_self", 100) | {"medical_monthly_low": 100}, 1200, None),
        ({"medical_self_low": 100}, 100, None),
        ({"medical_total": 900}, 0, None),
    ],
)
def test_treatment_is_the_larger_of_the_year_and_twelve_months(
    columns: dict[str, Any], low: int, high: int | None
) -> None:
    assert told(least("medical"), **columns) == low
    assert told(most("medical"), **columns) == high


def test_kinds_are_added_up_and_one_left_open_leaves_the_sum_open() -> None:
    columns = both("medical_self", 100) | both("tuition", 20, 30) | both("rehab", 5)
    assert told(least("medical", "study", "rehab"), **columns) == 125
    assert told(most("medical", "study", "rehab"), **columns) == 135
    assert told(least("medical", "study", "accident"), **columns) == 120
    assert told(most("medical", "study", "accident"), **columns) is None
    assert told(most("study"), **columns) == 30


@pytest.mark.parametrize(
    ("columns", "some"),
    [
        ({}, None),
        (both("medical_self", 1), True),
        (both("medical_self", 0), None),
        (both("medical_self", 0) | both("tuition", 0), False),
        (both("medical_self", 0) | both("tuition", 0, 5), None),
        (both("tuition", 5), True),
        ({"medical_total": 5} | both("tuition", 0), True),
        ({"medical_total": 0} | both("tuition", 0), False),
        (both("medical_monthly", 1) | both("tuition", 0), True),
    ],
)
def test_whether_anything_is_spent_is_known_by_one_kind_or_by_all(
    columns: dict[str, Any], some: bool | None
) -> None:
    assert told(any_of("medical", "study"), **columns) is some


def test_an_income_a_head_is_the_households_by_its_heads() -> None:
    columns = {"said_low": 100, "said_high": 200, "size_low": 2, "size_high": 3}
    assert told(household_income("low"), **columns, by_head=True) == 200
    assert told(household_income("high"), **columns, by_head=True) == 600
    assert told(household_income("low"), **columns, by_head=False) == 100
    assert told(household_income("high"), **columns, by_head=False) == 200


def test_what_is_left_is_held_against_the_margin_line_of_the_household() -> None:
    law = law_of("500233", TODAY)  # one and a half times 630 yuan, for two heads and a year
    line = 63_000 * 12 * 2 * 150 // 100
    base = {"by_head": False, "size_low": 2, "size_high": 2, "at_most_low": 63_000 * 12,
            "at_most_high": 63_000 * 12} | both("tuition", 0)  # fmt: skip
    left = left_below_margin(law, "medical", "study")

    def leaves(income: int, cost: int, cost_high: int | None = None, **more: Any) -> Any:
        earned = {"said_low": income, "said_high": income, "income_low": income,
                  "income_high": income}  # fmt: skip
        return told(left, **(base | earned | both("medical_self", cost, cost_high) | more))

    assert leaves(line + 500, 500) is True
    assert leaves(line + 501, 500) is False
    assert leaves(line + 501, 500, 501) is None
    assert leaves(line + 501, 500, tuition_low=1, tuition_high=1) is True
    # What may not count of the income is not what the family lives on.
    assert leaves(line + 600, 500, income_low=line + 500) is True
    # While nobody said which pension it is, all of it may count.
    pension = {"pension": 100, "income_low": line + 500}
    assert leaves(line + 600, 500, **pension) is None
    assert leaves(line + 600, 500, **pension, pension_kind="resident") is True
    assert leaves(line + 600, 500, **pension | {"pension": 0}) is True
    # Of two or three heads it is sure only where both agree.
    assert leaves(line + 501, 500, size_high=3) is None
    assert leaves(line * 3 // 2 + 501, 500, size_high=3) is False

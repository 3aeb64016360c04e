"""The columns all income-tested programmes share: income, heads, lines, deposits, and what is open.

忠县, 2026-11-21: 630 yuan a head and month for rural, 770 for urban residents. Money in fen.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules.criteria import (
    Criterion,
    decide,
    hundredths,
    multiples,
    on_the_line,
    outcome,
    yearly_income_a_head,
    yes,
)
from rules.evaluate import evaluate
from rules.household import frame
from rules.law import Law
from rules.law import of as law_of
from tests.rules.test_bulk import TODAY

RURAL, URBAN = 63_000, 77_000  # a month
YEAR = 12 * RURAL
ZHONGXIAN = law_of("500233", TODAY)


def derived(*rows: dict[str, Any], law: Law = ZHONGXIAN) -> list[dict[str, Any]]:
    """The evaluated rows of rural households, unless a row says otherwise."""
    return evaluate(frame([{"hukou": "rural"} | row for row in rows]), law).to_dicts()


def column(name: str, *rows: dict[str, Any], law: Law = ZHONGXIAN) -> list[Any]:
    return [row[name] for row in derived(*rows, law=law)]


def income(fen: int, **more: Any) -> dict[str, Any]:
    """One person with exactly that monthly income."""
    return {"size_low": 1, "size_high": 1, "income_total_low": fen, "income_total_high": fen} | more


def both(name: str, fen: int | None) -> dict[str, Any]:
    return {f"{name}_low": fen, f"{name}_high": fen}


def test_a_years_income_is_taken_from_the_best_statement() -> None:
    total, year = both("income_total", 100), both("income_year", 500)
    head, size = both("income_head", 30), {"size_low": 2, "size_high": 4}
    rows = [
        ({}, (0, None, 1, 30, False)),
        (size, (0, None, 2, 4, False)),
        (total | year | head | size, (1200, 1200, 2, 4, False)),
        (year | head | size, (500, 500, 2, 4, False)),
        (head | size, (360, 360, 1, 1, True)),
        ({"income_total_low": 100}, (1200, None, 1, 30, False)),
        ({"income_total_high": 100} | year | head, (0, 1200, 1, 30, False)),
        ({"income_total_low": 100} | year | head, (1200, None, 1, 30, False)),
        ({"income_year_low": 500} | head, (500, None, 1, 30, False)),
        ({"income_year_high": 500} | head, (0, 500, 1, 30, False)),
        ({"income_head_low": 30} | size, (360, None, 1, 1, True)),
        ({"income_head_high": 30} | size, (0, 360, 1, 1, True)),
        ({"income_floor": 70} | size, (840, None, 2, 4, False)),
        (total | {"income_floor": 900}, (1200, 1200, 1, 30, False)),
    ]  # fmt: skip
    names = ("said_low", "said_high", "heads_low", "heads_high", "by_head")
    found = derived(*(row for row, _ in rows))
    for (row, expected), one in zip(rows, found, strict=True):
        assert tuple(one[name] for name in names) == expected, row


def test_what_may_not_count_is_taken_off_the_lower_end_alone() -> None:
    rows = [
        ({"pension": 20_000}, 60_000),
        ({"pension": 20_000, "pension_kind": "resident"}, 60_000),
        ({"pension": 20_000, "pension_kind": "employee"}, 80_000),
        ({"pension_kind": "resident"}, 80_000),
        ({"job_cost": 5_000}, 75_000),
        ({"rigid_deduct": 120_000}, 70_000),  # a year
        ({"excluded": 5_000}, 75_000),
        ({"excluded": 5_000, "job_cost": 5_000, "pension": 20_000}, 50_000),
        ({"pension": 99_000}, 0),
        ({"money_aid": 1}, 80_000 - RURAL),
        ({"money_aid": 1, "excluded": 0}, 80_000),
        ({"money_aid": 0}, 80_000),
        ({"wage": 50_000}, 80_000),
    ]
    found = derived(*(income(80_000, **row) for row, _ in rows))
    for (row, low), one in zip(rows, found, strict=True):
        assert (one["income_low"], one["income_high"]) == (12 * low, 12 * 80_000), row


def test_of_a_heads_income_only_a_heads_share_is_taken_off_rounded_up() -> None:
    by_head = both("income_head", 80_000) | {"pension": 10_000}
    sizes = [{"size_low": 7, "size_high": 7}, {"size_low": 2, "size_high": 3}, {}]
    found = column("income_low", *(by_head | size for size in sizes))
    assert found == [12 * 80_000 - 17_143, 12 * 80_000 - 60_000, 12 * 70_000]


def test_where_a_share_of_wages_may_be_taken_off_it_is_unless_a_cost_was_told() -> None:
    law = law_of("152201", TODAY)
    assert law.employment_cost is not None
    share = int(law.employment_cost.low)
    found = column(
        "income_low", income(80_000, wage=50_000), income(80_000, wage=50_000, job_cost=100),
        income(80_000), law=law,
    )  # fmt: skip
    assert found == [12 * (80_000 - 500 * share), 12 * 79_900, 12 * 80_000]


def test_an_income_is_exact_only_when_nothing_of_it_can_still_be_asked() -> None:
    exact = income(80_000)
    rows: list[tuple[dict[str, Any], bool]] = [
        (exact, True),
        (exact | {"income_total_low": 79_000}, False),
        (exact | {"income_total_low": 79_000, "figures_conflict": True}, True),
        (exact | {"income_total_high": None}, False),
        (exact | {"income_total_high": None, "figures_conflict": True}, False),
        (exact | {"size_high": 2}, False),
        (both("income_head", 80_000), True),
        (exact | {"hukou": None}, False),
        (exact | {"pension": 100}, False),
        (exact | {"pension": 0}, True),
        (exact | {"pension": 100, "pension_kind": "resident"}, True),
        (both("income_head", 80_000) | {"pension": 100}, True),
    ]
    found = column("income_exact", *(row for row, _ in rows))
    for (row, truth), one in zip(rows, found, strict=True):
        assert one is truth, row
    assert column("income_exact", exact, law=law_of(None, TODAY)) == [False]
    # Where one standard serves everybody the hukou changes nothing.
    one = next(p for p in ("120104", "350503") if not law_of(p, TODAY).differs_by_hukou)
    assert column("income_exact", exact | {"hukou": None}, law=law_of(one, TODAY)) == [True]


def test_an_income_is_open_when_a_person_has_to_say_what_of_it_counts() -> None:
    rows: list[tuple[dict[str, Any], bool]] = [
        ({}, False),
        ({"figures_conflict": False}, False),
        ({"figures_conflict": True}, True),
        ({"pension": 100, "pension_kind": "resident"}, True),
        ({"pension": 0, "pension_kind": "resident"}, False),
        ({"pension": 100, "pension_kind": "employee"}, False),
        ({"pension": 100}, False),
        ({"job_cost": 1}, True),
        ({"job_cost": 0, "rigid_deduct": 0, "excluded": 0}, False),
        ({"rigid_deduct": 1}, True),
        ({"excluded": 1}, True),
        ({"money_aid": 1}, True),
        ({"money_aid": 1, "excluded": 0}, False),
    ]
    found = column("income_open", *(income(80_000, **row) for row, _ in rows))
    for (row, truth), one in zip(rows, found, strict=True):
        assert one is truth, row


def test_the_lines_follow_the_hukou_and_an_unknown_one_leaves_both() -> None:
    names = ("at_most_low", "at_most_high", "at_least_low", "at_least_high", "law_state")
    rows = [{"hukou": hukou} for hukou in ("rural", "urban", "nonlocal", None)]
    found = [tuple(row[name] for name in names) for row in derived(*rows)]
    rural, urban = 12 * RURAL, 12 * URBAN
    assert found == [
        (rural, rural, rural, rural, "ok"),
        (urban, urban, urban, urban, "ok"),
        (None, None, None, None, "elsewhere"),
        (rural, urban, rural, urban, "ok"),
    ]
    nowhere = derived(*rows, law=law_of(None, TODAY))
    assert [row["law_state"] for row in nowhere] == [None, None, "elsewhere", None]
    bare = derived(*rows, law=law_of("513431", TODAY))
    assert [row["law_state"] for row in bare] == ["none", "none", "elsewhere", "none"]


@pytest.mark.parametrize("times", [100, 150])
def test_exactly_on_a_line_income_is_neither_above_nor_below(times: int) -> None:
    line = RURAL * times // 100
    rows = [income(line + gap) for gap in (-1, 0, 1)]
    assert column(f"income_at_most_{times}", *rows) == [True, True, False]
    assert column(f"income_at_least_{times}", *rows) == [False, True, True]
    band = income(0) | {"income_total_low": line, "income_total_high": line + 1}
    under = income(0) | {"income_total_low": line - 1, "income_total_high": line}
    assert column(f"income_at_most_{times}", band, under) == [None, True]
    assert column(f"income_at_least_{times}", band, under) == [True, None]
    # Two or three heads: sure only where it is sure for both numbers.
    rows = [income(line * 2 + gap, size_low=2, size_high=3) for gap in (-1, 0, 1)]
    assert column(f"income_at_most_{times}", *rows) == [True, True, None]
    assert column(f"income_at_least_{times}", *rows) == [False, None, None]
    rows = [income(line * 3 + gap, size_low=2, size_high=3) for gap in (-1, 0, 1)]
    assert column(f"income_at_most_{times}", *rows) == [None, None, False]
    assert column(f"income_at_least_{times}", *rows) == [None, True, True]


def test_deposits_are_large_above_a_years_standard_a_head() -> None:
    def deposit(low: int | None, high: int | None, **more: Any) -> dict[str, Any]:
        return {"size_low": 1, "size_high": 1, "deposit_low": low, "deposit_high": high} | more

    two = {"size_low": 2, "size_high": 3}
    rows = [
        (deposit(YEAR, YEAR), False), (deposit(YEAR + 1, YEAR + 1), True),
        (deposit(YEAR, YEAR + 1), None), (deposit(None, None), None), (deposit(None, YEAR), False),
        (deposit(YEAR + 1, None), True), (deposit(0, 0, size_low=None, size_high=None), False),
        (deposit(1, 1, size_low=None, size_high=None), False),
        (deposit(YEAR + 1, YEAR + 1, size_low=None, size_high=None), None),
        (deposit(30 * YEAR, 30 * YEAR, size_low=None, size_high=None), None),
        (deposit(30 * YEAR + 1, 30 * YEAR + 1, size_low=None, size_high=None), True),
        (deposit(2 * YEAR, 2 * YEAR, **two), False), (deposit(3 * YEAR, 3 * YEAR, **two), None),
        (deposit(3 * YEAR + 1, 3 * YEAR + 1, **two), True),
        (deposit(0, 0, hukou="nonlocal"), False), (deposit(1, 1, hukou="nonlocal"), None),
    ]  # fmt: skip
    found = column("has_big_deposit", *(row for row, _ in rows))
    for (row, truth), one in zip(rows, found, strict=True):
        assert one is truth, row


def test_property_is_in_doubt_for_a_car_large_deposits_or_a_second_home() -> None:
    poor = {"size_low": 1, "size_high": 1, "car": False, "deposit_low": 0, "deposit_high": 0}
    rows: list[tuple[dict[str, Any], bool | None]] = [
        (poor, False), (poor | {"car": True}, True), (poor | {"car": None}, None),
        (poor | {"houses": 1}, False), (poor | {"houses": 2}, True), (poor | {"houses": 3}, True),
        (poor | {"deposit_low": YEAR + 1, "deposit_high": YEAR + 1}, True),
        ({"car": None, "houses": 2}, True),
    ]  # fmt: skip
    found = column("property_doubt", *(row for row, _ in rows))
    for (row, truth), one in zip(rows, found, strict=True):
        assert one is truth, row


def test_the_yearly_income_a_head_is_the_least_it_can_be() -> None:
    rows = pl.DataFrame(
        {"said_low": [120_000, 0, 0, 120_000], "said_high": [120_000, 0, None, None],
         "heads_high": [4, 4, 4, 1]}
    )  # fmt: skip
    found = rows.select(yearly_income_a_head().alias("found"))["found"].to_list()
    assert found == [300, 0, None, 1200]


def test_three_valued_helpers() -> None:
    table = pl.DataFrame({"a": [True, False, None, None], "b": [True, True, True, None]})
    a, b = pl.col("a"), pl.col("b")
    assert table.select(decide(a, b).alias("x"))["x"].to_list() == [True, False, False, None]
    assert table.select(yes(a).alias("x"))["x"].to_list() == [True, False, False, False]
    chosen = outcome((a, "first"), (b, "second"), otherwise="third")
    assert table.select(chosen.alias("x"))["x"].to_list() == ["first", "second", "second", "third"]


def test_multiples_are_hundredths_of_the_standard() -> None:
    assert hundredths(None) is None
    assert hundredths(ZHONGXIAN.edge_multiple) == 150
    assert {100, 150} <= set(multiples(ZHONGXIAN))
    criterion = Criterion("x", "DB-01", "", (), pl.lit(value=True))
    assert (criterion.wanted, criterion.multiple, criterion.open_line) == (True, 100, False)


def test_a_line_that_is_a_range_is_spoken_of_as_one() -> None:
    liangshan = law_of("513431", date(2016, 6, 1))
    rural, urban = liangshan.standards["rural"], liangshan.standards["urban"]
    assert (rural.value, urban.value) == (2880, None)
    exact, inside = "人均收入正好等于低保标准", "在低保标准的区间里"
    assert on_the_line(ZHONGXIAN, 100) == exact
    assert on_the_line(ZHONGXIAN, 100, 150) == f"{exact}或1.5倍低保标准"
    assert on_the_line(liangshan, 100) == f"{exact}，或{inside}"
    assert on_the_line(replace(liangshan, standards={"urban": urban}), 100) == f"人均收入{inside}"
    assert on_the_line(replace(liangshan, standards={"rural": rural}), 100) == exact
    assert on_the_line(replace(liangshan, standards={}), 100) == exact

"""A register in the frame's own columns: cells that cannot be are named, the rest is screened."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from rules import facts as schema
from rules import register_checks
from rules.bulk import screen_register
from rules.household import ALL_COLUMNS
from rules.register_checks import checked, is_framed
from tests.rules.test_bulk import TODAY


def named(data: dict[str, Any]) -> tuple[pl.DataFrame, set[tuple[int, str, str]]]:
    clean, issues, count = checked(pl.DataFrame(data))
    assert count == len(issues)
    return clean, {(i.line, i.field, i.reason) for i in issues}


def test_a_framed_register_loses_only_its_impossible_cells() -> None:
    table = pl.DataFrame(
        {
            "household": ["a", "b", "c", "d"],
            "size_low": [1, 2, 0, 3], "size_high": [1, 2, 0, 2],
            "income_total_low": [-5, 70_000, 1, 2], "hukou": ["rural", "mars", None, "urban"],
            "age_low": [30, 200, 40, 50],
        }
    )  # fmt: skip
    assert is_framed(table.columns)
    assert not is_framed(["household", "car", "hukou"])
    clean, issues, count = checked(table)
    named = {(i.line, i.field, i.reason) for i in issues}
    assert named == {
        (2, "income_total_low", "不能是负数"), (3, "hukou", "不认识的代码"),
        (3, "age_low", "大得不像真的"), (4, "size_low", "家里至少一个人"),
        (4, "size_high", "家里至少一个人"), (5, "size_low", "范围前后颠倒了"),
    }  # fmt: skip
    assert count == 6
    assert clean["size_low"].to_list() == [1, 2, None, None]
    assert clean["size_high"].to_list() == [1, 2, None, None]
    assert clean["income_total_low"].to_list() == [None, 70_000, 1, 2]
    assert clean["hukou"].to_list() == ["rural", None, None, "urban"]
    assert all(clean[n].dtype == ALL_COLUMNS[n] for n in clean.columns if n in ALL_COLUMNS)


def test_a_framed_register_without_a_fault_stays_as_it_is() -> None:
    table = pl.DataFrame(
        {"household": ["a", "b"], "size_low": [1, 2], "car": [True, None], "hukou": ["rural", None]}
    )
    clean, issues, count = checked(table)
    assert clean.equals(table)
    assert (issues, count) == ([], 0)


def test_a_framed_register_may_lack_columns_and_names_only_so_many_issues(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(register_checks, "MOST_NAMED", 4)
    table = pl.DataFrame(
        {"deposit_low": [-1, -2, 5], "income_total_low": [-1, -2, -3], "pension": [1, 2, -3]}
    )
    clean, issues, count = checked(table, first_line=10)
    assert [(i.line, i.household, i.field) for i in issues] == [
        (10, "", "income_total_low"), (11, "", "income_total_low"), (12, "", "income_total_low"),
        (12, "", "pension"),
    ]  # fmt: skip
    assert count == 6
    assert clean["deposit_low"].to_list() == [None, None, 5]


def test_one_strange_column_does_not_change_what_the_file_is() -> None:
    typed = ["household", "household_size", "monthly_income_total", "hukou", "level"]
    assert not is_framed(typed)
    assert not is_framed(["户号", "家里一起生活的人数", "存款（万元）", "wage"])
    framed = ["household", "size_low", "size_high", "income_total_low", "hukou", "household_size"]
    assert is_framed(framed)


def test_cells_of_a_text_file_are_read_and_the_unreadable_named() -> None:
    clean, issues = named(
        {
            "household": list("abcd"), "nth": ["0", "0", "x", "0"],
            "size_low": ["1", "abc", " 3 ", ""], "age_low": ["30.0", "1.5", "9" * 400, "不清楚"],
            "car": ["false", "有", "maybe", None], "disability_type": ["精神", "foo", "无", None],
            "housing": ["危房", "砖混", "无房", None],
        }
    )  # fmt: skip
    assert issues == {
        (3, "size_low", "看不懂这个数"), (3, "age_low", "看不懂这个数"),
        (4, "age_low", "看不懂这个数"), (4, "nth", "看不懂这个数"),
        (4, "car", "只能写有或无、是或否"), (3, "disability_type", "不认识的代码"),
        (3, "housing", "不认识的代码"),
    }  # fmt: skip
    assert clean["size_low"].to_list() == [1, None, 3, None]
    assert clean["age_low"].to_list() == [30, None, None, None]
    assert clean["car"].to_list() == [False, True, None, None]
    assert clean["nth"].to_list() == [0, 0, None, 0]
    assert screen_register(clean, TODAY, "500233")["dibao"].to_list() == ["need_answers"] * 4


def test_columns_of_other_types_are_read_or_named_as_a_whole() -> None:
    nan = float("nan")
    clean, issues = named(
        {
            "size_low": [1.0, nan, 2.5], "level": pl.Series([1, 2, 9], dtype=pl.UInt8),
            "car": [1, 0, 7], "hukou": [["rural"]] * 3, "wage": [date(2026, 1, 1)] * 3,
            "pension": pl.Series([b"1"] * 3, dtype=pl.Binary),
            "region": [500233.0, 999999.0, None], "foo": ["x"] * 3,
        }
    )  # fmt: skip
    assert issues == {
        (1, "foo", "不认识的列，没有用它"), (1, "hukou", "这一列的类型不对，没有用这一列"),
        (1, "wage", "这一列的类型不对，没有用这一列"),
        (1, "pension", "这一列的类型不对，没有用这一列"), (3, "size_low", "看不懂这个数"),
        (4, "size_low", "看不懂这个数"), (4, "level", "大得不像真的"),
        (4, "car", "只能写有或无、是或否"), (3, "region", "没有这个行政区划代码，当作没有写"),
    }  # fmt: skip
    assert clean["region"].to_list() == ["500233", None, None]
    assert clean["hukou"].null_count() == clean["wage"].null_count() == 3


def test_a_place_that_is_none_costs_only_its_rows_their_place() -> None:
    clean, issues = named(
        {
            "household": list("abcdef"), "size_low": [1] * 6,
            "region": ["500233", "500233abc", "重庆忠县", "500999", "500999", "-"],
        }
    )  # fmt: skip
    assert issues == {
        (3, "region", "没有这个行政区划代码，当作没有写"),
        (5, "region", "名录里没有500999这个地方，按重庆市的规定算（共2行）"),
    }
    assert clean["region"].to_list() == ["500233", None, "500233", "500999", "500999", None]
    assert len(screen_register(clean, TODAY)) == 6


def test_a_file_with_names_alone_for_places_gets_their_codes() -> None:
    clean, issues = named({"size_low": [1, 2, 1], "region": ["重庆忠县", " 重庆忠县 ", None]})
    assert clean["region"].to_list() == ["500233", "500233", None]
    assert issues == set()


def test_every_place_named_is_counted() -> None:
    table = pl.DataFrame({"size_low": [1, 1], "region": ["500999", "500998"]})
    assert checked(table)[2] == 2


@pytest.mark.parametrize("column", [n for n, d in ALL_COLUMNS.items() if d == pl.Int64])
def test_every_number_has_a_ceiling(column: str) -> None:
    clean, issues = named({column: [10**15, 1]})
    assert issues == {(2, column, "大得不像真的")}
    assert clean[column].to_list() == [None, 1]


@pytest.mark.parametrize(
    ("column", "most"),
    [
        ("size_high", 30), ("age_low", 120), ("level", 4), ("adl_unable", 6), ("houses", 1000),
        ("clergy_years", 1000), ("father_months_low", 1000), ("money_aid", 4),
        ("income_total_low", 100_000_000), ("wage", 100_000_000), ("excluded", 100_000_000),
        ("income_year_low", 10_000_000_000), ("deposit_high", 10_000_000_000),
        ("tuition_low", 10_000_000_000), ("rehab_low", 10_000_000_000),
    ],
)  # fmt: skip
def test_a_number_of_the_frame_may_reach_its_limit_and_not_pass_it(column: str, most: int) -> None:
    """In fen, as the frame has it: a million yuan a month, a hundred million in all."""
    clean, issues = named({column: [most, most + 1, 1]})
    assert issues == {(3, column, "大得不像真的")}
    assert clean[column].to_list() == [most, None, 1]
    least = 1 if column == "size_high" else 0
    clean, issues = named({column: [least, -1]})
    assert issues == {(3, column, "不能是负数")}
    assert clean[column].to_list() == [least, None]


def test_costs_with_a_low_and_a_high_column_have_their_limit() -> None:
    too_much = schema.MAX_SUM_YUAN * 100 + 1
    names = ("accident_high", "rehab_high", "tuition_high", "medical_monthly_high")
    table = pl.DataFrame({"household": ["a"], **{name: [too_much] for name in names}})
    found, issues, count = checked(table)
    assert count == len(names)
    assert {issue.field for issue in issues} == set(names)
    assert found.select(names).row(0) == (None,) * len(names)

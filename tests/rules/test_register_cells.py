"""What a cell of a register means, and to whom of a household's lines it belongs."""

import polars as pl
import pytest

from rules.register import UNKNOWN, cell, facts_rows, in_chunks
from rules.register_columns import Column, columns_of
from tests.rules.test_bulk import TODAY
from tests.rules.test_register import read


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1,200", 1200), ("1200.50", 1200.5), ("1200.0", 1200), ("0", 0), ("3千", None),
        ("3千元", 3000), ("2百元", 200), ("2.5万", 25_000), ("2.5万元", 25_000), ("15块", 15),
        ("15块钱", 15), ("500元/月", 500), ("500每月", 500), ("500 元 一个月", 500),
        ("500 月", 500),
        ("800-1200", {"low": 800, "high": 1200}), ("800至1200元", {"low": 800, "high": 1200}),
        ("800到1200", {"low": 800, "high": 1200}), ("800～1200", None), ("800-1200-3", None),
        ("8百-9百元", None), ("-", None), ("约800", None), ("800.005", 800.0), ("800.006", 800.01),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_every_way_it_is_written_or_named(
    written: str, read_as: object
) -> None:
    value, reason = cell(Column("x", "monthly_income_total", per="月"), written)
    assert value == read_as
    assert bool(reason) == (read_as is None and written != "-")


@pytest.mark.parametrize(
    ("key", "written", "reason"),
    [
        ("household_size", "3元", "这一列不是钱，不带单位"),
        ("household_size", "3万", "这一列不是钱，不带单位"),
        ("household_size", "3月", "这一列不是钱，不带单位"),
        ("monthly_income_total", "500元/年", "这一列按月填，这里写的是按年，单位不一致"),
        ("monthly_income_total", "-5", "全家一个月总收入不能是负数"),
        ("monthly_income_total", "900-800", "全家一个月总收入的范围前后颠倒了"),
        ("monthly_income_total", 5.5, ""),
        ("monthly_income_total", float("inf"), "不是一个数"),
        ("monthly_income_total", {"low": 1}, "看不懂这一格，一格里只写一项"),
        ("monthly_income_total", b"5", "看不懂这一格，一格里只写一项"),
        ("receiving", ["dibao"], ""),
        ("car", "也许", "只能写有或无、是或否"),
        ("car", "有", ""),
        ("car", "否", ""),
        ("hukou", "农业", ""),
        ("hukou", "非农业", ""),
        ("shock", "交通事故", ""),
        ("pension_kind", "职工", ""),
        ("pension_kind", "退休", "看不懂这个养老金种类：退休"),
        ("birth_date", "1950-13-01", "出生日期要写成2008-05-01这样"),
        ("birth_date", "2026-11-22", "出生日期在2026年11月21日以后，请再核对一下"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_reason(
    key: str, written: object, reason: str
) -> None:
    value, said = cell(
        Column("x", key, per="月" if key.startswith("monthly") else ""), written, TODAY
    )
    assert said == reason
    assert (value is None) == bool(reason)


@pytest.mark.parametrize("written", sorted(UNKNOWN | {" 不清楚 ", "NA", "N/A", "Null"}))
def test_a_word_for_not_knowing_is_not_known_in_every_column(written: str) -> None:
    for key in ("household_size", "car", "hukou", "deposit", "receiving", "birth_date", "region"):
        assert cell(Column("x", key), written) == (None, "")


@pytest.mark.parametrize("between", list(";；、,，"))
def test_every_sign_between_words_parts_them(between: str) -> None:
    assert cell(Column("x", "receiving"), f"低保{between} 特困 {between}") == (
        ["dibao", "tekun"],
        "",
    )


def test_a_fact_told_in_two_ways_by_a_household_is_told_in_none() -> None:
    found, issues = read(
        "household,person,household_size,hukou,deposit\n甲,1,3,农村,\n甲,2,3,城镇,100\n甲,3,,农村,100\n"
    )
    assert found[0].facts == {"household_size": 3, "deposit": 100}
    assert [(i.line, i.field, i.value) for i in issues] == [
        (3, "hukou", "urban"),
        (4, "hukou", "rural"),
    ]
    assert found[0].clashes == ("hukou",)
    assert found[0].persons == ("1", "2", "3")


def test_what_is_a_persons_own_stays_with_the_person() -> None:
    found, issues = read(
        "household,person,household_size,monthly_income_member,age,disability_level\n"
        "甲,奶奶,2,500,70,\n甲,孙子,2,,8,二级\n乙,王,1,400,50,无\n"
    )
    assert issues == []
    assert found[0].facts == {
        "household_size": 2,
        "members": [{"relation": "奶奶", "monthly_income": 500, "age": 70},
                    {"relation": "孙子", "age": 8, "disability_level": "二级"}],
    }  # fmt: skip
    assert found[1].facts == {
        "household_size": 1, "monthly_income_member": 400, "age": 50, "disability_level": "无",
    }  # fmt: skip


def test_a_line_like_an_earlier_one_is_another_person_only_when_it_says_something_of_one() -> None:
    text = "household,household_size,age\n甲,3,70\n甲,3,8\n甲,3,70\n乙,2,\n乙,2,\n"
    found, issues = read(text)
    assert [(i.line, i.household, i.field) for i in issues] == [(4, "甲", "person")]
    assert "和第2行一样" in issues[0].reason
    assert [len(h.facts.get("members", [])) for h in found] == [3, 0]


def test_a_township_told_in_two_ways_is_no_doubt_about_the_household() -> None:
    found, issues = read("household,person,township\n甲,1,石宝镇\n甲,2,拔山镇\n乙,1,石宝镇\n")
    assert [(i.line, i.field) for i in issues] == [(3, "township")]
    assert [(h.township, h.clashes) for h in found] == [("", ()), ("石宝镇", ())]


def test_the_rows_carry_the_ids_of_their_household() -> None:
    found, _ = read(
        "household,person,age,region,township\n甲,1,70,500233,石宝镇\n甲,2,8,500233,石宝镇\n"
    )
    rows = facts_rows(found[0], TODAY)
    ids = ("household", "file_line", "region", "township", "nth")
    assert [tuple(row[name] for name in ids) for row in rows] == [
        ("甲", 2, "500233", "石宝镇", 0), ("甲", 2, "500233", "石宝镇", 1),
    ]  # fmt: skip


def test_a_chunk_has_as_many_lines_as_asked_for_when_households_are_single() -> None:
    table = pl.DataFrame({"household": list("abcde"), "car": ["1"] * 5})
    columns, _ = columns_of(table.columns)
    for rows, sizes in ((2, [2, 2, 1]), (5, [5]), (1, [1] * 5), (9, [5])):
        assert [len(chunk) for chunk in in_chunks(table, columns, rows=rows)] == sizes

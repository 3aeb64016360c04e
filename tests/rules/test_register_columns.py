"""Units of a register's columns: converted where they mean one thing, named where they do not."""

import polars as pl
import pytest

from rules.bulk import screen_register
from rules.register import facts_rows, households, in_chunks, register_frame
from rules.register_columns import Issue, columns_of
from tests.rules.test_bulk import TODAY


def read(header: str, *cells: object) -> tuple[dict[str, object], list[Issue]]:
    """The facts and issues of one household with one more column."""
    table = pl.DataFrame({"household": ["甲"] * len(cells), header: cells})
    columns, issues = columns_of(table.columns)
    (chunk,) = in_chunks(table, columns)
    (household,) = households(chunk, columns, issues, TODAY)
    return household.facts, issues


@pytest.mark.parametrize(
    ("header", "cell", "facts"),
    [
        ("annual_income_total（元/月）", "6000", {"annual_income_total": 72_000}),
        ("annual_income_total（万元）", "2", {"annual_income_total": 20_000}),
        ("monthly_income_total（元/年）", "21600", {"monthly_income_total": 1800}),
        ("monthly_income_total（元/户·月）", "900", {"monthly_income_total": 900}),
        ("monthly_income_total（元/人·月）", "700", {"monthly_income_per_capita": 700}),
        ("全家一个月总收入（元／人／月）", "700", {"monthly_income_per_capita": 700}),
        ("annual_income_total（元/人）", "6000", {"monthly_income_per_capita": 500}),
        ("monthly_income_per_capita（元/人·年）", "6000", {"monthly_income_per_capita": 500}),
        ("pension_monthly（元/人·月）", "160", {"pension_monthly": 160}),
        ("近一年看病自己出的钱（元/月）", "2000", {"medical_expense_self": 24_000}),
        ("tuition（元/年）", "8000", {"tuition": 8000}),
        ("deposit（千元）", "3", {"deposit": 3000}),
        ("年龄（岁）", "45", {"age": 45}),
        ("家里一起生活的人数（人）", "3", {"household_size": 3}),
        # What stands beside the figure goes before the header.
        ("deposit（万元）", "0.5万", {"deposit": 5000}),
        ("deposit（万元）", "5000元", {"deposit": 5000}),
        ("deposit（分）", "2千元", {"deposit": 2000}),
        ("monthly_income_total（元/年）", "2万元/年", {"monthly_income_total": 1666.67}),
    ],
)
def test_a_unit_that_means_one_thing_is_converted(
    header: str, cell: str, facts: dict[str, object]
) -> None:
    assert read(header, cell) == (facts, [])


@pytest.mark.parametrize(
    "header",
    [
        "deposit（元/月）", "deposit（元/年）", "debt（元/月）", "tuition（元/月）",
        "medical_expense（元/月）", "medical_expense_self（元/人·年）", "job_cost（元/人·月）",
        "monthly_income_per_capita（元/户·月）", "monthly_income_total（元/天）",
        "monthly_income_total（元/月/年）", "年龄（月）", "hukou（元）", "region（元）",
    ],
)  # fmt: skip
def test_a_unit_that_cannot_be_the_facts_own_names_the_column(header: str) -> None:
    facts, issues = read(header, "6000")
    assert facts == {}
    assert [(i.line, i.field, i.reason) for i in issues] == [
        (1, header, "看不懂这一列的单位，没有用这一列")
    ]


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("deposit", "5000元/年", "这一列不按月、不按年，这里写的是按年，单位不一致"),
        ("annual_income_total（元/月）", "6000/年", "这一列按月填，这里写的是按年，单位不一致"),
        ("monthly_income_total", "," * 3, "看不懂这个数"),
        ("monthly_income_total", "9" * 400, "大得不像真的，请再核对一下：全家一个月总收入"),
        ("monthly_income_total", "9" * 100_000, "写得太长，看不懂"),
        ("monthly_income_total", float("nan"), "不是一个数"),
        ("monthly_income_total", float("inf"), "不是一个数"),
        ("household_size", "9" * 400, "大得不像真的，请再核对一下：家里一起生活的人数"),
        ("hukou", ["rural"], "看不懂这一格，一格里只写一项"),
        ("hukou", {"a": 1}, "看不懂这一格，一格里只写一项"),
    ],
)
def test_a_cell_that_is_no_value_is_named_and_never_stops_the_file(
    header: str, cell: object, reason: str
) -> None:
    facts, issues = read(header, cell)
    assert facts == {}
    assert [(i.line, i.household, i.reason) for i in issues] == [(2, "甲", reason)]
    assert len(issues[0].value) < 80


def test_a_list_column_of_a_parquet_file_is_a_list() -> None:
    assert read("receiving", ["dibao", "特困"]) == ({"receiving": ["dibao", "tekun"]}, [])


def test_of_two_columns_with_the_income_per_head_the_one_of_that_name_is_used() -> None:
    names = ["household", "monthly_income_total（元/人·月）", "monthly_income_per_capita"]
    columns, issues = columns_of(names)
    assert [column.name for column in columns] == ["household", "monthly_income_per_capita"]
    assert [i.field for i in issues] == ["monthly_income_total（元/人·月）"]
    totals = ["household", "monthly_income_total（元/人·月）", "annual_income_total（元/人）"]
    columns, issues = columns_of(totals)
    assert [column.name for column in columns] == totals[:2]
    assert [i.field for i in issues] == totals[2:]


def test_the_verdict_goes_by_the_converted_figure() -> None:
    shared = {"household": "甲", "household_size": "3", "hukou": "rural", "car": "无",
              "deposit": "0"}  # fmt: skip
    found = []
    for more in (
        {"annual_income_total（元/月）": "6000"}, {"monthly_income_total": "6000"},
        {"monthly_income_total（元/人·月）": "700"}, {"monthly_income_total": "2100"},
    ):  # fmt: skip
        table = pl.DataFrame({name: [cell] for name, cell in (shared | more).items()})
        columns, issues = columns_of(table.columns)
        (chunk,) = in_chunks(table, columns)
        rows = [row for h in households(chunk, columns, issues) for row in facts_rows(h, TODAY)]
        found.append(screen_register(register_frame(rows), TODAY, "500233")["dibao"][0])
    assert found == ["unlikely"] * 4

"""Registers as people keep them: every bad cell is named, the rest is still computed."""

from datetime import date, datetime

import polars as pl
import pytest

from rules.bulk import screen_register
from rules.register import (
    Household,
    facts_rows,
    households,
    in_chunks,
    register_frame,
)
from rules.register_columns import Issue, UnusableRegister, columns_of, missing_columns
from rules.screening import screen
from tests.rules.test_bulk import TODAY

HEADER = "household,household_size,monthly_income_total,hukou,car,deposit,age"


def read(text: str) -> tuple[list[Household], list[Issue]]:
    table = pl.read_csv(text.encode(), infer_schema=False)
    columns, issues = columns_of(table.columns)
    found = [
        household
        for chunk in in_chunks(table, columns)
        for household in households(chunk, columns, issues, TODAY)
    ]
    return found, issues


def one(line: str, header: str = HEADER) -> tuple[Household, list[Issue]]:
    found, issues = read(f"{header}\n{line}\n")
    assert len(found) == 1
    return found[0], issues


def test_a_good_line_gives_the_facts_and_no_issue() -> None:
    household, issues = one("甲,3,1800,农村,无,2000,45")
    assert not issues
    assert household.facts == {
        "household_size": 3, "monthly_income_total": 1800, "hukou": "rural", "car": False,
        "deposit": 2000, "age": 45,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("甲,3,-1800,农村,无,2000,45", "monthly_income_total",
         "全家一个月总收入不能是负数"),
        ("甲,3,1800,农村,无,2000,200", "age", "年龄大得不像真的，请再核对一下：年龄"),
        ("甲,3,1800,火星,无,2000,45", "hukou", "看不懂这个户口性质：火星"),
        ("甲,3,1800,农村,大概,2000,45", "car", "只能写有或无、是或否"),
        ("甲,3,21600元/年,农村,无,2000,45", "monthly_income_total",
         "这一列按月填，这里写的是按年，单位不一致"),
        ("甲,3,一千八左右,农村,无,2000,45", "monthly_income_total", "看不懂这个数"),
        ("甲,2.5,1800,农村,无,2000,45", "household_size", "家里一起生活的人数要是整数"),
        ("甲,0,1800,农村,无,2000,45", "household_size", "家里人数要在1到30之间，请再说一次"),
        ("甲,3万,1800,农村,无,2000,45", "household_size", "这一列不是钱，不带单位"),
        ("甲,3人/月,1800,农村,无,2000,45", "household_size", "看不懂这个数"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_the_rest_still_counts(line: str, field: str, reason: str) -> None:
    household, issues = one(line)
    assert [(i.line, i.household, i.field, i.reason) for i in issues] == [(2, "甲", field, reason)]
    assert field not in household.facts
    assert len(household.facts) == 5
    rows = register_frame(facts_rows(household, TODAY))
    outcome = screen_register(rows, TODAY, "500233")["dibao"][0]
    assert outcome == screen(household.facts, "500233", TODAY).of("dibao").outcome


def test_an_income_that_cannot_be_read_is_unknown_and_never_zero() -> None:
    household, _ = one("甲,3,-1,农村,无,0,45")
    rows = register_frame(facts_rows(household, TODAY))
    assert screen_register(rows, TODAY, "500233")["dibao"].to_list() == ["need_answers"]


def test_units_in_the_header_are_converted_and_unknown_ones_refused() -> None:
    header = "户号,全家一个月总收入（元/年）,存款（万元）"
    household, issues = one("甲,21600,3", header)
    assert household.facts == {"monthly_income_total": 1800, "deposit": 30_000}
    assert not issues
    household, issues = one("甲,21600", "户号,存款（斤）")
    assert household.facts == {}
    assert [(i.line, i.field) for i in issues] == [(1, "存款（斤）")]
    assert issues[0].to_json() == {
        "line": 1, "household": "", "field": "存款（斤）", "value": "斤",
        "reason": "看不懂这一列的单位，没有用这一列",
    }  # fmt: skip


def test_missing_columns_are_named_and_unknown_ones_too() -> None:
    table = pl.read_csv(b"household,car,colour\nx,1,red\n", infer_schema=False)
    columns, issues = columns_of(table.columns)
    assert [i.field for i in issues] == ["colour"]
    assert {"household_size", "monthly_income_total"} <= set(missing_columns(columns))
    told, _ = columns_of(["household", "annual_income_total"])
    assert "monthly_income_total" not in missing_columns(told)
    with pytest.raises(UnusableRegister, match="户号"):
        columns_of(["car"])
    with pytest.raises(UnusableRegister):
        columns_of(["household", "car", "有没有汽车"])


def test_contradictions_go_to_a_person_and_are_named() -> None:
    household, issues = one("甲,3,5", "household,household_size,num_children")
    assert [i.field for i in issues] == ["num_children"]
    rows = facts_rows(household, TODAY)
    assert rows[0]["figures_conflict"] is True


def test_persons_of_one_household_on_several_lines_even_apart() -> None:
    found, issues = read(
        "household,person,household_size,monthly_income_total,disability_level,age\n"
        "甲,1,2,900,一级,40\n乙,1,1,500,,70\n甲,2,2,,,38\n甲,2,2,900,,38\n甲,3,4,900,,8\n"
    )
    assert [h.id for h in found] == ["甲", "乙"]
    assert [(i.line, i.field) for i in issues] == [(5, "person"), (6, "household_size")]
    assert "household_size" not in found[0].facts
    assert found[0].facts["monthly_income_total"] == 900
    rows = facts_rows(found[0], TODAY)
    assert rows[0]["level"] == 1
    assert rows[0]["figures_conflict"] is True
    assert facts_rows(found[1], TODAY)[0]["age_low"] == 70


def test_an_unknown_place_is_named_and_not_replaced() -> None:
    household, issues = one("甲,999999", "household,region")
    assert household.region is None
    assert [(i.field, i.value) for i in issues] == [("region", "999999")]
    household, issues = one("甲,500233abc", "household,region")
    assert (household.region, issues[0].reason) == (None, "没有这个行政区划代码，当作没有写")
    household, issues = one("甲,500233", "household,region")
    assert (household.region, issues) == ("500233", [])


def test_a_place_may_be_a_name_and_what_it_is_taken_for_is_said() -> None:
    assert one("甲,重庆忠县", "household,region") == (one("甲,500233", "household,region")[0], [])
    household, issues = one("甲,500999", "household,region")
    assert household.region == "500999"
    assert [i.reason for i in issues] == ["名录里没有500999这个地方，按重庆市的规定算"]
    household, issues = one("甲,市中区", "household,region")
    assert household.region is None
    assert issues[0].reason.startswith("有几个地方叫“市中区”，请写代码：")
    household, issues = one("甲,火星", "household,region")
    assert (household.region, issues[0].reason) == (None, "没有找到这个地方，当作没有写")


@pytest.mark.parametrize(
    ("header", "line", "field", "forgotten"),
    [
        ("age,birth_date", "70,2010-01-01", "age", {"age", "birth_date"}),
        ("shock,accident", "无,车祸", "shock", {"shock", "accident"}),
        ("employed,lost_job", "有,是", "employed", {"employed", "lost_job"}),
        ("wage_monthly,monthly_income_total", "3000,900", "wage_monthly",
         {"wage_monthly", "monthly_income_total"}),
        ("monthly_income_total,annual_income_total", "500,60000", "annual_income_total", set()),
        ("household_size,monthly_income_total,monthly_income_per_capita", "3,900,800",
         "monthly_income_per_capita", set()),
        ("birth_date,age", "1826-01-01,70", "birth_date", {"birth_date"}),
    ],
)  # fmt: skip
def test_what_opposes_in_a_line_is_named_and_not_known(
    header: str, line: str, field: str, forgotten: set[str]
) -> None:
    found, issues = read(f"household,{header}\n甲,{line}\n")
    assert [(i.line, i.field) for i in issues] == [(2, field)]
    assert found[0].facts.keys() == set(header.split(",")) - forgotten


def test_the_ages_of_a_member_that_oppose_are_forgotten_and_no_one_elses() -> None:
    found, issues = read(
        "household,person,age,birth_date\n甲,1,70,2010-01-01\n甲,2,40,1986-01-01\n"
    )
    assert [(i.line, i.field) for i in issues] == [(2, "members[0].age")]
    assert found[0].facts["members"] == [
        {"relation": "1"}, {"relation": "2", "age": 40, "birth_date": "1986-01-01"},
    ]  # fmt: skip


def test_a_line_twice_without_a_persons_number_is_said() -> None:
    found, issues = read(
        "household,household_size,monthly_income_member\n甲,2,500\n甲,2,500\n乙,2,\n乙,2,\n"
    )
    assert [(i.line, i.household, i.field) for i in issues] == [(3, "甲", "person")]
    assert "当作另一个人算" in issues[0].reason
    assert len(found[0].facts["members"]) == 2


def test_a_cell_of_five_hundred_letters_is_read_and_a_longer_one_is_not() -> None:
    for letters, reason in ((500, "看不懂这个户口性质："), (501, "写得太长，看不懂")):
        household, [issue] = one(f"甲,{'x' * letters}", "household,hukou")
        assert issue.reason.startswith(reason)
        assert household.facts == {}


def test_an_empty_line_is_no_household_and_no_issue() -> None:
    found, issues = read("household,car\n甲,1\n,\n,1\n")
    assert [h.id for h in found] == ["甲"]
    assert [(i.line, i.field) for i in issues] == [(4, "household")]


def test_a_line_without_a_household_is_named_and_left_out() -> None:
    found, issues = read("household,car\n,1\n乙,1\n")
    assert [h.id for h in found] == ["乙"]
    assert [(i.line, i.field) for i in issues] == [(2, "household")]


def test_ranges_and_ten_thousands() -> None:
    household, issues = one("甲,800-1200,2.5万", "household,monthly_income_total,deposit")
    assert household.facts == {"monthly_income_total": {"low": 800, "high": 1200}, "deposit": 25000}
    assert not issues


def test_a_cell_that_says_nothing_is_unknown_and_no_issue() -> None:
    household, issues = one("甲,3,不清楚,农村,无,,45")
    assert not issues
    assert household.facts.keys() == {"household_size", "hukou", "car", "age"}


def test_several_words_in_a_cell_are_a_list() -> None:
    household, _ = one("甲,低保;特困、", "household,receiving")
    assert household.facts["receiving"] == ["dibao", "tekun"]
    household, issues = one("甲,foo;特困", "household,receiving")
    assert household.facts == {}
    assert [(i.field, i.reason) for i in issues] == [("receiving", "看不懂这个正在享受的救助：foo")]


def test_the_income_of_each_member_is_summed() -> None:
    found, issues = read(
        "household,person,household_size,monthly_income_member\n"
        "甲,1,2,300\n甲,2,2,500\n乙,1,1,400\n"
    )
    assert not issues
    assert [m["monthly_income"] for m in found[0].facts["members"]] == [300, 500]
    assert facts_rows(found[0], TODAY)[0]["income_total_low"] == 800_00
    assert found[1].facts["monthly_income_member"] == 400


def test_lines_that_say_nothing_of_a_person_make_no_members() -> None:
    found, issues = read("household,person,household_size\n甲,1,2\n甲,2,2\n")
    assert (found[0].facts, issues) == ({"household_size": 2}, [])
    assert found[0].persons == ("1", "2")


def test_a_household_is_never_cut_in_two_by_a_chunk() -> None:
    table = pl.DataFrame({"household": ["a", "b", "a", "b", "c", "a"], "car": ["1"] * 6})
    columns, _ = columns_of(table.columns)
    chunks = [chunk["household"].to_list() for chunk in in_chunks(table, columns, rows=2)]
    assert chunks == [["a", "a", "a"], ["b", "b"], ["c"]]
    lines = [chunk["__line"].to_list() for chunk in in_chunks(table, columns, rows=2)]
    assert lines == [[2, 4, 7], [3, 5], [6]]


def test_numbers_of_a_spreadsheet_are_read_as_people_mean_them() -> None:
    table = pl.DataFrame({"household": [7.0], "household_size": [3.0], "deposit": [1500.5]})
    columns, issues = columns_of(table.columns)
    (chunk,) = in_chunks(table, columns)
    (household,) = households(chunk, columns, issues)
    assert (household.id, issues) == ("7", [])
    assert household.facts == {"household_size": 3, "deposit": 1500.5}


def test_a_day_with_a_time_of_a_spreadsheet_is_the_day() -> None:
    table = pl.DataFrame({"household": ["a"], "birth_date": [datetime(1950, 1, 2, 8)]})  # noqa: DTZ001
    columns, issues = columns_of(table.columns)
    (chunk,) = in_chunks(table, columns)
    (household,) = households(chunk, columns, issues)
    assert household.facts["birth_date"] == date(1950, 1, 2)

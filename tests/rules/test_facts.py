"""Impossible and contradicting facts, and how facts become a frame."""

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rules import facts as schema
from rules.errors import FactError
from rules.household import COLUMNS, facts_frame, household_row, person_rows


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("household_size", 0),
        ("household_size", 31),
        ("household_size", -1),
        ("household_size", 2.5),
        ("household_size", "三"),
        ("household_size", True),
        ("household_size", {"low": 4, "high": 2}),
        ("household_size", {}),
        ("monthly_income_total", -1),
        ("monthly_income_total", 10_000_000),
        ("monthly_income_total", math.nan),
        ("monthly_income_total", math.inf),
        ("deposit", -5),
        ("deposit", 10**12),
        ("age", 121),
        ("age", -1),
        ("disability_level", "五级"),
        ("car", "有"),
        ("hukou", "农村"),
        ("shock", "earthquake"),
        ("members", [{"age": 200}]),
        ("members", [{"monthly_income": -3}]),
        ("members", ["妈妈"]),
    ],
)
def test_impossible_values_are_refused_in_chinese(key: str, value: Any) -> None:
    with pytest.raises(FactError) as refused:
        schema.check({key: value})
    assert refused.value.field.startswith(key)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.reason_zh)


def reason_of(key: str, value: Any) -> str:
    """Why the value is refused; empty when it is possible."""
    found = schema.impossible({key: value})
    assert [error.field for error in found] in ([], [key])
    return found[0].reason_zh if found else ""


@pytest.mark.parametrize(
    ("key", "least", "most", "below", "above"),
    [
        ("monthly_income_total", 0, 1_000_000, "全家一个月总收入不能是负数",
         "每月金额大得不像真的，请再核对一下：全家一个月总收入"),
        ("deposit", 0, 100_000_000, "存款不能是负数", "金额大得不像真的，请再核对一下：存款"),
        ("houses", 0, 1000, "房子套数不能是负数", "数目大得不像真的，请再核对一下：房子套数"),
        ("age", 0, 120, "年龄不能是负数", "年龄大得不像真的，请再核对一下：年龄"),
        ("household_size", 1, 30, "家里人数要在1到30之间，请再说一次",
         "家里人数要在1到30之间，请再说一次"),
        ("adl_unable", 0, 6,
         "吃饭、穿衣、上下床、上厕所、室内走动、洗澡里有几样做不了不能是负数",
         "一共只有6样，请再说一次"),
    ],
)  # fmt: skip
def test_a_number_may_reach_its_limit_and_not_pass_it(
    key: str, least: int, most: int, below: str, above: str
) -> None:
    for possible in (least, most, {"low": least, "high": most}, {"low": most}, {"high": least}):
        assert reason_of(key, possible) == ""
    for told, reason in ((least - 1, below), (most + 1, above)):
        assert reason_of(key, told) == reason
        assert reason_of(key, {"low": told}) == reason
        assert reason_of(key, {"high": told}) == reason
        assert reason_of(key, {"low": least, "high": told}) == reason


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("age", 2.5, "年龄要是整数"),
        ("age", 2.0, ""),
        ("houses", {"low": 1, "high": 1.5}, "房子套数要是整数"),
        ("deposit", 2.5, ""),
        ("deposit", Decimal("2.5"), ""),
        ("deposit", "三千", "存款要写成数字"),
        ("deposit", True, "存款要写成数字"),
        ("deposit", math.nan, "存款要写成数字"),
        ("deposit", Decimal("Infinity"), "存款要写成数字"),
        ("deposit", {"low": 1, "high": -math.inf}, "存款要写成数字"),
        ("deposit", {}, "存款没有说清楚"),
        ("deposit", {"low": None, "high": None}, "存款没有说清楚"),
        ("deposit", {"low": 2, "high": 1}, "存款的范围前后颠倒了"),
        ("deposit", {"low": 2, "high": 2}, ""),
        ("deposit", {"low": 2, "up": 3}, "存款的范围只写 low 和 high"),
        ("car", 1, "有没有汽车只能答有或没有、是或不是"),
        ("car", False, ""),
        ("disability_level", "五级", "残疾证等级只有一级、二级、三级、四级"),
        ("disability_level", False, ""),
        ("hukou", "火星", "看不懂这个户口性质：火星"),
        ("hukou", "urban", ""),
        ("disability_type", "foo", "看不懂这个残疾类别：foo"),
        ("disease", "糖尿病", ""),
        ("birth_date", "1899-12-31", "出生日期早得不像真的，请再核对一下"),
        ("birth_date", "1900-01-01", ""),
        ("birth_date", date(1950, 5, 1), ""),
    ],
)
def test_each_kind_of_value_is_refused_with_its_own_reason(
    key: str, value: Any, reason: str
) -> None:
    assert reason_of(key, value) == reason


@pytest.mark.parametrize(
    "facts",
    [
        {"household_size": 3, "num_children": 2},
        {"household_size": {"low": 2, "high": 4}, "num_children": 3},
        {"household_size": {"low": 2}, "num_children": 5},
        {"household_size": 1, "living_alone": True},
        {"household_size": {"low": 1, "high": 3}, "living_alone": True},
        {"household_size": 3, "living_alone": False},
        {"no_children": True, "num_children": 0},
        {"no_children": False, "num_children": 1},
        {"household_size": 2, "members": [{"age": 3}, {"age": 4}]},
        {"monthly_income_total": 900, "monthly_income_member": 900},
        {"monthly_income_total": 900, "pension_monthly": {"low": 900, "high": 950}},
        {"monthly_income_total": {"low": 100}, "monthly_income_per_capita": 900},
        {"monthly_income_total": 900, "members": [{"monthly_income": 900}, {"age": 3}]},
        {"medical_expense": 100, "medical_expense_self": 100},
        {"medical_expense": {"low": 100, "high": 300}, "medical_expense_self": 200},
    ],
)
def test_what_can_just_be_true_together_contradicts_nothing(facts: dict[str, Any]) -> None:
    assert schema.contradictions(facts) == []


def test_every_contradiction_is_named_with_the_statement_to_look_at() -> None:
    facts = {
        "household_size": 1, "living_alone": False, "num_children": 1, "no_children": True,
        "members": [{"age": 3}, {"monthly_income": 950}], "monthly_income_total": 900,
        "monthly_income_per_capita": 901, "monthly_income_member": 902, "pension_monthly": 903,
        "medical_expense": 100, "medical_expense_self": 101,
    }  # fmt: skip
    assert [(error.field, error.reason_zh) for error in schema.contradictions(facts)] == [
        ("num_children", "孩子人数不能等于或多于全家人数，请再核对一下"),
        ("num_children", "前面说没有子女，这里又有孩子，请再核对一下"),
        ("members", "说到的家人比全家人数还多，请再核对一下"),
        ("monthly_income_per_capita", "平均每人的收入比全家总收入还多，请再核对一下"),
        ("monthly_income_member", "一个人的收入比全家总收入还多，请再核对一下"),
        ("pension_monthly", "养老金比全家总收入还多，请再核对一下"),
        ("members[1].monthly_income", "一个人的收入比全家总收入还多，请再核对一下"),
        ("medical_expense_self", "自己出的钱比看病总花费还多，请再核对一下"),
    ]
    [alone] = schema.contradictions({"household_size": 2, "living_alone": True})
    assert alone.reason_zh == "前面说一个人住，这里又不止一个人，请再核对一下"


@pytest.mark.parametrize(
    ("age", "apart"),
    [(58, False), (57, True), (62, False), (63, True), ({"low": 62}, False), ({"low": 63}, True),
     ({"high": 58}, False), ({"high": 57}, True), ({"low": 40, "high": 58}, False), (None, False)],
)  # fmt: skip
def test_age_and_birthday_may_be_two_years_apart(age: Any, apart: bool) -> None:
    facts = {"age": age, "birth_date": "1966-06-01"}
    found = schema.disagreements(facts, date(2026, 11, 21))
    assert [keys for keys, _ in found] == [("age", "birth_date")] * apart
    assert schema.disagreements(facts) == []
    found = schema.disagreements({"members": [{}, facts]}, date(2026, 11, 21))
    assert [keys for keys, _ in found] == [("members[1].age", "members[1].birth_date")] * apart


def test_wages_and_events_oppose_only_what_they_cannot_be_beside() -> None:
    wage = {"wage_monthly": 900, "monthly_income_total": 900}
    assert schema.disagreements(wage) == []
    band = {"low": 800, "high": 950}
    assert schema.disagreements(wage | {"wage_monthly": band}) == []
    assert schema.disagreements(wage | {"monthly_income_total": band}) == []
    [(keys, error)] = schema.disagreements(wage | {"wage_monthly": 901})
    assert keys == ("wage_monthly", "monthly_income_total")
    assert error.reason_zh == "工资比全家总收入还多，请再核对一下"
    both = {"shock": "none", "accident": "车祸", "disaster": "洪水"}
    [(keys, error)] = schema.disagreements(both)
    assert keys == ("shock", "accident", "disaster")
    assert error.reason_zh == "一处说没有遇到急难，一处又写了意外、灾害，请再核对一下"
    assert schema.disagreements({"employed": True, "lost_job": False}) == []


@pytest.mark.parametrize(
    ("told", "truth"),
    [
        (None, None), (True, True), (False, False), ("无", False), (" 没有 ", False),
        ("能自理", False), ("能", False), ("否", False), ("糖尿病", True), ([], False),
        (["无", " no "], False), (("无", "糖尿病"), True), (0, False), (2, True),
    ],
)  # fmt: skip
def test_a_word_for_nothing_is_no_and_any_other_word_is_yes(told: Any, truth: bool | None) -> None:
    assert schema.flag({"disease": told}, "disease") is truth


def test_levels_days_and_lists_are_read_as_they_are_written() -> None:
    levels = {None: None, False: 0, " 无 ": 0, " 二级 ": 2, 3: 3, "五级": None}
    assert {told: schema.level({"disability_level": told}) for told in levels} == levels
    assert schema.day(date(2020, 2, 29)) == schema.day("2020-02-29") == date(2020, 2, 29)
    assert schema.day("2021-02-29") is schema.day(None) is None
    for told, codes in (
        (None, None), ("dibao", ["dibao"]), (True, []), ([], []), (["dibao", " 无 "], ["dibao"]),
        (("tekun",), ["tekun"]),
    ):  # fmt: skip
        assert schema.codes({"receiving": told}, "receiving") == codes
    assert schema.known({"car": False}, "car")
    assert not schema.known({"car": None}, "car")
    assert schema.bounds({"age": {"high": 9}}, "age") == (None, 9)
    assert schema.bounds({"deposit": {"low": 9.5}}, "deposit") == (950, None)
    assert (schema.shown("x" * 40), schema.shown("x" * 41)) == ("x" * 40, "x" * 40 + "…")


def test_a_birthday_of_nobody_yet_born_is_refused_and_the_oldest_is_not() -> None:
    on = date(2026, 11, 21)
    told = {"2026-11-21": "", "2026-11-22": "出生日期在2026年11月21日以后，请再核对一下",
            "1906-12-31": "", "1905-12-31": "出生日期早得不像真的，请再核对一下"}  # fmt: skip
    for born, reason in told.items():
        found = schema.impossible({"birth_date": born}, on)
        assert [error.reason_zh for error in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    "facts",
    [
        {"household_size": 3, "num_children": 3},
        {"household_size": 2, "living_alone": True},
        {"no_children": True, "num_children": 1},
        {"household_size": 1, "members": [{"age": 3}, {"age": 4}]},
        {"monthly_income_total": 500, "monthly_income_member": 900},
        {"monthly_income_total": 500, "monthly_income_per_capita": 900},
        {"medical_expense": 100, "medical_expense_self": 200},
    ],
)
def test_contradictions_are_refused_by_check_and_flagged_in_the_frame(
    facts: dict[str, Any],
) -> None:
    with pytest.raises(FactError):
        schema.check(facts)
    assert schema.impossible(facts) == []
    assert household_row(facts)["figures_conflict"] is True


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"household_size": 3, "num_children": 2, "age": 120, "deposit": 0},
        {"monthly_income_total": {"low": 500, "high": 600}, "household_size": {"low": 2}},
        {"monthly_income_total": {"low": 500, "high": 500}, "age": {"low": 9, "high": 9}},
        {"region": "重庆", "name": "王", "phone": "x", "unheard_of": -1},
        {"disability_level": "无", "disease": "无", "receiving": []},
    ],
)
def test_possible_facts_pass(facts: dict[str, Any]) -> None:
    schema.check(facts)


@pytest.mark.parametrize(
    ("said", "level"),
    [("一级", 1), ("二级", 2), ("三级", 3), ("四级", 4), ("1", 1), ("2", 2), ("3", 3), ("4", 4)],
)
def test_a_level_is_read_in_characters_and_figures(said: str, level: int) -> None:
    [person] = person_rows({"disability_level": said})
    assert person["level"] == level


def test_money_is_half_up_fen() -> None:
    assert schema.fen(0.1) == 10
    assert schema.fen(19.995) == 2000
    assert schema.yuan(26667) == 266.67
    assert schema.yuan(63000) == 630


def test_unknown_is_null_and_no_is_false() -> None:
    row = facts_frame({"household_size": 2}).to_dicts()[0]
    told = facts_frame({"car": False, "disability_level": "无"}).to_dicts()[0]
    assert row["car"] is None
    assert row["level"] is None
    assert told["car"] is False
    assert told["level"] == 0
    assert set(row) == set(COLUMNS)


def test_persons_are_described_members_and_the_flat_one() -> None:
    facts = {"disability_level": "二级", "members": [{"disability_level": "三级"}, {"age": 5}]}
    assert [row["level"] for row in person_rows(facts)] == [3, 2, None]
    assert len(person_rows({})) == 1


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"accident": "车祸"}, "accident"),
        ({"disaster": "火灾"}, "fire"),
        ({"disaster": "洪水"}, "disaster"),
        ({"lost_job": True}, "job_loss"),
        ({"shock": "none", "lost_job": True}, "none"),
        ({}, None),
    ],
)
def test_shock_is_read_from_what_was_told(facts: dict[str, Any], word: str | None) -> None:
    assert household_row(facts)["shock"] == word


def test_every_askable_fact_fills_columns() -> None:
    from rules.household import FILLS

    assert set(schema.ASKABLE) - {"region"} == set(FILLS)
    assert {column for columns in FILLS.values() for column in columns} <= set(COLUMNS)

"""Impossible and contradicting facts, and how facts become a frame."""

import math
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

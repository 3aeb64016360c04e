"""特困: what the golden cases cannot say in one line."""

from datetime import date
from typing import Any

import pytest

from rules.circumstances import aged, samples, stage
from rules.errors import FactError
from rules.facts import SCHEMA, check, codes, day, flag
from rules.household import described_person, household_row, person_rows
from rules.programmes.tekun import grade
from rules.screening import screen

TODAY = date(2026, 11, 21)
ALONE: dict[str, Any] = {
    "hukou": "rural", "household_size": 1, "monthly_income_total": 0, "car": False, "deposit": 0,
    "age": 70, "disability_level": "无", "supporter": "none",
}  # fmt: skip


@pytest.mark.parametrize(
    ("unable", "word"),
    [(0, "selfcare"), (1, "partial"), (3, "partial"), (4, "full"), (6, "full")],
)
def test_six_daily_doings_give_three_grades(unable: int, word: str) -> None:
    assert grade(unable) == word


def test_a_seventh_doing_is_refused() -> None:
    with pytest.raises(FactError, match="一共只有6样"):
        check({"adl_unable": 7})


def test_a_day_is_iso_or_a_date() -> None:
    assert day("2008-05-01") == day(date(2008, 5, 1)) == date(2008, 5, 1)
    assert day("五月一号") is None
    with pytest.raises(FactError, match="出生日期"):
        check({"birth_date": "五月一号"})
    check({"birth_date": "2008-05-01"})


def test_ages_come_from_birthdays_for_the_person_and_the_members() -> None:
    facts = {"birth_date": "2008-11-22", "members": [{"birth_date": "2008-11-21"}, {"age": 3}]}
    told = aged(facts, TODAY)
    assert told["age"] == 17
    assert [member["age"] for member in told["members"]] == [18, 3]
    assert aged({"age": 5}, TODAY) == {"age": 5}


def test_members_told_by_further_facts_are_persons_of_their_own() -> None:
    facts = {**ALONE, "members": [{"relation": "孙子", "student_stage": "小学"}]}
    assert len(person_rows(facts)) == 1
    assert len(person_rows(facts, further=True)) == 2
    assert described_person(facts, 0, further=True) == "孙子"
    assert described_person(facts, 1, further=True) == "本人或这位家人"


def test_told_in_other_words_a_fact_still_counts() -> None:
    assert flag({"self_care": 1}, "self_care") is True
    assert codes({}, "receiving") is None
    assert codes({"receiving": "dibao"}, "receiving") == ["dibao"]
    assert codes({"receiving": False}, "receiving") == []
    assert (
        household_row({"monthly_income_member": 300, "living_alone": True})["income_total_low"]
        == 30_000
    )


def test_the_first_screening_does_not_carry_further_columns() -> None:
    assert "lifted_out" not in household_row({"lifted_out": True})
    assert household_row({"lifted_out": True}, further=True)["lifted_out"]


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (None, None),
        ("小学", "primary"),
        (["高中", "小学"], "senior"),
        ([], "none"),
        ("私塾", None),
    ],
)
def test_a_school_stage_is_read_as_it_is_said(told: Any, word: str | None) -> None:
    assert stage(told) == word


def test_every_further_fact_can_be_varied() -> None:
    for key, fact in SCHEMA.items():
        if fact.further and fact.asked:
            assert len(samples(key)) >= 2, key


def test_one_person_may_get_tekun_while_the_family_gets_dibao() -> None:
    family = {**ALONE, "household_size": 3, "shock": "none", "medical_expense_self": 0}
    found = screen(family, "500233", TODAY, focus={"tekun", "dibao"})
    tekun, dibao = found.of("tekun"), found.of("dibao")
    assert tekun is not None
    assert dibao is not None
    assert (tekun.outcome, dibao.outcome) == ("need_person", "likely")

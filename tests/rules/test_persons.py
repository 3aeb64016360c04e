"""Whoever is told of by an age or a birthday is a person of the household."""

from typing import Any

import polars as pl
import pytest

from rules.bulk import once_a_household, screen_register
from rules.household import described_person, person_rows
from rules.next_question import next_question
from rules.programmes import needed_for
from rules.register import facts_rows, register_frame
from rules.screening import screen
from tests.rules.test_bulk import TODAY
from tests.rules.test_register import read

PLACE = "500233"
FAMILY: dict[str, Any] = {
    "household_size": 3, "monthly_income_total": 900, "hukou": "rural", "car": False, "deposit": 0,
    "members": [
        {"relation": "奶奶", "birth_date": "1950-03-01"}, {"relation": "儿子", "age": 30},
        {"relation": "孙女", "age": 8},
    ],
}  # fmt: skip


def outcomes(facts: dict[str, Any], code: str) -> dict[str, str]:
    found = screen(facts, PLACE, TODAY, focus=[code]).verdicts
    return {v.person: v.outcome for v in found if v.program == code}


def test_members_told_by_age_alone_are_judged_one_by_one() -> None:
    told = outcomes(FAMILY, "jiuye")
    assert told == {"奶奶": "need_answers", "儿子": "need_answers", "孙女": "unlikely"}


def test_the_lines_of_a_register_are_its_persons_too() -> None:
    header = (
        "户号,person,家里一起生活的人数,全家一个月总收入,户口性质,有没有汽车,存款,年龄,出生日期"
    )
    found, issues = read(
        f"{header}\n甲,奶奶,3,900,农村,否,0,,1950-03-01\n甲,儿子,,,,,,30,\n甲,孙女,,,,,,8,\n"
    )
    assert issues == []
    table = register_frame([row for h in found for row in facts_rows(h, TODAY)])
    judged = screen_register(table, TODAY, PLACE, programmes=needed_for(["jiuye"]))
    told = once_a_household(judged.with_columns(table["nth"]), needed_for(["jiuye"]))
    assert told["jiuye"].cast(pl.String).to_list() == list(outcomes(FAMILY, "jiuye").values())
    assert told["dibao"].null_count() == 2


@pytest.mark.parametrize("ill", [("无", "尿毒症"), ("尿毒症", "无"), ("", "尿毒症")])
def test_a_household_has_an_ill_person_whoever_stands_first(ill: tuple[str, str]) -> None:
    header = (
        "户号,person,household_size,monthly_income_total,hukou,car,deposit,medical_expense_self"
    )
    first, second = f"甲,1,2,3000,农村,否,0,3000,无,0,{ill[0]}", f"甲,2,,,,,,,,,{ill[1]}"
    found, _ = read(f"{header},shock,tuition,患病\n{first}\n{second}\n")
    table = register_frame([row for h in found for row in facts_rows(h, TODAY)])
    told = screen_register(table, TODAY, PLACE)["yiliao"].cast(pl.String)
    assert set(told) == {"need_person"}


def test_the_person_of_whom_the_facts_speak_goes_before_members_told_by_age() -> None:
    son = {"relation": "儿子", "disability_level": "三级"}
    rest = [{"relation": "孙女", "age": 8}, son, {"relation": "媳妇", "employed": True}]
    facts = {"disability_level": "二级", "for_relation": "爷爷", "members": rest}
    assert [row["level"] for row in person_rows(facts)] == [3, 2, None]
    assert [described_person(facts, index) for index in range(3)] == ["儿子", "爷爷", "孙女"]
    assert described_person(FAMILY | {"members": [{"age": 8}]}, 0) == "这位家人"
    assert described_person({}, 0) == "本人或这位家人"


def test_a_household_is_judged_by_the_person_told_not_by_a_member_of_some_age() -> None:
    alone = {key: value for key, value in FAMILY.items() if key != "members"}
    ill = {"disease": "尿毒症", "receiving": [], "medical_expense_self": 20000}
    for code in ("dibao", "yiliao"):
        with_ages = [v.outcome for v in screen(FAMILY | ill, PLACE, TODAY).verdicts
                     if v.program == code and v.subject == "household"]  # fmt: skip
        without = [v.outcome for v in screen(alone | ill, PLACE, TODAY).verdicts
                   if v.program == code and v.subject == "household"]  # fmt: skip
        assert with_ages == without


@pytest.mark.parametrize("programmes", [None, ["jiuye"], ["tekun", "jiaoyu"]])
def test_an_answer_about_the_person_is_not_asked_for_again_because_of_a_member(
    programmes: list[str] | None,
) -> None:
    answers = {"region": None, "disability_level": "二级", "disability_type": "肢体", "age": 50,
               "employed": False, "shock": "none", "medical_expense_self": 0, "tuition": 0,
               "critical_illness_insured": False, "supporter": "none", "student_stage": "无",
               "work_ability": "有", "wants_work": True, "pension_kind": "resident"}  # fmt: skip
    facts, asked = dict(FAMILY), []
    while (key := next_question(facts, PLACE, TODAY, programmes=programmes)) is not None:
        assert key not in asked
        asked.append(key)
        facts[key] = answers[key]
    assert asked

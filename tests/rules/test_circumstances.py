"""What programmes beyond the first screening read: ages by birthday, schools, parents, costs."""

from datetime import date
from typing import Any

import pytest

from rules.circumstances import (
    FURTHER_COLUMNS,
    FURTHER_FILLS,
    aged,
    further_household,
    further_person,
    samples,
    stage,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("born", "age"),
    [("2008-11-20", 18), ("2008-11-21", 18), ("2008-11-22", 17), ("2008-12-01", 17),
     ("2008-10-30", 18), ("2026-11-21", 0), (date(1950, 1, 1), 76)],
)  # fmt: skip
def test_an_age_is_counted_to_the_day(born: Any, age: int) -> None:
    assert aged({"birth_date": born}, TODAY)["age"] == age
    members = aged({"members": [{"birth_date": born, "age": 5}, {"age": 7}]}, TODAY)["members"]
    assert [member["age"] for member in members] == [age, 7]


def test_without_a_birthday_that_can_be_read_an_age_stays_as_it_was() -> None:
    assert aged({"age": 7, "birth_date": "去年"}, TODAY)["age"] == 7
    assert "age" not in aged({}, TODAY)
    assert aged({"members": []}, TODAY) == {"members": []}


@pytest.mark.parametrize(
    ("told", "known"),
    [("高中", "senior"), ("中职", "vocational"), (["小学", "大学"], "primary"), ([], "none"),
     (("研究生",), "postgraduate"), ("无", "none"), ("驾校", None), (None, None)],
)  # fmt: skip
def test_of_several_schools_the_first_counts(told: Any, known: str | None) -> None:
    assert stage(told) == known
    assert further_person({"student_stage": told})["stage"] == known


@pytest.mark.parametrize(
    ("told", "father", "mother"),
    [
        ("父母双亡", "dead", "dead"),
        ("父亡母失联", "dead", "lost_contact"),
        ("母服刑", None, "confined"),
        ("父重病", "serious_illness", None),
        ("父失踪母重残", "declared_missing", "severe_disability"),
        ("都在家", None, None),
        (None, None, None),
    ],
)
def test_what_became_of_the_parents_is_read_from_how_it_is_said(
    told: str | None, father: str | None, mother: str | None
) -> None:
    row = further_person({"parents_status": told})
    assert (row["father"], row["mother"]) == (father, mother)
    said = further_person({"parents_status": told, "father_state": "present"})
    assert said["father"] == "present"


def test_a_person_has_what_was_told_and_nothing_else() -> None:
    row = further_person({})
    assert {name for name, value in row.items() if value is not None} == set()
    row = further_person(
        {"adl_unable": 3, "father_months": {"low": 2, "high": 9}, "mother_months": 7,
         "needs_care": False, "wants_work": True, "supporter": "none", "sex": "female",
         "work_ability": "部分", "fixed_income": "没有"}
    )  # fmt: skip
    assert {name: value for name, value in row.items() if value is not None} == {
        "adl_unable": 3, "father_months_low": 2, "father_months_high": 9, "mother_months_low": 7,
        "mother_months_high": 7, "needs_care": False, "wants_work": True, "supporter": "none",
        "sex": "female", "work_ability": "部分", "fixed_income": False,
    }  # fmt: skip
    assert further_person({"adl_unable": {"low": 0, "high": 6}})["adl_unable"] is None
    assert set(row) <= set(FURTHER_COLUMNS)


@pytest.mark.parametrize(
    ("disease", "columns"),
    [
        ("先天性心脏病", {"heart_disease"}),
        ("先心病", {"heart_disease"}),
        (["白内障", "糖尿病"], {"cataract"}),
        ("心脏病", set()),
        (None, set()),
    ],
)
def test_an_illness_that_a_programme_is_for_is_heard(disease: Any, columns: set[str]) -> None:
    row = further_person({"disease": disease})
    assert {name for name in ("heart_disease", "cataract") if row.get(name)} == columns
    told = further_person({"disease": disease, "cataract": False, "heart_disease": False})
    assert {name for name in ("heart_disease", "cataract") if told[name]} == columns


def test_a_households_costs_have_two_ends_and_its_circumstances_one_word() -> None:
    nothing = further_household({})
    assert set(nothing.values()) == {None}
    row = further_household(
        {"rehab_expense": {"low": 1, "high": 2}, "accident_expense": 3, "housing": "危房",
         "house_grade": "D", "lifted_out": False, "stranded": True}
    )  # fmt: skip
    assert row == {
        "rehab_low": 100, "rehab_high": 200, "accident_low": 300, "accident_high": 300,
        "housing": "危房", "house_grade": "D", "lifted_out": False,
    }  # fmt: skip


def test_every_further_fact_has_columns_and_could_be_several_things() -> None:
    for key, columns in FURTHER_FILLS.items():
        assert set(columns) <= {*FURTHER_COLUMNS, "cannot_self_care", "no_work_ability"}
        told = samples(key)
        assert len({value for value, _ in told}) == len(told) >= 2
        assert {weight for _, weight in told} == {1 / len(told)}
    assert FURTHER_FILLS["student_stage"] == ("stage",)
    assert FURTHER_FILLS["father_months"] == ("father_months_low", "father_months_high")
    for key in ("rehab_expense", "accident_expense", "adl_unable"):
        assert samples(key)[0][0] == 0, "perhaps nothing was spent, perhaps everything can be done"
    assert [value for value, _ in samples("boarding")] == [False, True]
    assert [value for value, _ in samples("sex")] == ["male", "female"]

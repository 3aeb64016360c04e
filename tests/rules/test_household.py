"""How the statements of a household become its columns: what is added up, merged or left open."""

from typing import Any

import pytest

from rules.household import described_person, flat_row, household_row, person_rows, shock

YUAN = 100  # fen


def incomes(**told: Any) -> dict[str, Any]:
    """The income columns in yuan that the household fills, and whether its figures conflict."""
    row = household_row(told)
    found = {
        name.removeprefix("income_"): value / YUAN
        for name, value in row.items()
        if name.startswith("income_") and value is not None
    }
    return found | ({"conflict": True} if row["figures_conflict"] else {})


def person(**told: Any) -> dict[str, Any]:
    [row] = person_rows(told)
    return row


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, {}),
        ({"monthly_income_total": 900}, {"total_low": 900, "total_high": 900}),
        ({"monthly_income_total": {"low": 900}}, {"total_low": 900}),
        ({"annual_income_total": {"high": 900}}, {"year_high": 900}),
        ({"annual_income_total": 900}, {"year_low": 900, "year_high": 900}),
        ({"monthly_income_per_capita": 300}, {"head_low": 300, "head_high": 300}),
        ({"monthly_income_per_capita": {"low": 300}}, {"head_low": 300}),
        # Without the number of heads nobody can compare what a head has with the total.
        ({"monthly_income_per_capita": 300, "monthly_income_total": 2000},
         {"total_low": 2000, "total_high": 2000}),
        ({"household_size": {"low": 2, "high": 3}, "monthly_income_per_capita": 300,
          "monthly_income_total": 2000}, {"total_low": 2000, "total_high": 2000}),
        # An open statement is no second one.
        ({"monthly_income_total": 2000, "annual_income_total": {"low": 900}},
         {"total_low": 2000, "total_high": 2000}),
        ({"household_size": 2, "monthly_income_per_capita": {"low": 5},
          "monthly_income_total": 2000}, {"total_low": 2000, "total_high": 2000}),
    ],
)  # fmt: skip
def test_the_income_is_carried_as_it_was_told(told: dict[str, Any], found: dict[str, Any]) -> None:
    assert incomes(**told) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"monthly_income_total": 980, "annual_income_total": 12_000}, (980, 1000, False)),
        ({"monthly_income_total": 979.9, "annual_income_total": 12_000}, (979.9, 1000, True)),
        ({"monthly_income_total": 1000, "annual_income_total": 11_760}, (980, 1000, False)),
        ({"monthly_income_total": 1000, "annual_income_total": 11_750}, (979.16, 1000, True)),
        ({"monthly_income_total": 0, "annual_income_total": 0}, (0, 0, False)),
        ({"household_size": 3, "monthly_income_total": 0, "monthly_income_per_capita": 0},
         (0, 0, False)),
        ({"household_size": 3, "monthly_income_total": 900, "monthly_income_per_capita": 300},
         (900, 900, False)),
        ({"household_size": 3, "monthly_income_total": 900, "monthly_income_per_capita": 200},
         (600, 900, True)),
        ({"household_size": 3, "annual_income_total": 10_800,
          "monthly_income_per_capita": {"low": 200, "high": 310}}, (600, 930, False)),
        ({"monthly_income_total": {"low": 500, "high": 900}, "annual_income_total": 12_000},
         (500, 1000, True)),
        ({"monthly_income_total": {"low": 500, "high": 990}, "annual_income_total": 12_000},
         (500, 1000, False)),
    ],
)  # fmt: skip
def test_two_statements_are_carried_with_all_between_and_conflict_over_two_in_a_hundred(
    told: dict[str, Any], found: tuple[float, float, bool]
) -> None:
    low, high, conflict = found
    assert incomes(**told) == {"total_low": low, "total_high": high} | (
        {"conflict": True} if conflict else {}
    )


TWO = [{"monthly_income": 300}, {"monthly_income": 500}]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"household_size": 2, "members": TWO},
         {"total_low": 800, "total_high": 800, "floor": 800}),
        ({"household_size": 3, "members": TWO}, {"floor": 800}),
        ({"household_size": {"low": 2, "high": 3}, "members": TWO}, {"floor": 800}),
        ({"members": TWO}, {"floor": 800}),
        ({"household_size": 2, "members": [TWO[0], {"age": 3}]}, {"floor": 300}),
        ({"household_size": 2, "members": [TWO[0], {"monthly_income": {"low": 500}}]},
         {"total_low": 800, "floor": 800}),
        ({"household_size": 2, "members": [TWO[0], {"monthly_income": {"low": 5, "high": 9}}]},
         {"total_low": 305, "total_high": 309, "floor": 305}),
        ({"household_size": 1, "monthly_income_member": 400},
         {"total_low": 400, "total_high": 400, "floor": 400}),
        ({"household_size": 2, "monthly_income_member": 400}, {"floor": 400}),
        ({"household_size": {"low": 1, "high": 2}, "monthly_income_member": 400}, {"floor": 400}),
        ({"household_size": 3, "members": TWO, "monthly_income_member": 900}, {"floor": 900}),
        ({"household_size": 3, "members": TWO, "monthly_income_member": 700}, {"floor": 800}),
        ({"household_size": 2, "monthly_income_member": {"high": 400}}, {}),
        ({"household_size": 2, "members": TWO, "monthly_income_total": 900},
         {"total_low": 900, "total_high": 900, "floor": 800}),
    ],
)  # fmt: skip
def test_members_incomes_are_the_total_only_when_everybodys_is_told(
    told: dict[str, Any], found: dict[str, Any]
) -> None:
    assert incomes(**told) == found


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({"living_alone": True}, (1, 1)),
        ({"living_alone": False}, (None, None)),
        ({"household_size": 4}, (4, 4)),
        ({"household_size": {"low": 1}, "living_alone": True}, (1, None)),
        ({"household_size": {"high": 3}, "living_alone": True}, (None, 3)),
    ],
)
def test_who_lives_alone_is_one_unless_a_number_was_told(
    told: dict[str, Any], size: tuple[int | None, int | None]
) -> None:
    row = household_row(told)
    assert (row["size_low"], row["size_high"]) == size


@pytest.mark.parametrize(
    ("told", "tuition"),
    [
        ({"household_size": 1, "age": 60}, (0, 0)),
        ({"household_size": 1, "age": 59}, (None, None)),
        ({"household_size": 1, "age": {"low": 60, "high": 70}}, (0, 0)),
        ({"household_size": 1, "age": {"low": 59, "high": 70}}, (None, None)),
        ({"household_size": 2, "age": 70}, (None, None)),
        ({"age": 70}, (None, None)),
        ({"household_size": 1, "student_stage": "无"}, (0, 0)),
        ({"household_size": 1, "student_stage": "大学"}, (None, None)),
        ({"household_size": 2, "student_stage": "无"}, (None, None)),
        ({"household_size": 1, "age": 60, "tuition": 5}, (500, 500)),
        ({"household_size": 1, "age": 60, "tuition": {"low": 5}}, (500, None)),
    ],
)
def test_nobody_who_is_old_and_alone_or_at_no_school_pays_for_study(
    told: dict[str, Any], tuition: tuple[int | None, int | None]
) -> None:
    row = household_row(told)
    assert (row["tuition_low"], row["tuition_high"]) == tuition


def test_what_may_be_taken_off_or_left_out_counts_by_the_higher_end() -> None:
    keys = {"pension_monthly": "pension", "houses": "houses", "job_cost": "job_cost",
            "wage_monthly": "wage", "rigid_deduct": "rigid_deduct",
            "excluded_income": "excluded"}  # fmt: skip
    row = household_row({key: {"low": 1, "high": 2} for key in keys})
    assert {column: row[column] for column in keys.values()} == {
        "pension": 200, "houses": 2, "job_cost": 200, "wage": 200, "rigid_deduct": 200,
        "excluded": 200,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "some"),
    [(None, None), (0, 0), (50, 5000), ({"low": 0, "high": 50}, None),
     ({"low": 10, "high": 50}, 1000), ({"high": 50}, None), ({"low": 0, "high": 0}, 0)],
)  # fmt: skip
def test_a_bill_from_nothing_up_does_not_say_that_there_was_one(
    told: Any, some: int | None
) -> None:
    assert household_row({"medical_expense": told})["medical_total"] == some


def test_what_is_received_fills_every_column_and_the_money_in_it() -> None:
    nothing = household_row({})
    assert {nothing.get(name) for name in ("gets_dibao", "money_aid", "left_dibao")} == {None}
    row = household_row({"receiving": [], "stopped": []})
    assert (row["gets_dibao"], row["gets_tekun"], row["money_aid"], row["left_dibao"]) == (
        False, False, 0, False,
    )  # fmt: skip
    row = household_row(
        {"receiving": ["dibao", "canji_butie", "gu_er_ertong"], "stopped": ["dibao", "tekun"]}
    )
    assert (row["gets_dibao"], row["gets_tekun"], row["gets_gu_er"]) == (True, False, True)
    assert (row["money_aid"], row["left_dibao"]) == (4, True)
    assert household_row({"receiving": ["canji_butie"]})["money_aid"] == 1
    assert household_row({"receiving": ["gu_er_ertong"]})["money_aid"] == 3


@pytest.mark.parametrize(
    ("told", "person_works", "somebody"),
    [
        ({}, None, None),
        ({"employed": True}, True, True),
        ({"employed": False}, False, False),
        ({"lost_job": True}, False, None),
        ({"lost_job": False}, None, None),
        ({"employed": True, "lost_job": True}, True, True),
        ({"age": 40, "members": [{"employed": True}]}, None, True),
        ({"employed": False, "members": [{"employed": True}]}, False, True),
        ({"employed": False, "members": [{"employed": False}]}, False, False),
        ({"age": 40, "members": [{"employed": False}]}, None, None),
    ],
)
def test_somebody_works_as_soon_as_one_does_and_nobody_only_when_said(
    told: dict[str, Any], person_works: bool | None, somebody: bool | None
) -> None:
    assert person(**told)["employed"] is person_works
    assert household_row(told)["someone_employed"] is somebody


@pytest.mark.parametrize(
    ("told", "kind"),
    [(None, None), ("肢体", "肢体"), (["视力", "听力"], "视力"), (["智力", "精神"], "智力"),
     (["肢体", "智力"], None), (("精神",), "精神")],
)  # fmt: skip
def test_kinds_of_disability_that_count_alike_are_one(told: Any, kind: str | None) -> None:
    assert person(disability_type=told)["disability_type"] == kind


def test_a_person_has_what_was_told_of_them_and_unknown_else() -> None:
    nothing = person()
    assert set(nothing.values()) == {None}
    told = person(
        disability_level="二级", critical_illness_insured=False, disease="糖尿病",
        age={"low": 30, "high": 40}, work_ability="无", self_care="不能自理", bedridden=True,
        clergy_years={"low": 1, "high": 3},
    )  # fmt: skip
    assert told == nothing | {
        "level": 2, "critical_illness": False, "ill": True, "age_low": 30, "age_high": 40,
        "no_work_ability": True, "cannot_self_care": True, "bedridden": True, "clergy_years": 3,
    }  # fmt: skip
    assert person(work_ability="部分")["no_work_ability"] is False
    assert person(clergy_years={"low": 2})["clergy_years"] == 2


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"shock": "none", "accident": "车祸"}, "none"),
        ({"accident": "无", "disaster": "洪水"}, "disaster"),
        ({"accident": "车祸", "disaster": "火灾"}, "accident"),
        ({"disaster": "无", "lost_job": True}, "job_loss"),
        ({"lost_job": False}, None),
    ],
)
def test_a_shock_said_outright_goes_before_what_it_is_read_from(
    told: dict[str, Any], word: str | None
) -> None:
    assert shock(told) == word


def test_the_row_of_the_person_asked_stands_behind_members_described() -> None:
    ill, aged = {"disease": "糖尿病", "relation": "妈妈"}, {"age": 8, "relation": "孙子"}
    assert flat_row({"members": [ill, aged]}) is None
    assert flat_row({"age": 30, "members": [ill, aged]}) == 1
    assert flat_row({"age": 30, "members": [aged]}) == 0
    facts = {"age": 30, "members": [aged, ill]}
    assert [described_person(facts, index) for index in range(3)] == [
        "妈妈", "本人或这位家人", "孙子",
    ]  # fmt: skip
    assert [row["age_low"] for row in person_rows(facts)] == [None, 30, 8]
    assert [row["ill"] for row in person_rows(facts)] == [True, True, True]
    # What only a further programme asks describes a person there and nowhere else.
    child = {"members": [{"father_state": "dead"}]}
    assert [row.get("father") for row in person_rows(child, further=True)] == ["dead"]
    assert person_rows(child) == person_rows({})
    assert flat_row({"father_state": "dead"}) is None
    assert flat_row({"father_state": "dead"}, further=True) == 0
    assert flat_row({"parents_status": "父亡母失联"}, further=True) == 0

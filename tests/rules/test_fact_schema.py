"""Whom a fact is about, and when it may be asked."""

from rules.fact_schema import ASKABLE, FURTHER, LEVELS, NOTHING, SCHEMA

# Told of one member of the household; everything else is about the household.
OF_A_PERSON = """
    age birth_date sex employed work_ability self_care bedridden disease clergy_years
    disability_level disability_type critical_illness_insured adl_unable needs_care care_form
    fixed_income supporter student_stage boarding father_state mother_state father_months
    mother_months guardian_lacking autism heart_disease cataract hospital_statement mental_illness
    wants_work stranded
"""
# Heard when it is told, and never asked for.
NEVER_ASKED = """
    num_children monthly_income_per_capita monthly_income_member annual_income_total
    pension_monthly houses debt work_ability self_care bedridden disease clergy_years
    basic_living_difficult medical_expense medical_expense_monthly lost_job accident disaster
    living_alone no_children receiving stopped registered_poor income_kind job_cost wage_monthly
    rigid_deduct excluded_income birth_date care_form guardian_lacking mental_illness
    planned_exit_2016
"""


def test_a_fact_is_about_one_person_or_about_the_household() -> None:
    assert {key for key, fact in SCHEMA.items() if fact.of_person} == set(OF_A_PERSON.split())


def test_some_facts_are_heard_and_never_asked_for() -> None:
    assert {key for key, fact in SCHEMA.items() if not fact.asked} == set(NEVER_ASKED.split())


def test_the_first_screening_asks_fourteen_facts_and_the_place() -> None:
    assert ASKABLE == (
        "region", "household_size", "monthly_income_total", "pension_kind", "hukou", "car",
        "deposit", "disability_level", "disability_type", "critical_illness_insured", "age",
        "employed", "shock", "medical_expense_self", "tuition",
    )  # fmt: skip
    assert all(fact.further for fact in FURTHER)
    assert not any(SCHEMA[key].further for key in ASKABLE[1:])


def test_a_level_is_read_in_characters_and_figures_and_nothing_is_a_word() -> None:
    assert [LEVELS[word] for word in ("一级", "二级", "三级", "四级")] == [1, 2, 3, 4]
    assert [LEVELS[word] for word in "1234"] == [1, 2, 3, 4]
    assert "无" in NOTHING

"""Which true circumstances are tried for a household, and how the card names what would change."""

from typing import Any

import pytest

from rules.distance import probes, steps
from rules.screening import screen
from tests.rules.test_bulk import TODAY


def tried(**told: Any) -> dict[str, dict[str, Any]]:
    """Code → what the household would have more than it told."""
    return {
        code: {key: value for key, value in row.items() if value != told.get(key)}
        for code, row in probes({}, told)
    }


def test_every_circumstance_not_told_is_tried_with_what_a_document_would_show() -> None:
    assert tried() == {
        "with_critical_illness_record": {"critical_illness": True},
        "with_severe_disability_certificate": {"level": 2},
        "with_sudden_hardship": {"shock": "accident"},
    }
    assert tried(critical_illness=False, level=0, shock="none") == tried()


@pytest.mark.parametrize("level", [1, 2])
def test_what_is_true_already_is_not_tried(level: int) -> None:
    assert "with_severe_disability_certificate" not in tried(level=level)
    assert "with_critical_illness_record" not in tried(critical_illness=True)
    assert "with_sudden_hardship" not in tried(shock="fire")


@pytest.mark.parametrize("level", [3, 4])
def test_a_lesser_certificate_leaves_the_severe_one_to_try(level: int) -> None:
    assert tried(level=level)["with_severe_disability_certificate"] == {"level": 2}


@pytest.mark.parametrize(
    ("age", "ahead"),
    [(15, [16, 18, 60]), (16, [18, 60]), (17, [18, 60]), (18, [60]), (59, [60]), (60, [])],
)
def test_only_ages_still_to_come_are_tried(age: int, ahead: list[int]) -> None:
    told = {"age_low": age, "age_high": age, "gets_bianyuan": True, "gets_dibao": True}
    found = steps(told)
    assert [code for code, _ in found] == [f"at_age_{line}" for line in ahead]
    assert [(row["age_low"], row["age_high"]) for _, row in found] == [(a, a) for a in ahead]


def test_no_age_is_tried_while_it_is_open_and_a_status_only_where_it_is_not_held() -> None:
    for told in ({}, {"age_low": 15}, {"age_low": 15, "age_high": 20}, {"age_high": 15}):
        assert [code for code, _ in steps(told)] == ["margin_status", "dibao_status"]
    (code, row), *others = steps({"gets_dibao": True, "gets_bianyuan": False})
    assert (code, row["gets_bianyuan"], others) == ("margin_status", True, [])


ALONE: dict[str, Any] = {
    "hukou": "rural", "household_size": 1, "car": False, "deposit": 0, "shock": "none",
    "medical_expense_self": 0, "tuition": 0, "disability_level": "无", "age": 40,
    "critical_illness_insured": False, "employed": False, "monthly_income_total": 700,
}  # fmt: skip
ILL, SEVERE = "with_critical_illness_record", "with_severe_disability_certificate"
WORK, COSTS = "work_costs_may_be_deducted", "illness_and_study_costs_may_be_deducted"
BOTH_WAYS = "spending_hardship_may_enter_dibao"


def card(
    program: str, place: str = "500233", kind: str | None = "standard", **told: Any
) -> list[str]:
    """The codes of a verdict's distances, a gap or an outcome behind the colon."""
    found = screen(ALONE | told, place, TODAY).of(program, kind)
    assert found is not None
    return [
        f"{one.code}:{one.values.get('gap', one.values.get('outcome', ''))}"
        for one in found.distance
    ]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({}, ["dibao_line:70", f"{ILL}:likely", f"{SEVERE}:likely", "margin_household:likely"]),
        ({"car": True}, ["dibao_line:70", f"{ILL}:need_person", f"{SEVERE}:need_person",
                         "margin_household:need_person"]),
        ({"employed": True}, ["dibao_line:70", f"{ILL}:likely", f"{SEVERE}:likely", f"{WORK}:",
                              "margin_household:likely"]),
        ({"monthly_income_member": 700}, ["dibao_line:70", f"{ILL}:likely", f"{SEVERE}:likely",
                                          f"{WORK}:", "margin_household:likely"]),
        ({"disability_level": "三级", "disability_type": "肢体"},
         ["dibao_line:70", f"{ILL}:likely", f"{SEVERE}:likely", f"{COSTS}:",
          "margin_household:likely"]),
        ({"disease": "糖尿病"}, ["dibao_line:70", f"{ILL}:likely", f"{SEVERE}:likely", f"{COSTS}:",
                              "margin_household:likely"]),
        ({"disability_level": "一级"},
         ["dibao_line:70", f"{COSTS}:", "margin_household:likely"]),
        ({"critical_illness_insured": True}, ["dibao_line:70", "margin_household:likely"]),
        ({"monthly_income_total": 2000}, ["dibao_line:1370", f"{SEVERE}:need_person"]),
        ({"monthly_income_total": 2000, "medical_expense_self": 50_000},
         ["dibao_line:1370", f"{SEVERE}:need_person", f"{COSTS}:"]),
        ({"monthly_income_total": 630}, ["dibao_line:0"]),
        ({"monthly_income_total": 500}, ["dibao_line:-130"]),
        ({"monthly_income_total": {"low": 600, "high": 700}},
         ["dibao_line:{'low': -30, 'high': 70}"]),
        ({"hukou": "nonlocal"}, []),
    ],
)  # fmt: skip
def test_over_the_line_every_other_way_is_named_and_no_more(
    told: dict[str, Any], found: list[str]
) -> None:
    assert card("dibao", **told) == found


def test_the_other_programmes_name_the_line_or_the_hardship_they_go_by() -> None:
    assert card("dibao_bianyuan") == ["edge_line:-245"]
    assert card("dibao_bianyuan", monthly_income_total=2000) == ["edge_line:1055"]
    assert card("dibao", kind="danrenbao", disability_level="一级") == ["edge_line:-245"]
    assert card("dibao", kind="jiantui", receiving=["dibao"]) == ["dibao_line:70"]
    assert card("linshi") == ["with_sudden_hardship:likely"]
    assert card("linshi", kind=None, shock="fire") == []
    assert card("yiliao", monthly_income_total=2000) == ["edge_line:1055"]
    assert card("yiliao") == []
    fujian = card("dibao", "350902", monthly_income_total=2000, medical_expense_self=50_000)
    assert fujian == ["dibao_line:1134", f"{SEVERE}:need_person", f"{COSTS}:", f"{BOTH_WAYS}:"]


def test_a_share_of_wages_that_may_be_taken_off_is_told_where_a_text_says_so() -> None:
    found = screen(ALONE | {"employed": True, "monthly_income_total": 900}, "152201", TODAY)
    verdict = found.of("dibao", "standard")
    assert verdict is not None
    [values] = [one.values for one in verdict.distance if one.code == WORK]
    assert (values["unit"], values["value"]) == ("%", 10)

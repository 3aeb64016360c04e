"""Each reason names the rule and the text of its place and its day."""

from datetime import date
from typing import Any

import pytest

from rules.screening import screen
from rules.verdict import Reason

TODAY = date(2026, 11, 21)
POOR: dict[str, Any] = {
    "hukou": "rural", "household_size": 1, "car": False, "deposit": 0, "shock": "none",
    "medical_expense_self": 0, "tuition": 0, "disability_level": "无",
    "critical_illness_insured": False,
}  # fmt: skip
ILL = {"medical_expense_self": 50_000, "monthly_income_total": 700}
SEVERE = {"disability_level": "一级", "monthly_income_total": 756}
DISABLED = {"disability_level": "三级", "disability_type": "智力"}
EXIT = {"receiving": ["dibao"], "monthly_income_total": 700}


def reason(code: str, place: str, day: date, focus: str | None = None, **told: Any) -> Reason:
    found = screen(POOR | told, place, day, focus=focus and {focus})
    return next(r for v in found.verdicts for r in v.reasons if r.code == code)


@pytest.mark.parametrize(
    ("code", "place", "day", "focus", "facts", "rule", "words"),
    [
        ("aid_spending", "500233", date(2026, 1, 28), None, ILL, "LS-02", "民发〔2018〕23号"),
        ("aid_spending", "500233", date(2026, 1, 29), None, ILL, "LS-05", "2026年1月29日公布"),
        ("aid_covered", "500233", date(2026, 1, 28), None, ILL, "LS-02", ""),
        ("aid_covered", "500233", date(2026, 1, 29), None, ILL, "LS-05", ""),
        ("aid_amount_by_office", "500233", TODAY, None, ILL, "LS-02", ""),
        ("aid_amount_by_office", "513431", TODAY, None, {"shock": "fire"}, "LS-01", ""),
        ("single_above", "500233", TODAY, None, SEVERE, "DB-28", ""),
        ("single_above", "120104", TODAY, None, SEVERE, "DB-20", ""),
        ("single_income", "500233", TODAY, None, SEVERE, "DB-28", "低于1.5倍低保标准"),
        ("single_income", "120104", TODAY, None, SEVERE, "DB-20", "低于1.5倍低保标准"),
        ("single_illness", "350902", TODAY, None, SEVERE, "DB-26", ""),
        ("single_illness", "500233", TODAY, None, SEVERE, "DB-21", ""),
        ("exit_below_cap", "500233", TODAY, None, EXIT, "DB-51", "高于1倍、低于1.5倍"),
        ("exit_below_cap", "500233", date(2020, 8, 31), None, EXIT, "DB-51", "高于1倍、低于2倍"),
        ("exit_by_work", "120104", TODAY, None, EXIT | {"employed": True}, "DB-50", "因就业"),
        ("exit_months", "500233", TODAY, None, EXIT, "DB-51", ""),
        ("exit_months", "120104", TODAY, None,
         EXIT | {"monthly_income_total": 1500, "employed": True}, "DB-50", ""),
        ("tekun_teen", "152201", TODAY, "tekun", {"age": 16}, "TK-07", ""),
        ("tekun_teen", "500233", TODAY, "tekun", {"age": 16}, "TK-06", ""),
        ("care_mind", "513431", TODAY, "canji_butie", DISABLED, "CJ-08", ""),
        ("care_mind", "500233", TODAY, "canji_butie", DISABLED, "CJ-02", ""),
        ("rigid_share", "152201", TODAY, "gangxing_zhichu", ILL, "GX-07", "超过家庭收入的70%"),
        ("rigid_share", "500233", TODAY, "gangxing_zhichu", ILL, "GX-01", "当地规定"),
        ("heart_child", "513431", TODAY, "gu_er_ertong", {"heart_disease": True, "age": 5},
         "YL-14", "凉山州"),
        ("heart_child", "500233", TODAY, "gu_er_ertong", {"heart_disease": True, "age": 5},
         "YL-14", "先天性心脏病的孩子"),
    ],
)  # fmt: skip
def test_the_rule_and_the_text_are_those_of_the_place_and_the_day(
    code: str, place: str, day: date, focus: str | None, facts: dict[str, Any], rule: str,
    words: str,
) -> None:  # fmt: skip
    found = reason(code, place, day, focus, **facts)
    assert found.rule_id == rule
    assert words in found.clause


def test_what_another_place_says_is_not_told_here() -> None:
    child = {"heart_disease": True, "age": 5}
    assert "凉山" not in reason("heart_child", "500233", TODAY, "gu_er_ertong", **child).clause


def test_how_a_single_person_is_paid_is_told_from_the_first_day_of_the_rules_of_2021() -> None:
    severe = SEVERE | {"monthly_income_total": 1200}
    told = reason("single_amount_by_office", "120104", date(2021, 7, 1), **severe)
    assert "第二十三条" in told.clause


@pytest.mark.parametrize(
    ("school", "boarding", "where"),
    [("小学", None, ["（住校）", "（不住校）"]), ("小学", True, ["（住校）"]),
     ("初中", False, ["（不住校）"]), ("高中", None, [""]), ("高中", True, [""])],
)  # fmt: skip
def test_a_subsidy_that_goes_by_boarding_is_told_for_each_way_still_open(
    school: str, boarding: bool | None, where: list[str]
) -> None:
    told = POOR | {"student_stage": school, "age": 12, "monthly_income_total": 300}
    found = screen(told | {"boarding": boarding}, "500233", TODAY, focus={"jiaoyu"})
    codes = ("edu_living_subsidy", "edu_senior_grant")
    clauses = [r.clause for v in found.verdicts for r in v.reasons if r.code in codes]
    assert len(clauses) == len(where)
    for clause, ending in zip(clauses, where, strict=True):
        assert ("住校" in clause) == bool(ending)
        assert ending in clause

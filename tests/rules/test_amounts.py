"""What a likely verdict may come to: a range where facts or texts are open, or who decides."""

from datetime import date
from typing import Any

import pytest

from rules.law import Law
from rules.law import of as law_of
from rules.reasons import UNPRICED, monthly_lines
from rules.screening import screen
from rules.verdict import Estimate, Verdict

TODAY = date(2026, 11, 21)
POOR = {"household_size": 1, "hukou": "rural", "car": False, "deposit": 0, "shock": "none",
        "medical_expense_self": 0, "tuition": 0}  # fmt: skip


def found(program: str, kind: str, place: str = "500233", **told: Any) -> Verdict:
    verdict = screen({**POOR, **told}, place, TODAY).of(program, kind)
    assert verdict is not None
    assert verdict.outcome == "likely"
    return verdict


def amount(program: str, kind: str, place: str = "500233", **told: Any) -> Estimate:
    estimate = found(program, kind, place, **told).amount
    assert estimate is not None
    return estimate


@pytest.mark.parametrize(
    ("told", "ends", "formula"),
    [
        ({"monthly_income_total": 300}, (330, 330), "（标准630 − 人均300）×1人"),
        (
            {"hukou": None, "monthly_income_total": 600},
            (30, 170),
            "（标准630至770 − 人均600）×1人",
        ),
        (
            {"household_size": {"low": 2, "high": 3}, "monthly_income_total": 800},
            (460, 1090),
            "（标准630 − 人均266.67至400）×2至3人",
        ),
        (
            {
                "household_size": {"low": 2, "high": 4},
                "monthly_income_per_capita": {"low": 100, "high": 200},
            },
            (860, 2120),
            "（标准630 − 人均100至200）×2至4人",
        ),
    ],
)
def test_dibao_is_estimated_by_both_ends_of_what_was_told(
    told: dict[str, Any], ends: tuple[int, int], formula: str
) -> None:
    estimate = amount("dibao", "standard", **told)
    assert (estimate.low, estimate.high) == ends
    assert (estimate.formula, estimate.unit) == (formula, "元/月")


def test_heads_without_an_upper_end_give_no_estimate() -> None:
    assert found("dibao", "standard", household_size=None, monthly_income_total=0).amount is None


def test_where_only_one_group_has_a_standard_an_open_hukou_gives_no_line() -> None:

    whole = law_of("500233", TODAY)
    half = Law("500233", TODAY, standards={"rural": whole.standards["rural"]})
    assert monthly_lines({"hukou": None}, half) is None
    assert monthly_lines({"hukou": "urban"}, half) is None
    assert monthly_lines({"hukou": "rural"}, half) == (63000, 63000)


def test_small_fast_aid_has_a_ceiling_and_says_what_it_leaves_open() -> None:
    estimate = amount("linshi", "kuaijiu", shock="fire", monthly_income_total=9000)
    assert (estimate.low, estimate.high, estimate.unit) == (0, 630, "元/次")
    assert estimate.formula == "最高1个月低保标准630，按人还是按户没有写明，由乡镇（街道）核定"
    wide = amount("linshi", "kuaijiu", shock="fire", hukou=None, monthly_income_total=9000)
    assert "630至770" in wide.formula


def test_a_margin_household_in_tianjin_may_get_nothing_or_the_figure() -> None:
    estimate = amount("dibao_bianyuan", "standard", "120104", monthly_income_total=1500)
    assert (estimate.low, estimate.high, estimate.unit) == (0, 314, "元/月")
    assert estimate.formula == "符合发放条件的每户314，不符合的没有"


@pytest.mark.parametrize(
    ("program", "kind", "told", "code"),
    [
        ("dibao", "jiantui", {"receiving": ["dibao"]}, "exit_amount_by_office"),
        ("dibao", "danrenbao", {"disability_level": "一级"}, "single_amount_by_office"),
        ("dibao_bianyuan", "standard", {}, "margin_amount_by_office"),
        ("linshi", "zhichu", {"medical_expense_self": 90000}, "aid_amount_by_office"),
    ],
)
def test_without_a_verified_figure_it_is_said_who_decides(
    program: str, kind: str, told: dict[str, Any], code: str
) -> None:
    verdict = found(program, kind, monthly_income_total=756, **told)
    assert verdict.amount is None
    (reason,) = [one for one in verdict.reasons if one.code in UNPRICED]
    assert (reason.code, reason.met, reason.value) == (code, None, None)
    assert "民政部门" in reason.clause


def test_what_is_not_likely_says_nothing_of_money() -> None:
    for verdict in screen({**POOR, "monthly_income_total": 9000}, "500233", TODAY).verdicts:
        assert verdict.amount is None
        assert not {one.code for one in verdict.reasons} & set(UNPRICED)

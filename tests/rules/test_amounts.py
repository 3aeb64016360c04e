"""What a likely verdict may come to: a range where facts or texts are open, or who decides."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules.criteria import Programme
from rules.law import Law
from rules.law import of as law_of
from rules.parameter_store import Store, default_store
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


def test_no_text_is_cited_before_its_day() -> None:
    told = {**POOR, "monthly_income_total": 3000, "registered_poor": True, "disability_level": 1}
    for day, cited in ((date(2020, 6, 1), False), (TODAY, True)):
        told["monthly_income_total"] = 756 if cited else 3000
        verdict = screen(told, "500233", day).of("dibao", "danrenbao")
        assert verdict is not None
        (reason,) = [one for one in verdict.reasons if one.code in UNPRICED]
        assert ("第二十三条" in reason.clause) is cited


def test_what_is_not_likely_says_nothing_of_money() -> None:
    for verdict in screen({**POOR, "monthly_income_total": 9000}, "500233", TODAY).verdicts:
        assert verdict.amount is None
        assert not {one.code for one in verdict.reasons} & set(UNPRICED)


ALLOWANCE = {"household_size": 1, "monthly_income_total": 3000, "disability_level": "一级",
             "disability_type": "肢体", "age": 40, "self_care": "不能自理"}  # fmt: skip


@pytest.mark.parametrize(
    ("place", "kind", "told", "words"),
    [
        ("350102", "shenghuo", {"receiving": ["dibao"]}, "2020年起福建省困难残疾人生活补贴是80元"),
        ("350302", "huli", {}, "2020年起福建省一级残疾护理补贴（非生活困难）是115元"),
    ],
)
def test_a_wider_place_is_no_estimate_where_the_nearer_one_has_an_unverified_figure(
    place: str, kind: str, told: dict[str, Any], words: str
) -> None:
    facts = {**POOR, **ALLOWANCE, **told}
    verdict = screen(facts, place, TODAY, focus=["canji_butie"]).of("canji_butie", kind)
    assert verdict is not None
    assert (verdict.outcome, verdict.amount) == ("likely", None)
    [reason] = [one for one in verdict.reasons if one.code == "figure_of_wider_place"]
    assert words in reason.clause
    assert "民政部门和残联定" in reason.clause
    code = {"shenghuo": "living_figure", "huli": "care_figure"}[kind]
    [figure] = [one for one in verdict.reasons if one.code == code]
    assert "当地另有自己的数" in figure.clause


def test_where_the_province_alone_has_a_figure_the_estimate_names_place_and_year() -> None:
    facts = {**POOR, **ALLOWANCE, "receiving": ["dibao"]}
    verdict = screen(facts, "350902", TODAY, focus=["canji_butie"]).of("canji_butie", "shenghuo")
    assert verdict is not None
    assert verdict.amount is not None
    assert verdict.amount.formula == "2020年起福建省标准80"
    assert "figure_of_wider_place" not in {one.code for one in verdict.reasons}


def test_the_standard_of_a_wider_place_is_no_estimate_either() -> None:
    """Nobody has verified the figure that this county is said to have."""
    own = replace(
        default_store().in_force("dibao_standard", "500233", TODAY, hukou="rural"),
        region_code="500233", evidence_grade="C", verified=False, value=700, low=700, high=700,
    )  # fmt: skip
    store = Store.of([*default_store().parameters, own])
    told = {**POOR, "monthly_income_total": 300}
    verdict = screen(told, "500233", TODAY, store=store).of("dibao")
    assert verdict is not None
    assert (verdict.outcome, verdict.amount) == ("likely", None)
    assert "figure_of_wider_place" in {one.code for one in verdict.reasons}
    burnt = screen({**told, "shock": "fire"}, "500233", TODAY, store=store).of("linshi")
    assert burnt is not None
    assert (burnt.outcome, burnt.amount) == ("likely", None)


def test_a_figure_without_a_known_beginning_has_no_year() -> None:
    figure = default_store().in_force("dibao_standard", "500233", TODAY, hukou="rural")
    assert (figure.since, replace(figure, effective_from=None).since) == ("2025年起", "")


def test_a_programme_has_no_remarks_and_no_estimate_of_its_own_unless_it_brings_them() -> None:
    bare = Programme("x", "household", "standard", "x", lambda _: [], lambda _: pl.lit("likely"))
    law = law_of("500233", TODAY)
    assert bare.notes({}, law, "likely") == []
    assert bare.amount({}, law) is None

"""What one screening says: reasons with documents, distances, amounts, and limits."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.criteria import on_the_line
from rules.errors import FactError, UnknownRegion
from rules.law import of as law_of
from rules.parameter_store import Store, default_store, using
from rules.parameter_values import Parameter
from rules.screening import screen
from rules.verdict import Reason, Verdict

TODAY = date(2026, 11, 21)
POOR = {"household_size": 3, "monthly_income_total": 800, "hukou": "rural", "car": False,
        "deposit": 0}  # fmt: skip


def verdict(facts: dict[str, Any], program: str = "dibao", kind: str | None = None) -> Verdict:
    found = screen(facts, "500233", TODAY).of(program, kind)
    assert found is not None
    return found


def test_the_reason_carries_value_line_gap_and_document() -> None:
    reason = verdict(POOR).reasons[0]
    assert (reason.code, reason.rule_id, reason.met) == ("dibao_income", "DB-01", True)
    assert (reason.value, reason.line, reason.gap) == (266.67, 630, -363.33)
    assert reason.parameter is not None
    assert reason.parameter.document == "重庆市民政局文件（渝民规〔2025〕6号）"
    assert reason.parameter.effective_from == date(2025, 7, 1)


def test_the_amount_is_an_estimate_with_its_formula() -> None:
    amount = verdict(POOR).amount
    assert amount is not None
    assert (amount.low, amount.high, amount.label) == (1090, 1090, "估算")
    assert amount.formula == "（标准630 − 人均266.67）×3人"


def test_a_standard_that_is_a_range_is_spoken_in_the_formula() -> None:
    facts = {**POOR, "hukou": "urban", "monthly_income_total": 0}
    found = screen(facts, "513431", date(2016, 6, 1)).of("dibao")
    assert found is not None
    assert found.amount is not None
    assert found.amount.formula == "（标准420至450 − 人均0）×3人"


def test_no_amount_without_a_likely_verdict() -> None:
    assert verdict({**POOR, "car": True}).amount is None
    assert verdict({**POOR, "household_size": 1}).amount is None


def test_distance_names_the_gap_and_the_doors() -> None:
    over = verdict({**POOR, "monthly_income_total": 2268})
    values = {distance.code: distance.values for distance in over.distance}
    assert values["dibao_line"]["gap"] == 126
    assert values["with_critical_illness_record"]["outcome"] == "likely"
    assert values["with_severe_disability_certificate"]["outcome"] == "likely"
    assert values["margin_household"]["outcome"] == "likely"


def test_distance_never_speaks_of_less_income_or_property() -> None:
    for income in (700, 2268, 9000):
        for found in screen({**POOR, "monthly_income_total": income}, "500233", TODAY).verdicts:
            for distance in found.distance:
                assert not {"less", "hide", "deposit", "car"} & set(distance.code.split("_"))


def test_far_over_the_line_has_no_door_by_illness() -> None:
    codes = {d.code for d in verdict({**POOR, "monthly_income_total": 9000}).distance}
    assert "with_critical_illness_record" not in codes


def doors(program: str = "dibao", **facts: Any) -> dict[str, dict[str, Any]]:
    told = verdict({**POOR, "monthly_income_total": 2268, **facts}, program)
    return {distance.code: distance.values for distance in told.distance}


def test_a_hardship_that_would_open_emergency_aid_is_named() -> None:
    calm = {"shock": "none", "medical_expense_self": 0, "tuition": 0}
    opened = {"program": "linshi", "outcome": "likely"}
    assert doors("linshi", **calm)["with_sudden_hardship"] == opened
    assert "with_sudden_hardship" not in doors("linshi", shock="fire")
    assert "with_sudden_hardship" not in doors("linshi", medical_expense_self=0, tuition=0)


def test_costs_of_work_and_illness_are_named_only_where_there_are_any() -> None:
    calm = {"shock": "none", "medical_expense_self": 0, "disability_level": "无"}
    assert not {"work_costs_may_be_deducted", "illness_and_study_costs_may_be_deducted"} & set(
        doors(**calm)
    )
    assert doors(**calm, employed=True)["work_costs_may_be_deducted"] == {}
    assert "work_costs_may_be_deducted" in doors(**calm, monthly_income_member=300)
    for more in (
        {"disability_level": "四级"},
        {"disease": "风湿"},
        {"medical_expense_self": 90000},
    ):
        assert "illness_and_study_costs_may_be_deducted" in doors(**{**calm, **more})


def test_fujian_names_both_ways_of_spending_hardship() -> None:
    facts = {**POOR, "monthly_income_total": 9000, "medical_expense_self": 90000}
    found = screen(facts, "350902", TODAY).of("dibao")
    assert found is not None
    ways = {d.code: d.values for d in found.distance}["spending_hardship_may_enter_dibao"]
    assert ways == {"subjects": ["household", "person"]}
    elsewhere = {d.code for d in verdict(facts).distance}
    assert "spending_hardship_may_enter_dibao" not in elsewhere


def test_the_person_gets_a_verdict_while_the_household_does_not() -> None:
    facts = {**POOR, "monthly_income_total": 2268, "disability_level": "一级"}
    assert verdict(facts).outcome == "unlikely"
    person = verdict(facts, "dibao", "danrenbao")
    assert (person.subject, person.outcome) == ("person", "likely")
    assert verdict(facts, "dibao_bianyuan").outcome == "likely"


def test_impossible_facts_raise_and_contradictions_go_to_a_person() -> None:
    with pytest.raises(FactError):
        screen({"household_size": 0}, "500233", TODAY)
    clash = {**POOR, "num_children": 3}
    assert "figures_conflict" in [reason.code for reason in verdict(clash).reasons]


def test_unknown_place_raises() -> None:
    with pytest.raises(UnknownRegion):
        screen(POOR, "999999", TODAY)


def test_the_screening_is_plain_json() -> None:
    text = json.dumps(screen(POOR, "500233", TODAY).to_json(), ensure_ascii=False)
    read = json.loads(text)
    assert read["as_of"] == "2026-11-21"
    assert read["region_name"] == "重庆市忠县"
    assert "符合" not in [v["outcome"] for v in read["verdicts"]]


def test_declined_facts_are_not_listed_as_missing() -> None:
    facts = {key: value for key, value in POOR.items() if key != "car"}
    found = screen(facts, "500233", TODAY, frozenset({"car"})).of("dibao")
    assert found is not None
    assert (found.outcome, found.missing) == ("need_person", [])


def _parameter(name: str, value: float, unit: str, comparison: str = "") -> Parameter:
    return Parameter(
        name=name, value=value, low=value, high=value, at_least=False, unit=unit,
        region_code="120000", region_name="天津市", population="all", document="某办法", clause="",
        evidence_grade="A", effective_from=date(2025, 1, 1), effective_to=None,
        checked_until=None, verified=True, comparison=comparison,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comparison", "outcome"), [("at_most", "likely"), ("below", "need_person")]
)
def test_the_operator_of_a_verified_text_decides_at_one_and_a_half(
    comparison: str, outcome: str
) -> None:
    store = Store.of(
        [
            _parameter("dibao_standard", 1000, "元/人·月"),
            _parameter("dibao_edge_income_cap_multiple", 1.5, "×低保标准", comparison),
        ]
    )
    facts = {**POOR, "household_size": 1, "monthly_income_total": 1500}
    found = screen(facts, "120104", TODAY, store=store).of("dibao_bianyuan")
    assert found is not None
    assert found.outcome == outcome


def test_a_standard_known_only_from_below_decides_nothing() -> None:
    standard = replace(_parameter("dibao_standard", 900, "元/人·月"), at_least=True)
    facts = {**POOR, "household_size": 1, "monthly_income_total": 950}
    found = screen(facts, "120104", TODAY, store=Store.of([standard])).of("dibao")
    assert found is not None
    assert found.outcome == "need_person"
    assert any("只知道在900元/人·月以上" in reason.clause for reason in found.reasons)


def test_a_verified_property_limit_replaces_the_caution_line() -> None:
    cap = _parameter("dibao_asset_monetary_cap", 24, "×低保月标准")
    store = Store.of([_parameter("dibao_standard", 1000, "元/人·月"), cap])
    facts = {**POOR, "household_size": 1, "monthly_income_total": 100}
    at = screen({**facts, "deposit": 24000}, "120104", TODAY, store=store).of("dibao")
    over = screen({**facts, "deposit": 24001}, "120104", TODAY, store=store).of("dibao")
    assert at is not None
    assert over is not None
    assert (at.outcome, over.outcome) == ("likely", "need_person")


def test_a_turn_goes_by_the_store_around_it_and_the_next_one_by_the_files() -> None:
    facts = {**POOR, "household_size": 1, "monthly_income_total": 1100}
    raised = Store.of([_parameter("dibao_standard", 1200, "元/人·月")])
    with using(raised):
        assert default_store() is raised
        inside = screen(facts, "120104", TODAY).of("dibao")
    after = screen(facts, "120104", TODAY).of("dibao")
    assert inside is not None
    assert after is not None
    assert (inside.outcome, after.outcome) == ("likely", "unlikely")


def test_fast_aid_without_a_published_limit_tells_its_days_only() -> None:
    kept = [
        p for p in default_store().parameters if p.name != "temp_aid_fast_track_amount_cap_multiple"
    ]
    facts = {**POOR, "shock": "fire"}
    for store, told in ((Store.of(kept), [False]), (default_store(), [True])):
        found = screen(facts, "500233", TODAY, store=store).of("linshi")
        assert found is not None
        codes = [reason.code for reason in found.reasons]
        assert "fast_track_days" in codes
        assert ["fast_track_cap" in codes] == told


@pytest.mark.parametrize(
    ("kinds", "unclear"),
    [(["听力", "言语"], False), (["智力", "精神"], False), (["肢体", "智力"], True)],
)
def test_two_kinds_of_disability_count_where_they_count_alike(
    kinds: list[str], unclear: bool
) -> None:
    facts = {"disability_level": "三级", "disability_type": kinds, "household_size": 3}
    found = screen(facts, "500233", TODAY, focus={"canji_butie"})
    assert any("disability_type" in one.missing for one in found.verdicts) is unclear


def test_what_is_compared_is_shown_with_its_line_and_how_far_it_is() -> None:
    facts = {
        "household_size": 3, "monthly_income_total": 9000, "hukou": "urban", "car": False,
        "deposit": 0, "medical_expense_self": 40000, "tuition": 0,
    }  # fmt: skip
    [verdict] = screen(facts, "152201", TODAY, focus=("gangxing_zhichu",)).verdicts
    [share] = [r for r in verdict.reasons if r.code == "rigid_share"]
    assert (share.value, share.line, share.gap, share.unit) == (37.04, 60, -22.96, "%")
    assert share.rule_id == "GX-07"  # 内蒙古 has a share of its own
    [far] = verdict.distance
    assert (far.code, far.values["gap"]) == ("rigid_share_line", -22.96)
    enough = facts | {"medical_expense_self": 90000}
    [verdict] = screen(enough, "152201", TODAY, focus=("gangxing_zhichu",)).verdicts
    assert not verdict.distance, "above its line there is nothing to reach"


def test_the_gap_subsidy_shows_the_yearly_income_and_its_line() -> None:
    facts = {"household_size": 2, "monthly_income_total": 500, "hukou": "rural"}
    verdicts = screen(facts, "513431", date(2016, 6, 1), focus=("liangshan_butie",)).verdicts
    [below] = [r for v in verdicts for r in v.reasons if r.code == "gap_below"]
    assert (below.value, below.line, below.gap, below.unit) == (3000, 3100, -100, "元/人·年")


def test_that_no_local_hukou_is_needed_speaks_for_whoever_is_in_need() -> None:
    facts = {"shock": "fire", "hukou": "nonlocal"}
    [verdict] = screen(facts, "500233", TODAY, focus=("linshi",)).verdicts
    [said] = [r for r in verdict.reasons if r.code == "no_local_hukou_needed"]
    assert said.met is True


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"medical_expense_self": 23000}, (True, 63.89, 60, 3.89)),
        ({"medical_expense_self": 10000, "tuition": 16000}, (True, 72.22, 70, 2.22)),
        ({"medical_expense_self": 10000, "tuition": 14000}, (False, 66.67, 70, -3.33)),
        ({"medical_expense_self": 20000, "tuition": 0}, (False, 55.56, 60, -4.44)),
    ],
)
def test_of_two_shares_the_one_that_carries_or_is_nearer_is_shown(
    told: dict[str, Any], shown: tuple[Any, ...]
) -> None:
    facts = {
        "household_size": 2, "monthly_income_total": 3000, "hukou": "urban", "car": False,
        "deposit": 0, "tuition": 0, "rehab_expense": 0, "accident_expense": 0,
    }  # fmt: skip
    [verdict] = screen(facts | told, "152201", TODAY, focus=("gangxing_zhichu",)).verdicts
    [share] = [r for r in verdict.reasons if r.code == "rigid_share"]
    assert (share.met, share.value, share.line, share.gap) == shown


def _shown(code: str, region: str = "500233", day: date = TODAY, **told: Any) -> Reason:
    facts = {**POOR, **told}
    focus = ("dibao", "tekun", "dibao_bianyuan")
    found = [r for v in screen(facts, region, day, focus=focus).verdicts for r in v.reasons]
    return next(reason for reason in found if reason.code == code)


@pytest.mark.parametrize(
    ("code", "told", "line"),
    [
        ("dibao_income", {"monthly_income_total": 1890}, 630),
        ("edge_income", {"monthly_income_total": 2835}, 945),
        ("exit_above", {"monthly_income_total": 1890, "receiving": ["dibao"]}, 630),
        ("exit_below_cap", {"monthly_income_total": 2835, "receiving": ["dibao"]}, 945),
        ("single_above", {"monthly_income_total": 1890, "disability_level": "二级"}, 630),
        ("single_income", {"monthly_income_total": 2835, "disability_level": "二级"}, 945),
    ],
)
def test_exactly_on_a_line_the_law_leaves_open_a_reason_speaks_neither_way(
    code: str, told: dict[str, Any], line: int
) -> None:
    on = _shown(code, **told)
    assert (on.met, on.value, on.line, on.gap) == (None, line, line, 0)
    beside = told | {"monthly_income_total": told["monthly_income_total"] - 3}
    assert _shown(code, **beside).met is (code not in ("exit_above", "single_above"))
    kept = told | {"monthly_income_total": {"low": told["monthly_income_total"], "high": 9000}}
    assert _shown(code, **kept).met is (True if code in ("exit_above", "single_above") else None)


def test_own_income_on_the_line_is_neither_met_nor_missed() -> None:
    alone = {"household_size": 1, "age": 70, "supporter": "none"}
    assert _shown("tekun_income", **alone, monthly_income_total=630).met is None
    assert _shown("tekun_income", **alone, monthly_income_total=629).met is True


def test_inside_a_standard_that_is_a_range_nothing_is_said_to_be_equal() -> None:
    told = {"hukou": "urban", "household_size": 1, "monthly_income_total": 430}
    inside = _shown("dibao_income", "513431", date(2016, 6, 1), **told)
    assert (inside.met, inside.line) == (None, {"low": 420, "high": 450})
    line = _shown("dibao_on_the_line", "513431", date(2016, 6, 1), **told)
    assert "正好等于低保标准，或在低保标准的区间里" in line.clause  # 农村的是一个数
    law = law_of("513431", date(2016, 6, 1))
    ranges = replace(law, standards=dict.fromkeys(("urban", "rural"), law.standards["urban"]))
    assert on_the_line(ranges, 100) == "人均收入在低保标准的区间里"
    assert "正好等于低保标准" in _shown("dibao_on_the_line", monthly_income_total=1890).clause


def test_a_fen_below_the_line_is_shown_as_below_and_reckoned_so_that_it_can_be_followed() -> None:
    near = screen({**POOR, "monthly_income_total": 1889.99}, "500233", TODAY).of("dibao")
    assert near is not None
    assert near.amount is not None
    assert (near.outcome, near.amount.low) == ("likely", 0.01)
    assert near.amount.formula == "标准630×3人 − 全家1889.99"
    income = next(r for r in near.reasons if r.code == "dibao_income")
    assert (income.met, income.value, income.gap) == (True, 629.9967, -0.0033)
    ranged = _shown("dibao_income", monthly_income_total={"low": 1889.99, "high": 1900})
    assert ranged.value == {"low": 629.9967, "high": 633.33}


OVER = {
    **POOR, "household_size": 3, "monthly_income_total": 3600, "age": 58, "supporter": "none",
    "disability_level": "无", "medical_expense_self": 0, "critical_illness_insured": False,
    "shock": "none", "tuition": 0,
}  # fmt: skip


def _far(program: str, place: str = "500233", **told: Any) -> dict[str, dict[str, Any]]:
    [found] = [
        verdict
        for verdict in screen({**OVER, **told}, place, TODAY, focus=[program]).verdicts
        if verdict.kind not in ("huli", "danrenbao")
    ]
    assert found.outcome == "unlikely"
    return {distance.code: distance.values for distance in found.distance}


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("yiliao", {}),
        ("zhufang", {"housing": "危房", "house_grade": "D", "lifted_out": False}),
    ],
)
def test_where_a_status_alone_is_unmet_the_margin_line_is_the_nearest_change(
    program: str, told: dict[str, Any]
) -> None:
    assert _far(program, **told)["edge_line"]["gap"] == 255


def test_where_only_dibao_opens_it_the_line_of_dibao_is_shown() -> None:
    facts = {**OVER, "monthly_income_total": 9000}
    found = screen(facts, "513431", date(2016, 6, 1), focus=["liangshan_butie"])
    [gap] = next(v.distance for v in found.verdicts if v.kind == "teshu")
    assert (gap.code, gap.values["line"], gap.values["gap"]) == ("dibao_line", 240, 2760)
    assert "dibao_line" not in _far("canji_butie", monthly_income_total=9000)


def test_who_is_under_every_line_is_told_of_none() -> None:
    alone = {"household_size": 1, "monthly_income_total": 500, "receiving": ["tekun"]}
    assert "edge_line" not in _far("gangxing_zhichu", **alone, medical_expense_self=20000)


def test_an_age_still_to_come_is_named_and_none_that_is_past() -> None:
    alone = {"household_size": 1, "monthly_income_total": 500, "work_ability": "有"}
    assert _far("tekun", **alone)["at_age"] == {"value": 60, "unit": "岁"}
    assert "at_age" not in _far("tekun", **alone | {"supporter": "able"})
    assert "at_age" not in _far("tekun", **alone | {"age": 61, "supporter": "able"})
    old = _far("canji_butie", "350902", disability_level="一级", fixed_income=False,
               monthly_income_total=90000)  # fmt: skip
    assert old["at_age"]["value"] == 60


def test_ones_own_income_is_measured_where_it_alone_is_unmet() -> None:
    old = {"household_size": 1, "age": 70, "monthly_income_total": 1000}
    assert _far("tekun", **old)["dibao_line"]["gap"] == 370
    assert "dibao_line" not in _far("tekun", **old | {"supporter": "able"})


def test_what_only_spending_may_open_is_called_so_while_a_person_has_to_look() -> None:
    facts = {
        "household_size": 1, "monthly_income_total": 1000, "hukou": "rural", "car": False,
        "deposit": 0, "shock": "none", "medical_expense_self": 60000,
    }  # fmt: skip
    [aid] = [one for one in screen(facts, "500233", TODAY).verdicts if one.program == "linshi"]
    assert (aid.kind, aid.outcome) == ("zhichu", "need_person")

"""Medical aid as five ordered kinds, and the two rounds of reckoning."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import medical
from rules.medical import EDGE, KEY, Bill, first_round, five_kinds, groups, second_round
from rules.parameter_store import Store, default_store

TODAY = date(2026, 11, 21)
YUBEI = "500112"
POOR: dict[str, Any] = {
    "hukou": "rural", "household_size": 3, "monthly_income_total": 800, "car": False, "deposit": 0,
    "shock": "none", "medical_expense_self": 40000,
}  # fmt: skip


def outcomes(**facts: Any) -> dict[str, str]:
    return {kind.code: kind.outcome for kind in five_kinds({**POOR, **facts}, "500233", TODAY)}


def test_the_five_kinds_stand_in_order_and_once_each() -> None:
    kinds = five_kinds(POOR, "500233", TODAY)
    codes = [kind.code for kind in kinds]
    assert codes == ["premium", "outpatient", "inpatient", "temporary", "charity"]
    assert all(kind.clause and kind.rule_id for kind in kinds)
    assert kinds[2].papers == ("身份证或户口簿", "医保结算单和有效票据")


def test_charity_is_a_referral_and_never_likely() -> None:
    for income in (800, 2300, 9000):
        assert outcomes(monthly_income_total=income)["charity"] == "need_person"
    assert outcomes(monthly_income_total=9000, medical_expense_self=0)["charity"] == "unlikely"
    promised = medical.promised(five_kinds(POOR, "500233", TODAY))
    assert [kind.code for kind in promised] == ["premium", "outpatient", "inpatient", "temporary"]


def test_temporary_aid_has_its_own_verdict() -> None:
    found = outcomes(monthly_income_total=9000, shock="sudden_illness", medical_expense_self=80000)
    assert (found["temporary"], found["inpatient"]) == ("likely", "need_person")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"age": 60}, ["old"]),
        ({"age": 59}, []),
        ({"age": 17}, ["child"]),
        ({"age": 18}, []),
        ({"disability_level": "二级"}, ["severely_disabled"]),
        ({"disability_level": "三级"}, []),
        ({"critical_illness_insured": True}, ["seriously_ill"]),
        ({"disease": ["尿毒症"]}, ["seriously_ill"]),
        (
            {"age": 70, "disability_level": "一级", "disease": "肝癌"},
            ["old", "severely_disabled", "seriously_ill"],
        ),
        ({}, []),
    ],
)
def test_each_group_is_a_condition_of_its_own(facts: dict[str, Any], expected: list[str]) -> None:
    assert groups(facts) == expected


def test_key_groups_hear_a_formula_and_others_no_seventy_percent() -> None:
    law = medical.law_of("500233", TODAY)
    bill = Bill(total=50_000_00, inside=40_000_00, insured=20_000_00)
    key = first_round(bill, KEY, law)
    assert key is not None
    assert key.amount == 14_000_00
    assert key.formula == "目录内自己负担的20000元×70%"
    assert first_round(bill, EDGE, law) is None


def test_a_local_limit_caps_the_first_round() -> None:
    law = medical.law_of(YUBEI, TODAY)
    small = first_round(Bill(10_000_00, 10_000_00, 2_000_00), KEY, law)
    large = first_round(Bill(200_000_00, 200_000_00, 0), KEY, law)
    edge = first_round(Bill(10_000_00, 10_000_00, 2_000_00), EDGE, law)
    assert small is not None
    assert large is not None
    assert edge is not None
    assert (small.amount, large.amount, edge.amount) == (6_000_00, 60_000_00, 5_600_00)
    assert large.formula.endswith("一年最多60000元")


def test_costs_outside_the_catalogues_count_for_nothing() -> None:
    law = medical.law_of("500233", TODAY)
    inside = first_round(Bill(40_000_00, 40_000_00, 20_000_00), KEY, law)
    outside = first_round(Bill(90_000_00, 40_000_00, 20_000_00), KEY, law)
    assert inside is not None
    assert outside is not None
    assert inside.amount == outside.amount


def test_no_second_round_is_reckoned_without_published_values() -> None:
    law = medical.law_of("120104", TODAY)
    bill = Bill(40_000_00, 40_000_00, 20_000_00)
    assert second_round(bill, first_round(bill, KEY, law), law) is None
    assert second_round(bill, None, law) is None


def test_a_bill_whose_parts_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="目录内"):
        Bill(total=100, inside=200, insured=0)
    with pytest.raises(ValueError, match="报销"):
        Bill(total=300, inside=200, insured=201)


amounts = st.integers(0, 500_000_00)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    parts=st.tuples(amounts, amounts, amounts),
    ratios=st.tuples(st.integers(0, 100), st.integers(0, 100)),
    ceiling=st.integers(0, 200_000),
)
def test_second_below_its_ceiling_and_both_below_the_allowed_cost(
    parts: tuple[int, int, int], ratios: tuple[int, int], ceiling: int
) -> None:
    insured, inside, total = sorted(parts)
    bill = Bill(total, inside, insured)
    ratio = default_store().in_force("medical_aid_large_expense_ratio_dibao_tekun", YUBEI, TODAY)
    cap = default_store().in_force("medical_aid_large_expense_cap", YUBEI, TODAY)
    store = Store.of(
        [
            replace(ratio, value=ratios[0], low=ratios[0], high=ratios[0]),
            replace(ratio, name="medical_aid_second_ratio", value=ratios[1], low=ratios[1],
                    high=ratios[1]),
            replace(cap, name="medical_aid_second_ceiling", value=ceiling, low=ceiling,
                    high=ceiling),
        ]
    )  # fmt: skip
    law = medical.law_of(YUBEI, TODAY, store)
    first = first_round(bill, KEY, law)
    second = second_round(bill, first, law)
    assert first is not None
    assert second is not None
    assert 0 <= second.amount <= ceiling * 100
    assert first.amount >= 0
    assert first.amount + second.amount <= bill.allowed


def test_inpatient_aid_is_reckoned_for_the_status_held() -> None:
    cost = {"medical_expense_self": 40_000}
    held = medical.inpatient(cost | {"receiving": ["dibao"]}, "500233", TODAY)
    assert held is not None
    assert (held.amount, held.formula) == (28_000_00, "目录内自己负担的40000元×70%")
    assert held.limit is None
    assert [p.name for p in held.parameters] == ["medical_aid_ratio_min_dibao_tekun"]
    capped = medical.inpatient({"medical_expense_self": 200_000, "receiving": ["tekun"]}, YUBEI,
                               TODAY)  # fmt: skip
    assert capped is not None
    assert capped.amount == 60_000_00
    assert capped.limit is not None
    assert capped.limit in capped.parameters
    assert capped.formula.endswith("，一年最多60000元")
    margin = medical.inpatient(cost | {"receiving": ["dibao_bianyuan"]}, YUBEI, TODAY)
    assert margin is not None
    assert margin.amount == 28_000_00  # 70 percent for the margin, where the place names a ratio


@pytest.mark.parametrize("cost", [None, 0, {"low": 20_000, "high": 40_000}])
def test_without_one_figure_for_the_cost_there_is_a_formula_and_no_amount(cost: Any) -> None:
    facts = {"receiving": ["dibao"], "medical_expense_self": cost}
    here = medical.inpatient(facts, "500233", TODAY)
    capped = medical.inpatient(facts, YUBEI, TODAY)
    assert here is not None
    assert capped is not None
    assert (here.amount, here.formula) == (None, "目录内自己负担的钱×70%")
    assert (capped.amount, len(here.parameters), len(capped.parameters)) == (None, 1, 2)


@pytest.mark.parametrize(
    ("receiving", "group"),
    [
        (["dibao"], KEY), (["tekun"], KEY), (["dibao_bianyuan"], EDGE),
        (["fangfanpin"], EDGE),
        (["dibao_bianyuan", "dibao"], KEY), (["linshi"], None), ([], None), (None, None),
    ],
)  # fmt: skip
def test_only_a_status_held_today_opens_a_share(
    receiving: list[str] | None, group: str | None
) -> None:
    facts = {"receiving": receiving, "medical_expense_self": 40_000}
    assert medical.group_of(facts) == group
    found = medical.inpatient(facts, "500233", TODAY)
    assert (found is not None) == (group == KEY)  # no ratio is verified there for the margin


def test_a_wider_place_s_share_is_no_estimate_where_the_nearer_one_is_unverified() -> None:
    facts = {"receiving": ["dibao"], "medical_expense_self": 40_000}
    nation = default_store().in_force("medical_aid_ratio_min_dibao_tekun", "500233", TODAY)
    own = replace(nation, region_code="500233", evidence_grade="C", verified=False)
    store = Store.of([*default_store().parameters, own])
    assert medical.inpatient(facts, "500233", TODAY) is not None
    assert medical.inpatient(facts, "500233", TODAY, store) is None

"""Deposits of a margin household go by its own limit, and only once somebody has verified one."""

from datetime import date
from typing import Any

import pytest

from rules import law as laws
from rules.bands import bands
from rules.next_question import next_question
from rules.parameter_store import Store, default_store
from rules.parameter_values import Parameter
from rules.screening import screen
from rules.verdict import Reason
from rules.worlds import values

TODAY = date(2026, 11, 21)
TIANJIN, LINE = "120104", 1045
MARGIN = {"household_size": 1, "monthly_income_total": 1500, "hukou": "urban", "car": False,
          "disability_level": "一级"}  # fmt: skip


def limited(*names: str) -> Store:
    """The published figures with a verified limit of deposits, 36 months, for the margin."""
    names = names or ("dibao_edge_asset_monetary_cap",)
    return Store.of([*default_store().parameters, *(_limit(name) for name in names)])


def _limit(name: str) -> Parameter:
    months = 36 if "edge" in name else 24
    return Parameter(
        name=name, value=months, low=months, high=months, at_least=False, unit="×低保月标准",
        region_code=TIANJIN, region_name="天津市南开区", population="all", document="某办法",
        clause="第九条", evidence_grade="A", effective_from=date(2025, 1, 1), effective_to=None,
        checked_until=None, verified=True,
    )  # fmt: skip


def outcomes(deposit: Any, store: Store | None = None, **told: Any) -> dict[str, str]:
    found = screen({**MARGIN, "deposit": deposit, **told}, TIANJIN, TODAY, store=store)
    return {
        (one.kind if one.kind == "danrenbao" else one.program): one.outcome
        for one in found.verdicts
    }


def told(deposit: float, store: Store, code: str) -> Reason:
    verdict = screen({**MARGIN, "deposit": deposit}, TIANJIN, TODAY, store=store).of(
        "dibao_bianyuan"
    )
    assert verdict is not None
    (reason,) = [one for one in verdict.reasons if one.code == code]
    return reason


@pytest.mark.parametrize(
    ("deposit", "outcome"),
    [(36 * LINE - 1, "likely"), (36 * LINE, "likely"), (36 * LINE + 1, "need_person")],
)
def test_a_verified_limit_decides_for_the_margin_and_its_single_applicant(
    deposit: int, outcome: str
) -> None:
    found = outcomes(deposit, limited())
    assert (found["dibao_bianyuan"], found["danrenbao"]) == (outcome, outcome)


def test_an_unverified_limit_decides_nothing() -> None:
    """Tianjin's 36 months stand in the files with grade C: the caution line sends to a person."""
    assert laws.of(TIANJIN, TODAY).edge_deposit_cap is None
    assert outcomes(12 * LINE)["dibao_bianyuan"] == "likely"
    assert outcomes(12 * LINE + 1)["dibao_bianyuan"] == "need_person"


def test_the_limit_of_dibao_is_none_of_the_margin_and_the_other_way_round() -> None:
    poor = outcomes(30000, limited(), monthly_income_total=900)
    assert poor["dibao"] == "need_person"
    store = limited("dibao_asset_monetary_cap")
    assert told(20000, store, "property_to_be_checked").met is None
    both = limited("dibao_asset_monetary_cap", "dibao_edge_asset_monetary_cap")
    assert outcomes(30000, both)["dibao_bianyuan"] == "likely"


def test_the_reason_names_the_document_of_the_limit() -> None:
    below = told(30000, limited(), "property_to_be_checked")
    assert (below.rule_id, below.met) == ("ED-04", True)
    assert below.clause == "某办法第九条：人均货币财产不超过36个月低保标准"
    above = told(50000, limited(), "property_deposit")
    assert (above.met, above.value) == (None, 50000)
    assert above.parameter is not None
    assert above.parameter.document == "某办法"


def test_a_car_is_no_matter_of_the_limit() -> None:
    facts = {**MARGIN, "deposit": 0, "car": True}
    verdict = screen(facts, TIANJIN, TODAY, store=limited()).of("dibao_bianyuan")
    assert verdict is not None
    (car,) = [one for one in verdict.reasons if one.code == "property_car"]
    assert (car.met, car.parameter) == (None, None)


def test_deposits_are_asked_until_every_limit_is_settled() -> None:
    facts = {**MARGIN, "deposit": {"low": 13000, "high": 40000}}
    verdict = screen(facts, TIANJIN, TODAY, store=limited()).of("dibao_bianyuan")
    assert verdict is not None
    assert (verdict.outcome, verdict.missing) == ("need_answers", ["deposit"])
    between = {"low": 13000, "high": 30000}
    assert outcomes(between)["dibao_bianyuan"] == "need_person"
    assert outcomes(between, limited())["dibao_bianyuan"] == "likely"


def test_worlds_and_bands_know_both_limits() -> None:
    law = laws.of(TIANJIN, TODAY, limited())
    assert law.deposit_months == (12, 36)
    found = values("deposit", ("deposit_low", "deposit_high"), {}, {"size_low": 1}, law)
    assert [value for value, _ in found] == [0, 12 * LINE * 100 + 10_000, 36 * LINE * 100 + 10_000]
    assert sum(weight for _, weight in found) == 1
    edges = [band.low for band in bands("deposit", MARGIN, TIANJIN, TODAY, limited())]
    assert edges == [0, 12 * LINE + 1, 36 * LINE + 1]
    assert len(bands("deposit", MARGIN, TIANJIN, TODAY)) == 2


def test_the_deposit_is_a_question_where_only_the_margin_still_waits_for_it() -> None:
    asked = next_question(
        {**MARGIN, "shock": "none", "medical_expense_self": 0, "tuition": 0},
        TIANJIN, TODAY, store=limited(),
    )  # fmt: skip
    assert asked is not None
    assert "deposit" in str(asked)

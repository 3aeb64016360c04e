"""What must hold for every household, not only for the golden ones."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.evaluate import evaluate
from rules.household import frame, household_row, person_rows
from rules.law import of as law_of
from rules.screening import screen

TODAY = date(2026, 11, 21)
REGIONS = ("500233", "350902", "120104", "152201", "513431")
COLUMNS = ("dibao", "jiantui", "danrenbao", "dibao_bianyuan", "linshi", "yiliao")
SETTLED = ("likely", "unlikely")
RANK = {"likely": 2, "need_person": 1, "unlikely": 0}

yuan = st.integers(0, 6000)
STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "household_size": st.integers(1, 8),
    "monthly_income_total": yuan,
    "hukou": st.sampled_from(["rural", "urban"]),
    "car": st.booleans(),
    "deposit": st.sampled_from([0, 500, 9000, 40000, 300000]),
    "shock": st.sampled_from(["none", "fire", "accident", "disaster", "job_loss", "no_food"]),
    "medical_expense_self": st.sampled_from([0, 300, 9000, 90000]),
    "tuition": st.sampled_from([0, 1200, 30000]),
    "disability_level": st.sampled_from(["无", "一级", "二级", "三级", "四级"]),
    "disability_type": st.sampled_from(["肢体", "视力", "智力", "精神"]),
    "critical_illness_insured": st.booleans(),
    "age": st.integers(0, 95),
    "employed": st.booleans(),
    "pension_kind": st.sampled_from(["resident", "employee"]),
}
VOLUNTEERED: dict[str, st.SearchStrategy[Any]] = {
    "pension_monthly": st.sampled_from([0, 180, 2500]),
    "receiving": st.sampled_from([[], ["dibao"], ["tekun"]]),
    "houses": st.integers(0, 3),
}
complete = st.fixed_dictionaries(STRATEGIES, optional=VOLUNTEERED)
common = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def rows(cases: list[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    """The outcomes of many households at once."""
    table = frame([household_row(facts) | person_rows(facts)[0] for facts in cases])
    return evaluate(table, law_of(region, TODAY)).select(COLUMNS).to_dicts()


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_forgetting_a_fact_never_flips_likely_and_unlikely(
    facts: dict[str, Any], region: str
) -> None:
    cases = [facts]
    cases += [{k: v for k, v in facts.items() if k != gone} for gone in STRATEGIES]
    full, *partial = rows(cases, region)
    for row in partial:
        for column in COLUMNS:
            assert {row[column], full[column]} != {"likely", "unlikely"}


@common
@given(facts=complete, region=st.sampled_from(REGIONS), data=st.data())
def test_a_settled_verdict_holds_whatever_the_unknown_is(
    facts: dict[str, Any], region: str, data: st.DataObject
) -> None:
    unknown = data.draw(st.sets(st.sampled_from(sorted(STRATEGIES)), min_size=1, max_size=6))
    told = {key: value for key, value in facts.items() if key not in unknown}
    fills = data.draw(
        st.lists(
            st.fixed_dictionaries({key: STRATEGIES[key] for key in sorted(unknown)}),
            min_size=6,
            max_size=6,
        )
    )
    open_row, *filled = rows([told, *({**told, **fill} for fill in fills)], region)
    for row in filled:
        for column in COLUMNS:
            if open_row[column] in ("likely", "unlikely", "need_person", None):
                assert row[column] == open_row[column], (column, told)


@common
@given(facts=complete, region=st.sampled_from(REGIONS), incomes=st.lists(yuan, min_size=5))
def test_more_income_never_makes_dibao_more_likely(
    facts: dict[str, Any], region: str, incomes: list[int]
) -> None:
    facts.pop("pension_monthly", None)
    found = rows([{**facts, "monthly_income_total": i} for i in sorted(incomes)], region)
    ranks = [RANK[row["dibao"]] for row in found]
    assert ranks == sorted(ranks, reverse=True)


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_a_car_never_makes_an_income_tested_verdict_more_likely(
    facts: dict[str, Any], region: str
) -> None:
    without, with_car = rows([{**facts, "car": False}, {**facts, "car": True}], region)
    assert RANK[with_car["dibao"]] <= RANK[without["dibao"]]


@common
@given(
    facts=complete,
    region=st.sampled_from(REGIONS),
    ends=st.tuples(yuan, yuan),
    share=st.floats(0, 1),
)
def test_a_settled_band_holds_at_every_income_inside(
    facts: dict[str, Any], region: str, ends: tuple[int, int], share: float
) -> None:
    low, high = sorted(ends)
    inside = round(low + share * (high - low), 2)
    band, point = rows(
        [
            {**facts, "monthly_income_total": {"low": low, "high": high}},
            {**facts, "monthly_income_total": inside},
        ],
        region,
    )
    for column in COLUMNS:
        if band[column] in SETTLED:
            assert point[column] == band[column]


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_nothing_told_is_never_a_no(facts: dict[str, Any], region: str) -> None:
    blank = rows([{}], region)[0]
    assert not {"likely", "unlikely"} & {blank[column] for column in COLUMNS}
    assert rows([facts], region)[0]["dibao"] != "need_answers"


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_every_verdict_can_be_shown(facts: dict[str, Any], region: str) -> None:
    screening = screen(facts, region, TODAY)
    for verdict in screening.to_json()["verdicts"]:
        assert verdict["outcome"] in ("likely", "unlikely", "need_answers", "need_person")
        for reason in verdict["reasons"]:
            assert reason["clause"]
            assert reason["rule_id"]
            if reason["parameter"]:
                assert reason["parameter"]["verified"]
        if verdict["amount"]:
            assert 0 <= verdict["amount"]["low"] <= verdict["amount"]["high"]
            assert verdict["amount"]["label"] == "估算"

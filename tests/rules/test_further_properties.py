"""What must hold for every household under every programme beyond the first screening."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import facts as schema
from rules.evaluate import evaluate
from rules.household import ALL_COLUMNS, frame, household_row, person_rows
from rules.law import of as law_of
from rules.next_question import next_question
from rules.programmes import ALL_CODES, FURTHER, needed_for
from rules.screening import screen
from tests.rules.test_parameters import TODAY
from tests.rules.test_properties import STRATEGIES as FIRST

REGIONS = ("500233", "350902", "120104", "152201", "513431")
PROGRAMMES = needed_for(ALL_CODES)
COLUMNS = [programme.column for programme in FURTHER]
common = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def _strategy(fact: schema.Fact) -> st.SearchStrategy[Any]:
    if fact.key == "student_stage":
        return st.sampled_from(["无", "小学", "高中", "大学", "非全日制"])
    if fact.key == "housing":
        return st.sampled_from(["危房", "无房", "租房", "自建房", "公租房"])
    if fact.kind == "bool":
        return st.booleans()
    if fact.kind == "word":
        return st.sampled_from(fact.words)
    return st.integers(0, 6) if fact.kind == "count" else st.sampled_from([0, 5000, 60000])


FURTHER_FACTS = {fact.key: _strategy(fact) for fact in schema.FURTHER if fact.asked}
EVERY = {
    **FIRST,
    **FURTHER_FACTS,
    "self_care": st.sampled_from(["能自理", "不能自理"]),
    "work_ability": st.sampled_from(["有", "部分", "无"]),
}
VOLUNTEERED = {
    "receiving": st.sampled_from([["dibao"], ["tekun"], ["gu_er_ertong"], ["dibao_bianyuan"]])
}
complete = st.fixed_dictionaries(EVERY, optional=VOLUNTEERED)


def outcomes(cases: list[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    rows = [household_row(f, True) | person_rows(f, True)[0] for f in cases]
    table = evaluate(frame(rows, ALL_COLUMNS), law_of(region, TODAY), PROGRAMMES)
    return table.select(COLUMNS).to_dicts()


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_forgetting_a_fact_never_flips_likely_and_unlikely(
    facts: dict[str, Any], region: str
) -> None:
    cases = [facts, *({k: v for k, v in facts.items() if k != gone} for gone in EVERY)]
    full, *partial = outcomes(cases, region)
    for row in partial:
        for column in COLUMNS:
            assert {row[column], full[column]} != {"likely", "unlikely"}, column


@common
@given(facts=complete, region=st.sampled_from(REGIONS), data=st.data())
def test_a_settled_verdict_holds_whatever_the_unknown_is(
    facts: dict[str, Any], region: str, data: st.DataObject
) -> None:
    unknown = data.draw(st.sets(st.sampled_from(sorted(EVERY)), min_size=1, max_size=8))
    told = {key: value for key, value in facts.items() if key not in unknown}
    fill = st.fixed_dictionaries({key: EVERY[key] for key in sorted(unknown)})
    fills = data.draw(st.lists(fill, min_size=6, max_size=6))
    open_row, *filled = outcomes([told, *({**told, **fill} for fill in fills)], region)
    for row in filled:
        for column in COLUMNS:
            if open_row[column] in ("likely", "unlikely"):
                assert row[column] == open_row[column], (column, told)


@common
@given(facts=complete, region=st.sampled_from(REGIONS))
def test_everything_told_leaves_nothing_to_ask(facts: dict[str, Any], region: str) -> None:
    found = screen(facts, region, TODAY, focus=ALL_CODES)
    for verdict in found.verdicts:
        assert verdict.outcome != "need_answers", (verdict.program, verdict.kind, verdict.missing)
    codes = {reason.code for verdict in found.verdicts for reason in verdict.reasons}
    assert "not_known_to_resident" not in codes


@pytest.mark.parametrize("region", [*REGIONS, None])
def test_nothing_told_is_never_a_no_and_always_has_a_question(region: str | None) -> None:
    found = screen({}, region, TODAY, focus=ALL_CODES)
    for verdict in found.verdicts:
        assert verdict.outcome != "likely"
        if verdict.outcome == "need_answers":
            assert verdict.missing, verdict.program
    for code in ALL_CODES:
        asked = next_question({}, region, TODAY, programmes={code})
        assert asked is None or asked in schema.SCHEMA or asked == "region"


@pytest.mark.parametrize("code", sorted({programme.code for programme in FURTHER}))
def test_asking_one_question_after_the_other_settles_a_programme(code: str) -> None:
    facts: dict[str, Any] = {}
    answers: dict[str, Any] = {
        "household_size": 1, "monthly_income_total": 0, "hukou": "rural", "car": False,
        "deposit": 0, "shock": "none", "medical_expense_self": 0, "disability_level": "无",
        "critical_illness_insured": False, "age": 70, "employed": False, "pension_kind": "resident",
        "self_care": "能自理", "work_ability": "有", "student_stage": "无", "housing": "自建房",
    }  # fmt: skip
    for _ in range(25):
        key = next_question(facts, "500233", TODAY, programmes={code})
        if key is None:
            break
        assert key not in facts
        fact = schema.SCHEMA[key]
        default = fact.words[0] if fact.words else (False if fact.kind == "bool" else 0)
        facts[key] = answers.get(key, default)
    else:
        pytest.fail("still asking")
    found = screen(facts, "500233", TODAY, focus={code})
    assert all(verdict.outcome != "need_answers" for verdict in found.verdicts), facts

"""Asking only what still matters gives the same verdicts as asking everything."""

import statistics
from typing import Any

from rules.next_question import _Row, next_question
from rules.programmes import ALL_CODES
from rules.screening import screen
from tests.rules.households import households
from tests.rules.measure_questions import TODAY, interview, outcomes

POOR = {
    "car": False,
    "deposit": 0,
    "shock": "none",
    "disability_level": "无",
    "medical_expense_self": 0,
    "tuition": 0,
    "critical_illness_insured": False,
}


def test_a_short_run_loses_nothing() -> None:
    lengths = []
    for household in households(40, seed=3):
        facts, asked = interview(household, household.told)
        lengths.append(len(asked))
        assert outcomes(facts, household.region) == outcomes(household.truth, household.region)
    assert statistics.median(lengths) <= 8


def test_an_open_verdict_always_says_what_it_waits_for() -> None:
    """Without declined facts nothing may end at a person for want of a question."""
    for household in households(20, seed=11):
        told = dict(household.opening)
        while (key := next_question(told, household.region, TODAY)) is not None:
            for verdict in screen(told, household.region, TODAY).verdicts:
                assert "not_known_to_resident" not in [reason.code for reason in verdict.reasons]
                assert bool(verdict.missing) == (verdict.outcome == "need_answers")
            told[key] = household.truth[key]


def test_which_pension_it_is_still_settles_an_income_that_may_hold_aid() -> None:
    """Aid of an unknown amount (第十三条) leaves little open; the pension left the rest open."""
    facts = POOR | {
        "household_size": 1, "monthly_income_total": 2800, "pension_monthly": 2800,
        "receiving": ["canji_butie"], "hukou": "rural",
    }  # fmt: skip
    assert next_question(facts, "120104", TODAY) == "pension_kind"
    told = screen(facts | {"pension_kind": "employee"}, "120104", TODAY)
    assert {verdict.outcome for verdict in told.verdicts if verdict.program == "dibao"} == {
        "unlikely"
    }


def test_a_declined_fact_is_never_asked() -> None:
    for household in households(20, seed=5):
        facts, declined = dict(household.opening), frozenset({"monthly_income_total", "deposit"})
        facts.pop("monthly_income_total", None)
        while (key := next_question(facts, household.region, TODAY, declined)) is not None:
            assert key not in declined
            facts[key] = household.truth[key]
        for verdict in screen(facts, household.region, TODAY, declined).verdicts:
            assert verdict.outcome != "need_answers", (verdict, facts)


def test_without_the_place_the_place_is_asked_first() -> None:
    assert next_question({}, None, TODAY) == "region"
    assert next_question({}, None, TODAY, frozenset({"region"})) != "region"


def test_an_emergency_alone_does_not_ask_for_the_place() -> None:
    assert next_question({}, None, TODAY, programmes=["linshi"]) == "shock"
    assert next_question({"shock": "fire"}, None, TODAY, programmes=["linshi"]) is None


def test_the_hukou_is_not_asked_where_one_standard_serves_all() -> None:
    facts = {"household_size": 1, "monthly_income_total": 900}
    for region in ("120104", "350902", "350503"):
        asked = []
        told = dict(facts)
        while (key := next_question(told, region, TODAY)) is not None:
            asked.append(key)
            told[key] = POOR[key]
        assert "hukou" not in asked


def test_the_hukou_is_asked_where_it_decides() -> None:
    told = {"household_size": 1, "monthly_income_total": 700, "car": False, "deposit": 0}
    assert next_question(told, "500233", TODAY, programmes=["dibao_bianyuan"]) == "hukou"


def test_nothing_is_asked_when_only_a_person_can_answer() -> None:
    assert next_question({}, "513431", TODAY, programmes=["dibao"]) is None


def test_high_income_stops_the_questions_about_property() -> None:
    told = {"household_size": 1, "monthly_income_total": 9000, "disability_level": "无"}
    assert next_question(told, "500233", TODAY, programmes=["dibao"]) is None


def test_living_alone_is_a_household_of_one() -> None:
    told: dict[str, object] = {"living_alone": True}
    asked = []
    while (key := next_question(told, "500233", TODAY)) is not None:
        asked.append(key)
        told[key] = {"monthly_income_total": 300, "hukou": "rural"}.get(key, POOR.get(key))
    assert "household_size" not in asked
    assert screen(told, "500233", TODAY).of("dibao").outcome == "likely"


def test_below_both_lines_the_hukou_cannot_flip_anything() -> None:
    """忠县: 700 in towns, less in the country; 300 a head is below either."""
    told: dict[str, object] = {"household_size": 2, "monthly_income_total": 600}
    asked = []
    while (key := next_question(told, "500233", TODAY)) is not None:
        asked.append(key)
        told[key] = POOR[key]
    assert "hukou" not in asked
    found = screen(told, "500233", TODAY)
    assert found.of("dibao").outcome == "likely"
    assert all("hukou" not in verdict.missing for verdict in found.verdicts)


def test_the_heads_come_before_the_income() -> None:
    told = {"shock": "none", "hukou": "rural", "car": False}
    assert next_question(told, "500233", TODAY) != "monthly_income_total"


def test_an_income_told_as_a_range_is_asked_exactly_where_a_line_runs_through_it() -> None:
    told = {**POOR, "household_size": 1, "hukou": "rural"}
    across = told | {"monthly_income_total": {"low": 600, "high": 660}}
    assert next_question(across, "500233", TODAY, programmes=["dibao"]) == "monthly_income_total"
    below = told | {"monthly_income_total": {"low": 500, "high": 629}}
    assert next_question(below, "500233", TODAY, programmes=["dibao"]) is None


def test_a_row_reads_like_the_mapping_of_its_values() -> None:
    row = _Row({"heads": [1, 2], "word": {"x": 0b10}}, 1)
    assert dict(row) == {"heads": 2, "word": "x"}
    assert len(row) == 2


def test_only_the_programmes_named_are_asked_for() -> None:
    facts = {"household_size": 2, "monthly_income_total": 800, "hukou": "rural", "car": False}
    assert next_question(facts, "500233", TODAY, programmes=("linshi",)) != next_question(
        facts, "500233", TODAY, programmes=("dibao",)
    )


def test_among_many_programmes_danger_is_asked_first() -> None:
    told: dict[str, Any] = {}
    asked = []
    for _ in range(2):
        fact = next_question(told, None, TODAY, programmes=ALL_CODES)
        assert fact is not None
        asked.append(fact)
        told[fact] = {"stranded": False, "shock": "none"}.get(fact)
    assert asked == ["stranded", "shock"]
    assert (
        next_question({"stranded": False, "shock": "none"}, None, TODAY, programmes=ALL_CODES)
        == "region"
    )
    assert next_question({}, None, TODAY, frozenset({"stranded"}), ALL_CODES) == "shock"


def test_among_many_programmes_a_danger_already_told_is_not_asked_again() -> None:
    asked = next_question({**POOR, "stranded": False}, "500233", TODAY, programmes=ALL_CODES)
    assert asked not in (None, "stranded", "shock")


def test_a_single_programme_asks_by_what_decides_it() -> None:
    assert next_question({}, "500233", TODAY, programmes={"canji_butie"}) not in (
        "stranded",
        "shock",
    )

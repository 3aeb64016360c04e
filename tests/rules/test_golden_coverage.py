"""The golden cases meet every criterion, fail it, sit on its lines and to both sides of them.

Every word that a criterion names (a kind of disability, of hardship, of a parent's absence) is the
matter of a case too.
"""

from datetime import date
from pathlib import Path

import pytest

from rules.evaluate import criteria_of
from rules.law import of as law_of
from rules.programmes import EVERYTHING
from tests.rules.golden_trace import traces
from tests.rules.test_golden import CASES

MECHANISMS = (Path(__file__).parents[2] / "docs" / "mechanisms.md").read_text("utf-8")
PLACES = (
    "500233", "500103", "500112", "350902", "350200", "120104", "152201", "513431", "110101", None,
)  # fmt: skip
DAYS = (
    date(2011, 6, 1), date(2016, 6, 1), date(2020, 3, 1), date(2021, 8, 1), date(2023, 5, 1),
    date(2026, 11, 21),
)  # fmt: skip
CRITERIA = {
    criterion.column: criterion.rule_id
    for place in PLACES
    for day in DAYS
    for criteria in criteria_of(law_of(place, day), EVERYTHING).values()
    for criterion in criteria
}
SIDES = {"below", "on", "above"}
# Nothing is less than no money or one person.
FLOORS = (" 0", "size 1")
# Exactly on these the law says nothing: a person decides (QY-02, DB-28, DB-50, DB-51).
UNDEFINED = (
    "dibao_on_the_line", "edge_on_the_line", "single_on_the_line", "exit_on_the_line",
    "exit_on_the_cap", "tekun_on_the_line",
)  # fmt: skip


def test_every_criterion_of_every_programme_is_in_a_case() -> None:
    assert set(CRITERIA) - set(traces()) == set()
    assert len(CRITERIA) > 130


@pytest.mark.parametrize("column", sorted(CRITERIA))
def test_a_case_meets_the_criterion_and_another_does_not(column: str) -> None:
    assert {True, False} <= traces()[column].truths


@pytest.mark.parametrize(
    ("column", "line"), [(column, line) for column, t in traces().items() for line in t.lines]
)
def test_cases_lie_below_on_and_above_the_line(column: str, line: str) -> None:
    possible = SIDES - {"below"} if line.endswith(FLOORS) else SIDES
    assert traces()[column].lines[line] == possible


@pytest.mark.parametrize(
    ("column", "fact"), [(column, fact) for column, t in traces().items() for fact in t.words]
)
def test_every_word_that_a_criterion_names_is_in_a_case(column: str, fact: str) -> None:
    assert traces()[column].words[fact] - traces()[column].told[fact] == set()


def test_words_are_found_where_the_law_has_them() -> None:
    found = {name: trace.words for name, trace in traces().items()}
    assert found["relapse_sudden"]["shock"] > {"fire", "accident", "no_food"}
    assert found["tekun_no_work"]["level"] == {1, 2, 3}
    assert "violence" in found["legal_violence"]["legal_matter"]


def test_lines_are_found_where_the_law_has_them() -> None:
    """Or the test above would prove nothing."""
    assert {
        "dibao_income": {"income_at_most_100"},
        "exit_below_cap": {"income_at_most_150", "income_at_most_200"},
        "tekun_no_work": {"age 16", "age 60"},
        "de_facto_mother": {"mother_months 6"},
        "rigid_share": {"rigid_share"},
        "edge_property": {"has_big_deposit", "houses 2", "margin_big_deposit"},
    }.items() <= {column: set(trace.lines) for column, trace in traces().items()}.items()
    assert sum(len(trace.lines) for trace in traces().values()) > 90


@pytest.mark.parametrize("column", UNDEFINED)
def test_what_the_law_leaves_open_goes_to_a_person(column: str) -> None:
    assert traces()[column].expected_if_true == {"need_person"}


def test_every_rule_of_a_criterion_has_a_case_of_its_name() -> None:
    assert set(CRITERIA.values()) - {case.values[0]["rule"] for case in CASES} == set()


def test_every_case_names_a_mechanism_that_there_is() -> None:
    named = {case.values[0]["mechanism"] for case in CASES}
    assert [one for one in named if f"| {one} |" not in MECHANISMS] == []

"""How a figure is shown: value, line and gap, and what is said of an income in general."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from rules import reasons
from rules.criteria import Criterion
from rules.evaluate import evaluate
from rules.household import frame
from rules.law import Law
from rules.law import of as law_of
from tests.rules.test_bulk import TODAY

ANY = pl.lit(value=True)  # a truth that the row is given
ZHONGXIAN = law_of("500233", TODAY)  # rural 630, urban 770 yuan a head and month


def row_of(law: Law = ZHONGXIAN, **told: Any) -> dict[str, Any]:
    """The evaluated row of a rural household."""
    [row] = evaluate(frame([{"hukou": "rural"} | told]), law).to_dicts()
    return row


def earning(
    low: int | None, high: int | None, heads: int | None = 1, **more: Any
) -> dict[str, Any]:
    """Columns of a household with that monthly income in fen."""
    size = {"size_low": heads, "size_high": heads}
    return size | {"income_total_low": low, "income_total_high": high} | more


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (earning(90_000, 90_000, 3), 300),
        (earning(80_000, 80_000, 3), 266.67),
        (earning(0, 0, 3), 0),
        (earning(60_000, 90_000, 3), {"low": 200, "high": 300}),
        (earning(60_000, None, 3), {"low": 200, "high": None}),
        (earning(None, 90_000, 3), {"low": 0, "high": 300}),
        (earning(0, None, 3), None),
        (earning(None, None, 3), None),
        (earning(90_000, 90_000) | {"size_low": 2, "size_high": 3}, {"low": 300, "high": 450}),
        (earning(None, None) | {"income_floor": 30_000}, {"low": 300, "high": None}),
    ],
)
def test_income_a_head_is_a_number_a_range_or_nothing(columns: dict[str, Any], shown: Any) -> None:
    assert reasons.income_per_head(row_of(**columns)) == shown


def test_the_line_is_the_one_standard_that_surely_applies() -> None:
    assert reasons.line_per_head(row_of(), ZHONGXIAN) == 630
    assert reasons.line_per_head(row_of(), ZHONGXIAN, 150) == 945
    assert reasons.line_per_head(row_of(hukou="urban"), ZHONGXIAN) == 770
    for hukou in (None, "nonlocal"):
        assert reasons.line_per_head(row_of(hukou=hukou), ZHONGXIAN) is None
    liangshan = law_of("513431", date(2016, 6, 1))
    assert reasons.line_per_head(row_of(liangshan, hukou="urban"), liangshan) == {
        "low": 420, "high": 450,
    }  # fmt: skip
    assert reasons.line_per_head(row_of(liangshan, hukou="urban"), liangshan, 150) == {
        "low": 630, "high": 675,
    }  # fmt: skip
    alike = law_of("120104", TODAY)
    assert not alike.differs_by_hukou
    assert reasons.line_per_head(row_of(alike, hukou=None), alike) == 1045


def test_an_estimate_goes_by_the_lowest_and_the_highest_standard_that_may_apply() -> None:
    assert reasons.monthly_lines(row_of(), ZHONGXIAN) == (63_000, 63_000)
    assert reasons.monthly_lines(row_of(hukou=None), ZHONGXIAN) == (63_000, 77_000)
    assert reasons.monthly_lines(row_of(hukou="nonlocal"), ZHONGXIAN) is None
    one = Law("500233", TODAY, standards={"rural": ZHONGXIAN.standards["rural"]})
    assert reasons.monthly_lines({"hukou": "rural"}, one) == (63_000, 63_000)
    assert reasons.monthly_lines({"hukou": None}, one) is None
    assert reasons.standard({"hukou": None}, one) is None
    assert reasons.monthly_lines({"hukou": "rural"}, Law("500233", TODAY)) is None


@pytest.mark.parametrize(
    ("value", "line", "gap"),
    [
        (700, 630, 70), (500.5, 630, -129.5), (630, 630, 0), (None, 630, None), (700, None, None),
        ({"low": 500, "high": 700}, 630, {"low": -130, "high": 70}),
        ({"low": 500, "high": None}, 630, {"low": -130, "high": None}),
        (700, {"low": 600, "high": 650}, {"low": 50, "high": 100}),
        ({"low": 500, "high": 700}, {"low": 600, "high": 650}, {"low": -150, "high": 100}),
        (0.001, 0, 0.001),
    ],
)  # fmt: skip
def test_the_gap_is_the_value_minus_the_line_end_by_end(value: Any, line: Any, gap: Any) -> None:
    assert reasons.gap(value, line) == gap


def test_amounts_are_spoken_as_a_number_or_from_to() -> None:
    assert reasons.spoken(reasons.as_amount(500, 500)) == "500"
    assert reasons.spoken(reasons.as_amount(500, 630.5)) == "500至630.5"


def told(criterion: Criterion, **columns: Any) -> list[tuple[str, bool | None]]:
    """Code and truth of the reasons a criterion gives for a row."""
    row = row_of() | columns
    return [
        (reason.code, reason.met) for reason in reasons.of_criteria([criterion], row, ZHONGXIAN)
    ]


def test_a_reason_is_told_when_its_truth_is_worth_the_time() -> None:
    def criterion(column: str = "x", **more: Any) -> Criterion:
        return Criterion(column, "DB-01", "", (), ANY, **more)

    for truth in (True, False, None):
        assert told(criterion(), x=truth) == [("x", truth)]
        assert told(criterion(tell="true"), x=truth) == ([("x", True)] if truth else [])
        against = [("x", False)] if truth is False else []
        assert told(criterion(tell="false"), x=truth) == against
        opposite = None if truth is None else not truth
        assert told(criterion(wanted=False), x=truth) == [("x", opposite)]
    # Of exact equality and of what stands against a verdict only where it is so.
    line = criterion("dibao_on_the_line", measure="income", wanted=False)
    assert told(line, dibao_on_the_line=True) == [("dibao_on_the_line", None)]
    assert told(line, dibao_on_the_line=False) == []
    free = criterion("dibao_not_tekun")
    assert told(free, dibao_not_tekun=True) == []
    assert told(free, dibao_not_tekun=False) == [("dibao_not_tekun", False)]


def test_exactly_on_an_open_line_a_reason_speaks_neither_way() -> None:
    open_line = Criterion("x", "DB-01", "", (), ANY, open_line=True)
    on = {"income_at_least_100": True, "income_at_most_100": True}
    assert told(open_line, x=True, **on) == [("x", None)]
    assert told(open_line, x=True, **on | {"income_at_least_100": False}) == [("x", True)]
    assert told(open_line, x=True, **on | {"income_at_most_100": None}) == [("x", True)]
    firm = Criterion("x", "DB-01", "", (), ANY)
    assert told(firm, x=True, **on) == [("x", True)]


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        ({"car": True}, [("property_car", None)]),
        ({"car": False, "houses": 1}, [("property_to_be_checked", None)]),
        ({"houses": 2}, [("property_houses", 2)]),
        ({"car": True, "houses": 3}, [("property_car", None), ("property_houses", 3)]),
        ({"deposit_low": 756_001, "deposit_high": 756_001}, [("property_deposit", 7560.01)]),
        ({"deposit_low": 756_000, "deposit_high": 756_000}, [("property_to_be_checked", None)]),
    ],
)
def test_each_thing_of_property_that_a_person_looks_at_is_named(
    columns: dict[str, Any], shown: list[tuple[str, Any]]
) -> None:
    property_ = Criterion("dibao_property", "DB-01", "", (), ANY, measure="property")
    row = row_of(size_low=1, size_high=1, **columns)
    found = reasons.of_criteria([property_], row, ZHONGXIAN)
    assert [(reason.code, reason.value) for reason in found] == shown
    assert {reason.met for reason in found} == {None}


GENERAL: list[tuple[dict[str, Any], str, str]] = [
    ({"hukou": None}, "apply_at_hukou_place", "LPA"),
    ({"hukou": "nonlocal"}, "hukou_elsewhere", "LPAU"),
    ({"figures_conflict": True}, "figures_conflict", "LPAU"),
    ({"pension": 100, "pension_kind": None}, "basic_pension_to_be_checked", "LPAU"),
    ({"pension": 100, "pension_kind": "resident"}, "basic_pension_to_be_checked", "LPAU"),
    ({"pension": 100, "pension_kind": "employee"}, "basic_pension_to_be_checked", ""),
    ({"pension": 0, "pension_kind": "resident"}, "basic_pension_to_be_checked", ""),
    ({}, "consumption_to_be_checked", "LPA"),
    ({"job_cost": 100}, "work_cost_told", "LPA"),
    ({"job_cost": 0}, "work_cost_told", ""),
    ({"rigid_deduct": 100}, "rigid_cost_told", "LPA"),
    ({"rigid_deduct": 0}, "rigid_cost_told", ""),
    ({"excluded": 100}, "aid_is_no_income", "LPA"),
    ({"money_aid": 1}, "aid_is_no_income", "LPA"),
    ({"excluded": 0, "money_aid": 0}, "aid_is_no_income", ""),
]


@pytest.mark.parametrize(("columns", "code", "outcomes"), GENERAL)
def test_what_is_said_of_an_income_in_general_is_said_to_whom_it_concerns(
    columns: dict[str, Any], code: str, outcomes: str
) -> None:
    words = {"L": "likely", "P": "need_person", "A": "need_answers", "U": "unlikely"}
    row = row_of(**columns)
    for letter, word in words.items():
        said = {reason.code for reason in reasons.general(row, ZHONGXIAN, word)}
        assert (code in said) == (letter in outcomes), word


def test_until_the_end_of_2025_the_basic_pension_is_left_out() -> None:
    for day, code in (
        (date(2025, 12, 31), "basic_pension_excluded"),
        (date(2026, 1, 1), "basic_pension_to_be_checked"),
    ):
        law = law_of("500233", day)
        assert code in {r.code for r in reasons.general(row_of(law, pension=100), law, "likely")}


def test_the_place_says_what_its_standard_lacks() -> None:
    def said(law: Law, **columns: Any) -> set[str]:
        return {reason.code for reason in reasons.general(row_of(law, **columns), law, "likely")}

    assert "no_verified_parameter" in said(law_of("513431", TODAY))
    assert "no_verified_parameter" not in said(ZHONGXIAN)
    assert "line_is_a_range" in said(law_of("513431", date(2016, 6, 1)), hukou="urban")
    assert "line_is_a_range" not in said(ZHONGXIAN)
    assert "consumption_to_be_checked" not in said(law_of("120104", TODAY))
    assert "employment_cost_deductible" in said(law_of("152201", TODAY))
    assert "employment_cost_deductible" not in said(ZHONGXIAN)


def test_a_figure_that_two_decimals_would_put_on_its_line_has_four() -> None:
    income = Criterion("dibao_income", "DB-01", "", (), ANY, measure="income")
    [reason] = reasons.of_criteria([income], row_of(**earning(188_999, 188_999, 3)), ZHONGXIAN)
    assert (reason.value, reason.line, reason.gap) == (629.9967, 630, -0.0033)
    [reason] = reasons.of_criteria([income], row_of(**earning(189_000, 189_000, 3)), ZHONGXIAN)
    assert (reason.value, reason.line, reason.gap) == (630, 630, 0)
    [reason] = reasons.of_criteria([income], row_of(**earning(188_900, 188_900, 3)), ZHONGXIAN)
    assert (reason.value, reason.gap) == (629.67, -0.33)
    [reason] = reasons.of_criteria([income], row_of(**earning(188_999, 200_000, 3)), ZHONGXIAN)
    assert reason.value == {"low": 629.9967, "high": 666.67}

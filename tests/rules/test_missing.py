"""Which facts are still open for a household, and which of them an open verdict waits for."""

from typing import Any

import polars as pl
import pytest

from rules.criteria import Criterion
from rules.evaluate import criteria_of, evaluate
from rules.household import ALL_COLUMNS, COLUMNS, frame
from rules.law import of as law_of
from rules.missing import is_open, missing_of
from rules.programmes import EVERYTHING, REGISTRY
from tests.rules.test_bulk import TODAY

ZHONGXIAN, TIANJIN = law_of("500233", TODAY), law_of("120104", TODAY)  # one standard in Tianjin
ANY = pl.lit(value=True)
NOWHERE = law_of(None, TODAY)


def row_of(*, wide: bool = False, place: str | None = "500233", **told: Any) -> dict[str, Any]:
    """The evaluated row; `wide`: with the columns of programmes beyond the first screening."""
    law, columns = law_of(place, TODAY), ALL_COLUMNS if wide else COLUMNS
    programmes = EVERYTHING if wide else REGISTRY
    [row] = evaluate(frame([told], columns), law, programmes).to_dicts()
    return row


def both(name: str, value: int | None) -> dict[str, Any]:
    return {f"{name}_low": value, f"{name}_high": value}


ONE, TWO_OR_THREE = both("size", 1), {"size_low": 2, "size_high": 3}
EARNS, HEAD = both("income_total", 80_000), both("income_head", 80_000)
RURAL = {"hukou": "rural"}


@pytest.mark.parametrize(
    ("fact", "told", "truth"),
    [
        ("hukou", {}, True),
        ("hukou", RURAL, False),
        ("household_size", {}, True),
        ("household_size", TWO_OR_THREE, True),
        ("household_size", {"size_low": 2}, True),
        ("household_size", ONE, False),
        ("household_size", HEAD, False),
        ("household_size", HEAD | {"gets_tekun": True}, True),
        ("household_size", HEAD | {"gets_tekun": False}, False),
        ("household_size", HEAD | RURAL | both("deposit", 756_001), True),
        ("household_size", HEAD | RURAL | both("deposit", 1), False),
        ("household_size", HEAD | RURAL | {"deposit_low": 756_001}, False),
        ("monthly_income_total", {}, True),
        ("monthly_income_total", EARNS, False),
        ("monthly_income_total", EARNS | {"income_total_low": 1}, True),
        ("monthly_income_total", {"income_total_low": 1}, True),
        ("pension_kind", EARNS | {"pension": 100}, True),
        ("pension_kind", EARNS | {"pension": 100, "pension_kind": "resident"}, False),
        ("pension_kind", EARNS | {"pension": 0}, False),
        ("pension_kind", EARNS, False),
        ("pension_kind", HEAD | {"pension": 100}, False),
        ("pension_kind", EARNS | {"income_total_low": 1, "pension": 100}, False),
        ("deposit", ONE | RURAL, True),
        ("deposit", ONE | RURAL | both("deposit", 0), False),
        ("deposit", ONE | RURAL | {"deposit_low": 0, "deposit_high": 100}, False),
        ("deposit", ONE | RURAL | {"deposit_low": 0, "deposit_high": 999_999_99}, True),
        ("deposit", ONE | RURAL | {"deposit_low": 756_001}, False),
        ("deposit", RURAL | both("deposit", 756_001), False),
        ("medical_expense_self", {}, True),
        ("medical_expense_self", both("medical_self", 0), False),
        ("medical_expense_self", {"medical_self_low": 0, "medical_self_high": 5}, True),
        ("disability_type", {}, False),
        ("disability_type", {"level": 3}, True),
        ("disability_type", {"level": 2}, False),
        ("disability_type", {"level": 3, "disability_type": "肢体"}, False),
        ("age", {}, False),
        ("age", {"level": 1}, True),
        ("age", {"level": 2}, True),
        ("age", {"level": 3}, False),
        ("age", {"level": 1} | both("age", 40), False),
        ("age", {"level": 1, "age_low": 17, "age_high": 18}, True),
        ("employed", {}, False),
        ("employed", {"level": 2}, True),
        ("employed", {"level": 3}, False),
        ("employed", {"level": 2, "employed": False}, False),
        ("employed", {"gets_dibao": True}, True),
        ("employed", {"gets_dibao": True, "someone_employed": False}, False),
        ("car", {}, True),
        ("car", {"car": False}, False),
        ("tuition", {}, True),
        ("tuition", both("tuition", 0), False),
        ("tuition", {"tuition_low": 0, "tuition_high": 5}, True),
        ("shock", {"shock": "none"}, False),
        ("critical_illness_insured", {"critical_illness": False}, False),
    ],
)
def test_a_fact_is_open_while_an_answer_could_add_something(
    fact: str, told: dict[str, Any], truth: bool
) -> None:
    assert is_open(fact, row_of(**told), ZHONGXIAN) is truth


@pytest.mark.parametrize(
    ("fact", "told", "truth"),
    [
        ("disability_type", {}, True),
        ("disability_type", {"level": 0}, False),
        ("disability_type", {"level": 1}, True),
        ("age", {}, True),
        ("age", both("age", 40), False),
        ("employed", {}, True),
        ("employed", {"employed": True}, False),
        ("supporter", {}, True),
        ("supporter", {"supporter": "none"}, False),
        ("work_ability", {}, True),
        ("work_ability", {"work_ability": "有", "no_work_ability": False}, False),
    ],
)
def test_programmes_beyond_the_first_screening_leave_more_of_a_person_open(
    fact: str, told: dict[str, Any], truth: bool
) -> None:
    assert is_open(fact, row_of(wide=True, **told), ZHONGXIAN) is truth


def test_the_place_and_the_hukou_are_open_only_where_they_change_a_figure() -> None:
    assert is_open("region", row_of(place=None), NOWHERE) is True
    assert is_open("region", row_of(), ZHONGXIAN) is False
    assert is_open("hukou", row_of(place="120104"), TIANJIN) is False
    assert is_open("hukou", row_of(place="120104", wide=True), TIANJIN) is True


def waits_for(column: str, **told: Any) -> list[str]:
    return missing_of(column, row_of(**told), ZHONGXIAN, criteria_of(ZHONGXIAN))


def test_a_settled_verdict_waits_for_nothing() -> None:
    assert waits_for("dibao", **ONE, **RURAL, **EARNS) == []
    poor = ONE | RURAL | both("income_total", 100) | both("deposit", 0) | {"car": False}
    assert waits_for("dibao", **poor) == []


def test_an_open_verdict_waits_for_what_its_open_criteria_read_in_the_order_of_asking() -> None:
    assert waits_for("dibao") == [
        "household_size", "monthly_income_total", "hukou", "car", "deposit",
    ]  # fmt: skip
    assert waits_for("dibao", **ONE, **RURAL) == ["monthly_income_total", "car", "deposit"]
    poor = ONE | RURAL | both("income_total", 100)
    assert waits_for("dibao", **poor) == ["car", "deposit"]
    assert waits_for("dibao", **poor, car=False) == ["deposit"]
    # A told deposit is weighed a head and against the standard.
    weighed = poor | TWO_OR_THREE | {"car": False} | both("deposit", 1_600_000)
    assert waits_for("dibao", **weighed) == ["household_size"]


def test_a_verdict_that_borrows_another_waits_for_what_that_one_waits_for() -> None:
    spent = both("medical_self", 5_000_000) | both("tuition", 0) | {"shock": "none"}
    assert waits_for("linshi", **ONE, **RURAL, **spent) == [
        "monthly_income_total",
        "car",
        "deposit",
    ]


def test_when_every_criterion_is_known_and_the_verdict_is_not_what_they_read_may_help() -> None:
    criteria = {"x": (Criterion("known", "DB-01", "", ("car", "shock"), ANY),)}
    row = row_of() | {"x": "need_answers", "known": True}
    assert missing_of("x", row, ZHONGXIAN, criteria) == ["shock", "car"]
    assert missing_of("x", row | {"car": False}, ZHONGXIAN, criteria) == ["shock"]
    assert missing_of("x", row | {"x": "unlikely"}, ZHONGXIAN, criteria) == []

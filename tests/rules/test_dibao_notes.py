"""What stands beside a 低保 verdict goes by the place and the day."""

from datetime import date
from typing import Any

import pytest

from rules.screening import screen

POOR = {"household_size": 3, "monthly_income_total": 300, "hukou": "rural", "car": False,
        "deposit": 0, "shock": "none"}  # fmt: skip
TODAY = date(2026, 11, 21)


def rules(place: str, day: date, **told: Any) -> dict[str, str]:
    """Reason code → rule ID of the household's verdict."""
    verdict = screen({**POOR, **told}, place, day).of("dibao", "standard")
    assert verdict is not None
    return {reason.code: reason.rule_id for reason in verdict.reasons}


@pytest.mark.parametrize(
    ("place", "day", "paid", "more", "review"),
    [
        ("500233", TODAY, "DB-42", "DB-45", "DB-61"),
        ("500233", date(2025, 7, 1), "DB-42", "DB-45", "DB-61"),
        ("500233", date(2023, 10, 1), "DB-42", "DB-44", "DB-61"),
        ("120104", TODAY, "DB-41", "DB-44", "DB-60"),
        ("120104", date(2021, 7, 1), "DB-41", "DB-44", "DB-60"),
        ("120104", date(2021, 6, 30), None, "DB-44", None),
    ],
)
def test_the_texts_are_those_of_the_place_and_the_day(
    place: str, day: date, paid: str | None, more: str, review: str | None
) -> None:
    found = rules(place, day)
    assert found.get("paid_from") == paid
    assert found["more_for_the_frail"] == more
    assert found.get("reviewed_again") == review


def test_nobody_unlikely_hears_from_when_it_is_paid() -> None:
    found = rules("500233", TODAY, monthly_income_total=9000, employed=True)
    assert not {"paid_from", "reviewed_again", "income_without_proof"} & set(found)


@pytest.mark.parametrize(
    ("place", "day", "rule"),
    [
        ("500233", TODAY, "DB-11"),
        ("500233", date(2023, 1, 1), "DB-11"),
        ("500233", date(2022, 12, 31), "DB-04"),
        ("120104", TODAY, "DB-04"),
        ("120104", date(2021, 6, 30), None),
    ],
)
def test_a_family_of_several_hukou_hears_who_applies(
    place: str, day: date, rule: str | None
) -> None:
    assert rules(place, day, hukou="nonlocal").get("mixed_hukou") == rule
    assert "mixed_hukou" not in rules(place, day, hukou="nonlocal", household_size=1)


def test_proof_of_income_is_spoken_of_where_somebody_works_and_the_text_says_so() -> None:
    assert rules("500233", TODAY, employed=True)["income_without_proof"] == "DB-11"
    assert "income_without_proof" in rules("500233", date(2023, 1, 1), employed=True)
    assert "income_without_proof" not in rules("120104", TODAY, employed=True)
    assert "income_without_proof" not in rules("500233", TODAY)
    assert "income_without_proof" not in rules("500233", date(2022, 12, 31), employed=True)

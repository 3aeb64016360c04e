"""Deadlines in working days, around holidays, and what people read of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases import clock
from cases.states import NeedType, Urgency

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_first_contact_is_within_three_working_days() -> None:
    found = clock.first_contact(MONDAY, Urgency.NORMAL)
    assert found.due_on == date(2026, 3, 5)
    assert found.due_at == datetime(2026, 3, 5, 16, 0, tzinfo=UTC), "midnight in Shanghai"


def test_a_friday_counts_over_the_weekend() -> None:
    friday = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    assert clock.first_contact(friday, Urgency.NORMAL).due_on == date(2026, 3, 11)


def test_an_evening_in_utc_is_the_next_day_in_shanghai() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert clock.first_contact(late, Urgency.NORMAL).due_on == date(2026, 3, 6)


def test_an_emergency_has_twenty_four_hours_also_on_a_sunday() -> None:
    sunday = datetime(2026, 3, 8, 2, 0, tzinfo=UTC)
    assert clock.first_contact(sunday, Urgency.EMERGENCY).due_at == sunday + timedelta(hours=24)


def test_a_wish_for_a_person_is_answered_the_next_working_day() -> None:
    assert clock.first_contact(MONDAY, Urgency.NORMAL, NeedType.PERSON).due_on == date(2026, 3, 3)


@pytest.mark.parametrize(("special", "days"), [(False, 30), (True, 45)])
def test_dibao_is_decided_in_thirty_working_days_or_forty_five(special: bool, days: int) -> None:
    found = clock.decision(MONDAY, ["basic_living"], "500233107000", special=special)
    assert found.working_days == days


def test_the_longest_of_several_needs_decides() -> None:
    found = clock.decision(MONDAY, ["disability", "basic_living"], "500233")
    assert found.working_days == 30


def test_where_the_township_decides_it_is_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(clock.limits(), "township_decides", ["500233"])
    assert clock.decision(MONDAY, ["basic_living"], "500233107000").working_days == 20
    assert clock.decision(MONDAY, ["basic_living"], "500234").working_days == 30


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "还剩 3 个工作日"),
        (24 * 3, "今天到期"),
        (24 * 3 + 13.9, "今天到期"),
        (24 * 3 + 14, "已超时 1 个工作日"),
        (24 * 6, "已超时 1 个工作日"),
        (24 * 8, "已超时 3 个工作日"),
    ],
)
def test_what_people_read(hours: float, said: str) -> None:
    due = clock.first_contact(MONDAY, Urgency.NORMAL)
    assert clock.due_words(due.due_at, due.due_on, MONDAY + timedelta(hours=hours)) == said


def test_hours_are_said_for_an_emergency() -> None:
    due = clock.first_contact(MONDAY, Urgency.EMERGENCY)
    assert clock.due_words(due.due_at, due.due_on, MONDAY + timedelta(hours=1)) == "还剩 23 小时"


def test_a_pause_gives_its_working_days_back() -> None:
    due = clock.first_contact(MONDAY, Urgency.NORMAL)
    moved = clock.extended(due.due_on, MONDAY, MONDAY + timedelta(days=7))
    assert moved.due_on == date(2026, 3, 12), "five working days of waiting after 2026-03-05"


def test_a_pause_within_one_day_costs_nothing() -> None:
    due = clock.first_contact(MONDAY, Urgency.NORMAL)
    assert clock.extended(due.due_on, MONDAY, MONDAY + timedelta(hours=2)).due_on == due.due_on

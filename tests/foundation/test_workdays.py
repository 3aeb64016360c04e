"""Working days follow the State Council's arrangements, with make-up Saturdays and Sundays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import workdays
from foundation.workdays import add_working_days, is_working_day, working_days_between

KNOWN_DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # a Sunday worked for 春节
        (date(2025, 1, 28), False),  # 除夕, a Tuesday
        (date(2025, 2, 4), False),
        (date(2025, 2, 5), True),
        (date(2025, 2, 8), True),  # a Saturday
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2026, 1, 2), False),  # a Friday
        (date(2026, 1, 4), True),  # a Sunday
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
        (date(2026, 2, 28), True),
        (date(2026, 10, 10), True),
        (date(2024, 2, 9), True),  # 除夕 2024 was not a day off by the arrangement
        (date(2024, 10, 12), True),
        (date(2026, 3, 7), False),  # an ordinary Saturday
    ],
)
def test_days_of_the_arrangements(day: date, works: bool) -> None:
    assert is_working_day(day) is works


def test_make_up_days_are_weekends_and_never_also_off() -> None:
    calendar = workdays.calendar()
    assert {day.weekday() for day in calendar.worked} <= {5, 6}
    assert not calendar.worked & calendar.off


@pytest.mark.parametrize(("year", "legal_holidays"), [(2024, 11), (2025, 13), (2026, 13)])
def test_make_up_days_balance_what_the_law_does_not_grant(year: int, legal_holidays: int) -> None:
    """全国年节及纪念日放假办法: 11 days, 13 from 2025. Weekdays off minus make-up days is what the
    law grants, less the statutory days that fell on a weekend without a substitute (none here)."""
    calendar = workdays.calendar()
    off = [day for day in calendar.off if day.year == year]
    worked = [day for day in calendar.worked if day.year == year]
    weekdays_off = sum(day.weekday() < 5 for day in off)
    assert weekdays_off - len(worked) == legal_holidays


def test_the_day_itself_does_not_count() -> None:
    assert add_working_days(date(2026, 3, 2), 1) == date(2026, 3, 3)
    assert add_working_days(date(2026, 3, 2), 0) == date(2026, 3, 2)


def test_three_working_days_across_spring_festival_2026() -> None:
    # Friday 13 Feb: Saturday 14 is worked, then nine days off, then 24 and 25
    assert add_working_days(date(2026, 2, 13), 3) == date(2026, 2, 25)
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 25)) == 3
    assert working_days_between(date(2026, 2, 25), date(2026, 2, 13)) == -3


def test_thirty_working_days_from_a_day_off() -> None:
    assert add_working_days(date(2025, 10, 1), 30) == date(2025, 11, 18)


@given(KNOWN_DAYS, st.integers(1, 60))
def test_between_undoes_add(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert is_working_day(end)
    assert working_days_between(day, end) == count
    assert add_working_days(end, -count) <= day or not is_working_day(day)


@given(KNOWN_DAYS, st.integers(0, 200), st.integers(0, 200))
def test_intervals_add_up(day: date, first: int, second: int) -> None:
    middle, end = day + timedelta(first), day + timedelta(first + second)
    assert working_days_between(day, end) == working_days_between(
        day, middle
    ) + working_days_between(middle, end)


def test_unknown_years_are_weekends_only_and_say_so() -> None:
    assert workdays.known_until() == date(2026, 12, 31)
    assert workdays.is_certain(date(2026, 12, 31))
    assert not workdays.is_certain(date(2027, 1, 1))
    assert is_working_day(date(2027, 1, 1))  # a Friday; surely off, but nobody has said so yet
    assert not is_working_day(date(2027, 1, 2))
    assert not workdays.is_certain(date(2023, 12, 31))

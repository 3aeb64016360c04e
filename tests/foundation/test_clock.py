"""A day is a day in Shanghai."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from foundation import clock


def test_the_day_changes_at_midnight_in_shanghai() -> None:
    with time_machine.travel(datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), tick=False):
        assert clock.today() == date(2025, 12, 31)
    with time_machine.travel(datetime(2025, 12, 31, 16, 0, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 1, 1)
        assert clock.now().tzinfo is UTC


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        clock.day_of(datetime(2026, 1, 1))  # noqa: DTZ001

"""Office hours: only open minutes of working days count, and they are told as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases import hours
from foundation.clock import SHANGHAI

OFFICE = hours.of("500233107000", "xiangzhen")


def at(day: int, clock: str, month: int = 3) -> datetime:
    """An instant of 2026, Shanghai; 2 March is a Monday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(2, "8:59"), at(2, "9:00")),
        (at(2, "9:00"), at(2, "9:00")),
        (at(2, "11:59"), at(2, "11:59")),
        (at(2, "12:00"), at(2, "14:00")),
        (at(2, "17:30"), at(3, "9:00")),
        (at(6, "17:31"), at(9, "9:00")),  # Friday evening
        (at(7, "10:00"), at(9, "9:00")),  # Saturday
        (at(14, "10:00", month=2), at(14, "10:00", month=2)),  # a Saturday that is worked
        (at(16, "10:00", month=2), at(24, "9:00", month=2)),  # 春节
    ],
)
def test_the_office_opens_on_working_days_only(moment: datetime, opens: datetime) -> None:
    assert hours.opens(OFFICE, moment) == opens
    assert hours.is_open(OFFICE, moment) is (opens == moment)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (at(2, "10:00"), 10, at(2, "10:10")),
        (at(2, "11:55"), 10, at(2, "14:05")),
        (at(6, "17:25"), 10, at(9, "9:05")),
        (at(2, "10:00"), 390, at(3, "10:00")),
        (at(7, "10:00"), 390, at(9, "17:30")),
        (at(2, "10:00"), 0, at(2, "10:00")),
    ],
)
def test_only_open_minutes_are_used_up(start: datetime, minutes: int, end: datetime) -> None:
    assert hours.after(OFFICE, start, minutes) == end
    assert hours.between(OFFICE, start, end) == minutes


def test_what_lies_behind_is_no_time() -> None:
    assert hours.between(OFFICE, at(3, "10:00"), at(2, "10:00")) == 0
    assert hours.between(OFFICE, at(7, "10:00"), at(8, "10:00")) == 0


def test_the_officer_on_duty_answers_day_and_night() -> None:
    duty = hours.of("500233", "duty")
    assert duty.always
    assert hours.words(duty) == "全天"
    assert hours.opens(duty, at(7, "3:00")) == at(7, "3:00")
    assert hours.after(duty, at(7, "3:00"), 90) == at(7, "4:30")


def test_hours_and_moments_are_said_as_people_say_them() -> None:
    assert hours.words(OFFICE) == "工作日9:00到12:00、14:00到17:30"
    now = at(2, "10:00")
    assert hours.moment(at(2, "14:00"), now) == "今天14:00"
    assert hours.moment(at(3, "9:05"), now) == "明天9:05"
    assert hours.moment(at(9, "9:00"), now) == "3月9日（周一）9:00"
    assert hours.day_name(at(9, "9:00"), now) == "3月9日（周一）"


def test_hours_nobody_confirmed_are_known_as_such() -> None:
    assert not OFFICE.confirmed
    assert hours.of("500233", "duty").confirmed


def test_the_nearest_area_and_then_the_department_decide(tmp_path: Path) -> None:
    table = tmp_path / "hours.yaml"
    table.write_text(
        """
default: {open: ["09:00-12:00"]}
units:
  - {area: "500000", open: ["08:00-12:00"], confirmed: false}
  - {area: "500233", open: ["08:30-12:00"]}
  - {area: "500233", department: yibao, open: ["10:00-12:00"]}
""",
        "utf-8",
    )

    doubtful = [unit.area for unit in hours.table(table) if not unit.hours.confirmed]
    assert doubtful == ["50"], "what a unit enters is confirmed unless it says otherwise"

    def opening(area: str, department: str) -> str:
        unit = next(unit for unit in hours.table(table) if unit.fits(area, department))
        return hours.words(unit.hours)

    assert opening("500233107000", "xiangzhen") == "工作日8:30到12:00"
    assert opening("500233", "yibao") == "工作日10:00到12:00"
    assert opening("500112", "yibao") == "工作日8:00到12:00"
    assert opening("350982", "yibao") == "工作日9:00到12:00"


@pytest.mark.parametrize(
    "row",
    [
        '{area: "5002", open: ["09:00-12:00"]}',
        '{department: post, open: ["09:00-12:00"]}',
        '{open: ["09:00-12:00"]}',
        '{area: "500233", open: ["12:00-09:00"]}',
        '{area: "500233", open: ["09:00-12:00", "11:00-13:00"]}',
        '{area: "500233", open: []}',
    ],
)
def test_a_row_that_cannot_be_meant_so_is_refused(tmp_path: Path, row: str) -> None:
    table = tmp_path / "hours.yaml"
    table.write_text(f'default: {{open: ["09:00-12:00"]}}\nunits:\n  - {row}\n', "utf-8")
    with pytest.raises(ValueError, match=r"hours\.yaml|valid Department"):
        hours.table(table)

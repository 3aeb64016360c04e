"""When an office answers: opening hours as data (`hours.yaml`), counted on working days only.

Everything takes and gives aware UTC instants; minutes are minutes in which the office is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from foundation import clock, workdays

from . import areas
from .states import Department

WEEKDAYS = "一二三四五六日"
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Hours:
    """Opening times of a working day, in order; none at all means day and night.

    Hours nobody has `confirmed` keep the clock running, but are told to no resident.
    """

    spans: tuple[tuple[time, time], ...]
    confirmed: bool = True

    @property
    def always(self) -> bool:
        return not self.spans

    @property
    def day_minutes(self) -> int:
        """How long the office is open on a working day."""
        if self.always:
            return _DAY_MINUTES
        return sum(_minutes(end) - _minutes(begin) for begin, end in self.spans)


@dataclass(frozen=True)
class _Unit:
    area: str
    department: str
    hours: Hours

    def fits(self, area_code: str, department: str) -> bool:
        return area_code.startswith(self.area) and self.department in ("", department)


@cache
def table(path: Path = Path(__file__).parent / "hours.yaml") -> tuple[_Unit, ...]:
    """The table, its default last. Raises ValueError for a row that cannot be meant so."""
    raw = yaml.safe_load(path.read_text("utf-8"))
    units = [_unit(row) for row in raw.get("units") or ()]
    units.sort(key=lambda unit: (-len(unit.area), not unit.department))
    return (*units, _Unit("", "", _hours(raw["default"])))


def of(area_code: str, department: str) -> Hours:
    """The hours of a unit."""
    return next(unit.hours for unit in table() if unit.fits(area_code, department))


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether somebody is there at this instant."""
    return opens(hours, at) == at


def opens(hours: Hours, at: datetime) -> datetime:
    """When somebody is there next; `at` itself while the office is open."""
    if hours.always:
        return at
    return max(at, next(_windows(hours, at))[0])


def after(hours: Hours, start: datetime, minutes: float) -> datetime:
    """The instant at which so many open minutes since `start` are used up."""
    left = timedelta(minutes=minutes)
    if hours.always:
        return start + left
    for begins, ends in _windows(hours, start):
        begins = max(begins, start)
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("windows never end")


def between(hours: Hours, start: datetime, end: datetime) -> float:
    """Open minutes from `start` to `end`; 0 when `end` is earlier."""
    if hours.always:
        return max(0.0, (end - start).total_seconds() / 60)
    total = timedelta()
    for begins, ends in _windows(hours, start):
        if begins >= end:
            return total.total_seconds() / 60
        total += min(ends, end) - max(begins, start)
    raise AssertionError("windows never end")


def words(hours: Hours) -> str:
    """As people say it: 工作日9:00到12:00、14:00到17:30."""
    if hours.always:
        return "全天"
    return "工作日" + "、".join(f"{_said(begin)}到{_said(end)}" for begin, end in hours.spans)


def moment(at: datetime, now: datetime) -> str:
    """今天14:00, 明天9:00, 3月9日（周一）9:00."""
    return day_name(at, now) + time_of_day(at)


def day_name(at: datetime, now: datetime) -> str:
    """今天, 明天, 3月9日（周一）."""
    day, today = clock.day_of(at), clock.day_of(now)
    near = {today: "今天", today + timedelta(days=1): "明天"}.get(day)
    return near or f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def time_of_day(at: datetime) -> str:
    """9:05, Shanghai."""
    return _said(at.astimezone(clock.SHANGHAI).time())


def _windows(hours: Hours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening times that end after `start`, in order, without end."""
    day = clock.day_of(start)
    while True:
        if workdays.is_working_day(day):
            for begin, end in hours.spans:
                ends = _at(day, end)
                if ends > start:
                    yield _at(day, begin), ends
        day += timedelta(days=1)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, clock.SHANGHAI).astimezone(UTC)


def _unit(row: dict[str, Any]) -> _Unit:
    area, department = str(row.get("area", "")), str(row.get("department", ""))
    if not area and not department:
        raise ValueError("hours.yaml: a unit names an area, a department or both")
    if area and not areas.is_area_code(area):
        raise ValueError(f"hours.yaml: {area} is no area")
    if department:
        Department(department)
    return _Unit(areas.prefix(area) if area else "", department, _hours(row))


def _hours(row: dict[str, Any]) -> Hours:
    if row.get("always") is True:
        return Hours(())
    spans = tuple(
        (time.fromisoformat(begin), time.fromisoformat(end))
        for begin, end in (str(span).split("-") for span in row["open"])
    )
    turns = [moment for span in spans for moment in span]
    if not spans or any(early >= late for early, late in pairwise(turns)):
        raise ValueError(f"hours.yaml: {row['open']} is not in order")
    return Hours(spans, confirmed=row.get("confirmed", True) is True)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _said(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"

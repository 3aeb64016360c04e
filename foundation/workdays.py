"""Working days (工作日) by the State Council's yearly holiday arrangements.

Deadlines of social assistance count in working days, so a Saturday worked instead of a holiday
counts and a Wednesday inside 春节 does not. The arrangement of a year appears in November of the
year before; until then, and before 2024, only weekends are known and `is_certain` says so.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Exceptions to Monday-to-Friday, and the years in which all of them are known."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]
    known_until: date


@cache
def calendar() -> Calendar:
    """The arrangements in `foundation/data/workdays.json`."""
    text = files("foundation").joinpath("data/workdays.json").read_text(encoding="utf-8")
    document = json.loads(text)
    off: set[date] = set()
    worked: set[date] = set()
    for year in document["years"].values():
        for first, last, _ in year["off"]:
            off.update(_days(date.fromisoformat(first), date.fromisoformat(last)))
        worked.update(map(date.fromisoformat, year["worked"]))
    return Calendar(
        off=frozenset(off),
        worked=frozenset(worked),
        years=frozenset(map(int, document["years"])),
        known_until=date.fromisoformat(document["known_until"]),
    )


def is_certain(day: date) -> bool:
    """Whether the arrangement of that year is known; if not, holidays are counted as worked."""
    return day.year in calendar().years


def known_until() -> date:
    """The last day whose arrangement is known."""
    return calendar().known_until


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`; weekends alone decide where `is_certain(day)` is False."""
    known = calendar()
    if day in known.worked:
        return True
    return day.weekday() < _SATURDAY and day not in known.off


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself is not counted (期间开始之日不计).

    A negative count goes back; 0 gives `day` itself, working or not.
    """
    step = _DAY if count >= 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier.

    For a working day `end`, `add_working_days(start, working_days_between(start, end)) == end`.
    """
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(day) for day in _days(start + _DAY, end))


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * number for number in range((last - first).days + 1)]

"""Deadlines in working days: first contact, decision, emergencies (`clock.yaml`).

One date for both sides: what the console shows is what the resident is told. Days end at 24:00
Asia/Shanghai. Working days follow the State Council calendar (`foundation.workdays`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from foundation import clock, workdays
from rules import parameters
from rules.errors import ParameterNotInForce, UnknownRegion

from . import areas
from .states import NeedType, Urgency


@dataclass(frozen=True)
class Deadline:
    """`due_on` is the Shanghai date people read, `due_at` the instant that decides "overdue"."""

    due_on: date
    due_at: datetime
    working_days: int | None


@cache
def limits() -> dict[str, Any]:
    """The configured limits."""
    return dict(yaml.safe_load((Path(__file__).parent / "clock.yaml").read_text("utf-8")))


def end_of_day(day: date) -> datetime:
    """Midnight after `day` in Shanghai, as UTC."""
    return datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI).astimezone(UTC)


def due_date(due_at: datetime) -> date:
    """The Shanghai date of a deadline: the midnight that ends a day still belongs to it."""
    return clock.day_of(due_at - timedelta(microseconds=1))


def in_working_days(start: datetime, count: int) -> Deadline:
    """The end of the `count`-th working day after the day of `start`."""
    due_on = workdays.add_working_days(clock.day_of(start), count)
    return Deadline(due_on, end_of_day(due_on), count)


def first_contact(start: datetime, urgency: str, need: NeedType | None = None) -> Deadline:
    """By when somebody must have taken the lead up: 24 hours, one or three working days."""
    if urgency == Urgency.EMERGENCY:
        due_at = start + timedelta(hours=int(limits()["emergency"]["hours"]))
        return Deadline(clock.day_of(due_at), due_at, None)
    key = "person_request" if need == NeedType.PERSON else "first_contact"
    return in_working_days(start, int(limits()[key]["working_days"]))


def decision(
    accepted: datetime, needs: Iterable[str], region_code: str | None, *, special: bool = False
) -> Deadline:
    """By when there must be a result, counted from acceptance; the longest of several needs."""
    day = clock.day_of(accepted)
    counts = [_decision_days(need, region_code, day, special) for need in needs]
    return in_working_days(accepted, max(counts, default=int(_default())))


def township_decides(region_code: str | None, needs: Iterable[str]) -> bool:
    """Whether one of these may be decided by a township, and is in this place."""
    chosen = limits().get("township_decides") or []
    if region_code is None or not any(areas.contains(area, region_code) for area in chosen):
        return False
    return any("delegated" in limits()["decision"].get(need, ()) for need in needs)


def coordination(start: datetime) -> Deadline:
    """By when the county's meeting decides on a case that no policy fits (D3)."""
    return in_working_days(start, int(limits()["coordination"]["working_days"]))


def publicity_days(region_code: str | None, day: date) -> int:
    """Calendar days of 公示 in force; the first day does not count."""
    row = limits()["publicity"]
    return _parameter_days(row["parameter"], region_code, day) or int(row["days"])


def waiting() -> dict[str, Any]:
    """The limits of a wait for a person, in office time."""
    return dict(limits()["waiting"])


def alert_steps() -> list[dict[str, Any]]:
    """After how many minutes an untaken alert goes to whom, in order."""
    return list(limits()["alerts"])


def share_at(start: datetime, due_at: datetime, per_cent: int) -> datetime:
    """When this share of a limit is used up; only working days use it up.

    A limit of hours (it does not end at a midnight) is used up day and night.
    """
    day = due_date(due_at)
    if due_at != end_of_day(day):
        return start + (due_at - start) * per_cent / 100
    spans = []
    begins = start
    while begins < due_at:
        ends = end_of_day(clock.day_of(begins))
        if workdays.is_working_day(clock.day_of(begins)):
            spans.append((begins, ends))
        begins = ends
    left = sum((end - begin for begin, end in spans), timedelta()) * per_cent / 100
    for begin, end in spans:
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return due_at


def next_reminder(start: datetime, due_at: datetime, done: int) -> tuple[datetime, int] | None:
    """The next share to remind at, after `done` per cent; None when only the limit is left."""
    for share in limits()["shares"]:
        if done < share < 100:
            return share_at(start, due_at, share), int(share)
    return None


def soon(now: datetime) -> datetime:
    """Deadlines up to this instant count as "about to be missed" (将超时)."""
    return in_working_days(now, int(limits()["reminders"]["soon_working_days"])).due_at


def remaining(due_on: date, today: date) -> int:
    """Working days left until the end of `due_on`; negative when it has passed."""
    return workdays.working_days_between(today, due_on)


def due_words(due_at: datetime, due_on: date, now: datetime) -> str:
    """The deadline as people say it: 还剩 3 个工作日, 今天到期, 已超时 2 个工作日."""
    if now >= due_at:
        late = max(1, -remaining(due_on, clock.day_of(now)))
        return f"已超时 {late} 个工作日"
    if due_at - now < timedelta(hours=24) and due_at != end_of_day(due_on):
        hours = max(1, int((due_at - now).total_seconds() // 3600))
        return f"还剩 {hours} 小时"
    if due_on == clock.day_of(now):
        return "今天到期"
    return f"还剩 {remaining(due_on, clock.day_of(now))} 个工作日"


def caution(due_on: date) -> str | None:
    """What to add where the deadline lies beyond the last published holiday arrangement."""
    if workdays.is_certain(due_on):
        return None
    return f"{due_on.year}年放假安排还没有公布，这个日期可能推后"


def lost_days(paused_from: datetime, resumed: datetime) -> int:
    """Working days a pause took, counted like the limit itself: its first day does not count."""
    return workdays.working_days_between(clock.day_of(paused_from), due_date(resumed))


def extended(due_on: date, paused_from: datetime, resumed: datetime) -> Deadline:
    """The deadline after a pause: the working days spent waiting are given back."""
    lost = lost_days(paused_from, resumed)
    moved = workdays.add_working_days(due_on, lost) if lost > 0 else due_on
    return Deadline(moved, end_of_day(moved), None)


def _default() -> int:
    return int(limits()["decision"]["default"]["working_days"])


def _decision_days(need: str, region_code: str | None, day: date, special: bool) -> int:
    row = limits()["decision"].get(need)
    if row is None:
        return _default()
    variant = "special" if special and "special" in row else ""
    if not variant and township_decides(region_code, [need]):
        variant = "delegated"
    parameter = row.get(variant or "parameter")
    fallback = int(row.get(f"{variant}_working_days" if variant else "working_days", _default()))
    found = _parameter_days(parameter, region_code, day) if parameter else None
    return found or fallback


def _parameter_days(parameter: str, region_code: str | None, day: date) -> int | None:
    """The verified parameter's working days, None where none is in force."""
    try:
        found = parameters.in_force(parameter, region_code or areas.NATION, day)
    except (ParameterNotInForce, UnknownRegion):
        return None
    return int(found.value) if found.verified and found.value is not None else None

"""Unusual reading, by the thresholds of `browsing.yaml`: found every minute, told to a supervisor.

An alarm is a number and a rule, for a person to look at; nothing is blocked by it. Nobody is told
of their own reading, and nobody closes an alarm about themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import ColumnElement, Select, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id
from foundation.logging import get_logger

from . import areas, events, oncall, staff
from .casework import actor
from .errors import Conflict, NotFound
from .events import EventKind
from .inputs import MIN_REASON, words
from .models import BrowsingAlarm, CaseEvent, Staff
from .repository import Scope
from .rights import Right
from .sealing import seal, unseal

log = get_logger(__name__)
PAGE = 100
FINDING = "browsing_alarm.finding"
READING = (EventKind.VIEWED, EventKind.REVEALED)
NOT_WORK = (*READING, EventKind.REFUSED)


@dataclass(frozen=True)
class Alarm:
    """An alarm as a supervisor reads it."""

    id: str
    rule: str
    person: Staff
    count: int
    allowed: int
    since: datetime
    at: datetime
    told: str
    mine: bool
    checked: str
    checked_at: datetime | None
    finding: str

    @property
    def word(self) -> str:
        return str(rules()[self.rule]["word"]) if self.rule in rules() else self.rule

    @property
    def unit(self) -> str:
        return str(rules()[self.rule]["unit"]) if self.rule in rules() else "次"

    @property
    def place(self) -> str:
        return areas.name(self.person.area_code)


@cache
def rules() -> Mapping[str, Mapping[str, Any]]:
    """The rules by name; raises ValueError when one is misspelt."""
    found: dict[str, Any] = _document()["rules"]
    unknown = set(found) - {"many", "day", "reveal", "night", "refused", "same_name"}
    if unknown:
        raise ValueError(f"browsing.yaml: no such rule {sorted(unknown)}")
    for name, rule in found.items():
        if not isinstance(rule.get("allowed"), int) or not {"word", "unit"} <= set(rule):
            raise ValueError(f"browsing.yaml: {name} needs a word, a unit and a number allowed")
    return found


def allowed(rule: Mapping[str, Any], role: str) -> int | None:
    """How much the rule allows a role; None when it does not concern it."""
    given: int | None = rule.get("roles", {}).get(role, rule["allowed"])
    return given


def watch(session: Session, cipher: Cipher, now: datetime) -> int:
    """Count by every rule; says how many alarms are new."""
    new = 0
    for name, rule in rules().items():
        since = _since(rule, now)
        if since is None:
            continue
        query = _counted(name, rule, since).subquery()
        most: dict[str, int] = {}
        for staff_id, count in session.execute(select(query.c[0], query.c[1])):
            most[staff_id] = max(count, most.get(staff_id, 0))
        for staff_id, count in sorted(most.items()):
            new += _alarm(session, cipher, name, rule, staff_id, count, since, now)
    return new


def alarms(
    session: Session, cipher: Cipher, worker: Scope, *, still_open: bool = False
) -> list[Alarm]:
    """Alarms about people of the supervisor's area, open and addressed ones first."""
    worker.demand(Right.ACCESS_READ)
    rows = session.execute(
        _in_scope(worker, still_open=still_open)
        .order_by(BrowsingAlarm.checked_at.is_not(None), BrowsingAlarm.created_at.desc())
        .limit(PAGE)
    ).all()
    names = staff.names_of(
        session, {one for row, _ in rows for one in (row.told_to, row.checked_by) if one}
    )
    found = [
        Alarm(
            id=row.id, rule=row.rule, person=person, count=row.count, allowed=row.allowed,
            since=row.since, at=row.created_at, told=names.get(row.told_to or "", ""),
            mine=row.told_to == worker.worker_id, checked=names.get(row.checked_by or "", ""),
            checked_at=row.checked_at,
            finding=unseal(cipher, FINDING, row.id, row.finding_encrypted) or "",
        )
        for row, person in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.checked_at is not None, not one.mine))


def told_and_open(session: Session, worker: Scope) -> int:
    """How many open alarms name this supervisor."""
    if not worker.may(Right.ACCESS_READ):
        return 0
    mine = _in_scope(worker, still_open=True).where(BrowsingAlarm.told_to == worker.worker_id)
    return session.scalar(select(func.count()).select_from(mine.subquery())) or 0


def check(session: Session, cipher: Cipher, worker: Scope, alarm_id: str, finding: str) -> None:
    """Close an alarm with what was found. Raises NotFound (also for one's own), Conflict."""
    worker.demand(Right.ACCESS_READ)
    explained = words("finding", finding, MIN_REASON, 500)
    query = _in_scope(worker).where(BrowsingAlarm.id == alarm_id[:32])
    found = session.execute(query.with_for_update(of=BrowsingAlarm)).one_or_none()
    if found is None:
        raise NotFound("没有找到这条提醒，或者不在您的范围内")
    row, person = found
    if row.checked_at is not None:
        raise Conflict("这条提醒已经核实过了")
    row.checked_by, row.checked_at = actor(worker).id, clock.now()
    row.finding_encrypted = seal(cipher, FINDING, row.id, explained)
    staff.record(
        session, cipher, person, EventKind.BROWSING_CHECKED, actor(worker), reason=explained,
        rule=row.rule,
    )  # fmt: skip


def _in_scope(worker: Scope, *, still_open: bool = False) -> Select[BrowsingAlarm, Staff]:
    low, high = areas.bounds(worker.area_code)
    query = (
        select(BrowsingAlarm, Staff)
        .join(Staff, Staff.id == BrowsingAlarm.staff_id)
        .where(
            BrowsingAlarm.area_code >= low, BrowsingAlarm.area_code < high,
            BrowsingAlarm.staff_id != worker.worker_id,
        )
    )  # fmt: skip
    return query.where(BrowsingAlarm.checked_at.is_(None)) if still_open else query


def _since(rule: Mapping[str, Any], now: datetime) -> datetime | None:
    """From when the rule counts; None outside the night and its first hour after."""
    if "minutes" in rule:
        return now - timedelta(minutes=rule["minutes"])
    local = now.astimezone(clock.SHANGHAI)
    begins = local.replace(hour=rule["from"], minute=0, second=0, microsecond=0)
    if begins > local:
        begins -= timedelta(days=1)
    ends = begins + timedelta(hours=(rule["to"] - rule["from"]) % 24)
    return begins if local <= ends + timedelta(hours=1) else None


def _counted(name: str, rule: Mapping[str, Any], since: datetime) -> Select[Any, Any]:
    """(staff id, count) of everybody above the least that any role is allowed."""
    number: ColumnElement[Any] = func.count(distinct(CaseEvent.case_id))
    grouping: list[ColumnElement[Any]] = []
    if name in ("many", "day"):
        kinds: tuple[EventKind, ...] = (EventKind.VIEWED,)
    elif name == "night":
        kinds = READING
    elif name == "reveal":
        kinds = (EventKind.REVEALED,)
    else:
        kinds = (EventKind.REFUSED if name == "refused" else EventKind.SEARCHED,)
        number = func.count()
    if name == "same_name":
        grouping = [CaseEvent.data["of"].as_string()]
    query = select(CaseEvent.actor_id, number.label("count")).where(
        events.for_audit(),
        CaseEvent.actor_kind == "staff",
        CaseEvent.kind.in_(kinds),
        CaseEvent.created_at > since,
    )
    if "to" in rule:
        ends = since + timedelta(hours=(rule["to"] - rule["from"]) % 24)
        query = query.where(CaseEvent.created_at <= ends)
    if name in ("many", "day"):
        query = query.where(~_worked())
    least = min(n for n in (rule["allowed"], *rule.get("roles", {}).values()) if n is not None)
    return query.group_by(CaseEvent.actor_id, *grouping).having(number > least)


def _worked() -> ColumnElement[bool]:
    """Whether the reader ever did anything on the case but read it."""
    deed = aliased(CaseEvent)
    return (
        exists()
        .where(
            deed.case_id == CaseEvent.case_id,
            deed.actor_id == CaseEvent.actor_id,
            deed.kind.not_in(NOT_WORK),
        )
        .correlate(CaseEvent)
    )


def _alarm(
    session: Session, cipher: Cipher, name: str, rule: Mapping[str, Any], staff_id: str, count: int,
    since: datetime, now: datetime,
) -> bool:  # fmt: skip
    person = session.get(Staff, staff_id)
    most = allowed(rule, person.role) if person is not None else None
    if person is None or most is None or count <= most:
        return False
    day = since.astimezone(clock.SHANGHAI).date() if "to" in rule else clock.day_of(now)
    standing = session.scalar(
        select(BrowsingAlarm).where(
            BrowsingAlarm.rule == name, BrowsingAlarm.staff_id == staff_id, BrowsingAlarm.day == day
        )
    )
    if standing is not None:
        if standing.checked_at is None and count > standing.count:
            standing.count = count
        return False
    told = oncall.person_for(
        session, person.area_code, _document()["told"], passed_over=[staff_id],
        right=Right.ACCESS_READ,
    )  # fmt: skip
    if told is None:
        log.error("an alarm about reading found nobody to tell", rule=name)
    session.add(
        BrowsingAlarm(
            id=new_id(), rule=name, staff_id=staff_id, day=day, count=count, allowed=most,
            since=since, area_code=person.area_code, told_to=told.id if told else None,
            created_at=now,
        )
    )  # fmt: skip
    session.flush()
    staff.record(
        session, cipher, person, EventKind.BROWSING_ALARM, events.SYSTEM, rule=name, count=count,
        to=told.id if told else None,
    )  # fmt: skip
    return True


@cache
def _document() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "browsing.yaml").read_text("utf-8")))

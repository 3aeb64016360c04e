"""Who must answer: difficulty, programme or danger → departments and areas (`routing.yaml`).

Pure: no database, no clock; rows that an area has changed are handed in (`cases.routing_rows`).
Every need reaches at least one department; a need or programme that
the table does not know goes the way of `other` instead of nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from . import areas
from .states import Department, NeedType, Urgency

Facts = Mapping[str, Any]

_NONE: tuple[Any, ...] = (None, False, "", "无", "none", [])


def _told(facts: Facts, *keys: str) -> bool:
    """Is one of them stated, other than as 没有?"""
    return any(facts.get(key) not in _NONE for key in keys)


CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "disability": lambda facts: _told(facts, "disability_level", "disability_type"),
    "worker": lambda facts: bool(facts.get("lost_job") or facts.get("employed")),
    "house_damaged": lambda facts: _told(facts, "disaster") or facts.get("housing") == "危房",
    "harmed": lambda facts: facts.get("crisis_kind") in {"violence", "child_abuse", "abandoned"},
}


@dataclass(frozen=True)
class Route:
    """One department's part. `first_aid` marks 先行救助: help at once, papers afterwards."""

    department: Department
    need_type: NeedType
    assisting: bool
    first_aid: bool
    area_code: str
    area_pending: bool


@dataclass(frozen=True)
class Row:
    """Who leads and who assists with a kind of difficulty."""

    main: tuple[Department, ...]
    assist: tuple[Department, ...]

    @classmethod
    def of(cls, data: Mapping[str, Iterable[str]]) -> Row:
        """A row from lists of codes; raises ValueError for an unknown one."""
        return cls(
            tuple(map(Department, data["main"])), tuple(map(Department, data.get("assist", ())))
        )


UNCHANGED: Mapping[NeedType, Row] = {}


@cache
def table() -> dict[str, Any]:
    """The routing table as data; raises when a row names an unknown need or department."""
    raw = yaml.safe_load((Path(__file__).parent / "routing.yaml").read_text("utf-8"))
    for need, row in raw["needs"].items():
        NeedType(need)
        named = [*row["main"], *row.get("assist", ())]
        named += [code for codes in row.get("also", {}).values() for code in codes]
        for department in named:
            Department(department)
        unknown = set(row.get("also", {})) - set(CONDITIONS)
        if unknown:
            raise ValueError(f"routing.yaml: {need} uses unknown conditions {sorted(unknown)}")
    return dict(raw)


def needs_of(programmes: Iterable[str], need_types: Iterable[str] = ()) -> list[NeedType]:
    """Stated needs and those the programmes stand for, in order, without repeats; never empty."""
    known = {member.value for member in NeedType}
    found: dict[NeedType, None] = {}
    for need in need_types:
        found[NeedType(need) if need in known else NeedType.OTHER] = None
    for programme in programmes:
        found[NeedType(table()["programmes"].get(programme, "other"))] = None
    if len(found) > 1:
        found.pop(NeedType.OTHER, None)
    return list(found) or [NeedType.OTHER]


def row_of(need: NeedType) -> Row:
    """The row that comes with the system."""
    return Row.of(table()["needs"][need])


def route(
    needs: Iterable[NeedType],
    facts: Facts,
    region_code: str | None,
    urgency: str,
    changed: Mapping[NeedType, Row] = UNCHANGED,
) -> list[Route]:
    """Every department that must act, main ones first, each once; `changed` rows replace ours.

    What the law adds on a condition (`also`) and in an emergency holds whatever was changed. A
    department that leads one need and assists in another leads. Emergencies add the officer on
    duty and mark the township's lead as first aid.
    """
    builder = _Builder(region_code)
    for need in needs:
        row = changed.get(need) or row_of(need)
        builder.add(row.main, need, assisting=False)
        builder.add(row.assist, need, assisting=True)
        for condition, departments in table()["needs"][need].get("also", {}).items():
            if CONDITIONS[condition](facts):
                builder.add(departments, need, assisting=True)
    if urgency == Urgency.EMERGENCY:
        rule = table()["emergency"]
        builder.add(rule["first_aid"], NeedType.EMERGENCY, assisting=False, first_aid=True)
        builder.add(rule["always"], NeedType.EMERGENCY, assisting=False)
    return builder.routes()


def route_alert(kind: str, region_code: str | None) -> list[Route]:
    """Departments of a duty alert: the officer on duty, then those its kind of danger names."""
    alerts = table()["alerts"]
    row = alerts.get(kind, alerts["other"])
    need = NeedType(row["need"])
    builder = _Builder(region_code)
    builder.add(["duty"], need, assisting=False)
    builder.add(row["main"], need, assisting=False)
    builder.add(row.get("first_aid", ()), need, assisting=False, first_aid=True)
    return builder.routes()


def area_of(department: str, region_code: str | None) -> tuple[str, bool]:
    """(area, pending) of a department's lead.

    The township office works at the most specific place known, bureaus at the county. Without a
    county the lead waits at the province or nation (待定地区) for a county or province role.
    """
    if region_code is None or not areas.is_area_code(region_code):
        return areas.NATION, True
    county = areas.county_of(region_code)
    if county is None:
        return areas.whole(region_code), True
    if department == Department.XIANGZHEN:
        return areas.township_of(region_code) or county, False
    return county, False


class _Builder:
    """Collects routes, one per department, keeping the strongest part of each."""

    def __init__(self, region_code: str | None) -> None:
        self.region_code = region_code
        self.found: dict[Department, Route] = {}

    def add(
        self,
        departments: Iterable[str],
        need: NeedType,
        *,
        assisting: bool,
        first_aid: bool = False,
    ) -> None:
        for code in departments:
            department = Department(code)
            before = self.found.get(department)
            area, pending = area_of(department, self.region_code)
            self.found[department] = Route(
                department=department,
                need_type=need if before is None or first_aid else before.need_type,
                assisting=assisting and (before is None or before.assisting),
                first_aid=first_aid or (before is not None and before.first_aid),
                area_code=area,
                area_pending=pending,
            )

    def routes(self) -> list[Route]:
        return sorted(self.found.values(), key=lambda found: found.assisting)

"""分派表 for those who read and change it: an area sets a row, against a reason, or gives it back.

Who keeps an area's accounts keeps its table, and sees no case; who works on cases reads it. Callers
own the transaction. What a changed row does is `cases.routing_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import areas, events, routing, routing_rows, staff
from .casework import actor
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .inputs import MIN_REASON, place_named, words
from .rights import Right
from .routing import Row
from .routing_rows import RoutingRow
from .scope import Scope
from .states import PROGRAMMES, Department, NeedType

MOST = 6  # departments of a kind in one row
SHOWN = 20  # changes in the history
SERVICE = "系统接口"
CONDITIONS = {
    "disability": "有残疾的", "worker": "有工作或者失业的", "house_damaged": "房屋受损的",
    "harmed": "受到侵害的",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One difficulty as it is sent on in a place.

    `here` is the area's own row, `above` what holds without it. `also` is added by the law.
    """

    need: NeedType
    row: Row
    above: Row
    here: RoutingRow | None
    source: str
    programmes: tuple[str, ...]
    also: tuple[tuple[str, tuple[Department, ...]], ...]

    @property
    def seen(self) -> str:
        """What a form says it has seen: the row it would replace."""
        return self.here.id if self.here is not None else ""


@dataclass(frozen=True)
class Change:
    """A row of the area's history; `by` and `ended_by` are names."""

    kept: RoutingRow
    by: str
    ended_by: str

    @property
    def need(self) -> NeedType:
        return NeedType(self.kept.need)


def place_of(worker: Scope, given: str = "") -> str:
    """The area whose table is meant: the own county or larger area. Raises BadInput, NotAllowed."""
    if not (worker.may(Right.CASE_READ) or worker.may(Right.ROUTING_EDIT)):
        raise NotAllowed("您的账号没有查看分派表的权限")
    if not given.strip():
        return areas.whole(worker.area_code)
    area = place_named("area", given.strip(), wide=True, near=worker.area_code)
    if area != areas.whole(worker.area_code) and not areas.contains(worker.area_code, area):
        raise BadInput("area", "这个地区不归您管")
    return areas.whole(area)


def lines(session: Session, area: str) -> list[Line]:
    """The whole table as it stands for a county or larger area."""
    stands = routing_rows.standing(session, area)
    wider = areas.ancestors(area)
    above = routing_rows.standing(session, wider[0]) if wider else {}
    return [_line(need, area, stands.get(need), above.get(need)) for need in NeedType]


def line(session: Session, area: str, need: str) -> Line:
    """One of them. Raises BadInput."""
    if need not in list(NeedType):
        raise BadInput("need", "没有这种困难类型")
    return next(one for one in lines(session, area) if one.need == need)


def history(session: Session, area: str) -> list[Change]:
    """The area's own changes, the latest first."""
    rows = session.scalars(
        select(RoutingRow)
        .where(RoutingRow.area_code == area)
        .order_by(RoutingRow.set_at.desc(), RoutingRow.id)
        .limit(SHOWN)
    ).all()
    people = {who for row in rows for who in (row.set_by, row.ended_by) if who}
    names = staff.names_of(session, people)

    def name(who: str | None) -> str:
        return names.get(who, SERVICE) if who else ""

    return [Change(row, name(row.set_by), name(row.ended_by)) for row in rows]


def change(
    session: Session, cipher: Cipher, worker: Scope, area: str, need: str,
    main: Sequence[str], assist: Sequence[str], reason: str, seen: str | None = None,
) -> Line:  # fmt: skip
    """Set the area's row for leads made from now on.

    `seen` is the row the worker's page showed ("" for none of the area's own). The same row sent
    twice is set once. Raises NotAllowed, BadInput by field, Conflict (somebody was faster).
    """
    place, before = _before(session, worker, area, need)
    row = Row(_chosen("main", main, least=1), _chosen("assist", assist))
    if set(row.main) & set(row.assist):
        raise BadInput("assist", "同一个部门不能又牵头又协同")
    explained = words("reason", reason, MIN_REASON, 200)
    me = actor(worker)
    if before.here is not None and before.here.row == row and before.here.set_by == me.id:
        return before
    _not_stale(session, before, seen)
    if before.row == row:
        raise BadInput("main", "和现在的一样，没有要改的")
    if before.here is not None:
        before.here.ended_by, before.here.ended_at = me.id, clock.now()
        session.flush()  # one row stands at a time
    kept = RoutingRow(
        area_code=place, need=before.need, main=list(row.main), assist=list(row.assist),
        reason=explained, set_by=me.id or "", set_at=clock.now(),
    )  # fmt: skip
    session.add(kept)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("另一位同事刚刚改过这一行，请刷新页面再看") from None
    _record(session, cipher, worker, EventKind.ROUTING_CHANGED, place, before, row, explained)
    return line(session, place, need)


def restore(
    session: Session, cipher: Cipher, worker: Scope, area: str, need: str, reason: str,
    seen: str | None = None,
) -> Line:  # fmt: skip
    """End the area's own row: the wider area's holds again, or the one that comes with the system.

    Raises NotAllowed, BadInput by field, Conflict (nothing to give back, somebody was faster).
    """
    place, before = _before(session, worker, area, need)
    explained = words("reason", reason, MIN_REASON, 200)
    _not_stale(session, before, seen)
    if before.here is None:
        raise Conflict("这一行没有改过，不用恢复")
    before.here.ended_by, before.here.ended_at = actor(worker).id, clock.now()
    session.flush()
    _record(
        session, cipher, worker, EventKind.ROUTING_RESTORED, place, before, before.above, explained
    )
    return line(session, place, need)


def told(row: Row) -> str:
    """A row in words."""
    helps = f"；协同 {'、'.join(one.word for one in row.assist)}" if row.assist else ""
    return f"牵头 {'、'.join(one.word for one in row.main)}{helps}"


def _before(session: Session, worker: Scope, area: str, need: str) -> tuple[str, Line]:
    """The place and its line, the area's own row locked."""
    worker.demand(Right.ROUTING_EDIT)
    named = place_named("area", area.strip(), wide=True, near=worker.area_code)
    if areas.township_of(named) is not None:
        raise BadInput("area", "分派表按县（区）或者更大的地区改，乡镇跟着县里")
    if not areas.contains(worker.area_code, named):
        raise BadInput("area", "这个地区不归您管")
    place = areas.whole(named)
    found = line(session, place, need)
    if found.here is not None:
        session.refresh(found.here, with_for_update=True)
        if found.here.ended_at is not None:  # a colleague was faster while we waited
            found = line(session, place, need)
    return place, found


def _not_stale(session: Session, before: Line, seen: str | None) -> None:
    if seen is None or seen == before.seen:
        return
    if before.here is None:
        raise Conflict("另一位同事刚刚恢复了这一行，没有改成。请看过现在的再改")
    who = staff.names_of(session, {before.here.set_by}).get(before.here.set_by, SERVICE)
    raise Conflict(f"{who}刚刚改过这一行，没有改成。现在是{told(before.row)}。请看过再改")


def _chosen(field: str, given: Sequence[str], least: int = 0) -> tuple[Department, ...]:
    """The departments, each once, in the order of the list. Raises BadInput."""
    wanted = set(given)
    if not wanted <= set(Department):
        raise BadInput(field, "没有这个部门")
    if not least <= len(wanted) <= MOST:
        raise BadInput(
            field, f"牵头部门选 1 到 {MOST} 个" if least else f"协同部门最多选 {MOST} 个"
        )
    return tuple(one for one in Department if one in wanted)


def _line(need: NeedType, area: str, stands: RoutingRow | None, above: RoutingRow | None) -> Line:
    package = routing.table()["needs"][need]
    here = stands if stands is not None and stands.area_code == area else None
    programmes = (
        PROGRAMMES[code] for code, meant in routing.table()["programmes"].items() if meant == need
    )
    also = (
        (CONDITIONS[name], tuple(map(Department, codes)))
        for name, codes in package.get("also", {}).items()
    )
    wider = above.row if above is not None else routing.row_of(need)
    return Line(
        need, stands.row if stands is not None else routing.row_of(need), wider, here,
        package.get("source", ""), tuple(programmes), tuple(also),
    )  # fmt: skip


def _record(
    session: Session, cipher: Cipher, worker: Scope, kind: EventKind, place: str, before: Line,
    after: Row, reason: str,
) -> None:  # fmt: skip
    events.append_of_area(
        session, cipher, place, kind, actor(worker),
        data={
            "routing": before.need, "area": place, "before": _as_data(before.row),
            "after": _as_data(after),
        },
        text=reason,
    )  # fmt: skip


def _as_data(row: Row) -> dict[str, list[str]]:
    return {"main": [str(one) for one in row.main], "assist": [str(one) for one in row.assist]}

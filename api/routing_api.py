"""The JSON API of 分派表: which departments a kind of difficulty goes to, and changing it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from cases import areas, routing_desk
from cases.routing import Row
from cases.routing_desk import Change, Line
from foundation.clock import SHANGHAI

from .cases_api import Caller, Process, example

router = APIRouter(prefix="/api/routing", tags=["routing"])
Codes = Annotated[list[Annotated[str, Field(max_length=24)]], Field(max_length=20)]


class Given(BaseModel):
    """A row given back to the wider area's or the system's own."""

    model_config = example({"need": "medical", "area": "忠县", "reason": "机构调整已经撤销"})
    need: str = Field(max_length=24)
    area: str = Field(min_length=1, max_length=40, description="代码或名称，县（区）或者更大")
    reason: str = Field(min_length=4, max_length=200)
    seen: str | None = Field(
        default=None, max_length=32, description="读到的 `row`；其间有人改过就是 409"
    )


class Wanted(Given):
    """A row as it shall be."""

    model_config = example(
        {
            "need": "medical", "area": "忠县", "main": ["weijian"], "assist": ["yibao"],
            "reason": "县里把医疗救助交给卫健委牵头", "seen": "",
        }
    )  # fmt: skip
    main: Codes
    assist: Codes = []


@router.get("", summary="分派表")
def listed(
    runtime: Process, scope: Caller, area: Annotated[str, Query(max_length=40)] = ""
) -> dict[str, Any]:
    """The table of the own county or larger area, or of one inside it, and the area's changes."""
    place = routing_desk.place_of(scope, area)
    with runtime.database.read() as session:
        rows = routing_desk.lines(session, place)
        changes = routing_desk.history(session, place)
    return {
        "area": place, "area_name": areas.name(place), "rows": [_line(one) for one in rows],
        "changes": [_change(one) for one in changes],
    }  # fmt: skip


@router.post("", summary="修改分派表的一行")
def change(runtime: Process, scope: Caller, body: Wanted) -> dict[str, Any]:
    """Holds for leads made from now on; 409 when `seen` is not the row that stands."""
    with runtime.database.write() as session:
        return _line(
            routing_desk.change(
                session, runtime.cipher, scope, body.area, body.need, body.main, body.assist,
                body.reason, body.seen,
            )
        )  # fmt: skip


@router.post("/restore", summary="恢复分派表的一行")
def restore(runtime: Process, scope: Caller, body: Given) -> dict[str, Any]:
    """The wider area's row holds again, or the one that comes with the system."""
    with runtime.database.write() as session:
        return _line(
            routing_desk.restore(
                session, runtime.cipher, scope, body.area, body.need, body.reason, body.seen
            )
        )


def _line(one: Line) -> dict[str, Any]:
    return {
        "need": one.need, "need_name": one.need.word, **_row(one.row), "row": one.seen,
        "changed": one.here is not None, "without": _row(one.above), "source": one.source,
        "programmes": list(one.programmes),
        "also": [{"when": when, "departments": list(codes)} for when, codes in one.also],
    }  # fmt: skip


def _change(one: Change) -> dict[str, Any]:
    ended = one.kept.ended_at
    return {
        "need": one.need, **_row(one.kept.row), "reason": one.kept.reason, "by": one.by,
        "at": one.kept.set_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "ended_by": one.ended_by or None,
        "ended_at": ended.astimezone(SHANGHAI).isoformat(timespec="seconds") if ended else None,
    }  # fmt: skip


def _row(row: Row) -> dict[str, list[str]]:
    return {"main": list(row.main), "assist": list(row.assist)}

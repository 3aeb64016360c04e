"""Screening over HTTP: one household or many, each answer with the version of the rules.

Nothing is stored: facts come in, verdicts go out. `X-Rules-Version` is a digest of rules and
figures; equal versions give equal answers for equal facts, place and day.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from api.cases_api import Caller
from foundation import clock
from rules import facts as schema
from rules.errors import FactError, UnknownRegion
from rules.programmes import ALL_CODES
from rules.screening import screen
from rules.version import rules_version

VERSION = "X-Rules-Version"
MOST_HOUSEHOLDS = 200
router = APIRouter(prefix="/api/screenings", tags=["screenings"])

EXAMPLE: dict[str, JsonValue] = {
    "region": "500233",
    "on": "2026-11-21",
    "facts": {
        "household_size": 2, "monthly_income_total": 900, "hukou": "rural", "car": False,
        "deposit": 3000,
    },
}  # fmt: skip


class Household(BaseModel):
    """What is known of a household. Absent facts are not known, never "no"."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    facts: dict[str, Any] = Field(max_length=80, description="键见 rules/facts.py，金额为元")
    region: str | None = Field(default=None, max_length=12, description="行政区划代码")
    on: date | None = Field(default=None, description="哪一天的政策；默认今天")
    declined: list[str] = Field(default=[], max_length=80, description="不清楚、不愿说的")
    focus: list[str] | None = Field(default=None, max_length=40, description="只看哪些救助")
    id: str = Field(default="", max_length=60, description="原样带回")


class Batch(BaseModel):
    """Many households; a bad one does not stop the others."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"households": [EXAMPLE | {"id": "1"}]}]}
    )
    households: list[Household] = Field(min_length=1, max_length=MOST_HOUSEHOLDS)


def versioned(response: Response) -> str:
    """The version of rules and published figures, on the answer too."""
    response.headers[VERSION] = version = rules_version()
    return version


Version = Annotated[str, Depends(versioned)]
_HEADERS = {VERSION: {"description": "规则和参数的版本", "schema": {"type": "string"}}}


@router.post(
    "",
    summary="筛查一个家庭",
    responses={200: {"headers": _HEADERS}, 422: {"description": "field 说明哪一项不对"}},
)
def screen_one(_: Caller, version: Version, body: Household) -> Any:
    """Verdicts with reasons, distance and what is still missing; never a decision."""
    found = answer(body)
    if "reason" in found:
        return JSONResponse(found, 422, {VERSION: version})
    return found


@router.post("/batch", summary="筛查一批家庭", responses={200: {"headers": _HEADERS}})
def screen_many(_: Caller, _version: Version, body: Batch) -> dict[str, Any]:
    """In the order given; a household that cannot be screened has `field` and `reason`."""
    return {"screenings": [{"id": one.id, **answer(one)} for one in body.households]}


def answer(asked: Household) -> dict[str, Any]:
    """The screening, or {field, reason} for what cannot be true."""
    unknown = sorted(asked.facts.keys() - schema.SCHEMA.keys() - {"members", "for_relation"})
    if unknown:
        return {"field": unknown[0][:60], "reason": "没有这一项"}
    if asked.focus is not None and set(asked.focus) - set(ALL_CODES):
        return {"field": "focus", "reason": "没有这个救助"}
    try:
        schema.check(asked.facts)
        found = screen(
            asked.facts,
            asked.region,
            asked.on or clock.today(),
            frozenset(asked.declined),
            focus=asked.focus,
        )
    except FactError as refused:
        return {"field": refused.field, "reason": refused.reason_zh}
    except UnknownRegion as refused:
        return {"field": "region", "reason": str(refused)}
    return found.to_json()

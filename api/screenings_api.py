"""Screening over HTTP: one household or many, each answer with the version of the rules.

Nothing is stored: facts come in, verdicts go out. `X-Rules-Version` is a digest of rules and
figures; equal versions give equal answers for equal facts, place and day.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field, JsonValue, SkipValidation, ValidationError

from api.cases_api import Caller
from api.doubled_keys import Path, doubled_keys
from foundation import clock
from rules import facts as schema
from rules import regions
from rules.errors import FactError, RulesError, UnknownRegion
from rules.programmes import ALL_CODES
from rules.screening import screen
from rules.version import rules_version

VERSION = "X-Rules-Version"
MOST_HOUSEHOLDS = 200
WORDS = {
    "missing": "缺这一项", "extra_forbidden": "没有这一项", "string_too_long": "写得太长",
    "too_long": "项数太多", "too_short": "至少要有一项",
}  # fmt: skip
TWICE = "这一项写了两次，只能写一次"
ON_WORDS = "日期要写成 2026-11-21 这样"


class _Named(APIRoute):
    """Names every fault of a body, with the version of the rules on the answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def named(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as wrong:
                if any(problem["type"] == "json_invalid" for problem in wrong.errors()):
                    raise
                return JSONResponse(_refusal(_shape(wrong.errors())), 422, _version_header())

        return named


router = APIRouter(prefix="/api/screenings", tags=["screenings"], route_class=_Named)

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
    region: str | None = Field(default=None, max_length=40, description="行政区划代码或地名")
    on: date | None = Field(default=None, description="哪一天的政策；默认今天")
    declined: list[str] = Field(default=[], max_length=80, description="不清楚、不愿说的")
    focus: list[str] | None = Field(default=None, max_length=40, description="只看哪些救助")
    id: str = Field(default="", max_length=60, description="原样带回")


class Batch(BaseModel):
    """Many households; a bad one does not stop the others."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"households": [EXAMPLE | {"id": "1"}]}]}
    )
    households: list[SkipValidation[Household]] = Field(
        min_length=1, max_length=MOST_HOUSEHOLDS, description="每户各自检查，各有结果或问题"
    )


def versioned(response: Response) -> str:
    """The version of rules and published figures, on the answer too."""
    response.headers[VERSION] = version = rules_version()
    return version


Version = Annotated[str, Depends(versioned)]
Doubled = Annotated[list[Path], Depends(doubled_keys)]
_HEADERS = {VERSION: {"description": "规则和参数的版本", "schema": {"type": "string"}}}


def _version_header() -> dict[str, str]:
    return {VERSION: rules_version()}


@router.post(
    "",
    summary="筛查一个家庭",
    responses={
        200: {"headers": _HEADERS},
        422: {"headers": _HEADERS, "description": "problems 逐项说明哪里不对，field 是第一处"},
    },
)
def screen_one(_: Caller, version: Version, body: Household, doubled: Doubled) -> Any:
    """Verdicts with reasons, distance and what is still missing; never a decision."""
    found = _refusal(_twice(doubled)) if doubled else answer(body)
    if "reason" in found:
        return JSONResponse(found, 422, {VERSION: version})
    return found


@router.post("/batch", summary="筛查一批家庭", responses={200: {"headers": _HEADERS}})
def screen_many(_: Caller, version: Version, body: Batch, doubled: Doubled) -> Any:
    """In the order given; a household that cannot be screened has `field`, `reason`, `problems`."""
    if outside := [way for way in doubled if len(way) < _IN_A_HOUSEHOLD]:
        return JSONResponse(_refusal(_twice(outside)), 422, {VERSION: version})
    spoiled: dict[str | int, list[Path]] = {}
    for _households, index, *way in doubled:
        spoiled.setdefault(index, []).append(tuple(way))
    return {
        "screenings": [
            _one_of_many(one, spoiled.get(index, [])) for index, one in enumerate(body.households)
        ]
    }


# ("households", 0, …): what is doubled in one household spoils that one alone.
_IN_A_HOUSEHOLD = 3


def _twice(doubled: Sequence[Path]) -> list[tuple[str, str]]:
    """Named as other problems are: facts by their own key."""
    ways = [way[1:] if way[0] == "facts" and len(way) > 1 else way for way in doubled]
    return [("".join(map(_step, way)).removeprefix(".")[:60], TWICE) for way in ways]


def _step(part: str | int) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{part}"


def _one_of_many(raw: Any, doubled: Sequence[Path]) -> dict[str, Any]:
    """A household of a batch as it came: its screening, or what is wrong with it alone."""
    told = raw.get("id") if isinstance(raw, dict) else ""
    name = {"id": told[:60] if isinstance(told, str) else ""}
    if doubled:
        return name | _refusal(_twice(doubled))
    try:
        return name | answer(Household.model_validate(raw))
    except ValidationError as wrong:
        return name | _refusal(_shape(wrong.errors()))


def answer(asked: Household) -> dict[str, Any]:
    """The screening, or {field, reason, problems} for what cannot be true or is not known here."""
    on = asked.on or clock.today()
    problems = schema.problems(asked.facts, on)
    for field, known, told in (
        ("focus", set(ALL_CODES), asked.focus or []),
        ("declined", {*schema.SCHEMA, "region"}, asked.declined),
    ):
        strange = "、".join(word for word in told if word not in known)
        if strange:
            what = "救助" if field == "focus" else "一项"
            problems.append(FactError(field, f"没有这个{what}：{schema.shown(strange)}"))
    place = None
    try:
        place = regions.named(asked.region) if asked.region else None
    except UnknownRegion as refused:
        problems.append(FactError("region", str(refused)))
    if problems:
        return _refusal([(error.field, error.reason_zh) for error in problems])
    try:
        found = screen(asked.facts, place, on, frozenset(asked.declined), focus=asked.focus)
    except FactError as refused:
        return _refusal([(refused.field, refused.reason_zh)])
    except RulesError as refused:
        return _refusal([("", str(refused))])
    said = found.to_json()
    if note := regions.taken_for(place) if place else "":
        said["notes"] = [note, *said["notes"]]
    return said


def _refusal(problems: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The first problem as `field` and `reason`, all of them in `problems`."""
    named = [{"field": field, "reason": reason} for field, reason in problems]
    return {**named[0], "problems": named}


def _shape(found: Sequence[Any]) -> list[tuple[str, str]]:
    """What is wrong with the shape of a body, without repeating what was sent."""
    problems = []
    for problem in found:
        place = [str(part) for part in problem["loc"] if part != "body"]
        usual = ON_WORDS if place[-1:] == ["on"] else "填写的内容不对"
        problems.append((".".join(place)[:60], WORDS.get(problem["type"], usual)))
    return problems

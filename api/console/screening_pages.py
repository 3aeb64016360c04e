"""Screening a household by form: nothing is stored, the answer is a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.screenings_api import Household, answer
from cases import areas
from foundation import clock
from rules import facts as schema
from rules import regions
from rules.errors import UnknownRegion
from rules.programmes import CODES
from rules.version import rules_version

from .access import Worker
from .case_page import place
from .pages import html
from .screening_form import FURTHER_CODES, TO, Section, facts_of, focus_of, sections
from .steps import Fields

router = APIRouter(prefix="/console/screening", include_in_schema=False)

NAMED = {"region": "地区", "on": "按哪一天的政策"}
LONGEST_CODE = 12
# Beside a field stands the schema's name, so what is missing is named by it too.
LABELS = {key: fact.label for key, fact in schema.SCHEMA.items()}


@router.get("")
def form(user: Worker) -> HTMLResponse:
    """The empty form, for the reader's own place."""
    home = user.scope.area_code[:6]
    region = "" if home == regions.NATION else areas.name(home)
    today = clock.today()
    shown = sections(home if region else None, today)
    return _page(user, {"region": region, "on": today.isoformat()}, shown)


@router.post("")
def screened(user: Worker, given: Fields) -> HTMLResponse:
    """The form as it was filled in, with the verdicts or what cannot be true."""
    place_code, wrong_place = _place(given.get("region", ""))
    on, wrong_day = _day(given.get("on", ""))
    shown = sections(place_code, on or clock.today())
    facts, wrong = facts_of(given, shown)
    if wrong_place:
        wrong["region"] = wrong_place
    if wrong_day:
        wrong["on"] = wrong_day
    found: dict[str, Any] | None = None
    if not wrong:
        asked = Household(facts=facts, region=place_code, on=on)
        focus = focus_of(given)
        asked.focus = [*CODES, *focus] if focus else None
        found = answer(asked)
        if "reason" in found:
            wrong[found["field"]] = found["reason"]
            found = None
    return _page(user, given, shown, found, wrong)


def _page(
    user: Worker,
    given: dict[str, str],
    shown: tuple[Section, ...],
    found: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    wanted = {key for one in (found or {}).get("verdicts", ()) for key in one["missing"]}
    told = {key.removesuffix(TO) for key, text in given.items() if text.strip()}
    fields = {field.key for section in shown for field in section.fields}
    return html(
        "screening.html", 422 if wrong else 200, user=user, place=place(user.scope), given=given,
        found=found, wrong=wrong or {}, sections=shown, further=FURTHER_CODES, to=TO,
        version=rules_version(), labels=LABELS, named=NAMED, shown=fields | NAMED.keys(),
        unfolded={one.legend for one in shown if _touched(one, told | wanted | {*(wrong or {})})},
        ticked=focus_of(given), row={"programmes": [*CODES, *focus_of(given)]},
    )  # fmt: skip


def _touched(section: Section, keys: set[str]) -> bool:
    """Whether something of the section is filled in, wrong or wanted."""
    return any(field.key in keys for field in section.fields)


def _day(text: str) -> tuple[date | None, str]:
    """The day, or why it is none; nothing at all is today."""
    try:
        return (date.fromisoformat(text.strip()) if text.strip() else None), ""
    except ValueError:
        return None, "日期要写成 2026-11-21 这样"


def _place(text: str) -> tuple[str | None, str]:
    """A code or a name as a code, or why not; nothing at all is an unknown place."""
    name = text.strip()
    if not name:
        return None, ""
    if name.isdigit():
        try:
            regions.layers(name)
        except UnknownRegion:
            return None, "没有这个行政区划代码"
        return (name, "") if len(name) <= LONGEST_CODE else (None, "没有这个行政区划代码")
    found = regions.find(name)
    if len(found) == 1:
        return found[0].code, ""
    if not found:
        return None, "没有找到这个地方，可以写行政区划代码"
    names = "、".join(f"{one.full_name}（{one.code}）" for one in found[:5])
    return None, f"有几个地方叫这个名字，请写代码：{names}"

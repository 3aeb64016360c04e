"""Screening a household by form: nothing is stored, the answer is a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.screenings_api import Household, answer
from foundation import clock
from rules import facts as schema
from rules import regions
from rules.errors import UnknownRegion
from rules.programmes import ALL_CODES, CODES
from rules.version import rules_version

from .access import Worker
from .case_page import place
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/screening", include_in_schema=False)

# The form's parts and the facts in them, in the order in which people tell them.
PARTS: dict[str, tuple[str, ...]] = {
    "家里": ("household_size", "hukou", "monthly_income_total", "pension_monthly",
             "pension_kind"),
    "财产": ("car", "deposit", "houses"),
    "身体和花费": ("disability_level", "disability_type", "critical_illness_insured", "age",
                   "employed", "medical_expense_self"),
    "眼下": ("shock",),
}  # fmt: skip
NAMED = {"region": "地区", "on": "按哪一天的政策"}
YES_NO = {"yes": True, "no": False}
LONGEST_CODE = 12
WORDS: dict[str, dict[str, str]] = {
    "hukou": {"rural": "农村", "urban": "城镇", "nonlocal": "外地"},
    "pension_kind": {"resident": "居民养老保险", "employee": "职工养老保险"},
    "shock": {"none": "没有", "fire": "火灾", "accident": "交通等意外",
              "sudden_illness": "突发重病", "disaster": "自然灾害", "job_loss": "没了工作",
              "no_food": "没有饭吃", "other": "其他"},
    "disability_level": {w: w for w in ("无", "一级", "二级", "三级", "四级")},
    "disability_type": {w: w for w in schema.DISABILITY_TYPES},
}  # fmt: skip


@router.get("")
def form(user: Worker) -> HTMLResponse:
    """The empty form, for the reader's own place."""
    home = user.scope.area_code[:6]
    region = "" if home == regions.NATION else home
    return _page(user, {"region": region, "on": clock.today().isoformat()})


@router.post("")
def screened(user: Worker, given: Fields) -> HTMLResponse:
    """The form as it was filled in, with the verdicts or what cannot be true."""
    facts, wrong = _facts(given)
    place_code, wrong_place = _place(given.get("region", ""))
    if wrong_place:
        wrong["region"] = wrong_place
    try:
        on = date.fromisoformat(given["on"].strip()) if given.get("on", "").strip() else None
    except ValueError:
        wrong["on"] = "日期要写成 2026-11-21 这样"
    found: dict[str, Any] | None = None
    if not wrong:
        asked = Household(facts=facts, region=place_code, on=on)
        focus = [code for code in ALL_CODES if f"focus_{code}" in given]
        asked.focus = [*CODES, *focus] if focus else None
        found = answer(asked)
        if "reason" in found:
            wrong[found["field"]] = found["reason"]
            found = None
    return _page(user, given, found, wrong)


def _page(
    user: Worker,
    given: dict[str, str],
    found: dict[str, Any] | None = None,
    wrong: dict[str, str] | None = None,
) -> HTMLResponse:
    version = rules_version()
    return html(
        "screening.html", 422 if wrong else 200, user=user, place=place(user.scope), given=given,
        found=found, wrong=wrong or {}, parts=PARTS, schema=schema.SCHEMA, choices=WORDS,
        further=[code for code in ALL_CODES if code not in CODES], version=version,
        row={"programmes": list(CODES)}, named=NAMED,
        shown={*NAMED, *(key for keys in PARTS.values() for key in keys)},
    )  # fmt: skip


def _facts(given: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of the filled fields; an empty field is not known."""
    facts: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for keys in PARTS.values():
        for key in keys:
            text = given.get(key, "").strip()
            if not text:
                continue
            if schema.SCHEMA[key].kind == "bool" or key in WORDS:
                choices: Mapping[str, Any] = WORDS.get(key, YES_NO)
                if text in choices:
                    facts[key] = text if key in WORDS else choices[text]
                else:
                    wrong[key] = "请从列出的里面选一个"
            else:
                try:
                    value = float(text.replace(",", ""))
                    facts[key] = int(value) if value.is_integer() else value
                except ValueError:
                    wrong[key] = "要写成数字"
    return facts, wrong


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

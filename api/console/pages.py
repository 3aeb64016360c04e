"""Rendering: one Jinja environment with autoescape on and no silent gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cases import facts, states
from foundation import clock
from foundation.clock import SHANGHAI
from rules.facts import SCHEMA
from rules.programmes import relations

HERE = Path(__file__).parent
STATIC = HERE / "static"


def html(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A rendered page."""
    return HTMLResponse(environment().get_template(template).render(values), status)


@cache
def environment() -> Environment:
    """Templates with filters for Chinese dates, amounts and verdicts."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["day"] = day
    found.filters["moment"] = moment
    found.filters["stamp"] = stamp
    found.filters["amount"] = amount
    found.filters["gap"] = gap
    found.filters["yuan"] = yuan
    found.filters["programme"] = programme
    found.filters["layer"] = relations.layer_name
    found.filters["figure"] = figure
    found.tests["due"] = due
    found.globals["words"] = words()
    found.globals["states"] = states
    found.globals["today"] = clock.today
    found.globals["labels"] = {k: one.label for k, one in SCHEMA.items()} | facts.LABELS
    return found


@cache
def words() -> Mapping[str, Any]:
    """The console's own words for codes of the screening and for finished steps."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "words.yml").read_text("utf-8"))
    return loaded


def programme(code: str) -> str:
    """A programme, or a group of figures that belongs to none."""
    return states.PROGRAMMES.get(code) or words()["groups"].get(code, code)


def figure(parameter: Any) -> str:
    """The value of a parameter: a point, a range, 以上."""
    low, high = amount(parameter.low), amount(parameter.high)
    text = low if parameter.value is not None else f"{low}–{high}"
    return f"{text} 以上" if parameter.at_least else text


def due(parameter: Any) -> bool:
    """Whether a figure in force was last checked for a day that is past, or never."""
    today = clock.today()
    if not parameter.verified or not parameter.covers(today):
        return False
    return parameter.checked_until is None or parameter.checked_until < today


def day(value: date) -> str:
    """3月5日."""
    return f"{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """3月5日 14:30, Shanghai."""
    local = value.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def stamp(value: datetime) -> str:
    """2026-03-05 14:30, Shanghai, as paper needs it."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def gap(value: Any) -> str:
    """How far from the line: 高出 170, 低 145, 低 130–330, or from one side to the other."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0:
            return "正好相等"
        return f"高出 {amount(value)}" if value > 0 else f"低 {amount(-value)}"
    low, high = value.get("low"), value.get("high")
    if low is None or high is None:
        return f"相差 {amount(value)}"
    if high <= 0:
        return f"低 {amount(-high)}–{amount(-low)}"
    if low >= 0:
        return f"高出 {amount(low)}–{amount(high)}"
    return f"从低 {amount(-low)} 到高出 {amount(high)}"


def yuan(fen: int) -> str:
    """1,903 or 650.50, from fen."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def amount(value: Any) -> str:
    """A number with separators, or a range as low–high."""
    if isinstance(value, dict):
        low, high = value.get("low"), value.get("high")
        if low is None:
            return f"不超过 {amount(high)}"
        return f"至少 {amount(low)}" if high is None else f"{amount(low)}–{amount(high)}"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)

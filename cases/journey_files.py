"""Conversion, steps and comparison to take away: as JSON and as rows of the spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foundation import clock

from .journey_tables import GROUPS, Journey, Path, Portion, few
from .report_words import TITLES, Figure, shown

TITLE = "从登记到结果"


def as_dict(journey: Journey) -> dict[str, Any]:
    """The tables as JSON; a hidden figure is the string "hidden", shares are per cent."""
    return {
        "followed_to": journey.followed_to.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "compared_from_cases": few(),
        "whole": _path(journey.whole),
        **{f"by_{name}": [_path(one) for one in journey.groups[name]] for name in GROUPS},
        "steps": [
            {
                "key": stop.key, "name": stop.word, "reached": _figure(stop.reached),
                "per_cent": stop.per_cent,
                **{one.key.split("_", 1)[0]: _figure(one) for one in stop.stopped},
            }
            for stop in journey.stops
        ],
    }  # fmt: skip


def as_rows(journey: Journey) -> list[Sequence[object]]:
    """The same as rows of the spreadsheet: group, item, what, number."""
    out: list[Sequence[object]] = []
    for stop in journey.stops:
        out.append((TITLE, stop.word, "走到这一步（件）", shown(stop.reached)))
        out.append((TITLE, stop.word, "占登记（%）", _or_empty(stop.per_cent)))
        out += [(TITLE, stop.word, f"{one.word}（件）", shown(one)) for one in stop.stopped]
    for title, paths in (
        ("", (journey.whole,)), *((f"，按{TITLES[name]}", journey.groups[name]) for name in GROUPS)
    ):  # fmt: skip
        for path in paths:
            out += _rows(f"{TITLE}{title}", path)
    return out


def _rows(title: str, path: Path) -> list[Sequence[object]]:
    out: list[Sequence[object]] = [(title, path.word, "登记（件）", shown(path.filed))]
    for one in path.portions:
        out.append((title, path.word, f"{one.figure.word}（件）", shown(one.figure)))
        if path.too_few:
            continue
        out += _share(title, path.word, one, "占登记（%）")
    if path.too_few:
        out.append((title, path.word, "比例", "件数太少，不比较"))
    for one in path.limits:
        out.append((title, path.word, one.figure.word, shown(one.figure)))
        if one.rest is not None:
            out.append((title, path.word, f"{one.figure.word}，超期", shown(one.rest)))
        out += _share(title, path.word, one, "比例（%）")
    out.append((title, path.word, "首次人工答复的中位天数", _or_empty(path.median_days)))
    return out


def _share(title: str, word: str, one: Portion, per_cent: str) -> list[Sequence[object]]:
    values = (
        (per_cent, one.per_cent), ("区间从（%）", one.low), ("区间到（%）", one.high),
        ("与整体相差（百分点）", one.difference),
    )  # fmt: skip
    return [(title, word, f"{one.figure.word}，{what}", value)
            for what, value in values if value is not None]  # fmt: skip


def _path(path: Path) -> dict[str, Any]:
    return {
        "key": path.key, "name": path.word, "filed": _figure(path.filed),
        "too_few": path.too_few,
        "shares": {one.figure.key: _portion(one) for one in path.portions},
        "limits": {one.figure.key: _portion(one) for one in path.limits},
        "median_days_to_first_answer": path.median_days,
        "median_days_from_whole": path.days_apart,
    }  # fmt: skip


def _portion(one: Portion) -> dict[str, Any]:
    interval = None if one.low is None else [one.low, one.high]
    missed = {} if one.rest is None else {"missed": _figure(one.rest)}
    return {
        "name": one.figure.word, **_figure(one.figure), **missed, "per_cent": one.per_cent,
        "interval": interval, "points_from_whole": one.difference, "apart": one.apart,
    }  # fmt: skip


def _figure(figure: Figure) -> dict[str, Any]:
    value = "hidden" if figure.value is None else figure.value
    return {"value": value, "list": figure.query}


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value

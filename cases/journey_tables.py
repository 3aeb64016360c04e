"""Conversion by channel, where cases stopped, and whether channels, places and hukou fare alike.

A share stands beside its interval (Wilson) and its distance to the share of all; groups of fewer
than `few` cases are not compared. Beside what became of the filed cases stand the limits that the
period kept, as the report counts them. Readers who may not open cases see a group only when no part
of it is small, never so much that a small part could be subtracted, and no limits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from math import sqrt
from pathlib import Path as File
from statistics import median
from typing import Any

import yaml

from foundation import clock

from . import reports
from .journeys import BEFORE_DONE, MEASURES, ORDER, STEPS, Followed
from .report_words import SMALL, Figure, word_of
from .reports import Ask, Row

COMPARED = {
    "reached_accepted": "受理",
    "reached_answered": "线索有答复",
    "reached_done": "得到救助或办结",
    "aided": "其中得到救助",
}
LIMITS = {"first": "首次人工答复按期", "leads": "部门线索按期答复"}
GROUPS = ("channel", "place", "hukou")


@dataclass(frozen=True)
class Portion:
    """A figure as a share, in per cent, and how far from that of all (points).

    The share is of the filed or, with `rest`, of both figures: a limit kept and missed. All None
    where there are too few or the figure is hidden. `apart`: that of all lies outside the interval.
    """

    figure: Figure
    rest: Figure | None = None
    per_cent: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    apart: bool = False


@dataclass(frozen=True)
class Path:
    """A group: how far its filed cases came, limits kept, median days to a person's answer."""

    key: str
    word: str
    filed: Figure
    portions: tuple[Portion, ...]
    limits: tuple[Portion, ...]
    median_days: float | None
    days_apart: float | None

    @property
    def too_few(self) -> bool:
        """Whether its shares would say little."""
        return self.filed.value is not None and self.filed.value < few()


@dataclass(frozen=True)
class Stop:
    """A step: how many came as far, and how many no further, by withdrawal or until now."""

    key: str
    word: str
    reached: Figure
    per_cent: float | None
    stopped: tuple[Figure, ...]  # all, gone, still open; empty after the last step


@dataclass(frozen=True)
class Journey:
    """The three tables; `followed_to` is the moment up to which the cases were followed."""

    followed_to: datetime
    whole: Path
    groups: dict[str, tuple[Path, ...]]
    stops: tuple[Stop, ...]


def build(found: list[Followed], rows: list[Row], ask: Ask, *, hidden: bool) -> Journey:
    """The tables of what the period filed, and of the limits of all its `rows`."""
    everything = _path(found, rows, ask, "", "合计", {}, None, limits=not hidden)
    shown = not hidden or _safe(found)
    places = {row.place: row.place_name for row in rows}
    groups: dict[str, tuple[Path, ...]] = {}
    for name in GROUPS:
        parts: dict[str, tuple[list[Followed], list[Row]]] = {}
        for row in () if hidden else rows:
            parts.setdefault(getattr(row, name), ([], []))[1].append(row)
        for one in found:
            parts.setdefault(getattr(one.row, name), ([], []))[0].append(one)
        gone = _gone({key: mine for key, (mine, _) in parts.items()}) if hidden else set()
        lines = []
        for key, (mine, of_rows) in parts.items():
            word, narrowed = word_of(name, key, places), {name: key}
            if shown and key not in gone:
                lines.append(_path(mine, of_rows, ask, key, word, narrowed, everything,
                                   limits=not hidden))  # fmt: skip
            else:
                lines.append(_hidden(ask, key, word, narrowed))
        kept = [line for line in lines if line.filed.value != 0 or _limited(line)]
        groups[name] = tuple(sorted(kept, key=lambda line: (-(line.filed.value or 0), line.key)))
    stops = tuple(_stop(found, ask, step, shown=shown, hidden=hidden) for step in ORDER)
    whole = everything if shown else _hidden(ask, "", "合计", {})
    return Journey(clock.now(), whole, groups, stops)


def wilson(part: int, whole: int, deviations: float) -> tuple[float, float]:
    """The interval of a share, 0 to 1 (Wilson 1927): holds for few cases and near 0 and 1 too."""
    square, share = deviations**2, part / whole
    middle = share + square / (2 * whole)
    width = deviations * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low, high = (middle - width, middle + width)
    return max(0.0, low / (1 + square / whole)), min(1.0, high / (1 + square / whole))


def few() -> int:
    """Below so many cases nothing is compared."""
    return int(settings()["few"])


@cache
def settings() -> dict[str, Any]:
    """`reports.yaml`."""
    return dict(yaml.safe_load(File(__file__).with_name("reports.yaml").read_text("utf-8")))


def _path(
    found: list[Followed], rows: list[Row], ask: Ask, key: str, word: str,
    narrowed: dict[str, str], whole: Path | None, *, limits: bool,
) -> Path:  # fmt: skip
    filed, query = len(found), _queries(ask, narrowed)
    counted = [Figure(measure, title, sum(map(MEASURES[measure], found)), query(measure))
               for measure, title in COMPARED.items()]  # fmt: skip
    portions = tuple(
        _portion(figure, filed, whole.portions[place] if whole else None)
        for place, figure in enumerate(counted)
    )
    waited = [one.days for one in found if one.days is not None]
    days = round(median(waited), 1) if filed >= few() and waited else None
    apart = None
    if days is not None and whole is not None and whole.median_days is not None:
        apart = round(days - whole.median_days, 1)
    kept = tuple(
        _limit(kind, rows, ask, query, whole.limits[place] if whole else None)
        for place, kind in enumerate(LIMITS if limits else ())
    )
    figure = Figure("filed", STEPS["filed"], filed, query("filed"))
    return Path(key, word, figure, portions, kept, days, apart)


def _limit(
    kind: str, rows: list[Row], ask: Ask, query: Callable[[str], str], whole: Portion | None
) -> Portion:
    kept, missed = (
        Figure(measure, word, reports.total(rows, ask, measure), query(measure))
        for measure, word in ((f"{kind}_kept", LIMITS[kind]), (f"{kind}_missed", "超期"))
    )
    decided = (kept.value or 0) + (missed.value or 0)
    return replace(_portion(kept, decided, whole), rest=missed)


def _limited(path: Path) -> bool:
    return any(one.figure.value or (one.rest and one.rest.value) for one in path.limits)


def _portion(figure: Figure, of: int, whole: Portion | None) -> Portion:
    """The figure as a share of `of` beside that of all."""
    count = figure.value or 0
    if of < few():
        return Portion(figure)
    low, high = wilson(count, of, float(settings()["deviations"]))
    share = 100 * count / of
    of_all = whole.per_cent if whole is not None else None
    return Portion(
        figure, None, round(share, 1), round(100 * low, 1), round(100 * high, 1),
        None if of_all is None else round(share - of_all, 1),
        of_all is not None and not 100 * low <= of_all <= 100 * high,
    )  # fmt: skip


def _stop(found: list[Followed], ask: Ask, step: str, *, shown: bool, hidden: bool) -> Stop:
    query = _queries(ask, {})

    def figure(measure: str, word: str) -> Figure:
        count = MEASURES.get(measure, lambda _: 1)
        value = sum(map(count, found)) if shown else None
        return Figure(measure, word, value, query(measure))

    reached = figure("filed" if step == ORDER[0] else f"reached_{step}", STEPS[step])
    per_cent = round(100 * (reached.value or 0) / len(found), 1) if shown and found else None
    if step not in BEFORE_DONE:
        return Stop(step, STEPS[step], reached, per_cent, ())
    parts = (
        figure(f"gone_{step}", "其中撤回或退出"),
        figure(f"waiting_{step}", "其中还在办"),
    )
    if hidden and any(0 < (part.value or 0) < SMALL for part in parts):
        parts = (replace(parts[0], value=None), replace(parts[1], value=None))
    stopped = (figure(f"stopped_{step}", "停在这一步"), *parts)
    return Stop(step, STEPS[step], reached, per_cent, stopped)


def _queries(ask: Ask, narrowed: dict[str, str]) -> Callable[[str], str]:
    chosen: dict[str, Any] = dict(narrowed)
    return lambda measure: ask.query(measure, **chosen)


def _hidden(ask: Ask, key: str, word: str, narrowed: dict[str, str]) -> Path:
    query = _queries(ask, narrowed)
    portions = tuple(Portion(Figure(one, title, None, query(one)))
                     for one, title in COMPARED.items())  # fmt: skip
    filed = Figure("filed", STEPS["filed"], None, query("filed"))
    return Path(key, word, filed, portions, (), None, None)


def _safe(found: list[Followed]) -> bool:
    """Whether none of the parts that the figures tell apart is small."""
    parts = [sum(one.step == step for one in found) for step in ORDER]
    for said in (sum(one.aided for one in found), sum(one.spoken for one in found)):
        parts += [said, len(found) - said]
    return all(part == 0 or part >= SMALL for part in parts)


def _gone(parts: dict[str, list[Followed]]) -> set[str]:
    """The unsafe groups, and the next smallest until all that is hidden is safe as a sum too."""
    gone = {key for key, mine in parts.items() if not _safe(mine)}
    rest = sorted(set(parts) - gone, key=lambda key: (len(parts[key]), key))
    while gone and rest and not _safe([one for key in gone for one in parts[key]]):
        gone.add(rest.pop(0))
    return gone

"""A report's tables and lines, and what is left of them for readers who may not open the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from . import (
    aid_papers,
    aid_reports,
    aid_tables,
    areas,
    contacts,
    journey_tables,
    journeys,
    reports,
)
from .aid_tables import AidLine
from .journey_tables import Journey
from .report_words import SMALL as SMALL
from .report_words import TITLES as TITLES
from .report_words import Figure as Figure
from .report_words import word_of as word_of
from .reports import NONE, Ask, Row
from .repository import CaseRepository
from .states import DispositionClass

COLUMNS = {
    "filed": "登记（件）",
    "persons": "涉及人数",
    "persons_unknown": "人数不详（件）",
    "closed": "办结（件）",
    "open": "期末在办（件）",
}
DISPOSITIONS = {
    **{str(one): f"{one} {one.word}" for one in DispositionClass},
    "undisposed": "没有处置类别",
}
AGE_WORDS = {
    "age_5": "5 个工作日以内",
    "age_10": "6—10 个工作日",
    "age_20": "11—20 个工作日",
    "age_more": "20 个工作日以上",
}
LIMITS = {
    "leads_kept": "线索按期答复",
    "leads_missed": "线索超期",
    "first_kept": "首次人工答复按期",
    "first_missed": "首次人工答复超期",
}
WORDS = {
    **COLUMNS, **DISPOSITIONS, **AGE_WORDS, **LIMITS, **contacts.WORDS, **aid_papers.WORDS,
    "persons_known": "人数已知（件）", "merged": "并入同一户的另一件（件）", **aid_reports.MEASURES,
    **journeys.WORDS,
}  # fmt: skip

LISTS = {
    **dict.fromkeys(aid_reports.MEASURES, aid_reports.behind),
    **dict.fromkeys(journeys.MEASURES, journeys.behind),
}


@dataclass(frozen=True)
class Line:
    """One row of a table: a value of a dimension and its figures."""

    key: str
    word: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Share:
    """Limits kept among those decided; `per_cent` None where there are none, or few."""

    word: str
    per_cent: float | None
    kept: Figure
    missed: Figure


@dataclass(frozen=True)
class Report:
    """Everything of one report. `median_days` None: nothing closed, or hidden."""

    ask: Ask
    area_name: str
    as_of: datetime
    hides_small: bool
    totals: Line
    tables: dict[str, tuple[Line, ...]]
    dispositions: tuple[Figure, ...]
    ages: tuple[Figure, ...]
    shares: tuple[Share, ...]
    contacts: tuple[Figure, ...]
    papers: Share  # of 先行救助
    papers_late: Figure
    known: Figure
    merged: Figure
    median_days: float | None
    cells: tuple[dict[str, Any], ...]
    aid: tuple[AidLine, ...]
    journey: Journey

    @property
    def limits(self) -> tuple[Share, ...]:
        """Every limit kept and missed."""
        return (*self.shares, self.papers)


def build(repository: CaseRepository, ask: Ask) -> Report:
    """The report; small figures are already gone when the reader may not see them."""
    found = reports.rows(repository, ask)
    hidden = repository.scope is None or reports.hides_small(repository.scope)

    def one(measure: str, word: str = "") -> Figure:
        value = reports.total(found, ask, measure)
        return Figure(measure, word or WORDS[measure], value, ask.query(measure))

    closed = [reports.days_to_close(row) for row in found if reports.MEASURES["closed"](row, ask)]
    *shares, papers = [
        Share(word, _per_cent(one(f"{key}_kept"), one(f"{key}_missed")),
              one(f"{key}_kept"), one(f"{key}_missed"))
        for key, word in (
            ("leads", "部门线索按期答复"), ("first", "首次人工答复按期"),
            ("aid_papers", aid_papers.WORDS["aid_papers_kept"]),
        )
    ]  # fmt: skip
    report = Report(
        ask=ask,
        area_name=areas.name(ask.area),
        as_of=ask.as_of,
        hides_small=hidden,
        totals=Line("", "合计", tuple(one(measure) for measure in COLUMNS)),
        tables={name: _table(found, ask, name) for name in reports.DIMENSIONS},
        dispositions=tuple(one(key) for key in DISPOSITIONS),
        ages=tuple(one(key) for key in AGE_WORDS),
        shares=tuple(shares),
        contacts=tuple(one(key) for key in contacts.WORDS),
        papers=papers,
        papers_late=one("aid_papers_late"),
        known=one("persons_known"),
        merged=one("merged"),
        median_days=float(median(closed)) if closed else None,
        cells=() if hidden else _cells(found, ask),
        aid=aid_tables.build(aid_reports.aided(repository, ask), ask, hidden=hidden),
        journey=journey_tables.build(
            journeys.followed(repository, ask, found), found, ask, hidden=hidden
        ),
    )
    return without_small(report, len(closed)) if hidden else report


def behind(repository: CaseRepository, ask: Ask, measure: str) -> list[tuple[Row, int]]:
    """The cases behind any figure of a report and what each adds. Raises BadInput, NotAllowed."""
    return LISTS.get(measure, reports.behind)(repository, ask, measure)


def without_small(report: Report, closed: int) -> Report:
    """The report with 1 to 4 hidden, and where that leaves one gap in a sum, a second one."""
    return replace(
        report,
        totals=_hide_totals(report.totals),
        tables={name: _hide_table(name, lines) for name, lines in report.tables.items()},
        dispositions=_hide_parts(report.dispositions),
        ages=_hide_parts(report.ages),
        shares=tuple(map(_hide_share, report.shares)),
        contacts=_hide_contacts(report.contacts),
        papers=_hide_share(report.papers),
        papers_late=_hide(report.papers_late),
        known=_hide(report.known),
        merged=_hide(report.merged),
        median_days=None if 0 < closed < SMALL else report.median_days,
        cells=(),
    )


def _table(found: list[Row], ask: Ask, name: str) -> tuple[Line, ...]:
    """One line for each value that occurs; a case counts in the line of each of its programmes."""
    groups: dict[str, list[Row]] = {}
    for row in found:
        values = (row.programmes or (NONE,)) if name == "programme" else (getattr(row, name),)
        for value in values:
            groups.setdefault(value, []).append(row)
    places = {row.place: row.place_name for row in found}
    lines = [
        Line(
            value,
            word_of(name, value, places),
            tuple(
                Figure(measure, word, reports.total(rows, ask, measure),
                       ask.query(measure, **{name: value}))
                for measure, word in COLUMNS.items()
            ),
        )
        for value, rows in groups.items()
    ]  # fmt: skip
    lines = [line for line in lines if any(figure.value for figure in line.figures)]
    return tuple(sorted(lines, key=lambda line: (-(line.figures[0].value or 0), line.key)))


def _cells(found: list[Row], ask: Ask) -> tuple[dict[str, Any], ...]:
    """Programmes × place × channel × urgency; every case lies in exactly one cell."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in found:
        key = (tuple(sorted(row.programmes)), row.place, row.channel, row.urgency)
        groups.setdefault(key, []).append(row)
    return tuple(
        {
            "programmes": list(key[0]), "place": key[1], "channel": key[2], "urgency": key[3],
            **{name: reports.total(rows, ask, name) for name in ("filed", "closed", "open")},
        }
        for key, rows in sorted(groups.items())
    )  # fmt: skip


def _per_cent(kept: Figure, missed: Figure) -> float | None:
    decided = (kept.value or 0) + (missed.value or 0)
    return round(100 * (kept.value or 0) / decided, 1) if decided else None


def _is_small(figure: Figure) -> bool:
    return figure.value is not None and 0 < figure.value < SMALL


def _hide(figure: Figure) -> Figure:
    return replace(figure, value=None) if _is_small(figure) else figure


def _hide_share(share: Share) -> Share:
    if not (_is_small(share.kept) or _is_small(share.missed)):
        return share
    kept, missed = replace(share.kept, value=None), replace(share.missed, value=None)
    return replace(share, per_cent=None, kept=kept, missed=missed)


def _hide_contacts(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """All or none: most of them are parts of one another."""
    if any(map(_is_small, figures)):
        return tuple(replace(figure, value=None) for figure in figures)
    return figures


def _hide_parts(parts: Sequence[Figure], *, disjoint: bool = True) -> tuple[Figure, ...]:
    """Small parts hidden; of parts that make up a known sum never one alone."""
    gone = {place for place, part in enumerate(parts) if _is_small(part)}
    if disjoint and len(gone) == 1:
        others = [n for n, part in enumerate(parts) if n not in gone and part.value]
        gone |= set(sorted(others, key=lambda n: parts[n].value or 0)[:1])
    return tuple(
        replace(part, value=None) if place in gone else part for place, part in enumerate(parts)
    )


def _hide_totals(line: Line) -> Line:
    return replace(line, figures=_persons_too(tuple(map(_hide, line.figures))))


def _hide_table(name: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    if not lines:
        return lines
    columns = [
        _hide_parts(column, disjoint=name != "programme")
        for column in zip(*(line.figures for line in lines), strict=True)
    ]
    return tuple(
        replace(line, figures=_persons_too(figures))
        for line, figures in zip(lines, zip(*columns, strict=True), strict=True)
    )


def _persons_too(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """People of few households are as few as the households."""
    by_key = {figure.key: figure.value for figure in figures}
    filed, unknown = by_key["filed"], by_key["persons_unknown"]
    if filed is not None and unknown is not None and not 0 < filed - unknown < SMALL:
        return figures
    return tuple(
        replace(figure, value=None) if figure.key == "persons" else figure for figure in figures
    )

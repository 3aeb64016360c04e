"""A report to take away: as JSON, and as a spreadsheet that says who took it, when and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import events, journey_files, xlsx
from .aid_tables import SPLITS, AidLine
from .casework import actor
from .events import EventKind
from .inputs import MIN_REASON, words
from .report_tables import TITLES, Figure, Line, Report, build, word_of
from .report_words import shown as shown
from .reports import Ask
from .repository import CaseRepository, Scope
from .rights import Right


def taken(
    session: Session, cipher: Cipher, scope: Scope, ask: Ask, reason: str, kind: str = "csv"
) -> tuple[Report, str | bytes]:
    """The report to take away and its file, against a reason and exactly one audit event."""
    scope.demand(Right.REPORT_TAKE)
    explained = words("reason", reason, MIN_REASON, 200)
    report = build(CaseRepository(session, scope), ask)
    events.append_of_area(
        session, cipher, ask.area, EventKind.REPORT_TAKEN, actor(scope),
        data={"from": ask.first.isoformat(), "to": ask.last.isoformat(), "area": ask.area,
              **ask.chosen},
        text=explained,
    )  # fmt: skip
    write = as_xlsx if kind == "xlsx" else as_csv
    return report, write(report, scope.name, explained)


def as_dict(report: Report) -> dict[str, Any]:
    """The report as JSON; a hidden figure is the string "hidden"."""

    def plain(figure: Figure) -> dict[str, Any]:
        value = "hidden" if figure.value is None else figure.value
        return {"value": value, "list": figure.query}

    def lines(found: Iterable[Line]) -> list[dict[str, Any]]:
        return [
            {"key": line.key, "name": line.word, **{f.key: plain(f) for f in line.figures}}
            for line in found
        ]

    return {
        "area": report.ask.area,
        "area_name": report.area_name,
        "from": report.ask.first.isoformat(),
        "to": report.ask.last.isoformat(),
        "as_of": report.as_of.astimezone(clock.SHANGHAI).isoformat(timespec="seconds"),
        "small_figures_hidden": report.hides_small,
        "totals": {f.key: plain(f) for f in (*report.totals.figures, report.known, report.merged)},
        **{f"by_{name}": lines(found) for name, found in report.tables.items()},
        "dispositions": {figure.key: plain(figure) for figure in report.dispositions},
        "backlog_working_days": {figure.key: plain(figure) for figure in report.ages},
        "limits": [
            {"name": share.word, "per_cent": share.per_cent, "kept": plain(share.kept),
             "missed": plain(share.missed)}
            for share in report.limits
        ],
        "aid_papers_late": plain(report.papers_late),
        "contacts": {figure.key: plain(figure) for figure in report.contacts},
        "median_days_to_close": report.median_days,
        "cells": list(report.cells),
        "aid": [_aid_json(line) for line in report.aid],
        "journey": journey_files.as_dict(report.journey),
    }  # fmt: skip


def _aid_json(line: AidLine) -> dict[str, Any]:
    """What was granted of a programme; money in yuan. The averages are statistics, no standard."""
    return {
        "key": line.key, "name": line.word, "paid": line.unit,
        **{
            figure.key.split("_", 1)[1].replace("fen", "yuan"): {
                "value": "hidden" if figure.plain is None else figure.plain, "list": figure.query,
            }
            for figure in line.figures
        },
        "average_yuan_per_household": line.per_payment,
        "average_yuan_per_person": line.per_person,
        **{f"by_{name}": [_aid_json(part) for part in parts] for name, parts in line.parts.items()},
    }  # fmt: skip


def _aid_rows(line: AidLine, where: str = "") -> list[Sequence[object]]:
    """The same as rows of the spreadsheet."""
    title = f"发放（{line.unit.word}）{where}"
    out: list[Sequence[object]] = [(title, line.word, f.word, shown(f)) for f in line.figures]
    out.append((title, line.word, "平均每户每次（元，统计数）", _or_empty(line.per_payment)))
    out.append((title, line.word, "平均每人每次（元，统计数）", _or_empty(line.per_person)))
    for name, parts in line.parts.items():
        for part in parts:
            out += _aid_rows(part, f"：{line.word}，按{SPLITS[name]}")
    return out


def as_csv(report: Report, who: str, reason: str) -> str:
    """The lines as CSV; no cell is read as a formula."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [[safe(cell) for cell in line] for line in lines(report, who, reason)]
    )
    return "\ufeff" + text.getvalue()


def as_xlsx(report: Report, who: str, reason: str) -> bytes:
    """The same as a workbook; who took it and why stands in the footer of each page too."""
    mark = f"{who} {moment(clock.now())} {reason}"
    return xlsx.sheet(lines(report, who, reason), mark)


def lines(report: Report, who: str, reason: str) -> list[Sequence[object]]:
    """The rows of the file, first what it is, who took it and why."""
    ask = report.ask
    out: list[Sequence[object]] = [
        ("问助报表", report.area_name),
        ("期间", f"{ask.first} 至 {ask.last}"),
        ("截至", moment(report.as_of)),
        *((TITLES[name], word_of(name, value)) for name, value in ask.chosen.items()),
        ("下载人", who),
        ("下载时间", moment(clock.now())),
        ("用途", reason),
        (),
        ("分类", "项", "指标", "数"),
    ]
    whole = (*report.totals.figures, report.known, report.merged)
    out += [("合计", "", figure.word, shown(figure)) for figure in whole]
    for name, lines in report.tables.items():
        out += [(TITLES[name], line.word, f.word, shown(f)) for line in lines for f in line.figures]
    out += [("处置类别", "", figure.word, shown(figure)) for figure in report.dispositions]
    out += [("在办时长", "", figure.word, shown(figure)) for figure in report.ages]
    out += [("人工接待", "", figure.word, shown(figure)) for figure in report.contacts]
    for share in report.limits:
        out += [("期限", share.word, f.word, shown(f)) for f in (share.kept, share.missed)]
        out.append(
            ("期限", share.word, "比例（%）", "" if share.per_cent is None else share.per_cent)
        )
    out.append(("期限", "", report.papers_late.word, shown(report.papers_late)))
    out.append(("期限", "", "登记到办结的中位天数", _or_empty(report.median_days)))
    for line in report.aid:
        out += _aid_rows(line)
    out += journey_files.as_rows(report.journey)
    return out


def safe(cell: object) -> object:
    """A cell that no spreadsheet runs: a quote before =, +, -, @, tab and return."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + cell
    return cell


def moment(value: datetime) -> str:
    """2026-10-31 17:30 in Shanghai."""
    return value.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _or_empty(value: float | None) -> float | str:
    return "" if value is None else value

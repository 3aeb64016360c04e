"""可公开的数据: how many declarations by month, county, programme and channel, for anybody.

A row stands for at least `LEAST` households and is rounded to `STEP`; smaller ones are left out, no
sum is given from which they could be reckoned, and only whole months that are over are told. So
neither a row nor the difference of two files is about one household.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import areas, events, reports
from .casework import actor
from .errors import BadInput
from .events import EventKind
from .inputs import MIN_REASON, words
from .report_files import safe
from .report_words import word_of
from .reports import NONE, PENDING, Ask, Row
from .repository import CaseRepository, Scope
from .rights import Right
from .states import CaseKind, DiscoveryChannel

LEAST = 10
STEP = 5
HEAD = ("月份", "县（区）代码", "县（区）", "救助项目", "发现渠道", "申报户数（约）")
Cell = tuple[str, str, str, str]


def cells(found: list[Row], ask: Ask) -> list[tuple[Cell, int]]:
    """Month, county, programme and channel with a rounded number, in order."""
    counts: Counter[Cell] = Counter()
    for row in found:
        if row.kind != CaseKind.DECLARATION or row.place == PENDING:
            continue
        if not reports.MEASURES["filed"](row, ask):
            continue
        month = f"{clock.day_of(row.created_at):%Y-%m}"
        for programme in row.programmes or (NONE,):
            counts[month, _county(row.place, ask), programme, row.channel] += 1
    kept = [(cell, count) for cell, count in counts.items() if count >= LEAST and cell[1]]
    return [(cell, STEP * round(count / STEP)) for cell, count in sorted(kept)]


def taken(session: Session, cipher: Cipher, worker: Scope, ask: Ask, reason: str) -> str:
    """The file as CSV, against a reason and one audit event. Raises BadInput (months not over)."""
    worker.demand(Right.REPORT_TAKE)
    explained = words("reason", reason, MIN_REASON, 200)
    whole = ask.first.day == 1 and ask.last == reports.month_end(ask.last.replace(day=1))
    if not whole or ask.last >= clock.today() or ask.chosen:
        raise BadInput("to", "可公开的数据只按过完的整月出，不带别的条件")
    if areas.county_of(ask.area) not in (None, ask.area[:6]):
        raise BadInput("area", "可公开的数据只到县（区）")
    if len(areas.prefix(ask.area)) > len("500233"):
        raise BadInput("area", "可公开的数据只到县（区）")
    rows = cells(reports.rows(CaseRepository(session, worker), ask), ask)
    events.append_of_area(
        session, cipher, ask.area, EventKind.REPORT_TAKEN, actor(worker),
        data={"from": ask.first.isoformat(), "to": ask.last.isoformat(), "area": ask.area,
              "open": True},
        text=explained,
    )  # fmt: skip
    return _file(rows, ask)


def _file(rows: list[tuple[Cell, int]], ask: Ask) -> str:
    out: list[tuple[object, ...]] = [
        ("说明", f"不满 {LEAST} 户的不列，数取到 {STEP} 的整数倍；一户申请几项的，每项各计一次。"),
        ("期间", f"{ask.first} 至 {ask.last}"),
        (),
        HEAD,
    ]
    for (month, county, programme, channel), count in rows:
        out.append((
            month, county, areas.name(county), word_of("programme", programme),
            DiscoveryChannel(channel).word, count,
        ))  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows([[safe(cell) for cell in line] for line in out])
    return "\ufeff" + text.getvalue()


def _county(place: str, ask: Ask) -> str:
    """The six digits of the county; "" for a place above one."""
    known = areas.county_of(place.ljust(12, "0") if len(place) > 6 else place)
    return (known or areas.county_of(ask.area) or "")[:6]


def last_months(count: int = 12) -> tuple[date, date]:
    """The whole months before this one."""
    first = clock.today().replace(day=1)
    last = date.fromordinal(first.toordinal() - 1)
    for _ in range(count):
        first = date.fromordinal(first.toordinal() - 1).replace(day=1)
    return first, last

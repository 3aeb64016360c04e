"""What a proposed figure would do, as a page shows it: words, totals, and no small groups.

Who may not read cases sees a group of one to four households only as such, and no total from which
it could be reckoned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from sqlalchemy.orm import Session

from cases import areas, known, parameter_desk
from cases.parameter_desk import ParameterDraft
from cases.rights import Right
from cases.scope import Scope
from foundation import clock
from foundation.crypto import Cipher
from rules import facts as schema
from rules import law as laws
from rules.criteria import Programme
from rules.evaluate import criteria_of
from rules.impact import (
    COVERED,
    ENTERS_EXIT,
    GAINS,
    LOSES,
    OTHER,
    UNSURE,
    Impact,
    impact,
)
from rules.parameter_store import Store, default_store
from rules.programmes import EVERYTHING
from rules.register import Household, Issue, facts_rows, register_frame
from rules.register_files import RegisterFile
from rules.version import rules_version

from .pages import programme as name
from .pages import words

FEW = 5
SHOWN = (GAINS, LOSES, ENTERS_EXIT, COVERED, UNSURE, OTHER)
MOST_LACKING = 3
MOST_ISSUES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A programme, or a township's programme, with a text for each change."""

    place: str
    programme: str
    counts: tuple[str, ...]
    before: str = ""
    after: str = ""
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class AmountLine:
    """What changes a month for those who stay likely: of a township, or of all together."""

    place: str
    programme: str
    households: str
    change: str
    unknown: str


@dataclass(frozen=True, slots=True)
class ImpactView:
    """The preview as sentences and three tables; `source` says over which households."""

    source: str
    notes: tuple[str, ...]
    programmes: tuple[Line, ...]
    townships: tuple[Line, ...]
    amounts: tuple[AmountLine, ...]
    unmoved: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


def day_of(row: ParameterDraft) -> date:
    """The day the preview screens for: today, or the first day of a value that comes later."""
    return max(clock.today(), row.effective_from)


def version_of(after: Store) -> str:
    """What a reviewer has seen; publishing anything else is refused."""
    return rules_version(after)


def over_cases(
    session: Session, cipher: Cipher, scope: Scope, row: ParameterDraft, after: Store
) -> ImpactView:
    """The preview over the households known from cases."""
    on = day_of(row)
    found = known.known_households(session, cipher, scope, row.region_code)
    table = register_frame([one for told in found.households for one in facts_rows(told, on)])
    moved = impact(table, on, default_store(), after, row.region_code)
    notes = [_lacking(found.households, row, on)]
    if found.unplaced:
        notes.append(f"另有 {found.unplaced} 件地区还没定，没有算。")
    if found.unusable:
        notes.append(f"另有 {found.unusable} 件的数字不可能是真的，没有算。")
    if found.more:
        notes.append(f"只算了最近的 {known.MOST:,} 件，更早的没有算。")
    exact = scope.may(Right.CASE_READ)
    source = f"在系统里已知的{_households(moved.households, exact)}上算的，按 {on} 的情况。"
    return _view(source, notes, moved, row, exact=exact)


def over_register(source: RegisterFile, name: str, row: ParameterDraft, after: Store) -> ImpactView:
    """The preview over a file; whoever brings it holds its households, so nothing is hidden.

    Raises UnusableRegister and what Polars raises for columns of the wrong kind.
    """
    on = day_of(row)
    chunks = [chunk for chunk, _ in source.frames(on)]
    table = _identified(pl.concat(chunks)) if chunks else register_frame([])
    moved = impact(table, on, default_store(), after, row.region_code)
    notes = []
    if source.absent:
        lacking = "、".join(_label(key) for key in source.absent)
        notes.append(f"文件里没有这些，都当作不清楚：{lacking}。")
    unread = len(source.issues) + source.more_issues
    if unread:
        notes.append(f"有 {unread:,} 处看不懂，当作不清楚。")
    said = f"在文件“{name}”的{_households(moved.households, exact=True)}上算的，按 {on} 的情况。"
    view = _view(said, notes, moved, row, exact=True)
    return replace(view, issues=tuple(source.issues[:MOST_ISSUES]))


def _view(
    source: str, notes: Sequence[str], moved: Impact, row: ParameterDraft, *, exact: bool
) -> ImpactView:
    own = _own(row)
    cells: dict[tuple[str, str, str], int] = {
        (one["township"] or "", one["column"], one["change"]): one["households"]
        for one in moved.changed.iter_rows(named=True)
    }
    columns = {column for _, column, _ in cells}
    programmes, townships, unmoved = [], [], []
    for part in moved.parts:
        column, word = part.programme.column, _word(part.programme)
        if column not in columns and (own is None or part.programme.code != own.code):
            unmoved.append(word)
            continue
        places = sorted({place for place, one, _ in cells if one == column})
        each = {change: [cells.get((p, column, change), 0) for p in places] for change in SHOWN}
        sums = tuple(total(each[change], exact=exact) for change in SHOWN)
        open_ = exact or not any(_few(n) for counts in each.values() for n in counts)
        programmes.append(
            Line(
                "", word, sums,
                shown(part.before, exact=exact) if open_ else "",
                shown(part.after, exact=exact) if open_ else "",
                shown(part.undecided, exact=exact),
            )
        )  # fmt: skip
        for place in places:
            counts = (cells.get((place, column, change), 0) for change in SHOWN)
            townships.append(
                Line(_place(place), word, tuple(shown(n, exact=exact) for n in counts))
            )
    townships.sort(key=lambda line: line.place)
    return ImpactView(
        source, tuple(note for note in notes if note), tuple(programmes), tuple(townships),
        tuple(_amounts(moved, exact=exact)), tuple(unmoved),
    )  # fmt: skip


def _amounts(moved: Impact, *, exact: bool) -> Iterator[AmountLine]:
    """All townships together first, then each; where one is small the sum of all is not shown."""
    for programme in EVERYTHING:
        rows = moved.amounts.filter(column=programme.column).to_dicts()
        rows.sort(key=lambda row: _place(row["township"] or ""))
        shy = not exact and any(_few(row["households"]) for row in rows)
        if len(rows) > 1:
            low, high = (sum(row[end] for row in rows) for end in ("low", "high"))
            yield AmountLine(
                "合计", _word(programme),
                total([row["households"] for row in rows], exact=exact),
                "不显示" if shy else money(low, high),
                total([row["unknown"] for row in rows], exact=exact),
            )  # fmt: skip
        for row in rows:
            hidden = not exact and _few(row["households"])
            yield AmountLine(
                _place(row["township"] or ""), _word(programme),
                shown(row["households"], exact=exact),
                "不显示" if hidden else money(row["low"], row["high"]),
                shown(row["unknown"], exact=exact),
            )  # fmt: skip


def money(low: int, high: int) -> str:
    """A change in fen as a person says it: 多 1,400 元, 少 50 到 30 元, 少 50 元到多 30 元."""
    if not low and not high:
        return "—"
    least, most = (f"{schema.yuan(abs(end)):,}" for end in (low, high))
    if low < 0 < high:
        return f"少 {least} 元到多 {most} 元"
    if high <= 0:
        return f"少 {least} 元" if low == high else f"少 {most} 到 {least} 元"
    return f"多 {least} 元" if low == high else f"多 {least} 到 {most} 元"


def shown(count: int, *, exact: bool) -> str:
    """A number of households, small ones hidden unless `exact`; nobody is a dash."""
    if not count:
        return "—"
    return f"{count:,}户" if exact or not _few(count) else f"少于{FEW}户"


def total(counts: Sequence[int], *, exact: bool) -> str:
    """The sum of the groups, unless it would give away the one group that is hidden."""
    hidden = [n for n in counts if _few(n)]
    if exact or not hidden or (len(hidden) > 1 and sum(hidden) >= FEW):
        return shown(sum(counts), exact=exact)
    told = sum(counts) - sum(hidden)
    return f"至少{told:,}户" if told else f"少于{FEW}户"


def _few(count: int) -> bool:
    return 0 < count < FEW


def _households(count: int, exact: bool) -> str:
    return (
        " 0 户" if not count else f" {count:,} 户" if exact or not _few(count) else f"少于{FEW}户"
    )


def _lacking(told: Sequence[Household], row: ParameterDraft, on: date) -> str:
    """What the figure's own programme reads and is not known, most often missing first."""
    own = _own(row)
    if own is None:
        return ""
    law = laws.of(row.region_code, on)
    reads = {key for one in criteria_of(law, EVERYTHING)[own.column] for key in one.reads}
    without = [
        (sum(key not in one.facts for one in told), key)
        for key in schema.ASKABLE
        if key in reads and key in schema.SCHEMA
    ]
    most = sorted(without, key=lambda pair: -pair[0])[:MOST_LACKING]
    said = "、".join(f"{_label(key)}（{count:,} 户）" for count, key in most if count)
    return f"其中判断“{_word(own)}”要用、还不知道的：{said}。" if said else ""


def _own(row: ParameterDraft) -> Programme | None:
    code = parameter_desk.known_parameter(row.name).programme
    return next((one for one in EVERYTHING if one.code == code), None)


def _identified(table: pl.DataFrame) -> pl.DataFrame:
    """The frame with a household and a township in every row."""
    if "household" not in table.columns:
        table = table.with_row_index("household")
    if "township" not in table.columns:
        table = table.with_columns(township=pl.lit(None, dtype=pl.String))
    return table.with_columns(pl.col("household", "township").cast(pl.String))


def _place(township: str) -> str:
    """The township's short name; a code nobody named stays beside its county."""
    if not areas.is_area_code(township):
        return township or "没写乡镇"
    name, county = areas.name(township), areas.name(areas.county_of(township) or township)
    return name.removeprefix(county) or f"{county}（{township}）"


def _word(programme: Programme) -> str:
    """What people call one column: the kind where it has a name of its own."""
    kind = words()["kinds"].get(programme.kind, "")
    return kind or name(programme.code)


def _label(key: str) -> str:
    return "所在地区" if key == "region" else schema.SCHEMA[key].label

"""A register as people keep it: one line a person, money in yuan, cells as they were typed.

Every cell is understood, or named with its line and field and left out: a value that cannot be read
is "not known", never a guess. A line's household keeps everything else that it says. The facts then
take the one way into the facts frame (`household_row`, `person_rows`) that a resident's facts take.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import polars as pl

from rules import clashes, regions
from rules import facts as schema
from rules.circumstances import aged
from rules.errors import AmbiguousRegion, UnknownRegion
from rules.fact_vocabulary import NO, YES
from rules.household import ALL_COLUMNS, household_row, person_rows
from rules.register_columns import Column, is_money, shown
from rules.register_columns import Issue as Issue
from rules.register_columns import UnusableRegister as UnusableRegister
from rules.register_merge import MONEY, OWN, together

UNKNOWN = frozenset(
    {"", "-", "—", "/", "?", "？", "不清楚", "不知道", "不详", "不明", "未知", "未填", "待核实",
     "na", "n/a", "null"}
)  # fmt: skip
_SPOKEN = {
    "hukou": {"农村": "rural", "农业": "rural", "城镇": "urban", "城市": "urban",
              "非农业": "urban", "外地": "nonlocal"},
    "pension_kind": {"居民": "resident", "职工": "employee"},
    "shock": {"无": "none", "没有": "none", "火灾": "fire", "交通事故": "accident",
              "突发重病": "sudden_illness", "自然灾害": "disaster", "失业": "job_loss"},
}  # fmt: skip
LINE = "__line"
_AMOUNT = re.compile(
    r"^(-?\d[\d,]*(?:\.\d+)?)\s*(?:[-–~至到]\s*(\d[\d,]*(?:\.\d+)?))?"
    r"\s*((?:万|千|百)?\s*(?:元|块钱?)|万)?\s*(?:[/每一]?\s*个?(月|年))?$"
)
_INCOMES = frozenset({"monthly_income_total", "annual_income_total", "monthly_income_per_capita"})
_MEMBER = re.compile(r"members\[(\d+)\]\.(.+)")
_TIMES = {"万": 10_000, "千": 1_000, "百": 100}
MOST_LETTERS = 500  # of a cell; more is not read


@dataclass(frozen=True, slots=True)
class Household:
    """One household of the register with what it says of itself."""

    id: str
    line: int
    region: str | None
    township: str
    facts: dict[str, Any]
    persons: tuple[str, ...]
    clashes: tuple[str, ...] = ()  # facts told in two ways; they are in `facts` no more


def in_chunks(
    table: pl.DataFrame, columns: Sequence[Column], rows: int = 20_000
) -> Iterator[pl.DataFrame]:
    """The lines with their numbers (`LINE`); a household stays whole if its lines stand apart."""
    source = _source(columns, "household")
    numbered = table.with_row_index(LINE, offset=2)
    ordered = numbered.sort(pl.col(LINE).min().over(source), LINE)
    at = 0
    while at < len(ordered):
        end = at + rows
        if end < len(ordered):
            last = ordered[source][end - 1]
            while end < len(ordered) and ordered[source][end] == last:
                end += 1
        yield ordered.slice(at, end - at)
        at = end


def households(
    table: pl.DataFrame, columns: Sequence[Column], issues: list[Issue], on: date | None = None
) -> Iterator[Household]:
    """The households of a chunk in its order; what cannot be taken is added to `issues`.

    `on` is the day for which birthdays must be possible.
    """
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    read_before: dict[tuple[str, str], tuple[Any, str]] = {}  # most cells say what others said
    for row in table.iter_rows(named=True):
        line = row[LINE]
        name = _text(row[_source(columns, "household")])
        if name.lower() in UNKNOWN:
            if not any(_text(row[column.name]) for column in columns):
                continue  # an empty line
            issues.append(Issue(line, "", "household", name, "没有户号，这一行没有用"))
            continue
        read: dict[str, Any] = {}
        for column in columns:
            if column.key == "household" or row[column.name] is None:
                continue
            raw = row[column.name]
            known = read_before.get((column.name, raw)) if isinstance(raw, str) else None
            value, reason = known or cell(column, raw, on)
            if known is None and isinstance(raw, str):
                read_before[column.name, raw] = value, reason
            if reason:
                issues.append(
                    Issue(line, name, column.name, shown(_text(row[column.name])), reason)
                )
            elif value is not None:
                read[column.key] = value
        groups.setdefault(name, []).append((line, read))
    for name, lines in groups.items():
        yield _household(name, lines, issues, on)


def cell(column: Column, raw: Any, on: date | None = None) -> tuple[Any, str]:
    """(value, "") of one cell, (None, "") when it says nothing, (None, reason) when unreadable.

    `on` is the day for which a birthday must be possible.
    """
    fact = schema.SCHEMA.get(column.key)
    if isinstance(raw, float) and not math.isfinite(raw):
        return None, "不是一个数"
    if isinstance(raw, list | dict | bytes) and not (isinstance(raw, list) and _is_list(fact)):
        return None, "看不懂这一格，一格里只写一项"
    text = _text(raw)
    if text.lower() in UNKNOWN:
        return None, ""
    if len(text) > MOST_LETTERS:
        return None, "写得太长，看不懂"
    if fact is None:
        return text, ""
    value, reason = _read(fact, column, raw, text)
    if reason:
        return None, reason
    value = schema.understood({fact.key: value})[fact.key]
    wrong = schema.impossible({fact.key: value}, on)
    return (None, wrong[0].reason_zh) if wrong else (value, "")


def _read(fact: schema.Fact, column: Column, raw: Any, text: str) -> tuple[Any, str]:
    if fact.kind in ("money", "sum", "count", "age"):
        return _number(fact, column, text)
    if fact.kind == "bool":
        word = text.lower()
        value = True if word in YES else False if word in NO else None
        return value, "" if value is not None else "只能写有或无、是或否"
    if fact.kind == "list":
        parts = map(_text, raw) if isinstance(raw, list) else re.split(r"[;；、,，]", text)
        return [part for part in parts if part], ""
    if fact.kind == "day" and isinstance(raw, datetime):
        return raw.date(), ""
    return _SPOKEN.get(column.key, {}).get(text, text), ""


def _is_list(fact: schema.Fact | None) -> bool:
    return fact is not None and fact.kind == "list"


def _number(fact: schema.Fact, column: Column, text: str) -> tuple[Any, str]:
    match = _AMOUNT.match(text)
    if match is None:
        return None, "看不懂这个数"
    low_text, high_text, unit, per = match.groups()
    factor = column.factor
    if not is_money(fact.key):
        if unit or per:
            return None, "这一列不是钱，不带单位"
    elif per and per != column.per:
        usual = f"按{column.per}填" if column.per else "不按月、不按年"
        return None, f"这一列{usual}，这里写的是按{per}，单位不一致"
    elif unit:
        factor = _TIMES.get(unit[0], 1)  # what stands beside the figure goes first
    ends = [
        None if part is None else round(float(part.replace(",", "")) * factor * column.times, 2)
        for part in (low_text, high_text)
    ]
    if not all(end is None or math.isfinite(end) for end in ends):
        return None, f"大得不像真的，请再核对一下：{fact.label}"
    low, high = (int(end) if end is not None and end.is_integer() else end for end in ends)
    return ({"low": low, "high": high} if high is not None else low), ""


def _household(
    name: str, lines: list[tuple[int, dict[str, Any]]], issues: list[Issue], on: date | None
) -> Household:
    first = lines[0][0]
    facts: dict[str, Any] = {}
    members: list[dict[str, Any]] = []
    persons: list[str] = []
    differing: set[str] = set()
    counted: list[dict[str, Any]] = []
    for at, (line, read) in enumerate(lines):
        member: dict[str, Any] = {}
        person = read.get("person", "")
        if person and person in persons:
            issues.append(Issue(line, name, "person", person, "同一个人写了两次，这一行没有用"))
            continue
        persons.append(person)
        counted.append(read)
        for key, value in read.items():
            if key == "person" or key in OWN:
                continue
            if key == "monthly_income_member" and len(lines) > 1:
                member["monthly_income"] = value
            elif key in schema.SCHEMA and schema.SCHEMA[key].of_person:
                member[key] = value
            elif key in facts and facts[key] != value:
                issues.append(
                    Issue(line, name, key, shown(value), "和同一户前面写的不一样，当作不清楚")
                )
                facts[key] = None
                differing.add(key)
            else:
                facts.setdefault(key, value)
        members.append(member)
        if (
            (member or read.keys() & MONEY)
            and not person
            and (same := _same_line(lines[:at], read))
        ):
            reason = f"和第{same}行一样，又没有人员编号，当作另一个人算；写重了请删去一行"
            issues.append(Issue(line, name, "person", "", reason))
    region, township = facts.pop("region", None), str(facts.pop("township", None) or "")
    facts = {key: value for key, value in facts.items() if value is not None}
    facts |= _together(name, first, counted, issues)
    if len(members) == 1:
        facts |= members[0]
    elif any(members):
        facts["members"] = [{"relation": who, **m} for who, m in zip(persons, members, strict=True)]
    for field, reason, dropped in _opposed(facts, on):
        issues.append(Issue(first, name, field, "", reason))
        differing.update(key for key in dropped if not schema.SCHEMA[key].of_person)
    if region is not None:
        told, (region, reason) = region, place_of(region)
        if reason:
            issues.append(Issue(first, name, "region", shown(told), reason))
    clashing = tuple(sorted(differing - {"township"}))
    return Household(name, first, region, township, facts, tuple(persons), clashing)


def _together(
    name: str, line: int, lines: list[dict[str, Any]], issues: list[Issue]
) -> dict[str, Any]:
    """What the persons of a household have together; a sum that nobody can have is named."""
    found = together(lines)
    for error in schema.impossible(found):
        value = shown(found.pop(error.field))
        issues += [Issue(line, name, error.field, value, error.reason_zh)]
    return found


def _same_line(before: Sequence[tuple[int, dict[str, Any]]], read: dict[str, Any]) -> int | None:
    return next((line for line, other in before if other == read), None)


def _opposed(facts: dict[str, Any], on: date | None) -> list[tuple[str, str, list[str]]]:
    """(field, reason, facts dropped) of what opposes; where one of two must be wrong, both go."""
    found: list[tuple[str, str, list[str]]]
    found = [(error.field, error.reason_zh, []) for error in schema.contradictions(facts)]
    if not found and len(_INCOMES & facts.keys()) > 1 and household_row(facts)["figures_conflict"]:
        field = next(key for key in ("annual_income_total", "monthly_income_per_capita")
                     if key in facts)  # fmt: skip
        found.append((field, "几处写的收入对不上，由工作人员核对", []))
    for keys, error in schema.disagreements(facts, on):
        dropped = [key for key in keys if not _MEMBER.fullmatch(key)]
        found.append((error.field, f"{error.reason_zh}；先当作不清楚", dropped))
        for key in keys:
            if match := _MEMBER.fullmatch(key):
                facts["members"][int(match[1])].pop(match[2], None)
            else:
                facts.pop(key, None)
    return found


def facts_rows(household: Household, on: date) -> list[dict[str, Any]]:
    """The rows of the facts frame, with household, line, person's index and place."""
    told = aged(household.facts, on)
    shared = household_row(told, further=True)
    if household.clashes:
        shared |= clashes.row_of(household.clashes)
    ids = {"household": household.id, "file_line": household.line, "region": household.region,
           "township": household.township}  # fmt: skip
    return [
        {**ids, "nth": index, **shared, **person}
        for index, person in enumerate(person_rows(told, further=True))
    ]


REGISTER_COLUMNS: dict[str, Any] = {
    "household": pl.String, "file_line": pl.Int64, "region": pl.String, "township": pl.String,
    "nth": pl.Int64, clashes.COLUMN: pl.String, **ALL_COLUMNS,
}  # fmt: skip


def register_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows as a facts frame with ids beside."""
    data = {name: [row.get(name) for row in rows] for name in REGISTER_COLUMNS}
    return pl.DataFrame(data, schema=REGISTER_COLUMNS)


@lru_cache(maxsize=4096)
def place_of(told: str) -> tuple[str | None, str]:
    """(code, what has to be said) of a place in a register, given by code or name."""
    try:
        code = regions.named(told)
    except AmbiguousRegion as several:
        return None, f"{several}；先当作没有写"
    except UnknownRegion:
        known = "没有这个行政区划代码" if told[:1].isdigit() else "没有找到这个地方"
        return None, f"{known}，当作没有写"
    return code, regions.taken_for(code)


def _source(columns: Sequence[Column], key: str) -> str:
    return next(column.name for column in columns if column.key == key)


def _text(raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return "" if raw is None else str(raw).strip()

"""A register as people keep it: one line a person, money in yuan, cells as they were typed.

Every cell is understood, or named with its line and field and left out: a value that cannot be read
is "not known", never a guess. A line's household keeps everything else that it says. The facts then
take the one way into the facts frame (`household_row`, `person_rows`) that a resident's facts take.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from rules import facts as schema
from rules import regions
from rules.circumstances import aged
from rules.household import ALL_COLUMNS, household_row, person_rows

UNKNOWN = frozenset({"", "-", "—", "/", "?", "？", "不清楚", "不知道", "未知", "na", "n/a", "null"})
_YES = frozenset({"是", "有", "true", "yes", "y", "1", "√"})
_NO = frozenset({"否", "无", "没有", "false", "no", "n", "0", "×"})
_SPOKEN = {
    "hukou": {"农村": "rural", "农业": "rural", "城镇": "urban", "城市": "urban",
              "非农业": "urban", "外地": "nonlocal"},
    "pension_kind": {"居民": "resident", "职工": "employee"},
    "shock": {"无": "none", "没有": "none", "火灾": "fire", "交通事故": "accident",
              "突发重病": "sudden_illness", "自然灾害": "disaster", "失业": "job_loss"},
}  # fmt: skip
LINE = "__line"
IDS = ("household", "person", "region", "township")
_IDS_SPOKEN = {"户号": "household", "家庭编号": "household", "人员编号": "person",
               "行政区划代码": "region", "地区": "region", "乡镇": "township"}  # fmt: skip
# Column units: factor to yuan, and whether the figure is for a month, a year or neither.
_UNITS: dict[str, tuple[float, str]] = {
    "元": (1, ""), "元/月": (1, "月"), "元/年": (1, "年"), "分": (0.01, ""), "万元": (10_000, ""),
    "万元/年": (10_000, "年"), "元/人·月": (1, "月"),
}  # fmt: skip
_AMOUNT = re.compile(
    r"^(-?[\d,]+(?:\.\d+)?)\s*(?:[-–~至到]\s*([\d,]+(?:\.\d+)?))?\s*(万)?\s*(?:元|块钱?)?"
    r"\s*(?:[/每一]?\s*个?(月|年))?$"
)
_HEADER = re.compile(r"^(.+?)\s*[（(\[]\s*(.+?)\s*[)）\]]$")


@dataclass(frozen=True, slots=True)
class Issue:
    """What could not be taken: the line of the file (the header is line 1), field and reason."""

    line: int
    household: str
    field: str
    value: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """For reports."""
        return {
            "line": self.line, "household": self.household, "field": self.field,
            "value": self.value, "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: the fact (or id) it holds, and in which unit."""

    name: str
    key: str
    factor: float = 1
    per: str = ""


@dataclass(frozen=True, slots=True)
class Household:
    """One household of the register with what it says of itself."""

    id: str
    line: int
    region: str | None
    township: str
    facts: dict[str, Any]
    persons: tuple[str, ...]


class UnusableRegister(ValueError):
    """The file as a whole cannot be read: no household column, or a column given twice."""


def columns_of(names: Sequence[str]) -> tuple[list[Column], list[Issue]]:
    """What the columns of a file mean. A column not understood is named and left out."""
    by_label = {fact.label: key for key, fact in schema.SCHEMA.items()}
    found: list[Column] = []
    issues: list[Issue] = []
    for name in names:
        title, unit = name.strip(), ""
        if match := _HEADER.match(title):
            title, unit = match[1], match[2]
        key = _IDS_SPOKEN.get(title) or by_label.get(title) or title
        if key not in schema.SCHEMA and key not in IDS:
            issues.append(Issue(1, "", name, "", "不认识的列，没有用它"))
            continue
        factor, per = _UNITS.get(unit, (1.0, "")) if unit else (1.0, "")
        if unit and (unit not in _UNITS or key in IDS or not _is_money(key)):
            issues.append(Issue(1, "", name, unit, "看不懂这一列的单位，没有用这一列"))
            continue
        found.append(Column(name, key, factor, per))
    keys = [column.key for column in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise UnusableRegister(f"同一项内容有两列：{'、'.join(twice)}")
    if "household" not in keys:
        raise UnusableRegister("没有“household”（户号）这一列，分不清哪几行是一户")
    return found, issues


def missing_columns(columns: Sequence[Column]) -> list[str]:
    """Facts a screening asks for that the file has no column for; they stay not known."""
    here = {column.key for column in columns}
    return [key for key in schema.ASKABLE if key not in here]


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
    table: pl.DataFrame, columns: Sequence[Column], issues: list[Issue]
) -> Iterator[Household]:
    """The households of a chunk in its order; what cannot be taken is added to `issues`."""
    groups: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for row in table.iter_rows(named=True):
        line = row[LINE]
        name = _text(row[_source(columns, "household")])
        if name.lower() in UNKNOWN:
            issues.append(Issue(line, "", "household", name, "没有户号，这一行没有用"))
            continue
        read: dict[str, Any] = {}
        for column in columns:
            if column.key == "household" or row[column.name] is None:
                continue
            value, reason = cell(column, row[column.name])
            if reason:
                issues.append(Issue(line, name, column.name, _text(row[column.name]), reason))
            elif value is not None:
                read[column.key] = value
        groups.setdefault(name, []).append((line, read))
    for name, lines in groups.items():
        yield _household(name, lines, issues)


def cell(column: Column, raw: Any) -> tuple[Any, str]:
    """(value, "") of one cell, (None, "") when it says nothing, (None, reason) when unreadable."""
    text = _text(raw)
    if text.lower() in UNKNOWN:
        return None, ""
    if column.key in IDS:
        return text, ""
    fact = schema.SCHEMA[column.key]
    if fact.kind in ("money", "sum", "count", "age"):
        value, reason = _number(fact, column, text)
    elif fact.kind == "bool":
        word = text.lower()
        value = True if word in _YES else False if word in _NO else None
        reason = "" if value is not None else "只能写有或无、是或否"
    elif fact.kind == "list":
        value, reason = [part for part in re.split(r"[;；、,，]", text) if part], ""
    else:
        value, reason = _SPOKEN.get(column.key, {}).get(text, text), ""
    if reason:
        return None, reason
    wrong = schema.impossible({column.key: value})
    return (None, wrong[0].reason_zh) if wrong else (value, "")


def _number(fact: schema.Fact, column: Column, text: str) -> tuple[Any, str]:
    match = _AMOUNT.match(text)
    if match is None:
        return None, "看不懂这个数"
    low_text, high_text, ten_thousand, per = match.groups()
    if not _is_money(fact.key):
        if ten_thousand or per:
            return None, "这一列不是钱，不带单位"
        factor = 1.0
    else:
        usual = column.per or ("月" if fact.kind == "money" else "年")
        if per and per != usual:
            return None, f"这一列按{usual}填，这里写的是按{per}，单位不一致"
        factor = column.factor * (10_000 if ten_thousand else 1)
        if fact.kind == "money" and usual == "年":
            factor /= 12
    low, high = (
        None if part is None else float(part.replace(",", "")) * factor
        for part in (low_text, high_text)
    )
    ends = [
        None if end is None else int(end) if end == int(end) else round(end, 2)
        for end in (low, high)
    ]
    return ({"low": ends[0], "high": ends[1]} if ends[1] is not None else ends[0]), ""


def _household(
    name: str, lines: list[tuple[int, dict[str, Any]]], issues: list[Issue]
) -> Household:
    first = lines[0][0]
    facts: dict[str, Any] = {}
    members: list[dict[str, Any]] = []
    persons: list[str] = []
    clashes = False
    for line, read in lines:
        member: dict[str, Any] = {}
        person = read.get("person", "")
        if person and person in persons:
            issues.append(Issue(line, name, "person", person, "同一个人写了两次，这一行没有用"))
            continue
        persons.append(person)
        for key, value in read.items():
            if key == "person":
                continue
            if key == "monthly_income_member" and len(lines) > 1:
                member["monthly_income"] = value
            elif key in schema.SCHEMA and schema.SCHEMA[key].of_person:
                member[key] = value
            elif key in facts and facts[key] != value:
                issues.append(
                    Issue(line, name, key, str(value), "和同一户前面写的不一样，当作不清楚")
                )
                facts[key] = None
                clashes = True
            else:
                facts.setdefault(key, value)
        members.append(member)
    region, township = facts.pop("region", None), str(facts.pop("township", None) or "")
    facts = {key: value for key, value in facts.items() if value is not None}
    if len(members) == 1:
        facts |= members[0]
    elif any(members):
        facts["members"] = [{"relation": who, **m} for who, m in zip(persons, members, strict=True)]
    issues += [
        Issue(first, name, error.field, "", error.reason_zh)
        for error in schema.contradictions(facts)
    ]
    if region is not None and not _is_region(region):
        issues.append(Issue(first, name, "region", region, "没有这个行政区划代码"))
        region = None
    if clashes:
        facts["clashes"] = True
    return Household(name, first, region, township, facts, tuple(persons))


def facts_rows(household: Household, on: date) -> list[dict[str, Any]]:
    """The rows of the facts frame, with household, line, person's index and place."""
    told = aged({key: value for key, value in household.facts.items() if key != "clashes"}, on)
    shared = household_row(told, further=True)
    if household.facts.get("clashes"):
        shared["figures_conflict"] = True
    ids = {"household": household.id, "file_line": household.line, "region": household.region,
           "township": household.township}  # fmt: skip
    return [
        {**ids, "nth": index, **shared, **person}
        for index, person in enumerate(person_rows(told, further=True))
    ]


REGISTER_COLUMNS: dict[str, Any] = {
    "household": pl.String, "file_line": pl.Int64, "region": pl.String, "township": pl.String,
    "nth": pl.Int64, **ALL_COLUMNS,
}  # fmt: skip


def register_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows as a facts frame with ids beside."""
    data = {name: [row.get(name) for row in rows] for name in REGISTER_COLUMNS}
    return pl.DataFrame(data, schema=REGISTER_COLUMNS)


def _is_money(key: str) -> bool:
    return schema.SCHEMA[key].kind in ("money", "sum")


def _is_region(code: str) -> bool:
    try:
        regions.layers(code)
    except ValueError:
        return False
    return True


def _source(columns: Sequence[Column], key: str) -> str:
    return next(column.name for column in columns if column.key == key)


def _text(raw: Any) -> str:
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return "" if raw is None else str(raw).strip()

"""What the columns of a register hold, in which unit and for which time.

A unit in a header is converted where it can mean one thing only. Where it cannot (a deposit a
month, a household's medicines per head), the column is named and left out: its facts stay unknown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rules import facts as schema

IDS = ("household", "person", "region", "township")
_IDS_SPOKEN = {"户号": "household", "家庭编号": "household", "人员编号": "person",
               "行政区划代码": "region", "地区": "region", "乡镇": "township"}  # fmt: skip
HOUSEHOLD = ("household", *(name for name, key in _IDS_SPOKEN.items() if key == "household"))
MONTH, YEAR = "月", "年"
MONEY = {"": 1, "元": 1, "块": 1, "块钱": 1, "人民币": 1, "角": 0.1, "分": 0.01, "百元": 100,
         "千元": 1_000, "万元": 10_000, "万": 10_000}  # fmt: skip
_MONTHS = {(YEAR, MONTH): 1 / 12, (MONTH, YEAR): 12.0}
_HEADER = re.compile(r"^(.+?)\s*[（(\[]\s*(.+?)\s*[)）\]]$")
_UNIT = re.compile(
    rf"({'|'.join(sorted(MONEY, key=len, reverse=True))})([/／·・每一个人户月年\s]*)"
)
# What a household spends or gets in a year; of other sums (deposits, debts) no time is meant, and
# of a bill or a fee only the year.
_YEARLY = frozenset(
    {"annual_income_total", "medical_expense_self", "rehab_expense", "accident_expense",
     "rigid_deduct"}
)  # fmt: skip
_BILLS = frozenset({"medical_expense", "tuition"})
_TOTALS = frozenset({"monthly_income_total", "annual_income_total"})
PER_HEAD = "monthly_income_per_capita"
_OF_ONE = frozenset({PER_HEAD, "monthly_income_member", "pension_monthly", "wage_monthly"})
_COUNTED = {"age": ("岁", "周岁"), "clergy_years": ("年",), "father_months": ("月", "个月"),
            "mother_months": ("月", "个月")}  # fmt: skip
_PIECES = ("人", "口", "个", "套", "样", "项")
MOST_SHOWN = 60  # letters of a cell in an issue


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


def shown(value: object) -> str:
    """A cell for an issue: a page of digits is cut."""
    text = str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: the fact (or id) it holds, and in which unit.

    `factor` is yuan for one of its figures, `per` the time they are for (月, 年 or none), `times`
    what makes of that time the fact's own.
    """

    name: str
    key: str
    factor: float = 1
    per: str = ""
    times: float = 1


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
            issues.append(Issue(1, "", shown(name), "", "不认识的列，没有用它"))
            continue
        column = _column(name, key, unit)
        if column is None:
            issues.append(Issue(1, "", shown(name), unit, "看不懂这一列的单位，没有用这一列"))
            continue
        found.append(column)
    _drop_second_per_head(found, issues)
    keys = [column.key for column in found]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise UnusableRegister(f"同一项内容有两列：{'、'.join(twice)}")
    if "household" not in keys:
        raise UnusableRegister("没有“household”（户号）这一列，分不清哪几行是一户")
    return found, issues


def missing_columns(columns: Sequence[Column]) -> list[str]:
    """Facts a screening asks for that the file has no column for; they stay not known."""
    here = {column.key for column in columns}
    if here & {*_TOTALS, PER_HEAD}:
        here.add("monthly_income_total")  # told in another way
    return [key for key in schema.ASKABLE if key not in here]


def is_money(key: str) -> bool:
    """Whether the fact is an amount."""
    return schema.SCHEMA[key].kind in ("money", "sum")


def _column(name: str, key: str, unit: str) -> Column | None:
    """The column with its unit; None when the unit cannot be the fact's."""
    if key in IDS or not is_money(key):
        counted = key in schema.SCHEMA and schema.SCHEMA[key].kind in ("count", "age")
        plain = not unit or (counted and unit in _COUNTED.get(key, _PIECES))
        return Column(name, key) if plain else None
    match = _UNIT.fullmatch(unit)
    if match is None:
        return None
    rest = match[2]
    per = "".join(letter for letter in rest if letter in (MONTH, YEAR))
    if len(per) > 1 or len(re.findall(r"[人户]", rest)) > 1:
        return None
    usual = _time_of(key)
    if "户" in rest and key in _OF_ONE:
        return None
    if "人" in rest and key not in _OF_ONE:
        if key not in _TOTALS:
            return None
        key, per, usual = PER_HEAD, per or usual, MONTH
    per = per or usual
    if per == usual:
        return Column(name, key, MONEY[match[1]], per)
    if (per, usual) not in _MONTHS or (usual == YEAR and key not in _YEARLY):
        return None
    return Column(name, key, MONEY[match[1]], per, _MONTHS[per, usual])


def _time_of(key: str) -> str:
    """The time an amount is for: a month, a year, or none (what a family has or owes)."""
    if schema.SCHEMA[key].kind == "money":
        return MONTH
    return YEAR if key in _YEARLY | _BILLS else ""


def title_of(name: str) -> str:
    """A column's name without its unit."""
    return _HEADER.sub(r"\1", name.strip())


def _drop_second_per_head(found: list[Column], issues: list[Issue]) -> None:
    """Of several columns with the income per head, keep the one that has its name."""
    heads = [column for column in found if column.key == PER_HEAD]
    named = (PER_HEAD, schema.SCHEMA[PER_HEAD].label)
    own = [one for one in heads if title_of(one.name) in named]
    for column in heads:
        if column not in (own or heads[:1]):
            found.remove(column)
            reason = "这是每人的收入，别的列已经写了，没有用这一列"
            issues.append(Issue(1, "", shown(column.name), "", reason))

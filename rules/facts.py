"""The facts a resident can give: one typed schema, and what cannot be true.

Keys are those of the dialogue. Money is yuan (a month unless the key says otherwise) and becomes
integer fen inside. A value is plain or a range {"low": …, "high": …} with either side open. A key
that is absent or None is not known; it never becomes "no". Names and meanings: field dictionary in
`specs/facts.md`.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rules.errors import FactError
from rules.fact_schema import (
    ADL_ITEMS,
    ASKABLE,
    DISABILITY_TYPES,
    FURTHER,
    LEVELS,
    MAX_AGE,
    MAX_HOUSEHOLD,
    MAX_MONTHLY_YUAN,
    MAX_SUM_YUAN,
    NOTHING,
    SCHEMA,
    Fact,
)
from rules.fact_vocabulary import CODED
from rules.fact_words import code_of, heard_as, hint_of, wrong_words

__all__ = [
    "ADL_ITEMS", "ASKABLE", "DISABILITY_TYPES", "FURTHER", "MAX_AGE", "MAX_HOUSEHOLD",
    "MAX_MONTHLY_YUAN", "MAX_SUM_YUAN", "NOTHING", "SCHEMA", "Bounds", "Fact", "Facts", "bounds",
    "check", "codes", "contradictions", "day", "disagreements", "fen", "flag", "heard",
    "impossible", "known", "level", "problems", "shown", "understood", "yuan",
]  # fmt: skip

Facts = Mapping[str, Any]
Bounds = tuple[int | None, int | None]
AGE_APART = 2  # years: counted from one, and before this year's birthday


def fen(yuan: float | int | str) -> int:
    """Yuan to integer fen, half up."""
    return int((Decimal(str(yuan)) * 100).to_integral_value(ROUND_HALF_UP))


def yuan(amount_fen: int | float) -> int | float:
    """Fen to yuan for people: two decimals, whole yuan as int."""
    value = round(amount_fen / 100, 2)
    return int(value) if value == int(value) else value


def known(facts: Facts, key: str) -> bool:
    """Whether the resident has given the fact at all."""
    return facts.get(key) is not None


def bounds(facts: Facts, key: str) -> Bounds:
    """(low, high) of a number in fen or units; None is an open side or nothing known."""
    fact, value = SCHEMA[key], facts.get(key)
    ends = (value.get("low"), value.get("high")) if isinstance(value, Mapping) else (value, value)
    return _number(fact, ends[0]), _number(fact, ends[1])


def flag(facts: Facts, key: str) -> bool | None:
    """A yes-or-no fact; a word for "nothing" is no, any other word is yes."""
    value = facts.get(key)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.strip() not in (*NOTHING, "能自理", "能", "否")
    if isinstance(value, list | tuple):
        return any(str(item).strip() not in NOTHING for item in value)
    return bool(value)


def level(facts: Facts) -> int | None:
    """Disability level 1–4 as on the certificate, 0 for none, None for not known."""
    value = facts.get("disability_level")
    if value is None:
        return None
    if value is False or str(value).strip() in NOTHING:
        return 0
    return LEVELS.get(str(value).strip())


def day(value: Any) -> date | None:
    """A day as date or ISO text; None when it is neither."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def codes(facts: Facts, key: str) -> list[str] | None:
    """A list of programme codes; a single word counts as a list of one."""
    value = facts.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        value = [value]
    if isinstance(value, bool):
        return []
    return [str(item) for item in value if str(item).strip() not in NOTHING]


def understood(facts: Facts) -> dict[str, Any]:
    """The facts with what was written for a code read as that code, of the members too."""
    return _each(facts, code_of)


def heard(facts: Facts) -> dict[str, Any]:
    """What a conversation was heard to tell, as the rules know it; see `fact_words.heard_as`."""
    return _each(facts, heard_as)


def _each(facts: Facts, read: Callable[[str, Any], Any]) -> dict[str, Any]:
    told = {key: read(key, value) for key, value in facts.items()}
    members = told.get("members")
    if isinstance(members, list | tuple):
        told["members"] = [
            {key: read(key, value) for key, value in member.items()}
            if isinstance(member, Mapping)
            else member
            for member in members
        ]
    return told


def problems(facts: Facts, on: date | None = None) -> list[FactError]:
    """Every fault of facts that came from outside: unknown keys, impossible and opposed values."""
    found = [*_unknown(facts), *impossible(facts, on)]
    bad = {error.field.partition("[")[0] for error in found}
    told = understood({key: value for key, value in facts.items() if key not in bad})
    opposed = [error for _, error in disagreements(told, on)]
    return [*found, *contradictions(told), *opposed]


def _unknown(facts: Facts) -> list[FactError]:
    """Keys that are no facts."""
    names = [key for key in facts if key not in SCHEMA and key not in _BESIDE]
    members = facts.get("members")
    for index, member in enumerate(members if isinstance(members, list | tuple) else ()):
        if isinstance(member, Mapping):
            strange = [key for key in member if key not in SCHEMA and key not in _OF_MEMBER]
            names += [f"members[{index}].{key}" for key in strange]
    return [FactError(shown(name), "没有这一项") for name in names]


def impossible(facts: Facts, on: date | None = None) -> list[FactError]:
    """Values that no household can have, each looked at alone; birthdays as of `on`."""
    found = [error for key in facts if (error := _problem(key, facts[key], on)) is not None]
    members = facts.get("members")
    if members is not None and not isinstance(members, list | tuple):
        return [*found, FactError("members", "家庭成员要写成清单，一个一个地写")]
    for index, member in enumerate(members or []):
        if not isinstance(member, Mapping):
            found.append(FactError("members", "家庭成员要一个一个地写"))
            continue
        for key, value in member.items():
            name = "monthly_income_member" if key == "monthly_income" else key
            error = _problem(name, value, on)
            if error is not None:
                found.append(FactError(f"members[{index}].{key}", error.reason_zh))
    return found


def check(facts: Facts) -> None:
    """Raise the first FactError, if facts of a conversation are impossible or contradict."""
    for error in impossible(facts) or contradictions(facts):
        raise error


def _is_range(value: Any) -> bool:
    return isinstance(value, Mapping)


def _number(fact: Fact, value: Any) -> int | None:
    if value is None:
        return None
    return fen(value) if fact.kind in ("money", "sum") else int(value)


_LIMITS: dict[str, tuple[float, float, str]] = {
    "money": (0, MAX_MONTHLY_YUAN, "每月金额"),
    "sum": (0, MAX_SUM_YUAN, "金额"),
    "count": (0, 1000, "数目"),
    "age": (0, MAX_AGE, "年龄"),
}


# Beside the facts, and beside those of a member.
_BESIDE = frozenset({"members", "for_relation"})
_OF_MEMBER = frozenset({"relation", "monthly_income", "parents_status"})
_MOST_SHOWN = 40
_OLDEST = date(1900, 1, 1)


def shown(value: Any) -> str:
    """What somebody wrote, for a sentence about it: a page of it is cut."""
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _problem(key: str, value: Any, on: date | None = None) -> FactError | None:
    fact = SCHEMA.get(key)
    if fact is None or value is None:
        return None
    if fact.kind in _LIMITS:
        return _number_problem(fact, value)
    reason = ""
    if fact.kind == "bool" and not isinstance(value, bool):
        reason = f"{fact.label}只能答有或没有、是或不是"
    elif fact.kind == "level" and level({key: value}) is None:
        reason = "残疾证等级只有一级、二级、三级、四级"
    elif fact.kind == "day":
        reason = _day_problem(fact, value, on)
    elif fact.kind in ("list", "text") or key == "disability_type":
        reason = _word_problem(fact, code_of(key, value))
    elif fact.kind == "word" and value not in fact.words:
        reason = f"看不懂这个{fact.label}：{shown(value)}"
    return FactError(key, reason) if reason else None


def _word_problem(fact: Fact, value: Any) -> str:
    """Free words are text or a list of texts; coded ones have to be known."""
    words = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(word, str | bool) for word in words):
        return f"{fact.label}要用文字写"
    if isinstance(value, bool) and fact.key not in CODED:
        return ""
    if wrong := wrong_words(fact.key, value):
        return f"看不懂这个{fact.label}：{shown('、'.join(wrong))}{hint_of(fact.key)}"
    return ""


def _day_problem(fact: Fact, value: Any, on: date | None) -> str:
    born = day(value)
    if born is None:
        return f"{fact.label}要写成2008-05-01这样"
    if on is not None and born > on:
        return f"{fact.label}在{on.year}年{on.month}月{on.day}日以后，请再核对一下"
    if born < _OLDEST or (on is not None and on.year - born.year > MAX_AGE):
        return f"{fact.label}早得不像真的，请再核对一下"
    return ""


def _number_problem(fact: Fact, value: Any) -> FactError | None:
    low_limit, high_limit, what = _LIMITS[fact.kind]
    if _is_range(value) and set(value) - {"low", "high"}:
        return FactError(fact.key, f"{fact.label}的范围只写 low 和 high")
    sides = [value.get("low"), value.get("high")] if _is_range(value) else [value]
    given = [side for side in sides if side is not None]
    for side in given:
        if isinstance(side, bool) or not isinstance(side, int | float | Decimal):
            return FactError(fact.key, f"{fact.label}要写成数字")
        if not isinstance(side, int) and not math.isfinite(side):
            return FactError(fact.key, f"{fact.label}要写成数字")
        if side < low_limit:
            return FactError(fact.key, f"{fact.label}不能是负数")
        if fact.key == "adl_unable" and side > ADL_ITEMS:
            return FactError(fact.key, f"一共只有{ADL_ITEMS}样，请再说一次")
        if fact.key == "household_size" and not 1 <= side <= MAX_HOUSEHOLD:
            return FactError(fact.key, f"家里人数要在1到{MAX_HOUSEHOLD}之间，请再说一次")
        if side > high_limit:
            return FactError(fact.key, f"{what}大得不像真的，请再核对一下：{fact.label}")
        if fact.kind in ("count", "age") and side != int(side):
            return FactError(fact.key, f"{fact.label}要是整数")
    if not given:
        return FactError(fact.key, f"{fact.label}没有说清楚")
    if len(given) == 2 and given[0] > given[1]:
        return FactError(fact.key, f"{fact.label}的范围前后颠倒了")
    return None


def contradictions(facts: Facts) -> list[FactError]:
    """Facts that cannot all be true together; every one of them must be possible alone."""
    found: list[FactError] = []
    size_low, size_high = bounds(facts, "household_size")
    children, _ = bounds(facts, "num_children")
    total_high = bounds(facts, "monthly_income_total")[1]

    def refuse(key: str, reason: str) -> None:
        found.append(FactError(key, reason))

    if size_high is not None and children is not None and children >= size_high:
        refuse("num_children", "孩子人数不能等于或多于全家人数，请再核对一下")
    if facts.get("no_children") is True and children:
        refuse("num_children", "前面说没有子女，这里又有孩子，请再核对一下")
    if facts.get("living_alone") is True and size_low is not None and size_low > 1:
        refuse("household_size", "前面说一个人住，这里又不止一个人，请再核对一下")
    members = facts.get("members") or []
    if size_high is not None and len(members) > size_high:
        refuse("members", "说到的家人比全家人数还多，请再核对一下")
    for key, what in (
        ("monthly_income_per_capita", "平均每人的收入"),
        ("monthly_income_member", "一个人的收入"),
        ("pension_monthly", "养老金"),
    ):
        part_low, _ = bounds(facts, key)
        if total_high is not None and part_low is not None and part_low > total_high:
            refuse(key, f"{what}比全家总收入还多，请再核对一下")
    for index, member in enumerate(members):
        wage, _ = bounds(
            {"monthly_income_member": member.get("monthly_income")}, "monthly_income_member"
        )
        if total_high is not None and wage is not None and wage > total_high:
            refuse(f"members[{index}].monthly_income", "一个人的收入比全家总收入还多，请再核对一下")
    self_low, _ = bounds(facts, "medical_expense_self")
    _, bill_high = bounds(facts, "medical_expense")
    if self_low is not None and bill_high is not None and self_low > bill_high:
        refuse("medical_expense_self", "自己出的钱比看病总花费还多，请再核对一下")
    return found


Opposed = tuple[tuple[str, ...], FactError]


def disagreements(facts: Facts, on: date | None = None) -> list[Opposed]:
    """Statements of a form that oppose each other: the keys of which one is wrong, and why.

    A conversation is not held to these: there a later word may be about another person or time.
    """
    found: list[Opposed] = []

    def oppose(keys: tuple[str, ...], reason: str) -> None:
        found.append((keys, FactError(keys[0], reason)))

    happened = [key for key in ("accident", "disaster") if flag(facts, key)]
    if facts.get("shock") == "none" and happened:
        what = "、".join(SCHEMA[key].label for key in happened)
        oppose(("shock", *happened), f"一处说没有遇到急难，一处又写了{what}，请再核对一下")
    if facts.get("employed") is True and facts.get("lost_job") is True:
        oppose(("employed", "lost_job"), "一处说有工作，一处说丢了工作，请再核对一下")
    wage, total = bounds(facts, "wage_monthly")[0], bounds(facts, "monthly_income_total")[1]
    if wage is not None and total is not None and wage > total:
        oppose(("wage_monthly", "monthly_income_total"), "工资比全家总收入还多，请再核对一下")
    members = facts.get("members") or []
    for name, one in (("", facts), *((f"members[{i}].", one) for i, one in enumerate(members))):
        if on is not None and _two_ages(one, on):
            oppose((f"{name}age", f"{name}birth_date"), "年龄和出生日期对不上，请再核对一下")
    return found


def _two_ages(facts: Facts, on: date) -> bool:
    """Whether age and birthday differ by more than ways of counting years do."""
    born = day(facts["birth_date"]) if facts.get("birth_date") else None
    low, high = bounds(facts, "age")
    if born is None:
        return False
    years = on.year - born.year
    return (low is not None and low > years + AGE_APART) or (
        high is not None and high < years - AGE_APART
    )

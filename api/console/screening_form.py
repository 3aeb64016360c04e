"""The fields of the screening form: the facts the rules read, as the schema names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from rules import facts as schema
from rules import law as laws
from rules.evaluate import criteria_of
from rules.law import Law
from rules.programmes import ALL_CODES, CODES, FURTHER, REGISTRY
from rules.reach import filled_by, readers

# The first screening's facts, in the order in which people tell them.
PARTS: dict[str, tuple[str, ...]] = {
    "家里": ("household_size", "hukou", "monthly_income_total", "pension_monthly",
             "pension_kind", "receiving"),
    "财产": ("car", "deposit", "houses"),
    "身体和花费": ("disability_level", "disability_type", "critical_illness_insured", "age",
                   "employed", "medical_expense_self", "tuition"),
    "眼下": ("shock",),
}  # fmt: skip
# Seldom needed, and read by the first screening when it is told; another field says the rest.
MORE = "更多情况"
_TOLD_OTHERWISE = {
    "accident": "shock", "disaster": "shock", "lost_job": "shock",
    "living_alone": "household_size", "no_children": "household_size",
    "monthly_income_member": "monthly_income_total",
}  # fmt: skip
OF_PERSON, OF_HOUSEHOLD = "这个人的其他情况", "家里的其他情况"
FURTHER_CODES = tuple(code for code in ALL_CODES if code not in CODES)
# What decides no outcome, but an amount or a remark.
_BESIDE = {"tekun": ("adl_unable", "care_form"), "jiaoyu": ("boarding",)}
_FIRST = frozenset(key for keys in PARTS.values() for key in keys)
_SAID = schema.SCHEMA.keys() - _TOLD_OTHERWISE.keys()
# Asked as "from … to": many households cannot say it to the yuan.
RANGED = ("monthly_income_total",)
TO = "_to"
YES_NO = {"yes": "是、有", "no": "否、没有"}
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of the form. `codes`: the programmes it is shown for; none: always."""

    key: str
    label: str
    unit: str
    options: Mapping[str, str]
    codes: tuple[str, ...] = ()

    @property
    def ranged(self) -> bool:
        """Whether it has a second field for the upper end."""
        return self.key in RANGED

    @property
    def dated(self) -> bool:
        """Whether it is a day."""
        return schema.SCHEMA[self.key].kind == "day"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields, and the programmes it is shown for; folded until it has something."""

    legend: str
    fields: tuple[Field, ...]
    codes: tuple[str, ...] = ()
    folded: bool = False


def sections(region: str | None, on: date) -> tuple[Section, ...]:
    """All groups: those of the first screening, then what further programmes go by there."""
    return _sections(laws.of(region, on))


@lru_cache(maxsize=64)
def _sections(law: Law) -> tuple[Section, ...]:
    asked_by: dict[str, tuple[str, ...]] = {}
    more = _more(law)
    for code in FURTHER_CODES:
        for key in _keys(code, law) - set(more):
            asked_by[key] = (*asked_by.get(key, ()), code)
    found = [Section(part, tuple(_field(key) for key in keys)) for part, keys in PARTS.items()]
    found.append(Section(MORE, tuple(_field(key) for key in more), folded=True))
    further = [_field(key, asked_by[key]) for key in schema.SCHEMA if key in asked_by]
    for legend, of_person in ((OF_PERSON, True), (OF_HOUSEHOLD, False)):
        fields = tuple(f for f in further if schema.SCHEMA[f.key].of_person is of_person)
        codes = tuple(code for code in FURTHER_CODES if any(code in f.codes for f in fields))
        found.append(Section(legend, fields, codes))
    return tuple(found)


def _more(law: Law) -> list[str]:
    """What else the first screening goes by there on that day."""
    columns = frozenset().union(*readers(law, REGISTRY).values())
    left = (key for key in schema.SCHEMA if key in _SAID - _FIRST)
    return [key for key in left if not filled_by(key).isdisjoint(columns)]


def _keys(code: str, law: Law) -> set[str]:
    """The facts the programme's rules read beyond those of the first screening."""
    found = set(_BESIDE.get(code, ()))
    columns: set[str] = set()
    for programme in FURTHER:
        if programme.code != code:
            continue
        columns |= set(programme.outcome(law).meta.root_names())
        for criterion in criteria_of(law, (programme,))[programme.column]:
            found |= set(criterion.reads)
            columns |= set(criterion.truth.meta.root_names())
    found |= {key for key in _SAID if not filled_by(key).isdisjoint(columns)}
    return found & _SAID - _FIRST


def _field(key: str, codes: tuple[str, ...] = ()) -> Field:
    fact = schema.SCHEMA[key]
    options = YES_NO if fact.kind == "bool" else choices().get(key, {})
    unit = "元" if fact.kind in ("money", "sum") else ""
    return Field(key, fact.label, unit, options, codes)


@cache
def choices() -> Mapping[str, Mapping[str, str]]:
    """The choices of the facts that are neither numbers nor yes and no."""
    path = Path(__file__).parent / "screening_options.yml"
    loaded: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def focus_of(given: Mapping[str, str]) -> tuple[str, ...]:
    """The further programmes that are ticked."""
    return tuple(code for code in FURTHER_CODES if f"focus_{code}" in given)


def facts_of(
    given: Mapping[str, str], shown: Iterable[Section]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of the filled fields, and what is wrong with which; an empty field is not known.

    A field of a programme that is not ticked counts as empty: it is not to be seen either.
    """
    facts: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    ticked = set(focus_of(given))
    for one in (field for section in shown for field in section.fields):
        texts = [given.get(name, "").strip() for name in (one.key, one.key + TO)]
        if one.codes and not ticked.intersection(one.codes):
            continue
        if not texts[0] and not (one.ranged and texts[1]):
            continue
        try:
            facts[one.key] = _value(one, texts)
        except ValueError as refused:
            wrong[one.key] = str(refused)
    return facts, wrong


def _value(field: Field, texts: list[str]) -> Any:
    if field.dated:
        return texts[0]
    return _chosen(field, texts[0]) if field.options else _number(field, texts)


def _chosen(field: Field, text: str) -> Any:
    if text not in field.options:
        raise ValueError("请从列出的里面选一个")
    if field.options is YES_NO:
        return text == "yes"
    if schema.SCHEMA[field.key].kind == "list":
        return [] if text == NOTHING else [text]
    return text


def _number(field: Field, texts: list[str]) -> Any:
    low, high = (_amount(text) if text else None for text in texts)
    if not field.ranged or high is None or low == high:
        return low
    return {"low": low, "high": high}


def _amount(text: str) -> int | float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        raise ValueError("要写成数字") from None
    return int(value) if value.is_integer() else value

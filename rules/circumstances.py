"""Further columns of the facts frame, read by the programmes beyond the first screening.

Same conventions as `household`: null is "not known". Whether a child is infected with HIV is in no
column on purpose: the programmes that cover such children never need it to be told here.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from rules import facts as schema
from rules.facts import Facts, bounds, flag

_I, _B, _S = pl.Int64, pl.Boolean, pl.String

FURTHER_HOUSEHOLD: dict[str, Any] = {
    "rehab_low": _I, "rehab_high": _I, "accident_low": _I, "accident_high": _I,
    "lifted_out": _B, "housing": _S, "house_grade": _S,
    "heating_difficult": _B, "central_heating": _B,
    "death_in_family": _B, "disaster_effect": _S,
    "legal_matter": _S, "migrant_worker": _B,
    "crime_victim": _B, "compensated": _B, "judicial_aided_before": _B,
    "planned_exit_2016": _B, "wants_charity": _B, "wants_service": _B,
}  # fmt: skip
FURTHER_PERSON: dict[str, Any] = {
    "sex": _S, "supporter": _S, "care_form": _S, "adl_unable": _I, "needs_care": _B,
    "fixed_income": _B,
    "stage": _S, "boarding": _B,
    "father": _S, "mother": _S,
    "father_months_low": _I, "father_months_high": _I,
    "mother_months_low": _I, "mother_months_high": _I, "guardian_lacking": _B,
    "autism": _B, "heart_disease": _B, "cataract": _B, "hospital_statement": _B,
    "mental_illness": _B, "wants_work": _B, "stranded": _B, "work_ability": _S,
}  # fmt: skip
FURTHER_COLUMNS: dict[str, Any] = {**FURTHER_HOUSEHOLD, **FURTHER_PERSON}

# Fact keys whose column has another name.
_NAMED = {"student_stage": "stage", "father_state": "father", "mother_state": "mother"}
# Fact keys with a low and a high column.
_SIDED = {
    "rehab_expense": "rehab", "accident_expense": "accident",
    "father_months": "father_months", "mother_months": "mother_months",
}  # fmt: skip
FURTHER_FILLS: dict[str, tuple[str, ...]] = {
    "self_care": ("cannot_self_care",),
    "work_ability": ("work_ability", "no_work_ability"),
    **{
        fact.key: (f"{_SIDED[fact.key]}_low", f"{_SIDED[fact.key]}_high")
        if fact.key in _SIDED
        else (_NAMED.get(fact.key, fact.key),)
        for fact in schema.FURTHER
        if fact.asked
    },
}
STAGES = {
    "学前": "kindergarten", "幼儿园": "kindergarten", "小学": "primary", "初中": "junior",
    "高中": "senior", "中职": "vocational", "大学": "university", "大专": "university",
    "研究生": "postgraduate", "非全日制": "part_time", "无": "none", "没有": "none", "none": "none",
}  # fmt: skip
_FATES = {
    "双亡": "dead", "死亡": "dead", "去世": "dead", "亡": "dead", "失踪": "declared_missing",
    "服刑": "confined", "失联": "lost_contact", "重残": "severe_disability",
    "重病": "serious_illness",
}  # fmt: skip
_SAMPLES: dict[str, tuple[Any, ...]] = {
    "student_stage": ("none", "primary", "senior", "university"),
    "housing": ("商品房", "危房", "无房"),
    "adl_unable": (0, 2, 5),
    "father_months": (3, 8), "mother_months": (3, 8),
    "rehab_expense": (0, 3_000_000), "accident_expense": (0, 3_000_000),
    "work_ability": ("有", "无"),
}  # fmt: skip


def samples(key: str) -> list[tuple[Any, float]]:
    """What a further fact could be, in column units, equally weighted: for possible worlds."""
    values = _SAMPLES.get(key) or schema.SCHEMA[key].words or (False, True)
    return [(value, 1 / len(values)) for value in values]


def aged(facts: Facts, on: date) -> Facts:
    """The facts with ages by birthday on the day, for the person and every member told by it."""
    told = {**facts, **_age_of(facts, on)}
    if members := facts.get("members"):
        told["members"] = [{**member, **_age_of(member, on)} for member in members]
    return told


def _age_of(facts: Mapping[str, Any], on: date) -> dict[str, int]:
    born = schema.day(facts["birth_date"]) if facts.get("birth_date") else None
    if born is None:
        return {}
    return {"age": on.year - born.year - ((on.month, on.day) < (born.month, born.day))}


def further_household(facts: Facts) -> dict[str, Any]:
    """The further columns of the household."""
    row: dict[str, Any] = {**_sides(facts, "rehab_expense"), **_sides(facts, "accident_expense")}
    for name, dtype in FURTHER_HOUSEHOLD.items():
        if name not in row and facts.get(name) is not None:
            row[name] = flag(facts, name) if dtype == _B else str(facts[name])
    return row


def _sides(facts: Facts, key: str) -> dict[str, int | None]:
    low, high = bounds(facts, key)
    return {f"{_SIDED[key]}_low": low, f"{_SIDED[key]}_high": high}


def further_person(facts: Facts) -> dict[str, Any]:
    """The further columns of one person."""
    adl = bounds(facts, "adl_unable")
    row: dict[str, Any] = {
        "stage": stage(facts.get("student_stage")),
        # A range leaves the grade open, and with it which standard it is.
        "adl_unable": adl[0] if adl[0] == adl[1] else None,
        "father": facts.get("father_state") or _fate(facts, "父"),
        "mother": facts.get("mother_state") or _fate(facts, "母"),
        **_sides(facts, "father_months"),
        **_sides(facts, "mother_months"),
    }
    disease = str(facts.get("disease") or "")
    if "白内障" in disease:
        row["cataract"] = True
    if "先天性心脏病" in disease or "先心病" in disease:
        row["heart_disease"] = True
    for name, dtype in FURTHER_PERSON.items():
        if name not in row and facts.get(name) is not None:
            row[name] = flag(facts, name) if dtype == _B else str(facts[name])
    return row


def stage(told: Any) -> str | None:
    """The school stage; of several told the first counts."""
    if told is None:
        return None
    if isinstance(told, list | tuple):
        told = told[0] if told else "无"
    return STAGES.get(str(told))


def _fate(facts: Facts, parent: str) -> str | None:
    """What became of a parent, from 父亡母失联 and the like."""
    told = str(facts.get("parents_status") or "")
    match = re.search(rf"父母({'|'.join(_FATES)})|{parent}({'|'.join(_FATES)})", told)
    return _FATES[match[1] or match[2]] if match else None

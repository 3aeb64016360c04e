"""From facts to the facts frame: one row a person, the household's columns beside the person's.

Every column is nullable; null is "not known". A number has a low and a high column. Programme rules
read these columns and nothing else, so a register with the same columns is screened by the same
expressions.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from rules import facts as schema
from rules.circumstances import (
    FURTHER_COLUMNS,
    FURTHER_FILLS,
    further_household,
    further_person,
    stage,
)
from rules.facts import Bounds, Facts, bounds, codes, flag, known, level

_I, _B, _S = pl.Int64, pl.Boolean, pl.String
# What a household may receive already, and the column that says so.
RECEIVED = {
    "dibao": "gets_dibao", "tekun": "gets_tekun", "dibao_bianyuan": "gets_bianyuan",
    "gangxing_zhichu": "gets_gangxing", "gu_er_ertong": "gets_gu_er",
    "fangfanpin": "gets_fangfanpin",
}  # fmt: skip

HOUSEHOLD_COLUMNS: dict[str, Any] = {
    "size_low": _I, "size_high": _I,
    "income_total_low": _I, "income_total_high": _I,
    "income_year_low": _I, "income_year_high": _I,
    "income_head_low": _I, "income_head_high": _I,
    "income_floor": _I,
    "figures_conflict": _B,
    "pension": _I, "pension_kind": _S,
    "hukou": _S,
    "car": _B, "deposit_low": _I, "deposit_high": _I, "houses": _I,
    **dict.fromkeys(RECEIVED.values(), _B), "left_dibao": _B,
    "registered_poor": _B,
    "someone_employed": _B, "shock": _S, "basic_living_difficult": _B,
    "medical_self_low": _I, "medical_self_high": _I, "medical_total": _I,
    "medical_monthly_low": _I, "medical_monthly_high": _I,
    "tuition_low": _I, "tuition_high": _I, "job_cost": _I, "wage": _I, "rigid_deduct": _I,
    "excluded": _I, "money_aid": _I,
}  # fmt: skip
PERSON_COLUMNS: dict[str, Any] = {
    "level": _I, "disability_type": _S, "critical_illness": _B, "ill": _B,
    "age_low": _I, "age_high": _I, "employed": _B, "no_work_ability": _B,
    "cannot_self_care": _B, "bedridden": _B, "clergy_years": _I,
}  # fmt: skip
COLUMNS: dict[str, Any] = {**HOUSEHOLD_COLUMNS, **PERSON_COLUMNS}
ALL_COLUMNS: dict[str, Any] = {**COLUMNS, **FURTHER_COLUMNS}

#: Aid in money that whoever gets it may count into the income they tell, and how many standards of
#: one person it is at most in any collected text. Never shown.
MONEY_AID = {"canji_butie": 1, "gu_er_ertong": 3}
# One fact key to the columns it fills; next_question varies worlds by it.
FILLS: dict[str, tuple[str, ...]] = {
    "household_size": ("size_low", "size_high"),
    "monthly_income_total": ("income_total_low", "income_total_high"),
    "pension_kind": ("pension_kind",),
    "hukou": ("hukou",),
    "car": ("car",),
    "deposit": ("deposit_low", "deposit_high"),
    "disability_level": ("level",),
    "disability_type": ("disability_type",),
    "critical_illness_insured": ("critical_illness",),
    "age": ("age_low", "age_high"),
    "employed": ("employed", "someone_employed"),
    "shock": ("shock",),
    "medical_expense_self": ("medical_self_low", "medical_self_high"),
    "tuition": ("tuition_low", "tuition_high"),
}

ALL_FILLS: dict[str, tuple[str, ...]] = {**FILLS, **FURTHER_FILLS}

_PERSON_KEYS = frozenset(
    key for key, fact in schema.SCHEMA.items() if fact.of_person and not fact.further
)
_ALL_PERSON_KEYS = frozenset(key for key, fact in schema.SCHEMA.items() if fact.of_person) | {
    "parents_status"
}
_SEVERAL = 0.02  # two statements of one income may differ by this much, as rounded figures do


def household_row(facts: Facts, further: bool = False) -> dict[str, Any]:
    """The household's columns, `further` ones too if asked. Facts have passed `impossible`."""
    size_low, size_high = bounds(facts, "household_size")
    if size_low is None and size_high is None and facts.get("living_alone") is True:
        size_low = size_high = 1
    row: dict[str, Any] = {
        "size_low": size_low,
        "size_high": size_high,
        "pension": bounds(facts, "pension_monthly")[1],
        "pension_kind": facts.get("pension_kind"),
        "hukou": facts.get("hukou"),
        "car": flag(facts, "car"),
        "houses": bounds(facts, "houses")[1],
        "registered_poor": flag(facts, "registered_poor"),
        "someone_employed": _someone_employed(facts),
        "shock": shock(facts),
        "basic_living_difficult": flag(facts, "basic_living_difficult"),
        "medical_total": _some(bounds(facts, "medical_expense")),
        "job_cost": bounds(facts, "job_cost")[1],
        "wage": bounds(facts, "wage_monthly")[1],
        "rigid_deduct": bounds(facts, "rigid_deduct")[1],
        "excluded": bounds(facts, "excluded_income")[1],
        **(further_household(facts) if further else {}),
    }
    row["deposit_low"], row["deposit_high"] = bounds(facts, "deposit")
    row["medical_self_low"], row["medical_self_high"] = bounds(facts, "medical_expense_self")
    row["medical_monthly_low"], row["medical_monthly_high"] = bounds(
        facts, "medical_expense_monthly"
    )
    row["tuition_low"], row["tuition_high"] = _tuition(facts, size_high)
    row |= _income(facts, size_low, size_high)
    row["figures_conflict"] = row["figures_conflict"] or bool(schema.contradictions(facts))
    receiving, stopped = codes(facts, "receiving"), codes(facts, "stopped")
    if receiving is not None:
        row |= {column: code in receiving for code, column in RECEIVED.items()}
        row["money_aid"] = sum(MONEY_AID.get(code, 0) for code in receiving)
    if stopped is not None:
        row["left_dibao"] = "dibao" in stopped
    return row


def person_rows(facts: Facts, further: bool = False) -> list[dict[str, Any]]:
    """The persons whom a single-person verdict could concern; at least one row.

    Facts without a member ("disability_level") are about "the person" and make a row of their own.
    Members told with anything about health or disability come before it, members told by age or
    birthday alone behind it. Nobody told: one row of unknowns, for "is there anybody in the family
    who …".
    """
    described, aged = _members(facts, further)
    flat = _flat(facts, further)
    own = [{**flat, "lost_job": facts.get("lost_job")}] if flat or not (described or aged) else []
    rows = [_person(one, further) for one in (*described, *own, *aged)]
    if any(row["ill"] for row in rows):
        # Medical costs are the household's, whoever of it is ill and whoever stands first.
        rows = [{**row, "ill": True} for row in rows]
    return rows


def flat_row(facts: Facts, further: bool = False) -> int | None:
    """Which of `person_rows` is the person that the facts without a member are about."""
    return len(_members(facts, further)[0]) if _flat(facts, further) else None


def _flat(facts: Facts, further: bool) -> dict[str, Any]:
    keys = _ALL_PERSON_KEYS if further else _PERSON_KEYS
    return {key: facts[key] for key in keys if known(facts, key)}


def _members(facts: Facts, further: bool) -> tuple[list[Facts], list[Facts]]:
    """The members with more than an age or a job, and those of whom an age is told."""
    more = (_ALL_PERSON_KEYS if further else _PERSON_KEYS) - {"age", "employed", "birth_date"}
    told: list[Facts] = list(facts.get("members") or [])
    described = [one for one in told if any(known(one, key) for key in more)]
    ages = [one for one in told if known(one, "age") and one not in described]
    return described, ages


def described_person(facts: Facts, index: int, further: bool = False) -> str:
    """How to speak of the person of that row: 第几位 or the relation a member was given."""
    described, aged = _members(facts, further)
    rows: list[Facts] = [*described, *([facts] if _flat(facts, further) else []), *aged]
    if index < len(rows) and rows[index] is not facts:
        return str(rows[index].get("relation") or "这位家人")
    return str(facts.get("for_relation") or "本人或这位家人")


def frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any] = COLUMNS) -> pl.DataFrame:
    """A facts frame of these rows; missing columns are null."""
    data = {name: [row.get(name) for row in rows] for name in columns}
    return pl.DataFrame(data, schema=dict(columns))


def facts_frame(facts: Facts) -> pl.DataFrame:
    """The facts frame of one household: a row a person."""
    household = household_row(facts)
    return frame([household | person for person in person_rows(facts)])


def shock(facts: Facts) -> str | None:
    """The sudden event, said outright or told as an accident, a disaster or a lost job."""
    if known(facts, "shock"):
        return str(facts["shock"])
    if flag(facts, "accident"):
        return "accident"
    if flag(facts, "disaster"):
        return "fire" if "火" in str(facts["disaster"]) else "disaster"
    return "job_loss" if flag(facts, "lost_job") else None


def _some(told: Bounds) -> int | None:
    """An amount of which only counts whether there is any: a range from zero says nothing."""
    low, high = told
    return low if low or low == high else None


_PAST_SCHOOL = 60


def _tuition(facts: Facts, size_high: int | None) -> Bounds:
    """What study costs; nobody asks it of one old person alone or of who said that none study."""
    told = bounds(facts, "tuition")
    if told != (None, None) or size_high != 1:
        return told
    age = bounds(facts, "age")[0]
    at_home = stage(facts.get("student_stage")) == "none"
    return (0, 0) if at_home or (age is not None and age >= _PAST_SCHOOL) else told


def _someone_employed(facts: Facts) -> bool | None:
    """Whether anybody in the household works; no only when the resident said so."""
    told = [flag(facts, "employed"), *(flag(m, "employed") for m in facts.get("members") or [])]
    if True in told:
        return True
    return False if told[0] is False else None


_MIND = {"智力", "精神"}


def _disability_kind(told: Any) -> str | None:
    """One kind: 聋哑 is two that count alike; of 肢体 and 智力 nobody knows whose is whose."""
    if not isinstance(told, list | tuple):
        return None if told is None else str(told)
    alike = len({kind in _MIND for kind in told}) == 1
    return str(told[0]) if alike else None


def _person(facts: Facts, further: bool = False) -> dict[str, Any]:
    age_low, age_high = bounds(facts, "age")
    employed = flag(facts, "employed")
    if employed is None and flag(facts, "lost_job"):
        employed = False
    ability = facts.get("work_ability")
    years_low, years_high = bounds(facts, "clergy_years")
    return {
        "level": level(facts),
        "disability_type": _disability_kind(facts.get("disability_type")),
        "critical_illness": flag(facts, "critical_illness_insured"),
        "ill": flag(facts, "disease"),
        "age_low": age_low,
        "age_high": age_high,
        "employed": employed,
        "no_work_ability": None if ability is None else ability == "无",
        "cannot_self_care": flag(facts, "self_care"),
        "bedridden": flag(facts, "bedridden"),
        # A person looks at it anyway, so a range counts by its longer end.
        "clergy_years": years_low if years_high is None else years_high,
        **(further_person(facts) if further else {}),
    }


def _income(facts: Facts, size_low: int | None, size_high: int | None) -> dict[str, Any]:
    """The income columns; several statements of it are merged, and a clash is flagged."""
    total = bounds(facts, "monthly_income_total")
    year = bounds(facts, "annual_income_total")
    head = bounds(facts, "monthly_income_per_capita")
    summed, floor = _members_income(facts, size_low, size_high)
    if total == (None, None):
        total = summed
    row: dict[str, Any] = {"income_floor": floor, "figures_conflict": False}
    exact_size = size_low if size_low is not None and size_low == size_high else None
    monthly: list[tuple[float, float]] = []
    for low, high in (total, (_over(year[0], 12), _over(year[1], 12))):
        if low is not None and high is not None:
            monthly.append((low, high))
    if exact_size is not None and None not in head:
        monthly.append(((head[0] or 0) * exact_size, (head[1] or 0) * exact_size))
    if len(monthly) > 1:
        # Everything between the statements is carried, so that nothing is decided that depends
        # on which is true; only far apart do they contradict each other.
        lowest, highest = min(m[0] for m in monthly), max(m[1] for m in monthly)
        apart = max(m[0] for m in monthly) - min(m[1] for m in monthly)
        row["figures_conflict"] = apart > _SEVERAL * max(highest, 1)
        low, high = math.floor(lowest), math.ceil(highest)
        return row | {"income_total_low": low, "income_total_high": high}
    if total != (None, None):
        return row | {"income_total_low": total[0], "income_total_high": total[1]}
    if year != (None, None):
        return row | {"income_year_low": year[0], "income_year_high": year[1]}
    return row | {"income_head_low": head[0], "income_head_high": head[1]}


def _over(amount: int | None, divisor: int) -> float | None:
    return None if amount is None else amount / divisor


def _members_income(
    facts: Facts, size_low: int | None, size_high: int | None
) -> tuple[Bounds, int | None]:
    """(the sum, low and high, when every member's income is told; the least the family has)."""
    members = facts.get("members") or []
    told = [
        bounds({"monthly_income_member": member.get("monthly_income")}, "monthly_income_member")
        for member in members
    ]
    lows = [low for low, _ in told if low is not None]
    highs = [high for _, high in told if high is not None]
    one = bounds(facts, "monthly_income_member")
    complete = len(members) == size_low == size_high and len(told) == len(members) > 0
    if complete and (None, None) not in told:
        return (sum(lows), sum(highs) if len(highs) == len(members) else None), sum(lows)
    if one != (None, None) and size_low == size_high == 1:
        return one, one[0]
    least = [*([sum(lows)] if lows else []), *([one[0]] if one[0] is not None else [])]
    return (None, None), max(least, default=None)

"""Checks over all parameter files together: misprints are set aside, contradictions refused."""

import math
from datetime import date

from rules import regions
from rules.errors import ParameterError
from rules.parameter_values import MONTHLY, YEARLY, Parameter, Quarantined

# A monthly living standard outside these figures is a misprint or a yearly one: the lowest and
# highest known anywhere in the country since 2007 lie well inside.
_MONTHLY_LIVING = (30, 4500)
_YEARLY_LIVING = (400, 54000)
_LIVING_PREFIXES = ("dibao_standard", "tekun_basic_living", "tekun_standard", "wubao_standard")
_GROWTH_PLAUSIBLE = 0.25
_STANDARD = "dibao_standard"
# Standards with care money in them are basic living and more, so the multiple binds them too.
_CARED = ("selfcare", "partial", "full")
_TEKUN_AGAINST_DIBAO = {
    "tekun_basic_living": _STANDARD,
    "tekun_standard": _STANDARD,
    "tekun_standard_home": _STANDARD,
    "tekun_standard_institution": _STANDARD,
    **{f"tekun_{where}_{care}": _STANDARD for where in ("home", "institution") for care in _CARED},
    "tekun_basic_living_avg": "dibao_standard_avg",
    "tekun_basic_living_avg_monthly": "dibao_standard_avg_monthly",
    "tekun_basic_living_floor": "dibao_standard_floor",
    "tekun_basic_living_floor_inherited": "dibao_standard_floor_inherited",
}
TEKUN_MULTIPLE = 1.3
#: What is compared with income a head: any unit but these two would be read as the wrong one.
LIVING_STANDARDS = frozenset({*_TEKUN_AGAINST_DIBAO, *_TEKUN_AGAINST_DIBAO.values()})


def _overlap(one: Parameter, two: Parameter) -> bool:
    if one.effective_from is None or two.effective_from is None:
        return False
    return one.effective_from <= (two.effective_to or date.max) and two.effective_from <= (
        one.effective_to or date.max
    )


def collide(one: Parameter, two: Parameter) -> bool:
    """Whether both give the same figure for the same people on some day."""
    if (one.name, one.region_code) != (two.name, two.region_code):
        return False
    same_group = one.population == two.population
    # "everybody" beside "rural" is ambiguous for a standard, usual for a statistic.
    if one.name.startswith(_LIVING_PREFIXES) and "all" in (one.population, two.population):
        same_group = True
    return same_group and _overlap(one, two)


def quarantine(parameters: list[Parameter]) -> tuple[list[Parameter], list[Quarantined]]:
    """Set aside values that cannot be right as printed."""
    aside: dict[int, Quarantined] = {}
    for index, one in enumerate(parameters):
        living = one.name.startswith(_LIVING_PREFIXES)
        for other in parameters[index + 1 :] if living else ():
            same = (one.name, one.region_code, one.document, one.value) == (
                other.name,
                other.region_code,
                other.document,
                other.value,
            )
            if same and {one.unit, other.unit} == {MONTHLY, YEARLY}:
                reason = "同一份材料里同一个数字既写每月又写每年"
                aside[id(one)] = Quarantined(one, reason)
                aside[id(other)] = Quarantined(other, reason)
        if living and id(one) not in aside and not _plausible(one):
            aside[id(one)] = Quarantined(
                one, f"{one.value} {one.unit} 不像真的，可能写错了单位", _proposal(one, parameters)
            )
    return [p for p in parameters if id(p) not in aside], list(aside.values())


def _plausible(parameter: Parameter) -> bool:
    bounds = {MONTHLY: _MONTHLY_LIVING, YEARLY: _YEARLY_LIVING}.get(parameter.unit)
    return bounds is None or bounds[0] <= parameter.low <= parameter.high <= bounds[1]


def _proposal(odd: Parameter, parameters: list[Parameter]) -> str:
    """The other unit, when an earlier value of the series makes the growth believable in it."""
    other_unit = {MONTHLY: YEARLY, YEARLY: MONTHLY}[odd.unit]
    for earlier in parameters:
        if (earlier.name, earlier.region_code, earlier.population, earlier.unit) != (
            odd.name,
            odd.region_code,
            odd.population,
            other_unit,
        ):
            continue
        if not (odd.effective_from and earlier.effective_from):
            continue
        years = odd.effective_from.year - earlier.effective_from.year
        if years > 0 and 0 <= math.pow(odd.low / earlier.low, 1 / years) - 1 <= _GROWTH_PLAUSIBLE:
            return other_unit
    return ""


def refuse_overlaps(parameters: list[Parameter]) -> None:
    groups: dict[tuple[str, str], list[Parameter]] = {}
    for parameter in parameters:
        groups.setdefault((parameter.name, parameter.region_code), []).append(parameter)
    for rows in groups.values():
        for index, one in enumerate(rows):
            for two in rows[index + 1 :]:
                if collide(one, two):
                    raise ParameterError(
                        f"{one.title}有两个值在同一时间生效："
                        f"{one.low}（{one.effective_from}起）"
                        f"和{two.low}（{two.effective_from}起）"
                    )


def refuse_low_tekun(parameters: list[Parameter]) -> None:
    """特困 basic living may not be below 1.3 times the 低保 standard of the same place and time.

    A place without a 低保 standard of its own is held against the next layer's. Verified values are
    held against verified ones: what nobody has verified refuses none of them.
    """
    dibao: dict[tuple[str, str], list[Parameter]] = {}
    for parameter in parameters:
        if parameter.name in _TEKUN_AGAINST_DIBAO.values():
            dibao.setdefault((parameter.name, parameter.region_code), []).append(parameter)
    for tekun in parameters:
        base_name = _TEKUN_AGAINST_DIBAO.get(tekun.name)
        if base_name is None or tekun.unit not in (MONTHLY, YEARLY):
            continue
        for base in _measure_of(tekun, base_name, dibao):
            if _yearly(tekun) + _rounding(tekun) < TEKUN_MULTIPLE * _yearly(base) - 1e-6:
                raise ParameterError(
                    f"{tekun.title}{tekun.low}{tekun.unit}，"
                    f"低于{base.title}{base.low}{base.unit}的{TEKUN_MULTIPLE}倍"
                )


def _measure_of(
    tekun: Parameter, name: str, dibao: dict[tuple[str, str], list[Parameter]]
) -> list[Parameter]:
    """The 低保 figures of the nearest layer that the 特困 figure is held against."""
    # An average or a floor of a larger place binds no smaller one.
    layers = regions.layers(tekun.region_code) if name == _STANDARD else [tekun.region_code]
    for code in layers:
        if found := [one for one in dibao.get((name, code), ()) if _comparable(tekun, one)]:
            return found
    return []


def _comparable(tekun: Parameter, base: Parameter) -> bool:
    same = tekun.population == base.population or base.population == "all"
    if tekun.population == "all" and base.population == "urban":
        same = True
    if tekun.verified != base.verified or not same or not _overlap(tekun, base):
        return False
    # An end that was only inferred from the next known value proves nothing about later years:
    # such a value is held against what was in force when it began.
    began = tekun.effective_from
    if tekun.end_inferred and began and not base.covers(began):
        return False
    return base.unit in (MONTHLY, YEARLY)


def _rounding(tekun: Parameter) -> float:
    """Yuan a year by which an official figure may miss the multiple, where its source rounds it."""
    return 12 if tekun.ratio_note else 0


def _yearly(parameter: Parameter) -> float:
    return parameter.low * (12 if parameter.unit == MONTHLY else 1)

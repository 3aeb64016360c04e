"""Figures in answers: a placeholder becomes the value of a parameter that holds there and then.

`{dibao_standard}`             城市每人每月770元、农村每人每月630元
`{dibao_standard.short}`       770元 (without "每人每月")
`{dibao_standard.bare}`        the same without "至少"
`{dibao_standard.when}`        重庆市，2025年7月起
`{dibao_standard.last}`        the newest verified value that held before, with place and time
`{dibao_standard.past}`        that value alone; place and time are said at the end
`{dibao_standard.example}`     a worked difference between the standard and a lower income
`{dibao_standard@350503}`      pinned to a place, for "比如" sentences
`{dibao_standard:rural}`       pinned to a population
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules import regions
from rules.parameters import (
    HukouNeeded,
    Parameter,
    ParameterNotInForce,
    Store,
    default_store,
    history,
)
from rules.parameters import in_force as _in_force

PLACEHOLDER = re.compile(
    r"\{(?P<name>[a-z][a-z_0-9]*)(?:@(?P<place>\d{6}))?(?::(?P<group>urban|rural))?"
    r"(?:\.(?P<part>when|short|bare|last|past|example))?\}"
)
_GROUPS = {"urban": "城市", "rural": "农村", "all": ""}
# unit → words before and after the number
_UNITS = {
    "元/人·月": ("每人每月", "元"),
    "元/人·年": ("每人每年", "元"),
    "元/生·年": ("每人每年", "元"),
    "元/户·月": ("每户每月", "元"),
    "元/年": ("每年", "元"),
    "元/人": ("每人", "元"),
    "元/例": ("每例", "元"),
    "元": ("", "元"),
    "工作日": ("", "个工作日"),
    "×低保标准": ("", "倍"),
    "×当地低保月标准": ("", "个月的当地低保标准"),
    "×低保月标准": ("", "个月的低保标准"),
    "个月低保标准": ("", "个月的低保标准"),
    "个月当地上年职工月平均工资": ("", "个月的当地职工月平均工资"),
}
_LEAST = "至少"
_SUFFIX_ONLY = frozenset({"天", "日", "个月", "岁", "%", "人"})
# The income of the worked example: this share of the standard, in steps of fifty yuan.
_EXAMPLE_SHARE, _EXAMPLE_STEP = 0.65, 50


class Missing(Exception):
    """No verified value. `ask_place`: a more exact place would give one."""

    def __init__(self, name: str, *, ask_place: bool) -> None:
        self.name = name
        self.ask_place = ask_place
        super().__init__(name)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure depends on: the place (None: not known), the day and the hukou."""

    region: str | None
    on: date
    hukou: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """The words of a placeholder and the values behind them."""

    text: str
    parameters: tuple[Parameter, ...]
    dated: bool = False


def figure(match: re.Match[str], asked: Asked) -> Figure:
    """The words for one placeholder. Raises Missing."""
    name, part = match["name"], match["part"]
    pinned = match["place"]
    if pinned:
        asked = Asked(pinned, asked.on, asked.hukou if asked.region == pinned else None)
    if part in ("last", "past"):
        return _last(name, asked, dated=part == "last")
    values = values_of(name, asked, match["group"])
    if part == "when":
        return Figure(when(values[0]), values, dated=True)
    if part == "example":
        return _example(name, values)
    text = _together(values, short=part in ("short", "bare"))
    return Figure(text.replace(_LEAST, "") if part == "bare" else text, values)


def values_of(name: str, asked: Asked, group: str | None = None) -> tuple[Parameter, ...]:
    """One value, or one for each hukou when it is not known and decides. Raises Missing."""
    place = asked.region or regions.NATION
    hukou = asked.hukou if asked.hukou in ("urban", "rural") else None
    wanted = group or hukou
    try:
        return (_in_force(name, place, asked.on, wanted or "all"),)
    except HukouNeeded:
        found = []
        for each in ("urban", "rural"):
            try:
                found.append(_in_force(name, place, asked.on, each))
            except ParameterNotInForce:
                continue
        same = (
            len(found) > 1 and len({(p.low, p.high, p.unit, p.effective_from) for p in found}) == 1
        )
        return tuple(found[:1] if same else found)
    except ParameterNotInForce:
        raise Missing(name, ask_place=_elsewhere(name, asked, default_store())) from None


@lru_cache(maxsize=1024)
def _elsewhere(name: str, asked: Asked, store: Store) -> bool:
    """Whether a division below the place has a value, so that a more exact place would help."""
    if asked.region is not None:
        nearest = regions.region(regions.layers(asked.region)[0])
        if nearest.level in ("county", "township"):
            return False
    return any(
        p.name == name
        and p.verified
        and p.covers(asked.on)
        and (asked.region is None or asked.region in regions.layers(p.region_code))
        for p in store.parameters
    )


def when(parameter: Parameter) -> str:
    """Place layer and time of a value: 重庆市，2025年7月起."""
    return f"{parameter.region_name}，{period(parameter)}"


def period(parameter: Parameter) -> str:
    """2025年7月起, or 2023年9月到2024年8月 when the end is known."""
    start, end = parameter.effective_from, parameter.effective_to
    if start is None:
        return f"{_month(end)}以前" if end else ""
    if end is None or parameter.end_inferred:
        return f"{_month(start)}起"
    if start.year == end.year:
        whole = (start.month, end.month) == (1, 12)
        return f"{start.year}年" if whole else f"{_month(start)}到{end.month}月"
    return f"{_month(start)}到{_month(end)}"


def _month(day: date) -> str:
    return f"{day.year}年{day.month}月"


def _together(values: tuple[Parameter, ...], *, short: bool) -> str:
    if len(values) == 1:
        return _words(values[0], short=short)
    return "、".join(
        f"{_GROUPS[p.population]}{_words(p, short=short, label=False)}" for p in values
    )


def _words(parameter: Parameter, *, short: bool, label: bool = True) -> str:
    unit = parameter.unit
    if unit in _SUFFIX_ONLY:
        before, after = "", unit
    else:
        before, after = _UNITS[unit]
    low = _number(parameter.low, money=after == "元")
    high = _number(parameter.high, money=after == "元")
    number = low if parameter.low == parameter.high else f"{low}到{high}"
    group = _GROUPS[parameter.population] if label and after == "元" and not short else ""
    least = _LEAST if parameter.at_least else ""
    return f"{group}{'' if short else before}{least}{number}{after}"


def _number(value: float | int, *, money: bool) -> str:
    if money and value >= 10000 and value % 1000 == 0:
        return f"{value / 10000:g}万"
    return f"{value:.10g}"


def _last(name: str, asked: Asked, *, dated: bool) -> Figure:
    """The newest verified value at or above the place that held before the day. Raises Missing."""
    for code in regions.layers(asked.region or regions.NATION):
        past = [
            p
            for p in history(name, code)
            if p.effective_from is not None and p.effective_from <= asked.on
        ]
        if past:
            newest = max(p.effective_from for p in past if p.effective_from)
            rows = [p for p in past if p.effective_from == newest]
            rows.sort(key=lambda p: p.population, reverse=True)
            mine = [p for p in rows if p.population in (asked.hukou, "all")]
            chosen = tuple(mine or rows)
            if not dated:
                return Figure(_together(chosen, short=True), chosen)
            return Figure(
                f"{when(chosen[0])}，{_together(chosen, short=False)}", chosen, dated=True
            )
    raise Missing(name, ask_place=False)


def _example(name: str, values: tuple[Parameter, ...]) -> Figure:
    """比如线是每月770元，家里平均每人500元，每人大约补270元."""
    standard = values[0]
    if standard.unit != "元/人·月" or standard.value is None:
        raise Missing(name, ask_place=False)
    line = round(standard.value)
    income = round(line * _EXAMPLE_SHARE / _EXAMPLE_STEP) * _EXAMPLE_STEP
    text = f"线是每月{line}元，家里平均每人{income}元，每人大约补{line - income}元"
    return Figure(text, (standard,))

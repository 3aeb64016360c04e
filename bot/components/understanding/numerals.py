"""Reading one Chinese or Arabic number at a position, as people say it.

一万二 is 12000 and 两千三 is 2300 (the last digit takes the next lower unit), 五六百 is a range,
千把 and 十多万 are approximations of their base, 几百 has no base at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
#: How many of something small, as people count: 两口, 俩娃, 仨人.
COUNTS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "俩": 2, "仨": 3}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LETTER_UNITS = {"k": 1000, "K": 1000, "w": 10_000, "W": 10_000}
_FORMAL = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬", "一二二三三四五六六七八九十百千万")
# At least one banker's unit, so that two surnames (陆伍) stay what they are.
_FORMAL_RUN = re.compile(
    r"[壹贰貳叁參肆伍陆陸柒捌玖零]*[拾佰仟万萬][壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬零]+"
    r"|[壹贰貳叁參肆伍陆陸柒捌玖零]+[拾佰仟万萬]"
    r"|[壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬零]{2,}(?=[元圆整块岁]|$)"
)
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SPOKEN_DIGITS = re.compile(r"[零一二三四五六七八九]{3,}")
_INFIX = "多来几余把"
# After these a single digit counts things and is no tail of the amount: 欠三万|三个娃.
_COUNTED = re.compile(r"[个口位名岁]")


@dataclass(frozen=True)
class Reading:
    """A number read at `start`..`end`; either `value`, or the bounds `low`..`high`."""

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    spoken_digits: bool = False


_IDIOMS: list[tuple[re.Pattern[str], float | None, float | None, float | None]] = [
    (re.compile(r"千儿?八百"), None, 800, 1000),
    (re.compile(r"万儿?八千"), None, 8000, 10_000),
    (re.compile(r"百(?:八十|十来|十|把|来|多|几十)万"), 1_000_000, None, None),
    (re.compile(r"千(?:把|来|多)万"), 10_000_000, None, None),
    (re.compile(r"[万](?:儿?把|把儿)"), 10_000, None, None),
    (re.compile(r"千(?:儿把|把儿)"), 1000, None, None),
    (re.compile(r"[上成]十万"), 100_000, None, None),
    (re.compile(r"年?半百"), 50, None, None),
    (re.compile(r"个把万"), 10_000, None, None),
    (re.compile(r"万数?(?=[块元])"), 10_000, None, None),
    (re.compile(r"千数?(?=[块元])"), 1000, None, None),
    (re.compile(r"百数?(?=[块元])"), 100, None, None),
    (re.compile(r"三两千"), None, 2000, 3000),
    (re.compile(r"三两百"), None, 200, 300),
    (re.compile(r"三两万"), None, 20_000, 30_000),
    (re.compile(r"大几百"), None, 500, 900),
    (re.compile(r"大几千"), None, 5000, 9000),
    (re.compile(r"大几万"), None, 50_000, 90_000),
    (re.compile(r"六旬|花甲(?:之年)?"), 60, None, None),
    (re.compile(r"七旬|古稀(?:之年)?"), 70, None, None),
    (re.compile(r"八旬|耄耋(?:之年)?"), 80, None, None),
    (re.compile(r"九旬"), 90, None, None),
    (re.compile(r"百[八几]十(?![一二三四五六七八九])"), 100, None, None),
    (re.compile(r"百十(?:来|几|多)?(?=[块元个人号])|百十(?:来|几|多)"), 100, None, None),
    (re.compile(r"头十"), 10, None, None),
    (re.compile(r"个把"), 1, None, None),
    (re.compile(r"百[把来多](?!万)"), 100, None, None),
    (re.compile(r"千[把来多](?!万)"), 1000, None, None),
    (re.compile(r"[万][把来多]"), 10_000, None, None),
    (re.compile(r"成?[上]百万"), 1_000_000, None, None),
    (re.compile(r"[上成]万(?![一二三四五六七八九])"), 10_000, None, None),
    (re.compile(r"[上成]千(?!上万|[一二三四五六七八九])"), 1000, None, None),
    (re.compile(r"[上成]百(?!上千|[一二三四五六七八九])"), 100, None, None),
]
_SEVERAL = re.compile(r"(?:好几|几|数|好多)(十万|百万|千万|十|百|千|万)")
# 廿八 is 28, 卅二 is 32.
_CONTRACTED = {"廿": 20.0, "卄": 20.0, "卅": 30.0, "卌": 40.0}
# 千二, 万五: an unspoken 一 in front, the digit takes the next lower unit.
_SILENT_ONE = re.compile(r"[百千万][一二三四五六七八九](?!百分|成|起)")


_AND_DIGIT = re.compile(r"(?<=十)有[一二三四五六七八九](?![个口人位名间套年月天块])")
_PER_ONE = re.compile(r"一(?:学期|学年|年|天|季|期|次|趟|晚|盒|瓶|针|支|斤|亩|套|张|台)")
_HALF = re.compile(r"半(?:年|个月|个学期)")


def standard_digits(text: str) -> str:
    """Banker's numerals (壹仟贰佰元) as plain ones; the length stays."""
    return _FORMAL_RUN.sub(lambda m: m.group().translate(_FORMAL), text)


def _unit_run(text: str, at: int) -> tuple[float, int]:
    factor = 1.0
    while at < len(text) and text[at] in UNITS:
        factor *= UNITS[text[at]]
        at += 1
    return factor, at


def _is_pair(first: str, second: str) -> bool:
    """三四, 七八 and the idiomatic 三五 are ranges; 二五 is not."""
    if first not in DIGITS or second not in DIGITS or first == "零":
        return False
    a, b = DIGITS[first], DIGITS[second]
    return b == a + 1 or (a, b) == (3, 5)


def _multiple(word: str) -> float:
    factor = 1.0
    for char in word:
        factor *= UNITS[char]
    return factor


def _idiom(text: str, at: int) -> Reading | None:
    for pattern, value, low, high in _IDIOMS:
        match = pattern.match(text, at)
        if match:
            return Reading(at, match.end(), value, low, high, approximate=True)
    several = _SEVERAL.match(text, at)
    if several:
        base = _multiple(several.group(1))
        return Reading(at, several.end(), None, 2 * base, 9 * base, approximate=True)
    return None


class _Sum:
    """Running total of a numeral: `total` from 万 up, `section` below, `pending` open digit."""

    def __init__(self) -> None:
        self.total = 0.0
        self.section = 0.0
        self.pending: float | None = None
        self.pending_arabic = False
        self.last_unit = 0.0
        self.zero = False
        self.approximate = False

    def base(self) -> float:
        return self.total + self.section

    def contracted(self, value: float) -> bool:
        if self.pending is not None or self.section:
            return False
        self.section, self.last_unit = value, 10
        return True

    def small_unit(self, unit: float) -> bool:
        if self.pending is None:
            if self.section or self.total or unit != 10:
                return False
            self.pending = 1.0
        self.section += self.pending * unit
        self.pending, self.last_unit, self.zero = None, unit, False
        return True

    def big_unit(self, unit: float) -> bool:
        amount = self.section + (self.pending or 0.0)
        if not amount or self.total:
            return False
        self.total = amount * unit
        self.section, self.pending, self.last_unit, self.zero = 0.0, None, unit, False
        return True


def _pair_range(text: str, at: int, total: _Sum) -> Reading | None:
    low, high = DIGITS[text[at]], DIGITS[text[at + 1]]
    factor, end = _unit_run(text, at + 2)
    if end == at + 2:
        # 三百六七 = 360–370, 二十七八 = 27–28, bare 七八 = 7–8
        factor = total.last_unit / 10 if total.last_unit >= 10 else 1.0
    elif total.section and factor > total.last_unit:
        # 十五六万 = 150000–160000
        low, high = int(total.section) + low, int(total.section) + high
        return Reading(0, end, None, low * factor, high * factor, approximate=True)
    base = total.base()
    return Reading(0, end, None, base + low * factor, base + high * factor, approximate=True)


#: Characters a number can begin with; everything else needs no closer look.
STARTERS = frozenset("零〇一二三四五六七八九两十百千万几好数上成头个半年廿卄卅卌大花古耄0123456789")


def read_number(text: str, at: int) -> Reading | None:
    """The longest number that starts exactly at `at`, or None."""
    if text[at : at + 1] not in STARTERS:
        return None
    idiom = _idiom(text, at)
    if idiom:
        return idiom
    if text[at] == "半":
        half = _HALF.match(text, at)
        return Reading(at, at + 1, 0.5) if half else None
    spoken = _SPOKEN_DIGITS.match(text, at)
    if spoken:
        digits = "".join(str(DIGITS[c]) for c in spoken.group())
        return Reading(at, spoken.end(), float(digits), spoken_digits=True)
    total, position = _Sum(), at
    if _SILENT_ONE.match(text, at):
        total.pending = 1.0
    while position < len(text):
        char = text[position]
        arabic = _ARABIC.match(text, position)
        if arabic:
            if total.pending is not None:
                break
            total.pending, total.pending_arabic = float(arabic.group().replace(",", "")), True
            position = arabic.end()
        elif char == "零":
            if total.pending is not None:
                break
            if position == at:
                return Reading(at, at + 1, 0.0)
            total.zero = True
            position += 1
        elif char in DIGITS:
            if total.pending is not None:
                break
            if total.last_unit >= 100 and _PER_ONE.match(text, position):
                break  # 三百一年, 两千一学期: three hundred for one year
            if position + 1 < len(text) and _is_pair(char, text[position + 1]):
                found = _pair_range(text, position, total)
                if found:
                    return Reading(at, found.end, None, found.low, found.high, approximate=True)
            total.pending, total.pending_arabic = float(DIGITS[char]), False
            position += 1
        elif char in _INFIX and position > at and text[position + 1 : position + 2] in UNITS:
            # 十多万, 100来万; but 三千多十… does not occur
            if text[position + 1] not in "万亿百千":
                break
            total.approximate = True
            position += 1
        elif char == "有" and _AND_DIGIT.match(text, position):
            position += 1  # 四十有三
        elif char in _CONTRACTED:
            if not total.contracted(_CONTRACTED[char]):
                break
            position += 1
        elif char in "十百千":
            if not total.small_unit(UNITS[char]):
                break
            position += 1
        elif char in "万亿":
            if not total.big_unit(UNITS[char]):
                break
            position += 1
        elif char in _LETTER_UNITS and total.pending is not None:
            if text[position + 1 : position + 2].isalpha() and text[position + 1].isascii():
                break
            unit = _LETTER_UNITS[char]
            if not (total.big_unit(unit) if unit == 10_000 else total.small_unit(unit)):
                break
            position += 1
        else:
            break
    return _finish(text, at, position, total)


def _finish(text: str, at: int, position: int, total: _Sum) -> Reading | None:
    if position == at:
        return None
    value = total.base()
    if total.pending is not None:
        tail = total.pending
        if total.last_unit >= 100 and not total.zero and 0 < tail < 10 and tail == int(tail):
            if _COUNTED.match(text, position):
                return Reading(at, position - 1, value, approximate=total.approximate)
            tail *= total.last_unit / 10
        value += tail
    return Reading(at, position, value, approximate=total.approximate)

"""Amounts in short replies: 八百来块, 1.2万, 两千三, 五六百, 不到两千.

The language model extracts facts from whole sentences; this settles what a bare amount means as the
answer to an open question. Pure text in, plain values out: yuan, heads, years, months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

Number = int | float
Amount = Number | dict[str, Number]
Measure = Literal["money", "people", "age", "months", "plain"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "二": 2, "仨": 3, "幺": 1}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000, "k": 1000, "w": 10000}
_FULLWIDTH = str.maketrans("０１２３４５６７８９．，ＫＷｋｗKW", "0123456789.,kwkwkw")

_BAND = re.compile(r"(\d+)-(\d*)")
_ARABIC = r"\d[\d,]*(?:\.\d+)?"
_CHINESE = r"[零〇一二两俩仨三四五六七八九十百千万几]"
_RUN = re.compile(
    rf"(?P<under>不到|不足|不满|少于|没到|低于)?"
    rf"(?P<run>(?:{_ARABIC}|{_CHINESE}|[kw半](?![a-z]))+)"
    rf"(?P<approx>来|多|余|把)?(?P<tail>[万千百]?(?:{_CHINESE}|\d)*)"
    rf"(?:(?:到|至|-|~|—)(?P<upto>(?:{_ARABIC}|{_CHINESE})+))?"
    rf"(?:来|多|余|左右|上下)?(?P<measure>块|元|圆|钱|口|个人|人|岁|个月|个|位|名|天)?"
    rf"(?P<over>以上|往上)?"
)
_MEASURES: dict[str, Measure] = {
    "块": "money",
    "元": "money",
    "圆": "money",
    "钱": "money",
    "口": "people",
    "个人": "people",
    "人": "people",
    "个": "people",
    "位": "people",
    "名": "people",
    "岁": "age",
    "个月": "months",
}
_NEIGHBOURS = re.compile(r"([一二两三四五六七八九])([二两三四五六七八九])([十百千万]*)")


@dataclass(frozen=True)
class Read:
    """An amount found in a reply. `value` is yuan, heads, years or months, as `measure` says."""

    value: Amount
    measure: Measure
    whole: bool  # the reply says nothing beside the amount


def amount(text: str, wanted: Measure = "plain") -> Read | None:
    """The amount in a short reply that fits `wanted` best; ranges and 不到X become {"low", "high"}.

    In 一个月八百 asked for money the 800 is meant, not the one month.
    """
    cleaned = _TOKEN.sub("", text).translate(_FULLWIDTH).replace(" ", "")
    cleaned = _NO_NUMBERS.sub("", cleaned)
    reads: list[Read] = []
    for found in _RUN.finditer(cleaned):
        value = _value(found)
        if value is None:
            continue
        measure = _MEASURES.get(found["measure"] or "", "plain")
        rest = cleaned[: found.start()] + cleaned[found.end() :]
        reads.append(Read(value, measure, not _FILLER.sub("", rest)))
    if not reads:
        return None
    fitting = [read for read in reads if read.measure == wanted]
    loose = [read for read in reads if read.measure == "plain"]
    return (fitting or loose or reads)[0]


_NOT_BUT = re.compile(r"不是(?P<old>[^是,，。]{1,12}?)[,，。、 ]*(?:而|应该|其实)?是(?=[^,，。 ])")


def corrected(text: str) -> tuple[str, str]:
    """What 不是三千，是三千五 takes back, and what is meant; ("", text) for any other sentence."""
    found = _NOT_BUT.search(text)
    return (found["old"], text[found.end() :]) if found else ("", text)


#: The token of a hidden number: its digits count nothing.
_TOKEN = re.compile("⟦[^⟧]*⟧")
#: Words that begin like a number and count nothing: 五保户 is no household of five.
_NO_NUMBERS = re.compile(
    r"五保|三无(?=人员|老人|对象)|四川|百姓|万州|一(?:直|般|定|起|样|下|点|些|会儿?|跤|趟|年到头|辈子|齐|路|边|旦|切|个(?:事|样|意思)|回事|码事|家人)"
)

_FILLER = re.compile(
    r"[\s，,。.!！?？、：:~的吧嘛哈啊呀嗯哦呢了]|大概|大约|差不多|左右|每个?月|一个?月|就|只有|是|有|共|一共"
    r"|人民币|我们?家|家里|我|全家|总共|可能|应该|也|约|给|块|元|钱|不对|[写说打记搞弄讲算报填]错了?|错了|等等|改成|应该是"
)


def _value(found: re.Match[str]) -> Amount | None:
    run = found["run"] + (found["tail"] or "")
    if found["approx"] == "把" and run and run[0] in "十百千万":
        run = "一" + run
    value = _number(run)
    if value is None:
        return None
    if found["upto"]:
        high = _number(found["upto"])
        low = value
        if high is None or isinstance(high, dict) or isinstance(low, dict):
            return value
        unit = found["upto"][-1:]
        if low < 100 and unit in _UNITS and unit in "百千万" and low < high / _UNITS[unit] + 1:
            low *= _UNITS[unit]
        return {"low": low, "high": high} if low < high else high
    if isinstance(value, dict):
        return value
    if found["under"]:
        return {"low": 0, "high": value}
    return value


def _number(run: str) -> Amount | None:
    neighbours = _NEIGHBOURS.fullmatch(run)
    if neighbours:
        low, high = _DIGITS[neighbours[1]], _DIGITS[neighbours[2]]
        if high == low + 1:
            unit = 1
            for mark in neighbours[3]:
                unit *= _UNITS[mark]
            return {"low": low * unit, "high": high * unit}
    if run[0] == "几":
        unit = 1
        for mark in run[1:]:
            if mark not in _UNITS:
                return None
            unit *= _UNITS[mark]
        return {"low": 2 * unit, "high": 9 * unit} if unit > 1 else None
    if run == "十几":
        return {"low": 11, "high": 19}
    return _exact(run)


def _exact(run: str) -> Number | None:
    """1.2万, 3千5, 两千三百五, 二零, 1,800 → the number; None when it is not one."""
    total = section = 0.0
    digit: float | None = None
    last_unit = 1.0
    position = 0
    seen = False
    while position < len(run):
        arabic = re.match(_ARABIC, run[position:])
        if arabic:
            digit = float(arabic.group().replace(",", ""))
            position += arabic.end()
            seen = True
            continue
        mark = run[position]
        position += 1
        if mark in _DIGITS:
            if digit is not None and mark not in "零〇" and last_unit == 1 and not section:
                digit = digit * 10 + _DIGITS[mark]
            elif mark in "零〇":
                digit = digit * 10 if digit is not None else None
                last_unit = 1
            else:
                digit = float(_DIGITS[mark])
            seen = True
        elif mark == "半":
            if last_unit > 1:
                section += last_unit / 2
                digit = None
            elif not seen:
                digit = 0.5
            seen = True
        elif mark in _UNITS:
            unit = _UNITS[mark]
            if mark == "万" or mark == "w":
                total = (
                    total + section + (digit if digit is not None else 0 if section else 1)
                ) * (unit)
                section = 0.0
            else:
                section += (1 if digit is None else digit) * unit
            digit, last_unit, seen = None, float(unit), True
        else:
            return None
    if not seen:
        return 0 if run and set(run) <= set("零〇") else None
    if digit is not None:
        # 一万二 is 12,000 and 两千三 is 2,300: a digit after a unit counts tenths of that unit.
        section += digit * last_unit / 10 if last_unit >= 100 and digit < 10 else digit
    result = total + section
    return int(result) if result == int(result) else round(result, 2)


def band(value: str) -> Any:
    """What the button of a band sends: 500-600, 2000- and 0-0; any other value as it is."""
    found = _BAND.fullmatch(value)
    if found is None:
        return value
    low = int(found[1])
    if not found[2]:
        return {"low": low, "high": None}
    high = int(found[2])
    return low if low == high else {"low": low, "high": high}

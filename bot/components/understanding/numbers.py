"""Amounts, counts and durations with their approximation, unit, period and 每人.

No library reads colloquial Chinese amounts right (一万二, 千把块, 五六百), so this parser does.
Money is in yuan. A bounded or uncertain amount has `low`/`high` and no `value`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .numerals import STARTERS, read_number, standard_digits

Unit = Literal["yuan", "age", "person", "piece", "year", "month", "day", "percent", "other", ""]
Period = Literal["month", "year", "day", "term", ""]


@dataclass(frozen=True)
class Quantity:
    """One number in its phrase; `start`/`end` cover number, marks and unit in the clean text."""

    start: int
    end: int
    value: float | None
    low: float | None = None
    high: float | None = None
    approximate: bool = False
    unit: Unit = ""
    per: Period = ""
    each: bool = False
    spoken_digits: bool = False

    @property
    def is_range(self) -> bool:
        return self.value is None

    @property
    def size(self) -> float:
        """A single figure to compare with: the value or the upper (else lower) bound."""
        if self.value is not None:
            return self.value
        return self.high if self.high is not None else (self.low or 0.0)


# Words that begin with a numeral and count nothing.
_NOT_NUMBERS = re.compile(
    r"(?<=[加在到])一块(?![五三\d])|一(?:直|起|样|下|点|些|定|般|切|旦|边|共|辈|家|哈|站|屁|手|块儿|块住|律|方面|向"
    r"|再|会儿|会|儿一女"
    r"|分钱|毛钱|五一十|对一|个人|个劲|老一小|时|窝|身|心|生|路|件事|回事|体化)"
    r"|两(?:口子|老|头|边|夫妻|不愁|孩)|三(?:无|轮|保障|餐|下五|天两头|番|农)|五(?:保"
    r"|险|一)|四(?:川|处|肢)"
    r"|六(?:神|一儿)|百(?:姓|分|货|般|年)|千(?:万别|万不|万要|万莫|方)|万(?:一|分|州"
    r"|盛)|十(?:分|足|全)"
    r"|半(?:夜|天|路|身|边|辈)|二(?:维|手|胎|婚|女户|姨|叔|舅|伯|姐|哥|妹|弟|爷|嫂"
    r"|女儿|娃|儿子|闺女)"
    r"|三(?:姨|叔|舅|伯|姐|哥|妹|弟|爷|嫂|女儿|儿子)|八(?:字|卦)|几(?:乎|时|点)|数(?:据|字|量|额)"
)
_BELOW = re.compile(
    r"(?:不到|不足|不满|未满|没到|不够|不过|顶多|最多|不超过|最高|至多|不会超过|剩不(?:下|了)|落不(?:下|到)|存不(?:下|了))(?:就|也就|有|才)?$"
)
_ABOVE = re.compile(
    r"(?:至少|起码|最少|超过|少说|不低于|(?<!剩)(?<!落)(?<!存)不下|不止|最低)(?:也|要|有|得)*$"
)
_ABOUT = re.compile(
    r"(?:大概|大约|约莫|约|差不多|将近|接近|近|快|(?<!老)小|也就|上下|估计|估摸|可能)(?:有|是|在|得|就)?$"
)
_AFTER_MARK = re.compile(
    r"多|外(?=$|[,。;!? 块元])|来(?!自|源|的|了|办|问)|余|几(?!个|口|岁)|好几|把(?!我|他|她|钱)"
)
_TRAILING_MARK = re.compile(
    r"(?:都|还|也)?不到(?=[,。;!?]|$)|(?:都|还)(?:没有|不足)(?=[,。;!?]|$)|左右|上下|出头|的样子|样子|挂零|打零|不等|以内|以下|之内|以上|往上"
)
_LESS_AFTER = re.compile(r"以内|以下|之内|不到|没有|不足")
_MONEY_UNIT = re.compile(r"块钱|块|元钱|元|圆|大洋|大元|rmb|RMB|人民币|钱(?!包)")
_TENTHS = re.compile(
    r"([一二三四五六七八九]|\d)(?:毛|角)?(?![百千万十\d个口岁年月天日间套人张次级期样零一二三四五六七八九])"
)
_OTHER_UNITS: list[tuple[re.Pattern[str], Unit]] = [
    (re.compile(r"周岁|岁半|岁"), "age"),
    (re.compile(r"个?半?月(?!份|底|初|饼|子|嫂|\d)"), "month"),
    (re.compile(r"年(?!级|纪|龄|底|初|代|轻|\d)(?:半)?|载"), "year"),
    (re.compile(r"天|日(?!期|结)"), "day"),
    (
        re.compile(
            r"口人|口子人|口之家|口|个人|名成员|人(?!民|家|均|工|员|社|大|品)|位(?!数)|条命"
        ),
        "person",
    ),
    (re.compile(r"[%‰]|成(?!本)|个点"), "percent"),
    (
        re.compile(
            r"个(?=[多几半]?[小大]?(?:娃|孩|儿|女|崽|仔|囝|细|学生|老|伢|丫|闺|姑娘|小子|兄|弟"
            r"|姐|妹))"
        ),
        "piece",
    ),
    (
        re.compile(
            r"级|期|号|楼|组|栋|单元|队|社|室|次|回(?!来|去|家)|遍|分|点|时|斤|亩|平|㎡|m2|米|公里|里|头"
            r"|只|条|间|层|套|楼|台|辆"
            r"|片|针|盒|届|折|份|块(?=地)|月份|年级|批|类|种|部|本|张|双|厘米|度|步|瓶|小时"
            r"|分钟|星期|周|代|人间|倍"
        ),
        "other",
    ),
]
_PER_AFTER = re.compile(
    r"[,]?(?:的样子|左右|上下|吧|多)?(?:/|每|一)?(?:个)?(月|年|天|日|学期|期)(?!前|后"
    r"|底|初|份|纪|级|没(?!(?:有|得)?(?:车|存|房))|不)"
)
_PERIOD_ENDS = re.compile(r"$|[,。;!? 吧嘛呢的左上下]")
_PERIODS: dict[str, Period] = {"month": "month", "year": "year", "day": "day", "term": "term"}
_PER_BEFORE = re.compile(
    r"(?P<month>每个?月|一个?月|个月|按月|当月|月月|月(?=收|工|薪|均|入|租|供|退|养|总"
    r"|平|生|支|花|人)|月头|月底)"
    r"|(?P<year>每年|一年|全年|年年|整年|年(?=收|均|薪|入|总|人|纯)|去年|前年|今年一年|今年(?=[^,。;]{0,6}(?:总收入|一共|总共|纯收入|收成|进账))|一年到头)"
    r"|(?P<day>每天|一天|日薪|天天|一日|每日)|(?P<term>每学期|一学期|一期|每期|学期)"
)
_EACH_BEFORE = re.compile(
    r"每个?人|人均|平均每|人平|平均一个人|平均下来|摊到每|一个人头|人头|均下来|平均(?=\D{0,6}$)"
)
_EACH_AFTER = re.compile(r"(?:块钱?|元)?(?:一个人|每人|一人|每个人)(?!住|过|带|生活|在)")


def _unit_after(text: str, at: int) -> tuple[Unit, int]:
    money = _MONEY_UNIT.match(text, at)
    if money:
        return "yuan", money.end()
    for pattern, unit in _OTHER_UNITS:
        match = pattern.match(text, at)
        if match:
            return unit, match.end()
    return "", at


def _clause_start(text: str, at: int) -> int:
    position = at
    while position > 0 and text[position - 1] not in ",。;!?\n":
        position -= 1
    return position


def _period(text: str, start: int, end: int) -> Period:
    names: dict[str, Period] = {
        "月": "month",
        "年": "year",
        "天": "day",
        "日": "day",
        "学期": "term",
        "期": "term",
    }
    after = _PER_AFTER.match(text, end)
    if after and after.group().startswith(",") and not _PERIOD_ENDS.match(text, after.end()):
        after = None  # 我六十七,一个月靠农保: the period belongs to what follows
    if after and not re.match(r"[月年]", text[end : end + 1] or "。"):
        return names[after.group(1)]
    before = list(_PER_BEFORE.finditer(text, max(_clause_start(text, start), start - 16), start))
    if before:
        return _PERIODS[before[-1].lastgroup or ""]
    # 一个月,八百来块: the period may stand in a clause of its own.
    lead = re.search(r"(?:每|一)个?(月|年|天)(?:下来)?[, ]$", text[:start])
    return names[lead.group(1)] if lead else ""


def _is_each(text: str, start: int, end: int) -> bool:
    window = text[max(_clause_start(text, start), start - 16) : start]
    return bool(_EACH_BEFORE.search(window) or _EACH_AFTER.match(text, end))


def _number(value: float) -> float:
    return round(value, 4)


def _joined_range(text: str, at: int, end: int) -> tuple[float, float, int] | None:
    """一千八到两千, 800-1000, 三到五千, 5、6百: the second number of a range."""
    match = re.compile(r"(?:块钱?|元)?(?:到|至|-|~|、|或者|或)").match(text, end)
    if not match:
        return None
    first, second = read_number(text, at), read_number(text, match.end())
    if not first or not second or first.value is None or second.value is None:
        return None
    low, high = first.value, second.value
    if text[match.start() : match.end()].endswith("、") and not (low < 10 and high / 10 >= 1):
        return None
    if low < 10 <= high:
        # 三到五千 shares its unit; 8到10万 too when the first is bare.
        power = 1.0
        while power * 10 <= high:
            power *= 10
        if text[second.end - 1] in "十百千万kKwW" and low * power <= high:
            low *= power
    elif high >= 10_000 and low < 100 and text[second.end - 1] in "万wW":
        low *= 10_000
    if not low < high or high > low * 20:
        return None
    return low, high, second.end


def find_quantities(text: str) -> list[Quantity]:
    """All numbers of the clean `text` in order, each with what surrounds it."""
    text = standard_digits(text)
    found: list[Quantity] = []
    position = 0
    while position < len(text):
        if text[position] == "⟦":
            close = text.find("⟧", position)
            position = close + 1 if close > 0 else position + 1
            continue
        if text[position] not in STARTERS:
            position += 1
            continue
        word = _NOT_NUMBERS.match(text, position)
        if word and not _is_counted_person(text, position):
            position = word.end()
            continue
        reading = read_number(text, position)
        if reading is None or _inside_word(text, position):
            position += 1
            continue
        quantity = _complete(text, position, reading.end)
        if quantity is None:
            position = reading.end
            continue
        found.append(quantity)
        position = quantity.end
    return found


def _is_counted_person(text: str, at: int) -> bool:
    return bool(re.match(r"一个人(?:口|头)", text[at:]))


def _inside_word(text: str, at: int) -> bool:
    before = text[max(0, at - 1) : at]
    if before == "第" or (before == "." and text[at].isdigit()):
        return True
    if (
        before in {"老", "小", "初", "周", "大", "高", "礼拜", "星期", "期"}
        and text[at] in "一二三四五六七八九"
    ):
        following = text[at + 1 : at + 2]
        return following not in set("十百千万岁个口")
    return before.isascii() and before.isalpha() and text[at].isdigit()


def _complete(text: str, start: int, end: int) -> Quantity | None:
    reading = read_number(text, start)
    if reading is None:
        return None
    value, low, high = reading.value, reading.low, reading.high
    approximate = reading.approximate
    joined = _joined_range(text, start, end)
    if joined:
        low, high, end = joined
        value = None
    mark = _AFTER_MARK.match(text, end)
    if mark and not (mark.group() == "来" and value is not None and value < 10):
        approximate, end = True, mark.end()
        if mark.group() in {"多", "余", "来", "几"} and end < len(text) and text[end] in "万千百":
            return None
    number_end = end
    unit, end = _unit_after(text, end)
    if unit == "yuan" and value is not None and value < 100_000:
        tenths = _TENTHS.match(text, end)
        if tenths and text[end - 1] in "块元":
            digit = tenths.group(1)
            value += (int(digit) if digit.isdigit() else "零一二三四五六七八九".index(digit)) / 10
            end = tenths.end()
    if unit == "yuan" and text[end : end + 1] in {"多", "来"}:
        approximate, end = True, end + 1
    if unit in {"month", "year"} and "半" in text[number_end:end] and value is not None:
        value += 0.5
    trailing = _TRAILING_MARK.match(text, end)
    lead = text[max(0, start - 8) : start]
    if lead.endswith(("¥", "¥:")) and unit == "":
        unit = "yuan"
    lead = lead.rstrip("¥")
    if trailing:
        approximate, end = True, trailing.end()
        if _LESS_AFTER.search(trailing.group()) and value is not None:
            low, high, value = None, value, None
        elif trailing.group() in {"以上", "往上"} and value is not None:
            low, high, value = value, None, None
    if value is not None and _BELOW.search(lead):
        low, high, value, approximate = None, value, None, True
    elif value is not None and _ABOVE.search(lead):
        low, high, value, approximate = value, None, None, True
    elif _ABOUT.search(lead):
        approximate = True
    return Quantity(
        start,
        end,
        None if value is None else _number(value),
        None if low is None else _number(low),
        None if high is None else _number(high),
        approximate,
        unit,
        _period(text, start, end),
        _is_each(text, start, end),
        reading.spoken_digits,
    )


def json_amount(quantity: Quantity) -> int | float | dict[str, float | int | None]:
    """The value an entity carries: a number, or {"low", "high"} for a range."""

    def plain(number: float | None) -> float | int | None:
        if number is None:
            return None
        return int(number) if number == int(number) else number

    if quantity.value is not None:
        single = plain(quantity.value)
        assert single is not None
        return single
    return {"low": plain(quantity.low), "high": plain(quantity.high)}

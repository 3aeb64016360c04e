"""Figures a resident takes back in the same breath: 不是三口,是四口; 六十四,不对,六十五.

What was taken back gives way to what was meant, in its place and with its unit; the rest of the
phrase is blanked, so that every offset of the clean text stays what it was.
"""

from __future__ import annotations

import re

from .numbers import Quantity, find_quantities

#: What stands for a figure taken back, and for one that was true before: 从三千降到两千.
BLANK, BEFORE = "□", "■"
_FIGURE = re.compile(r"[\d一二三四五六七八九十百千万两俩]")
#: 不是我爸,是我妈
_KIN = re.compile(
    r"(?:是)?(?:我|俺|咱|阮)?(?:们)?(?:家)?的?(?:爸|妈|爹|娘|父|母|爷|奶|公|婆|儿|女|闺|哥|弟|姐|妹|叔|伯|舅|姑|姨|婶|老伴|老头|老太|老汉|媳妇|丈夫|妻|孙|外甥|侄|孩|娃|岳)"
)
_NOT_BUT = re.compile(
    r"(?:并|可)?不是(?P<old>[^,。;!?]{1,10}?)(?P<new>[,。; ]*(?:而?是|应该是|其实是)(?=.))"
)
# 是二级,不是一级: the figure taken back comes last.
_AND_NOT = re.compile(
    r"是(?P<new>[^,。;!?]{1,10})(?P<old>[,。; ]+(?:并)?不是[^,。;!?]{1,8})(?=$|[,。;!?])"
)
_FROM_TO = re.compile(
    r"(?:从|由)([^,。;!?]{1,8}?)(?:涨到|变成|改成|降到|升到|加到|减到|换成|变为|调成)(?=.)"
)
_CHANGED = re.compile(
    r"([\d一二两三四五六七八九十百千万]+(?:级|口|个|人|岁|块|元)?(?:人)?)(?:改成|改为"
    r"|应该是|更正为|换成)(?=[\d一二两三四五六七八九十])"
)
_SLIP = re.compile(
    r"[,。;!? ]*(?:啊|哦|噢|呃|哎|诶|唉|喔|额|嗯)*[, ]*(?:不对(?:不对)?|不不+|哦不|噢不|啊不|说错|记错|打错|写错|填错"
    r"|讲错|搞错|弄错|报错|算错|口误|更正|错了|准确(?:地)?说|准确点)(?:了|啦|咯|一下|,)*[,。;!? ]*"
    r"(?:应该|其实|实际|准确说|正确的)*(?:是|为|有)?"
)
_NEAR = 8
# 三个人,一个月两千。不对,四个人,一个月两千三: so far back a figure told anew is looked for.
_TOLD_ANEW = 40
# 停之前领三百二, 以前一个月挣五千: what came in once. 之前说的三千 is no such figure.
_FORMER = re.compile(
    r"(?:以前|之前|原来|原先|从前|早先|那时候?|那阵|年轻时?候?|(?:停|断|取消|失业|下岗|出事|病|退休|瘫|残|疫情)[^,。;!? ]{0,3}前)"
    r"(?!说|填|报|写|讲)(?:(?!现在|如今|目前|说|填)[^,。;!? ]){0,8}?(?:领|拿|挣|赚|发|收入|工资|月薪|到手)"
    r"(?:(?!现在|如今|目前)[^,。;!? ]){0,6}$"
)
_LEAST_MONEY, _MOST_COUNTED = 100, 130


def _blank(text: str, start: int, end: int, mark: str = BLANK) -> str:
    return text[:start] + mark * (end - start) + text[end:]


def _told_anew(text: str, slip: re.Match[str]) -> str:
    """Several figures told anew after the slip: each takes the place of the one of its kind."""
    told = [q for q in find_quantities(text[: slip.start()]) if slip.start() - q.end <= _TOLD_ANEW]
    anew = [q for q in find_quantities(text[slip.end() :]) if q.unit != "month"]
    if not told or not anew or anew[0].start > _NEAR:
        return text
    if anew[0].unit not in {"person", "age"} or told[-1].unit == anew[0].unit:
        return text  # the figure just told is the one meant
    for new in anew:
        old = next((q for q in reversed(told) if (q.unit, q.per) == (new.unit, new.per)), None)
        if old is None:
            break
        told.remove(old)
        text = _blank(text, old.start, old.end)
    return text


def _without_former(text: str) -> str:
    for q in find_quantities(text):
        money = q.unit == "yuan" or (q.unit == "" and q.size >= _LEAST_MONEY)
        if money and _FORMER.search(text[: q.start]):
            text = _blank(text, q.start, q.end, BEFORE)
    return text


def _slips(text: str) -> str:
    """六十四岁,不对,六十五 → 六十五岁□□□□□□□□: the later figure of the same kind stands."""
    for match in _SLIP.finditer(text):
        if (anew := _told_anew(text, match)) != text:
            return _slips(anew)
        said = [q for q in find_quantities(text[: match.start()]) if match.start() - q.end <= _NEAR]
        meant = [
            q
            for q in find_quantities(text[match.end() : match.end() + 24])
            if q.start <= (4 if said else 0)
        ]
        if not said or not meant or not _same_kind(said[-1], meant[0]):
            continue
        old, new = said[-1], meant[0]
        figure = text[match.end() + new.start : match.end() + new.end]
        if not new.unit and old.unit:
            figure += _unit_words(text[old.start : old.end])
        until = match.end() + new.end
        room = until - old.start
        if len(figure) <= room:
            return _slips(text[: old.start] + figure.ljust(room, BLANK) + text[until:])
    return text


def _same_kind(old: Quantity, new: Quantity) -> bool:
    if {old.unit, new.unit} & {"person", "age"} and max(old.size, new.size) > _MOST_COUNTED:
        return False  # 一个月两千,不对,家里四个人
    return old.unit == new.unit or not new.unit or not old.unit


def _unit_words(phrase: str) -> str:
    return re.sub(r"^[\d.,一二三四五六七八九十百千万两零廿卅几来多]+", "", phrase)


def without_retracted(text: str) -> str:
    """The text with every figure taken back replaced or blanked; the length stays."""
    if not _FIGURE.search(text) and "不是" not in text:
        return text
    for match in list(_NOT_BUT.finditer(text)):
        old, new = match.group("old"), text[match.end() :]
        if _FIGURE.search(old) or (_KIN.search(old) and _KIN.match(new)):
            # 收入不是四千,是一千四 reads 收入是一千四: the comma goes too.
            text = _blank(text, match.start(), match.end("new") - 1)
    for match in list(_AND_NOT.finditer(text)):
        if _FIGURE.search(match.group("old")) and _FIGURE.search(match.group("new")):
            text = _blank(text, *match.span("old"))
    for pattern in (_FROM_TO, _CHANGED):
        for match in list(pattern.finditer(text)):
            if _FIGURE.search(match.group(1)):
                mark = BEFORE if pattern is _FROM_TO else BLANK
                text = _blank(text, *match.span(1), mark)
    return _without_former(_slips(text))

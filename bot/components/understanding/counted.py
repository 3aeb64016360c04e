"""How many, in reply to a question that asks for it: heads, children, years, months, houses.

Only what is counted of that counts: 两个读书娃 are no household of two, 两层 no two heads, and in
是不是一伙的 nothing is counted at all.
"""

from __future__ import annotations

import re

from .facts.scene import Fact, Scene
from .numbers import Quantity, json_amount
from .numerals import COUNTS

#: 一个月, 两天: how long, not how many.
_OF_TIME = re.compile(r"个?(?:多|来)?(?:月|礼拜|星期|天|小时)")
_GROUP_NUMBER = re.compile(
    r"^[^\d一二两三四五六七八九十俩仨]*([\d]{1,3}|[一二两三四五六七八九十俩仨]{1,3})"
    r"(?!保)(?!" + _OF_TIME.pattern + r")(?![\d一二两三四五六七八九十百千万亿块元毛俩仨级])(?"
    r":个|口|人|岁|周岁|个人|口人|个月|套|处|间|孩子|娃|来岁|了|多)*[^\d]*$"
)
#: 家里五个人 is no age, and 五十岁 no number of heads.
_NOT_COUNTED = {True: ("个人", "口", "人", "个娃", "个孩子"), False: ("岁", "周岁")}
_UNITS = {
    "household_size": {"person", "piece", ""},
    "num_children": {"person", "piece", ""},
    "age": {"age", ""},
    "waiting_months": {"month", "year"},
    "houses": {"other", "piece", ""},
}
#: 三个孩子 are a part of the household, 4号楼 and 120 none of it.
_A_PART = re.compile(
    r"个[^,。;!? 人口]{0,4}(?:娃|孩|儿|女|崽|学生|老人|老的|病人)|平均|人均"
    r"|[\d一二三四五六七八九十](?:号|栋|幢|单元|楼|组)|1(?:10|19|20)"
)
#: 两层, 三亩: of no heads, whatever was asked.
_THINGS = frozenset("级岁项套辆栋间楼层号次亩只头块元斤年条张台")
#: 一伙, 一样: no number; 我一个人照顾 tells of no household of one.
_NO_NUMBER = re.compile(
    r"一(?:伙|样|起|般|直|点|下|会|定|边|次|些|回事|家人"
    r"|个人(?:照[顾看料]|伺候|服侍|扛|撑|忙|挣|赚|上班|干活))"
)
#: 两个娃，老婆，还有我妈，一共五个
_TOTAL = re.compile(
    r"(?:一共|总共|拢共|合计|加起来|统共)(?:就|是|有|才)*([\d]{1,2}|[一二两三四五六七八九十])"
    r"(?:个|口)(?:人|子)?(?=$|[,。;!?了嘛吧])"
)
_ALONE = re.compile(
    r"一个人(?!照[顾看料]|伺候|服侍|扛|撑|忙|挣|赚|上班|干活)|独自|就我(?:自己)?$"
    r"|我自己(?!也|都|家|有|没|想|要|能|可|的)|单身一人|孤身"
)
#: A longer message tells something of its own.
_LONGEST, _SHORT = 24, 12
_MOST, _OLDEST = 30, 130


def count_answer(scene: Scene, key: str, *, corrected: bool) -> Fact | None:
    """The count that answers the open question `key`, None when there is none."""
    text = scene.text
    total = _TOTAL.search(text) if key == "household_size" else None
    if total:
        word = total.group(1)
        heads = int(word) if word.isdigit() else COUNTS[word]
        return Fact(key, heads, total.start(1), total.end(1))
    if len(text) > _LONGEST or (key == "household_size" and _A_PART.search(text)):
        return None
    if key == "waiting_months" and "半年" in text:
        at = text.index("半年")
        return Fact(key, 6, at, at + 2)
    found = [q for q in scene.quantities if _may_count(scene, key, q)]
    if found:
        q = found[-1] if corrected else found[0]
        factor = 12 if key == "waiting_months" and q.unit == "year" else 1
        if q.value is not None:
            return Fact(key, int(q.value * factor), q.start, q.end)
        return Fact(key, json_amount(q), q.start, q.end)
    match = _GROUP_NUMBER.match(text)
    counted = text[match.end(1) :].startswith(_NOT_COUNTED[key == "age"]) if match else False
    things = key != "houses" and match and text[match.end(1) : match.end(1) + 1] in _THINGS - {"岁"}
    if match and len(text) <= _SHORT and not (counted or things or _NO_NUMBER.search(text)):
        word = match.group(1)
        value = int(word) if word.isdigit() else COUNTS.get(word)
        if value is not None:
            return Fact(key, value, match.start(1), match.end(1))
    alone = _ALONE.search(text) if key == "household_size" else None
    return Fact(key, 1, *alone.span()) if alone else None


def _may_count(scene: Scene, key: str, q: Quantity) -> bool:
    after = scene.text[q.end : q.end + 1]
    of_things = key in {"household_size", "num_children"} and q.unit == "" and after in _THINGS
    return (
        q.unit in _UNITS[key]
        and q.size < (_OLDEST if key == "age" else _MOST)
        and not _OF_TIME.match(scene.text, q.end)
        and after != "级"
        and not (of_things and after)
        and not _NO_NUMBER.match(scene.text, q.start)
    )

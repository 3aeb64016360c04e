"""Marriage, children, living alone, and whom a message asks for."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("老公前年肝癌走了，我一个人拉扯仨娃", "丧偶"),
        ("我男人在矿上出事没了", "丧偶"),
        ("孩子他爸去年出车祸走了", "丧偶"),
        ("死了老伴好几年", "丧偶"),
        ("前夫不给抚养费", "离异"),
        ("我今年离了，带着娃", "离异"),
        ("打了一辈子光棍", "单身"),
        ("我没老婆没孩子", "单身"),
        ("一直没说上媳妇", "单身"),
        ("帮我舅舅问，他没结过婚", "单身"),
        ("我弟没娶媳妇", None),
        ("我闺女离婚了带娃回来住", None),
        ("他闹着要离婚", None),
        ("离了拐杖走不动", None),
        ("户主六十，育有一子（未婚）", None),
    ],
)
def test_marital(text: str, status: str | None) -> None:
    assert facts(text).get("marital") == status


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("育有两子一女", 3),
        ("两儿一女都在外面", 3),
        ("儿子上大二女儿上高三", 2),
        ("大的上初二，小的上五年级", 2),
        ("有三个崽要养", 3),
        ("我养两个孙子", 2),
        ("家里两个上学的", 2),
        ("带着个六岁的女儿", 1),
        ("就一个女儿，远嫁了", 1),
        ("听说楼里有个小孩", None),
        ("初三娃要交学费", None),
    ],
)
def test_children(text: str, count: int | None) -> None:
    assert facts(text).get("num_children") == count


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("我们家六张嘴等着吃饭", 6),
        ("连我一共五个人", 5),
        ("母子俩相依为命", 2),
        ("人数写错了，应该是四个人", 4),
        ("兄妹俩加一个外公", 3),
        ("爸爸妈妈和我", 3),
        ("两个老人带一个孙子", 3),
        ("我跟孙子过，他爸他妈都不在", 2),
        ("老两口外加一个瞎眼的闺女", 3),
        ("我跟婆婆带两个娃，老公打工", None),
        ("我跟老公俩人都没工作", None),
        ("俺兄弟俩早就分家了", None),
    ],
)
def test_listed_household(text: str, size: int | None) -> None:
    assert facts(text).get("household_size") == size


@pytest.mark.parametrize(
    ("text", "label", "relation"),
    [
        ("俺娘七十七了，俺娘能不能进敬老院", "start_screening", "母亲"),
        ("我妈瘫在床上三年了，想给她申请护理补贴", "self_declare", "母亲"),
        ("家里就剩我跟孙女，孩子能不能有补助", "start_screening", "孙女"),
        ("慈善机构收不收，姐姐再障", "self_declare", "姐姐"),
        ("我老婆精神二级，护理补贴我们能领吗", "start_screening", "妻子"),
        ("想把两个老的都登记上", "self_declare", "父母"),
        ("不是我自己，是问我姨妈，她守寡", "report_for_other", "姨妈"),
        ("代战友反映，他住的房子漏雨", "report_for_other", "战友"),
        ("隔壁老汉瘫了，儿子不管他", "report_for_other", "邻居"),
        ("我要申请临时救助，老公住院花了九万", "self_declare", None),
        ("请救救我们一家，两个孩子都病了", "self_declare", None),
        ("环卫大叔孤苦，想替他登记点救助", "report_for_other", None),
        ("老伴走了，我一个人能不能吃低保", "start_screening", None),
    ],
)
def test_whom_the_message_asks_for(text: str, label: str, relation: str | None) -> None:
    assert understood(text, label).facts.get("for_relation") == relation


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("外公今年整八十五", 85),
        ("我外孙今年九岁", 9),
        ("俺嘞岁数是五十七", 57),
        ("我四十岁带着七十岁的娘", 40),
        ("今年卅三岁", 33),
        ("今年六十有四", 64),
        ("我今年肆拾壹岁", 41),
        ("我今年四十四岁，说错了，四十六", 46),
        ("我妈七十八了，我也五十，我妈能不能进敬老院", 78),
        ("我一个人住，79，走不动", 79),
        ("我爸年近八旬", 80),
        ("我年过花甲", 60),
        ("老汉85高龄", 85),
        ("她今年六十七八", {"low": 67, "high": 68}),
        ("我不到七十", {"low": None, "high": 70}),
        ("两个孙子一个八岁一个五岁", None),
    ],
)
def test_whose_age(text: str, age: Any) -> None:
    assert facts(text).get("age") == age

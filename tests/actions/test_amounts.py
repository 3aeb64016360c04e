"""Amounts and short replies as residents type them."""

from __future__ import annotations

from typing import Any

import pytest

from actions import reading
from actions.amounts import amount

AMOUNTS: list[tuple[str, Any]] = [
    ("1800", 1800),
    ("2,300", 2300),
    ("１２００元", 1200),
    ("两千", 2000),
    ("八百来块", 800),
    ("两千多", 2000),
    ("十多万", 100000),
    ("万把块", 10000),
    ("千把块", 1000),
    ("1.2万", 12000),
    ("一万二", 12000),
    ("两千三", 2300),
    ("两千三百五", 2350),
    ("一千零五十", 1050),
    ("一百零五", 105),
    ("3k", 3000),
    ("3千5", 3500),
    ("五六百", {"low": 500, "high": 600}),
    ("一两千", {"low": 1000, "high": 2000}),
    ("1000到2000", {"low": 1000, "high": 2000}),
    ("一千到两千", {"low": 1000, "high": 2000}),
    ("不到两千", {"low": 0, "high": 2000}),
    ("几百块", {"low": 200, "high": 900}),
    ("三四个", {"low": 3, "high": 4}),
    ("二十", 20),
    ("十五万", 150000),
]


@pytest.mark.parametrize(("text", "value"), AMOUNTS)
def test_an_amount(text: str, value: Any) -> None:
    read = amount(text)
    assert read is not None
    assert read.value == value
    assert read.whole


def test_the_amount_asked_for_is_meant_not_the_month() -> None:
    read = amount("一个月八百", "money")
    assert read is not None
    assert read.value == 800


@pytest.mark.parametrize("text", ["没得", "不清楚", "石宝镇", "", "块"])
def test_no_amount(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize("text", ["对", "对的 提交", "好的", "嗯嗯", "要得", "是的，没错"])
def test_yes(text: str) -> None:
    assert reading.says_yes(text)
    assert not reading.says_no(text)


@pytest.mark.parametrize(
    "text", ["没得残疾", "啥都没领过", "没得读书的", "没有", "唔系", "没了", "算了"]
)
def test_no(text: str) -> None:
    assert reading.says_no(text)
    assert not reading.says_yes(text)


@pytest.mark.parametrize("text", ["就是有点风湿", "没收入八百", "没有两千，只有一千五"])
def test_neither_yes_nor_no(text: str) -> None:
    assert not reading.says_yes(text)
    assert not reading.says_no(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("刘长贵", "刘长贵"),
        ("我叫王桂兰", "王桂兰"),
        ("我叫吴小英 ⟦PHONE:7f3a⟧", "吴小英"),
        ("叫徐素华的那份", "徐素华"),
        ("开州区", None),
        ("石宝镇", None),
        ("谢谢", None),
        ("农村户口", None),
        ("不知道", None),
    ],
)
def test_a_name(text: str, found: str | None) -> None:
    assert reading.name(text, asked=False) == found


def test_an_unusual_name_counts_when_it_was_asked_for() -> None:
    assert reading.name("阿依古丽", asked=True) == "阿依古丽"
    assert reading.name("吉克·阿木", asked=True) == "吉克·阿木"
    assert reading.name("阿依古丽", asked=False) is None


@pytest.mark.parametrize(
    ("text", "relation"),
    [("留有我妈的那份", "母亲"), ("替我老汉问", "父亲"), ("隔壁张大爷", "邻居"), ("天气好", None)],
)
def test_kin(text: str, relation: str | None) -> None:
    assert reading.kin(text) == relation


def test_several_questions_in_one_sentence_are_all_heard() -> None:
    assert reading.questions("要啥材料，多久能批，一个月给多少") == [
        "ask_materials", "ask_processing_time", "ask_amount_standard",
    ]  # fmt: skip
    assert reading.questions("多久能批") == []


@pytest.mark.parametrize(
    ("text", "found"), [("阿约拉哈", "阿约拉哈"), ("王桂兰哈", "王桂兰"), ("吉克阿哈", "吉克阿哈")]
)
def test_a_particle_is_no_part_of_a_name_unless_it_is(text: str, found: str) -> None:
    assert reading.name(text, asked=True) == found

"""What scripted residents said and was misread: calm that sounds like danger, sums, names, places."""

from __future__ import annotations

from typing import Any

import pytest

from bot.components.understanding.crisis import is_harmless
from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.normalise import normalise
from bot.components.understanding.pipeline import _without_places_in_names
from bot.components.understanding.places import Gazetteer
from bot.tests.understanding.scenes import facts

GAZETTEER = Gazetteer(default_lexicon())


@pytest.mark.parametrize(
    "text",
    [
        "家里还有面,就是电费交不上",
        "我说过的话都删掉",
        "我妈不愿意去养老院,要在家",
        "捡到的娃养了八年",
        "就想找个人聊聊",
        "120来了",
        "前年想不开过,现在好多了",
        "老伴上个月走了,家里就剩我一个",
        "爸爸三年没消息了,我跟奶奶过",
    ],
)
def test_words_that_say_nobody_is_in_danger(text: str) -> None:
    assert is_harmless(text)


@pytest.mark.parametrize(
    "text",
    ["家里还有米,可我不想活了", "老伴走了就剩我一个,遗书写好了", "还有米,他拿刀打我", "娃饿得哭"],
)
def test_danger_beside_them_stays_danger(text: str) -> None:
    assert not is_harmless(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("昭觉县解放乡", "四川省凉山彝族自治州昭觉县解放乡"),
        ("丰泽区临江街道", "福建省泉州市丰泽区临江街道"),
        ("乌兰浩特汽车站", "内蒙古自治区兴安盟乌兰浩特市"),
        ("渝北龙溪", "重庆市渝北区龙溪街道"),
    ],
)
def test_a_township_of_another_county_does_not_move_the_place(text: str, place: str) -> None:
    assert [hit.value for hit in GAZETTEER.find(text, asked=True)] == [place]


@pytest.mark.parametrize(
    ("text", "asking", "key", "value"),
    [
        ("一年三千", "medical_expense_self", "medical_expense_self", 3000),
        ("一个月一千六", "tuition", "monthly_income_total", 1600),
        ("三口人九百块一个月没车没存款", None, "monthly_income_total", 900),
        ("三口人九百块一个月没车没存款", None, "deposit", 0),
        ("存款有个万把两万", None, "deposit", {"low": 10000, "high": 20000}),
        ("一年剩不下一万块钱", None, "annual_income_total", {"low": None, "high": 10000}),
        ("我一个月一千五,我老公八百", None, "monthly_income_total", 2300),
        ("两口人一个月一千四够不够低保线", None, "monthly_income_total", 1400),
        ("我爱人肺癌一年自费花了九万", None, "medical_expense_self", 90000),
        ("我屋里四个", None, "household_size", 4),
        ("车是贷款买的还欠八万", None, "car", True),
        ("医保给报过大病保险", None, "critical_illness_insured", True),
        ("儿子不养我,想告他", None, "legal_matter", "support"),
        ("我读中职二年级", None, "student_stage", "中职"),
        ("我是万州区太安镇的汪正琼", None, "name", "汪正琼"),
        ("我叫阿力么史古", "name", "name", "阿力么史古"),
        ("李二娃家三个娃", None, "num_children", 3),
        ("哥哥死了嫂子改嫁了,三年没回来看过,娃跟着我妈", None, "father_state", "dead"),
    ],
)
def test_what_is_told(text: str, asking: str | None, key: str, value: Any) -> None:
    assert facts(text, asking).get(key) == value


@pytest.mark.parametrize(
    ("text", "asking", "key"),
    [
        ("七号楼一楼", "household_size", "household_size"),
        ("120来了", "household_size", "household_size"),
        ("平均一个人一个月就三百来块", "household_size", "household_size"),
        ("农村特困一个月1308对不对", None, "monthly_income_total"),
        ("说我儿子买了车,可我儿子早分户了", None, "car"),
        ("妈妈走了一年没消息", None, "waiting_months"),
        ("我女儿残疾一级,八岁", None, "supporter"),
        ("儿子不养我,想告他", None, "supporter"),
    ],
)
def test_what_is_not_told(text: str, asking: str | None, key: str) -> None:
    assert key not in facts(text, asking)


def test_letter_spaced_digits_are_one_number() -> None:
    assert normalise("一个月 4 5 0").text == "一个月 450"
    assert normalise("2 个 人").text == "2个人"
    assert normalise("38 单身").text == "38 单身"


def test_a_name_is_no_county() -> None:
    from bot.components.understanding.facts.scene import Fact

    told = [Fact("name", "洪雅婷", 0, 3), Fact("region", "四川省眉山市洪雅县", 0, 2)]
    assert [fact.key for fact in _without_places_in_names(told)] == ["name"]


def test_what_each_has_is_not_what_all_have() -> None:
    told = facts("平均一个人一个月就三百来块", "monthly_income_total")
    assert told.get("monthly_income_per_capita") == 300
    assert "monthly_income_total" not in told


def test_wages_withheld_are_no_income() -> None:
    told = facts("我在工地干了七个月,工钱八万六一分没给")
    assert "monthly_income_total" not in told
    assert told["legal_matter"] == "wages"

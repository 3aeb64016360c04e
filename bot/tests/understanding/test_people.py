"""Which person a sentence is about when several are named, and what is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("我弟家的孩子八岁，想给他申请补助", "侄子"),
        ("娃他舅一个人过，想给他办低保", "舅舅"),
        ("俺大哥一条腿截肢了，嫂子也跑了，俺替他问问低保", "哥哥"),
        ("我姑父走了三年了，姑姑眼睛看不见，帮她问一下", "姑姑"),
        ("我女儿瘫了，带个两岁的娃，能不能给她申请低保", "女儿"),
        ("我公公七十四，婆婆七十二，能不能给他俩办低保", "公婆"),
        ("我姨夫肺癌，姨妈没工作，帮他们问下", "姨父"),
        ("我老婆尿毒症，一儿一女在读书，能申请大病救助吗", "妻子"),
        ("俺奶脑梗，我要照顾她没法上班，能申请什么", "奶奶"),
        ("我老豆想申请低保，帮佢问下", "父亲"),
        ("我嬢嬢没娃儿，想给她申请五保", "姑妈"),
        ("您好我想咨询一下，我姥爷85了，姥姥去世多年，能否申请服务", "外公"),
        ("大姐你好，我想申请低保", None),
        ("我今年六十，老婆也有病，我想申请低保", None),
        ("老汉我种地的，想问低保", None),
        ("我老汉瘫了，想给他问低保", "父亲"),
        ("我妈有病，我也残疾，能吃低保吗", None),
    ],
)
def test_the_one_asked_for_among_several(text: str, relation: str | None) -> None:
    assert understood(text, "start_screening").facts.get("for_relation") == relation


def test_a_denied_blood_tie_names_nobody_asked_for() -> None:
    told = "弟弟不是我亲生的，是爸爸带来的"
    assert "for_relation" not in understood(told, "inform_facts").facts


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("替我嫂子问低保，我哥去年走了", "丧偶"),
        ("我姥爷85了，姥姥去世多年，能不能给他申请服务", "丧偶"),
        ("我家那口子走了五年了", "丧偶"),
        ("我老公走了，去广东打工了", None),
        ("弟弟是爸爸再婚带来的", None),
        ("没结婚的能单独申请吗", None),
        ("没结婚，能单独申请吗，我三十八", "单身"),
        ("无子女，有老伴", "已婚"),
    ],
)
def test_marriage_of_the_one_asked_for(text: str, status: str | None) -> None:
    assert facts(text).get("marital") == status


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("奶奶、爸爸、我、弟弟，一共四个", 4),
        ("我，老婆，三个娃，我妈", 6),
        ("妻子和两个儿子加上我", 4),
        ("我妈和我后爸，还有我和弟弟", 4),
        ("没嫁人，跟八十岁老妈一起生活", 2),
        ("我家就我一个", 1),
        ("我们一共是5口，不对，老大分出去了，4口", 4),
        ("我儿子儿媳在外面，我带着孙子，家里算几口人", None),
        ("爸爸，我没钱了", None),
    ],
)
def test_a_family_listed_in_any_order(text: str, size: int | None) -> None:
    assert facts(text).get("household_size") == size


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("我侄女十五岁，我弟弟服刑，弟媳妇改嫁了", "父服刑母改嫁"),
        ("哥嫂都不在了，丢下个侄儿归我养", "父母双亡"),
        ("俺孙女她娘跟人跑了，俺儿在牢里", "父服刑母失联"),
        ("我弟弟服刑，弟媳妇改嫁了，我五十二", None),
    ],
)
def test_parents_called_by_what_they_are_to_the_speaker(text: str, status: str | None) -> None:
    assert facts(text).get("parents_status") == status


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("我不是一个人住，跟儿子住", "living_alone", None),
        ("老伴没了，独身一人", "living_alone", True),
        ("我大伯无妻无儿", "no_children", True),
        ("无儿无女的老人去世后谁办后事", "no_children", None),
        ("离异家庭的孩子能申请助学金吗", "marital", None),
        ("我舅妈守寡二十年，儿子没了，今年六十九，能不能给她办特困", "age", 69),
        ("妹妹带着三个小孩，最小的两岁，能不能给她申请救助", "age", None),
        ("孩子满18岁还能领吗", "age", None),
        ("张小梅，33岁", "name", "张小梅"),
        ("本人王德顺，农村户口", "name", "王德顺"),
        ("婆婆今年81", "name", None),
        ("户口是农转非的", "hukou", "urban"),
        ("户口在湖北，人在重庆打工", "hukou", "nonlocal"),
        ("我户口在这里，住在村里", "hukou", None),
        ("我是独生子女，父母退休了", "num_children", None),
    ],
)
def test_what_belongs_to_whom(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value

"""Whose fact it is, whether it holds now, and whether anybody stated it at all."""

from __future__ import annotations

from typing import Any

import pytest

from bot.tests.understanding.scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("我姨七十七,没嫁过人,眼睛都快看不见了", "姨妈"),
        ("大舅早年离的婚,今年六十四,手抖得端不住碗", "舅舅"),
        ("外婆八十六了,腿脚不行,她一个人在山上", "外婆"),
        ("侄女从小没了爹妈,跟着我们长大,现在读卫校", "侄女"),
        ("想问一下我妈的情况,七十五,在老家一个人", "母亲"),
        ("我娘家妈八十,痴呆,我接来住的", "母亲"),
        ("我是他孙子,代他问,爷爷八十八了耳朵背", "爷爷"),
    ],
)
def test_the_one_a_message_goes_on_about_is_asked_for(text: str, relation: str) -> None:
    assert understood(text, "start_screening").facts.get("for_relation") == relation


@pytest.mark.parametrize(
    "text",
    [
        "奶奶带我,我十六,她七十五,够条件不",
        "我妈六十一,我爸五十九,我没工作,能领啥",
        "我爸妈离了婚各过各的,我住姥姥家,能补点啥",
        "全家四口就我妈有病,我下岗了,能申请不",
    ],
)
def test_a_household_that_tells_of_itself_asks_for_itself(text: str) -> None:
    assert "for_relation" not in understood(text, "start_screening").facts


@pytest.mark.parametrize(
    "text",
    ["村里李大爷是五保,没人管", "小区里的张奶奶走路都扶墙"],
)
def test_whoever_is_reported_is_known_by_where_he_lives(text: str) -> None:
    assert understood(text, "report_for_other").facts["for_relation"] == "邻居"


@pytest.mark.parametrize(
    "text",
    [
        "如果我跟我男人离婚,两个娃归我,能不能算单亲",
        "要是我失业了,低保给不给",
        "假如家里三口人,有辆面包车,能领多少",
    ],
)
def test_what_is_only_supposed_is_no_fact(text: str) -> None:
    assert facts(text) == {}


def test_what_follows_the_supposition_is_stated_again() -> None:
    assert facts("要是能办就给办了。我家四口人")["household_size"] == 4


@pytest.mark.parametrize(
    "text", ["两口之家的低保怎么算", "单亲家庭收入多少以下能申请", "四口人以上能分公租房吗"]
)
def test_a_rule_that_nobody_claims_tells_of_no_household(text: str) -> None:
    result = understood(text, "ask_eligibility_conditions").facts
    assert not {"household_size", "single_parent", "num_children"} & set(result)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        # now, not formerly; under one roof, not on paper
        ("原来是六口,老人走了,现在四口", "household_size", 4),
        ("户口本上七个人,实际住一起的就我跟老婆", "household_size", 2),
        ("以前有台车,去年卖了给娃治病", "car", False),
        ("跟前夫又复婚了", "marital", "已婚"),
        # counted together, or by a part of a word that counts nobody
        ("我和老伴带三个孙子孙女", "household_size", 5),
        ("我和崽,娘俩", "household_size", 2),
        ("我爸我妈我跟弟弟妹妹", "household_size", 5),
        ("不算出嫁的就三个人", "household_size", 3),
        ("学费两千一学期", "tuition", 2000),
        ("他四个人就靠我一份工", "household_size", 4),
        ("两个女儿一个没了,剩的那个在外省", "num_children", 1),
        ("再婚,一人带一个,又生了一个,一共三个", "num_children", 3),
        ("独自抚养一女", "single_parent", True),
        ("爸爸一个人供我读书", "single_parent", True),
        # whose age, and when
        ("我娘走的时候我才九岁,现在我二十三", "age", 23),
        ("老头七十三查出来食管癌", "age", 73),
        # what all live on; two wages in either order
        ("爱人三千一,我两千", "monthly_income_total", 5100),
        ("家里就我开货车,一个月五千,化疗一次三千", "monthly_income_total", 5000),
        ("爷俩靠低保和残补一共九百八过活", "monthly_income_total", 980),
        ("还完债手里剩五万存着", "deposit", 50000),
        ("家里只剩三千块", "deposit", 3000),
        ("房贷二十一万断供了", "debt", 210000),
        # the house
        ("租的,五百一个月", "housing", "租房"),
        ("一直没买房,住丈人家", "housing", "无房"),
        ("房子是廉租房", "housing", "公租房"),
        ("老屋倒了,现在睡在老乡店里", "housing", "无房"),
        # what became of the parents
        ("我哥死了,嫂子带着小的改嫁了,留下大的十二岁", "parents_status", "父亡母改嫁"),
        ("侄子从小没了爹妈", "parents_status", "父母双亡"),
        ("爸爸坐牢,妈妈另组家庭,我跟大伯住,上初一", "parents_status", "父服刑母改嫁"),
        # accidents, work, grades
        ("男人井下塌方没的", "accident", "工伤"),
        ("骑车让三轮车带倒了,腿骨折", "accident", "车祸"),
        ("下楼踩空了,胯骨裂了", "accident", "摔伤"),
        ("一个听力二级一个肢体四级", "disability_level", ["二级", "四级"]),
        ("班也上不了", "lost_job", True),
        ("生活全靠七十岁的母亲照料", "self_care", "不能自理"),
        ("他在炕上躺了半年", "bedridden", True),
        ("阿婆一个人守着老屋", "living_alone", True),
        ("姨父死后她一直一个人过", "living_alone", True),
        ("家住大同市平城区", "region", "山西省大同市平城区"),
        ("家住黔东南州黎平县", "region", "贵州省黔东南苗族侗族自治州黎平县"),
    ],
)
def test_what_holds_now_and_of_whom(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("跟着个十来岁的孙子", "num_children"),
        ("弟弟家三个娃", "num_children"),
        ("我老公是独子", "num_children"),
        ("女儿跟我,在读中专", "household_size"),
        ("我跟大伯住,他不嫌弃我", "household_size"),
        ("我跟我爸,还有一个弟弟读书", "household_size"),
        ("二女儿在苏州上班", "region"),
        ("老公是河南的", "region"),
        ("现在一家挤在小学教室", "student_stage"),
        ("没念完高中就出来了", "student_stage"),
        ("我研二", "age"),
        ("这个月刚满六十", "monthly_income_total"),
        ("没钱租房", "housing"),
        ("耳聋眼花的", "disability_type"),
        ("儿子不争气,三十六了还没成家", "marital"),
        ("五十六了,光棍一个,父母都没了", "orphan"),
        ("退休金少发了两百", "pension_monthly"),
        ("一季能挣一万二", "monthly_income_total"),
        ("是不是三级也可以领护理补贴", "disability_level"),
        ("姐姐四十四了,智力一级,爸妈都过世了,她能单独吃低保不", "orphan"),
        ("儿子没了,媳妇带孙子走了,就我一个", "parents_status"),
        ("想从敬老院出来自己住", "living_alone"),
        ("我本地户口,老公户口没迁", "hukou"),
    ],
)
def test_what_is_said_of_others_or_not_at_all(text: str, key: str) -> None:
    assert key not in facts(text)


def test_the_possessive_is_no_curse() -> None:
    """我妈的 holds a mother, 妈的 does not."""
    assert facts("我妈的退休金一个月两千")["pension_monthly"] == 2000
    assert understood("给我妈的护理补贴申请一下", "self_declare").facts["for_relation"] == "母亲"

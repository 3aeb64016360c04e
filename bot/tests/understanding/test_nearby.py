"""Words that look like a fact and are none, and facts in words of everyday."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import FixedClassifier, facts, understood


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("我没失业，就是挣得少", "lost_job"),
        ("不是下岗，是我自己请了假照看病人", "lost_job"),
        ("西墙上裂开好大一道口子", "student_stage"),
        ("只比那条线高一些些", "student_stage"),
        ("他开货车翻到沟里去了", "car"),
        ("老家在美姑县", "for_relation"),
        ("老公在广东打工，我一个人在家带三个娃", "single_parent"),
        ("在镇上租房，一个月三百五", "monthly_income_total"),
        ("二儿子是精神病", "num_children"),
    ],
)
def test_no_fact(text: str, key: str) -> None:
    assert key not in facts(text)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("厂里叫我们放假等通知，两个月没开支了", "lost_job", True),
        ("面馆关门了，没进项", "lost_job", True),
        ("妹妹在职高读三年级", "student_stage", "中职"),
        ("过马路让一辆拉沙的车刮倒了", "accident", "车祸"),
        ("干活时钢管砸着脚了", "accident", "工伤"),
        ("上个月脚杆绊断了", "accident", "摔伤"),
        ("今年遭了大水，谷子没收成", "disaster", "洪水"),
        ("材料交了一年半还没批", "waiting_months", 18),
        ("老母亲生活全靠人照料", "self_care", "不能自理"),
        ("他吃饭都要喂", "self_care", "不能自理"),
        ("婆婆三年了，屎尿全在床上", "bedridden", True),
        ("一级，肢体智力多重残疾", "disability_type", ["肢体", "智力"]),
        ("没车没房没积蓄", "housing", "无房"),
        ("在渝中打工，户口是四川的", "hukou", "nonlocal"),
        ("我闺女还小，娃她爸前年没了", "marital", "丧偶"),
        ("去年跟孩子他妈领了离婚证", "marital", "离异"),
        ("一个崽一个妹子都在读书", "num_children", 2),
        ("对头，就我们两个老的", "household_size", 2),
        ("修屋花了两万，都是找老表借的", "debt", 20000),
        ("我在超市上班，一个月两千三", "monthly_income_total", 2300),
    ],
)
def test_a_fact(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value


def test_who_tells_of_the_dead_speaks_of_himself() -> None:
    told = "老伴走了 就我一个人 没儿没女 腿脚不行 我算不算五保"
    assert understood(told, "report_for_other").label != "report_for_other"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("二级", "二级"),
        ("是三的", "三级"),
        ("4", "四级"),
        ("我种地一年落不下几个钱", None),
        ("药钱一个月要四百多", None),
    ],
)
def test_a_grade_is_no_span_of_time_and_no_sum(text: str, level: str | None) -> None:
    assert facts(text, "disability_level").get("disability_level") == level


def test_bare_questions_are_asked_of_us(monkeypatch: pytest.MonkeyPatch) -> None:
    def ranking(_: object, __: object) -> list[tuple[str, float]]:
        return [("out_of_scope_gov", 0.7), ("self_declare", 0.2), ("ask_materials", 0.1)]

    monkeypatch.setattr(FixedClassifier, "ranking", ranking)
    assert understood("要什么手续，几天能批，一月领多少", "any").label == "ask_materials"
    assert understood("要什么手续，几天能批，一月领多少", "any").confidence >= 0.6
    assert understood("护照要什么手续，几天能批", "any").label == "out_of_scope_gov"


@pytest.mark.parametrize(
    "text", ["渐退期是啥意思", "起付线这个词怎么讲", "请问什么叫经济状况核对", "啥子叫刚性支出?"]
)
def test_a_word_to_be_explained_is_a_question_of_what_it_is(text: str) -> None:
    assert understood(text, "check_status").label == "ask_program_overview"


@pytest.mark.parametrize("text", ["什么叫没人管", "你这话什么意思", "这是什么意思", "啥叫没名额了"])
def test_indignation_is_no_question_for_a_word(text: str) -> None:
    assert understood(text, "ask_appeal_complaint").label == "ask_appeal_complaint"

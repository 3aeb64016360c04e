"""Residents from other places and in other straits: what they state, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("娃儿在外头打工，一年寄六千回来", {"monthly_income_member": 500}),
        ("囡仔一个读初中一个读小学", {"num_children": 2, "student_stage": ["初中", "小学"]}),
        ("家里面九个人", {"household_size": 9}),
        ("家里就俺和俺媳妇还有个上小学的小子，俺媳妇有病", {"household_size": 3}),
        ("外孙女爸妈都没了，现在跟我和她外公过", {"household_size": 3}),
        ("非农业户口", {"hukou": "urban"}),
        ("农业户口", {"hukou": "rural"}),
        ("在工地上摔的腿断了", {"accident": "摔伤"}),
        ("阮叫苏阿月", {"name": "苏阿月"}),
        ("叫木乃古布", {"name": "木乃古布"}),
        ("姓卢，卢成海", {"name": "卢成海"}),
    ],
)
def test_what_is_stated(text: str, told: dict[str, Any]) -> None:
    found = facts(text)
    assert {key: found.get(key) for key in told} == told


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("包工头跑了，一分没给", "monthly_income_total"),
        ("两天没吃饭，身上一分钱没有", "monthly_income_total"),
        ("我要找个活人讲话", "wants_work"),
        ("临时救助、教育救助还有残疾人补贴我家都想申请", "receiving"),
    ],
)
def test_what_is_not_stated(text: str, key: str) -> None:
    assert key not in facts(text)


def test_work_is_still_wanted() -> None:
    assert facts("想找个活路干")["wants_work"] is True


@pytest.mark.parametrize(
    ("text", "asking", "answer"),
    [
        ("没有车，存款大概三千块", "critical_illness_insured", None),
        ("没有车", "critical_illness_insured", None),
        ("我女儿不管我", "critical_illness_insured", None),
        ("大病保险报过了", "critical_illness_insured", True),
        ("没报过", "critical_illness_insured", False),
        ("卖掉了", "car", False),
        ("没有 欠了八万", "deposit", 0),
        ("没有存款", "medical_expense_self", None),
        ("啥收入没有，歇了三个多月了", "household_size", None),
        ("申请", "name", None),
        ("儿子一年寄一万二回来", "monthly_income_total", 1000),
    ],
)
def test_what_answers_the_open_question(text: str, asking: str, answer: Any) -> None:
    assert facts(text, asking).get(asking) == answer


def test_a_single_mother_speaks_for_herself() -> None:
    found = understood("单亲妈妈带一个小孩，每月工资一千六，可以申请低保吗", "start_screening")
    assert "for_relation" not in found.facts
    assert found.facts["monthly_income_total"] == 1600


@pytest.mark.parametrize("text", ["中不中", "行不行嘛", "交不起"])
def test_whether_is_no_yes(text: str) -> None:
    assert understood(text, "affirm").label == "start_screening"


@pytest.mark.parametrize("text", ["低保能不能吃", "能吃低保不", "我家能不能领低保"])
def test_may_we_have_it_asks_for_a_screening(text: str) -> None:
    assert understood(text, "ask_other_benefits").label == "start_screening"


@pytest.mark.parametrize("text", ["低保能不能异地办", "低保能领多少", "孤寡老人能不能吃低保"])
def test_a_question_of_the_rules_stays_one(text: str) -> None:
    assert understood(text, "ask_eligibility_conditions").label == "ask_eligibility_conditions"


def test_ones_own_father_is_no_report() -> None:
    assert (
        understood("我的爸爸病了，没有钱，帮一下", "report_for_other").label != "report_for_other"
    )
    kept = understood("我们村的老王病了，他爸爸也走不动", "report_for_other")
    assert kept.label == "report_for_other"


def test_a_deposit_for_the_injured_son_is_our_business() -> None:
    told = understood("我儿子被车撞了，医院喊先交押金", "out_of_scope_gov", confidence=0.3)
    assert told.label == "start_screening"


def test_everything_wanted_is_heard() -> None:
    found = understood("低保、医疗救助还有残疾人补贴我家都想申请", "self_declare")
    wanted = [e["value"] for e in found.entities if e["entity"] == "program"]
    assert wanted == ["dibao", "yiliao", "canji_butie"]


def test_in_danger_help_goes_where_somebody_is() -> None:
    told = understood("我户口在布拖县，人在福建晋江打工，两天没饭吃，快饿死了", "crisis_emergency")
    assert told.label == "crisis_emergency"
    assert told.facts["region"] == "福建省泉州市晋江市"

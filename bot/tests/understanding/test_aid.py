"""Grants the household is on or lost, and the programme a story points at."""

from __future__ import annotations

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("重残补贴半年没到账", ["canji_butie"]),
        ("俺的五保钱取不出来", ["tekun"]),
        ("这个月低保咋少了八十", ["dibao"]),
        ("自愿放弃低保", ["dibao"]),
        ("靠低保过日子，还能申请别的不", ["dibao"]),
        ("低保户来登记变动，我女儿上班了", ["dibao"]),
        ("低保吃了三年了", ["dibao"]),
        ("我是低保，能不能申请公租房", ["dibao"]),
        ("俺家是底保户", ["dibao"]),
        ("他家开小车还吃低保", None),
        ("我爹能不能单独吃低保", None),
        ("低保没批下来", None),
        ("低保每个月几号发", None),
        ("收入超过低保两百块", None),
        ("我是特困职工", None),
    ],
)
def test_receiving(text: str, codes: list[str] | None) -> None:
    assert facts(text).get("receiving") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("低保被村里取消了", ["dibao"]),
        ("特困金断了，没再发了", ["tekun"]),
        ("孤儿补助，爹妈都没了", None),
        ("低保会不会停", None),
    ],
)
def test_stopped(text: str, codes: list[str] | None) -> None:
    assert facts(text).get("stopped") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("护理补贴从五月起就没见打过来", ["canji_butie"]),  # trouble, whatever stands in between
        ("五保户的钱这个月还没到账", ["tekun"]),
        ("奶奶的低保从A类变成了C类", ["dibao"]),  # somebody's own
        ("政府每月给低保六百五", ["dibao"]),  # with its amount
        ("每月低保加残疾补贴一共七百", ["dibao", "canji_butie"]),
        ("作为特困人员，住院押金要交不", ["tekun"]),
        ("边缘户去年评上的", ["dibao_bianyuan"]),
        ("阮阿嬷食低保食十外冬矣", ["dibao"]),
        ("低保到底还发不发了", ["dibao"]),
        ("如果领了低保，还能领别的吗", None),
        ("残补还给不给", None),
        ("我家的低保名额给了别人", None),
        ("我妈的特困是四月初交的", None),
        ("低保批得没", None),
    ],
)
def test_a_grant_shows_in_its_money_its_owner_and_its_troubles(
    text: str, codes: list[str] | None
) -> None:
    assert facts(text).get("receiving") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("我吃了六年低保了，上个月突然没有了", ["dibao"]),
        ("我家低保让人给撸了", ["dibao"]),
        ("上头说不再享受低保", ["dibao"]),
        ("去年退出低保，今年又困难了", ["dibao"]),
        ("孩子的孤儿补助上学期还有，这学期就断供了", ["gu_er_ertong"]),
        ("领了四年低保，开春复核完给划出去了", ["dibao"]),
        ("我吃着低保，儿子的工作断了", None),
        ("低保怎么才会被停掉", None),
        ("听说会停低保", None),
        ("低保没批，老板又停了我的工", None),
        ("临时救助停了", None),
    ],
)
def test_a_grant_is_ended_in_the_same_clause_or_the_next(
    text: str, codes: list[str] | None
) -> None:
    assert facts(text).get("stopped") == codes


def test_a_late_payment_is_no_waiting_for_a_decision() -> None:
    assert "waiting_months" not in facts("护理补贴三个月没发")
    assert "waiting_months" not in facts("医保断交三个月")


@pytest.mark.parametrize(
    ("text", "label", "program"),
    [
        ("五堡户能领多少", "ask_amount_standard", "tekun"),
        ("尘肺病有没有专门的救助", "ask_eligibility_conditions", "yiliao"),
        ("低保标准能多一点点吗", "ask_amount_standard", "dibao"),
        ("我要是取消低保自己申请特困行不行", "ask_review_or_stop", "tekun"),
        ("收入比低保线高一点点，够啥补助", "ask_program_overview", "dibao_bianyuan"),
        ("临时求助怎么申请", "ask_how_to_apply", "linshi"),
        ("误报了怎么办", "ask_how_to_apply", "none"),
        ("我这种有没有残疾人生活补贴", "start_screening", "canji_butie"),
        ("不办低保了，想办临时救助", "self_declare", "linshi"),
        ("奖学金算不算收入", "ask_income_property_rules", "dibao"),
        ("红十字会的大病救助怎么申请", "ask_how_to_apply", "cishan"),
        ("收入刚超低保线一点，边缘户能评吗", "start_screening", "dibao_bianyuan"),
        ("四口人，月入两千，够不够", "start_screening", "dibao"),
        (
            "我婆婆肺癌，自费药一年八万，老公工资六千，支出太大",
            "start_screening",
            "gangxing_zhichu",
        ),
        ("孩子白血病住院，能帮帮吗", "start_screening", "yiliao"),
        ("邻居二级残疾，住的房子漏雨", "report_for_other", "zhufang"),
        ("想请个护工，没人给老娘擦洗", "self_declare", "fuwu"),
        ("吃低保的看病能少交吗", "ask_other_benefits", "yiliao"),
        ("收入证明要盖哪里的章", "ask_materials", "dibao"),
    ],
)
def test_programme_of_a_story(text: str, label: str, program: str) -> None:
    assert understood(text, label).program == program

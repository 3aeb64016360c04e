"""Which fact an amount belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("家里三口人一个月就八百来块", "monthly_income_total", 800),
        ("我一个月端盘子两千二", "monthly_income_total", 2200),
        ("两个人加起来八千出头", "monthly_income_total", 8000),
        ("两千多", "monthly_income_total", 2000),
        ("没得收入", "monthly_income_total", 0),
        ("月收入合计3200元", "monthly_income_total", 3200),
        ("卖菜一个月千把块", "monthly_income_total", 1000),
        ("离异男，带个女儿，月入四千", "monthly_income_total", 4000),
        ("母亲在学校扫地每月1500", "monthly_income_member", 1500),
        ("儿子找到工作了，一个月三千五", "monthly_income_member", 3500),
        ("老公在工地一个月挣四千", "monthly_income_member", 4000),
        ("每人每月也就二百八的样子", "monthly_income_per_capita", 280),
        ("人均五百", "monthly_income_per_capita", 500),
        ("人均9000一年", "monthly_income_per_capita", 750),
        ("一年挣两万", "annual_income_total", 20000),
        ("年收入3.6万", "annual_income_total", 36000),
        ("靠我妈退休金2100", "pension_monthly", 2100),
        ("老两口养老金加起来二百六", "pension_monthly", 260),
        ("存款约5000元", "deposit", 5000),
        ("股票亏得只剩八千", "deposit", 8000),
        ("没车没存款", "deposit", 0),
        ("积蓄都花光了", "deposit", 0),
        ("欠债二十多万", "debt", 200000),
        ("欠一屁股账八万多", "debt", 80000),
        ("借了亲戚三万", "debt", 30000),
        ("欠银行建房的钱十万", "debt", 100000),
        ("学费一万八", "tuition", 18000),
        ("每期交1300多", "tuition", 1300),
        ("医药费一共￥36,480", "medical_expense", 36480),
        ("手术要四万", "medical_expense", 40000),
        ("医了八万多，报了三万", "medical_expense", 80000),
        ("报销后自己掏了￥14,200", "medical_expense_self", 14200),
        ("自费部分大概四万七", "medical_expense_self", 47000),
        ("每个月药钱六百", "medical_expense_monthly", 600),
        ("透析一个月四千", "medical_expense_monthly", 4000),
        ("现在低保一个月领三百二", "dibao_monthly", 320),
        ("有个二手奇瑞，值八千", "car", True),
        ("没车没存款", "car", False),
        ("无车，存款约5000元", "car", False),
        ("我帮小叔子挂了个车在名下", "car", True),
        ("退休金从三百涨到两千", "pension_monthly", 2000),
    ],
)
def test_amount_goes_to_its_topic(text: str, key: str, value: Any) -> None:
    assert facts(text)[key] == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("每月还车贷两千一", "debt"),
        ("邻居有小车", "car"),
        ("残疾补贴一个月八十", "monthly_income_total"),
        ("他们一个月几千块", "monthly_income_total"),
        ("一天八十", "monthly_income_total"),
        ("失地补偿款拿到了三万", "monthly_income_total"),
        ("老板欠我工资两万", "debt"),
        ("医院要先交五千押金", "medical_expense"),
        ("值八千", "monthly_income_total"),
        ("房租一千二", "monthly_income_total"),
        ("出了车祸", "car"),
        ("坐车要三十块", "car"),
        ("低保标准是多少钱", "dibao_monthly"),
    ],
)
def test_amount_of_something_else_is_left_alone(text: str, key: str) -> None:
    assert key not in facts(text)


def test_spending_and_own_share_are_told_apart() -> None:
    found = facts("医药费一共￥36,480，报销后自己掏了￥14,200")
    assert (found["medical_expense"], found["medical_expense_self"]) == (36480, 14200)


def test_range_is_kept_as_bounds() -> None:
    assert facts("老公跑摩的一月一千八到两千")["monthly_income_member"] == {
        "low": 1800,
        "high": 2000,
    }


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("低保每月到手480", "dibao_monthly", 480),
        ("家里三个人享受低保，一月1260块", "dibao_monthly", 1260),
        ("老两口每月社保加起来3100", "pension_monthly", 3100),
        ("每个月全家进账两千八", "monthly_income_total", 2800),
        ("家里没有一分钱收入", "monthly_income_total", 0),
        ("大学要交5800的学费", "tuition", 5800),
        ("住院花掉四万二", "medical_expense", 42000),
        ("医保报了六成，自己还花了三万三", "medical_expense_self", 33000),
        ("报销完还要掏七千多", "medical_expense_self", 7000),
        ("跟亲戚借了6万，信用社还贷了3万", "debt", 90000),
        ("一点积蓄都没有", "deposit", 0),
        ("查出矽肺，花了七万三", "medical_expense", 73000),
        ("胰岛素跟降压药加起来每月七百五", "medical_expense_monthly", 750),
        ("幼儿园一学期三千六", "tuition", 3600),
    ],
)
def test_words_between_a_sum_and_what_it_is_for(text: str, key: str, value: int) -> None:
    assert facts(text)[key] == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("老板欠我八个月工资两万四", "monthly_income_total"),
        ("贷款买的房，每个月还要还三千二", "monthly_income_total"),
        ("每月还信用卡一千五", "monthly_income_total"),
        ("到现在四个月没工资", "monthly_income_total"),
        ("校车费一个月三百", "monthly_income_total"),
        ("老头子退休工资2800，我没收入", "monthly_income_total"),
        ("领低保，每人每月四百二", "monthly_income_per_capita"),
        ("精神残疾二级，每月领140护理补贴", "medical_expense_monthly"),
        ("前妻每月给八百抚养费", "monthly_income_member"),
    ],
)
def test_a_fee_an_instalment_or_a_grant_is_no_income_and_no_cost(text: str, key: str) -> None:
    assert key not in facts(text)


def test_a_rented_car_or_shop_is_no_home() -> None:
    assert "housing" not in facts("开网约车，车是租的")
    assert "housing" not in facts("化工厂漏气了")
    assert facts("退休金一千四，租地下室住")["housing"] == "租房"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("我打零工，一个月有时三千有时候四千", 3000, 4000),
        ("好的时候三千，差的时候一千五", 1500, 3000),
        ("一个月多的时候四千少的时候两千", 2000, 4000),
    ],
)
def test_good_months_and_bad_ones_are_a_range(text: str, low: int, high: int) -> None:
    assert facts(text)["monthly_income_total"] == {"low": low, "high": high}


@pytest.mark.parametrize("text", ["我儿子有时三千有时五千", "旺季一天三百淡季一天一百"])
def test_what_another_earns_or_a_day_brings_is_no_such_range(text: str) -> None:
    assert not isinstance(facts(text).get("monthly_income_total"), dict)


@pytest.mark.parametrize("text", ["三口人没车没存款农村的忠县金声乡", "俺家农村的没车没存款四口人"])
def test_the_register_in_words_run_together(text: str) -> None:
    assert facts(text)["hukou"] == "rural"


def test_a_township_in_the_country_is_no_register() -> None:
    assert "hukou" not in facts("我嫁到农村的石宝镇")


@pytest.mark.parametrize("text", ["看病花了十二万，全家收入六万", "全家收入三万"])
def test_a_sum_nobody_earns_in_a_month_is_a_year_s(text: str) -> None:
    told = facts(text)
    assert "annual_income_total" in told
    assert "monthly_income_total" not in told


def test_who_works_in_a_supermarket_earns_there() -> None:
    assert facts("老婆在超市一个月两千三")["monthly_income_member"] == 2300
    assert "monthly_income_member" not in facts("老婆超市买菜一个月两千三")

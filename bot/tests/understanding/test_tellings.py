"""Amounts, health, school, names and disasters, told in ways that are not the textbook's."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("屋里一个月挣得到千六", "monthly_income_total", 1600),
        ("欠债百来万", "debt", 1_000_000),
        ("家里一个月收入三两千", "monthly_income_total", {"low": 2000, "high": 3000}),
        ("存款大几千", "deposit", {"low": 5000, "high": 9000}),
        ("一个月收入万数块钱", "monthly_income_total", 10_000),
        ("全家总收入一年万五", "annual_income_total", 15_000),
        ("今年全家总收入一万五", "annual_income_total", 15_000),
        ("每月工资一千三百二十块五", "monthly_income_total", 1320.5),
        ("拿着低保四百六过活", "dibao_monthly", 460),
        ("老农保，每月一百六十块", "pension_monthly", 160),
        ("打生长激素自费一个月三千", "medical_expense_monthly", 3000),
        ("药贵，一个月一千五", "medical_expense_monthly", 1500),
        ("孙子出生就抢救，费用六万", "medical_expense", 60_000),
        ("九千，全是自己出的住院费", "medical_expense_self", 9000),
        ("就他一个月五千块养活一大家", "monthly_income_total", 5000),
        ("我跟老公都有病，他在砖厂烧窑一个月两千五", "monthly_income_member", 2500),
        ("媳妇在敬老院当护工一千九", "monthly_income_member", 1900),
        ("六千二，我跟儿子加一起", "monthly_income_total", 6200),
        ("工资说少了，两个人总共是四千", "monthly_income_total", 4000),
        ("全家月收入不是五千，是三千五", "monthly_income_total", 3500),
        ("欠医院一万二，欠亲戚两万", "debt", 32_000),
        ("一共欠三万，其中亲戚一万", "debt", 30_000),
        ("积蓄八百都不到", "deposit", {"low": None, "high": 800}),
        ("全家月收入超过两千五", "monthly_income_total", {"low": 2500, "high": None}),
        ("月收入超过三千还能申请吗", "monthly_income_total", None),
        ("淡季八百旺季两千五", "monthly_income_total", None),
        ("老板拖欠我们仨工资七万", "debt", None),
        ("人均比低保高八十块", "monthly_income_per_capita", None),
        ("租了个单间，一个月五百", "monthly_income_total", None),
        ("我七十四，一个月难得出门", "monthly_income_total", None),
        ("名下有辆开了十来万公里的货车", "car", True),
        ("堂哥用我身份证买了个车", "car", True),
        ("车去年就卖了", "car", False),
    ],
)
def test_amounts_and_car(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("双目失明，持二级证", "disability_type", "视力"),
        ("四级证，听力的", "disability_type", "听力"),
        ("两口子聋哑人", "disability_type", ["听力", "言语"]),
        ("精神分裂，办了二级证", "disability_type", None),
        ("我娃一级脑瘫", "disability_level", "一级"),
        ("口误，是四级，不是三级", "disability_level", "四级"),
        ("躺床上下不来", "bedridden", True),
        ("我妈瘫在床上", "bedridden", True),
        ("老伴得了帕金深", "disease", "帕金森"),
        ("我得了尿独症", "disease", "尿毒症"),
        ("孩子视网膜母细胞瘤", "disease", "视网膜母细胞瘤"),
        ("五个人吃饭就靠我挣", "self_care", None),
        ("作坊倒闭了，没人用我", "lost_job", True),
        ("领着失业金过日子", "lost_job", True),
        ("失业金怎么领", "lost_job", None),
        ("儿子今年要高考", "student_stage", "高中"),
        ("我在幼儿园上班", "student_stage", None),
        ("泥石流把猪圈冲了，应急局来看过", "disaster", "泥石流"),
        ("我家水都齐腰了", "disaster", "洪水"),
        ("我叫欧丰年，卖菜的", "name", "欧丰年"),
        ("户主叫吉克木呷，住山上", "name", "吉克木呷"),
        ("居民佘桂枝，电话关机", "name", "佘桂枝"),
        ("公示名单里有他", "name", None),
        ("查一下低保的进度", "name", None),
        ("住石柱县沙子镇", "region", "重庆市石柱土家族自治县沙子镇"),
        ("我叫安木里，昭觉县的", "region", "四川省凉山彝族自治州昭觉县"),
        ("我家属于城镇户口", "region", None),
    ],
)
def test_life_as_it_is_told(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value


@pytest.mark.parametrize(
    "text", ["😀我今年六十，不对👌六十一", "不是𠮷三口，是四口", "1️⃣五千，说错了，六千"]
)
def test_offsets_stay_inside_the_message_after_a_correction(text: str) -> None:
    for entity in understood(text, "inform_facts").entities:
        assert 0 <= entity["start"] <= entity["end"] <= len(text)

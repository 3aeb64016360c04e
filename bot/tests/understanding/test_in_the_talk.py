"""What residents told in the middle of a talk, and whose or which it was."""

from __future__ import annotations

from typing import Any

import pytest

from bot.tests.understanding.scenes import facts


@pytest.mark.parametrize(
    ("text", "asking", "key", "value"),
    [
        ("俺是河南嘞在天津武清打工", None, "region", "天津市武清区"),
        ("贵州来嘞，在晋江打工三年了", None, "region", "福建省泉州市晋江市"),
        ("我今年五十八了 老伴退休 每月两千七", "household_size", "age", 58),
        ("老婆退休了，一个月两千六", None, "pension_monthly", 2600),
        ("妈妈跑了两年没消息，爸爸病死了", None, "mother_months", 24),
        ("娃他爸判了六年，妈妈改嫁没管过", None, "father_months", 72),
        ("你是问几口人哈 四个，还有个小的", "phone", "household_size", 4),
        ("老公在矿上砸死了", None, "accident", "工伤"),
        ("工头赔了一万 还有好多没给", None, "legal_matter", "injury"),
        ("女儿自己都顾不上，拿不出钱", None, "supporter", "other_unable"),
        ("她中疯了，半边动不得", None, "disease", "中风"),
        ("手术后医生让休息，被厂里辞退了", None, "lost_job", True),
        ("被辞退了，在家带娃", None, "lost_job", True),
        ("老公退休，我一个月三千", None, "monthly_income_total", 3000),
    ],
)
def test_it_is_heard(text: str, asking: str | None, key: str, value: Any) -> None:
    assert facts(text, asking)[key] == value


@pytest.mark.parametrize(
    ("text", "asking", "key"),
    [
        ("伊家己一人蹛佇山顶", "region", "region"),
        ("我今年五十八了 老伴退休 每月两千七", "household_size", "household_size"),
        ("医保报了四万剩的都是自己想办法", None, "medical_expense_self"),
        ("这笔补偿款算不算收入", "car", "car"),
        ("爸爸没有死，就是联系不上", None, "orphan"),
        ("听说有个孤儿钱，是真的吗", None, "orphan"),
        ("有个面包车是儿子名下的", None, "car"),
        ("我没上班，在屋头带孙子", None, "lost_job"),
        ("做了手术，大夫叫休息三个月，不能上班", None, "lost_job"),
        ("毋是我的阿嬷，是厝边", None, "for_relation"),
    ],
)
def test_it_is_no_such_fact(text: str, asking: str | None, key: str) -> None:
    assert key not in facts(text, asking)


def test_who_is_not_dead_is_only_gone() -> None:
    assert facts("爸爸没有死，就是找不到，娃八岁")["father_state"] == "lost_contact"

"""What residents of many kinds said in whole talks, and what it tells."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bot.components.understanding import danger
from bot.components.understanding.lexicon import default_lexicon

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我阿嬤今年八十二歲，爸媽都不在了，我還在讀高中", {"age": None, "orphan": True}),
        ("我奶奶七十六，我自己还在上初二，爸妈都走了", {"age": None, "student_stage": "初中"}),
        ("俺是河南过来的，在天津南开打工，摔断腿了", {"region": "天津市南开区"}),
        ("贵州来的，一直在晋江打工", {"region": "福建省泉州市晋江市"}),
        ("在天津打工，想问老家忠县的低保", {"region": "重庆市忠县"}),
        (
            "我家四口人，不对五口，唉加上我妈六口人，一个月收入三千",
            {"household_size": 6, "monthly_income_total": 3000, "monthly_income_member": None},
        ),
        ("我儿子是分了家的，他有车关我啥子事嘛", {"car": None}),
        ("村里不给我家评低保，说我儿子有车", {"car": None}),
        ("人没事 房子没了 现在住亲戚屋头", {"housing": "无房"}),
        ("我儿子给车撞咯 在石柱县医院", {"accident": "车祸"}),
        ("我家是脱贫户，今年我老公瘫了", {"receiving": None, "lifted_out": True}),
        ("我儿子有车，货车，跑运输", {"car": True}),
        ("我是学生，爸妈在外地打工，户口本上就我们三个", {"household_size": 3}),
    ],
)
def test_told_by_whom_and_of_whom(text: str, told: dict[str, Any]) -> None:
    found = facts(text)
    assert {key: found.get(key) for key in told} == told


@pytest.mark.parametrize(
    ("text", "heard", "label"),
    [
        ("咱通辽的，庄稼让雹子打了，一年白干，咋整啊", "out_of_scope_gov", "start_screening"),
        ("厂子倒了，我下岗了，这日子咋过", "ask_payment_problem", "start_screening"),
        ("我婆娘二级残疾证 每天要人守到 有没得护理费", "out_of_scope_gov", "start_screening"),
        ("我残疾证三级 能领多少钱一个月", "out_of_scope_gov", "start_screening"),
        ("我儿子给车撞咯 在医院 一天几千块 交不起钱", "out_of_scope_gov", "start_screening"),
        ("二级残疾，证丢了去哪补办", "out_of_scope_gov", "out_of_scope_gov"),
        ("有居住证，能不能就在江北办", "out_of_scope_gov", "ask_where_to_apply"),
        ("怎么办居住证", "out_of_scope_gov", "out_of_scope_gov"),
    ],
)
def test_a_need_is_no_other_office_s_business(text: str, heard: str, label: str) -> None:
    assert understood(text, heard, confidence=0.5).label == label


class Rings:
    """A danger model that is always sure."""

    alarm, calm = 0.4, 0.0

    def probability(self, features: Counter[str]) -> float:
        return 0.9


@pytest.mark.parametrize(
    ("text", "alarms"),
    [
        ("我老公欠了赌债跑了，我带着孩子，房租都交不起", False),
        ("老公跑了，我带着孩子站在楼顶", True),
        ("老公跑了，我带着孩子，他说要回来打我们", True),
        ("他妈跑了，把孩子丢在车站没人管", True),
    ],
)
def test_a_child_with_its_mother_is_not_the_one_left(text: str, alarms: bool) -> None:
    model: Any = Rings()
    hit = danger.look(text.replace("，", ","), Counter(), default_lexicon(), model, 0.9)
    assert (hit is not None) is alarms

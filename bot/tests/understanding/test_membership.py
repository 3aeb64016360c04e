"""Who counts as of the household, asked at any time and of anybody."""

from __future__ import annotations

import pytest

from .scenes import FixedClassifier, understood


@pytest.mark.parametrize(
    "text",
    [
        "那我儿子在外头打工算不算进去",
        "出嫁的女儿算不算一家",
        "我女儿嫁到隔壁镇了，还算不算我们家的人",
        "户口不在一起的算吗",
        "分开吃住的算不算",
        "儿子跟我们分开吃住，要不要算进去",
        "在外读书的算不算",
        "娃儿在外头读大学，算家里人不",
        "我弟弟坐牢了算不算家里人口",
        "儿子当兵去了，算不算",
        "那娃儿在戒毒所算不算",
        "我和老公离了还住一起，他算不算",
        "孙子跟着我们，爹妈在外打工，算哪家的人",
        "那我出嫁的姐姐要不要写上去",
        "我户口迁到学校去了，有影响吗",
    ],
)
@pytest.mark.parametrize("heard", ["ask_income_property_rules", "start_screening", "inform_facts"])
def test_who_counts_is_asked_of_the_household_and_of_no_income(text: str, heard: str) -> None:
    assert understood(text, heard, asking="household_size").label == "ask_family_definition"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("我儿子的工资算不算", "ask_income_property_rules"),
        ("他寄回来的钱算不算", "ask_income_property_rules"),
        ("我这种算不算特困", "start_screening"),
        ("低保户算不算困难家庭", "ask_eligibility_conditions"),
        ("我妈这样算不算残疾", "start_screening"),
    ],
)
def test_money_and_programmes_are_counted_elsewhere(text: str, heard: str) -> None:
    assert understood(text, heard).label == heard


def test_heads_told_beside_the_question_stay_told() -> None:
    told = "四口人 我跟我老公 两个娃 那我公公婆婆在乡下单独住算不算"
    heard = understood(told, "inform_facts", asking="household_size")
    assert heard.label == "ask_family_definition"
    assert heard.facts["household_size"] == 4
    assert "living_alone" not in heard.facts  # the parents-in-law live so
    assert "for_relation" not in heard.facts


def test_a_reply_and_a_question_behind_it_are_two() -> None:
    told = "三口人 你们会不会把我的事说出去"
    heard = understood(told, "ask_privacy", asking="household_size")
    assert (heard.label, heard.facts) == ("ask_privacy", {"household_size": 3})
    paid = understood(
        "两千。低保一个月给多少啊", "ask_amount_standard", asking="monthly_income_total"
    )
    assert paid.facts == {"monthly_income_total": 2000}


def test_a_yes_stays_one_with_a_question_behind_it() -> None:
    told = "同意。但我户口已经迁到学校去了，有影响吗"
    heard = understood(told, "ask_where_to_apply", asking="consent")
    assert heard.label == "affirm"
    assert [one["name"] for one in heard.secondary] == ["ask_family_definition"]


def test_offsets_of_the_question_s_entities_are_those_of_the_message() -> None:
    told = "三口。低保一个月给多少"
    heard = understood(told, "ask_amount_standard", asking="household_size")
    named = next(one for one in heard.entities if one["entity"] == "program")
    assert told[named["start"] : named["end"]] == "低保"


def test_without_an_alarm_nothing_is_a_danger() -> None:
    told = "不好意思……家里有点困难，觉得挺丢人的"
    classifier = FixedClassifier(
        "crisis_emergency", 0.3, ("report_for_other", 0.2), ("ask_privacy", 0.1)
    )
    assert understood(told, "", classifier=classifier).label == "ask_privacy"

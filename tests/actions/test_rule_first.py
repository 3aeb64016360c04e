"""Whoever asks whether a grant may be had hears the rule first, then what the screening asks."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat


@pytest.mark.parametrize(
    ("said", "program", "rule"),
    [
        ("二级听力残疾，能领护理补贴不", "canji_butie", "护理补贴"),
        ("厂里不发工钱，能请免费律师吗", "falv", "不再查经济困难"),
        ("上了岁数是不是人人有低保", "dibao", "不按年纪"),
        ("儿子在服刑，我能不能办特困", "tekun", "可能可以"),
    ],
)
def test_the_rule_comes_before_the_first_question(
    chat: Chat, said: str, program: str, rule: str
) -> None:
    text = chat.say(said, "start_screening", program=program)
    assert chat.responses[0] == "utter_answer"
    assert rule in text
    assert chat.said[0].sources
    assert chat.state.topic == "screening", "and the screening begins"
    assert "请告诉我您在哪个区县" not in text, "one question a message"


def test_who_tells_the_household_is_screened_at_once(chat: Chat) -> None:
    chat.say(
        "三口人一个月一千二，能吃低保吗",
        "start_screening",
        program="dibao",
        household_size=3,
        monthly_income_total=1200,
    )
    assert "utter_answer" not in chat.responses


def test_the_rule_is_not_told_again_in_the_middle(chat: Chat) -> None:
    chat.say("二级听力残疾，能领护理补贴不", "start_screening", program="canji_butie")
    chat.say("能领护理补贴不", "start_screening", program="canji_butie")
    assert "utter_answer" not in chat.responses


@pytest.mark.parametrize(
    ("said", "words"),
    [("烧不起煤，有取暖补助吗", "取暖救助"), ("火化要好几千，能减免吗", "殡葬费用")],
)
def test_aid_without_a_label_of_its_own_is_explained_too(chat: Chat, said: str, words: str) -> None:
    text = chat.say(said, "out_of_scope_gov")
    assert words in text
    assert chat.state.topic == "screening"


def test_a_bill_that_cannot_be_paid_is_urgent_however_the_hospital_is_named(chat: Chat) -> None:
    assert "先救命" in chat.say("没钱缴手术费，医院不接怎么办", "out_of_scope_gov")
    assert chat.state.cannot_pay


def test_fuel_that_cannot_be_paid_is_heating_aid_however_sure_the_guess(chat: Chat) -> None:
    chat.say(
        "天这么冷，煤涨到一千多一吨，我们老两口烧不起", "start_screening", confidence=0.9,
        heating_difficult=True, region="内蒙古自治区兴安盟乌兰浩特市义勒力特镇",
    )  # fmt: skip
    assert chat.state.asking == "offer_declare", "its card needs nothing more, no heads are counted"

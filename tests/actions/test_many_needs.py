"""Several difficulties at once: each reaches its department, none is invented."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat, records


def _file(chat: Chat, name: str = "向秋菊") -> None:
    """Consent, name, no phone, send."""
    chat.press("都同意")
    chat.say(f"我叫{name}")
    chat.say("没有", "deny")
    chat.press("都对，提交")


def test_a_widow_with_three_needs_reaches_three_bureaus(chat: Chat) -> None:
    chat.say("我男人走了，我得了乳腺癌，老大高中学费交不上，屋顶也漏，帮帮我", "self_declare",
             disease="乳腺癌", student_stage="高中", housing="危房", program="jiaoyu",
             region="重庆市奉节县")  # fmt: skip
    _file(chat)
    case = records(chat.runtime)[0]
    assert case["needs"] == ["education", "medical", "housing"]
    assert case["departments"] >= {"jiaoyu", "yibao", "zhujian"}


def test_answers_to_our_questions_are_no_needs_of_their_own(chat: Chat) -> None:
    chat.say("我家四口人能吃低保不", "start_screening", household_size=4, program="dibao",
             region="重庆市奉节县")  # fmt: skip
    while chat.state.asking not in {"disability_level", "offer_declare"}:
        chat.say("不清楚", unknown=True)
    assert chat.state.asking == "disability_level"
    chat.say("四级", disability_level="四级")
    chat.say("我要申请", "self_declare")
    _file(chat)
    assert records(chat.runtime)[0]["needs"] == ["basic_living"]


def test_a_child_in_primary_school_is_no_difficulty(chat: Chat) -> None:
    chat.say("厂子关了，屋里还有个上小学的，帮我登记", "self_declare", lost_job=True,
             student_stage="小学", region="重庆市奉节县")  # fmt: skip
    _file(chat)
    assert records(chat.runtime)[0]["needs"] == ["employment"]


def test_no_certificate_is_no_business_of_the_disabled_persons_federation(chat: Chat) -> None:
    chat.say("娃读高中，没得残疾证，想申请教育救助", "self_declare", student_stage="高中",
             disability_level="无", program="jiaoyu", region="重庆市奉节县")  # fmt: skip
    _file(chat)
    assert records(chat.runtime)[0]["departments"] == {"jiaoyu"}


@pytest.mark.parametrize(
    ("who", "channel"),
    [("我是四开镇的村干部，", "grassroots_report"), ("我是他邻居，", "public_report")],
)
def test_who_reports_by_office_is_the_grassroots(chat: Chat, who: str, channel: str) -> None:
    chat.say(f"{who}有个老人八十二了一个人住，屋顶漏雨没人管", "report_for_other", age=82,
             living_alone=True, housing="危房", for_relation="邻居",
             region="四川省凉山彝族自治州昭觉县")  # fmt: skip
    chat.say("不清楚", unknown=True)
    chat.say("匿名", "deny")
    chat.press("都对，提交")
    case = records(chat.runtime)[0]
    assert case["discovery"] == channel
    assert case["departments"] >= {"xiangzhen", "zhujian"}


def test_the_county_bureau_is_named_once(chat: Chat) -> None:
    chat.say("孙女爸妈都没了，帮她申请", "self_declare", orphan=True, age=11,
             program="gu_er_ertong", region="四川省凉山彝族自治州金阳县")  # fmt: skip
    _file(chat)
    assert "金阳县民政局" in chat.text
    assert "县县" not in chat.text

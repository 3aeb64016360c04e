"""找到工作会不会马上停: answered with 渐退 and dates, and the change can be told at once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cases.models import Case
from tests.actions.conftest import Chat, records

ASKED = "我找到工作了低保会不会马上停"
FEAR = re.compile(r"否则|必须|追回|处罚|骗|违法|后果|责任|取消")


def ask(chat: Chat, region: str, text: str = ASKED) -> str:
    return chat.say(text, "ask_review_or_stop", program="dibao", region=region)


@pytest.mark.parametrize(("region", "months", "since"), [
    ("天津市南开区", "一般不超过6个月", "2022年10月起"),
    ("重庆市忠县", "6个月渐退期", "2020年9月起"),
])  # fmt: skip
@pytest.mark.parametrize("text", [ASKED, "找到工作会不会马上停"])
def test_it_is_answered_with_the_rule_its_date_and_the_offer_to_report(
    chat: Chat, region: str, months: str, since: str, text: str
) -> None:
    said = ask(chat, region, text)
    assert "不一定马上停" in said
    assert months in said
    assert since in said
    assert chat.responses[-1] == "utter_offer_report_change"
    assert "找到工作是好事" in said
    assert not FEAR.search(said)


def test_the_place_comes_first_then_the_offer(chat: Chat) -> None:
    chat.say(ASKED, "ask_review_or_stop", program="dibao")
    assert "utter_offer_report_change" not in chat.responses
    chat.say("忠县", region="重庆市忠县")
    assert chat.responses[-1] == "utter_offer_report_change"


def test_whose_aid_is_not_from_here_is_reported_without_a_receipt(chat: Chat) -> None:
    ask(chat, "重庆市忠县")
    text = chat.press("帮我告诉他们")
    assert "不会因为说了就自动停" in text
    assert not FEAR.search(text)
    chat.say("王桂兰", name="王桂兰")
    chat.say("没有", "deny")
    assert "我找到工作了" in chat.text
    text = chat.press("对，转给工作人员")
    assert "编号WZ" in text
    case = records(chat.runtime)[0]
    assert case["kind"] == "case_request"
    assert case["region"] == "500233"


def test_a_case_of_this_conversation_gets_the_change(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="重庆市忠县")
    chat.press("都同意")
    chat.say("王桂兰", name="王桂兰")
    chat.say("没有", "deny")
    chat.press("提交")
    ask(chat, "重庆市忠县")
    assert "已经补到这一份" in chat.press("帮我告诉他们")
    with chat.runtime.database.read() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_not_now_is_an_answer(chat: Chat) -> None:
    ask(chat, "重庆市忠县")
    assert "好的" in chat.press("先不用")
    assert records(chat.runtime) == []


@pytest.mark.parametrize("text", ["低保多久复核一次", "街道介绍的工作我没去上班会怎样"])
def test_other_reasons_to_stop_offer_nothing(chat: Chat, text: str) -> None:
    ask(chat, "重庆市忠县", text)
    assert "utter_offer_report_change" not in chat.responses

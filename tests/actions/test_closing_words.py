"""Whatever ends, somebody to talk to is offered, once and before the next question."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from actions.core import CLOSING
from actions.wording import words
from tests.actions.conftest import Chat

EAR = "utter_somebody_to_talk"
PLACE = "重庆市忠县"


def declared(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region=PLACE)
    chat.press("都同意")
    chat.say("王桂兰", name="王桂兰")
    chat.say("没有", "deny")


def filed(chat: Chat) -> None:
    declared(chat)
    chat.press("提交")


def withdrawn(chat: Chat) -> None:
    filed(chat)
    chat.say("撤回我的申请", "withdraw_case")
    chat.press("确定撤回")


def reported(chat: Chat, button: str = "提交") -> None:
    chat.say("邻居老人没人管", "report_for_other", for_relation="邻居", region=PLACE)
    for answer in ("家里没米没人管", "三组", "不想留"):
        if chat.state.asking != "review":
            chat.say(answer, "inform_facts")
    chat.press(button)


def handed_over(chat: Chat, button: str = "对，转给") -> None:
    chat.say("我要撤回申请", "withdraw_case")
    chat.press("没有回执号")
    for _ in range(3):
        if chat.state.asking != "review":
            chat.payload('/inform_facts{"unknown":true}')
    chat.press(button)


def screened(chat: Chat) -> None:
    chat.say("残疾人补贴能领不", "start_screening", program="canji_butie", region=PLACE,
             disability_level="二级", receiving=["dibao"])  # fmt: skip
    chat.press("先不了")


def emergency(chat: Chat) -> None:
    chat.say("没米下锅了", "crisis_emergency", crisis_kind="no_food", region=PLACE)
    for _ in range(4):
        if "utter_crisis_filed" in chat.responses:
            return
        chat.say("不说", "deny")


ENDS: dict[str, Callable[[Chat], object]] = {
    "utter_goodbye": lambda chat: chat.say("再见", "goodbye"),
    "utter_goodbye_open": lambda chat: (
        chat.say("能吃低保不", "start_screening", program="dibao"),
        chat.say("先忙了", "goodbye"),
    ),
    "utter_all_done": lambda chat: chat.say("没了", "deny"),
    "utter_screening_done": screened,
    "utter_filed_next": filed,
    "utter_filed_report": reported,
    "utter_report_dropped": lambda chat: reported(chat, "先不交"),
    "utter_withdrawn": withdrawn,
    "utter_status_ended": lambda chat: (withdrawn(chat), chat.say("查进度", "check_status")),
    "utter_draft_kept": lambda chat: (declared(chat), chat.press("先不交")),
    "utter_consent_refused": lambda chat: (
        chat.say("我要申请低保", "self_declare", program="dibao"),
        chat.press("不同意"),
    ),
    "utter_request_filed": handed_over,
    "utter_request_dropped": lambda chat: handed_over(chat, "不转了"),
    "utter_crisis_filed": emergency,
}


@pytest.mark.parametrize("closing", ENDS)
def test_every_closing_message_offers_somebody_to_talk_to(chat: Chat, closing: str) -> None:
    ENDS[closing](chat)
    assert closing in chat.responses
    assert chat.responses.count(EAR) == 1
    assert chat.responses.index(EAR) > chat.responses.index(closing)
    assert "12356" in chat.text
    assert "找工作人员" in chat.text
    assert re.search("工作人员会?联系您", chat.say("找工作人员", "human_handoff"))


def test_every_way_a_talk_ends_is_among_the_closing_messages() -> None:
    """The rest are said beside one of those above, or by a result that staff wrote."""
    beside = {"utter_withdrawn_kept", "utter_status_result"}
    assert set(ENDS) | beside == set(CLOSING)
    assert all(words().has(name) for name in CLOSING)


def test_in_between_nobody_is_told_to_talk(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("谢谢", "thanks")
    assert EAR not in chat.responses

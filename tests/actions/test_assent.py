"""What binds wants a yes in its own words; and no talk is stuck, whatever was said before."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat
from tests.actions.test_person import put

NO_YES = [
    "你好",
    "你好啊",
    "好难",
    "好烦",
    "能行吗",
    "可以吗",
    "嗯？",
    "对不起",
    "可是",
    "可惜",
    "谢谢",
]
YES = [
    "好嘞，按你说的填",
    "没意见",
    "要得，交",
    "中中中",
    "就按这个来",
    "好的谢谢",
    "係",
    "同意授权",
]


def ask_consent(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="重庆市忠县")
    assert chat.state.asking == "consent"


def show_card(chat: Chat) -> None:
    ask_consent(chat)
    chat.say("同意", "affirm")
    for _ in range(12):
        if chat.state.asking == "review":
            return
        chat.say("不清楚", unknown=True)
    raise AssertionError(chat.state.asking)


@pytest.mark.parametrize("words", NO_YES)
def test_what_only_sounds_like_a_yes_agrees_to_nothing(chat: Chat, words: str) -> None:
    ask_consent(chat)
    chat.say(words, "affirm")
    assert chat.state.consent == {}
    assert chat.state.asking == "consent"


@pytest.mark.parametrize("words", YES)
def test_a_yes_in_any_dialect_agrees(chat: Chat, words: str) -> None:
    ask_consent(chat)
    chat.say(words, "affirm")
    assert set(chat.state.consent) == {"general", "sensitive"}


@pytest.mark.parametrize("words", NO_YES)
def test_what_only_sounds_like_a_yes_sends_nothing(chat: Chat, words: str) -> None:
    show_card(chat)
    chat.say(words, "affirm")
    assert chat.cases() == []


def test_a_question_is_no_yes_to_a_question_of_fact(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao", region="重庆市忠县")
    put(chat, chat.state, "car")
    chat.say("嗯？", "affirm")
    assert "car" not in chat.facts
    put(chat, chat.state, "car")
    chat.say("嗯", "affirm")
    assert chat.facts["car"] is True


@pytest.mark.parametrize(("words", "intent"), [("接着说", "goodbye"), ("你好", "affirm")])
def test_whoever_is_back_hears_the_open_question(chat: Chat, words: str, intent: str) -> None:
    ask_consent(chat)
    chat.say(words, intent)
    assert chat.responses == ["utter_greet_again", "utter_consent_again"]


def test_not_knowing_at_the_card_ends_with_a_person(chat: Chat) -> None:
    show_card(chat)
    for _ in range(2):
        assert "先不交" in chat.say("不知道", unknown=True)
    chat.say("不知道", unknown=True)
    assert chat.responses == ["utter_offer_person"]
    assert chat.cases() == []


def test_after_an_emergency_is_taken_back_the_talk_goes_on(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.emergency["receipt"]
    chat.say("撤回申请", "withdraw_case")
    chat.press("确定撤回")
    assert "您好" in chat.say("你好", "greet")
    assert "排队" in chat.say("找工作人员", "human_handoff") or "请" in chat.text
    assert "emergency" not in chat.state.flow
    assert "119" in chat.say("着火了", "crisis_emergency", crisis_kind="fire")

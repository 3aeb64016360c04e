"""A standard with an urban and a rural value: both told, then asked once which applies."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from tests.actions.conftest import Chat

AMOUNT = "ask_amount_standard"
ZHONGXIAN, XIDE = "重庆市忠县", "四川省凉山彝族自治州喜德县"


def ask(chat: Chat, region: str | None = ZHONGXIAN) -> str:
    """低保标准多少, with the place in the sentence when there is one."""
    return chat.say(
        "低保标准多少", AMOUNT, program="dibao", **({"region": region} if region else {})
    )


@pytest.mark.parametrize(("button", "mine", "other"), [
    ("农村户口", "农村每人每月630元", "770"), ("城镇户口", "城市每人每月770元", "630"),
])  # fmt: skip
def test_both_are_told_and_it_is_asked_once_which_applies(
    chat: Chat, button: str, mine: str, other: str
) -> None:
    text = ask(chat)
    assert "城市每人每月770元、农村每人每月630元" in text
    assert chat.responses[-1] == "utter_ask_hukou_standard"
    text = chat.press(button)
    assert mine in text
    assert other not in text
    assert "重庆市，2025年7月起" in text


def test_typed_words_answer_it_too(chat: Chat) -> None:
    ask(chat)
    assert "农村每人每月630元" in chat.say("农村的", hukou="rural")


def test_the_answer_is_remembered(chat: Chat) -> None:
    ask(chat)
    chat.press("农村户口")
    text = ask(chat)
    assert "utter_ask_hukou_standard" not in chat.responses
    assert "农村每人每月630元" in text
    text = chat.say("那黔江区呢，低保标准多少", AMOUNT, program="dibao", region="重庆市黔江区")
    assert "630元" in text
    assert "770" not in text


def test_a_hukou_told_before_is_not_asked(chat: Chat) -> None:
    text = chat.say(
        "我们农村的，忠县低保标准多少", AMOUNT, program="dibao", region=ZHONGXIAN, hukou="rural"
    )
    assert "农村每人每月630元" in text
    assert "770" not in text


def test_who_does_not_know_is_not_asked_again(chat: Chat) -> None:
    ask(chat)
    chat.press("不清楚")
    assert chat.responses == ["utter_both_standards_told"]
    ask(chat)
    assert "utter_ask_hukou_standard" not in chat.responses


def test_place_first_then_the_hukou(chat: Chat) -> None:
    ask(chat, region=None)
    assert chat.state.asking == "region"
    chat.say("忠县", region=ZHONGXIAN)
    assert chat.state.asking == "hukou"
    assert "城市每人每月770元" in chat.press("城镇户口")


def test_one_standard_for_all_asks_nothing(chat: Chat) -> None:
    text = ask(chat, region="天津市南开区")
    assert "1045元" in text
    assert chat.state.asking is None


def test_in_the_middle_of_a_screening_nothing_new_is_asked(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", region=ZHONGXIAN)
    assert chat.state.asking == "household_size"
    assert "630元" in ask(chat)
    assert "utter_ask_hukou_standard" not in chat.responses
    assert chat.responses[-1] == "utter_ask_household_size"


def test_whoever_says_something_else_is_not_held_up(chat: Chat) -> None:
    ask(chat)
    chat.say("谢谢", "thanks")
    assert chat.state.asking is None


@pytest.mark.parametrize(("button", "unit"), [
    ("城镇户口", "城市每人每月420到450元"), ("农村户口", "农村每人每年2880元"),
])  # fmt: skip
@pytest.mark.parametrize("year", [2016, 2026])
def test_liangshan_tells_its_range_and_its_yearly_unit(
    chat: Chat, now: time_machine.Traveller, button: str, unit: str, year: int
) -> None:
    now.move_to(datetime(year, 6, 1, 2, 0, tzinfo=UTC))
    ask(chat, XIDE)
    text = chat.press(button)
    assert unit in text
    assert "2016年" in text
    assert ("老数" in text) is (year == 2026)


def test_in_danger_nobody_is_asked_for_a_hukou(chat: Chat) -> None:
    chat.say("没米下锅了", "crisis_emergency", crisis_kind="no_food", region=ZHONGXIAN)
    ask(chat)
    assert "utter_ask_hukou_standard" not in chat.responses

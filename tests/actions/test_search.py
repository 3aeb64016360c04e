"""A question outside the grid: the nearest answer by its words, or an honest nothing."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat


@pytest.mark.parametrize("text", ["医保费到底谁来交呢？", "低保的卡被冻结了怎么搞？"])
def test_the_nearest_answer_is_told_as_such_and_cited(chat: Chat, text: str) -> None:
    chat.say(text, "nlu_fallback")
    assert chat.responses[:2] == ["utter_answer_nearest", "utter_answer"]
    assert chat.said[1].sources


def test_what_nothing_resembles_is_not_answered(chat: Chat) -> None:
    chat.say("火星上能种土豆吗？", "nlu_fallback")
    assert "utter_answer" not in chat.responses
    assert "utter_not_understood" in chat.responses


def test_no_question_is_searched_for(chat: Chat) -> None:
    chat.say("低保的卡被冻结了", "nlu_fallback")
    assert "utter_answer_nearest" not in chat.responses


def test_the_open_question_is_not_left(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening")
    chat.say("低保的卡被冻结了怎么搞？", "nlu_fallback")
    assert "utter_answer_nearest" not in chat.responses
    assert chat.state.asking == "region"

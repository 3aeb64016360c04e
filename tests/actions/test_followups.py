"""The thread of a question is kept: another place, hukou, programme or year, in a few words."""

from __future__ import annotations

import pytest

from actions import turns
from actions.turn import Understanding
from tests.actions.conftest import Chat

ZHONGXIAN = "500233"


@pytest.fixture
def asked(chat: Chat) -> Chat:
    """Somebody of 忠县 who has just heard what the 低保 line is."""
    chat.say("低保一个月多少钱", "ask_amount_standard", program="dibao")
    said = chat.say("忠县", region="重庆市忠县")
    assert "770" in said
    assert "630" in said
    return chat


def test_another_place_is_answered_and_nobody_has_moved(asked: Chat) -> None:
    said = asked.say("天津呢", region="天津")
    assert "1045" in said
    assert "现在说住在" not in said
    assert asked.state.region == ZHONGXIAN


@pytest.mark.parametrize("words", ["农村的呢", "农村户口"])
def test_the_hukou_alone_sharpens_the_answer(asked: Chat, words: str) -> None:
    said = asked.say(words, hukou="rural")
    assert "630" in said
    assert asked.state.flow == [], "no screening was asked for"


def test_the_place_told_late_sharpens_the_answer(chat: Chat) -> None:
    assert "重庆还要" not in chat.say("低保要什么材料", "ask_materials", program="dibao")
    assert "重庆还要" in chat.say("我在忠县", region="重庆市忠县")
    assert "screening" not in chat.state.flow


def test_another_programme_gets_the_same_question(chat: Chat) -> None:
    chat.say("特困多久能批", "ask_processing_time", program="tekun")
    before = chat.text
    said = chat.say("低保呢", "inform_facts", program="dibao")
    assert "工作日" in said
    assert said != before
    assert "screening" not in chat.state.flow


@pytest.mark.parametrize("taken_for", ["ask_other_benefits", "ask_program_overview"])
def test_a_bare_name_keeps_the_question_whatever_it_was_taken_for(
    chat: Chat, taken_for: str
) -> None:
    chat.say("特困多久能批", "ask_processing_time", program="tekun")
    assert "30个工作日" in chat.say("那低保呢", taken_for, program="dibao")


def test_another_year_is_another_answer(asked: Chat) -> None:
    asked.say("天津呢", region="天津")
    said = asked.say("2023年10月呢", "inform_facts")
    assert "2023年10月" in said or "2023" in said


def test_a_story_is_no_follow_up(asked: Chat) -> None:
    asked.say("我家三口人一个月收入两千", household_size=3, monthly_income_total=2000)
    assert asked.state.flow == ["screening"]


@pytest.mark.parametrize("words", ["那我要告他呢，哪个帮我打官司", "那你懂不懂低保"])
def test_a_question_is_no_consent_to_register(chat: Chat, words: str) -> None:
    heard = Understanding("self_declare", words, confidence=0.6)
    turns.take(chat.runtime, turns.Request(heard, chat.id, "m1", "web", "sender"))
    assert chat.state.draft == {}
    assert chat.state.asking != "consent"


def test_what_the_insurance_leaves_is_no_second_declaration(chat: Chat) -> None:
    chat.say("医保报完了还剩好多，医疗救助能再报不", "ask_other_benefits", program="yiliao")
    assert "utter_answer_may_again" not in chat.responses

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


def test_after_one_word_the_next_is_explained(chat: Chat) -> None:
    chat.say("起付线是啥意思？", "ask_program_overview")
    assert "最多报到" in chat.say("那封顶线呢", "out_of_scope_chitchat")


@pytest.mark.parametrize(
    ("stage", "words"), [("中职", "他还在读中职"), ("高中", "读高中的"), ("中职", "在技校")]
)
def test_what_is_told_after_a_rule_is_held_against_it(chat: Chat, stage: str, words: str) -> None:
    chat.say("娃儿吃的是特困，满十六是不是就没得了", "ask_review_or_stop", program="tekun")
    said = chat.say(words, student_stage=stage)
    assert "您说的情况，就看这一条" in said
    assert "满十八岁还在读普高、中职的" in said
    assert "记下了" not in said
    assert chat.state.flow == []


def test_what_the_rule_says_nothing_of_is_taken_in_as_ever(chat: Chat) -> None:
    chat.say("娃儿吃的是特困，满十六是不是就没得了", "ask_review_or_stop", program="tekun")
    assert "就看这一条" not in chat.say("他读小学", student_stage="小学")


def test_the_programme_first_and_then_of_whom(chat: Chat) -> None:
    chat.say("豐澤區低保一個月偌濟錢", "ask_amount_standard", program="dibao",
             region="福建省泉州市丰泽区")  # fmt: skip
    said = chat.say("彼特困的咧，佇厝內養、會食會行的", "nlu_fallback", program="tekun",
                    confidence=0.15)  # fmt: skip
    assert "1390" in said


def test_a_rule_of_years_ago_is_no_news_of_one_s_own(chat: Chat) -> None:
    said = chat.say("2020年3月重庆农村建卡户的渐退是怎么规定的", "ask_review_or_stop",
                    program="dibao", region="重庆")  # fmt: skip
    assert "2倍" in said
    assert "6个月" in said
    assert "已经上班了" not in said


def test_who_wonders_whether_it_is_for_them_is_looked_at_after_the_rule(chat: Chat) -> None:
    chat.say("三级残疾能不能领护理费", "ask_eligibility_conditions", program="canji_butie",
             disability_level="三级")  # fmt: skip
    said = chat.say("智力的，三级", disability_level="三级", disability_type="智力")
    assert "三、四级智力、精神残疾人" in said
    assert chat.state.flow == ["screening"]


def test_a_question_about_another_province_is_answered_for_there(chat: Chat) -> None:
    chat.say("天津低保多少", "ask_amount_standard", program="dibao", region="天津")
    said = chat.say("重庆低保标准是多少", "ask_amount_standard", program="dibao", region="重庆")
    assert "770" in said
    assert "1045" not in said
    assert chat.state.region == "120000"

"""Where the conversation knows better than a model that hears one sentence."""

from __future__ import annotations

import pytest

from knowledge import glossary
from tests.actions.conftest import Chat, records
from tests.actions.test_dialogues import file


@pytest.mark.parametrize("text", ["好 那就申请", "那就申请吧", "我要申请", "帮我登记一下", "办吧"])
def test_short_wishes_to_apply_open_the_declaration(chat: Chat, text: str) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    chat.say(text, "goodbye")
    assert chat.state.asking == "consent"


def test_one_word_that_can_only_mean_one_fact_counts_unasked(chat: Chat) -> None:
    chat.say("我要申请残疾人补贴", "self_declare", program="canji_butie")
    assert chat.state.asking == "consent"
    chat.say("二级", "inform_facts")
    assert chat.facts["disability_level"] == "二级"


def test_asking_whether_the_household_qualifies_is_screening(chat: Chat) -> None:
    chat.say("我家5个人", household_size=5)
    chat.say("月入1800", monthly_income_total=1800)
    chat.say("那能吃低保不", "ask_income_property_rules", program="dibao")
    assert "约360元" in chat.text
    assert "utter_answer" not in chat.responses


def test_a_general_question_stays_a_question(chat: Chat) -> None:
    chat.say("低保一个月多少钱", "ask_amount_standard", program="dibao")
    assert "utter_answer" in chat.responses


def test_a_slip_taken_back_is_not_a_change_of_a_filed_case(chat: Chat) -> None:
    chat.say("我家4个人", household_size=4)
    chat.say("等等写错了是5个", "update_case", correction=True, program="dibao")
    assert chat.facts["household_size"] == 5
    assert chat.state.topic == "screening"


def test_take_one_away_is_a_withdrawal(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    chat.say("删掉一份", "inform_facts")
    assert "确定撤回吗" in chat.text


def test_keep_my_mothers_answers_which_one(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    file(chat, "徐素华", "13800138002", relation="母亲")
    chat.say("删掉一份", "inform_facts")
    chat.say("留有我妈的那份", "check_status")
    assert "留着不动的是：徐素华" in chat.text


def test_income_words_beat_the_open_question(chat: Chat) -> None:
    chat.say("忠县三口人看看低保", "start_screening", program="dibao", region="重庆市忠县",
             household_size=3, monthly_income_total=800)  # fmt: skip
    while chat.state.asking != "medical_expense_self":
        chat.say("没有", "deny")
    chat.say("月入1800", medical_expense_self=1800)
    assert chat.facts["monthly_income_total"] == 1800
    assert "medical_expense_self" not in chat.facts


def test_an_amount_in_a_question_does_not_answer_the_open_one(chat: Chat) -> None:
    chat.say("看看低保", "start_screening", program="dibao", region="重庆市忠县", household_size=3)
    assert chat.state.asking == "monthly_income_total"
    chat.say("对了 我刚交的那个现在到哪一步了", "check_status")
    assert "monthly_income_total" not in chat.facts
    assert chat.state.topic == "status"


def test_digits_inside_a_token_are_no_fact(chat: Chat) -> None:
    from actions import turns
    from actions.turn import Understanding
    from conversations import vault

    chat.say("我要申请残疾人补贴", "self_declare", program="canji_butie", disability_type="肢体")
    with chat.runtime.database.write() as session:
        text = vault.tokenise(session, chat.runtime.cipher, chat.id, "1380013800")
    entity = {"entity": "disability_level", "value": "四级", "start": 6, "end": 7}
    turns.take(
        chat.runtime,
        turns.Request(Understanding("inform_facts", text, [entity]), chat.id, "m", "web", "s"),
    )
    assert "disability_level" not in chat.facts


def test_an_implied_programme_does_not_replace_a_named_one(chat: Chat) -> None:
    from actions.turn import Understanding

    implied = {"entity": "program", "value": "yiliao", "implied": True}
    named = {"entity": "program", "value": "dibao", "implied": False}
    assert Understanding("x", "", [implied, named]).programmes == ["dibao"]
    assert Understanding("x", "", [implied]).programmes == ["yiliao"]
    assert not Understanding("x", "", [implied]).names_programme
    assert records(chat.runtime) == []


def test_household_facts_leave_the_question_for_a_receipt_behind(chat: Chat) -> None:
    chat.say("我家4个人", household_size=4)
    chat.say("查进度", "check_status")
    assert chat.state.asking == "receipt"
    chat.say("月入1800", monthly_income_total=1800)
    assert chat.facts["monthly_income_total"] == 1800
    assert chat.state.topic == "screening"


def test_in_an_emergency_nobody_is_told_i_cannot_help(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("男人跑了不管", "out_of_scope_chitchat")
    assert "utter_out_of_scope" not in chat.responses
    assert "转过去" in chat.text
    chat.say("低保还有十几天才发", "ask_other_benefits", receiving=["dibao"])
    assert "utter_answer" not in chat.responses
    chat.say("低保哪天发啊？", "ask_payment_problem", program="dibao")
    assert "utter_answer" in chat.responses


def test_the_words_of_a_button_press_it(chat: Chat) -> None:
    chat.say("帮我登记", "self_declare")
    chat.say("都同意", "affirm")
    chat.say("日子过不下去", "out_of_scope_chitchat")
    assert chat.state.draft["needs"] == ["basic_living"]


def test_the_beginning_of_a_button_presses_it_when_only_one_begins_so(chat: Chat) -> None:
    chat.say("帮我登记", "self_declare")
    chat.say("都同意", "affirm")
    chat.say("看病", "ask_program_overview", program="yiliao")
    assert chat.state.draft["needs"] == ["medical"]


def test_danger_is_never_taken_for_a_button(chat: Chat) -> None:
    chat.say("帮我登记", "self_declare")
    chat.say("都同意", "affirm")
    chat.say("日子过不下去", "crisis_emergency")
    assert chat.state.topic == "emergency"


def test_after_a_screening_the_hopeful_programmes_are_declared(chat: Chat) -> None:
    chat.say("我们能申请什么", "start_screening", household_size=3, monthly_income_total=800,
             hukou="rural", car=False, deposit=0, region="重庆市忠县")  # fmt: skip
    for _ in range(8):
        if chat.state.asking == "offer_declare":
            break
        chat.say("没有", "deny")
    chat.press("现在申报")
    assert "dibao" in chat.state.draft["programmes"]
    chat.press("都同意")
    assert chat.state.asking == "name"


def test_no_problem_is_a_yes(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.say("没问题", "deny")
    assert chat.state.asking == "name"
    assert chat.state.consent


@pytest.mark.parametrize(
    ("said", "taken_for", "term"),
    [
        ("公示这俩字咋讲", "out_of_scope_chitchat", "公示"),
        ("行政复议指啥", "ask_appeal_complaint", "行政复议"),
    ],
)
def test_an_official_word_is_explained_whatever_it_was_taken_for(
    chat: Chat, said: str, taken_for: str, term: str
) -> None:
    text = glossary.explain(term)
    assert text is not None
    assert text in chat.say(said, taken_for)

"""A person, small talk, misunderstandings, questions in between, the way to the web chat."""

from __future__ import annotations

import re

import pytest

from conversations import identity, links
from tests.actions.conftest import Chat, records


@pytest.mark.parametrize("opening", [
    None,
    ("我家能吃低保不", "start_screening"),
    ("我要申请低保", "self_declare"),
    ("邻居没人管", "report_for_other"),
    ("查进度", "check_status"),
    ("没米了", "crisis_emergency"),
])  # fmt: skip
def test_a_person_is_one_turn_away_from_anywhere(
    chat: Chat, opening: tuple[str, str] | None
) -> None:
    if opening:
        chat.say(*opening)
    asking = chat.state.asking
    text = chat.say("找个真人", "human_handoff")
    assert re.search("工作人员会?联系您", text)
    assert "2026年3月3日" in text
    assert "12345" in text
    assert any(
        "person" in case["needs"] or case["kind"] == "duty" for case in records(chat.runtime)
    )
    assert chat.state.asking == asking


def test_after_asking_for_a_person_the_talk_can_go_on(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", program="dibao")
    assert "接着跟我说" in chat.say("找个真人", "human_handoff")
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "household_size"


def test_not_understood_goes_from_again_to_choices_to_a_person(chat: Chat) -> None:
    assert "换个说法" in chat.say("阿巴", "nlu_fallback")
    assert "1 看看我家可能符合什么" in (chat.say("阿巴阿巴", "nlu_fallback") and chat.titles)
    assert "请工作人员来帮您" in chat.say("阿巴阿巴阿巴", "nlu_fallback")
    assert "工作人员联系您" in chat.press("好，找工作人员")


def test_not_understood_inside_a_question_repeats_it_with_its_choices(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", household_size=3,
             monthly_income_total=800, car=False)  # fmt: skip
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "deposit"
    chat.say("阿巴", "nlu_fallback")
    assert chat.responses == ["utter_not_understood", "utter_ask_deposit"]
    chat.say("阿巴", "nlu_fallback")
    assert chat.responses == ["utter_not_understood_twice", "utter_ask_deposit"]
    chat.say("阿巴", "nlu_fallback")
    assert chat.state.asking == "offer_person"
    chat.press("不用")
    assert chat.responses[-1] == "utter_ask_deposit"


def test_an_answer_in_between_forgives_the_misses(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    chat.say("阿巴", "nlu_fallback")
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.misses == 0


def test_after_twelve_questions_a_person_is_offered(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    state = chat.state
    for number in range(20):
        if chat.state.asking in {"offer_person", "offer_declare"}:
            break
        chat.say("不清楚", unknown=True)
        assert number < 14
    assert chat.state.questions <= 12
    assert state.questions == 1


@pytest.mark.parametrize(
    ("intent", "text", "said"),
    [
        ("greet", "你好", "您家的难处"),
        ("thanks", "谢谢", "不客气"),
        ("goodbye", "再见", "再见"),
        ("bot_identity", "你是真人吗", "电脑程序"),
        ("out_of_scope_chitchat", "今天天气好", "帮不上忙"),
        ("out_of_scope_gov", "残疾证怎么办", "残联"),
        ("out_of_scope_gov", "失业保险怎么领", "12333"),
        ("out_of_scope_gov", "路灯坏了", "12345"),
        ("affirm", "好的", "直接说"),
        ("deny", "没了", "随时"),
    ],
)
def test_small_talk(chat: Chat, intent: str, text: str, said: str) -> None:
    assert said in chat.say(text, intent)


def test_small_talk_returns_to_the_open_question(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    for intent in ("greet", "thanks", "bot_identity", "out_of_scope_chitchat", "out_of_scope_gov"):
        chat.say("唉", intent)
        assert chat.responses[-1] == "utter_ask_region", intent
        assert chat.state.misses <= 1
    chat.say("先忙了", "goodbye")
    assert chat.responses == ["utter_goodbye_open", "utter_somebody_to_talk"]
    chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "household_size"


def test_the_second_greeting_is_short(chat: Chat) -> None:
    chat.say("你好", "greet")
    chat.say("在吗", "greet")
    assert chat.responses == ["utter_greet_again"]


def test_all_questions_of_a_message_are_answered(chat: Chat) -> None:
    chat.say("要啥材料，多久能批，一个月给多少", "ask_materials", region="重庆市忠县")
    text = chat.text
    assert "3件事" in text
    assert "户口本" in text
    assert "工作日" in text
    assert "630元" in text
    assert all(u.sources for u in chat.said if u.response == "utter_answer")


def test_the_place_given_after_an_answer_repeats_it_for_there(chat: Chat) -> None:
    chat.say("低保一个月多少钱", "ask_amount_standard", program="dibao")
    assert chat.state.asking == "region"
    text = chat.say("忠县", region="重庆市忠县")
    assert "630元" in text


def test_another_message_after_an_answer_is_not_taken_for_a_place(chat: Chat) -> None:
    chat.say("低保一个月多少钱", "ask_amount_standard", program="dibao")
    chat.say("我要申请低保", "self_declare", program="dibao")
    assert chat.state.asking == "consent"


def test_a_question_without_a_programme_says_which_it_answers(chat: Chat) -> None:
    assert "先按低保来答" in chat.say("要啥材料", "ask_materials")
    assert "先按" not in chat.say("多久能批", "ask_processing_time")


def test_a_question_about_aid_in_general_is_not_taken_for_dibao(chat: Chat) -> None:
    said = chat.say("家里太难了，国家有哪些救助", "ask_program_overview")
    assert "临时救助" in said
    assert "先按低保来答" not in said
    assert chat.state.programmes == []


def test_telegram_gets_a_one_time_link_and_the_facts_come_along(chat: Chat) -> None:
    phone = Chat(chat.runtime, "telegram")
    text = phone.say("我要申请低保，我家三口人，电话13800138000", "self_declare",
                     program="dibao", household_size=3)  # fmt: skip
    assert "utter_consent" not in phone.responses
    token = re.search(r"#link=([\w-]+)", text)
    assert token
    assert records(chat.runtime) == []
    with chat.runtime.database.write() as session:
        web = identity.start_web(session, chat.runtime.cipher).conversation.id
        assert links.redeem(session, chat.runtime.cipher, token[1], web)
        assert not links.redeem(session, chat.runtime.cipher, token[1], web)
    chat.id = web
    chat.say("我要申请低保", "self_declare", program="dibao")
    assert chat.facts["household_size"] == 3
    assert "phone" not in chat.facts
    chat.press("都同意")
    assert chat.state.asking == "name"


def test_questions_and_screening_work_on_telegram(chat: Chat) -> None:
    phone = Chat(chat.runtime, "telegram")
    phone.say("能吃低保不", "start_screening", program="dibao")
    assert phone.state.asking == "region"


def test_an_emergency_on_telegram_is_reported_without_a_link(chat: Chat) -> None:
    phone = Chat(chat.runtime, "telegram")
    text = phone.say("没米了", "crisis_emergency", crisis_kind="no_food")
    assert "link" not in text
    assert [case["kind"] for case in records(chat.runtime)] == ["duty"]


def test_a_programme_without_a_question_offers_the_usual_ones(chat: Chat) -> None:
    chat.say("残疾补贴那个事嘛", "nlu_fallback", program="canji_butie")
    assert "残疾人两项补贴的哪一点" in chat.text
    assert chat.titles[0] == "1 什么条件"
    chat.press("要带什么")
    assert "utter_answer" in chat.responses


def test_no_money_for_the_hospital_is_answered_and_reported_as_urgent(chat: Chat) -> None:
    chat.say("住院押金交不起怎么办", "ask_how_to_apply", program="yiliao")
    assert "utter_answer" in chat.responses
    assert "先治" in chat.text
    assert "不敢说死" in chat.text
    chat.press("现在报上去")
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")
    chat.press("提交")
    [case] = records(chat.runtime)
    assert case["urgency"] == "urgent"
    assert {"yibao", "weijian"} <= case["departments"]


def test_on_telegram_the_first_words_say_that_a_machine_speaks(chat: Chat) -> None:
    assert "不是真人" in Chat(chat.runtime, "telegram").say("你好", "greet")


def test_two_people_with_two_kinds_of_disability_do_not_stop_the_talk(chat: Chat) -> None:
    chat.say("我家三口人，重庆奉节的", household_size=3, region="重庆市奉节县")
    chat.say(
        "我是肢体三级她是智力二级", disability_level="三级", disability_type=[["肢体", "智力"]]
    )
    assert chat.responses[-1].startswith("utter_ask_")

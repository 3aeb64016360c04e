"""A plain question that hides hardship: answered, then offered to be registered, once."""

from __future__ import annotations

import pytest

from actions import hardship
from tests.actions.conftest import Chat, records

ZHONGXIAN = "重庆市忠县"
OFFER = "utter_offer_declare_hardship"
SCHOOL = "孩子考上大学了，学费八千六，我们两口子种地根本拿不出来，助学贷款怎么弄"


def ask(chat: Chat, text: str = SCHOOL) -> str:
    return chat.say(text, "ask_how_to_apply", program="jiaoyu", tuition=8600)


def test_it_is_answered_and_then_offered(chat: Chat) -> None:
    text = ask(chat)
    assert chat.responses[0] == "utter_answer"
    assert chat.responses[-1] == OFFER
    assert chat.responses.count(OFFER) == 1
    assert "要不要我帮您登记" in text
    assert chat.state.asking == "offer_declare"


def test_only_one_thing_is_asked(chat: Chat) -> None:
    assert "请告诉我您在哪个区县" not in chat.say(
        "我妈瘫在床上，家里钱都花光了，低保一个月多少钱", "ask_amount_standard", program="dibao"
    )
    assert chat.responses[-1] == OFFER


def test_a_plain_question_gets_no_offer(chat: Chat) -> None:
    text = chat.say("助学贷款在学校办还是在老家办", "ask_how_to_apply", program="jiaoyu")
    assert OFFER not in chat.responses
    assert "听起来" not in text


def test_what_was_told_in_the_question_is_declared(chat: Chat) -> None:
    ask(chat)
    chat.press("帮我登记")
    assert chat.responses[-1] == "utter_consent"
    chat.press("都同意")
    chat.say("王桂兰", name="王桂兰")
    chat.say("没有", "deny")
    chat.say("忠县", region=ZHONGXIAN)
    assert "学费" in chat.text
    chat.press("提交")
    case = records(chat.runtime)[0]
    assert case["facts"]["tuition"] == 8600
    assert case["programmes"] == ["jiaoyu"]
    assert chat.state.story == []


def test_the_words_of_the_question_go_to_the_caseworker(chat: Chat) -> None:
    ask(chat)
    assert [part["text"] for part in chat.state.story] == [SCHOOL]


def test_a_programme_taken_for_granted_is_not_what_is_declared(chat: Chat) -> None:
    chat.say("锅里没米了，一家人等着吃饭，怎么申请", "ask_how_to_apply")
    assert chat.state.programmes == ["dibao"]
    chat.press("帮我登记")
    assert chat.state.draft["programmes"] == ["linshi"]


def test_a_digit_or_a_plain_yes_is_enough(chat: Chat) -> None:
    ask(chat)
    assert chat.said[-1].choices or chat.buttons(chat.said[-1])[0][0].startswith("1 ")
    chat.say("要得", "affirm")
    assert chat.responses[-1] == "utter_consent"


def test_it_is_never_repeated_after_a_no(chat: Chat) -> None:
    ask(chat)
    chat.press("先不用")
    assert chat.responses[0] == "utter_screening_done"
    chat.say("我家房子漏雨漏得没法住，又没钱修，危改怎么报", "ask_how_to_apply", program="zhufang")
    assert OFFER not in chat.responses
    chat.say("学费实在交不起，怎么办", "out_of_scope_gov")
    assert OFFER not in chat.responses


def test_nor_after_a_no_to_the_offer_of_a_screening(chat: Chat) -> None:
    chat.say("住院押金交不起怎么办", "ask_how_to_apply", program="yiliao")
    assert chat.responses[-1] == "utter_offer_declare_urgent"
    chat.press("先不了")
    chat.say("押金交不起，怎么申请救助啊", "ask_how_to_apply", program="yiliao")
    assert not any(name.startswith("utter_offer_declare") for name in chat.responses)


def test_after_a_no_the_place_is_asked_for_the_answer(chat: Chat) -> None:
    chat.say(
        "我妈瘫在床上，家里钱都花光了，低保一个月多少钱", "ask_amount_standard", program="dibao"
    )
    chat.say("不用", "deny")
    assert chat.responses[0] == "utter_screening_done"
    assert chat.responses[-1] == "utter_ask_region"
    assert "元" in chat.say("忠县", region=ZHONGXIAN)
    assert "hidden_need" not in chat.state.flow


def test_a_place_instead_of_a_yes_or_no_gets_the_local_answer(chat: Chat) -> None:
    chat.say(
        "我妈瘫在床上，家里钱都花光了，低保一个月多少钱", "ask_amount_standard", program="dibao"
    )
    text = chat.say("我在忠县", region=ZHONGXIAN)
    assert "忠县" in text
    assert "元" in text


def test_whoever_asks_on_is_answered_and_not_reminded(chat: Chat) -> None:
    ask(chat)
    chat.say("要带什么材料", "ask_materials", program="jiaoyu")
    assert chat.responses[0] == "utter_answer"
    assert not any("offer_declare" in name for name in chat.responses)
    assert "hidden_need" not in chat.state.flow


def test_more_said_of_the_hardship_keeps_the_offer_on_the_table(chat: Chat) -> None:
    ask(chat)
    chat.say("家里四口人", household_size=4)
    assert chat.responses[-1] == "utter_offer_declare_again"
    assert chat.facts["household_size"] == 4


def test_another_offices_matter_hides_hardship_too(chat: Chat) -> None:
    chat.say("老板拖了我们五个月工资，屋头娃儿老人都等到钱吃饭", "out_of_scope_gov")
    assert chat.responses[0].startswith("utter_office_")
    assert chat.responses[-1] == OFFER


def test_what_was_not_understood_is_not_just_asked_again(chat: Chat) -> None:
    chat.say("阮老母破病愛蹛院，錢攏無夠，按怎才好", "nlu_fallback")
    assert chat.responses == [OFFER]
    assert chat.state.misses == 0


def test_never_while_another_question_is_open(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    ask(chat)
    assert OFFER not in chat.responses
    assert chat.state.topic == "screening"


def test_never_in_place_of_an_emergency(chat: Chat) -> None:
    chat.say("家里没米了，娃娃饿了两天，怎么办", "crisis_emergency", crisis_kind="no_food")
    assert OFFER not in chat.responses
    ask(chat)
    assert OFFER not in chat.responses


def test_an_emergency_takes_the_offer_off_the_table(chat: Chat) -> None:
    ask(chat)
    chat.say("我妈昏过去了", "crisis_emergency", crisis_kind="medical")
    assert "hidden_need" not in chat.state.flow


def test_never_once_it_is_registered(chat: Chat) -> None:
    test_what_was_told_in_the_question_is_declared(chat)
    ask(chat, "我们家学费还差好多，实在凑不齐，助学金怎么申请")
    assert OFFER not in chat.responses


@pytest.mark.parametrize("text", [
    "辖区有群众交不起住院费，怎么申请临时救助",
    "如果交不起押金，家里又没钱，怎么申请救助",
    "听说没钱住院可以先治后付，是真的吗",
    "我在写论文，交不起医药费的家庭怎么办",
    "欠的钱已经还清了，家里人也出院了，单据还要不要",
    "没钱上大学的学生怎么办",
])  # fmt: skip
def test_the_rule_the_office_and_the_past_hide_nothing(text: str) -> None:
    assert not hardship.hidden(text)
    assert hardship.hidden("我家交不起押金，医院不收，怎么办")


def test_facts_heard_weigh_as_words_do() -> None:
    text = "我想问问，我姐这个情况怎么报销"
    assert not hardship.hidden(text)
    assert hardship.hidden(text, [("disease", "白血病"), ("debt", 80000)])
    assert not hardship.hidden("如果我姐得了病怎么报销", [("disease", "白血病"), ("debt", 80000)])


def test_a_long_message_is_read_quickly() -> None:
    import time

    started = time.process_time()
    for unit in ("一", "我没", "欠了一", "只剩一百", "要一一", "瘫没人"):
        hardship.hidden((unit * 1000)[:1000])
    assert time.process_time() - started < 1

"""Replies that sound like something else, read where the conversation stands."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat, records


def _offered(chat: Chat) -> None:
    chat.say("孙子爸妈都没了，八岁", "start_screening", orphan=True, age=8,
             father_state="dead", mother_state="dead", program="gu_er_ertong",
             region="重庆市忠县")  # fmt: skip
    assert chat.state.asking == "offer_declare"


@pytest.mark.parametrize("text", ["没有领过", "没得存款"])
def test_what_one_has_not_refuses_no_offer(chat: Chat, text: str) -> None:
    _offered(chat)
    chat.say(text)
    assert chat.state.asking == "offer_declare"


@pytest.mark.parametrize("text", ["先不了", "不用了", "算了"])
def test_no_to_an_offer_is_no(chat: Chat, text: str) -> None:
    _offered(chat)
    chat.say(text, "deny")
    assert "utter_screening_done" in chat.responses


def test_the_same_verdict_is_not_read_out_twice(chat: Chat) -> None:
    _offered(chat)
    chat.say("有啥子补助没得", "start_screening")
    assert "utter_verdict_same" in chat.responses
    assert "utter_verdict_likely" not in chat.responses


def test_a_wish_is_no_name(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("我要申请", "affirm")
    assert "name" not in chat.facts
    assert chat.state.asking == "name"


def test_no_fault_is_a_yes(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="天津市宁河区")
    chat.press("都同意")
    chat.say("我叫周敏")
    chat.say("没有", "deny")
    chat.say("没毛病 提交", "affirm")
    assert records(chat.runtime)[0]["facts"]["name"] == "周敏"


def test_nothing_to_change_is_asked_whether_to_send(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="天津市宁河区")
    chat.press("都同意")
    chat.say("我叫周敏")
    chat.say("没有", "deny")
    chat.say("没得了，就这些", "goodbye")
    assert "utter_review_as_it_is" in chat.responses
    chat.say("好", "affirm")
    assert records(chat.runtime)[0]["facts"]["name"] == "周敏"


def test_who_cannot_say_whether_it_is_right_may_send_it(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao", region="天津市宁河区")
    chat.press("都同意")
    chat.say("我叫周敏")
    chat.say("没有", "deny")
    chat.say("不知道", unknown=True)
    assert "utter_review_unsure" in chat.responses
    assert "utter_not_understood" not in chat.responses
    chat.press("1 交")
    assert records(chat.runtime)


def test_a_marriage_corrected_is_heard(chat: Chat) -> None:
    chat.say("我结婚了，想申请低保", "self_declare", program="dibao", marital="已婚")
    assert "离" in chat.say("不对，我去年离婚了", marital="离异", correction=True)
    assert "utter_fact_corrected" in chat.responses


def test_a_county_after_its_city_contradicts_nothing(chat: Chat) -> None:
    chat.say("我家在重庆，能吃低保不", "start_screening", program="dibao", region="重庆")
    chat.say("万州区熊家镇", region="重庆市万州区熊家镇")
    assert "utter_fact_changed" not in chat.responses
    assert "utter_facts_noted" in chat.responses


@pytest.mark.parametrize(
    ("text", "size", "income"),
    [
        ("养老金两个人一共三百二", 2, 320),
        ("我每个月领一百三十块养老金", 1, 130),
        ("我有一百三养老金", 3, None),
    ],
)
def test_a_pension_that_is_all_there_is_is_the_income(
    chat: Chat, text: str, size: int, income: int | None
) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao", household_size=size,
             region="重庆市忠县")  # fmt: skip
    assert chat.state.asking == "monthly_income_total"
    chat.say(text, pension_monthly=320 if income == 320 else 130)
    assert chat.facts.get("monthly_income_total") == income


def test_for_him_means_the_one_talked_about(chat: Chat) -> None:
    chat.say("我弟弟二级残疾，能领补贴不", "start_screening", program="canji_butie",
             for_relation="弟弟", disability_level="二级", region="重庆市忠县")  # fmt: skip
    chat.say("那帮他申请吧", "report_for_other")
    assert chat.state.asking == "consent"
    assert chat.facts["disability_level"] == "二级"


def test_a_name_is_no_kinship(chat: Chat) -> None:
    chat.say("我想帮一个人反映", "report_for_other")
    assert chat.state.asking == "for_relation"
    chat.say("他叫包志远", name="包志远")
    assert "for_relation" not in chat.facts


def test_what_is_held_is_not_what_is_asked_for(chat: Chat) -> None:
    chat.say("残疾人补贴能领不", "start_screening", program="canji_butie")
    chat.say("跟爸妈住，吃着低保呢", "start_screening", program="dibao", receiving=["dibao"])
    assert chat.state.programmes == ["canji_butie"]


@pytest.mark.parametrize("text", ["那我撤了以后还能再报吗", "那我现在还能再申请不"])
def test_whether_one_may_apply_again_is_answered(chat: Chat, text: str) -> None:
    chat.say(text, "nlu_fallback")
    assert chat.responses == ["utter_answer_may_again"]


def test_turned_away_at_the_counter_is_a_complaint(chat: Chat) -> None:
    chat.say("低保咋办", "ask_how_to_apply", program="dibao")
    chat.say("那我材料他不收怎么办", "out_of_scope_gov")
    assert "utter_answer" in chat.responses
    assert "投诉" in chat.text or "复议" in chat.text


def test_a_place_that_changes_nothing_repeats_nothing(chat: Chat) -> None:
    first = chat.say("低保为啥停了", "ask_review_or_stop", program="dibao", stopped=["dibao"])
    assert chat.state.asking == "region"
    again = chat.say("福建宁德古田县", region="福建省宁德市古田县")
    assert "utter_answer_same_here" in chat.responses
    assert first.split("。")[0] not in again


@pytest.mark.parametrize("text", ["医院喊先交两万押金", "真的交不起"])
def test_a_deposit_asked_for_is_urgent(chat: Chat, text: str) -> None:
    chat.say(text, "start_screening")
    assert "utter_offer_declare_urgent" in chat.responses


def test_after_the_fire_nobody_is_told_to_run(chat: Chat) -> None:
    said = chat.say("昨晚屋头着火烧光了，人没事", "crisis_emergency", crisis_kind="fire")
    assert "utter_crisis_after_fire" in chat.responses
    assert "别回去拿东西" not in said


def test_a_fire_that_burns_is_one(chat: Chat) -> None:
    chat.say("屋头着火了还在烧", "crisis_emergency", crisis_kind="fire")
    assert "utter_crisis_fire" in chat.responses


def test_the_place_is_asked_until_help_can_come(chat: Chat) -> None:
    chat.say("我被打出来了", "crisis_emergency", crisis_kind="violence")
    assert chat.state.asking == "region"
    chat.say("头上还在流血", "crisis_emergency", crisis_kind="medical")
    assert chat.state.asking == "region"


def test_where_one_comes_from_moves_no_help(chat: Chat) -> None:
    chat.say("两天没吃饭了", "crisis_emergency", crisis_kind="no_food")
    chat.say("丰泽区", region="福建省泉州市丰泽区")
    chat.say("我老家四川的", region="四川")
    assert chat.facts["region"] == "福建省泉州市丰泽区"

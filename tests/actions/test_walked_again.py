"""What random residents brought to light in ten thousand turns: lost facts, endless questions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.conftest import Chat, records

URBAN, RURAL = "urban", "rural"


def own_household(chat: Chat) -> None:
    chat.say("我家三口人，城镇户口，重庆开州的", "start_screening",
             household_size=3, hukou=URBAN, region="重庆市开州区")  # fmt: skip


def begin_report(chat: Chat) -> None:
    chat.say("我反映楼上那家，瘫在床上没人管", "report_for_other",
             for_relation="邻居", bedridden=True)  # fmt: skip


def report(chat: Chat) -> None:
    """A neighbour in another county, sent in anonymously."""
    chat.say(
        "我反映楼上那家，瘫在床上没人管", "report_for_other", for_relation="邻居", bedridden=True
    )
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("不清楚", unknown=True)
    chat.say("匿名", "deny")
    chat.press("提交")


def reported_first(chat: Chat) -> None:
    own_household(chat)
    report(chat)
    while chat.state.flow:
        chat.say("不看了", "deny")


def case_of(chat: Chat, relation: str | None) -> dict[str, Any]:
    return next(one for one in records(chat.runtime) if one["relation"] == relation)


def test_what_is_told_of_the_neighbour_later_leaves_the_speakers_own_facts(chat: Chat) -> None:
    reported_first(chat)
    chat.say("农村户口，存款两万", hukou=RURAL, deposit=20000)
    assert "utter_supplement_added" in chat.responses
    assert (chat.facts["hukou"], chat.facts["household_size"]) == (URBAN, 3)
    assert "deposit" not in chat.facts
    theirs = case_of(chat, "邻居")["facts"]
    assert (theirs["hukou"], theirs["deposit"]) == (RURAL, 20000)


def test_the_neighbours_case_is_not_moved_to_where_the_speaker_lives(chat: Chat) -> None:
    reported_first(chat)
    assert chat.state.region == "500154"
    chat.say("他欠五万", debt=50000)
    assert case_of(chat, "邻居")["region"] == "500233107"


def test_a_place_told_of_the_neighbour_moves_their_case_and_not_the_speaker(chat: Chat) -> None:
    reported_first(chat)
    chat.say("住在拔山镇", region="重庆市忠县拔山镇")
    assert chat.state.region == "500154"
    assert chat.facts["region"] == "重庆市开州区"
    assert str(case_of(chat, "邻居")["region"]).startswith("500233")


def test_what_the_speaker_tells_of_themselves_goes_to_no_neighbour(chat: Chat) -> None:
    reported_first(chat)
    chat.say("我们是农村户口", hukou=RURAL)
    assert chat.facts["hukou"] == RURAL
    assert "hukou" not in case_of(chat, "邻居")["facts"]


def test_what_is_told_after_a_mothers_declaration_stays_known(chat: Chat) -> None:
    chat.say("替我妈申请低保，家里两口人", "self_declare", program="dibao",
             for_relation="母亲", household_size=2)  # fmt: skip
    chat.press("都同意")
    for words in ("王桂兰", "没有", "忠县拔山镇"):
        chat.say(words, region="重庆市忠县拔山镇" if "镇" in words else [])
    chat.press("提交")
    assert chat.state.filed
    chat.say("家里三口人，存款五千", household_size=3, deposit=5000)
    assert "utter_supplement_added" in chat.responses
    assert (chat.facts["household_size"], chat.facts["deposit"]) == (3, 5000)


def test_a_report_moves_nobodys_rescue(chat: Chat) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("开州", region="重庆市开州区")
    while chat.state.asking is not None:
        chat.say("不说", unknown=True)
    chat.say(
        "我反映楼上那家，瘫在床上没人管", "report_for_other", for_relation="邻居", bedridden=True
    )
    assert "utter_crisis_moved" not in chat.responses
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    own = case_of(chat, None)
    assert own["region"] == "500154"
    assert "bedridden" not in own["facts"]


def test_five_at_home_are_kept_also_where_the_house_was_asked_for(chat: Chat) -> None:
    chat.say(
        "我反映楼上那家，瘫在床上没人管", "report_for_other", for_relation="邻居", bedridden=True
    )
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    assert chat.state.asking == "whereabouts"
    chat.say("家里五个人", household_size=5)
    assert chat.facts["household_size"] == 5


def test_a_house_number_is_no_household(chat: Chat) -> None:
    chat.say(
        "我反映楼上那家，瘫在床上没人管", "report_for_other", for_relation="邻居", bedridden=True
    )
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("桥头第二家", household_size=2)
    assert "household_size" not in chat.facts


def two_cases(chat: Chat) -> None:
    for relation in ("母亲", "父亲"):
        chat.say(f"替{relation}申请低保", "self_declare", program="dibao", for_relation=relation)
        if chat.state.asking == "consent":
            chat.press("都同意")
        while chat.state.asking not in {None, "review"}:
            chat.say("不说", unknown=True)
        chat.press("提交")
    assert len(chat.state.filed) == 2


def test_a_fact_beside_which_case_is_read_back_once_and_added_to_it(chat: Chat) -> None:
    two_cases(chat)
    chat.say("上次登记的要改一下", "update_case")
    assert chat.state.asking == "which_case"
    chat.say("又住院了，花了两万", medical_expense=20000)
    assert chat.responses.count("utter_facts_noted") == 1
    chat.say("我妈的那份")
    assert "utter_supplement_noted" in chat.responses
    assert case_of(chat, "母亲")["facts"]["medical_expense"] == 20000


def test_whoever_hesitates_withdraws_nothing(chat: Chat) -> None:
    two_cases(chat)
    chat.say("撤回我妈的那份", "withdraw_case")
    assert chat.state.asking == "confirm_withdraw"
    assert "没有撤" in chat.say("再想想", "deny")
    assert chat.state.asking is None


def test_a_withdrawal_that_nobody_confirms_is_not_asked_for_ever(chat: Chat) -> None:
    two_cases(chat)
    for _ in range(4):
        chat.say("撤回我妈的那份", "withdraw_case")
    assert "utter_not_withdrawn" in chat.responses
    assert all(one.can_withdraw for one in chat.cases())


def test_a_receipt_that_nobody_has_is_not_asked_for_ever(chat: Chat) -> None:
    for _ in range(4):
        chat.say("查进度", "check_status")
    assert chat.responses == ["utter_receipt_lost"]
    assert chat.state.asking is None


def test_a_name_that_nobody_tells_is_not_asked_for_ever(chat: Chat) -> None:
    chat.say("我要撤回申请", "withdraw_case")
    chat.say("没有", "deny")
    assert chat.state.asking == "name"
    for words in ("我的申请怎么样了", "把我的申请删掉", "我爱人出院回家养了"):
        chat.say(words, "update_case")
    assert chat.state.asking == "phone"


@pytest.mark.parametrize("words", ["查进度", "查一下", "申请撤回", "都能"])
def test_a_deed_is_no_name(chat: Chat, words: str) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    assert chat.state.asking == "name"
    chat.say(words, "check_status")
    assert "name" not in chat.facts


def test_the_offer_to_register_takes_the_place_of_which_question_is_meant(chat: Chat) -> None:
    chat.say("孩子上大学交不起学费", "nlu_fallback", program="jiaoyu", student_stage="大学")
    assert not {"utter_offer_questions", "utter_offer_declare_hardship"} <= set(chat.responses)


def test_the_speakers_age_beside_the_fathers_is_kept_in_words(chat: Chat) -> None:
    chat.say("我爸八十了", "start_screening", age=80, for_relation="父亲", program="tekun")
    asking = chat.state.asking
    chat.say("我今年六十二岁", age=62)
    assert "utter_report_noted" in chat.responses
    assert chat.facts["age"] == 80
    assert chat.state.story[-1]["text"] == "我今年六十二岁"
    assert chat.state.asking == asking


def test_whoever_is_in_danger_and_applies_reads_one_line_once(chat: Chat) -> None:
    chat.say("不想活了", "crisis_emergency", crisis_kind="suicide")
    assert chat.state.asking == "region"
    chat.say("我要申请残疾人补贴", "self_declare", program="canji_butie")
    assert chat.responses.count("utter_crisis_stay") == 1


def test_the_friend_who_is_the_speaker_keeps_what_was_told_before(chat: Chat) -> None:
    own_household(chat)
    chat.say("帮我一个朋友问，他欠五万", "report_for_other", for_relation="朋友", debt=50000)
    chat.say("其实就是我自己")
    assert (chat.facts["hukou"], chat.facts["debt"]) == (URBAN, 50000)
    assert chat.state.region == "500154"


@pytest.mark.parametrize("words", ["没有", "不了"])
def test_a_no_is_no_place(chat: Chat, words: str) -> None:
    begin_report(chat)
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say(words, "deny")
    assert chat.state.asking == "phone"
    chat.say("匿名", "deny")
    assert words not in chat.text


def test_hello_and_debts_are_no_place_either(chat: Chat) -> None:
    begin_report(chat)
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("你好", "greet")
    assert chat.state.asking == "whereabouts"
    chat.say("欠了五万块的债", debt=50000)
    assert (chat.state.asking, chat.facts["debt"]) == ("whereabouts", 50000)
    chat.say("存款没有", deposit=0)
    assert chat.state.asking == "phone"
    assert chat.state.draft["whereabouts"] == ""


def test_a_place_told_with_a_fact_is_kept_whole(chat: Chat) -> None:
    begin_report(chat)
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("三组，桥头第二家，欠着债", debt=50000)
    assert chat.state.draft["whereabouts"] == "三组，桥头第二家，欠着债"


def test_a_receipt_that_is_lost_is_helped_with_once(chat: Chat) -> None:
    chat.say("查进度", "check_status")
    assert chat.state.asking == "receipt"
    chat.say("找不到了")
    assert chat.responses == ["utter_receipt_lost"]
    chat.say("查进度", "check_status")
    chat.say("查进度", "check_status")
    chat.say("查进度", "check_status")
    chat.say("回执号找不到了")
    assert chat.responses.count("utter_receipt_lost") == 1


def test_hardship_told_again_is_never_other_peoples_business(chat: Chat) -> None:
    two_cases(chat)
    chat.say("我家日子过不下去了，咋办", "out_of_scope_chitchat", confidence=0.9)
    assert chat.responses == ["utter_low_spirits"]
    chat.say("烦死了", "out_of_scope_chitchat", confidence=0.9)
    assert chat.responses == ["utter_low_spirits"]
    chat.say("今天天气怎么样", "out_of_scope_chitchat", confidence=0.9)
    assert chat.responses == ["utter_out_of_scope"]


def test_whoever_thinks_it_over_is_understood_and_asked_no_more(chat: Chat) -> None:
    chat.say("我家日子过不下去了，咋办", "out_of_scope_chitchat", confidence=0.9)
    assert chat.state.asking == "offer_declare"
    chat.say("再想想", "deny")
    assert chat.responses[0] == "utter_screening_done"
    assert chat.state.asking is None
    assert not chat.state.offer_declined


@pytest.mark.parametrize("filed", [False, True])
def test_what_is_to_be_changed_on_the_card_can_be_typed(chat: Chat, filed: bool) -> None:
    if filed:
        two_cases(chat)
    chat.say("替我爷爷申请低保", "self_declare", program="dibao", for_relation="爷爷")
    if chat.state.asking == "consent":
        chat.press("都同意")
    while chat.state.asking != "review":
        chat.say("不说", unknown=True)
    chat.say("改一下电话", "update_case")
    assert chat.state.asking == "phone"
    chat.say("13800138000")
    assert chat.state.asking == "review"
    assert "138****8000" in chat.text


def test_what_the_first_message_tells_of_a_neighbour_is_kept_after_another_case(chat: Chat) -> None:
    two_cases(chat)
    chat.say("我邻居六十七，离婚，养老金一百九，够不够五保", "report_for_other",
             for_relation="邻居", age=67, marital="离异", pension_monthly=190)  # fmt: skip
    assert chat.state.draft["kind"] == "report"
    assert (chat.facts["age"], chat.facts["pension_monthly"]) == (67, 190)


def test_what_the_first_message_tells_of_the_next_relative_is_kept(chat: Chat) -> None:
    two_cases(chat)
    chat.say("替我奶奶申请低保，她八十二", "self_declare",
             program="dibao", for_relation="奶奶", age=82)  # fmt: skip
    assert (chat.facts["age"], chat.facts["for_relation"]) == (82, "奶奶")


def test_what_is_added_at_the_card_of_a_wish_is_heard_of(chat: Chat) -> None:
    chat.say("我要撤回申请", "withdraw_case")
    while chat.state.asking != "review":
        chat.say("不说", unknown=True)
    chat.say("是我妈那份，去年三月在镇上交的")
    assert chat.responses[0] == "utter_request_noted"
    assert "utter_request_card" in chat.responses


def test_another_province_in_reply_to_which_county_is_taken(chat: Chat) -> None:
    chat.say("我家能吃低保不", "start_screening", region="福建省宁德市", household_size=3)
    while chat.state.asking != "region":
        chat.say("没有", "deny")
    chat.say("重庆", region="重庆市")
    assert chat.facts["region"] == "重庆市"
    assert "utter_place_not_found" not in chat.responses


def test_whoever_does_not_know_where_to_begin_is_asked_what_is_hardest(chat: Chat) -> None:
    chat.say("不知道", unknown=True)
    assert chat.responses == ["utter_at_a_loss"]
    chat.say("不晓得", unknown=True)
    assert chat.responses != ["utter_at_a_loss"]


def test_a_house_number_not_known_may_tell_the_way_all_the_same(chat: Chat) -> None:
    begin_report(chat)
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    chat.say("不知道门牌，问村里人都晓得", unknown=True)
    assert chat.state.draft["whereabouts"] == "不知道门牌，问村里人都晓得"

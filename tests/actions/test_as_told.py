"""What residents told in their own order, and what must come of it."""

from __future__ import annotations

from tests.actions.conftest import Chat, records


def test_a_child_keeps_its_age_when_the_grandmother_tells_hers(chat: Chat) -> None:
    chat.say("我孙子九岁，他爸没了，妈也走了", "start_screening", age=9,
             parents_status="父亡母失联")  # fmt: skip
    chat.say("我六十八了，一个月领两百养老金", age=68, pension_monthly=200)
    assert chat.facts["age"] == 9
    assert chat.facts["pension_monthly"] == 200


def test_a_difficulty_that_was_told_is_not_asked(chat: Chat) -> None:
    chat.say("厂子关了，没活干了，我想申请", "self_declare", lost_job=True)
    chat.press("都同意")
    assert chat.state.asking == "name"
    chat.say("我叫覃永福")
    chat.say("没有", "deny")
    card = chat.say("南开区", region="天津市南开区")
    assert "找工作" in card or "就业" in card
    chat.press("都对，提交")
    assert records(chat.runtime)[0]["departments"] >= {"renshe"}


def test_a_house_on_fire_reaches_the_township_too(chat: Chat) -> None:
    chat.say("家里烧了，想申请救助", "self_declare", program="shouzai", disaster="火灾")
    chat.press("都同意")
    chat.say("我叫覃永福")
    chat.say("没有", "deny")
    chat.say("忠县", region="重庆市忠县")
    chat.press("都对，提交")
    case = records(chat.runtime)[0]
    assert case["programmes"] == ["linshi", "shouzai"]
    assert case["departments"] >= {"xiangzhen", "yingji"}


def test_who_one_is_does_not_show_the_verdicts_again(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    for _ in range(12):
        if chat.state.asking == "offer_declare":
            break
        chat.say("不清楚", unknown=True)
    chat.say("我叫阿木", name="阿木")
    assert chat.responses == ["utter_offer_declare_again"]


def test_a_place_told_late_brings_the_alert_to_the_right_office(chat: Chat) -> None:
    chat.say("老公又打我", "crisis_emergency", crisis_kind="violence")
    assert records(chat.runtime)[0]["region"] is None
    chat.say("南开区", region="天津市南开区")
    case = records(chat.runtime)[0]
    assert case["region"] == "120104"
    assert case["kind"] == "duty"


def test_a_place_is_no_name(chat: Chat) -> None:
    chat.say("屋里断粮了", "crisis_emergency", crisis_kind="no_food")
    chat.say("石柱", region="重庆市石柱土家族自治县")
    assert "name" not in chat.facts


def test_a_house_about_to_fall_is_no_fire(chat: Chat) -> None:
    chat.say("房子要垮了不敢睡", "crisis_emergency", crisis_kind="fire", housing="危房")
    chat.say("石柱", region="重庆市石柱土家族自治县")
    case = records(chat.runtime)[0]
    assert case["facts"]["shock"] == "disaster"
    assert "zhujian" in case["departments"]


def test_the_place_alone_gets_the_amount_that_was_asked(chat: Chat) -> None:
    chat.say("低保多少钱一个月", "ask_amount_standard", program="dibao")
    text = chat.say("我是福建泉州丰泽的", "self_declare", region="福建省泉州市丰泽区")
    assert "元" in text


def test_what_helps_to_find_the_person_is_kept_when_told_late(chat: Chat) -> None:
    chat.say("楼上有个老人没人管，八十了下不了床", "report_for_other", for_relation="邻居")
    chat.say("丰泽区", region="福建省泉州市丰泽区")
    chat.say("东湖那边", "inform_facts")
    assert chat.state.asking == "phone"
    chat.say("门牌是3栋502", "nlu_fallback")
    assert "3栋502" in chat.state.draft["whereabouts"]
    chat.say("电话不想留", "ask_privacy")
    assert chat.state.asking == "review"


def test_after_a_lost_receipt_one_can_apply_anew(chat: Chat) -> None:
    chat.say("我的低保批到哪了", "check_status", program="dibao")
    chat.say("没有", "deny")
    chat.say("那算了我重新申请一个", "withdraw_case")
    assert chat.state.asking == "consent"


def test_one_person_said_to_another_question_is_the_household(chat: Chat) -> None:
    chat.say("能吃低保不", "start_screening", program="dibao")
    assert chat.state.asking == "region"
    chat.say("一个人")
    assert chat.facts["household_size"] == 1
    assert not chat.responses[0].startswith("utter_place_not_found")


def test_treatment_that_waits_for_money_is_offered_to_be_reported_at_once(chat: Chat) -> None:
    chat.say("我爸住院押金交不起怎么办", "start_screening", program="yiliao")
    assert chat.state.asking == "offer_declare"
    assert "120" in chat.text

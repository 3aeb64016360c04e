"""Taking facts in: several at once, corrections from anywhere, impossible values, ranges."""

from __future__ import annotations

import re

import pytest

from actions import places
from foundation import clock
from rules import law as laws
from rules.criteria import multiples
from rules.parameters import in_force
from tests.actions.conftest import Chat


def test_all_facts_of_a_sentence_are_kept_with_their_evidence(chat: Chat) -> None:
    chat.say(
        "我家三口人，一个月八百，农村的", "start_screening",
        household_size=3, monthly_income_total=800, hukou="rural",
    )  # fmt: skip
    fact = chat.state.facts["monthly_income_total"]
    assert (fact.value, fact.message_id) == (800, chat.last_id)
    assert fact.sentence == "我家三口人，一个月八百，农村的"


def test_a_bare_amount_answers_the_question_that_was_asked(chat: Chat) -> None:
    start(chat)
    chat.say("四口人")
    assert chat.facts["household_size"] == 4
    assert chat.state.asking == "monthly_income_total"
    chat.say("两千多", "nlu_fallback")
    assert chat.facts["monthly_income_total"] == 2000


def test_a_guess_of_the_language_model_yields_to_the_open_question(chat: Chat) -> None:
    start(chat, household_size=3, monthly_income_total=1500, hukou="rural")
    while chat.state.asking != "deposit":
        chat.say("没有", "deny")
    chat.say("2000", monthly_income_total=2000)
    assert chat.facts["deposit"] == 2000
    assert chat.facts["monthly_income_total"] == 1500


def test_a_correction_replaces_the_amount_told_last(chat: Chat) -> None:
    start(chat, household_size=4)
    chat.say("三千", monthly_income_total=3000)
    assert "改过来了：全家一个月收入2000元" in chat.say("不对，是两千", "deny", correction=True)
    assert chat.facts["monthly_income_total"] == 2000
    assert chat.facts["household_size"] == 4


def test_a_correction_of_heads_does_not_touch_the_money(chat: Chat) -> None:
    start(chat, household_size=4, monthly_income_total=3000)
    assert "家里5口人" in chat.say("写错了是5个", correction=True)
    assert chat.facts["household_size"] == 5
    assert chat.facts["monthly_income_total"] == 3000


def test_a_correction_needs_no_word_from_the_language_model(chat: Chat) -> None:
    start(chat, household_size=4)
    chat.say("三千", monthly_income_total=3000)
    chat.say("说错了，一千八", "nlu_fallback")
    assert chat.facts["monthly_income_total"] == 1800


def test_a_contradiction_is_echoed_with_both_values(chat: Chat) -> None:
    start(chat, household_size=3)
    text = chat.say("我们四个人过", household_size=4)
    assert "您刚才说的是家里3口人，现在说家里4口人" in text
    assert chat.facts["household_size"] == 4


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("家里五十口人", {"household_size": 50}),
        ("一个月负五百", {"monthly_income_total": -500}),
        ("一百三十岁", {"age": 130}),
        ("一个月一亿", {"monthly_income_total": 100_000_000}),
    ],
)
def test_an_impossible_value_is_explained_and_changes_nothing(
    chat: Chat, text: str, facts: dict[str, int]
) -> None:
    start(chat, household_size=3)
    before = chat.state
    answer = chat.say(text, **facts)
    assert "这里好像不对" in answer
    assert chat.state.facts == before.facts
    assert chat.state.asking == before.asking
    assert len(chat.said) == 2


def test_more_children_than_people_is_a_contradiction(chat: Chat) -> None:
    start(chat, household_size=3)
    assert "这里好像不对" in chat.say("五个娃", num_children=5)
    assert "num_children" not in chat.facts


def test_a_range_stays_a_range(chat: Chat) -> None:
    start(chat, household_size=3)
    assert "500到600元" in chat.say("五六百")
    assert chat.facts["monthly_income_total"] == {"low": 500, "high": 600}


def test_under_a_sum_stays_open_below(chat: Chat) -> None:
    start(chat, household_size=3)
    assert "不到2000元" in chat.say("不到两千")
    assert chat.facts["monthly_income_total"] == {"low": 0, "high": 2000}


def test_an_income_band_is_taken_from_its_button(chat: Chat) -> None:
    chat.say("看看能不能吃低保", "start_screening", program="dibao", hukou="rural")
    chat.say("忠县", region="重庆市忠县")
    chat.say("三口人")
    assert chat.titles == [
        "1 没有收入", "2 不到1890元", "3 1890到2835元", "4 比2835元多", "0 不清楚", "00 找工作人员",
    ]  # fmt: skip
    chat.press("2 不到")
    assert chat.facts["monthly_income_total"] == {"low": 1, "high": 1889}


@pytest.mark.parametrize(
    ("place", "hukou"),
    [
        ("重庆市忠县", "rural"),
        ("重庆市忠县", None),
        ("天津市南开区", None),
        ("福建省宁德市蕉城区", None),
    ],
)
def test_every_figure_of_a_band_is_a_line_in_force(
    chat: Chat, place: str, hukou: str | None
) -> None:
    chat.say("看看能不能吃低保", "start_screening", program="dibao",
             **({"hukou": hukou} if hukou else {}))  # fmt: skip
    chat.say(place, region=place)
    chat.say("三口人")
    assert chat.state.asking == "monthly_income_total"
    code, today = chat.state.region, clock.today()
    law = laws.of(code, today)
    groups = [hukou] if hukou else ["rural", "urban"]
    lines = {
        in_force("dibao_standard", code, today, hukou=group).low * 3 * times / 100
        for group in groups
        for times in multiples(law)
    }
    told = {int(n) for title in chat.titles for n in re.findall(r"\d+(?=[到元])", title)}
    assert told
    # A line between two whole yuan shows as the next one on either side.
    assert all(any(abs(figure - line) < 1 for line in lines) for figure in told)


def test_a_band_that_does_not_decide_is_followed_by_the_figure_itself(chat: Chat) -> None:
    start(chat, household_size=3, hukou="rural", car=False, deposit=0, shock="none",
          medical_expense_self=0)  # fmt: skip
    told = {"low": 1_000, "high": 4_000}
    chat.say("一千到四千", monthly_income_total=told)
    assert chat.state.asking == "monthly_income_total"
    assert chat.responses[-1] == "utter_ask_monthly_income_total_how_much"
    assert not any("元" in title for title in chat.titles)
    assert "0 不清楚" in chat.titles


@pytest.mark.parametrize("reply", ["不清楚", "一千到四千", "一千到三千"])
def test_who_knows_no_better_keeps_the_range_and_is_not_asked_again(chat: Chat, reply: str) -> None:
    start(chat, household_size=3, hukou="rural", car=False, deposit=0, shock="none",
          medical_expense_self=0, monthly_income_total={"low": 1_000, "high": 4_000})  # fmt: skip
    assert chat.state.asking == "monthly_income_total"
    ranges = {
        "一千到四千": {"low": 1_000, "high": 4_000},
        "一千到三千": {"low": 1_000, "high": 3_000},
    }
    if reply in ranges:
        chat.say(reply, monthly_income_total=ranges[reply])
    else:
        chat.say(reply, unknown=True)
    assert chat.state.asking != "monthly_income_total"
    assert chat.facts["monthly_income_total"] == ranges.get(reply, {"low": 1_000, "high": 4_000})
    assert "monthly_income_total" in chat.state.declined
    # An exact figure typed later is taken all the same.
    chat.say("一个月收入1500", monthly_income_total=1500)
    assert chat.facts["monthly_income_total"] == 1500


def test_a_bank_card_is_refused_and_an_id_number_only_kept_as_a_token(chat: Chat) -> None:
    start(chat)
    assert "银行卡号这里用不着" in chat.say("我卡号6222020200112233445")
    chat.say("身份证11010519491231002X")
    assert chat.facts["id_number"].startswith("⟦ID:")
    assert "11010519491231002X" not in str(chat.state.to_json())


def test_a_phone_number_is_never_in_the_state(chat: Chat) -> None:
    chat.say("我叫王桂兰，电话13800138000", name="王桂兰")
    assert chat.facts["phone"].startswith("⟦PHONE:")
    assert "13800138000" not in str(chat.state.to_json())


def test_places_down_to_the_township() -> None:
    found = places.resolve("重庆忠县拔山镇")
    assert found is not None
    assert (found.code, found.name) == ("500233116", "重庆市忠县拔山镇")


def test_a_township_the_gazetteer_lacks_stays_in_the_name() -> None:
    found = places.resolve("忠县黑石镇那边")
    assert found is not None
    assert (found.code, found.name) == ("500233", "重庆市忠县黑石镇")


def test_a_name_used_twice_is_asked_about(chat: Chat) -> None:
    start_without_place(chat)
    assert "哪一个" in chat.say("市中区", region="市中区")
    assert chat.state.region is None
    chat.press("1 ")
    assert chat.state.region is not None
    assert chat.state.asking == "household_size"


def test_a_province_alone_is_asked_for_its_county_once(chat: Chat) -> None:
    start_without_place(chat)
    chat.say("重庆", region="重庆市")
    assert "哪个区县" in chat.say("三口人")
    chat.say("不晓得", unknown=True)
    assert chat.state.asking != "region"


def start_without_place(chat: Chat) -> None:
    """A screening that has just asked for the place."""
    chat.say("看看我家够不够低保", "start_screening", program="dibao")


def start(chat: Chat, **facts: object) -> None:
    """A screening in 忠县."""
    chat.say("看看我家够不够低保", "start_screening", program="dibao")
    chat.say("忠县", region="重庆市忠县", **facts)


def test_a_pressed_button_is_readable_evidence(chat: Chat) -> None:
    start(chat, household_size=3)
    while chat.state.asking != "car":
        chat.say("没有", "deny")
    chat.press("没有")
    fact = chat.state.facts["car"]
    assert fact.value is False
    assert fact.sentence == "（点选）没有车"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("泉州丰泽区", "福建省泉州市丰泽区"),
        ("福建省泉州市丰泽区丰泽街道", "福建省泉州市丰泽区丰泽街道"),
        ("内蒙古自治区兴安盟乌兰浩特市", "内蒙古自治区兴安盟乌兰浩特市"),
        ("重庆忠县石宝镇", "重庆市忠县石宝镇"),
        ("拔山镇", "重庆市忠县拔山镇"),
        ("开州区", "重庆市开州区"),
    ],
)
def test_a_division_is_not_taken_for_a_street_of_its_name(text: str, name: str) -> None:
    found = places.resolve(text)
    assert found is not None
    assert found.name == name


def test_yes_is_not_a_fact(chat: Chat) -> None:
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.say("可以", "inform_facts")
    assert chat.facts == {}
    assert chat.state.asking == "name"


def test_a_bare_correction_takes_back_what_was_told_not_the_open_answer(chat: Chat) -> None:
    chat.say(
        "忠县三口人一个月八百没车能吃低保不", "start_screening", program="dibao",
        region="重庆市忠县", household_size=3, monthly_income_total=800, car=False,
    )  # fmt: skip
    assert chat.state.asking == "deposit"
    chat.say("不对，是一千八", correction=True, deposit=1800)
    assert chat.facts["monthly_income_total"] == 1800
    assert "deposit" not in chat.facts
    assert chat.state.asking == "deposit"


def test_a_correction_in_its_own_words_is_the_open_answer(chat: Chat) -> None:
    chat.say(
        "忠县三口人一个月八百没车能吃低保不", "start_screening", program="dibao",
        region="重庆市忠县", household_size=3, monthly_income_total=800, car=False,
    )  # fmt: skip
    chat.say("不对，存款有两千", correction=True, deposit=2000)
    assert chat.facts["deposit"] == 2000
    assert chat.facts["monthly_income_total"] == 800


def test_after_a_refused_amount_the_correction_is_the_answer(chat: Chat) -> None:
    chat.say("忠县三口人能吃低保不", "start_screening", program="dibao",
             region="重庆市忠县", household_size=3)  # fmt: skip
    asking = chat.state.asking
    assert asking == "monthly_income_total"
    chat.say("负五百", monthly_income_total=-500)
    assert "monthly_income_total" not in chat.facts
    chat.say("写错了，五百", correction=True)
    assert chat.facts["monthly_income_total"] == 500

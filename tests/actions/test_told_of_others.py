"""What is told of others, or only sounds like a fact, is not written down as one's own."""

from __future__ import annotations

import pytest

from actions import amounts
from tests.actions.conftest import Chat

BUTUO = "四川省凉山彝族自治州布拖县"


def _asked_heads(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("布拖县", region=BUTUO)
    assert chat.state.asking == "household_size"


@pytest.mark.parametrize(
    "text", ["我老婆子前头摔了一跤", "那低收入跟低保是一个事儿吗", "一年就是卖点花椒四千来块"]
)
def test_a_one_that_counts_nobody_is_no_household(chat: Chat, text: str) -> None:
    _asked_heads(chat)
    chat.say(text, household_size=1)
    assert "household_size" not in chat.facts


@pytest.mark.parametrize("text", ["就我一个人", "一个人", "一口人", "1", "我自己过"])
def test_who_lives_alone_is_one(chat: Chat, text: str) -> None:
    _asked_heads(chat)
    chat.say(text, household_size=1)
    assert chat.facts["household_size"] == 1


def test_an_age_in_reply_to_the_heads_is_an_age(chat: Chat) -> None:
    _asked_heads(chat)
    said = chat.say("六十一了", "out_of_scope_chitchat", confidence=0.7)
    assert "好像不对" not in said
    assert chat.facts["age"] == 61
    assert "household_size" not in chat.facts


def test_the_digits_of_a_hidden_number_count_nothing() -> None:
    assert amounts.amount("⟦PHONE:4df8⟧", "people") is None


@pytest.mark.parametrize("text", ["爷爷七十六", "我妈七十 靠我寄钱", "还有婆婆七十"])
def test_a_relatives_age_does_not_replace_the_one_told(chat: Chat, text: str) -> None:
    chat.say("我十三岁，爷爷带我", "start_screening", age=13, program="gu_er_ertong")
    said = chat.say(text, age=76)
    assert "我按" not in said
    assert chat.facts["age"] == 13


def test_the_age_of_whom_it_is_about_is_taken(chat: Chat) -> None:
    chat.say("帮我妈问问低保", "start_screening", for_relation="母亲", program="dibao")
    chat.say("我妈七十三了", age=73)
    assert chat.facts["age"] == 73


@pytest.mark.parametrize("text", ["我弟弟还在读初二", "还有个妹妹读小学"])
def test_a_brothers_school_does_not_replace_ones_own(chat: Chat, text: str) -> None:
    chat.say("大学录取了学费凑不齐", "start_screening", student_stage="大学", program="jiaoyu")
    said = chat.say(text, student_stage="初中")
    assert "我按" not in said
    assert chat.facts["student_stage"] == "大学"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("当时赔了六十万 还了四十多万的债", {"debt": 400000}),
        ("报完了一个月自己还得掏两千多", {"waiting_months": 1}),
        ("我一个月能给八百", {"monthly_income_total": 800}),
        ("她就我一个女儿", {"num_children": 1}),
        ("我腰断了 娃他妈走了", {"mother_state": "dead"}),
        ("有公益岗没有", {"work_ability": False}),
    ],
)
def test_what_only_sounds_like_a_fact_is_left_out(
    chat: Chat, text: str, told: dict[str, object]
) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say(text, **told)
    assert not set(told) & set(chat.facts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("还欠着四十多万的债", {"debt": 400000}),
        ("申请交了一个月了没消息", {"waiting_months": 1}),
        ("我一个月挣八百", {"monthly_income_total": 800}),
        ("就我一个人带个娃", {"num_children": 1}),
        ("娃他妈前年病死了", {"mother_state": "dead"}),
    ],
)
def test_the_fact_itself_is_kept(chat: Chat, text: str, told: dict[str, object]) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say(text, **told)
    assert set(told) <= set(chat.facts)


def test_a_year_told_as_a_correction_takes_the_month_back(chat: Chat) -> None:
    chat.say("我家能不能吃低保", "start_screening", program="dibao")
    chat.say("我一个月挣两千五", monthly_income_total=2500)
    chat.say("哦不是 冬天没有 算一年两万块吧", annual_income_total=20000, correction=True)
    assert "monthly_income_total" not in chat.facts
    assert chat.facts["annual_income_total"] == 20000


def test_the_childs_mother_is_no_swearword(chat: Chat) -> None:
    said = chat.say("我干不了活 娃他妈走了")
    assert "您心里有气" not in said

"""What random residents brought to light: lanes that never ended, words taken for a name."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.actions.conftest import Chat


def in_need(chat: Chat) -> None:
    """An emergency that is filed and in which nothing is asked any more."""
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    chat.say("忠县", region="重庆市忠县")
    for _ in range(4):
        if chat.state.asking is None:
            return
        chat.say("不说", unknown=True)
    raise AssertionError(chat.state.asking)


def test_whoever_was_in_danger_can_still_apply(chat: Chat) -> None:
    in_need(chat)
    chat.say("我要申请残疾人补贴", "self_declare", program="canji_butie")
    assert chat.state.asking == "consent"
    assert "119" in chat.say("着火了", "crisis_emergency", crisis_kind="fire")


def test_the_help_asked_for_in_danger_stays_in_the_lane(chat: Chat) -> None:
    in_need(chat)
    chat.say("我要申请临时救助", "self_declare", program="linshi")
    assert "emergency" in chat.state.flow
    assert len(chat.cases()) == 1


def test_the_lane_of_danger_ends_after_a_day(chat: Chat, now: time_machine.Traveller) -> None:
    in_need(chat)
    now.shift(timedelta(hours=20))
    chat.say("在吗", "greet")
    assert "emergency" in chat.state.flow
    now.shift(timedelta(hours=20))
    chat.say("我家能吃低保不", "start_screening")
    assert "emergency" not in chat.state.flow
    assert chat.state.topic == "screening"


def test_an_open_question_of_the_lane_waits_longer(chat: Chat, now: time_machine.Traveller) -> None:
    chat.say("没米了", "crisis_emergency", crisis_kind="no_food")
    assert chat.state.asking == "region"
    now.shift(timedelta(days=3))
    assert "先救助" in chat.say("忠县", region="重庆市忠县")
    assert chat.state.emergency["receipt"]


@pytest.mark.parametrize("words", ["不用", "不知道"])
def test_nobody_is_told_that_a_no_was_passed_on(chat: Chat, words: str) -> None:
    in_need(chat)
    chat.say(words, "deny")
    assert chat.responses == ["utter_crisis_stay"]
    chat.say("他还在发烧", "inform_facts")
    assert "utter_crisis_noted" in chat.responses


def test_the_person_called_for_is_no_name(chat: Chat) -> None:
    chat.say("叫真人来", "human_handoff", name="真人来")
    assert "name" not in chat.facts


def test_one_more_at_home_is_no_household_of_one(chat: Chat) -> None:
    chat.say("家里多了一口人", "update_case", household_size=1)
    assert "household_size" not in chat.facts
    chat.say("家里三口人", household_size=3)
    assert chat.facts["household_size"] == 3


def test_a_fire_after_a_case_was_looked_up_is_helped_with(chat: Chat) -> None:
    chat.say("我要撤回申请", "withdraw_case")
    while chat.state.asking != "review":
        chat.say("不说", unknown=True)
    chat.say("对", "affirm")
    assert chat.state.filed
    chat.say("昨晚房子烧了", disaster="火灾", program="shouzai")
    assert chat.state.topic == "screening"
    assert "utter_supplement_added" not in chat.responses


def test_a_plain_no_to_a_choice_is_the_choice_it_stands_for(chat: Chat) -> None:
    chat.say("干不了活", work_ability=False)
    assert chat.facts["work_ability"] == "无"
    assert "False" not in chat.text
    chat.say("没有", disability_type=False)
    assert "disability_type" not in chat.facts
    assert "False" not in chat.text


def test_not_knowing_at_the_card_of_a_wish_ends_with_a_person(chat: Chat) -> None:
    chat.say("我要撤回申请", "withdraw_case")
    while chat.state.asking != "review":
        chat.say("不说", unknown=True)
    for _ in range(6):
        if chat.state.asking == "offer_person":
            break
        assert "不知道" not in chat.say("不知道", unknown=True)
    assert chat.state.asking == "offer_person"
    assert chat.cases() == []

"""After a screening, further programmes that what was told opens are named and one tap away."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from actions.flows import also
from rules.programmes import ALL_CODES, CODES
from tests.actions.coming_for import declare, settle
from tests.actions.conftest import Chat


def screened(chat: Chat, **told: Any) -> Chat:
    """Through the first screening; `told` are facts given in the first sentence."""
    chat.say("想看看能领什么", "start_screening", **told)
    level = {"disability_level": told["disability_level"]} if "disability_level" in told else {}
    settle(chat, receiving=[], **level)
    return chat


def test_a_severe_disability_names_the_allowances_and_one_tap_looks_at_them(chat: Chat) -> None:
    screened(chat, disability_level="二级", disability_type="肢体")
    assert "还可能用得上：残疾人两项补贴" in chat.text
    chat.press("看看残疾人两项补贴")
    settle(chat, receiving=[])
    assert "护理补贴：" in chat.text
    assert "canji_butie" in declare(chat)["programmes"]


def test_the_offer_to_declare_stays_the_first_choice(chat: Chat) -> None:
    screened(chat, student_stage="高中")
    assert chat.said[-1].response == "utter_offer_declare_also"
    titles = [button.title for button in chat.said[-1].buttons]
    assert titles == ["1 现在申报", "2 看看教育救助", "3 先不了", "00 找工作人员"]
    chat.press("先不了")
    assert "utter_screening_done" in chat.responses


def test_a_digit_may_pick_and_the_look_asks_its_own_question(chat: Chat) -> None:
    screened(chat, student_stage="高中")
    assert chat.said[-1].choices
    chat.press("2 看看教育救助")
    assert chat.state.programmes == ["jiaoyu"]
    assert chat.state.asking not in {None, "offer_declare"} or "教育救助" in chat.text


def test_costs_that_eat_half_the_income_name_rigid_spending(chat: Chat) -> None:
    screened(chat, household_size=3, monthly_income_total=7000, medical_expense_self=90000)
    assert "刚性支出困难家庭" in chat.text


def test_costs_that_are_small_beside_the_income_do_not(chat: Chat) -> None:
    screened(chat, household_size=3, monthly_income_total=7000, medical_expense_self=3000)
    assert "刚性支出" not in chat.text


def test_nothing_told_names_nothing(chat: Chat) -> None:
    screened(chat)
    assert "还可能用得上" not in chat.text
    assert "utter_offer_declare" in chat.responses


def test_what_is_received_or_unlikely_is_not_named(chat: Chat) -> None:
    screened(chat, disability_level="二级")
    assert also.worth_naming(turn_of(chat)) == ["canji_butie"]
    chat.say("领着残疾补贴的", receiving=["canji_butie"])
    assert also.worth_naming(turn_of(chat)) == []


def test_at_most_two_are_named(chat: Chat) -> None:
    told = {"disability_level": "二级", "student_stage": "高中", "legal_matter": "wages"}
    screened(chat, **told)
    assert also.worth_naming(turn_of(chat)) == ["canji_butie", "jiaoyu"]


@pytest.mark.parametrize("code", sorted(also.SIGNS))
def test_every_sign_belongs_to_a_further_programme(code: str) -> None:
    assert code in ALL_CODES
    assert code not in CODES


def turn_of(chat: Chat) -> Any:
    """As much of a turn as the look needs."""
    return SimpleNamespace(state=chat.state, today=date(2026, 11, 21))

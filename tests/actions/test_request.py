"""代转: without a receipt nothing is touched, and a person gets the whole wish."""

from __future__ import annotations

from tests.actions.conftest import Chat, records
from tests.actions.test_dialogues import file


def withdraw_one_keep_the_other(chat: Chat) -> None:
    """Two cases filed elsewhere; one is to go, the mother's is to stay and gets papers."""
    chat.say("刚才我交了两份", "check_status")
    chat.say("SQ20260911007", case_no="SQ20260911007")
    chat.say("删掉一份", "withdraw_case")
    chat.say("留我妈那份", "withdraw_case")
    chat.say("我妈的病历还要补", "update_case")


def test_a_wish_without_a_receipt_reaches_a_person_whole(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    assert chat.state.asking == "name"
    chat.say("叫唐月英的那份", "inform_facts")
    assert chat.state.asking == "phone"
    card = chat.say("好了", "affirm")
    assert "删掉一份" in card
    assert "留我妈那份" in card
    assert "唐月英" in card
    assert records(chat.runtime) == []
    said = chat.press("转给工作人员")
    case = records(chat.runtime)[0]
    assert case["receipt"] in said
    assert case["kind"] == "case_request"
    assert case["facts"]["name"] == "唐月英"
    assert case["facts"]["for_relation"] == "母亲"
    assert case["facts"]["case_no"] == "SQ20260911007"
    assert case["needs"] == ["case_request"]
    assert case["departments"] == {"xiangzhen"}
    assert chat.state.flow == []


def test_nothing_filed_here_is_withdrawn_by_a_request(chat: Chat) -> None:
    file(chat, "陈国富", "13800138001")
    later = Chat(chat.runtime)
    withdraw_one_keep_the_other(later)
    later.say("不说", unknown=True)
    later.say("没有", "deny")
    later.say("不清楚", unknown=True)
    later.say("对", "affirm")
    states = {case["kind"]: case["state"] for case in records(chat.runtime)}
    assert states == {"declaration": "pending_review", "case_request": "pending_review"}


def test_a_request_may_be_dropped(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    chat.say("好了", "affirm")
    assert "没有转" in chat.press("不转了")
    assert records(chat.runtime) == []
    assert chat.state.flow == []


def test_more_can_be_said_while_the_card_is_shown(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    chat.say("好了", "affirm")
    assert "电话也换了" in chat.say("对了，我妈的电话也换了", "update_case")
    assert chat.state.asking == "review"


def test_a_person_is_one_turn_away_from_a_request(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    assert "工作人员联系您" in chat.say("找个真人", "human_handoff")


def test_the_same_card_confirmed_twice_files_once(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    chat.say("好了", "affirm")
    chat.press("转给工作人员")
    chat.say("对", "affirm")
    assert len(records(chat.runtime)) == 1


def test_no_at_the_card_goes_round_in_no_circle(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    chat.say("好了", "affirm")
    for _ in range(3):
        chat.say("不是", "deny")
    assert chat.state.asking == "offer_person"


def test_not_yet_drops_a_request(chat: Chat) -> None:
    withdraw_one_keep_the_other(chat)
    chat.say("好了", "affirm")
    assert "没有转" in chat.say("先不交了", "deny")
    assert records(chat.runtime) == []

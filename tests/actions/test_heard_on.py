"""What residents go on telling: kept, read by whoever comes, and never taken for a refusal."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Chat


def declaring(chat: Chat) -> Chat:
    """At the question for the telephone."""
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("陈阿土", name="陈阿土")
    assert chat.state.asking == "phone"
    return chat


def test_a_sentence_told_instead_of_the_telephone_goes_with_the_declaration(chat: Chat) -> None:
    declaring(chat).say("能走能吃，住自己屋", "inform_facts")
    assert "这句也记下了" in chat.text
    assert chat.state.asking == "phone"
    chat.say("没有", "deny")
    chat.say("忠县", region="重庆市忠县")
    assert "能走能吃，住自己屋" in chat.text


def test_noise_is_not_kept(chat: Chat) -> None:
    declaring(chat).say("asdf", "nlu_fallback")
    assert "没听明白" in chat.text


def test_who_waits_for_a_person_is_read_not_misunderstood(chat: Chat) -> None:
    chat.say("找个人", "human_handoff")
    chat.say("陈阿土", "inform_facts")
    assert "utter_person_will_read" in chat.responses
    assert chat.state.misses == 0


def test_a_telephone_told_after_a_person_was_called_goes_on_with_the_declaration(
    chat: Chat,
) -> None:
    for _ in range(3):
        chat = declaring(chat) if chat.state.asking is None else chat
        chat.say("asdf", "nlu_fallback")
    assert chat.state.asking == "offer_person"
    chat.say("好", "affirm")
    chat.say("13800138000")
    assert "没听明白" not in chat.text
    assert chat.state.asking == "region"


@pytest.mark.parametrize(
    ("text", "heard"), [("没说为啥停的", "utter_not_understood"), ("没了", "utter_all_done")]
)
def test_a_sentence_with_a_no_in_it_ends_nothing(chat: Chat, text: str, heard: str) -> None:
    chat.say(text, "deny")
    assert heard in chat.responses


def test_a_short_receipt_is_told_how_ours_looks(chat: Chat) -> None:
    chat.say("查进度", "check_status")
    chat.say("WZ123", "out_of_scope_chitchat")
    assert "WZ开头，后面十二位数字" in chat.text
    assert "没有回执号" not in chat.text


def test_no_certificate_yet_is_no_grade(chat: Chat) -> None:
    chat.say("能领残疾补贴吗", "start_screening", program="canji_butie")
    while chat.state.asking == "region":
        chat.say("忠县", region="重庆市忠县")
    assert chat.state.asking == "disability_level"
    chat.say("还没办残疾证", program="canji_butie")
    assert chat.facts["disability_level"] == "无"


@pytest.mark.parametrize(
    "text", ["没有没有，我家好好的", "没有，我家好着呢", "没得没得，我屋头好得很"]
)
def test_who_says_that_all_is_well_is_asked_for_no_receipt(chat: Chat, text: str) -> None:
    chat.say(text, "check_status")
    assert chat.state.asking != "receipt"
    assert "回执号" not in chat.text

"""Exactly once: a repeated message says the same and does nothing twice."""

from __future__ import annotations

import pytest

from actions import core, turns
from actions.turn import Turn, Understanding
from conversations.errors import UnknownConversation
from tests.actions.conftest import Chat, records
from tests.actions.test_status import file, other_chat


def ready(chat: Chat) -> None:
    """A draft on its review card."""
    chat.say("我要申请低保", "self_declare", program="dibao")
    chat.press("都同意")
    chat.say("王桂兰")
    chat.say("13800138000")
    chat.say("忠县", region="重庆市忠县")


def test_a_repeated_confirmation_files_once_and_says_the_same(chat: Chat) -> None:
    ready(chat)
    first = chat.say("提交", "affirm", message_id="m-1")
    again = chat.say("提交", "affirm", message_id="m-1")
    assert again == first
    assert len(records(chat.runtime)) == 1


def test_a_process_killed_before_its_answer_went_out_answers_the_same(chat: Chat) -> None:
    """What the gateway does after a crash: the same message, from a fresh process's runtime."""
    from foundation.runtime import Runtime

    ready(chat)
    first = chat.say("提交", "affirm", message_id="m-1")
    chat.runtime = Runtime.open(chat.runtime.settings)
    try:
        assert chat.say("提交", "affirm", message_id="m-1") == first
        assert len(records(chat.runtime)) == 1
    finally:
        chat.runtime.close()


def test_a_repeated_alarm_alerts_once(chat: Chat) -> None:
    from cases.models import DutyAlert

    first = chat.say("没米了", "crisis_emergency", crisis_kind="no_food", message_id="m-1")
    assert chat.say("没米了", "crisis_emergency", crisis_kind="no_food", message_id="m-1") == first
    with chat.runtime.database.read() as session:
        assert session.query(DutyAlert).count() == 1


def test_a_failure_in_the_middle_changes_nothing(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(chat)
    before = chat.state.to_json()
    honest = core.converse

    def broken(turn: Turn) -> None:
        honest(turn)
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(core, "converse", broken)
    with pytest.raises(RuntimeError):
        chat.say("提交", "affirm", message_id="m-1")
    assert chat.state.to_json() == before
    assert records(chat.runtime) == []
    monkeypatch.undo()
    assert "回执号WZ" in chat.say("提交", "affirm", message_id="m-1")
    assert len(records(chat.runtime)) == 1


def test_an_unknown_conversation_is_refused(chat: Chat) -> None:
    request = turns.Request(Understanding("greet", "你好"), "0" * 32, "m", "web", "s")
    with pytest.raises(UnknownConversation):
        turns.take(chat.runtime, request)


def test_the_shell_gets_a_conversation_in_development_only(chat: Chat) -> None:
    request = turns.Request(Understanding("greet", "你好"), None, "m", "web", "shell-1")
    assert turns.take(chat.runtime, request)[0].response.startswith("utter_greet")
    chat.runtime.settings.environment = "production"
    with pytest.raises(PermissionError):
        turns.take(chat.runtime, turns.Request(request.understanding, None, "n", "web", "shell-1"))


def drafted(chat: Chat, approval: str, intent: str, text: str) -> list[turns.Utterance]:
    """What the bot would say where a person reads it first."""
    request = turns.Request(
        Understanding(intent, text), chat.id, f"draft-{text}", "web", "s", approval=approval
    )
    return turns.take(chat.runtime, request)


@pytest.mark.parametrize("approval", ["taken", "waiting"])
def test_a_draft_leaves_the_dialogue_where_it_stood(chat: Chat, approval: str) -> None:
    ready(chat)
    before = chat.state.to_json()
    said = drafted(chat, approval, "ask_materials", "要啥材料")
    assert all(one.extra["draft"] and not one.extra["withheld"] for one in said)
    assert chat.state.to_json() == before
    assert records(chat.runtime) == []


def test_with_a_person_a_deed_is_neither_done_nor_put_into_words(chat: Chat) -> None:
    ready(chat)
    before = chat.state.to_json()
    (one,) = drafted(chat, "taken", "affirm", "提交")
    assert one.extra["withheld"]
    assert records(chat.runtime) == []
    assert chat.state.to_json() == before


def test_who_waits_for_a_person_hands_in_the_declaration_at_once(chat: Chat) -> None:
    ready(chat)
    said = drafted(chat, "waiting", "affirm", "提交")
    assert "draft" not in said[-1].extra
    assert len(records(chat.runtime)) == 1
    assert drafted(chat, "waiting", "affirm", "提交") == said


def test_a_case_proven_by_its_receipt_is_told_to_who_proved_it_and_is_no_draft(chat: Chat) -> None:
    file(chat, "王桂兰", "13800138000")
    receipt = records(chat.runtime)[0]["receipt"]
    for tail in ("8000", "1234"):
        later = other_chat(chat)
        later.say("查进度", "check_status")
        later.say(receipt)
        (one,) = drafted(later, "taken", "inform_facts", tail)
        assert one.extra["withheld"], tail
        told = drafted(later, "waiting", "inform_facts", tail)
        assert not any(utterance.extra.get("draft") for utterance in told), tail

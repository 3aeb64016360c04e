"""The webhook as Rasa calls it."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions import turns
from actions.server import MAX_BODY, create_app
from actions.wording import words
from foundation.runtime import Runtime
from tests.actions.conftest import Chat


@pytest.fixture
def client(runtime: Runtime) -> TestClient:
    """The app with its token in every request."""
    return TestClient(
        create_app(runtime), headers={"Authorization": f"Bearer {runtime.settings.actions_token}"}
    )


def call(chat: Chat, text: str, intent: str, action: str, message_id: str = "m-1",
         **more: Any) -> dict[str, Any]:  # fmt: skip
    """The body Rasa sends."""
    return {
        "next_action": action,
        "sender_id": "sender",
        "version": "3.6.21",
        "domain": {},
        "tracker": {
            "sender_id": "sender",
            "slots": {},
            "latest_message": {
                "intent": {"name": intent, "confidence": 0.9},
                "entities": more.pop("entities", []),
                "text": text,
                "message_id": "rasa-1",
                "metadata": {
                    "conversation_id": chat.id,
                    "message_id": message_id,
                    "channel": "web",
                },
                **more,
            },
            "events": [],
            "latest_event_time": 0.0,
            "followup_action": None,
            "paused": False,
            "active_loop": {},
            "latest_action_name": "action_listen",
        },
    }


def test_a_turn_leaves_as_response_names_with_values(chat: Chat, client: TestClient) -> None:
    body = call(
        chat, "我家三口人", "start_screening", "action_screen",
        entities=[{"entity": "household_size", "value": 3}],
    )  # fmt: skip
    answer = client.post("/webhook", json=body).json()
    assert [item["response"] for item in answer["responses"]] == [
        "utter_facts_noted", "utter_ask_region",
    ]  # fmt: skip
    assert answer["responses"][0]["facts"] == "家里3口人"
    assert answer["responses"][1]["custom"] == {"choices": False, "asking": "region"}
    assert answer["events"] == []


def test_sources_and_choices_travel_as_custom(chat: Chat, client: TestClient) -> None:
    body = call(
        chat, "要啥材料，多久能批", "ask_materials", "action_answer",
        secondary=[{"name": "ask_processing_time", "confidence": 0.4}],
    )  # fmt: skip
    answers = [
        item
        for item in client.post("/webhook", json=body).json()["responses"]
        if item["response"] == "utter_answer"
    ]
    assert len(answers) >= 2
    assert answers[0]["custom"]["sources"][0]["title"]


def test_the_same_message_twice_gets_the_same_answer(chat: Chat, client: TestClient) -> None:
    body = call(chat, "你好", "greet", "action_smalltalk")
    first = client.post("/webhook", json=body)
    assert client.post("/webhook", json=body).json() == first.json()


def test_a_deflated_body_is_read(chat: Chat, client: TestClient) -> None:
    raw = zlib.compress(json.dumps(call(chat, "你好", "greet", "action_smalltalk")).encode())
    answer = client.post("/webhook", content=raw, headers={"Content-Encoding": "deflate"})
    assert answer.json()["responses"][0]["response"] == "utter_greet_short"


def test_no_exception_leaves_an_action(
    chat: Chat,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("王桂兰 13800138000")

    monkeypatch.setattr(turns, "take", broken)
    answer = client.post("/webhook", json=call(chat, "你好", "greet", "action_smalltalk"))
    assert answer.status_code == 200
    [item] = answer.json()["responses"]
    assert item["response"] == "utter_apology"
    assert item["phone"] == "12345"
    assert item["custom"]["failed"] is True
    assert "/human_handoff" in str(words().fixed_buttons["utter_apology"])
    assert "王桂兰" not in caplog.text


def test_the_token_is_needed_and_may_come_in_the_address(chat: Chat, runtime: Runtime) -> None:
    client = TestClient(create_app(runtime))
    body = call(chat, "你好", "greet", "action_smalltalk")
    assert client.post("/webhook", json=body).status_code == 401
    assert client.post("/webhook?token=wrong", json=body).status_code == 401
    address = f"/webhook?token={runtime.settings.actions_token}"
    assert client.post(address, json=body).status_code == 200


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"{", {}),
        (b"[]", {}),
        (b"\xff\xfe", {}),
        (b"not deflated", {"Content-Encoding": "deflate"}),
        (b"{" + b" " * (MAX_BODY + 1), {}),
        (zlib.compress(b" " * (MAX_BODY + 10)), {"Content-Encoding": "deflate"}),
        (b'{"next_action": "action_screen"}', {}),
    ],
)
def test_a_body_that_cannot_be_read_is_a_plain_400(
    client: TestClient, content: bytes, headers: dict[str, str]
) -> None:
    assert client.post("/webhook", content=content, headers=headers).status_code == 400


def test_an_unknown_action_is_404(chat: Chat, client: TestClient) -> None:
    answer = client.post("/webhook", json=call(chat, "你好", "greet", "action_gone"))
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_gone"


def test_health_needs_no_token(runtime: Runtime) -> None:
    client = TestClient(create_app(runtime))
    assert client.get("/livez").status_code == 200
    assert client.get("/metrics").status_code == 200


def test_everything_is_read_before_the_first_resident_comes(runtime: Runtime) -> None:
    with TestClient(create_app(runtime)) as client:
        assert client.get("/livez").status_code == 200


def test_words_a_person_reads_first_are_marked_and_nothing_is_remembered(
    chat: Chat, client: TestClient
) -> None:
    body = call(
        chat, "我家三口人", "start_screening", "action_screen",
        entities=[{"entity": "household_size", "value": 3}],
    )  # fmt: skip
    body["tracker"]["latest_message"]["metadata"]["approval"] = "taken"
    answer = client.post("/webhook", json=body).json()
    assert [item["response"] for item in answer["responses"]] == [
        "utter_facts_noted", "utter_ask_region",
    ]  # fmt: skip
    assert all(item["custom"]["draft"] for item in answer["responses"])
    assert not any(item["custom"]["withheld"] for item in answer["responses"])
    assert chat.facts == {}

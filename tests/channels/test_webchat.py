"""The public web chat over HTTP: its stable edge, its refusals, and the page without script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

import channels.app
from conversations import handover, identity, thread
from conversations.models import Conversation
from foundation.crypto import Cipher
from foundation.database import Base
from foundation.runtime import Runtime
from tests.channels.engines import ChoosingEngine


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ChoosingEngine:
    engine = ChoosingEngine()
    engine.close = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
    return engine


@pytest.fixture
def client(runtime: Runtime, engine: ChoosingEngine) -> Iterator[TestClient]:
    with TestClient(channels.app.create_app(runtime)) as client:
        yield client


def start(client: TestClient) -> tuple[str, dict[str, str]]:
    body = client.post("/chat/conversations").json()
    return body["conversation_id"], {"Authorization": f"Bearer {body['token']}"}


def post(client: TestClient, conversation: str, headers: dict[str, str], **body: Any) -> Any:
    return client.post(
        f"/chat/conversations/{conversation}/messages",
        json={"client_message_id": "m1", **body},
        headers=headers,
    )


class TestEdge:
    def test_a_conversation_opens_with_a_greeting(self, client: TestClient) -> None:
        answer = client.post("/chat/conversations")
        assert answer.status_code == 201
        assert set(answer.json()) == {"conversation_id", "token", "messages"}
        assert "问助" in answer.json()["messages"][0]["text"]

    def test_a_message_is_answered_in_the_documented_shape(self, client: TestClient) -> None:
        conversation, headers = start(client)
        message = post(client, conversation, headers, text="低保").json()["messages"][0]
        assert {"id", "text", "buttons", "sources", "asking"} <= set(message)
        assert message["asking"] == "hukou"
        assert [set(button) for button in message["buttons"]] == [{"label", "value"}] * 2

    def test_a_repeat_is_answered_the_same(
        self, client: TestClient, engine: ChoosingEngine
    ) -> None:
        conversation, headers = start(client)
        first = post(client, conversation, headers, text="低保").json()
        assert post(client, conversation, headers, text="低保").json() == first
        assert len(engine.asked) == 1
        assert post(client, conversation, headers, text="别的").status_code == 422

    def test_history_has_both_sides(self, client: TestClient) -> None:
        conversation, headers = start(client)
        post(client, conversation, headers, text="低保")
        history = client.get(f"/chat/conversations/{conversation}/messages", headers=headers)
        assert [m["author"] for m in history.json()["messages"]] == ["bot", "resident", "bot"]

    def test_while_a_person_holds_the_chat_the_answer_says_so(
        self, client: TestClient, runtime: Runtime
    ) -> None:
        conversation, headers = start(client)
        with runtime.database.write() as session:
            handover.take(session, conversation, "w1")
        body = post(client, conversation, headers, text="在吗").json()
        assert body["held"] is True

    def test_a_token_is_looked_up_once_and_opens_only_its_own(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked_up: list[str] = []
        right = identity.by_token

        def by_token(session: Session, cipher: Cipher, token: str) -> Conversation | None:
            looked_up.append(token)
            return right(session, cipher, token)

        monkeypatch.setattr(identity, "by_token", by_token)
        (mine, headers), (other, _) = start(client), start(client)
        for number in range(3):
            said = post(client, mine, headers, text="低保", client_message_id=f"m{number}")
            assert said.status_code == 200
            assert post(client, other, headers, text="低保").status_code == 404
        assert len(looked_up) == 1

    def test_a_conversation_that_is_gone_is_refused_although_its_token_is_remembered(
        self, client: TestClient, runtime: Runtime
    ) -> None:
        conversation, headers = start(client)
        post(client, conversation, headers, text="低保")
        with runtime.database.write() as session:  # as when an older copy was restored
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(sa.delete(table))
        said = post(client, conversation, headers, text="在吗", client_message_id="m2")
        assert (said.status_code, "重新打开" in said.json()["reason"]) == (404, True)


class TestRefusals:
    def test_a_wrong_token_and_an_unknown_conversation_look_alike(self, client: TestClient) -> None:
        conversation, _ = start(client)
        wrong = {"Authorization": "Bearer x"}
        answers = [
            post(client, conversation, wrong, text="你好"),
            post(client, "0" * 32, wrong, text="你好"),
            post(client, conversation, {}, text="你好"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert len({answer.text for answer in answers}) == 1

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"text": ""},
            {"text": "   "},
            {"text": "\x00\x01"},
            {"text": "啊" * 10_000},
            {"text": "你好", "button": "x"},
            {"text": 3},
            {"text": "你好", "client_message_id": "../../etc"},
            {"text": "你好", "client_message_id": ""},
            {"text": "你好", "client_message_id": "a" * 65},
            {"text": "你好", "surprise": 1},
        ],
    )
    def test_a_bad_body_is_refused_with_a_reason(
        self, client: TestClient, body: dict[str, Any]
    ) -> None:
        conversation, headers = start(client)
        answer = post(client, conversation, headers, **body)
        assert answer.status_code == 422
        assert answer.json()["reason"]

    @pytest.mark.parametrize(
        "raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"a":' * 500]
    )
    def test_nonsense_is_refused(self, client: TestClient, raw: bytes) -> None:
        conversation, headers = start(client)
        answer = client.post(
            f"/chat/conversations/{conversation}/messages",
            content=raw,
            headers={**headers, "Content-Type": "application/json"},
        )
        assert answer.status_code in (400, 422)

    def test_a_huge_body_is_refused_before_it_is_read(self, client: TestClient) -> None:
        conversation, headers = start(client)
        answer = post(client, conversation, headers, text="啊" * 100_000)
        assert answer.status_code == 413

    def test_a_lone_surrogate_does_no_harm(self, client: TestClient) -> None:
        conversation, headers = start(client)
        answer = client.post(
            f"/chat/conversations/{conversation}/messages",
            content=b'{"client_message_id": "m1", "text": "\\ud800\xe4\xbd\xa0\xe5\xa5\xbd"}',
            headers={**headers, "Content-Type": "application/json"},
        )
        assert answer.status_code in (200, 422)

    def test_a_flood_gets_429_with_a_time(self, client: TestClient, runtime: Runtime) -> None:
        limit = runtime.settings.limit_new_conversations_per_minute
        answers = [client.post("/chat/conversations") for _ in range(limit + 1)]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["Retry-After"]) > 0

    def test_a_used_or_invented_link_is_refused(self, client: TestClient) -> None:
        assert client.post("/chat/conversations", json={"link": "x"}).status_code == 410


class TestEvents:
    def test_a_caseworkers_reply_arrives_as_an_event(
        self, client: TestClient, runtime: Runtime
    ) -> None:
        conversation, headers = start(client)
        with runtime.database.write() as session:
            thread.append(
                session,
                runtime.cipher,
                conversation_id=conversation,
                author="person",
                text="您好，我是小周。",
                worker_id="w1",
            )
        # the test client reads a whole answer, so look at what the stream would begin with
        url = f"/chat/conversations/{conversation}/messages?after=1"
        assert client.get(url, headers=headers).json()["messages"][0]["author"] == "person"

    def test_events_need_the_token(self, client: TestClient) -> None:
        conversation, _ = start(client)
        assert client.get(f"/chat/conversations/{conversation}/events").status_code == 404


class TestPageWithoutScript:
    def test_a_conversation_by_plain_forms(
        self, client: TestClient, engine: ChoosingEngine
    ) -> None:
        page = client.get("/")
        number = re.search(r'name="client_message_id" value="([^"]+)"', page.text)
        assert number
        said = client.post("/chat/form", data={"client_message_id": number[1], "text": "低保"})
        assert said.status_code == 200
        assert "户口在农村还是城镇" in said.text
        speakers = re.findall(r'class="who">(\w+)<', said.text)
        assert speakers == ["问助", "我", "问助"], "who says what, also without colour or side"
        value = re.search(r'name="button" value="([^"]+)">城镇', said.text)
        assert value
        client.post("/chat/form", data={"client_message_id": "n2", "button": value[1]})
        assert engine.asked[-1][0] == '/inform_facts{"hukou": "urban"}'

    def test_what_a_resident_typed_is_never_markup(self, client: TestClient) -> None:
        attack = "<img src=x onerror=alert(1)>"
        page = client.post("/chat/form", data={"client_message_id": "n1", "text": attack})
        assert attack not in page.text

    def test_an_empty_message_is_explained_on_the_page(self, client: TestClient) -> None:
        page = client.post("/chat/form", data={"client_message_id": "n1", "text": " "})
        assert 'role="alert"' in page.text


class TestHeaders:
    def test_every_answer_has_the_policy(self, client: TestClient) -> None:
        for path in ("/", "/static/chat.js", "/livez", "/nothing"):
            headers = client.get(path).headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert headers["X-Content-Type-Options"] == "nosniff"

    def test_the_api_is_described(self, client: TestClient) -> None:
        paths = client.get("/openapi.json").json()["paths"]
        assert "/chat/conversations/{conversation_id}/messages" in paths
        assert "/telegram/webhook" not in json.dumps(paths)

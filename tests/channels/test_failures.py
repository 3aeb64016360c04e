"""What fails behind the edge: an apology once, the message kept, a person within reach."""

from __future__ import annotations

import asyncio
import io
import json
import logging as std_logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

import channels.app
from actions import turns
from cases.models import Case, CaseEvent
from channels import asking
from channels.dispatcher import Dispatcher
from channels.gateway import Gateway
from channels.messages import BotItem, Incoming, Turn
from conversations import inbox
from conversations.models import InboxMessage
from foundation import clock, logging, metrics
from foundation.leases import JobState
from foundation.runtime import Runtime
from tests.channels.engines import BrokenEngine, DialogueEngine, EchoEngine

SECRET_WORDS = "王桂兰，电话13800138000"


def say(gateway: Gateway, conversation: str, text: str, number: str = "1") -> Turn:
    return gateway.receive(Incoming("web", conversation, f"{conversation}:{number}", text=text))


def texts(turn: Turn) -> list[str]:
    return [message["text"] for message in turn.messages]


def heard(gateway: Gateway, conversation: str) -> list[str]:
    """Everything the resident was told, without the greeting."""
    return [message["text"] for message in gateway.messages(conversation, after=1)]


def let_time_pass(runtime: Runtime, gateway: Gateway) -> None:
    """All leases and pauses run out, and the dispatcher makes one round."""
    with runtime.database.write() as session:
        session.execute(update(InboxMessage).values(due_at=clock.now()))
    asyncio.run(Dispatcher(runtime, gateway, {}).once())


def count(runtime: Runtime, model: type) -> int:
    with runtime.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


class TestAnActionThatFails:
    @pytest.fixture
    def failures(self, monkeypatch: pytest.MonkeyPatch) -> list[Exception]:
        """What the next turns raise, after everything they had to do was done."""
        waiting: list[Exception] = []
        converse = turns.core.converse

        def fail_late(turn: Any) -> None:
            converse(turn)
            if waiting:
                raise waiting.pop(0)

        monkeypatch.setattr(turns.core, "converse", fail_late)
        return waiting

    def test_one_apology_then_the_answer_and_one_effect(
        self, runtime: Runtime, failures: list[Exception]
    ) -> None:
        gateway = Gateway(runtime, DialogueEngine(runtime, intent="human_handoff"))
        conversation = gateway.open_web().conversation.id
        failures += [RuntimeError(SECRET_WORDS), RuntimeError(SECRET_WORDS)]
        turn = say(gateway, conversation, "我要找人")
        assert turn.pending
        [apology] = texts(turn)
        assert "不用再发" in apology
        assert count(runtime, Case) == 0
        let_time_pass(runtime, gateway)  # fails again: nothing is said twice
        assert heard(gateway, conversation) == [apology]
        let_time_pass(runtime, gateway)
        let_time_pass(runtime, gateway)
        told = heard(gateway, conversation)
        assert told[0] == apology
        assert "工作人员" in told[1]
        assert len(set(told)) == len(told)  # out of hours one more tells when they open
        assert (count(runtime, Case), count(runtime, InboxMessage)) == (1, 1)
        again = say(gateway, conversation, "我要找人")
        assert texts(again) == told
        assert not again.pending

    def test_an_answer_lost_on_its_way_is_not_computed_again(self, runtime: Runtime) -> None:
        engine = DialogueEngine(runtime, intent="human_handoff")
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        ask = engine.ask

        def lose(*asked: Any) -> Any:
            ask(*asked)
            raise turns_lost

        from channels.rasa_client import BotUnavailable

        turns_lost = BotUnavailable("timeout")
        engine.ask = lose  # type: ignore[method-assign]
        assert say(gateway, conversation, "我要找人").pending
        engine.ask = ask  # type: ignore[method-assign]
        let_time_pass(runtime, gateway)
        apology, *answer = heard(gateway, conversation)
        assert "故障" in apology
        # outside office hours a second message says so
        assert ["下一位就是您" in one for one in answer] in ([True], [True, False])
        with runtime.database.read() as session:
            asked = select(func.count()).where(CaseEvent.kind == "person_requested")
            assert session.scalar(asked) == 1

    def test_after_the_last_try_a_person_is_called(
        self, runtime: Runtime, failures: list[Exception]
    ) -> None:
        gateway = Gateway(runtime, DialogueEngine(runtime))
        conversation = gateway.open_web().conversation.id
        failures += [RuntimeError(SECRET_WORDS) for _ in range(inbox.MAX_ATTEMPTS)]
        say(gateway, conversation, "家里困难")
        for _ in range(inbox.MAX_ATTEMPTS):
            let_time_pass(runtime, gateway)
        apology, given_up = heard(gateway, conversation)
        assert "不用再发" in apology
        assert "转给工作人员" in given_up
        assert failures == []
        assert count(runtime, Case) == 1


class TestAPersonIsNeverFar:
    @pytest.mark.parametrize("way", ["typed", "pressed"])
    def test_while_the_engine_is_away_a_person_can_be_called(
        self, runtime: Runtime, way: str
    ) -> None:
        gateway = Gateway(runtime, BrokenEngine())
        conversation = gateway.open_web().conversation.id
        apology = say(gateway, conversation, "家里困难").messages[0]
        if way == "typed":
            turn = say(gateway, conversation, "00", "2")
        else:
            value = apology["buttons"][0]["value"]
            pressed = Incoming("web", conversation, f"{conversation}:2", button=value)
            turn = gateway.receive(pressed)
        assert not turn.pending
        assert "已经替您叫了工作人员" in texts(turn)[0]
        assert "下一位就是您" in texts(turn)[0]
        assert "上班时间" not in texts(turn)[0], "nobody has confirmed these hours"
        assert count(runtime, Case) == 1


class TestFaultsOfOurs:
    def test_a_message_that_cannot_be_prepared_is_taken_in_and_answered_later(
        self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gateway = Gateway(runtime, EchoEngine())
        conversation = gateway.open_web().conversation.id

        def fails(*_: object, **__: object) -> None:
            raise RuntimeError("a fault of ours")

        with monkeypatch.context() as patched:
            patched.setattr(asking, "prepare", fails)
            turn = say(gateway, conversation, "你好")
        assert turn.pending
        assert "故障" in texts(turn)[0]
        assert count(runtime, InboxMessage) == 1
        let_time_pass(runtime, gateway)
        assert heard(gateway, conversation)[1:] == ["您说：你好"]

    def test_an_answer_we_cannot_store_ends_in_an_apology(
        self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = EchoEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        with monkeypatch.context() as patched:
            odd = [BotItem("好", sources=[{"title": object()}])]
            patched.setattr(engine, "ask", lambda *_: odd)
            turn = say(gateway, conversation, "你好")
        assert turn.pending
        assert "故障" in texts(turn)[0]
        let_time_pass(runtime, gateway)
        assert heard(gateway, conversation)[1:] == ["您说：你好"]

    def test_a_message_that_killed_every_process_is_given_to_a_person(
        self, runtime: Runtime
    ) -> None:
        engine = EchoEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        gateway.accept(Incoming("web", conversation, "m1", text="你好"))
        with runtime.database.write() as session:
            session.execute(update(InboxMessage).values(attempts=inbox.MAX_ATTEMPTS))
        let_time_pass(runtime, gateway)
        assert engine.asked == []
        assert "转给工作人员" in heard(gateway, conversation)[0]
        with runtime.database.read() as session:
            assert session.scalar(select(InboxMessage.state)) == JobState.DEAD

    def test_when_the_database_goes_after_the_commit_the_answer_comes_later(
        self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine = EchoEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id

        def away(*_: Any) -> Any:
            raise OperationalError("select", {}, Exception("gone"))

        with monkeypatch.context() as patched:
            patched.setattr(asking, "prepare", away)
            turn = say(gateway, conversation, "你好")
        assert (turn.messages, turn.pending) == ([], True)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
            let_time_pass(runtime, gateway)
        assert heard(gateway, conversation) == ["您说：你好"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestUnexpected:
    @pytest.fixture
    def log(self) -> Iterator[io.StringIO]:
        root, stream = std_logging.getLogger(), io.StringIO()
        before = root.handlers[:]
        logging.configure("channels", stream=stream)
        yield stream
        root.handlers[:] = before

    @pytest.fixture
    def client(self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
        engine = EchoEngine()
        engine.close = lambda: None  # type: ignore[attr-defined]
        monkeypatch.setattr(channels.app, "RasaClient", lambda *_: engine)
        with TestClient(channels.app.create_app(runtime)) as client:
            yield client

    @pytest.mark.parametrize("page", [False, True])
    def test_a_number_and_a_sentence_instead_of_a_trace(
        self,
        client: TestClient,
        log: io.StringIO,
        monkeypatch: pytest.MonkeyPatch,
        page: bool,
    ) -> None:
        def broken(*_: Any, **__: Any) -> Any:
            raise KeyError(SECRET_WORDS)

        monkeypatch.setattr(Gateway, "open_web", broken)
        before = metrics.SERVER_ERRORS.labels(process="channels")._value.get()
        if page:
            answer = client.post("/chat/form", data={"client_message_id": "m", "text": "你好"})
        else:
            answer = client.post("/chat/conversations")
        assert answer.status_code == 500
        number = answer.headers["X-Request-Id"]
        assert number[:8] in answer.json()["reason"]
        assert "请稍后再试" in answer.json()["reason"]
        assert answer.headers["Content-Security-Policy"]
        assert metrics.SERVER_ERRORS.labels(process="channels")._value.get() == before + 1
        [line] = [json.loads(line) for line in log.getvalue().splitlines() if number in line]
        assert line["problem"].startswith("KeyError at ")
        for never in ("Traceback", "王桂兰", "13800138000"):
            assert never not in log.getvalue() + answer.text

    def test_a_database_that_is_away_is_a_503_with_a_time(
        self, client: TestClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: Any, **__: Any) -> Any:
            raise OperationalError("insert", {"text": SECRET_WORDS}, Exception(SECRET_WORDS))

        monkeypatch.setattr(Gateway, "open_web", away)
        before = metrics.SERVER_ERRORS.labels(process="channels")._value.get()
        answer = client.post("/chat/conversations")
        assert answer.status_code == 503
        assert "没能收下" in answer.json()["reason"]
        assert int(answer.headers["Retry-After"]) > 0
        assert metrics.SERVER_ERRORS.labels(process="channels")._value.get() == before + 1
        assert "database away" in log.getvalue()
        assert "王桂兰" not in log.getvalue()
        page = client.post("/chat/form", data={"client_message_id": "m", "text": "你好"})
        assert page.status_code == 503
        assert 'role="alert">系统正忙' in page.text

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [("GET", "/nothing", 404), ("DELETE", "/chat/conversations", 405)],
    )
    def test_an_unknown_address_is_explained_in_chinese(
        self, client: TestClient, method: str, path: str, status: int
    ) -> None:
        answer = client.request(method, path)
        assert answer.status_code == status
        assert "这个地址" in answer.json()["reason"]

    def test_a_bad_form_is_answered_on_the_page(self, client: TestClient) -> None:
        page = client.post("/chat/form", data={"client_message_id": "../..", "text": "你好"})
        assert page.status_code == 422
        assert 'role="alert">请求的格式不对' in page.text

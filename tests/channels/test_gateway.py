"""The gateway: nothing lost, nothing twice, no number leaked, no command smuggled in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select

from channels.asking import neutralised
from channels.dispatcher import Dispatcher
from channels.gateway import Gateway
from channels.messages import Incoming, Refused, Turn
from conversations import dialogue, handover, inbox
from conversations.models import InboxMessage, ThreadMessage
from foundation.leases import JobState
from foundation.runtime import Runtime
from tests.channels.engines import BrokenEngine, ChoosingEngine, EchoEngine


def say(gateway: Gateway, conversation: str, text: str, number: str = "1") -> Turn:
    return gateway.receive(Incoming("web", conversation, f"{conversation}:{number}", text=text))


def texts(turn: Turn) -> list[str]:
    return [message["text"] for message in turn.messages]


@pytest.fixture
def conversation(gateway: Gateway) -> str:
    return gateway.open_web().conversation.id


class TestOneEffectPerUpdate:
    def test_a_repeated_message_gets_the_same_answer_and_asks_the_engine_once(
        self, gateway: Gateway, engine: EchoEngine, conversation: str
    ) -> None:
        first = say(gateway, conversation, "你好")
        again = say(gateway, conversation, "你好")
        assert first.messages == again.messages
        assert len(engine.asked) == 1

    def test_twenty_at_once_are_one(
        self, gateway: Gateway, engine: EchoEngine, conversation: str
    ) -> None:
        with ThreadPoolExecutor(20) as pool:
            turns = list(pool.map(lambda _: say(gateway, conversation, "你好"), range(20)))
        assert len(engine.asked) == 1
        # one that overtakes the first to come hears "wait", and the answer when it asks again
        turns = [turn for turn in turns if not turn.pending]
        turns.append(say(gateway, conversation, "你好"))
        assert len({turn.messages[0]["id"] for turn in turns}) == 1

    def test_the_same_id_with_other_words_is_refused(
        self, gateway: Gateway, conversation: str
    ) -> None:
        say(gateway, conversation, "你好")
        with pytest.raises(Refused) as refusal:
            say(gateway, conversation, "再见")
        assert refusal.value.status == 422

    def test_thirty_quick_messages_are_answered_in_order(
        self, gateway: Gateway, engine: EchoEngine, conversation: str
    ) -> None:
        rows = [
            gateway.accept(Incoming("web", conversation, f"{conversation}:{n}", text=f"第{n}句"))
            for n in range(30)
        ]
        assert len(rows) == 30
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
            say(gateway, conversation, "第30句", "30")
        assert [message for message, _ in engine.asked] == [f"第{n}句" for n in range(31)]


class TestPersonalNumbers:
    def test_the_engine_sees_a_token_and_the_page_a_masked_number(
        self, gateway: Gateway, engine: EchoEngine, conversation: str
    ) -> None:
        turn = say(gateway, conversation, "我电话13900001234")
        assert "13900001234" not in engine.asked[0][0]
        assert "⟦PHONE:" in engine.asked[0][0]
        assert texts(turn) == ["您说：我电话139****1234"]

    def test_no_number_is_stored_in_the_open(
        self, gateway: Gateway, conversation: str, runtime: Runtime
    ) -> None:
        say(gateway, conversation, "身份证11010519491231002X")
        with runtime.database.read() as session:
            for table in (InboxMessage, ThreadMessage):
                for row in session.scalars(select(table)):
                    assert "11010519491231002X" not in str(vars(row))


def test_a_plain_message_costs_two_transactions_and_twelve_statements(
    runtime: Runtime, gateway: Gateway, conversation: str
) -> None:
    """Half of what a message costs the processor are these; one more is felt at a busy hour."""
    say(gateway, conversation, "你好")
    statements: list[str] = []
    commits: list[object] = []
    database = runtime.database.engine

    def counted(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(database, "before_cursor_execute", counted)
    event.listen(database, "commit", commits.append)
    say(gateway, conversation, "低保一个月多少钱", "2")
    assert len(statements) == 12, statements
    assert len(commits) == 2


class TestCommands:
    @pytest.mark.parametrize(
        "text", ["/affirm", "／affirm", ' /inform_facts{"age": 3}', "//restart"]
    )
    def test_a_typed_slash_never_reaches_the_engine_in_front(
        self, gateway: Gateway, engine: EchoEngine, conversation: str, text: str
    ) -> None:
        say(gateway, conversation, text)
        assert not engine.asked[0][0].startswith(("/", "／", " "))

    def test_only_slashes_still_ask_something(self) -> None:
        assert neutralised("///") == "？"

    def test_a_button_sends_its_payload_and_shows_its_label(self, runtime: Runtime) -> None:
        engine = ChoosingEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        turn = say(gateway, conversation, "低保")
        value = turn.messages[-1]["buttons"][1]["value"]
        assert "urban" not in value
        gateway.receive(Incoming("web", conversation, "press", button=value))
        assert engine.asked[-1][0] == '/inform_facts{"hukou": "urban"}'
        shown = gateway.messages(conversation, after=0, everyone=True)
        assert "城镇" in [message["text"] for message in shown]

    def test_a_digit_picks_the_numbered_choice(self, runtime: Runtime) -> None:
        engine = ChoosingEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        say(gateway, conversation, "低保")
        say(gateway, conversation, "１", "2")
        assert engine.asked[-1][0] == '/inform_facts{"hukou": "rural"}'

    def test_double_zero_always_calls_a_person(
        self, gateway: Gateway, engine: EchoEngine, conversation: str
    ) -> None:
        say(gateway, conversation, "00")
        assert engine.asked[-1][0] == "/human_handoff"

    @pytest.mark.parametrize(
        ("asking", "skipped"), [("name", True), ("phone", True), ("receipt", False)]
    )
    def test_zero_skips_what_is_asked_but_a_number_of_the_office(
        self, runtime: Runtime, gateway: Gateway, engine: EchoEngine, conversation: str,
        asking: str, skipped: bool,
    ) -> None:  # fmt: skip
        with runtime.database.write() as session:
            dialogue.save(session, runtime.cipher, conversation, {"asking": asking}, None, [])
        say(gateway, conversation, "0")
        assert (engine.asked[-1][0] == '/inform_facts{"unknown": true}') is skipped

    def test_a_foreign_button_means_nothing(self, gateway: Gateway, engine: EchoEngine) -> None:
        one, other = (gateway.open_web().conversation.id for _ in range(2))
        value = gateway.messages(one, after=0)[0]["buttons"][0]["value"]
        gateway.receive(Incoming("web", other, "press", button=value))
        assert engine.asked[-1][0] == "/nlu_fallback"


class TestFailures:
    @pytest.mark.parametrize("kind", ["timeout", "error", "silence"])
    def test_the_resident_hears_an_apology_with_a_phone_number(
        self, runtime: Runtime, kind: str
    ) -> None:
        gateway = Gateway(runtime, BrokenEngine(kind))
        conversation = gateway.open_web().conversation.id
        turn = say(gateway, conversation, "你好")
        assert turn.pending
        assert runtime.settings.help_phone in texts(turn)[0]

    @pytest.mark.anyio
    async def test_the_message_is_kept_and_answered_later(self, runtime: Runtime) -> None:
        engine = BrokenEngine()
        gateway = Gateway(runtime, engine)
        conversation = gateway.open_web().conversation.id
        say(gateway, conversation, "你好")
        engine.mended = True
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
            await Dispatcher(runtime, gateway, {}).once()
        shown = gateway.messages(conversation, after=0)
        assert shown[-1]["text"] == "回来了：你好"
        assert sum("故障" in message["text"] for message in shown) == 1

    def test_a_crash_between_accept_and_answer_loses_nothing(
        self, gateway: Gateway, engine: EchoEngine, conversation: str, runtime: Runtime
    ) -> None:
        incoming = Incoming("web", conversation, f"{conversation}:1", text="你好")
        gateway.accept(incoming)  # and here the process died
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            with runtime.database.write() as session:
                rows = inbox.claim_due(session)
            gateway.process_claimed(rows[0])
            assert texts(gateway.receive(incoming)) == ["您说：你好"]
        assert len(engine.asked) == 1


class TestWhoHoldsTheChat:
    def test_while_a_person_holds_it_the_engine_is_not_asked(
        self, gateway: Gateway, engine: EchoEngine, conversation: str, runtime: Runtime
    ) -> None:
        with runtime.database.write() as session:
            handover.take(session, conversation, "w1")
        turn = say(gateway, conversation, "在吗")
        assert turn.held
        assert turn.messages == []
        assert engine.asked == []

    def test_a_reply_begun_before_the_take_over_is_dropped(
        self, gateway: Gateway, engine: EchoEngine, conversation: str, runtime: Runtime
    ) -> None:
        def take() -> None:
            with runtime.database.write() as session:
                handover.take(session, conversation, "w1")

        engine.before_answer = take
        turn = say(gateway, conversation, "在吗")
        assert turn.held
        with runtime.database.read() as session:
            query = select(func.count()).where(ThreadMessage.inbox_id.is_not(None))
            assert session.scalar(query.where(ThreadMessage.author == "bot")) == 0
            assert session.scalar(select(InboxMessage.state)) == JobState.HELD


class TestBadInput:
    @pytest.mark.parametrize("text", ["", "   ", "\x00", "啊" * 10_000, "\u202e\u200b"])
    def test_a_message_without_readable_content_gets_a_sentence(
        self, gateway: Gateway, engine: EchoEngine, conversation: str, text: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            say(gateway, conversation, text)
        assert refusal.value.status == 422
        assert refusal.value.reason.endswith("。")
        assert engine.asked == []

    @pytest.mark.parametrize("text", ["😭😭", "<script>alert(1)</script>", "a\ud800b", "\u202e钱"])
    def test_odd_but_readable_messages_are_answered(
        self, gateway: Gateway, conversation: str, text: str
    ) -> None:
        assert len(say(gateway, conversation, text).messages) == 1

    def test_conversations_do_not_wait_for_each_other(self, runtime: Runtime) -> None:
        engine = EchoEngine()
        gateway = Gateway(runtime, engine)
        slow, quick = (gateway.open_web().conversation.id for _ in range(2))
        entered, leave = threading.Event(), threading.Event()

        def wait_once() -> None:
            if len(engine.asked) == 1:
                entered.set()
                leave.wait(10)

        engine.before_answer = wait_once
        thread = threading.Thread(target=say, args=(gateway, slow, "慢"))
        thread.start()
        entered.wait(10)
        assert texts(say(gateway, quick, "快")) == ["您说：快"]
        leave.set()
        thread.join()

"""Messages of one conversation one at a time and in order, whichever thread comes first."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import time_machine

from channels.dispatcher import Dispatcher
from channels.gateway import Gateway
from channels.messages import Incoming
from channels.turns import Turns
from foundation.runtime import Runtime
from tests.channels.engines import EchoEngine


def test_the_earliest_that_waits_goes_first() -> None:
    turns, order = Turns(), []

    def work(position: int) -> None:
        with turns.of("one", position):
            order.append(position)

    with ThreadPoolExecutor(9) as pool, turns.of("one", 0):
        for position in (7, 3, 9, 1):
            pool.submit(work, position)
            while position not in turns._waiting.get("one", ()):
                time.sleep(0.001)
        with turns.of("other", 5):  # nobody else's turn
            order.append(0)
    assert order == [0, 1, 3, 7, 9]
    assert (turns._waiting, turns._busy) == ({}, set())


def test_a_message_that_gets_in_before_an_earlier_one_lets_it_through(
    runtime: Runtime,
) -> None:
    """Two quick messages: the second one's thread was first, and both waited for each other."""
    engine = EchoEngine()
    gateway = Gateway(runtime, engine)
    conversation = gateway.open_web().conversation.id
    first, second = (
        gateway.accept(Incoming("web", conversation, f"m{number}", text=text))
        for number, text in enumerate(("低保是啥", "要哪些材料"))
    )
    assert first.prepared is not None
    assert second.prepared is None
    entered = threading.Event()
    take = gateway._take

    def told(*arguments: str) -> object:
        entered.set()
        return take(*arguments)

    gateway._take = told  # type: ignore[assignment, method-assign]
    with ThreadPoolExecutor(2) as pool:
        later = pool.submit(gateway.answer, second)
        assert entered.wait(10)
        earlier = pool.submit(gateway.answer, first)
        assert not earlier.result().pending
        assert not later.result().pending
    assert [message for message, _ in engine.asked] == ["低保是啥", "要哪些材料"]


def test_a_message_whose_lease_ran_out_while_it_waited_is_not_worked_twice(
    runtime: Runtime,
) -> None:
    """The dispatcher has answered it, and the talk has gone on: again, it would be another deed."""
    engine = EchoEngine()
    gateway = Gateway(runtime, engine)
    conversation = gateway.open_web().conversation.id
    late = gateway.accept(Incoming("web", conversation, "m1", text="我要申请低保"))
    assert late.prepared is not None
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
        asyncio.run(Dispatcher(runtime, gateway, {}).once())
        gateway.receive(Incoming("web", conversation, "m2", text="算了"))
        turn = gateway.answer(late)
    assert [message for message, _ in engine.asked] == ["我要申请低保", "算了"]
    assert [message["text"] for message in turn.messages] == ["您说：我要申请低保"]

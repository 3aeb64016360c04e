"""The question after a contact is answered by a tap, a digit or its words, without the engine."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases import service
from cases.states import Role
from cases.wait_models import Wait
from channels.gateway import Gateway
from channels.messages import Incoming
from foundation.runtime import Runtime
from tests.cases.builders import SHIBAO, scope, staff_row
from tests.channels.engines import EchoEngine
from tests.channels.test_gateway import say, texts

TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK)


@pytest.fixture
def asked(runtime: Runtime, gateway: Gateway) -> str:
    """A conversation whose resident has just been asked how it was."""
    here = gateway.open_web().conversation.id
    cipher = runtime.cipher
    with runtime.database.write() as session:
        staff_row(session, TOWN)
        number = service.request_person(
            session, cipher, here, "找个人", "k", region_code=SHIBAO
        ).receipt_no
        service.take_over(session, cipher, TOWN, number)
        service.reply(session, cipher, TOWN, number, "明天上午来看您")
        service.give_back(session, cipher, TOWN, number)
    return here


def rating(runtime: Runtime) -> str | None:
    with runtime.database.read() as session:
        return session.scalars(select(Wait.rating)).one()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1", "helped"), ("２", "not_helped"), ("没帮助。", "not_helped"), ("不想说", "no_say")],
)
def test_a_digit_or_the_words_are_the_answer(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine, asked: str, typed: str, kept: str
) -> None:
    assert "谢谢" in texts(say(gateway, asked, typed))[0]
    assert rating(runtime) == kept
    assert engine.asked == []
    say(gateway, asked, typed, "2")
    assert rating(runtime) == kept
    assert len(engine.asked) == 1, "after the thanks a digit is a message like any other"


def test_a_pressed_button_counts_once(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine, asked: str
) -> None:
    buttons = gateway.messages(asked, after=0)[-1]["buttons"]
    assert [one["label"] for one in buttons] == ["1 有帮助", "2 没帮助", "3 不想说"]
    for number, one in enumerate(buttons[:2]):
        gateway.receive(Incoming("web", asked, f"{asked}:{number}", button=one["value"]))
    assert rating(runtime) == "helped"
    assert "已经记下了" in gateway.messages(asked, after=0)[-1]["text"]
    assert engine.asked == []


def test_anything_else_goes_on_with_the_talk(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine, asked: str
) -> None:
    say(gateway, asked, "低保标准多少")
    assert [message for message, _ in engine.asked] == ["低保标准多少"]
    assert rating(runtime) is None

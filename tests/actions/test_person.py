"""找个人: one turn from every open question, one place in the line, honest hours."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from actions.asked import ASKINGS, STEPS
from actions.state import State
from cases import hours
from cases.wait_models import Wait
from conversations import dialogue, handover
from foundation.database import new_id
from foundation.runtime import Runtime
from tests.actions.conftest import Chat

OPENINGS: tuple[tuple[str, str] | None, ...] = (
    None,
    ("我家能吃低保不", "start_screening"),
    ("我要申请低保", "self_declare"),
    ("邻居没人管", "report_for_other"),
    ("查进度", "check_status"),
    ("没米了", "crisis_emergency"),
)
PERSON = {"utter_person_requested", "utter_person_waiting"}


def put(chat: Chat, state: State, asking: str) -> None:
    """Let the dialogue wait for `asking`, whatever led there."""
    data = {**state.to_json(), "asking": asking}
    with chat.runtime.database.write() as session:
        dialogue.save(session, chat.runtime.cipher, chat.id, data, new_id(), [])


@pytest.mark.parametrize("intent", ["human_handoff", "inform_facts", "nlu_fallback"])
def test_from_every_open_question_a_person_is_one_turn_away(
    runtime: Runtime, now: time_machine.Traveller, intent: str
) -> None:
    """Each step in every topic, each fact in one; and nothing is taken for the answer."""
    del now
    for place, opening in enumerate(OPENINGS):
        chat = Chat(runtime)
        if opening:
            chat.say(*opening)
        state = chat.state
        facts = sorted(ASKINGS - STEPS)[place :: len(OPENINGS)]
        for asking in (*sorted(STEPS), *facts):
            put(chat, state, asking)
            chat.say("找个人", intent)
            assert PERSON & set(chat.responses), (opening, asking, chat.responses)
            assert chat.facts == state.stated(), (opening, asking)
            expected = None if asking == "offer_person" else asking
            assert chat.state.asking == expected, (opening, asking)
        with runtime.database.read() as session:
            query = select(func.count()).where(Wait.conversation_id == chat.id)
            assert session.scalar(query) == 1, "one place, however often it is asked"


def test_no_open_question_can_be_forgotten() -> None:
    """What the code asks by name is listed, and what is not listed cannot be asked."""
    asked = {
        call.args[0].value
        for path in (Path(__file__).parents[2] / "actions").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "ask"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(asked) >= 8
    assert asked <= ASKINGS
    with pytest.raises(ValueError, match="shoe_size"):
        State().ask("shoe_size")


def test_the_place_and_the_hours_are_told_in_the_moment_of_asking(
    chat: Chat, now: time_machine.Traveller
) -> None:
    chat.say("忠县石宝镇", region="重庆市忠县石宝镇")
    said = chat.say("找个人", "human_handoff")
    assert "前面没有人" in said
    assert "2026年3月3日10:00之前" in said
    assert "上班时间是" not in said, "nobody has confirmed these hours"
    assert "一半的人" not in said, "nothing is measured yet"
    now.shift(timedelta(minutes=1))
    second = Chat(chat.runtime)
    second.say("忠县石宝镇", region="重庆市忠县石宝镇")
    assert "前面还有1位" in second.say("转人工", "human_handoff")


def test_asking_again_tells_the_place_and_gives_no_second_one(
    chat: Chat, now: time_machine.Traveller
) -> None:
    first = Chat(chat.runtime)
    first.say("找个人", "human_handoff")
    now.shift(timedelta(minutes=1))
    chat.say("找个人", "human_handoff")
    for words, intent in (("到我了吗", "nlu_fallback"), ("前面还有几个人", "out_of_scope_gov")):
        now.shift(timedelta(minutes=1))
        said = chat.say(words, intent)
        assert "已经在排队了" in said
        assert "前面还有1位" in said
    with chat.runtime.database.write() as session:
        wait = session.scalars(select(Wait).where(Wait.conversation_id == first.id)).one()
        wait.taken_at = wait.ended_at = wait.since
    assert "下一位就是您" in chat.say("轮到我了没", "inform_facts")


def test_who_is_not_in_the_line_is_not_put_there_by_a_question(chat: Chat) -> None:
    chat.say("还要等多久", "ask_processing_time", program="dibao")
    with chat.runtime.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Wait)) == 0


@pytest.fixture
def confirmed_hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that has entered its hours."""
    path = tmp_path / "hours.yaml"
    path.write_text('default: {open: ["09:00-12:00", "14:00-17:30"]}', "utf-8")
    table = hours.table(path)
    monkeypatch.setattr(hours, "table", lambda: table)


@pytest.mark.usefixtures("confirmed_hours")
def test_hours_an_office_has_entered_are_told(chat: Chat, now: time_machine.Traveller) -> None:
    assert "上班时间是工作日9:00到12:00、14:00到17:30" in chat.say("找个人", "human_handoff")
    now.shift(timedelta(hours=3))
    said = chat.say("找个人", "human_handoff")
    assert "今天14:00上班后按先后回复您" in said
    assert "上班时间是工作日9:00到12:00" in said


@pytest.mark.parametrize(("later", "opens"), [(3, "今天"), (9, "明天"), (24 * 5, "3月9日（周一）")])
def test_outside_office_hours_it_is_said_when_and_whom_to_call(
    chat: Chat, now: time_machine.Traveller, later: int, opens: str
) -> None:
    now.shift(timedelta(hours=later))
    said = chat.say("找个人", "human_handoff")
    assert "现在不是上班时间" in said
    assert f"{opens}上班后按先后回复您" in said
    for number in ("12345", "110", "120", "119"):
        assert number in said


def test_the_officer_on_duty_has_no_closing_time(chat: Chat, now: time_machine.Traveller) -> None:
    now.shift(timedelta(days=5, hours=10))
    chat.say("没米了", "crisis_emergency", region="重庆市忠县石宝镇")
    said = chat.say("找个人", "human_handoff")
    assert "不是上班时间" not in said
    assert "民政局值班" in said


def test_a_person_who_took_the_chat_meanwhile_is_named(chat: Chat) -> None:
    chat.say("找个人", "human_handoff")
    with chat.runtime.database.write() as session:
        wait = session.scalars(select(Wait)).one()
        wait.taken_by, wait.taken_at = "w", wait.since
        handover.take(session, chat.id, "w")
    assert "已经在这里了" in chat.say("找个人", "human_handoff")

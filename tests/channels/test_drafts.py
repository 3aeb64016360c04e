"""Where staff read the bot's words first: nothing it proposes reaches the resident by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases import drafting, service
from cases.draft_models import BotDraft
from cases.models import Case, DutyAlert
from cases.repository import CaseRepository
from cases.states import Role
from channels.gateway import Gateway
from channels.messages import BotItem
from conversations import dialogue, thread
from conversations.models import Author
from foundation.runtime import Runtime
from tests.cases.builders import SHIBAO, scope, staff_row
from tests.channels.engines import BrokenEngine, DialogueEngine, EchoEngine
from tests.channels.test_gateway import say, texts

TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK)
NOTICE = thread.SYSTEM_WORDS["answers_read"]


@pytest.fixture(autouse=True)
def approving(runtime: Runtime) -> None:
    runtime.settings.approve_bot_in = ["500233"]


def waiting(runtime: Runtime, gateway: Gateway) -> str:
    """A resident who has asked for a person in 石宝镇."""
    here = gateway.open_web().conversation.id
    with runtime.database.write() as session:
        staff_row(session, TOWN)
        service.request_person(session, runtime.cipher, here, "找个人", "k", region_code=SHIBAO)
    return here


def step(runtime: Runtime, deed, *given: str) -> None:  # type: ignore[no-untyped-def]
    with runtime.database.write() as session:
        number = session.scalars(select(Case.receipt_no)).first()
        deed(session, runtime.cipher, TOWN, number, *given)


def drafts(runtime: Runtime) -> tuple[drafting.Draft, ...]:
    with runtime.database.read() as session:
        case = session.scalars(select(Case)).first()
        return drafting.of_case(CaseRepository(session, TOWN), runtime.cipher, case)


def heard(runtime: Runtime, here: str) -> list[str]:
    with runtime.database.read() as session:
        said = thread.messages(session, runtime.cipher, here)
    return [one.text for one in said if one.author != Author.RESIDENT]


def test_with_a_person_the_bots_answer_is_a_draft_and_the_resident_hears_nothing(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    before = heard(runtime, here)
    turn = say(gateway, here, "低保要啥材料")
    assert (turn.messages, turn.held) == ([], True)
    assert heard(runtime, here) == before
    assert [(one.said, one.text) for one in drafts(runtime)] == [
        ("低保要啥材料", "您说：低保要啥材料")
    ]
    assert [metadata["approval"] for _, metadata in engine.asked] == ["taken"]


def test_a_repeated_message_is_one_draft(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    say(gateway, here, "低保要啥材料")
    say(gateway, here, "低保要啥材料")
    assert len(engine.asked) == len(drafts(runtime)) == 1


def test_elsewhere_and_by_default_the_engine_is_not_asked_while_a_person_has_the_chat(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    for number, areas in enumerate((["350982"], [])):
        runtime.settings.approve_bot_in = areas
        say(gateway, here, "低保要啥材料", str(number))
    assert engine.asked == []
    assert drafts(runtime) == ()


def test_the_bot_sees_no_personal_number_for_a_draft_and_staff_see_it_masked(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    say(gateway, here, "我电话13900000021")
    assert "13900000021" not in engine.asked[0][0]
    (draft,) = drafts(runtime)
    assert "⟦" not in (draft.text or "")
    assert "13900000021" not in (draft.text or "") + draft.said
    step(runtime, service.send_draft, draft.id)
    assert "⟦" not in gateway.messages(here, after=0)[-1]["text"]
    assert "13900000021" not in gateway.messages(here, after=0)[-1]["text"]


def test_an_engine_that_is_away_makes_no_draft_and_no_apology(runtime: Runtime) -> None:
    gateway = Gateway(runtime, BrokenEngine())
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    before = heard(runtime, here)
    assert say(gateway, here, "低保要啥材料").held
    assert heard(runtime, here) == before
    assert drafts(runtime) == ()


def test_a_chat_given_back_while_the_engine_was_thinking_gets_no_draft(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    step(runtime, service.reply, "您请说")
    engine.before_answer = lambda: step(runtime, service.give_back)
    say(gateway, here, "低保要啥材料")
    with runtime.database.read() as session:
        assert session.scalars(select(BotDraft)).all() == []


class TestWaiting:
    """The real dialogue: who waits for a person, and the bot still has the chat."""

    def test_an_answer_is_a_draft_told_of_once_and_the_dialogue_stands_still(
        self, runtime: Runtime
    ) -> None:
        gateway = Gateway(runtime, DialogueEngine(runtime, "ask_materials"))
        here = waiting(runtime, gateway)
        assert say(gateway, here, "低保要啥材料").held
        assert say(gateway, here, "还有啥", "2").held
        assert heard(runtime, here)[1:] == [NOTICE]
        assert len(drafts(runtime)) == 2
        with runtime.database.read() as session:
            stands = dialogue.load(session, runtime.cipher, here)
        assert (stands.data, stands.last_message_id) == ({}, None)

    def test_danger_and_a_call_for_a_person_do_not_wait_for_a_click(self, runtime: Runtime) -> None:
        engine = DialogueEngine(runtime, "crisis_emergency")
        gateway = Gateway(runtime, engine)
        here = waiting(runtime, gateway)
        assert texts(say(gateway, here, "屋里着火了，救命"))
        with runtime.database.read() as session:
            assert session.scalars(select(DutyAlert)).all()
        engine.intent = "human_handoff"
        assert texts(say(gateway, here, "到我了吗", "2"))
        assert drafts(runtime) == ()

    def test_with_a_person_the_bot_acts_on_nothing_and_proposes_no_word_of_it(
        self, runtime: Runtime
    ) -> None:
        gateway = Gateway(runtime, DialogueEngine(runtime, "crisis_emergency"))
        here = waiting(runtime, gateway)
        step(runtime, service.take_over)
        assert say(gateway, here, "屋里着火了，救命").held
        with runtime.database.read() as session:
            assert session.scalars(select(DutyAlert)).all() == []
        (draft,) = drafts(runtime)
        assert draft.text is None
        with pytest.raises(service.Conflict, match="没有拟话"):
            step(runtime, service.send_draft, draft.id)

    def test_figures_keep_their_sources(self, runtime: Runtime, engine: EchoEngine) -> None:
        source = {"title": "某文件", "url": "https://www.example.gov.cn/x"}
        engine.ask = lambda *_: [BotItem("有标准。", sources=[source])]  # type: ignore[method-assign]
        gateway = Gateway(runtime, engine)
        here = waiting(runtime, gateway)
        step(runtime, service.take_over)
        say(gateway, here, "标准多少")
        step(runtime, service.send_draft, drafts(runtime)[0].id)
        sent = gateway.messages(here, after=0)[-1]
        assert (sent["author"], sent["sources"]) == ("person", [source])


def test_a_digit_to_an_old_rating_is_for_the_person_who_has_the_chat(
    runtime: Runtime, gateway: Gateway, engine: EchoEngine
) -> None:
    here = waiting(runtime, gateway)
    step(runtime, service.take_over)
    step(runtime, service.reply, "您请说")
    step(runtime, service.give_back)
    assert "有帮助" in str(gateway.messages(here, after=0)[-1]["buttons"])
    step(runtime, service.take_over)
    turn = say(gateway, here, "1")
    assert (turn.messages, turn.held) == ([], True)
    assert engine.asked == []

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import RecentTurns, turn_boundary


def turn(number: int) -> list[Event]:
    return [
        UserUttered(f"第{number}句", intent={"name": "ask", "confidence": 1.0}),
        SlotSet("count", number),
        ActionExecuted("action_ask"),
        BotUttered(f"第{number}答"),
        ActionExecuted("action_listen"),
    ]


@pytest.fixture
def store() -> RecentTurns:
    store = RecentTurns(None, max_conversations=3, max_events=20)
    domain = Domain.empty()
    domain.slots = [AnySlot("count", mappings=[{}]), AnySlot("kept", mappings=[{}])]
    store.domain = domain
    return store


async def talk(store: RecentTurns, sender: str, turns: int) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        start: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
        start += [ActionExecuted("action_listen"), SlotSet("kept", "甲"), ActiveLoop("form")]
        tracker.update_with_events(start, store.domain)
    for number in range(turns):
        tracker = await store.get_or_create_tracker(sender) if number else tracker
        tracker.update_with_events(turn(number), store.domain)
        await store.save(tracker)
    saved = await store.retrieve(sender)
    assert saved is not None
    return saved


async def test_a_long_conversation_stays_short_and_keeps_its_state(store: RecentTurns) -> None:
    tracker = await talk(store, "a", 200)
    assert len(tracker.events) <= 20 * 1.5
    assert tracker.get_slot("kept") == "甲"
    assert tracker.get_slot("count") == 199
    assert tracker.active_loop is not None and tracker.active_loop.name == "form"
    assert tracker.latest_message is not None and tracker.latest_message.text == "第199句"
    assert tracker.latest_action_name == "action_listen"


async def test_the_cut_is_before_a_user_message(store: RecentTurns) -> None:
    tracker = await talk(store, "a", 200)
    events = [e for e in tracker.events if not isinstance(e, SlotSet | ActiveLoop)]
    assert isinstance(events[0], ActionExecuted) and events[0].action_name == "action_listen"
    assert isinstance(events[1], UserUttered)


async def test_a_short_conversation_is_kept_whole(store: RecentTurns) -> None:
    tracker = await talk(store, "a", 3)
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == [
        "第0句",
        "第1句",
        "第2句",
    ]


async def test_the_conversation_unused_for_longest_is_forgotten(store: RecentTurns) -> None:
    for sender in "abc":
        await talk(store, sender, 1)
    await store.retrieve("a")
    await talk(store, "d", 1)
    assert await store.keys() == ["c", "a", "d"]
    assert await store.retrieve("b") is None


async def test_a_turn_that_is_not_saved_leaves_no_trace(store: RecentTurns) -> None:
    await talk(store, "a", 1)
    tracker = await store.retrieve("a")
    assert tracker is not None
    before = len(tracker.events)
    tracker.update_with_events(turn(1), store.domain)
    again = await store.retrieve("a")
    assert again is not None and len(again.events) == before


def test_one_endless_turn_is_not_cut_in_the_middle() -> None:
    events: list[Event] = [ActionExecuted("action_listen"), UserUttered("x")]
    events += [BotUttered("y")] * 100
    assert turn_boundary(events, 20) == 0


def test_the_boundary_leaves_at_most_what_was_asked_for() -> None:
    events = [e for number in range(20) for e in turn(number)]
    cut = turn_boundary(events, 20)
    assert len(events) - cut <= 20
    assert isinstance(events[cut], ActionExecuted)

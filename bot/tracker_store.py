"""A tracker store that stays small: Rasa's tracker is a cache here, not a record.

What a conversation has reached is kept in our own database and comes with each turn; every turn
must work when the tracker is empty. Memory is bounded by `max_conversations` (least recently used
go first) and by `max_events` per conversation, which also keeps the cost of a turn flat: Rasa
copies, replays and sends the whole tracker several times a turn.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

#: Trim only when this many times `max_events` has gathered: the replay is paid once in some turns.
SLACK = 1.5


def turn_boundary(events: Sequence[Event], keep: int) -> int:
    """Index of the `action_listen` at which at most `keep` events remain; 0 when there is none.

    Only there is a cut safe: the bot has answered and waits, no rule or loop is half done. A last
    turn that is longer than `keep` stays whole.
    """
    listens = [
        index
        for index, event in enumerate(events[:-1])
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
    ]
    short_enough = [index for index in listens if len(events) - index <= keep]
    if short_enough:
        return short_enough[0]
    return listens[-1] if listens else 0


def snapshot(state: DialogueStateTracker) -> list[Event]:
    """Events that bring an empty tracker into `state`: slots, active loop, pause."""
    events: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in state.slots.items()
        if slot.value != slot.initial_value and name != SESSION_START_METADATA_SLOT
    ]
    if state.active_loop is not None and state.active_loop.name is not None:
        events.append(ActiveLoop(state.active_loop.name))
        if state.active_loop.is_interrupted:
            events.append(LoopInterrupted(True))
    if state.is_paused():
        events.append(ConversationPaused())
    return events


class RecentTurns(TrackerStore, SerializedTrackerAsText):
    """In-memory store of the recent turns of the recent conversations."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        max_conversations: int = 1000,
        max_events: int = 40,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.max_conversations = max_conversations
        self.max_events = max_events
        self._trackers: OrderedDict[str, str] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the tracker, trimmed; forget the conversation that was silent the longest."""
        await self.stream_events(tracker)
        self._trackers[tracker.sender_id] = self.serialise_tracker(self._trimmed(tracker))
        self._trackers.move_to_end(tracker.sender_id)
        while len(self._trackers) > self.max_conversations:
            self._trackers.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as last saved, or None when it is new or was forgotten."""
        stored = self._trackers.get(sender_id)
        if stored is None:
            return None
        self._trackers.move_to_end(sender_id)
        return self.deserialise_tracker(sender_id, stored)

    async def keys(self) -> Iterable[str]:
        return list(self._trackers)

    def _trimmed(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        events = list(tracker.events)
        if len(events) <= self.max_events * SLACK:
            return tracker
        cut = turn_boundary(events, self.max_events)
        if cut == 0:
            return tracker
        slots = self.domain.slots
        before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots)
        recent = snapshot(before) + events[cut:]
        return DialogueStateTracker.from_events(tracker.sender_id, recent, slots)

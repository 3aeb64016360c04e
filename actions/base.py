"""Where Rasa meets the dialogue: a call comes in, utterances go out, nothing raises."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions import turns
from actions.turn import Understanding, Utterance
from foundation.database import new_id
from foundation.logging import get_logger
from foundation.metrics import ACTION_FAILURES
from foundation.runtime import Runtime

log = get_logger("actions")


class TopicAction(Action):
    """An action of one topic. `intents` are those whose rule leads here (`data/rules/`)."""

    action_name: ClassVar[str]
    intents: ClassVar[frozenset[str]]

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def name(self) -> str:
        """The name in `domain/`."""
        return self.action_name

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002 - rasa_sdk's signature
    ) -> list[dict[str, Any]]:
        """Answer the latest message. Facts live in our database, so there are no slot events."""
        try:
            said = await asyncio.to_thread(turns.take, self.runtime, read(tracker))
        except Exception as error:  # noqa: BLE001 - the resident gets an apology, never silence
            ACTION_FAILURES.labels(action=self.action_name).inc()
            log.error("action failed", action=self.action_name, error=type(error).__name__)
            said = [apology(self.runtime)]
        for utterance in said:
            emit(dispatcher, utterance)
        return []


def apology(runtime: Runtime) -> Utterance:
    """Sorry, nothing is lost, here is a phone number and a person."""
    return Utterance(
        "utter_apology", {"phone": runtime.settings.help_phone}, extra={"failed": True}
    )


def emit(dispatcher: CollectingDispatcher, utterance: Utterance) -> None:
    """Hand an utterance to Rasa, which puts the words of `domain/` to it."""
    custom: dict[str, Any] = {"choices": utterance.choices, **utterance.extra}
    if utterance.sources:
        custom["sources"] = utterance.sources
    dispatcher.utter_message(
        response=utterance.response,
        buttons=[button.to_json() for button in utterance.buttons],
        json_message=custom,
        **utterance.values,
    )


def read(tracker: Tracker) -> turns.Request:
    """The latest message of a tracker as the dialogue takes it."""
    latest: dict[str, Any] = tracker.latest_message or {}
    metadata: dict[str, Any] = latest.get("metadata") or {}
    intent: dict[str, Any] = latest.get("intent") or {}
    return turns.Request(
        understanding=Understanding(
            intent=str(intent.get("name") or "nlu_fallback"),
            text=str(latest.get("text") or ""),
            entities=list(latest.get("entities") or []),
            secondary=_secondary(latest),
            confidence=float(intent.get("confidence") or 0.0),
            ranking=_ranking(latest),
        ),
        conversation_id=metadata.get("conversation_id"),
        message_id=str(metadata.get("message_id") or latest.get("message_id") or new_id()),
        channel=str(metadata.get("channel") or "web"),
        sender=str(tracker.sender_id),
        approval=str(metadata.get("approval") or ""),
    )


def _secondary(latest: dict[str, Any]) -> list[str]:
    """Further intents of the message, as names or as {"name"} objects."""
    found = latest.get("secondary") or latest.get("secondary_intents") or []
    return [str(one.get("name") if isinstance(one, dict) else one) for one in found]


def _ranking(latest: dict[str, Any]) -> list[tuple[str, float]]:
    """The likeliest intents with their confidence, best first."""
    return [
        (str(one.get("name")), float(one.get("confidence") or 0.0))
        for one in latest.get("intent_ranking") or []
    ]

"""Chats driven through the dialogue core: real database, real rules, real case service.

What the language model would recognise is written out next to each sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from actions import turns
from actions.state import State
from actions.turn import Understanding, Utterance
from actions.wording import words
from conversations import dialogue, identity, vault
from foundation.database import new_id
from foundation.runtime import Runtime

#: What a turn leaves in the database is tried on both kinds; what it says, on one.
ON_BOTH = frozenset(
    (
        "test_once",
        "test_request",
        "test_status",
        "test_declaration",
        "test_emergency",
        "test_person",
        "test_learning",
    )
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only the modules above run on PostgreSQL too."""
    left_out = [item for item in items if _is_wording_on_postgresql(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_wording_on_postgresql(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    if item.path.parent != Path(__file__).parent or item.path.stem in ON_BOTH:
        return False
    return called is not None and called.params.get("database_url") == "postgresql"


class Chat:
    """One resident on one channel."""

    def __init__(self, runtime: Runtime, channel: str = "web") -> None:
        self.runtime = runtime
        self.channel = channel
        with runtime.database.write() as session:
            if channel == "web":
                self.id = identity.start_web(session, runtime.cipher).conversation.id
            else:
                self.id = identity.open_for(
                    session, runtime.cipher, channel=channel, user_id=new_id(), peer="1"
                ).id
        self.turns = 0
        self.said: list[Utterance] = []

    def say(
        self,
        text: str,
        intent: str = "inform_facts",
        *,
        secondary: tuple[str, ...] = (),
        confidence: float = 1.0,
        message_id: str | None = None,
        **entities: Any,
    ) -> str:
        """Send one message; returns everything the bot says, one message a line."""
        self.turns += 1
        with self.runtime.database.write() as session:
            tokenised = vault.tokenise(session, self.runtime.cipher, self.id, text)
        found = [
            {"entity": key, "value": value}
            for key, values in entities.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        self.last_id = message_id or new_id()
        self.said = turns.take(
            self.runtime,
            turns.Request(
                Understanding(intent, tokenised, found, list(secondary), confidence),
                self.id,
                self.last_id,
                self.channel,
                "sender",
            ),
        )
        return self.text

    def press(self, part: str) -> str:
        """Press the button whose title contains `part`."""
        for utterance in reversed(self.said):
            for title, payload in self.buttons(utterance):
                if part in title:
                    return self.payload(payload)
        raise AssertionError(f"no button {part!r} among {self.titles}")

    def payload(self, payload: str) -> str:
        """What a button sends: /intent{json}."""
        import json
        import re

        found = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
        assert found, payload
        entities = json.loads(found[2] or "{}")
        return self.say(payload, found[1], **entities)

    @staticmethod
    def buttons(utterance: Utterance) -> list[tuple[str, str]]:
        """Fixed and own buttons of a message, as Rasa puts them together."""
        fixed = list(words().fixed_buttons.get(utterance.response, ()))
        return fixed + [(button.title, button.payload) for button in utterance.buttons]

    @property
    def titles(self) -> list[str]:
        """Titles of all buttons on the table."""
        return [title for utterance in self.said for title, _ in self.buttons(utterance)]

    @property
    def text(self) -> str:
        """The bot's last messages."""
        return "\n".join(words().render(u.response, u.values) for u in self.said)

    @property
    def responses(self) -> list[str]:
        """Their response names."""
        return [utterance.response for utterance in self.said]

    @property
    def state(self) -> State:
        """What the dialogue remembers."""
        with self.runtime.database.read() as session:
            return State.from_json(dialogue.load(session, self.runtime.cipher, self.id).data)

    @property
    def facts(self) -> dict[str, Any]:
        """Stated facts, by key."""
        return self.state.stated()

    def cases(self) -> list[Any]:
        """The cases of this conversation as the case service has them."""
        from cases import service

        with self.runtime.database.write() as session:
            return service.find_for_resident(session, self.runtime.cipher, self.id)


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    """Stands still at 2026-03-02 10:00 in Shanghai."""
    from datetime import UTC, datetime

    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def chat(runtime: Runtime, now: time_machine.Traveller) -> Chat:
    """A resident on the web chat."""
    return Chat(runtime)


def records(runtime: Runtime) -> list[dict[str, Any]]:
    """Every case as stored: facts revealed, leads by department, newest first."""
    from sqlalchemy import select

    from cases import facts as case_facts
    from cases.models import Case, CaseFact, Lead

    with runtime.database.read() as session:
        found = []
        for case in session.scalars(select(Case).order_by(Case.created_at.desc())):
            rows = session.scalars(
                select(CaseFact).where(
                    CaseFact.case_id == case.id, CaseFact.superseded_at.is_(None)
                )
            )
            found.append(
                {
                    "receipt": case.receipt_no,
                    "kind": case.kind,
                    "state": case.state,
                    "urgency": case.urgency,
                    "discovery": case.discovery_channel,
                    "region": case.region_code,
                    "programmes": list(case.programmes),
                    "needs": list(case.need_types),
                    "relation": case.for_relation,
                    "facts": {row.key: case_facts.value_of(runtime.cipher, row) for row in rows},
                    "departments": {
                        lead.department
                        for lead in session.scalars(select(Lead).where(Lead.case_id == case.id))
                    },
                }
            )
        return found

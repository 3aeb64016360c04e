"""One turn of a conversation: what came in, what is known, what is said back. No Rasa in here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.state import State
from actions.wording import Words
from foundation.crypto import Cipher
from foundation.settings import Settings

_PAUSE = re.compile(r"[\s，,。；;！!？?]+")
_QUESTION = re.compile(r"utter_(?:ask_|offer|request_ask|request_confirm|crisis_ask)")


@dataclass(frozen=True)
class Understanding:
    """What was recognised in one message. `text` carries vault tokens, never personal numbers."""

    intent: str
    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    secondary: list[str] = field(default_factory=list)
    confidence: float = 1.0
    ranking: list[tuple[str, float]] = field(default_factory=list)

    def values(self, name: str) -> list[Any]:
        """All values of one entity, in the order of the sentence."""
        return [e.get("value") for e in self.entities if e.get("entity") == name]

    def value(self, name: str) -> Any:
        """The first value of one entity, or None."""
        found = self.values(name)
        return found[0] if found else None

    @property
    def programmes(self) -> list[str]:
        """Programmes meant; those named by name when there are any, else those implied."""
        found = [e for e in self.entities if e.get("entity") == "program" and e["value"] != "none"]
        named = [e for e in found if not e.get("implied")]
        return list(dict.fromkeys(str(e["value"]) for e in named or found))

    @property
    def names_programme(self) -> bool:
        """Was a programme named, not only implied by the situation?"""
        return any(e.get("entity") == "program" and not e.get("implied") for e in self.entities)

    @property
    def reply(self) -> str:
        """The yes or no itself where a question follows it: 同意，我户口迁走了有影响吗."""
        if self.intent in {"affirm", "deny"} and any(s.startswith("ask_") for s in self.secondary):
            return _PAUSE.split(self.text.strip(), maxsplit=1)[0]
        return self.text

    @property
    def chosen(self) -> bool:
        """Did the resident press a button (its payload comes as /intent{json})?"""
        return self.text.startswith("/")


@dataclass(frozen=True)
class Button:
    """A thing to tap: what it reads and what it sends (`/intent{json}`)."""

    title: str
    payload: str

    def to_json(self) -> dict[str, str]:
        """As Rasa carries buttons."""
        return {"title": self.title, "payload": self.payload}


def numbered(buttons: list[Button]) -> list[Button]:
    """The same buttons with option numbers in front of their titles."""
    done: list[Button] = []
    for button in buttons:
        if not button.title.startswith(("0 ", "00 ")):
            button = Button(f"{len(done) + 1} {button.title}", button.payload)
        done.append(button)
    return done


@dataclass
class Utterance:
    """One message to the resident, still as a response name with its values."""

    response: str
    values: dict[str, Any] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    choices: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Everything needed to say it again, word for word."""
        return {
            "response": self.response,
            "values": self.values,
            "buttons": [button.to_json() for button in self.buttons],
            "sources": self.sources,
            "choices": self.choices,
            "extra": self.extra,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Utterance:
        """The inverse of `to_json`."""
        return cls(
            response=data["response"],
            values=dict(data.get("values", {})),
            buttons=[Button(b["title"], b["payload"]) for b in data.get("buttons", [])],
            sources=list(data.get("sources", [])),
            choices=bool(data.get("choices", False)),
            extra=dict(data.get("extra", {})),
        )


@dataclass
class Turn:
    """Everything one step of the dialogue may look at, and what it says.

    `session` is the single write transaction of the turn: the state, the replies and every case
    change commit together or not at all.
    """

    heard: Understanding
    state: State
    session: Session
    cipher: Cipher
    settings: Settings
    words: Words
    conversation_id: str
    message_id: str
    channel: str
    now: datetime
    today: date
    said: list[Utterance] = field(default_factory=list)
    proven: bool = False  # a case of another conversation was told, against proof

    def say(
        self,
        response: str,
        *,
        buttons: list[Button] | None = None,
        sources: list[dict[str, Any]] | None = None,
        extra: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Add one message.

        Buttons given here get option numbers in front, unless they have one (`0 `, `00 `); a digit
        typed by the resident picks an option only where options are numbered.
        """
        own = numbered(buttons or [])
        self.said.append(
            Utterance(
                response=response,
                values={key: self.words.plain(value) for key, value in values.items()},
                buttons=own,
                sources=list(sources or []),
                choices=any(button.title[0] in "123456789" for button in own)
                or self.words.is_numbered(response),
                extra=dict(extra or {}),
            )
        )

    @property
    def has_asked(self) -> bool:
        """Does the last message already ask something?"""
        return bool(self.said) and bool(_QUESTION.match(self.said[-1].response))

    def has_said(self, *responses: str) -> bool:
        """Was one of these already said in this turn?"""
        return any(utterance.response in responses for utterance in self.said)

"""What the dialogue remembers between turns, stored encrypted with the conversation as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from actions.asked import ASKINGS
from rules import facts as rule_facts
from rules.facts import SCHEMA

#: Facts that belong to one person; they are forgotten when the talk turns to somebody else.
PERSONAL = frozenset(key for key, fact in SCHEMA.items() if fact.of_person) | {
    "name", "id_number", "marital", "single_parent", "tuition", "pension_monthly", "lost_job",
    "accident", "orphan", "parents_status", "monthly_income_member", "medical_expense",
    "medical_expense_self", "medical_expense_monthly", "waiting_months", "for_relation", "case_no",
    "living_alone", "no_children", "crime_victim", "compensated", "judicial_aided_before",
    "legal_matter",
}  # fmt: skip


#: The topic of an answer that waits for the place or the hukou.
QUESTION = "question"


@dataclass
class Fact:
    """A stated fact with its evidence: the sentence it was said in and that message's id.

    `asked`: it answered our question, so nobody brought it up as a difficulty.
    """

    value: Any
    sentence: str
    message_id: str
    asked: bool = False


@dataclass
class State:
    """One conversation's memory. `asking` is the open question, `flow` the topics.

    `together`: programmes named in one sentence, the latest such sentence counts.
    `named`: programmes asked for by their name, not held and not only implied by what was told.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    declined: list[str] = field(default_factory=list)
    flow: list[str] = field(default_factory=list)
    asking: str | None = None
    last_key: str | None = None
    refused: str | None = None
    programmes: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    together: list[str] = field(default_factory=list)
    region: str | None = None
    region_choices: list[str] = field(default_factory=list)
    receipt_asked: bool = False
    county_asked: bool = False
    misses: int = 0
    questions: int = 0
    deferred: list[str] = field(default_factory=list)
    evaded: list[str] = field(default_factory=list)
    consent: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Any] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)
    answered: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)
    emergency: dict[str, Any] = field(default_factory=dict)
    filed: list[dict[str, Any]] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    request: dict[str, Any] = field(default_factory=dict)
    screened: bool = False
    cannot_pay: bool = False
    hidden_programmes: list[str] = field(default_factory=list)
    offer_declined: bool = False
    explained: list[str] = field(default_factory=list)
    shown: str = ""
    person_asked: bool = False
    person_receipt: str | None = None
    greeted: bool = False
    story: list[dict[str, str]] = field(default_factory=list)
    last_heard: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """Read a stored state; keys of an older or newer release are left out."""
        known = {f.name for f in fields(cls)}
        kept = {key: value for key, value in data.items() if key in known}
        kept["facts"] = {key: Fact(**fact) for key, fact in kept.get("facts", {}).items()}
        return cls(**kept)

    def to_json(self) -> dict[str, Any]:
        """As stored; only plain JSON values."""
        return asdict(self)

    def value(self, key: str) -> Any:
        """The stated value, or None when nothing was said."""
        fact = self.facts.get(key)
        return None if fact is None else fact.value

    def knows(self, key: str) -> bool:
        """Was this stated, or declined?"""
        return key in self.facts or key in self.declined

    @property
    def topic(self) -> str | None:
        """The topic on top of the stack."""
        return self.flow[-1] if self.flow else None

    @property
    def near(self) -> str | None:
        """The region that settles which 石宝镇 is meant: the resident's, or the last case's."""
        return self.region or next((one.get("region") for one in self.filed[-1:]), None)

    def open(self, topic: str) -> None:
        """Put a topic on top; one topic is on the stack once."""
        self.flow = [name for name in self.flow if name != topic] + [topic]
        self.asking = None

    def close(self, topic: str) -> None:
        """Take a topic off the stack."""
        self.flow = [name for name in self.flow if name != topic]
        self.asking = None

    def ask(self, key: str) -> None:
        """Remember the open question. Raises ValueError for one that is not in `asked.ASKINGS`."""
        if key not in ASKINGS:
            raise ValueError(f"{key} is no open question of actions.asked")
        self.asking = key

    def decline(self, key: str) -> None:
        """不清楚 or 不想说: do not ask again. A range told stays: it is what is known."""
        if key not in self.declined:
            self.declined.append(key)
        if not isinstance(self.value(key), dict):
            self.facts.pop(key, None)

    def stated(self) -> dict[str, Any]:
        """Fact values alone, as the rules want them."""
        return rule_facts.heard({key: fact.value for key, fact in self.facts.items()})

    def forget_person(self, message_id: str) -> None:
        """The next person's turn: keep place, phone and what this message tells of them."""
        self.facts = {
            key: fact
            for key, fact in self.facts.items()
            if key not in PERSONAL - {"for_relation"} or fact.message_id == message_id
        }
        self.declined = [key for key in self.declined if key not in PERSONAL]
        self.screened = False

"""A talk over the real gateway, dialogue, cases and database: what is known before and after."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import time_machine
from sqlalchemy import select

from actions import turns
from actions.state import State
from actions.turn import Understanding
from cases import facts, service
from cases.models import Case, CaseFact, Consent
from channels.gateway import Gateway
from channels.messages import BotItem, Incoming, Refused
from conversations import dialogue, identity
from foundation.database import Database, new_id
from foundation.runtime import Runtime
from tests.channels.listening import Listening
from tests.walks.resident import Move, Table

#: Time between two messages of one talk.
PAUSE = timedelta(seconds=20)


class Ears(Listening):
    """Remembers why a turn failed, what was heard and which responses were said."""

    def __init__(self, runtime: Runtime, model: Path) -> None:
        super().__init__(runtime, model)
        self.trouble: str | None = None
        self.heard: Understanding | None = None
        self.payload: str | None = None

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]:
        self.trouble, self.heard = None, None
        self.payload = message if metadata["button"] else None
        return super().ask(sender, message, metadata)

    def failed(self, problem: Exception) -> None:
        self.trouble = "".join(traceback.format_exception(problem)[-3:])

    def recognise(self, message: str, asking: str | None) -> Understanding:
        self.heard = super().recognise(message, asking)
        return self.heard


@dataclass(frozen=True)
class Filed:
    """One case of the talk."""

    receipt: str
    kind: str
    urgency: str
    programmes: tuple[str, ...]
    relation: str | None
    is_open: bool
    is_duplicate: bool
    created_at: datetime
    consents: frozenset[str]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """What the dialogue remembers and what the case service has."""

    state: State
    cases: tuple[Filed, ...]


@dataclass
class Step:
    """One turn: what was done, what came back, what it changed."""

    move: Move
    sent: str
    said: list[dict[str, Any]]
    before: Snapshot
    after: Snapshot
    held: bool = False
    pending: bool = False
    refused: str | None = None
    trouble: str | None = None
    heard: Understanding | None = None
    payload: str | None = None
    repeated: list[dict[str, Any]] | None = None
    person: list[str] | None = None
    findable: frozenset[str] = frozenset()

    @property
    def texts(self) -> list[str]:
        """Everything the bot said."""
        return [str(message["text"]) for message in self.said]

    @property
    def asking(self) -> str | None:
        """What was open when the resident spoke."""
        return self.before.state.asking


class _Undo(Exception):
    """Ends a transaction that shall leave nothing."""


class _Trying:
    """A database whose writes are taken back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def write(self) -> Iterator[Any]:
        try:
            with self._database.write() as session:
                yield session
                raise _Undo
        except _Undo:
            return


class Talk:
    """One resident's conversation."""

    def __init__(
        self,
        runtime: Runtime,
        ears: Ears,
        clock: time_machine.Traveller,
        number: int,
        tried: set[Any],
    ) -> None:
        self.tried = tried
        self.runtime, self.ears, self.clock = runtime, ears, clock
        self.gateway = Gateway(runtime, ears)
        self.channel = "telegram" if number % 10 == 9 else "web"
        self.phone = f"139{number % 10**8:08d}"
        with runtime.database.write() as session:
            if self.channel == "web":
                self.id = identity.start_web(session, runtime.cipher).conversation.id
            else:
                self.id = identity.open_for(
                    session, runtime.cipher, channel="telegram", user_id=new_id(), peer="1"
                ).id
        self.buttons: dict[str, str] = {}
        self._last: Incoming | None = None
        self.known = self.look()

    @property
    def table(self) -> Table:
        """What lies before the resident."""
        return Table(self.known.state.asking, tuple(self.buttons), self.phone)

    def take(self, move: Move) -> Step:
        """One turn: sent through the gateway, then looked at from all sides."""
        self.clock.shift(PAUSE + timedelta(days=move.days))
        before, self.ears.payload, self.ears.trouble = self.known, None, None
        incoming = self._incoming(move)
        step = Step(move, incoming.text or "", [], before, before)
        try:
            turn = self.gateway.receive(incoming)
        except Refused as refusal:
            step.refused = refusal.reason
            return step
        step.said, step.held, step.pending = turn.messages, turn.held, turn.pending
        step.trouble, step.heard = self.ears.trouble, self.ears.heard
        step.payload = self.ears.payload
        self.known = step.after = self.look()
        if move.kind == "repeat":
            step.repeated = step.said
        if turn.messages:
            self.buttons = {b["label"]: b["value"] for m in turn.messages for b in m["buttons"]}
        self._last = incoming
        step.person = self.call_a_person()
        step.findable = self.findable() if self.known.cases else frozenset()
        return step

    def _incoming(self, move: Move) -> Incoming:
        if move.kind == "repeat" and self._last is not None:
            return self._last
        text = move.text or "？"
        if move.kind == "press" and text in self.buttons:
            return Incoming(self.channel, self.id, new_id(), button=self.buttons[text])
        return Incoming(self.channel, self.id, new_id(), text=text)

    def look(self) -> Snapshot:
        """The state and the cases as they are stored."""
        with self.runtime.database.read() as session:
            data = dialogue.load(session, self.runtime.cipher, self.id).data
            cases = []
            for case in session.scalars(
                select(Case).where(Case.conversation_id == self.id).order_by(Case.created_at)
            ):
                given = session.scalars(select(Consent.kind).where(Consent.case_id == case.id))
                told = session.scalars(
                    select(CaseFact).where(
                        CaseFact.case_id == case.id, CaseFact.superseded_at.is_(None)
                    )
                )
                cases.append(
                    Filed(
                        case.receipt_no,
                        str(case.kind),
                        str(case.urgency),
                        tuple(case.programmes),
                        case.for_relation,
                        str(case.state) not in {"closed", "ended"},
                        case.duplicate_of_id is not None,
                        case.created_at,
                        frozenset(given),
                        {one.key: facts.value_of(self.runtime.cipher, one) for one in told},
                    )
                )
            return Snapshot(State.from_json(data), tuple(cases))

    def call_a_person(self) -> list[str] | None:
        """What would be said to 找工作人员 right now; nothing of it stays.

        None in a state in which it has been tried before.
        """
        state, cases = self.known.state, self.known.cases
        like = (state.asking, *state.flow, *(one.is_open for one in cases), bool(state.request))
        if like in self.tried:
            return None
        self.tried.add(like)
        asking = self.known.state.asking
        heard = Listening.recognise(self.ears, "找工作人员", asking)
        trying = replace(self.runtime, database=cast("Database", _Trying(self.runtime.database)))
        request = turns.Request(heard, self.id, new_id(), self.channel, "s")
        try:
            said = turns.take(trying, request)
        except Exception as problem:  # noqa: BLE001 - found by the check for a person
            return [repr(problem)]
        return [one.response for one in said]

    def findable(self) -> frozenset[str]:
        """The receipts that 查进度 finds in this talk."""
        with self.runtime.database.write() as session:
            found = service.find_for_resident(session, self.runtime.cipher, self.id)
        return frozenset(view.receipt_no for view in found)


RECEIPT = re.compile(r"WZ\d{12}")

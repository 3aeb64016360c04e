"""Between the channels and the dialogue engine: nothing lost, nothing said twice, no number leaked.

Way of a message: commit to the inbox; then, one at a time per conversation: replace personal
numbers by tokens, neutralise a leading slash, see who holds the chat (`asking`), ask the engine
within a time limit, store the answer (`replying`). A crash at any point leaves an inbox row whose
lease runs out and which the dispatcher takes up; the dialogue state recognises a repeated message,
so its effect stays one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cases.drafting import Approval
from channels import asking, replying, words
from channels.asking import Prepared, Question
from channels.faults import AWAY, where
from channels.messages import BotItem, Incoming, Refused, Turn
from channels.ownership import NOT_FOUND, Ownership
from channels.rasa_client import BotUnavailable
from channels.turns import Turns
from conversations import identity, inbox, links, thread
from conversations.errors import ReusedMessageId, UnknownConversation
from conversations.models import Author, InboxMessage
from foundation import clock, metrics
from foundation.leases import JobState, LeaseLost
from foundation.logging import get_logger
from foundation.runtime import Runtime
from foundation.text import BadText, clean

log = get_logger("channels.gateway")

MAX_TEXT = 1000
TURN_LIMIT_SECONDS = 25.0
# Between two looks at a message that another process, or a thread before its turn, works on.
PAUSE_SECONDS = 0.1


class Engine(Protocol):
    """What the gateway needs of the dialogue engine. Raises `BotUnavailable`."""

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]: ...


@dataclass(frozen=True)
class Accepted:
    """A committed update. `lease_id`: ours to answer; `prepared`: nothing unanswered before it."""

    row: InboxMessage
    lease_id: str | None
    prepared: Prepared | None


@dataclass(frozen=True)
class Worked:
    """How the work on a row ended: `is_answered` unless the engine gave no answer.

    `turn` is what was said to it this time, when that is known without another look.
    """

    is_answered: bool
    turn: Turn | None = None


class Gateway:
    """One per process; thread-safe. `wake` tells open event streams that a thread has grown."""

    def __init__(
        self, runtime: Runtime, engine: Engine, wake: Callable[[str], None] = lambda _: None
    ) -> None:
        self.runtime = runtime
        self._engine = engine
        self._wake = wake
        self._turns = Turns()
        self.ownership = Ownership(runtime)

    # ---- opening and reading ----------------------------------------------------------------
    def open_web(self, link: str | None = None) -> identity.WebStart:
        """A new web conversation with its greeting; a valid one-time link brings the facts along.

        Raises `Refused` for a link that is used up or too old.
        """
        with self.runtime.database.write() as session:
            started = identity.start_web(session, self.runtime.cipher)
            if link is not None and not links.redeem(
                session, self.runtime.cipher, link, started.conversation.id
            ):
                raise Refused(410, "这个链接已经用过或者过期了。请回到原来的聊天里再要一个。")
            replying.append(
                self.runtime,
                session,
                started.conversation.id,
                BotItem(words.say("greeting")),
                choices=words.choices("greeting"),
                epoch=started.conversation.epoch,
            )
        return started

    def messages(
        self, conversation_id: str, *, after: int, everyone: bool = False
    ) -> list[dict[str, Any]]:
        """The thread after message number `after` as the public API shows it.

        Without `everyone` only what was said to the resident. Numbers the resident typed are shown
        masked.
        """
        with self.runtime.database.read() as session:
            found = thread.messages(session, self.runtime.cipher, conversation_id, after)
            return [
                replying.public(self.runtime, session, message)
                for message in found
                if everyone or message.author != Author.RESIDENT
            ]

    # ---- receiving --------------------------------------------------------------------------
    def accept(self, incoming: Incoming) -> Accepted:
        """Commit an update to the inbox, with our lease if it is new.

        After this returns the channel may be told that we have it. Raises `Refused`.
        """
        checked = _checked(incoming)
        try:
            try:
                row, created, prepared = self._commit(checked, prepare=True)
            except (ReusedMessageId, UnknownConversation, *AWAY):
                raise
            except Exception as problem:  # noqa: BLE001 - taken in all the same, and answered later
                log.error("not prepared", problem=where(problem))
                row, created, prepared = self._commit(checked, prepare=False)
        except ReusedMessageId:
            raise Refused(422, "这个消息编号已经用过，而且内容不一样。请换一个编号。") from None
        except UnknownConversation:
            raise Refused(404, NOT_FOUND) from None
        counter = metrics.INBOX_MESSAGES if created else metrics.INBOX_REPEATS
        counter.labels(channel=checked.channel).inc()
        return Accepted(row, row.lease_id if created else None, prepared)

    def _commit(
        self, checked: Incoming, *, prepare: bool
    ) -> tuple[InboxMessage, bool, Prepared | None]:
        """The row, whether it is new, and what becomes of it when nothing unanswered is before it.

        One transaction instead of two for what nearly always comes next.
        """
        with self.runtime.database.write() as session:
            row, created = inbox.accept(
                session,
                self.runtime.cipher,
                channel=checked.channel,
                update_id=checked.update_id,
                conversation_id=checked.conversation_id,
                body=checked.body(),
            )
            if not (prepare and created and inbox.is_next(session, row)):
                return row, created, None
            return row, created, asking.prepare(self.runtime, session, row, is_new=True)

    def receive(self, incoming: Incoming) -> Turn:
        """Accept an update and answer it, after everything that came before it.

        A repeated update gets the same answer again. Raises `Refused`.
        """
        accepted = self.accept(incoming)
        try:
            return self.answer(accepted)
        except AWAY as problem:  # it is committed, so the dispatcher answers it
            log.warning("answered later", inbox_id=accepted.row.id, problem=where(problem))
            return Turn([], pending=True)

    def answer(self, accepted: Accepted) -> Turn:
        """Answer what `accept` returned, after everything that came before it."""
        row = accepted.row
        deadline = time.monotonic() + TURN_LIMIT_SECONDS
        with self._turns.of(row.conversation_id, row.position):
            # Once the lease has run out, somebody may have answered it and gone on to later ones.
            if accepted.prepared is not None and clock.now() < row.due_at:
                return self.process(row, accepted.prepared).turn or replying.turn(
                    self.runtime, row.id
                )
        pause: float | None = 0.0
        while pause is not None and time.monotonic() < deadline:
            # Outside the turn: whoever has the earlier message may be waiting for it.
            time.sleep(pause)
            with self._turns.of(row.conversation_id, row.position):
                pause = self._step(accepted)
        return replying.turn(self.runtime, row.id)

    def _step(self, accepted: Accepted) -> float | None:
        """Work on what is next in line; the pause before another look, None when ours is done."""
        own = accepted.row.id
        row = self._take(own, accepted.lease_id)
        if row is None:
            return None
        if row.id == own:
            self.process(row)
            return None
        if row.lease_id is None:  # somebody else is at work on an earlier message
            return PAUSE_SECONDS
        if self.process(row).is_answered:
            return 0.0
        self._postpone(own)  # the engine is away: do not try each message in turn
        return None

    def _take(self, row_id: str, lease_id: str | None) -> InboxMessage | None:
        """The next row to work on: an earlier one, or ours; None when ours is finished."""
        with self.runtime.database.write() as session:
            row = session.get(InboxMessage, row_id)
            if row is None or row.state not in (JobState.NEW, JobState.RETRY):
                return None
            earlier = inbox.claim_before(session, row)
            if earlier is not None:
                if not earlier.claimed:
                    session.expunge(earlier.row)
                    earlier.row.lease_id = None
                return earlier.row
            if lease_id is not None and row.lease_id == lease_id:
                return row
            return inbox.claim(session, row_id)

    def process_claimed(self, row: InboxMessage) -> None:
        """Work on a row the dispatcher claimed, in turn with live messages of its conversation."""
        with self._turns.of(row.conversation_id, row.position):
            self.process(row)

    # ---- one turn ---------------------------------------------------------------------------
    def process(self, row: InboxMessage, prepared: Prepared | None = None) -> Worked:
        """Answer one leased inbox row. A lost lease means that somebody else answers it."""
        try:
            return self._process(row, prepared)
        except LeaseLost:
            log.info("lease lost", inbox_id=row.id)
            return Worked(is_answered=True)
        except AWAY:
            raise  # nothing can be said now; the lease runs out and the row is taken up again
        except Exception as problem:  # noqa: BLE001 - a fault of ours must not end in silence
            log.error("turn failed", inbox_id=row.id, problem=where(problem))
            with suppress(LeaseLost):
                replying.apologise(self.runtime, row, "fault")
            return Worked(is_answered=False)
        finally:
            self._wake(row.conversation_id)

    def _process(self, row: InboxMessage, prepared: Prepared | None) -> Worked:
        if row.attempts > inbox.MAX_ATTEMPTS:  # perhaps it is what killed those before us
            replying.apologise(self.runtime, row, "worn_out")
            return Worked(is_answered=False)
        prepared = prepared or self._prepare(row)
        question = prepared.question
        if prepared.answer is not None:
            return Worked(
                is_answered=True, turn=replying.store(self.runtime, row, *prepared.answer)
            )
        if question is None:
            return Worked(is_answered=True)
        if question.approval == Approval.TAKEN:
            self._draft(row, question)
            return Worked(is_answered=True)
        try:
            items = self._engine.ask(question.sender, question.message, question.metadata)
        except BotUnavailable as problem:
            if question.is_for_a_person:
                replying.call_person(self.runtime, row, question.epoch)
                return Worked(is_answered=True)
            replying.apologise(self.runtime, row, problem.kind, epoch=question.epoch)
            return Worked(is_answered=False)
        if any(item.draft for item in items):
            replying.keep_draft(self.runtime, row, items, is_held=False)
            return Worked(is_answered=True)
        turn = replying.store(self.runtime, row, items, question.epoch)
        return Worked(is_answered=True, turn=turn)

    def _prepare(self, row: InboxMessage) -> Prepared:
        with self.runtime.database.write() as session:
            return asking.prepare(self.runtime, session, row)

    def _draft(self, row: InboxMessage, question: Question) -> None:
        """What the bot would say, for the person who has the chat. Without an answer no draft."""
        try:
            items = self._engine.ask(question.sender, question.message, question.metadata)
        except BotUnavailable as problem:
            log.info("no draft", kind=problem.kind, inbox_id=row.id)
            return
        replying.keep_draft(self.runtime, row, items, is_held=True)

    def _postpone(self, row_id: str) -> None:
        """Record what was said and leave it to the dispatcher, behind the message that waits."""
        with self.runtime.database.write() as session:
            row = session.get_one(InboxMessage, row_id)
            if row.lease_id is None:
                inbox.claim(session, row_id)
        try:
            prepared = self._prepare(row)
            question = prepared.question
            if prepared.answer is not None:
                replying.store(self.runtime, row, *prepared.answer)
            elif question is None or question.approval == Approval.TAKEN:
                return  # with a person already, and the engine is away: no draft
            elif question.is_for_a_person:
                replying.call_person(self.runtime, row, question.epoch)
            else:
                replying.apologise(self.runtime, row, "waiting", epoch=question.epoch)
        except LeaseLost:
            log.info("lease lost", inbox_id=row.id)


def _checked(incoming: Incoming) -> Incoming:
    """The same update with its text cleaned. Raises `Refused` with a sentence for the resident."""
    if incoming.text is None:
        return incoming
    try:
        return replace(incoming, text=clean(incoming.text, max_length=MAX_TEXT))
    except BadText as problem:
        raise Refused(422, problem.reason_zh) from None

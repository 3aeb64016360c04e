"""Between the channels and the dialogue engine: nothing lost, nothing said twice, no number leaked.

Way of a message: commit to the inbox; then, one at a time per conversation: replace personal
numbers by tokens, neutralise a leading slash, see who holds the chat, ask the engine within a time
limit, store the answer. A crash at any point leaves an inbox row whose lease runs out and which the
dispatcher takes up; the dialogue state recognises a repeated message, so its effect stays one.
"""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cases import service as cases
from channels import words
from channels.messages import BotItem, Incoming, Turn
from channels.rasa_client import BotUnavailable
from conversations import buttons, dialogue, identity, inbox, links, outbox, thread, vault
from conversations.buttons import Choice
from conversations.errors import BotSilenced, ReusedMessageId
from conversations.models import Author, Holder, InboxMessage
from foundation import metrics
from foundation.leases import JobState, LeaseLost
from foundation.logging import get_logger
from foundation.runtime import Runtime
from foundation.text import BadText, clean

log = get_logger("channels.gateway")

MAX_TEXT = 1000
TURN_LIMIT_SECONDS = 25.0
# Reply numbers of our own sentences, far from those of a turn, which count from 0.
APOLOGY_NO, GIVEN_UP_NO = 1000, 1001
# While these are asked, "0" is an answer like any other.
NOT_UNKNOWN = {"name", "phone", "receipt", "id_number", "case_no"}


class Engine(Protocol):
    """What the gateway needs of the dialogue engine. Raises `BotUnavailable`."""

    def ask(self, sender: str, message: str, metadata: dict[str, Any]) -> list[BotItem]: ...


class Refused(Exception):
    """An expected refusal at the edge: HTTP status, a sentence for the resident, headers."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Question:
    """What is to be asked of the engine for one inbox row."""

    sender: str
    message: str
    metadata: dict[str, Any]
    epoch: int


class Gateway:
    """One per process; thread-safe. `wake` tells open event streams that a thread has grown."""

    def __init__(
        self, runtime: Runtime, engine: Engine, wake: Callable[[str], None] = lambda _: None
    ) -> None:
        self.runtime = runtime
        self._engine = engine
        self._wake = wake
        self._locks: dict[str, threading.Lock] = {}
        self._locks_guard = threading.Lock()

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
            self._append(
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
                self._public(session, message)
                for message in found
                if everyone or message.author != Author.RESIDENT
            ]

    def _public(self, session: Any, message: thread.Message) -> dict[str, Any]:
        return {
            "id": message.id,
            "seq": message.seq,
            "author": str(message.author),
            "text": vault.render(
                session, self.runtime.cipher, message.conversation_id, message.text
            ),
            "buttons": [
                {"label": button["label"], "value": button["value"]} for button in message.buttons
            ],
            "sources": message.sources,
            "asking": message.asking,
            "at": message.created_at.isoformat(),
        }

    # ---- receiving --------------------------------------------------------------------------
    def accept(self, incoming: Incoming) -> tuple[str, str | None]:
        """Commit an update to the inbox; returns its row id and, if it is new, our lease.

        After this returns the channel may be told that we have it. Raises `Refused`.
        """
        checked = _checked(incoming)
        try:
            with self.runtime.database.write() as session:
                row, created = inbox.accept(
                    session,
                    self.runtime.cipher,
                    channel=checked.channel,
                    update_id=checked.update_id,
                    conversation_id=checked.conversation_id,
                    body=checked.body(),
                )
                counter = metrics.INBOX_MESSAGES if created else metrics.INBOX_REPEATS
                counter.labels(channel=checked.channel).inc()
                return row.id, row.lease_id if created else None
        except ReusedMessageId:
            raise Refused(422, "这个消息编号已经用过，而且内容不一样。请换一个编号。") from None

    def receive(self, incoming: Incoming) -> Turn:
        """Accept an update and answer it, after everything that came before it.

        A repeated update gets the same answer again. Raises `Refused`.
        """
        row_id, lease_id = self.accept(incoming)
        return self.answer(incoming.conversation_id, row_id, lease_id)

    def answer(self, conversation_id: str, row_id: str, lease_id: str | None) -> Turn:
        """Answer what `accept` returned, after everything that came before it."""
        deadline = time.monotonic() + TURN_LIMIT_SECONDS
        with self._lock(conversation_id):
            while time.monotonic() < deadline:
                row = self._take(row_id, lease_id)
                if row is None:
                    break
                if row.id == row_id:
                    self.process(row)
                    break
                if row.lease_id is None:  # another process is at work on an earlier message
                    time.sleep(0.1)
                elif not self.process(row):
                    self._postpone(row_id)  # the engine is away: do not try each message in turn
                    break
        return self._turn(row_id)

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

    def _lock(self, conversation_id: str) -> threading.Lock:
        with self._locks_guard:
            if len(self._locks) > 10_000:
                self._locks = {k: v for k, v in self._locks.items() if v.locked()}
            return self._locks.setdefault(conversation_id, threading.Lock())

    def process_claimed(self, row: InboxMessage) -> None:
        """Work on a row the dispatcher claimed, in turn with live messages of its conversation."""
        with self._lock(row.conversation_id):
            self.process(row)

    # ---- one turn ---------------------------------------------------------------------------
    def process(self, row: InboxMessage) -> bool:
        """Answer one leased inbox row; False when the engine gave no answer.

        A lost lease means that somebody else answers it.
        """
        try:
            return self._process(row)
        except LeaseLost:
            log.info("lease lost", inbox_id=row.id)
            return True
        finally:
            self._wake(row.conversation_id)

    def _process(self, row: InboxMessage) -> bool:
        prepared = self._prepare(row)
        if prepared is None:
            return True
        if isinstance(prepared, Question):
            try:
                items = self._engine.ask(prepared.sender, prepared.message, prepared.metadata)
            except BotUnavailable as problem:
                self._apologise(row, prepared.epoch, problem.kind)
                return False
            epoch = prepared.epoch
        else:
            items, epoch = prepared
        self._store(row, items, epoch)
        return True

    def _postpone(self, row_id: str) -> None:
        """Record what was said and leave it to the dispatcher, behind the message that waits."""
        with self.runtime.database.write() as session:
            row = session.get_one(InboxMessage, row_id)
            if row.lease_id is None:
                inbox.claim(session, row_id)
        try:
            prepared = self._prepare(row)
            if isinstance(prepared, Question):
                self._apologise(row, prepared.epoch, "waiting")
            elif prepared is not None:
                self._store(row, *prepared)
        except LeaseLost:
            log.info("lease lost", inbox_id=row.id)

    def _prepare(self, row: InboxMessage) -> Question | tuple[list[BotItem], int] | None:
        """Record what the resident said; None when a person holds the chat.

        Photos and edited messages are answered here, without the engine.
        """
        cipher = self.runtime.cipher
        with self.runtime.database.write() as session:
            content = inbox.body(cipher, row)
            conversation = identity.lock(session, row.conversation_id)
            spoken = self._spoken(session, row.conversation_id, content)
            text = spoken.label if isinstance(spoken, Choice) else spoken
            thread.append(
                session,
                cipher,
                conversation_id=row.conversation_id,
                author=Author.RESIDENT,
                text=text,
                inbox_id=row.id,
            )
            if conversation.holder == Holder.PERSON:
                inbox.held(session, row, row.lease_id)
                return None
            if content.get("media"):
                return [BotItem(words.say("media"))], conversation.epoch
            if content.get("edited"):
                return [BotItem(words.say("edited"))], conversation.epoch
            asking = dialogue.load(session, cipher, row.conversation_id).data.get("asking")
            if not isinstance(spoken, Choice):
                spoken = self._typed_choice(session, row.conversation_id, text, asking) or spoken
            message = spoken.payload if isinstance(spoken, Choice) else neutralised(spoken)
            metadata = {
                "conversation_id": row.conversation_id,
                "message_id": row.id,
                "channel": conversation.channel,
                "asking": asking,
                "button": isinstance(spoken, Choice),
            }
            return Question(conversation.sender_key, message, metadata, conversation.epoch)

    def _spoken(self, session: Any, conversation_id: str, content: dict[str, Any]) -> Choice | str:
        """A pressed button as the choice it stands for, anything else as tokenised text."""
        cipher = self.runtime.cipher
        if content.get("button"):
            pressed = buttons.resolve(session, cipher, conversation_id, content["button"])
            return pressed or Choice("（失效的按钮）", "/nlu_fallback")
        if content.get("media"):
            return "（发来照片、语音或文件）"
        return vault.tokenise(session, cipher, conversation_id, content.get("text") or "")

    def _typed_choice(
        self, session: Any, conversation_id: str, text: str, asking: str | None
    ) -> Choice | None:
        """A typed option number as the choice it stands for."""
        typed = unicodedata.normalize("NFKC", text).strip().rstrip(".。、")
        if not re.fullmatch(r"\d{1,2}", typed):
            return None
        picked = buttons.by_digit(session, self.runtime.cipher, conversation_id, typed)
        if picked is not None:
            return picked
        if typed == "00":
            return Choice("找工作人员", "/human_handoff")
        if typed == "0" and asking and asking not in NOT_UNKNOWN:
            return Choice("不清楚", '/inform_facts{"unknown": true}')
        return None

    def _store(self, row: InboxMessage, items: list[BotItem], epoch: int) -> None:
        with self.runtime.database.write() as session:
            try:
                for number, item in enumerate(items):
                    self._append(
                        session,
                        row.conversation_id,
                        item,
                        choices=_choices(item),
                        epoch=epoch,
                        inbox_id=row.id,
                        reply_no=number,
                    )
            except BotSilenced:  # a person took the chat while the engine was thinking
                inbox.held(session, row, row.lease_id)
                return
            inbox.done(session, row, row.lease_id)

    def _append(
        self,
        session: Any,
        conversation_id: str,
        item: BotItem,
        *,
        choices: list[Choice],
        epoch: int,
        inbox_id: str | None = None,
        reply_no: int = 0,
    ) -> None:
        message = thread.append(
            session,
            self.runtime.cipher,
            conversation_id=conversation_id,
            author=Author.BOT,
            text=item.text,
            choices=choices,
            sources=item.sources,
            asking=item.asking,
            epoch=epoch,
            inbox_id=inbox_id,
            reply_no=reply_no,
        )
        outbox.enqueue(session, message)

    def _apologise(self, row: InboxMessage, epoch: int, kind: str) -> None:
        """Say so, once, and keep the message for another try; after the last one call a person."""
        log.warning("engine gave no answer", kind=kind, inbox_id=row.id, attempt=row.attempts)
        metrics.BOT_FAILURES.labels(kind=kind).inc()
        phone = self.runtime.settings.help_phone
        with self.runtime.database.write() as session:
            state = inbox.retry(session, row, row.lease_id, kind)
            given_up = state == JobState.DEAD
            name, number = ("given_up", GIVEN_UP_NO) if given_up else ("apology", APOLOGY_NO)
            try:
                self._append(
                    session,
                    row.conversation_id,
                    BotItem(words.say(name, help_phone=phone)),
                    choices=[],
                    epoch=epoch,
                    inbox_id=row.id,
                    reply_no=number,
                )
            except BotSilenced:
                return
            if given_up:
                cases.request_person(
                    session,
                    self.runtime.cipher,
                    conversation_id=row.conversation_id,
                    sentence=words.say("given_up", help_phone=phone),
                    idempotency_key=f"dead:{row.id}",
                )

    def _turn(self, row_id: str) -> Turn:
        with self.runtime.database.read() as session:
            row = session.get_one(InboxMessage, row_id)
            answers = [
                self._public(session, message)
                for message in thread.answers_to(session, self.runtime.cipher, row_id)
            ]
            return Turn(
                answers,
                held=row.state == JobState.HELD,
                pending=row.state in (JobState.NEW, JobState.RETRY),
            )


def neutralised(text: str) -> str:
    """The text without leading slashes: what a resident types is never a command of the engine."""
    return re.sub(r"^[\s/／]+", "", text) or "？"


def _choices(item: BotItem) -> list[Choice]:
    """The item's buttons; numbered in order when the text lists them as options."""
    return [
        Choice(
            button["title"],
            button["payload"],
            str(number) if item.choices and number <= 9 else None,
        )
        for number, button in enumerate(item.buttons, start=1)
    ]


def _checked(incoming: Incoming) -> Incoming:
    """The same update with its text cleaned. Raises `Refused` with a sentence for the resident."""
    if incoming.text is None:
        return incoming
    try:
        text = clean(incoming.text, max_length=MAX_TEXT)
    except BadText as problem:
        raise Refused(422, problem.reason_zh) from None
    return Incoming(
        incoming.channel,
        incoming.conversation_id,
        incoming.update_id,
        text=text,
        edited=incoming.edited,
    )

"""What comes back: answers and apologies into the thread and the outbox, and how they are shown.

Every reply of a message has its own number, so that a message that is asked again is answered once
and apologised for once, whichever process does it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cases import drafting, hours
from cases import service as cases
from channels import words
from channels.messages import BotItem, Turn
from conversations import identity, inbox, outbox, thread, vault
from conversations.buttons import Choice
from conversations.errors import BotSilenced
from conversations.models import Author, InboxMessage, ThreadMessage
from conversations.thread import Reply
from foundation import metrics
from foundation.leases import JobState
from foundation.logging import get_logger
from foundation.runtime import Runtime

log = get_logger("channels.replying")

# Reply numbers of our own sentences, far from those of a turn, which count from 0.
APOLOGY_NO, GIVEN_UP_NO = 1000, 1001


def store(runtime: Runtime, row: InboxMessage, items: list[BotItem], epoch: int) -> Turn | None:
    """Keep the answer, queue it for delivery and end the inbox row, in one transaction.

    None when the chat changed hands since `epoch`: a person answers then. Raises `LeaseLost`.
    """
    with runtime.database.write() as session:
        conversation = identity.lock(session, row.conversation_id)
        if not thread.may_speak(conversation, epoch):
            inbox.held(session, row, row.lease_id)  # a person took the chat meanwhile
            return None
        # Under our lease there is no answer yet: storing one ends the row.
        inbox.done(session, row, row.lease_id)
        said = thread.answer(
            session,
            runtime.cipher,
            conversation_id=row.conversation_id,
            inbox_id=row.id,
            replies=[Reply(item.text, _choices(item), item.sources, item.asking) for item in items],
            epoch=epoch,
        )
        for message in said:
            outbox.enqueue(session, message)
        messages = [thread.read(runtime.cipher, message) for message in said]
        return Turn([public(runtime, session, message) for message in messages])


def keep_draft(runtime: Runtime, row: InboxMessage, items: list[BotItem], *, is_held: bool) -> None:
    """Leave the answer to a person, as a draft beside the message. Raises `LeaseLost`.

    The row of who is with a person is held already; that of who waits is held from now on.
    """
    withheld = any(item.withheld for item in items)
    with runtime.database.write() as session:
        drafting.keep(
            session,
            runtime.cipher,
            conversation_id=row.conversation_id,
            inbox_id=row.id,
            text=None if withheld else "\n\n".join(item.text for item in items),
            sources=[] if withheld else [source for item in items for source in item.sources],
        )
        if not is_held:
            inbox.held(session, row, row.lease_id)


def append(
    runtime: Runtime,
    session: Session,
    conversation_id: str,
    item: BotItem,
    *,
    choices: list[Choice],
    epoch: int,
    inbox_id: str | None = None,
    reply_no: int = 0,
) -> ThreadMessage:
    """One message of the bot: into the thread and on its way. Raises `BotSilenced`."""
    message = thread.append(
        session,
        runtime.cipher,
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
    return message


def apologise(runtime: Runtime, row: InboxMessage, kind: str, *, epoch: int | None = None) -> None:
    """Say so, once, and keep the message for another try; after the last one call a person.

    `kind` is that of `BotUnavailable`, `waiting` behind a message that failed, or `fault` of ours.
    Without `epoch` the apology is as of now. Raises `LeaseLost`.
    """
    log.warning("no answer", kind=kind, inbox_id=row.id, attempt=row.attempts)
    metrics.BOT_FAILURES.labels(kind=kind).inc()
    phone = runtime.settings.help_phone
    with runtime.database.write() as session:
        state = inbox.retry(session, row, row.lease_id, kind)
        if epoch is None:
            epoch = identity.lock(session, row.conversation_id).epoch
        given_up = state == JobState.DEAD
        name, number = ("given_up", GIVEN_UP_NO) if given_up else ("apology", APOLOGY_NO)
        try:
            append(
                runtime,
                session,
                row.conversation_id,
                BotItem(words.say(name, help_phone=phone)),
                choices=words.choices(name),
                epoch=epoch,
                inbox_id=row.id,
                reply_no=number,
            )
        except BotSilenced:
            return
        if given_up:
            _request_person(runtime, session, row, words.say("given_up", help_phone=phone))


def call_person(runtime: Runtime, row: InboxMessage, epoch: int) -> None:
    """Grant the wish for a person without the engine, which gave no answer. Raises `LeaseLost`."""
    log.warning("person called without the engine", inbox_id=row.id)
    try:
        with runtime.database.write() as session:
            _request_person(runtime, session, row, "找工作人员")
            append(
                runtime,
                session,
                row.conversation_id,
                BotItem(_called(runtime, session, row.conversation_id)),
                choices=[],
                epoch=epoch,
                inbox_id=row.id,
            )
            inbox.done(session, row, row.lease_id)
    except BotSilenced:  # there is one already
        with runtime.database.write() as session:
            inbox.held(session, row, row.lease_id)


def _called(runtime: Runtime, session: Session, conversation_id: str) -> str:
    """That a person is called, and where the resident stands in the line."""
    place = cases.place_in_line(session, conversation_id)
    told = _line(place) if place is not None else ""
    return words.say("person_called", line=told, help_phone=runtime.settings.help_phone)


def _line(place: cases.Place) -> str:
    ahead = place.ahead
    told = words.say("person_ahead", ahead=str(ahead)) if ahead else words.say("person_next")
    if place.hours.confirmed:
        told += words.say("person_hours", hours=hours.words(place.hours))
    return told + "\n"


def _request_person(runtime: Runtime, session: Session, row: InboxMessage, sentence: str) -> None:
    cases.request_person(
        session,
        runtime.cipher,
        conversation_id=row.conversation_id,
        sentence=sentence,
        idempotency_key=f"gateway:{row.id}",
        channel=identity.get(session, row.conversation_id).channel,
    )


def turn(runtime: Runtime, row_id: str) -> Turn:
    """What was said to one inbox row so far."""
    with runtime.database.read() as session:
        row = session.get_one(InboxMessage, row_id)
        answers = [
            public(runtime, session, message)
            for message in thread.answers_to(session, runtime.cipher, row_id)
        ]
        return Turn(
            answers,
            held=row.state == JobState.HELD,
            pending=row.state in (JobState.NEW, JobState.RETRY),
        )


def public(runtime: Runtime, session: Session, message: thread.Message) -> dict[str, Any]:
    """A thread message as the public API shows it; personal numbers are masked."""
    return {
        "id": message.id,
        "seq": message.seq,
        "author": str(message.author),
        "text": vault.render(session, runtime.cipher, message.conversation_id, message.text),
        "buttons": [
            {"label": button["label"], "value": button["value"]} for button in message.buttons
        ],
        "sources": message.sources,
        "asking": message.asking,
        "at": message.created_at.isoformat(),
    }


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

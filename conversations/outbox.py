"""The outbox: what must reach the resident, written with the decision and sent until it arrives.

Sending is at least once: a crash between the channel's yes and our commit sends once more.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from conversations import identity, thread
from conversations.models import Author, Conversation, Holder, OutboxMessage, ThreadMessage
from foundation import clock, leases
from foundation.leases import OPEN_STATES, JobState

_earlier = aliased(OutboxMessage)
# Nothing of its conversation is on its way before it.
_IS_NEXT = ~(
    select(_earlier.id)
    .where(
        _earlier.conversation_id == OutboxMessage.conversation_id,
        _earlier.seq < OutboxMessage.seq,
        _earlier.state.in_(OPEN_STATES),
    )
    .exists()
)
# About a day at the longest pause: a channel may be away for hours, and the reply still arrives.
MAX_ATTEMPTS = 200


def enqueue(session: Session, message: ThreadMessage) -> OutboxMessage | None:
    """Put a thread message on its way; the same message is only ever queued once.

    None for the web chat, which reads the thread itself: lying there is being delivered.
    """
    conversation = identity.get(session, message.conversation_id)
    if conversation.channel == identity.WEB:
        return None
    known = session.scalar(
        select(OutboxMessage).where(OutboxMessage.thread_message_id == message.id)
    )
    if known is not None:
        return known
    row = OutboxMessage(
        thread_message_id=message.id,
        conversation_id=message.conversation_id,
        seq=message.seq,
        channel=conversation.channel,
        author=message.author,
        epoch=message.epoch,
    )
    session.add(row)
    session.flush()
    return row


def claim_due(
    session: Session,
    channel: str,
    *,
    limit: int = 1,
    lease_for: timedelta = timedelta(seconds=30),
) -> list[OutboxMessage]:
    """Lease messages to send, never one before an earlier one of its conversation.

    Bot messages that a change of hands has overtaken are withdrawn here and not returned.
    """
    _withdraw_overtaken(session, channel)
    return leases.claim(
        session,
        OutboxMessage,
        limit=limit,
        duration=lease_for,
        where=[OutboxMessage.channel == channel, _IS_NEXT],
        max_attempts=MAX_ATTEMPTS,
    )


def deliverable(session: Session, row: OutboxMessage) -> bool:
    """Ask right before sending: False for a bot message when the chat has changed hands."""
    if row.author != Author.BOT:
        return True
    return thread.may_speak(identity.get(session, row.conversation_id), row.epoch)


def done(
    session: Session, row: OutboxMessage, lease_id: str | None, external_id: str | None = None
) -> None:
    """The channel took it (as `external_id`). Raises LeaseLost."""
    leases.finish(session, row, lease_id)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == row.id)
        .values(external_id=external_id, sent_at=clock.now())
    )


def withdraw(session: Session, row: OutboxMessage, lease_id: str | None) -> None:
    """Overtaken, not sent. Raises LeaseLost."""
    leases.finish(session, row, lease_id, JobState.WITHDRAWN)


def give_up(session: Session, row: OutboxMessage, lease_id: str | None, error: str) -> JobState:
    """The channel will never take it; what comes after it goes on. Raises LeaseLost."""
    return leases.fail(session, row, lease_id, error, max_attempts=0)


def retry(
    session: Session,
    row: OutboxMessage,
    lease_id: str | None,
    error: str,
    *,
    not_before: timedelta = timedelta(0),
) -> JobState:
    """Not sent: due again after a growing pause, or dead. Raises LeaseLost."""
    return leases.fail(
        session, row, lease_id, error, max_attempts=MAX_ATTEMPTS, not_before=not_before
    )


def _withdraw_overtaken(session: Session, channel: str) -> None:
    current = (
        select(Conversation.id)
        .where(
            Conversation.id == OutboxMessage.conversation_id,
            Conversation.holder == Holder.BOT,
            Conversation.epoch == OutboxMessage.epoch,
        )
        .exists()
    )
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.channel == channel,
            OutboxMessage.author == Author.BOT,
            OutboxMessage.state.in_(OPEN_STATES),
            OutboxMessage.due_at <= clock.now(),  # in flight: its sender asks deliverable()
            ~current,
        )
        .values(state=JobState.WITHDRAWN, lease_id=None)
        .execution_options(synchronize_session=False)
    )

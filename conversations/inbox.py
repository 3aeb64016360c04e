"""The inbox: an update is committed here before its channel hears that we have it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from conversations import identity
from conversations.errors import ReusedMessageId
from conversations.models import InboxMessage
from foundation import clock, leases
from foundation.crypto import Cipher
from foundation.database import new_id
from foundation.leases import OPEN_STATES, JobState

_earlier = aliased(InboxMessage)
# Nothing of its conversation waits before it.
_IS_NEXT = ~(
    select(_earlier.id)
    .where(
        _earlier.conversation_id == InboxMessage.conversation_id,
        _earlier.position < InboxMessage.position,
        _earlier.state.in_(OPEN_STATES),
    )
    .exists()
)
MAX_ATTEMPTS = 8  # the live turn, then tries of the dispatcher over about four minutes


def accept(
    session: Session,
    cipher: Cipher,
    *,
    channel: str,
    update_id: str,
    conversation_id: str,
    body: Mapping[str, Any],
    lease_for: timedelta = timedelta(seconds=30),
) -> tuple[InboxMessage, bool]:
    """Store an update once. Returns the row and whether it is new.

    A new row comes with a lease for the caller (`row.lease_id`): it is the caller's to answer, and
    the dispatcher's when the caller dies. The same id with the same body is the same row; with
    another body, or in another conversation, ReusedMessageId. Raises UnknownConversation.
    """
    conversation = identity.lock(session, conversation_id)
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = cipher.pseudonym("inbox.body", f"{conversation_id}\0{canonical}")
    known = session.scalar(
        select(InboxMessage).where(
            InboxMessage.channel == channel, InboxMessage.update_id == update_id
        )
    )
    if known is not None:
        if known.body_digest != digest:
            raise ReusedMessageId(channel, update_id)
        return known, False
    conversation.last_position += 1
    conversation.last_message_at = clock.now()
    row = InboxMessage(
        id=new_id(),
        channel=channel,
        update_id=update_id,
        conversation_id=conversation_id,
        position=conversation.last_position,
        body_digest=digest,
        state=JobState.NEW,
        attempts=0,
    )
    row.body_encrypted = cipher.encrypt(canonical, _place(row.id))
    leases.lease(row, lease_for)
    session.add(row)
    session.flush()
    return row, True


def is_next(session: Session, row: InboxMessage) -> bool:
    """Whether nothing unanswered of the conversation came before; in the transaction of `accept`.

    It then stays so: what came before has ended, and what comes now comes after.
    """
    earlier = select(InboxMessage.id).where(
        InboxMessage.conversation_id == row.conversation_id,
        InboxMessage.position < row.position,
        InboxMessage.state.in_(OPEN_STATES),
    )
    return session.scalar(earlier.limit(1)) is None


def body(cipher: Cipher, row: InboxMessage) -> dict[str, Any]:
    """The update as it was accepted."""
    content: dict[str, Any] = json.loads(cipher.decrypt(row.body_encrypted, _place(row.id)))
    return content


def claim_due(
    session: Session, *, limit: int = 1, lease_for: timedelta = timedelta(seconds=30)
) -> list[InboxMessage]:
    """Lease messages nobody has answered, never one before an earlier one of its conversation."""
    return leases.claim(
        session,
        InboxMessage,
        limit=limit,
        duration=lease_for,
        where=[_IS_NEXT],
        # one claim more than tries, for whoever gives it up with a word to the resident
        max_attempts=MAX_ATTEMPTS + 1,
    )


@dataclass(frozen=True)
class Earlier:
    """The oldest unanswered message before another one; `claimed` if it is now the caller's."""

    row: InboxMessage
    claimed: bool


def claim_before(
    session: Session, row: InboxMessage, *, lease_for: timedelta = timedelta(seconds=30)
) -> Earlier | None:
    """Whoever answers `row` answers what came before it first. None: nothing is before it.

    A message waiting for a retry is taken at once, one under a running lease is left to its owner.
    """
    earlier = session.scalar(
        select(InboxMessage)
        .where(
            InboxMessage.conversation_id == row.conversation_id,
            InboxMessage.position < row.position,
            InboxMessage.state.in_(OPEN_STATES),
        )
        .order_by(InboxMessage.position)
        .limit(1)
        .with_for_update(of=InboxMessage)
    )
    if earlier is None:
        return None
    due = earlier.due_at <= clock.now()
    if earlier.lease_id is not None and not due:
        return Earlier(earlier, claimed=False)
    leases.lease(earlier, lease_for)
    if not due:  # somebody who writes on during an outage does not use up its tries
        earlier.attempts -= 1
    session.flush()
    return Earlier(earlier, claimed=True)


def claim(
    session: Session, row_id: str, *, lease_for: timedelta = timedelta(seconds=30)
) -> InboxMessage | None:
    """Lease one message if it is open, nobody works on it, and it does not wait for a retry."""
    row = session.scalar(
        select(InboxMessage).where(InboxMessage.id == row_id).with_for_update(of=InboxMessage)
    )
    if row is None or row.state not in OPEN_STATES:
        return None
    if row.due_at > clock.now() and (row.lease_id is not None or row.state == JobState.RETRY):
        return None
    leases.lease(row, lease_for)
    session.flush()
    return row


def done(session: Session, row: InboxMessage, lease_id: str | None) -> None:
    """Answered; call in the transaction that stores the answer. Raises LeaseLost."""
    leases.finish(session, row, lease_id)


def held(session: Session, row: InboxMessage, lease_id: str | None) -> None:
    """Left to the person who holds the chat. Raises LeaseLost."""
    leases.finish(session, row, lease_id, JobState.HELD)


def retry(session: Session, row: InboxMessage, lease_id: str | None, error: str) -> JobState:
    """Not answered this time: due again later, or dead. Raises LeaseLost."""
    return leases.fail(session, row, lease_id, error, max_attempts=MAX_ATTEMPTS)


def _place(row_id: str) -> str:
    return f"inbox.body_encrypted.{row_id}"

"""Where the dialogue stands: our record, encrypted. Rasa's tracker is only a cache beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from conversations import identity
from conversations.models import DialogueState
from foundation import clock
from foundation.crypto import Cipher


@dataclass
class Dialogue:
    """`data` is the flow's state (`data["asking"]` the open question); `last_*` the last turn."""

    data: dict[str, Any] = field(default_factory=dict)
    last_message_id: str | None = None
    last_replies: list[dict[str, Any]] = field(default_factory=list)
    # A session forgets what nobody holds, and `save` would read it again.
    _row: DialogueState | None = field(default=None, repr=False, compare=False)


def load(session: Session, cipher: Cipher, conversation_id: str) -> Dialogue:
    """The state, empty before the first turn. In a write transaction the conversation is locked
    until commit, so two turns of one conversation never read the same state. Raises
    UnknownConversation.
    """
    identity.lock(session, conversation_id)
    row = session.get(DialogueState, conversation_id, populate_existing=True)
    if row is None:
        return Dialogue()
    return Dialogue(
        data=json.loads(cipher.decrypt(row.data_encrypted, _place("data", conversation_id))),
        last_message_id=row.last_message_id,
        last_replies=json.loads(
            cipher.decrypt(row.replies_encrypted, _place("replies", conversation_id))
        ),
        _row=row,
    )


def save(
    session: Session,
    cipher: Cipher,
    conversation_id: str,
    data: Mapping[str, Any],
    message_id: str | None,
    replies: Sequence[Mapping[str, Any]],
) -> None:
    """Store the state after a turn, with the replies, so that a repeated turn says the same.

    Raises UnknownConversation, and TypeError or ValueError for values JSON does not have (NaN).
    """
    identity.lock(session, conversation_id)
    row = session.get(DialogueState, conversation_id)
    if row is None:
        row = DialogueState(conversation_id=conversation_id)
        session.add(row)
    row.data_encrypted = cipher.encrypt(_dump(data), _place("data", conversation_id))
    row.replies_encrypted = cipher.encrypt(_dump(replies), _place("replies", conversation_id))
    row.last_message_id = message_id
    row.updated_at = clock.now()
    session.flush()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _place(column: str, conversation_id: str) -> str:
    return f"dialogue_state.{column}_encrypted.{conversation_id}"

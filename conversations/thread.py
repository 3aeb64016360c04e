"""The thread: everything said in a conversation, in order, as both sides see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import buttons, identity
from conversations.buttons import Choice
from conversations.errors import BotSilenced
from conversations.models import Author, Button, Conversation, Holder, ThreadMessage
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

SYSTEM_WORDS = {
    "person_took": "工作人员已接入，接下来由工作人员回复您。",
    "person_changed": "已换另一位工作人员接待您。",
    "person_left": "工作人员已离开，接下来由智能助手回复您。需要工作人员时，发“00”。",
    "person_let_go": "您又回到排队里了，先后不变。等的时候由智能助手回复您。",
    "person_silent": "对不起，工作人员没能及时回复。您还在排队，先后不变，先由智能助手回复您。",
    "answers_read": "您的话已经记下。您在等工作人员，智能助手的回答要先由工作人员看过，才发给您。",
    "person_passed_on": "已把您转给更合适的部门，排队时间不变。等的时候由智能助手回复您。",
}


@dataclass(frozen=True)
class Message:
    """A thread message in plain text. Personal numbers in `text` are vault tokens."""

    id: str
    conversation_id: str
    seq: int
    author: Author
    text: str
    code: str | None
    buttons: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    asking: str | None
    inbox_id: str | None
    epoch: int
    worker_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class Reply:
    """One message to be: its text, its buttons, where it comes from and what it waits for."""

    text: str
    choices: Sequence[Choice] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    asking: str | None = None


def append(
    session: Session,
    cipher: Cipher,
    *,
    conversation_id: str,
    author: Author | str,
    text: str,
    choices: Sequence[Choice] = (),
    sources: Sequence[Mapping[str, Any]] = (),
    asking: str | None = None,
    inbox_id: str | None = None,
    reply_no: int = 0,
    is_first: bool = False,
    epoch: int | None = None,
    worker_id: str | None = None,
) -> ThreadMessage:
    """Add a message at the end. `text` has been through `vault.tokenise` or is our own.

    `epoch` is the conversation's epoch when the message was computed; a bot message must give it
    and is refused (BotSilenced) when the chat changed hands since or a person holds it. With
    `inbox_id` the call may be repeated: author and `reply_no` find the message stored before.
    `is_first` spares that look, for who knows that there is none. Raises UnknownConversation.
    """
    author = Author(author)
    conversation = identity.lock(session, conversation_id)
    if inbox_id is not None and not is_first:
        known = session.scalar(
            select(ThreadMessage).where(
                ThreadMessage.inbox_id == inbox_id,
                ThreadMessage.author == author,
                ThreadMessage.reply_no == reply_no,
            )
        )
        if known is not None:
            return known
    if author is Author.BOT:
        _refuse_unless_current(conversation, epoch)
    message = _add(session, conversation, author, worker_id)
    attached = _fill(cipher, message, Reply(text, choices, sources, asking))
    message.inbox_id = inbox_id
    message.reply_no = reply_no
    session.flush()
    session.add_all(attached)
    return message


def answer(
    session: Session,
    cipher: Cipher,
    *,
    conversation_id: str,
    inbox_id: str,
    replies: Sequence[Reply],
    epoch: int,
) -> list[ThreadMessage]:
    """Add the bot's whole answer to an inbox message that has none yet, in one go.

    Raises BotSilenced, and IntegrityError when there is one already.
    """
    conversation = identity.lock(session, conversation_id)
    _refuse_unless_current(conversation, epoch)
    said, attached = [], []
    for number, reply in enumerate(replies):
        message = _add(session, conversation, Author.BOT, None)
        message.inbox_id = inbox_id
        message.reply_no = number
        attached += _fill(cipher, message, reply)
        said.append(message)
    session.flush()  # buttons point at their messages
    session.add_all(attached)
    return said


def append_system(
    session: Session, conversation: Conversation, code: str, worker_id: str | None = None
) -> ThreadMessage:
    """Add a notice whose words are in SYSTEM_WORDS; the conversation's row must be locked."""
    message = _add(session, conversation, Author.SYSTEM, worker_id)
    message.code = code
    session.flush()
    return message


def messages(
    session: Session,
    cipher: Cipher,
    conversation_id: str,
    after_seq: int = 0,
    *,
    limit: int | None = None,
) -> list[Message]:
    """The messages after `after_seq`, in order; empty for an unknown conversation."""
    query = (
        select(ThreadMessage)
        .where(ThreadMessage.conversation_id == conversation_id, ThreadMessage.seq > after_seq)
        .order_by(ThreadMessage.seq)
        .limit(limit)
    )
    return [read(cipher, row) for row in session.scalars(query)]


def answers_to(session: Session, cipher: Cipher, inbox_id: str) -> list[Message]:
    """What the bot said to one inbox message, in order."""
    query = (
        select(ThreadMessage)
        .where(ThreadMessage.inbox_id == inbox_id, ThreadMessage.author == Author.BOT)
        .order_by(ThreadMessage.seq)
    )
    return [read(cipher, row) for row in session.scalars(query)]


def read(cipher: Cipher, row: ThreadMessage) -> Message:
    """Decrypt one row."""
    if row.code is not None:
        text = SYSTEM_WORDS[row.code]
    elif row.text_encrypted is not None:
        text = cipher.decrypt(row.text_encrypted, _place(row.id))
    else:
        text = ""
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        text=text,
        code=row.code,
        buttons=row.buttons,
        sources=row.sources,
        asking=row.asking,
        inbox_id=row.inbox_id,
        epoch=row.epoch,
        worker_id=row.worker_id,
        created_at=row.created_at,
    )


def may_speak(conversation: Conversation, epoch: int | None) -> bool:
    """Whether a bot message computed at `epoch` may still be stored or sent."""
    return conversation.holder == Holder.BOT and epoch == conversation.epoch


def _refuse_unless_current(conversation: Conversation, epoch: int | None) -> None:
    if not may_speak(conversation, epoch):
        raise BotSilenced(
            conversation.id,
            -1 if epoch is None else epoch,
            conversation.epoch,
            conversation.holder,
        )


def _add(
    session: Session, conversation: Conversation, author: Author, worker_id: str | None
) -> ThreadMessage:
    conversation.last_seq += 1
    conversation.last_message_at = clock.now()
    message = ThreadMessage(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=author,
        epoch=conversation.epoch,
        worker_id=worker_id,
    )
    session.add(message)
    return message


def _fill(cipher: Cipher, message: ThreadMessage, reply: Reply) -> list[Button]:
    message.text_encrypted = cipher.encrypt(reply.text, _place(message.id))
    message.sources = [dict(source) for source in reply.sources]
    message.asking = reply.asking
    return buttons.attach(cipher, message, reply.choices)


def _place(message_id: str) -> str:
    return f"thread_message.text_encrypted.{message_id}"


@dataclass(frozen=True)
class Mark:
    """How far `changed_since` has looked. `seen` keeps the ids at the edge of the overlap."""

    at: datetime
    seen: frozenset[str] = frozenset()


OVERLAP = timedelta(seconds=5)  # a transaction may commit a little after its time stamp


def mark(session: Session) -> Mark:
    """From now on."""
    return changed_since(session, Mark(clock.now()))[1]


def changed_since(session: Session, since: Mark) -> tuple[set[str], Mark]:
    """Conversations with new messages since the mark, and the next mark."""
    start = since.at - OVERLAP
    rows = session.execute(
        select(ThreadMessage.id, ThreadMessage.conversation_id).where(
            ThreadMessage.created_at >= start
        )
    ).all()
    changed = {conversation_id for row_id, conversation_id in rows if row_id not in since.seen}
    return changed, Mark(clock.now(), frozenset(row_id for row_id, _ in rows))


def replaced(message: Message, text: str) -> Message:
    """The same message with another text, for showing it with masked numbers."""
    return replace(message, text=text)

"""Tables of the conversations. What residents said and who they are is encrypted in every one."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation import clock
from foundation.database import Base, UtcDateTime, new_id
from foundation.leases import Leased


class Holder(StrEnum):
    """Who speaks for the office in a conversation."""

    BOT = "bot"
    PERSON = "person"


class Author(StrEnum):
    """Who wrote a message of the thread."""

    RESIDENT = "resident"
    BOT = "bot"
    PERSON = "person"
    SYSTEM = "system"


class Conversation(Base):
    """One resident on one channel. `epoch` counts changes of hands; see `handover`."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "sender_key"),
        CheckConstraint("holder in ('bot', 'person')", name="holder"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    channel: Mapped[str] = mapped_column(String(16))
    sender_key: Mapped[str] = mapped_column(String(64))  # HMAC of the channel's user id
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    peer_encrypted: Mapped[str | None] = mapped_column(Text, default=None)  # where to send to
    holder: Mapped[str] = mapped_column(String(8), default=Holder.BOT)
    holder_worker_id: Mapped[str | None] = mapped_column(String(64), default=None)
    epoch: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)  # of the thread
    last_position: Mapped[int] = mapped_column(default=0)  # of the inbox
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)
    last_message_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now, index=True)


class InboxMessage(Leased, Base):
    """An update exactly as the channel gave it, stored before the channel is answered."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        UniqueConstraint("conversation_id", "position"),
        Index("ix_inbox_state_due_at", "state", "due_at"),
    )

    channel: Mapped[str] = mapped_column(String(16))
    update_id: Mapped[str] = mapped_column(String(128))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    position: Mapped[int]  # 1, 2, 3 … in the order of arrival
    body_encrypted: Mapped[str] = mapped_column(Text)
    body_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)


class ThreadMessage(Base):
    """One message as resident and caseworker see it, personal numbers replaced by tokens.

    A message of author `system` has a `code` instead of a text; `thread` has the words. An answer
    to an inbox message is unique by its number, so a turn done twice is stored once.
    """

    __tablename__ = "thread_message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("inbox_id", "author", "reply_no"),
        CheckConstraint("author in ('resident', 'bot', 'person', 'system')", name="author"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    author: Mapped[str] = mapped_column(String(8))
    code: Mapped[str | None] = mapped_column(String(32), default=None)
    text_encrypted: Mapped[str | None] = mapped_column(Text, default=None)
    buttons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    asking: Mapped[str | None] = mapped_column(String(64), default=None)  # what it waits for
    inbox_id: Mapped[str | None] = mapped_column(ForeignKey("inbox.id"), default=None)
    reply_no: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int]
    worker_id: Mapped[str | None] = mapped_column(String(64), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now, index=True)


class OutboxMessage(Leased, Base):
    """A thread message on its way to the channel; written in the transaction that decides it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_due_at", "state", "due_at"),)

    thread_message_id: Mapped[str] = mapped_column(ForeignKey("thread_message.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    seq: Mapped[int]  # copied from the thread: a conversation is delivered in order
    channel: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(8))
    epoch: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(String(128), default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime(), default=None)


class VaultValue(Base):
    """A personal number and the token that stands for it in one conversation."""

    __tablename__ = "vault_value"
    __table_args__ = (
        UniqueConstraint("conversation_id", "token"),
        UniqueConstraint("conversation_id", "kind", "value_index"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(8))
    token: Mapped[str] = mapped_column(String(24))  # "PHONE:7f3a"
    value_encrypted: Mapped[str] = mapped_column(Text)
    value_index: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)


class Button(Base):
    """What a button means. The resident's device only ever sees the opaque `value`."""

    __tablename__ = "button"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    thread_message_id: Mapped[str] = mapped_column(ForeignKey("thread_message.id"), index=True)
    value: Mapped[str] = mapped_column(String(32), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    digit: Mapped[str | None] = mapped_column(String(2), default=None)
    payload_encrypted: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)


class DialogueState(Base):
    """Where the dialogue stands. Ours, not Rasa's: a tracker may be lost, this may not."""

    __tablename__ = "dialogue_state"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    data_encrypted: Mapped[str] = mapped_column(Text)
    replies_encrypted: Mapped[str] = mapped_column(Text)
    last_message_id: Mapped[str | None] = mapped_column(String(64), default=None)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)


class HandoverLink(Base):
    """A one-time link that lets a resident go on in the web chat with what was said elsewhere."""

    __tablename__ = "handover_link"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    target_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), default=None)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=clock.now)

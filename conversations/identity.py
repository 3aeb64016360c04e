"""Whose conversation it is: found by the channel's user or by the web chat's secret token."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from conversations.errors import UnknownConversation
from conversations.models import Conversation
from foundation.crypto import Cipher
from foundation.database import is_writing, new_id

WEB = "web"
TELEGRAM = "telegram"


@dataclass(frozen=True)
class WebStart:
    """A new web conversation and its token; the token is shown once and only its hash is kept."""

    conversation: Conversation
    token: str


def start_web(session: Session, cipher: Cipher) -> WebStart:
    """Open a conversation for an anonymous visitor of the web chat."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        channel=WEB,
        sender_key=cipher.pseudonym("sender.web", token),
        token_hash=cipher.pseudonym("token.web", token),
    )
    session.add(conversation)
    session.flush()
    return WebStart(conversation, token)


def by_token(session: Session, cipher: Cipher, token: str) -> Conversation | None:
    """The web conversation this token opens, or None."""
    token_hash = cipher.pseudonym("token.web", token)
    return session.scalar(select(Conversation).where(Conversation.token_hash == token_hash))


def open_for(
    session: Session, cipher: Cipher, *, channel: str, user_id: str, peer: str
) -> Conversation:
    """The conversation of a channel's user, made on first contact.

    `peer` is where replies go (a chat id), kept encrypted; the user id itself is kept only as HMAC.
    """
    sender_key = cipher.pseudonym(f"sender.{channel}", user_id)
    query = select(Conversation).where(
        Conversation.channel == channel, Conversation.sender_key == sender_key
    )
    known = session.scalar(query)
    if known is not None:
        return known
    conversation = Conversation(id=new_id(), channel=channel, sender_key=sender_key)
    conversation.peer_encrypted = cipher.encrypt(peer, _peer_place(conversation.id))
    try:
        with session.begin_nested():
            session.add(conversation)
    except IntegrityError:  # two first messages at once: the other one was first
        return session.scalars(query).one()
    return conversation


def peer(cipher: Cipher, conversation: Conversation) -> str | None:
    """Where replies go on the conversation's channel; None for the web chat."""
    if conversation.peer_encrypted is None:
        return None
    return cipher.decrypt(conversation.peer_encrypted, _peer_place(conversation.id))


def get(session: Session, conversation_id: str) -> Conversation:
    """The conversation, as the database has it now. Raises UnknownConversation."""
    conversation = _locked(session).get(conversation_id) or session.get(
        Conversation, conversation_id
    )
    if conversation is None:
        raise UnknownConversation(conversation_id)
    return conversation


def lock(session: Session, conversation_id: str) -> Conversation:
    """The conversation with its row locked, so that its turns come one after the other.

    In a read transaction nothing is locked. Raises UnknownConversation.
    """
    locked = _locked(session)
    if conversation_id in locked:  # until the end of the transaction nobody else changes it
        return locked[conversation_id]
    query = select(Conversation).where(Conversation.id == conversation_id)
    if is_writing(session):
        query = query.with_for_update().execution_options(populate_existing=True)
    conversation = session.scalar(query)
    if conversation is None:
        raise UnknownConversation(conversation_id)
    if is_writing(session):
        locked[conversation_id] = conversation
    return conversation


def _locked(session: Session) -> dict[str, Conversation]:
    """The conversations this transaction has locked; held here, since a session forgets them."""
    locked: dict[str, Conversation] = session.info.setdefault("locked_conversations", {})
    return locked


def _peer_place(conversation_id: str) -> str:
    return f"conversation.peer_encrypted.{conversation_id}"

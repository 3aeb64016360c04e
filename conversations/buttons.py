"""Buttons: the device gets an opaque value, the meaning stays here and in its own conversation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from conversations.models import Author, Button, ThreadMessage
from foundation.crypto import Cipher
from foundation.database import new_id


@dataclass(frozen=True)
class Choice:
    """A button to be: its words, what it tells the bot, and the digit one may type instead."""

    label: str
    payload: str
    digit: str | None = None


def attach(cipher: Cipher, message: ThreadMessage, choices: Sequence[Choice]) -> list[Button]:
    """Buttons for a message, shown by it as `[{label, value, digit}]`; to be stored after it."""
    attached = []
    for choice in choices:
        button = Button(
            id=new_id(),
            conversation_id=message.conversation_id,
            thread_message_id=message.id,
            value=secrets.token_urlsafe(16),  # 22 characters: Telegram takes at most 64 bytes
            label=choice.label[:100],
            digit=choice.digit,
        )
        button.payload_encrypted = cipher.encrypt(choice.payload, _place(button.id))
        attached.append(button)
    message.buttons = [
        {"label": button.label, "value": button.value, "digit": button.digit} for button in attached
    ]
    return attached


def resolve(session: Session, cipher: Cipher, conversation_id: str, value: str) -> Choice | None:
    """What a pressed button means; None for an unknown value or another conversation's."""
    button = session.scalar(
        select(Button).where(Button.conversation_id == conversation_id, Button.value == value)
    )
    return None if button is None else _choice(cipher, button)


def by_digit(session: Session, cipher: Cipher, conversation_id: str, digit: str) -> Choice | None:
    """The choice a typed digit picks: only of the last question, only if it was numbered."""
    last = _last_question(session, conversation_id)
    if last is None:
        return None
    button = session.scalar(
        select(Button).where(Button.thread_message_id == last.id, Button.digit == digit)
    )
    return None if button is None else _choice(cipher, button)


def by_words(session: Session, cipher: Cipher, conversation_id: str, typed: str) -> Choice | None:
    """The choice whose words were typed, of a last question that the office itself has put.

    What the bot asked is read by the dialogue, which knows more than the words of the buttons.
    """
    last = _last_question(session, conversation_id)
    if last is None or last.author != Author.SYSTEM:
        return None
    for button in session.scalars(select(Button).where(Button.thread_message_id == last.id)):
        if typed and typed == button.label.split(" ", 1)[-1]:
            return _choice(cipher, button)
    return None


def _last_question(session: Session, conversation_id: str) -> ThreadMessage | None:
    """The bot's last message, or a later one of the office that has buttons.

    A bare message that leaves a question open (a person was called meanwhile) stands for the last
    one that put it.
    """
    offers = select(Button.id).where(Button.thread_message_id == ThreadMessage.id).exists()
    here = select(ThreadMessage).where(ThreadMessage.conversation_id == conversation_id)
    here = here.order_by(ThreadMessage.seq.desc()).limit(1)
    by_bot = ThreadMessage.author == Author.BOT
    by_office = and_(ThreadMessage.author == Author.SYSTEM, offers)
    last = session.scalar(here.where(or_(by_bot, by_office)))
    if last is None or last.author != Author.BOT or last.asking is None:
        return last
    put = session.scalar(here.where(by_bot, offers, ThreadMessage.asking == last.asking))
    return put or last


def _choice(cipher: Cipher, button: Button) -> Choice:
    payload = cipher.decrypt(button.payload_encrypted, _place(button.id))
    return Choice(button.label, payload, button.digit)


def _place(button_id: str) -> str:
    return f"button.payload_encrypted.{button_id}"

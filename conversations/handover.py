"""Who holds the chat. A change of hands raises the epoch, which silences what the bot had begun.

A message computed before the change carries the old epoch; storing and delivering both refuse it,
so bot and person never talk over each other. The resident is told of each change, in the thread
and on the channel.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from conversations import identity, outbox, thread
from conversations.models import Conversation, Holder


@dataclass(frozen=True)
class Holding:
    """Who speaks now, and since which epoch."""

    holder: Holder
    worker_id: str | None
    epoch: int


def holder(session: Session, conversation_id: str) -> Holding:
    """Raises UnknownConversation."""
    return _holding(identity.get(session, conversation_id))


def take(session: Session, conversation_id: str, worker_id: str) -> Holding:
    """A person takes the chat, from the bot or from a colleague. Repeating it changes nothing."""
    conversation = identity.lock(session, conversation_id)
    if conversation.holder == Holder.PERSON and conversation.holder_worker_id == worker_id:
        return _holding(conversation)
    from_colleague = conversation.holder == Holder.PERSON
    conversation.holder = Holder.PERSON
    conversation.holder_worker_id = worker_id
    conversation.epoch += 1
    code = "person_changed" if from_colleague else "person_took"
    outbox.enqueue(session, thread.append_system(session, conversation, code, worker_id))
    return _holding(conversation)


def give_back(
    session: Session,
    conversation_id: str,
    worker_id: str | None = None,
    code: str = "person_left",
) -> Holding:
    """The bot answers again. `worker_id` is who decided so. Repeating it changes nothing.

    `code` is what the resident reads about it (`thread.SYSTEM_WORDS`).
    """
    conversation = identity.lock(session, conversation_id)
    if conversation.holder == Holder.BOT:
        return _holding(conversation)
    conversation.holder = Holder.BOT
    conversation.holder_worker_id = None
    conversation.epoch += 1
    outbox.enqueue(session, thread.append_system(session, conversation, code, worker_id))
    return _holding(conversation)


def _holding(conversation: Conversation) -> Holding:
    return Holding(Holder(conversation.holder), conversation.holder_worker_id, conversation.epoch)

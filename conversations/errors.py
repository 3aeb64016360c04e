"""What this package refuses.

ConversationError
├── UnknownConversation    no such conversation, or its token is wrong
├── ReusedMessageId        the channel sent another message under a known id (HTTP 422)
└── BotSilenced            the bot may not speak: a person has the chat, or had it in between
"""


class ConversationError(Exception):
    """Base of the refusals below."""


class UnknownConversation(ConversationError):
    """There is no conversation with this id."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"no conversation {conversation_id}")
        self.conversation_id = conversation_id


class ReusedMessageId(ConversationError):
    """The id is known with another body; nothing was stored. Send the message under a new id."""

    def __init__(self, channel: str, update_id: str) -> None:
        super().__init__(f"{channel} message id {update_id} was used before with another body")
        self.channel = channel
        self.update_id = update_id


class BotSilenced(ConversationError):
    """A bot reply computed at `epoch` may not be stored or sent; drop it, a person answers."""

    def __init__(self, conversation_id: str, epoch: int, current: int, holder: str) -> None:
        super().__init__(
            f"bot reply of epoch {epoch} refused: conversation {conversation_id} is at epoch "
            f"{current}, held by {holder}"
        )
        self.conversation_id = conversation_id
        self.epoch = epoch
        self.current = current
        self.holder = holder

"""What a resident's message becomes before the dialogue engine is asked, and whether it is asked.

The message goes into the thread with tokens for personal numbers. A person who holds the chat
answers it, and may want the bot's words as a draft (`cases.drafting`); photos and edited messages
are answered here; everything else becomes a `Question`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cases import drafting
from cases import service as cases
from cases.drafting import Approval
from channels import words
from channels.messages import BotItem
from conversations import buttons, dialogue, identity, inbox, thread, vault
from conversations.buttons import Choice
from conversations.models import Author, Holder, InboxMessage
from foundation.runtime import Runtime

# While these are asked, "0" is an answer like any other.
NOT_UNKNOWN = {"receipt", "id_number", "case_no"}
PERSON = "/human_handoff"


@dataclass(frozen=True)
class Question:
    """What is to be asked of the engine for one inbox row.

    With `approval` the answer is a draft for staff; where the chat is TAKEN the row is done with.
    """

    sender: str
    message: str
    metadata: dict[str, Any]
    epoch: int
    approval: Approval | None = None

    @property
    def is_for_a_person(self) -> bool:
        """`00` or its button: the one wish that can be granted without the engine."""
        return self.message == PERSON


@dataclass(frozen=True)
class Prepared:
    """What becomes of a message: a `question`, or an `answer` of ours as of an epoch.

    Neither: a person holds the chat and wants no draft.
    """

    question: Question | None = None
    answer: tuple[list[BotItem], int] | None = None


def prepare(
    runtime: Runtime, session: Session, row: InboxMessage, *, is_new: bool = False
) -> Prepared:
    """Record what the resident said and see what becomes of it. Raises `LeaseLost`.

    May be repeated; `is_new`: this transaction has accepted the row, so nothing is recorded yet.
    """
    cipher = runtime.cipher
    content = inbox.body(cipher, row)
    conversation = identity.lock(session, row.conversation_id)
    spoken = _spoken(runtime, session, row.conversation_id, content)
    text = spoken.label if isinstance(spoken, Choice) else spoken
    thread.append(
        session,
        cipher,
        conversation_id=row.conversation_id,
        author=Author.RESIDENT,
        text=text,
        inbox_id=row.id,
        is_first=is_new,
    )
    approving = runtime.settings.approve_bot_in
    approval = drafting.asked_for(session, approving, conversation.id, conversation.holder)
    if conversation.holder == Holder.PERSON:
        inbox.held(session, row, row.lease_id)
        if approval is None or content.get("media") or content.get("edited"):
            return Prepared()
    if content.get("media"):
        return Prepared(answer=([BotItem(words.say("media"))], conversation.epoch))
    if content.get("edited"):
        return Prepared(answer=([BotItem(words.say("edited"))], conversation.epoch))
    asking = dialogue.load(session, cipher, row.conversation_id).data.get("asking")
    if not isinstance(spoken, Choice):
        spoken = _typed_choice(runtime, session, row.conversation_id, text, asking) or spoken
    score = cases.score_of(spoken.payload) if isinstance(spoken, Choice) else None
    if score is not None and approval == Approval.TAKEN:
        return Prepared()
    if score is not None:  # needs no engine either
        first = cases.rate(session, cipher, row.conversation_id, score)
        said = words.say("rated" if first else "rated_before")
        return Prepared(answer=([BotItem(said)], conversation.epoch))
    message = spoken.payload if isinstance(spoken, Choice) else neutralised(spoken)
    metadata = {
        "conversation_id": row.conversation_id,
        "message_id": row.id,
        "channel": conversation.channel,
        "asking": asking,
        "button": isinstance(spoken, Choice),
    }
    sender = conversation.sender_key
    if approval is not None:
        metadata["approval"] = approval
        sender = f"draft:{sender}"  # the resident's own tracker is left alone
    return Prepared(Question(sender, message, metadata, conversation.epoch, approval))


def _spoken(
    runtime: Runtime, session: Session, conversation_id: str, content: dict[str, Any]
) -> Choice | str:
    """A pressed button as the choice it stands for, anything else as tokenised text."""
    if content.get("button"):
        pressed = buttons.resolve(session, runtime.cipher, conversation_id, content["button"])
        return pressed or Choice("（失效的按钮）", "/nlu_fallback")
    if content.get("media"):
        return "（发来照片、语音或文件）"
    return vault.tokenise(session, runtime.cipher, conversation_id, content.get("text") or "")


def _typed_choice(
    runtime: Runtime, session: Session, conversation_id: str, text: str, asking: str | None
) -> Choice | None:
    """A typed option number as the choice it stands for."""
    typed = unicodedata.normalize("NFKC", text).strip().rstrip(".。、!")
    if typed in cases.RATING_WORDS:
        worded = buttons.by_words(session, runtime.cipher, conversation_id, typed)
        if worded is not None:
            return worded
    if not re.fullmatch(r"\d{1,2}", typed):
        return None
    picked = buttons.by_digit(session, runtime.cipher, conversation_id, typed)
    if picked is not None:
        return picked
    if typed == "00":
        return Choice("找工作人员", PERSON)
    if typed == "0" and asking and asking not in NOT_UNKNOWN:
        return Choice("不清楚", '/inform_facts{"unknown": true}')
    return None


def neutralised(text: str) -> str:
    """The text without leading slashes: what a resident types is never a command of the engine."""
    return re.sub(r"^[\s/／]+", "", text) or "？"

"""A turn from start to end: load the state, think, store state and replies, all in one transaction.

A repeated message (the gateway retries, a process was killed) finds its replies stored and gets the
same ones again; nothing is filed twice. Where a person reads the bot's words first, a turn that
only speaks is rolled back: its words are a draft, and the dialogue stands where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from actions import core, hearing, learning
from actions.state import State
from actions.turn import Turn, Understanding, Utterance
from actions.wording import Words, words
from cases import parameter_desk
from cases.drafting import Approval
from conversations import dialogue, identity, vault
from foundation import clock
from foundation.runtime import Runtime
from rules.parameters import using


@dataclass(frozen=True)
class Request:
    """What Rasa passed on. Without a conversation id (`rasa shell`) the sender stands for one.

    `approval` is why a person reads the words first, a value of `Approval`; "" when nobody does.
    """

    understanding: Understanding
    conversation_id: str | None
    message_id: str
    channel: str
    sender: str
    approval: str = ""


class _OnlyWords(Exception):
    """Rolls a turn back whose words are a draft."""

    def __init__(self, said: list[Utterance]) -> None:
        super().__init__("a draft")
        self.said = said


def take(runtime: Runtime, request: Request, wording: Words | None = None) -> list[Utterance]:
    """Answer one message, exactly once. Raises whatever the database or a rule raises."""
    try:
        return _take(runtime, request, wording)
    except _OnlyWords as draft:
        return draft.said


def _take(runtime: Runtime, request: Request, wording: Words | None) -> list[Utterance]:
    with runtime.database.write() as session, using(parameter_desk.store_in(session)):
        conversation_id = request.conversation_id or _shell(runtime, session, request)
        stored = dialogue.load(session, runtime.cipher, conversation_id)
        if stored.last_message_id == request.message_id:
            return [Utterance.from_json(reply) for reply in stored.last_replies]
        wording = wording or words()
        turn = Turn(
            heard=hearing.typed_button(request.understanding, stored.last_replies, wording),
            state=State.from_json(stored.data),
            session=session,
            cipher=runtime.cipher,
            settings=runtime.settings,
            words=wording,
            conversation_id=conversation_id,
            message_id=request.message_id,
            channel=request.channel,
            now=clock.now(),
            today=clock.today(),
        )
        if stored.last_message_id is None:
            _drop_foreign_numbers(turn)
        asked = turn.state.asking
        written = _writes(session) if request.approval else []
        core.converse(turn)
        if request.approval:
            _keep_as_draft(turn, written, Approval(request.approval))
        learning.note(turn, request.understanding, asked)
        if turn.said:  # whoever drives the chat (buttons, scripts) learns what is being waited for
            turn.said[-1].extra["asking"] = turn.state.asking
        dialogue.save(
            session,
            runtime.cipher,
            conversation_id,
            turn.state.to_json(),
            request.message_id,
            [utterance.to_json() for utterance in turn.said],
        )
        return turn.said


def _keep_as_draft(turn: Turn, written: list[str], approval: Approval) -> None:
    """Raises `_OnlyWords` unless the turn did something for who waits: that happens at once.

    Danger, a call for a person, a declaration handed in: their words say what has been done, and
    without the deed they would be a promise. With a person there, the person does it. A case of
    another conversation is for whoever proved it: the worker may have no right to read it.
    """
    turn.session.flush()
    if not written and not turn.proven:
        raise _OnlyWords([_drafted(one) for one in turn.said])
    if approval == Approval.TAKEN:
        raise _OnlyWords([_drafted(turn.said[0], withheld=True)])


def _drafted(utterance: Utterance, *, withheld: bool = False) -> Utterance:
    return replace(utterance, extra={**utterance.extra, "draft": True, "withheld": withheld})


def _writes(session: Session) -> list[str]:
    """A list that every statement of this session that may change a row is added to."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        verb = statement.lstrip()[:6].upper()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            found.append(verb)

    event.listen(session.connection(), "before_cursor_execute", note)
    return found


def _drop_foreign_numbers(turn: Turn) -> None:
    """A state brought along by a link carries tokens that only open where they were typed."""
    for key in ("phone", "id_number"):
        token = turn.state.value(key)
        if token and not vault.reveal(turn.session, turn.cipher, turn.conversation_id, token):
            del turn.state.facts[key]


def _shell(runtime: Runtime, session: Session, request: Request) -> str:
    if runtime.settings.is_production:
        raise PermissionError("a message without a conversation")
    return identity.open_for(
        session, runtime.cipher, channel="shell", user_id=request.sender, peer=request.sender
    ).id

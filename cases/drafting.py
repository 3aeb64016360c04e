"""What the bot would have said, as a draft a person sends, changes or leaves (机器人拟的回复).

Only in areas of `WENZHU_APPROVE_BOT_IN`, while a resident is with a person or waits for one. The
bot is asked without a trace: its dialogue stands still, and what it would have done is not done and
not promised. A draft is stale once staff have written to the resident, and when the contact is
over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conversations import identity, outbox, thread, vault
from conversations.models import Author, Holder, ThreadMessage
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, events, facts, staff, waiting
from .casework import actor, announce, conversation_of, tell, writable
from .draft_models import BotDraft
from .errors import Conflict, NotAllowed
from .events import EventKind
from .inputs import words
from .models import Case
from .repository import CaseRepository, Scope
from .rights import Right
from .sealing import seal, unseal
from .states import Worded
from .views import masked_values
from .wait_models import Wait

TEXT_PLACE = "bot_draft.text"
LONGEST = 2000
MOST = 3  # drafts shown at once, the newest


class Approval(StrEnum):
    """Why a person reads the bot's words before the resident does."""

    TAKEN = "taken"
    WAITING = "waiting"


class DraftState(Worded):
    """What became of a draft."""

    OPEN = "open", "没有处理"
    SENT = "sent", "原样发送"
    CHANGED = "changed", "改后发送"
    DROPPED = "dropped", "不用"


@dataclass(frozen=True)
class Draft:
    """A draft that may still be sent, masked. `text` is None where the bot would have acted."""

    id: str
    said: str
    text: str | None
    sources: tuple[Mapping[str, Any], ...]
    at: datetime


def asked_for(
    session: Session, approving: Sequence[str], conversation_id: str, holder: str
) -> Approval | None:
    """Whether staff read the bot's words to this resident first; `approving` are area codes."""
    wait = waiting.standing(session, conversation_id) if approving else None
    if wait is None or not any(areas.contains(area, wait.area_code) for area in approving):
        return None
    return Approval.TAKEN if holder == Holder.PERSON else Approval.WAITING


def keep(
    session: Session,
    cipher: Cipher,
    *,
    conversation_id: str,
    inbox_id: str,
    text: str | None,
    sources: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Store what the bot would have answered to a message; repeating it changes nothing.

    Who still waits is told, once a contact, that staff read the answers first. Nothing is kept when
    the contact has ended meanwhile.
    """
    conversation = identity.lock(session, conversation_id)
    wait = waiting.standing(session, conversation_id)
    seq = session.scalar(
        select(ThreadMessage.seq).where(
            ThreadMessage.inbox_id == inbox_id, ThreadMessage.author == Author.RESIDENT
        )
    )
    known = session.scalar(select(BotDraft.id).where(BotDraft.inbox_id == inbox_id))
    if wait is None or seq is None or known is not None:
        return
    if conversation.holder == Holder.BOT and not _told(session, wait):
        outbox.enqueue(session, thread.append_system(session, conversation, "answers_read"))
    row_id = new_id()
    session.add(
        BotDraft(
            id=row_id, wait_id=wait.id, conversation_id=conversation_id, inbox_id=inbox_id,
            seq=seq, text_encrypted=seal(cipher, TEXT_PLACE, row_id, text),
            sources=[dict(source) for source in sources], created_at=clock.now(),
        )
    )  # fmt: skip


def of_case(repository: CaseRepository, cipher: Cipher, case: Case) -> tuple[Draft, ...]:
    """The drafts of the case's conversation that may still be sent, oldest first."""
    session = repository.session
    wait = waiting.standing(session, case.conversation_id)
    if wait is None or case.conversation_id is None:
        return ()
    rows = session.scalars(
        select(BotDraft)
        .where(
            BotDraft.wait_id == wait.id,
            BotDraft.state == DraftState.OPEN,
            BotDraft.seq > _last_written(session, case.conversation_id),
        )
        .order_by(BotDraft.seq.desc())
        .limit(MOST)
    )
    hidden = masked_values(session, cipher, case)
    found = list(rows)
    said = {
        row.seq: thread.read(cipher, row).text
        for row in session.scalars(
            select(ThreadMessage).where(
                ThreadMessage.conversation_id == case.conversation_id,
                ThreadMessage.seq.in_([row.seq for row in found]),
            )
        )
    }
    return tuple(
        Draft(
            id=row.id,
            said=_shown(session, cipher, row, hidden, said.get(row.seq, "")) or "",
            text=_shown(session, cipher, row, hidden, _text(cipher, row)),
            sources=tuple(row.sources),
            at=row.created_at,
        )
        for row in reversed(found)
    )


def send(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    draft_id: str,
    changed: str | None = None,
) -> Case:
    """Send a draft as it is, or as `changed`; the resident reads that a person wrote.

    Who waits and was not taken keeps the place in the line: they asked for a person's own words.
    Raises Conflict (decided already, stale, nothing to send), NotAllowed (a service).
    """
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    draft, wait = _decidable(session, worker, case, draft_id)
    if worker.is_service:
        raise NotAllowed("机器人拟的回复只能由工作人员看过再发，系统账号不能发送")
    proposed = _text(cipher, draft)
    if proposed is None:
        raise Conflict("这一句机器人没有拟话，请直接写答复")
    final = proposed
    if changed is not None:
        typed = words("text", changed, most=LONGEST)
        hidden = masked_values(session, cipher, case)
        if typed != _shown(session, cipher, draft, hidden, proposed):
            final = typed
    same = final == proposed
    # figures keep their sources; words of a person's own have none of the bot's
    sources = draft.sources if same else ()
    say = announce if wait.taken_at is None else tell
    say(session, cipher, worker, case, final, sources)
    _decide(worker, draft, DraftState.SENT if same else DraftState.CHANGED)
    told = proposed if same else f"机器人原拟：{proposed}\n发出的是：{final}"
    events.append(
        session, cipher, case, EventKind.DRAFT_SENT, actor(worker),
        data={"draft": draft.id, "state": draft.state}, text=told,
    )  # fmt: skip
    return case


def drop(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, draft_id: str) -> Case:
    """Leave a draft unused. Raises Conflict when it is decided or stale."""
    case = writable(session, worker, receipt_no, Right.CASE_REPLY)
    draft, _ = _decidable(session, worker, case, draft_id)
    _decide(worker, draft, DraftState.DROPPED)
    events.append(
        session, cipher, case, EventKind.DRAFT_DROPPED, actor(worker),
        data={"draft": draft.id, "state": draft.state}, text=_text(cipher, draft),
    )  # fmt: skip
    return case


def _decidable(session: Session, worker: Scope, case: Case, draft_id: str) -> tuple[BotDraft, Wait]:
    """The draft, and the contact it belongs to, locked. Raises Conflict with the reason why not."""
    conversation_id = conversation_of(session, case)
    identity.lock(session, conversation_id)  # no reply comes in between
    draft = session.scalar(
        select(BotDraft)
        .where(BotDraft.id == draft_id, BotDraft.conversation_id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise Conflict("没有这条拟稿，请刷新页面再看")
    if draft.state != DraftState.OPEN:
        by = draft.decided_by or ""
        name = "您" if by == worker.worker_id else staff.names_of(session, {by}).get(by, "同事")
        done = DraftState(draft.state).word
        raise Conflict(f"{name}已经处理过这条拟稿（{done}），这次没有再发")
    wait = waiting.standing(session, conversation_id, lock=True)
    if wait is None or wait.id != draft.wait_id:
        raise Conflict("这条拟稿过时了：这次人工接待已经结束。没有发出，要答复请直接写")
    if _last_written(session, conversation_id) > draft.seq:
        raise Conflict("这条拟稿过时了：这句话以后工作人员已经答复过居民。没有发出，请看过对话再写")
    return draft, wait


def _decide(worker: Scope, draft: BotDraft, state: DraftState) -> None:
    draft.state, draft.decided_by, draft.decided_at = state, worker.worker_id, clock.now()


def _last_written(session: Session, conversation_id: str) -> int:
    """Number of the last message of staff in the thread, 0 for none."""
    last = select(func.max(ThreadMessage.seq)).where(
        ThreadMessage.conversation_id == conversation_id, ThreadMessage.author == Author.PERSON
    )
    return session.scalar(last) or 0


def _told(session: Session, wait: Wait) -> bool:
    """Whether the resident knows, in this contact, that the bot's answers are read first."""
    notice = select(ThreadMessage.id).where(
        ThreadMessage.conversation_id == wait.conversation_id,
        ThreadMessage.code == "answers_read",
        ThreadMessage.created_at >= wait.since,
    )
    return session.scalar(notice.limit(1)) is not None


def _text(cipher: Cipher, draft: BotDraft) -> str | None:
    return unseal(cipher, TEXT_PLACE, draft.id, draft.text_encrypted)


def _shown(
    session: Session,
    cipher: Cipher,
    draft: BotDraft,
    hidden: Mapping[str, Any],
    text: str | None,
) -> str | None:
    """As it may be shown: vault tokens and typed-out values become masks."""
    if text is None:
        return None
    rendered = vault.render(session, cipher, draft.conversation_id, text)
    return facts.masked_sentence(rendered, hidden)

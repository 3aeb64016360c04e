"""The line as staff see it: who waits, how long, the last sentence; and who is with whom.

Only what the reader's scope holds, numbers and names masked. Without a scope it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from conversations import thread, vault
from conversations.models import Author, ThreadMessage
from foundation import clock
from foundation.crypto import Cipher

from . import areas, facts, hours, staff, waiting
from .models import Case, CaseFact
from .repository import CaseRepository
from .states import Department, Urgency
from .views import masked_values
from .wait_models import Wait
from .waiting import Origin

MOST = 100
LONGEST = 120  # characters of the last sentence
RANKED = {rank: urgency for urgency, rank in waiting.RANKS.items()}


@dataclass(frozen=True)
class Waiting:
    """One resident in the line, or with a colleague (`taken_by_name`)."""

    receipt_no: str
    name: str
    urgency: Urgency
    origin: Origin
    area_name: str
    area_pending: bool
    department: Department
    since: datetime
    waited: str
    sentence: str
    due_at: datetime
    due_words: str
    overdue: bool
    passed_to: str
    returns: int
    taken_by: str | None
    taken_by_name: str
    taken_at: datetime | None


@dataclass(frozen=True)
class Line:
    """Who waits and who is being attended to; `total` counts the waiting beyond the list."""

    waiting: tuple[Waiting, ...]
    attended: tuple[Waiting, ...]
    total: int


def line(repository: CaseRepository, cipher: Cipher) -> Line:
    """Most urgent first, then the longest wait; at most `MOST` of each."""
    session = repository.session
    base = repository.waits().order_by(*waiting.order()).limit(MOST)
    rows = session.execute(base.where(Wait.taken_at.is_(None))).all()
    taken = session.execute(base.where(Wait.taken_at.is_not(None))).all()
    seen = _shown(session, cipher, [*rows, *taken])
    return Line(tuple(seen[: len(rows)]), tuple(seen[len(rows) :]), count(repository))


def count(repository: CaseRepository) -> int:
    """How many residents wait and are not taken."""
    query = repository.waits().where(Wait.taken_at.is_(None)).with_only_columns(Wait.id)
    return repository.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def of_case(repository: CaseRepository, cipher: Cipher, case: Case) -> Waiting | None:
    """The standing contact of a case, for its page."""
    found = repository.session.execute(repository.waits().where(Wait.case_id == case.id)).first()
    if found is None:
        return None
    return _shown(repository.session, cipher, [found])[0]


def waited_words(minutes: float) -> str:
    """12 分钟, 2 小时 5 分钟, 1 天 3 小时."""
    whole = int(minutes)
    if whole < 1:
        return "不到 1 分钟"
    if whole < 60:
        return f"{whole} 分钟"
    if whole < 24 * 60:
        return f"{whole // 60} 小时 {whole % 60} 分钟"
    return f"{whole // 1440} 天 {whole % 1440 // 60} 小时"


def _shown(session: Session, cipher: Cipher, rows: Sequence[tuple[Wait, Case]]) -> list[Waiting]:
    now = clock.now()
    sentences = _sentences(session, cipher, [case for _, case in rows])
    names = _names(session, cipher, [case.id for _, case in rows])
    workers = {one for wait, _ in rows for one in (wait.taken_by, wait.passed_to) if one}
    known = staff.names_of(session, workers)
    return [
        Waiting(
            receipt_no=case.receipt_no,
            name=names.get(case.id, ""),
            urgency=Urgency(RANKED[wait.rank]),
            origin=Origin(wait.origin),
            area_name=areas.name(wait.area_code),
            area_pending=wait.area_pending,
            department=Department(wait.department),
            since=wait.since,
            waited=waited_words((now - wait.since).total_seconds() / 60),
            sentence=sentences.get(case.id, ""),
            due_at=wait.due_at,
            due_words=hours.moment(wait.due_at, now),
            overdue=wait.answered_at is None and wait.due_at <= now,
            passed_to=known.get(wait.passed_to or "", ""),
            returns=wait.returns,
            taken_by=wait.taken_by,
            taken_by_name=known.get(wait.taken_by or "", "工作人员"),
            taken_at=wait.taken_at,
        )
        for wait, case in rows
    ]


def _sentences(session: Session, cipher: Cipher, cases: Sequence[Case]) -> dict[str, str]:
    """What each resident said last, as it may be shown."""
    of = {case.conversation_id: case for case in cases if case.conversation_id}
    last = (
        select(ThreadMessage.conversation_id, func.max(ThreadMessage.seq).label("seq"))
        .where(ThreadMessage.conversation_id.in_(list(of)), ThreadMessage.author == Author.RESIDENT)
        .group_by(ThreadMessage.conversation_id)
        .subquery()
    )
    rows = session.scalars(
        select(ThreadMessage).join(
            last,
            (ThreadMessage.conversation_id == last.c.conversation_id)
            & (ThreadMessage.seq == last.c.seq),
        )
    )
    found = {}
    for row in rows:
        case = of[row.conversation_id]
        text = vault.render(session, cipher, row.conversation_id, thread.read(cipher, row).text)
        shown = facts.masked_sentence(text, masked_values(session, cipher, case)) or ""
        found[case.id] = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
    return found


def _names(session: Session, cipher: Cipher, case_ids: Sequence[str]) -> Mapping[str, str]:
    rows = session.scalars(
        select(CaseFact).where(
            CaseFact.case_id.in_(list(case_ids)),
            CaseFact.key == "name",
            CaseFact.superseded_at.is_(None),
        )
    )
    return {row.case_id: str(facts.masked("name", facts.value_of(cipher, row))) for row in rows}

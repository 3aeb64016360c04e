"""Who opened which case: one audit event per person and quarter of an hour, and notices seen."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import events
from .casework import actor
from .events import EventKind
from .models import Case, CaseEvent
from .repository import CaseRepository, Scope
from .states import Audience

SAME_VISIT = timedelta(minutes=15)


def is_news(repository: CaseRepository, case: Case) -> bool:
    """Whether this opening must be recorded or has notices to mark; a cheap read."""
    return not _visited(repository, case) or bool(repository.notices_of(case))


def record_opening(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> None:
    """Note that the worker opened the case and has seen the notices addressed to them."""
    repository = CaseRepository(session, worker)
    case = repository.get(receipt_no)
    now = clock.now()
    for notice in repository.notices_of(case):
        notice.seen_by, notice.seen_at = actor(worker).id, now
    if not _visited(repository, case):
        events.append(
            session, cipher, case, EventKind.VIEWED, actor(worker), audience=Audience.AUDIT
        )


def _visited(repository: CaseRepository, case: Case) -> bool:
    scope = repository.scope
    query = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id,
        CaseEvent.kind == EventKind.VIEWED,
        CaseEvent.actor_id == (actor(scope).id if scope is not None else ""),
        CaseEvent.created_at > clock.now() - SAME_VISIT,
    )
    return repository.session.scalar(query.limit(1)) is not None

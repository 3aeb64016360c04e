"""Who opened, looked for or was refused which case: audit events, and notices seen.

One event per person, thing and quarter of an hour, so that a page that refreshes itself or is read
again and again leaves one line.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database, DatabaseBusy
from foundation.logging import get_logger

from . import events, receipt
from .casework import actor
from .errors import OutOfReach
from .events import EventKind
from .models import Case, CaseEvent
from .repository import CaseRepository, Scope
from .states import Audience

log = get_logger(__name__)
SAME_VISIT = timedelta(minutes=15)
MOST_REFUSALS = 50  # per person and quarter of an hour: the alarm has gone off long before


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
        _view(session, cipher, worker, case)


def note_view(database: Database, cipher: Cipher, worker: Scope, *receipts: str) -> None:
    """Note that the worker saw the cases on another page than their own. Raises NotFound."""
    with database.read() as session:
        repository = CaseRepository(session, worker)
        fresh = [no for no in receipts if not _visited(repository, repository.get(no))]
    if not fresh:
        return
    with database.write() as session:
        for receipt_no in fresh:
            _view(session, cipher, worker, CaseRepository(session, worker).get(receipt_no))


def record_search(
    database: Database, cipher: Cipher, worker: Scope, wanted: str, found: int
) -> None:
    """Note a search by name or number; one by receipt is the opening that follows."""
    if receipt.normalise(wanted) is not None:
        return
    of = cipher.pseudonym("search", cipher.blind_index("search", wanted))[:32]
    number = any(letter.isdigit() for letter in wanted)
    same = CaseEvent.data["of"].as_string() == of
    with database.write() as session:
        if recent(session, worker, EventKind.SEARCHED, same) == 0:
            events.append_of_area(
                session, cipher, worker.area_code, EventKind.SEARCHED, actor(worker),
                data={"by": "number" if number else "name", "of": of, "found": found},
                text=wanted,
            )  # fmt: skip


def record_refusal(database: Database, cipher: Cipher, refused: OutOfReach) -> None:
    """Note who asked for a case outside their reach. Never raises: the answer is the same 404."""
    worker = refused.worker
    if not isinstance(worker, Scope) or not refused.receipt_no:
        return
    try:
        with database.write() as session:
            _refuse(session, cipher, worker, refused.receipt_no)
    except (SQLAlchemyError, DatabaseBusy) as error:
        log.error("a refusal was not recorded", error=type(error).__name__)


def _refuse(session: Session, cipher: Cipher, worker: Scope, receipt_no: str) -> None:
    case_id = session.scalar(select(Case.id).where(Case.receipt_no == receipt_no))
    of = cipher.pseudonym("receipt", receipt_no)[:32]
    same = CaseEvent.data["of"].as_string() == of
    if recent(session, worker, EventKind.REFUSED, same):
        return
    if recent(session, worker, EventKind.REFUSED) >= MOST_REFUSALS:
        return
    events.append_of_area(
        session, cipher, worker.area_code, EventKind.REFUSED, actor(worker),
        data={"known": case_id is not None, "of": of}, case_id=case_id,
    )  # fmt: skip


def _view(session: Session, cipher: Cipher, worker: Scope, case: Case) -> None:
    events.append(session, cipher, case, EventKind.VIEWED, actor(worker), audience=Audience.AUDIT)


def _visited(repository: CaseRepository, case: Case) -> bool:
    scope = repository.scope
    if scope is None:
        return False
    here = CaseEvent.case_id == case.id
    return recent(repository.session, scope, EventKind.VIEWED, here) > 0


def recent(
    session: Session, worker: Scope, kind: EventKind, *conditions: ColumnElement[bool]
) -> int:
    """How many such events of this person the last quarter of an hour has."""
    query = select(func.count()).where(
        CaseEvent.actor_id == actor(worker).id,
        CaseEvent.kind == kind,
        CaseEvent.created_at > clock.now() - SAME_VISIT,
        events.for_audit(),
        *conditions,
    )
    return session.scalar(query) or 0

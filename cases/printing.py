"""A case on paper: who printed what, with which values in full and why, is on the record.

Paper leaves the house, so printing names, phones and ID numbers in full is a right of its own
beside seeing them, needs a reason each time, and counts as a look at them as well (`REVEALED`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from foundation.crypto import Cipher
from foundation.database import Database

from . import access, casework, events
from .casework import actor
from .errors import BadInput
from .events import EventKind
from .models import CaseEvent
from .repository import CaseRepository, Scope
from .rights import Right
from .states import Audience

PAPERS = {"form": "申请表", "packet": "案卷", "coordination": "县级协调提请单"}


def note(database: Database, cipher: Cipher, worker: Scope, receipt_no: str, paper: str) -> None:
    """Note that the worker printed it masked; once a quarter of an hour. Raises NotFound."""
    with database.read() as session:
        case = CaseRepository(session, worker).get(receipt_no)
        same = CaseEvent.data["paper"].as_string() == _known(paper)
        here = CaseEvent.case_id == case.id
        if access.recent(session, worker, EventKind.PRINTED, here, same):
            return
    with database.write() as session:
        _record(session, cipher, worker, receipt_no, paper)


def in_full(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, paper: str, reason: str
) -> dict[str, Any]:
    """The masked values in full, for this one print. Raises NotFound, NotAllowed, BadInput."""
    CaseRepository(session, worker).get(receipt_no)
    worker.demand(Right.CASE_PRINT_FULL)
    _known(paper)
    shown = casework.reveal(session, cipher, worker, receipt_no, reason)
    _record(session, cipher, worker, receipt_no, paper, full=True, reason=reason.strip())
    return shown


def _record(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, paper: str, *,
    full: bool = False, reason: str | None = None,
) -> None:  # fmt: skip
    case = CaseRepository(session, worker).get(receipt_no)
    events.append(
        session, cipher, case, EventKind.PRINTED, actor(worker), audience=Audience.AUDIT,
        data={"paper": paper, "full": full}, text=reason,
    )  # fmt: skip


def _known(paper: str) -> str:
    if paper not in PAPERS:
        raise BadInput("paper", "请选择打印哪一种")
    return paper

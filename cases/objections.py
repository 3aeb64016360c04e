"""公示有异议: only an objection leads to a new investigation or a 民主评议, and then it must.

Without one there is none, and the end of the 公示 says so (最低生活保障审核确认办法第十九条).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from foundation.crypto import Cipher

from . import events
from .casework import actor, repeated, writable
from .errors import BadInput, Conflict
from .events import EventKind
from .inputs import words
from .models import Case
from .repository import Scope
from .rights import Right
from .states import FINAL_STATES

WAYS = {"investigated": "重新调查", "deliberated": "民主评议"}


def object_to(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, what: str) -> Case:
    """Somebody objects to what was made public. Raises Conflict where nothing ever was."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if events.last_seq(session, case, EventKind.PUBLICITY_STARTED) == 0:
        raise Conflict("这件事没有公示过，没有公示异议可以登记")
    said = words("text", what, 4)
    if not repeated(session, cipher, worker, case, EventKind.OBJECTED, said):
        events.append(session, cipher, case, EventKind.OBJECTED, actor(worker), text=said)
    return case


def review(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, way: str, found: str
) -> Case:
    """The objection is dealt with: investigated anew, or by a 民主评议; only where there is one."""
    case = writable(session, worker, receipt_no, Right.CASE_WORK)
    if not is_open(session, case):
        raise Conflict("没有待处理的公示异议；没有异议的，不组织民主评议")
    if way not in WAYS:
        raise BadInput("way", "请选重新调查或者民主评议")
    events.append(
        session, cipher, case, EventKind.REVIEWED, actor(worker),
        data={"way": way}, text=words("text", found, 4),
    )  # fmt: skip
    return case


def is_open(session: Session, case: Case) -> bool:
    """Whether an objection waits."""
    objected = events.last_seq(session, case, EventKind.OBJECTED)
    return objected > events.last_seq(session, case, EventKind.REVIEWED)


def refuse_open(session: Session, case: Case) -> None:
    """Raises Conflict while an objection waits."""
    if is_open(session, case):
        raise Conflict("公示有异议还没有处理，请先重新调查或者民主评议")

"""退出 without a disposition: the person has died, or the household has moved away.

The law lets aid go on until it is checked (within months after a death), so money that is still
paid must have its last day first. Nobody is written to about a death.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from . import attending, closing, events, pauses
from .casework import actor, close_assisting_leads, tell, writable
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .inputs import words
from .models import Case
from .repository import Scope
from .rights import Right
from .sealing import seal
from .states import FINAL_STATES, Audience, CaseState, Departure


def leave(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    why: str,
    happened: str,
    reason: str,
) -> Case:
    """End the case of who died or moved away. Raises Conflict (money still paid, a disposition)."""
    case = writable(session, worker, receipt_no, Right.CASE_CLOSE)
    if worker.is_service:
        raise NotAllowed("退出只能由工作人员办理")
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if closing.standing(session, case) is not None:
        raise Conflict("已经选定处置类别；要改先撤销")
    if why not in list(Departure):
        raise BadInput("why", "请选去世或者迁出")
    day, explained = _day(happened), words("reason", reason, 4)
    closing.refuse_still_paid(session, case)
    departure = Departure(why)
    case.state, case.closed_at = CaseState.ENDED, clock.now()
    pauses.clear(case)
    close_assisting_leads(session, case)
    result = f"因{departure.word}退出"
    case.result_encrypted = seal(cipher, "case_record.result", case.id, result)
    events.append(
        session, cipher, case, EventKind.LEFT, actor(worker), audience=Audience.STAFF,
        data={"why": departure, "on": day.isoformat()}, text=explained,
    )  # fmt: skip
    if departure == Departure.MOVED:
        tell(
            session, cipher, worker, case,
            f"您的回执号 {case.receipt_no}：您家已经迁出，这里的申报到此为止。"
            f"到了新地方，可以在那里重新申报。\n{closing.SOMEBODY_TO_TALK}",
        )  # fmt: skip
    attending.finished(session, cipher, worker, case)
    return case


def _day(given: str) -> date:
    try:
        day = date.fromisoformat(given.strip()[:10])
    except ValueError:
        raise BadInput("happened", "请填是哪一天") from None
    if not date(2000, 1, 1) <= day <= clock.today():
        raise BadInput("happened", "日子要在今天以前")
    return day

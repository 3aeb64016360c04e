"""渐退: aid that goes on for some months although the household no longer qualifies.

It is offered before D4: whoever proposes to end aid says why 渐退 does not fit. The months are at
most what the region's verified parameter allows; where none is verified, the national six.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from rules import parameters
from rules.errors import ParameterNotInForce, UnknownRegion

from . import areas, events, pauses
from . import clock as deadlines
from .casework import actor, tell, writable
from .closing import standing
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .inputs import words
from .models import Case
from .repository import Scope
from .rights import Right
from .states import FINAL_STATES, Audience, CaseState

NAMES = ("dibao_gradual_exit_months", "dibao_gradual_exit_months_max")
FALLBACK_MONTHS = 6


@dataclass(frozen=True)
class Limit:
    """The most months, and the document that says so ("" where only the fallback is known)."""

    months: int
    document: str


def limit(region_code: str | None, day: date) -> Limit:
    """What the region allows on that day."""
    for name in NAMES:
        try:
            found = parameters.in_force(name, region_code or areas.NATION, day)
        except (ParameterNotInForce, UnknownRegion):
            continue
        if found.verified and found.value is not None:
            return Limit(int(found.value), found.document or "")
    return Limit(FALLBACK_MONTHS, "")


def start(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, months: int, reason: str
) -> Case:
    """Grant 渐退 instead of ending aid; the case is watched and comes up again at its end."""
    case = writable(session, worker, receipt_no, Right.CASE_CLOSE)
    if worker.is_service:
        raise NotAllowed("渐退只能由工作人员办理")
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if standing(session, case) is not None:
        raise Conflict("已经选定处置类别；要改先撤销")
    allowed = limit(case.region_code, clock.today())
    if not 1 <= months <= allowed.months:
        raise BadInput("months", f"渐退期请填 1 到 {allowed.months} 个月")
    explained = words("reason", reason, 4)
    until = _months_later(clock.today(), months)
    pauses.clear(case)
    case.state = CaseState.MONITORING
    case.due_on, case.due_at, case.due_from = until, deadlines.end_of_day(until), clock.now()
    events.append(
        session, cipher, case, EventKind.GRADUAL_EXIT, actor(worker), audience=Audience.RESIDENT,
        data={"months": months, "until": until.isoformat()}, text=explained,
    )  # fmt: skip
    tell(
        session, cipher, worker, case,
        f"您的回执号 {case.receipt_no}：家里情况好转了，救助不会马上停，渐退期 {months} 个月，"
        f"到{until.year}年{until.month}月{until.day}日。到期前我们再看一次您家的情况；"
        "有不同意见可以申请复核、行政复议或者提起行政诉讼。",
    )  # fmt: skip
    return case


def _months_later(day: date, months: int) -> date:
    """The same day of the month, or its last: 31 August and six months → 28 February."""
    number = day.month - 1 + months
    year, month = day.year + number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

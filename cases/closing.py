"""Dispositions and the end of a case: exactly one of D1–D4, chosen by a person, D4 by two.

D1 and D3 are no end by themselves: `cases.terms` says what they wait for.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock, text
from foundation.crypto import Cipher
from foundation.database import new_id

from . import approver, attending, events, granted, objections, pauses, terms
from .casework import actor, close_assisting_leads, tell, writable
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .inputs import words
from .models import Case, Disposition, Lead
from .repository import CaseRepository, Scope
from .rights import Right
from .sealing import seal
from .states import (
    FINAL_STATES,
    OPEN_LEAD_STATES,
    PROGRAMMES,
    Audience,
    CaseKind,
    CaseState,
    Department,
    DispositionClass,
)
from .terms import NOTHING, Terms

D4_MIN_REASON = 10

STANDARD_MESSAGES = {
    DispositionClass.D1: "政策落实问题已查明并处理",
    DispositionClass.D2: "已转有关部门办理，结果见各部门答复",
    DispositionClass.D3: "已提交县级困难群众基本生活保障工作协调机制研究",
    DispositionClass.D4: "经核查，目前情况可能不再符合原来的救助条件；"
    "不服可以申请复核、行政复议或者提起行政诉讼",
}

#: Under every result, whatever it is.
SOMEBODY_TO_TALK = "心里有话想找人说说，可以打12356，也可以在这里说“找工作人员”。"


def dispose(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    disposition: str,
    reason: str,
    no_gradual_exit: str | None = None,
    given: Terms = NOTHING,
) -> Case:
    """Choose the disposition; the case is then being handled. D4 stands only when confirmed.

    Raises Conflict when one stands already, BadInput for an unknown class, a missing reason or
    missing terms.
    """
    case = writable(session, worker, receipt_no, Right.CASE_CLOSE)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    if standing(session, case) is not None:
        raise Conflict("已经选定处置类别；要改先撤销")
    _propose(session, cipher, worker, case, disposition, reason, no_gradual_exit, given)
    return case


def cancel_disposition(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, reason: str
) -> Case:
    """Take back a disposition before the case is closed; the row stays as history."""
    case = writable(session, worker, receipt_no, Right.CASE_CLOSE)
    chosen = standing(session, case)
    if chosen is None or case.state in FINAL_STATES:
        raise Conflict("没有可以撤销的处置意见")
    chosen.cancelled_at = clock.now()
    session.flush()
    case.state = CaseState.WARNED
    events.append(
        session, cipher, case, EventKind.DISPOSITION_CANCELLED, actor(worker),
        data={"disposition": chosen.disposition}, text=words("reason", reason),
    )  # fmt: skip
    return case


def close(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    reason: str,
    disposition: str | None = None,
    message: str | None = None,
    no_gradual_exit: str | None = None,
    given: Terms = NOTHING,
) -> Case:
    """Finish a case and tell the resident (`message`, or a standard sentence).

    A declaration needs exactly one disposition. D4 (不再符合) takes two calls by two people: the
    first proposes, says why 渐退 does not fit and leaves the case open, the second confirms. D1
    stays open until the unit it names has answered, D3 until the county's meeting is recorded. A
    leading department that has not answered blocks closing, and so do an objection to the 公示 that
    nobody has dealt with and money without a last day.
    Raises Conflict, NotAllowed (own proposal), BadInput.
    """
    case = CaseRepository(session, worker).get(receipt_no, lock=True)
    chosen = standing(session, case)
    proposed = chosen is not None and chosen.disposition == DispositionClass.D4
    confirming = approver.right_to(case, Right.CASE_CONFIRM)
    if proposed:
        approver.demand(worker, confirming, Right.CASE_CONFIRM)
    else:
        worker.demand(Right.CASE_CLOSE)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经办结")
    explained = words("reason", reason)
    _refuse_unanswered(session, case)
    objections.refuse_open(session, case)
    if chosen is None and disposition:
        chosen = _propose(
            session, cipher, worker, case, disposition, explained, no_gradual_exit, given
        )
        if terms.awaited(session, case, chosen):
            return case  # for the second person, the unit or the county
    elif chosen is not None and disposition and chosen.disposition != disposition:
        raise Conflict(f"已经选定 {chosen.disposition}；要改先撤销")
    elif chosen is not None and chosen.disposition == DispositionClass.D3:
        _meeting(session, cipher, worker, case, chosen, given)
    if chosen is None and case.kind == CaseKind.DECLARATION:
        raise BadInput("disposition", "办结前请选定一种处置类别（D1–D4）")
    ending = chosen is not None and chosen.disposition == DispositionClass.D4
    if chosen is not None and ending:
        _confirm(worker, chosen)
        refuse_still_paid(session, case)
    now = clock.now()
    case.state = CaseState.ENDED if ending else CaseState.CLOSED
    case.closed_at = now
    pauses.clear(case)
    close_assisting_leads(session, case)
    result = _message(case, chosen, message)
    case.result_encrypted = seal(cipher, "case_record.result", case.id, result)
    events.append(
        session, cipher, case, EventKind.CLOSED, actor(worker), audience=Audience.RESIDENT,
        data={
            "disposition": chosen.disposition if chosen else None, "state": case.state,
            **(approver.level(confirming) if ending else {}),
        },
        text=explained,
    )  # fmt: skip
    said = f"您的回执号 {case.receipt_no} 有结果了：{result}\n{SOMEBODY_TO_TALK}"
    tell(session, cipher, worker, case, said)
    attending.finished(session, cipher, worker, case)
    return case


def standing(session: Session, case: Case) -> Disposition | None:
    """The case's one disposition that has not been cancelled."""
    query = select(Disposition).where(
        Disposition.case_id == case.id, Disposition.cancelled_at.is_(None)
    )
    return session.scalar(query)


def _propose(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    case: Case,
    disposition: str,
    reason: str,
    no_gradual_exit: str | None,
    given: Terms,
) -> Disposition:
    if worker.is_service:
        raise NotAllowed("处置类别只能由工作人员选定")
    try:
        chosen = DispositionClass(disposition)
    except ValueError:
        raise BadInput("disposition", "处置类别只能是 D1、D2、D3、D4") from None
    least = D4_MIN_REASON if chosen == DispositionClass.D4 else 1
    explained = words("reason", reason, least)
    if chosen == DispositionClass.D4:
        if not (no_gradual_exit and no_gradual_exit.strip()):
            raise BadInput("no_gradual_exit", "终止前先考虑渐退；不适用渐退的，请写明理由")
        explained += f"\n不适用渐退：{words('no_gradual_exit', no_gradual_exit, 4, 500)}"
    agreed = terms.of_undelivered(given) if chosen == DispositionClass.D1 else None
    row_id = new_id()
    row = Disposition(
        id=row_id,
        case_id=case.id,
        disposition=chosen,
        reason_encrypted=seal(cipher, "disposition.reason", row_id, explained) or "",
        proposed_by=worker.worker_id,
        proposed_at=clock.now(),
        terms=agreed,
    )
    session.add(row)
    session.flush()
    case.state = CaseState.HANDLING
    events.append(
        session, cipher, case, EventKind.DISPOSITION, actor(worker),
        data={
            "disposition": chosen, "second_person": chosen == DispositionClass.D4, **(agreed or {})
        },
        text=explained,
    )  # fmt: skip
    if agreed is not None:
        terms.asked_to_deliver(session, cipher, case, agreed)
    if chosen == DispositionClass.D3:
        if given.met or given.decision:
            _meeting(session, cipher, worker, case, row, given)
        else:
            terms.put_before_county(case)
    return row


def _meeting(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    case: Case,
    chosen: Disposition,
    given: Terms,
) -> None:
    """What the county's meeting decided on the case; once."""
    if chosen.terms:
        return
    held = terms.of_meeting(case, given)
    decided = words("decision", given.decision, 4, 1000)
    chosen.terms = held
    events.append(
        session, cipher, case, EventKind.COORDINATED, actor(worker), data=dict(held), text=decided
    )


def _confirm(worker: Scope, chosen: Disposition) -> None:
    if worker.is_service:
        raise NotAllowed("复核只能由工作人员办理")
    if chosen.proposed_by == worker.worker_id:
        raise NotAllowed("“不再符合”需要另一位同事复核，不能由提出人自己确认")
    chosen.confirmed_by = worker.worker_id
    chosen.confirmed_at = clock.now()


def _refuse_unanswered(session: Session, case: Case) -> None:
    if case.kind != CaseKind.DECLARATION:
        return
    query = select(Lead.department).where(
        Lead.case_id == case.id, Lead.assisting.is_(False), Lead.state.in_(OPEN_LEAD_STATES)
    )
    waiting = [Department(department).word for department in session.scalars(query)]
    if waiting:
        raise Conflict(f"还有部门没有答复：{'、'.join(waiting)}")


def refuse_still_paid(session: Session, case: Case) -> None:
    """Raises Conflict while money of the case has no last day."""
    paid = [PROGRAMMES[one.programme] for one in granted.endless(session, case)]
    if paid:
        raise Conflict(f"还在发：{'、'.join(paid)}。请先登记停发的日子，复核以后再办结")


def _message(case: Case, chosen: Disposition | None, message: str | None) -> str:
    if message and message.strip():
        try:
            return text.clean(message, 1000)
        except text.BadText as bad:
            raise BadInput("message", bad.reason_zh) from None
    if chosen is not None:
        return STANDARD_MESSAGES[DispositionClass(chosen.disposition)]
    return "值班人员已处置" if case.kind == CaseKind.DUTY else "工作人员已处理"

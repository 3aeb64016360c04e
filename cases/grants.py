"""Recording what was granted: one person records or asks for the end, another confirms.

Only departments that lead a programme record its money, and only where an outcome is decided. Aid
paid by the month runs in whole months, so that reports can count them (`cases.aid_reports`). A new
amount of the same programme ends the one before it on the day before.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id
from rules.facts import MAX_HOUSEHOLD

from . import approver, closing, events, routing, routing_rows
from .casework import actor, tell, writable
from .errors import BadInput, Conflict, NotAllowed
from .events import EventKind
from .granted import AidGrant, as_data, day, of_case, sentence, standing
from .inputs import words
from .models import Case, Lead, Notice
from .repository import CaseRepository, Scope
from .rights import Right
from .states import (
    PROGRAMMES,
    Audience,
    CaseState,
    Department,
    DispositionClass,
    GrantUnit,
    LeadResult,
    NeedType,
)

#: Above this it is a slip of the hand (fen for yuan, a digit twice); no rule of any place.
MOST_YUAN = {GrantUnit.MONTH: 50_000, GrantUnit.ONCE: 1_000_000, GrantUnit.YEAR: 600_000}
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)
#: In these states an outcome is decided; elsewhere a department's "已救助" says so.
DECIDED = frozenset(
    (
        CaseState.HANDLING, CaseState.AWAITING_FEEDBACK, CaseState.MONITORING, CaseState.EMERGENCY,
        CaseState.CLOSED,
    )
)  # fmt: skip
APPEAL = "有不同意见可以申请复核、行政复议或者提起行政诉讼"


@dataclass(frozen=True)
class Award:
    """What a form says: yuan and ISO dates as typed; `until` may be empty."""

    programme: str
    amount: str
    unit: str
    starts: str
    persons: str
    until: str = ""


def record(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, award: Award) -> Case:
    """Write down what was decided; it counts when a colleague has confirmed it.

    The same decision sent twice is recorded once. Raises NotAllowed (another department's
    programme), Conflict (nothing decided yet, another amount still waits), BadInput.
    """
    case = writable(session, worker, receipt_no, Right.CASE_GRANT)
    row = _checked(award)
    _lead_on(session, worker, case, row.programme)
    before = of_case(session, case)
    if any(_same(row, one) for one in before):
        return case
    _refuse_undecided(session, case)
    waiting = [one for one in before if one.waits == "start" and one.programme == row.programme]
    if row.recurs and any(one.recurs for one in waiting):
        raise Conflict("这一项还有一笔等待复核，请先复核或者撤回")
    row.id, row.case_id = new_id(), case.id
    row.recorded_by, row.recorded_at = actor(worker).id or "", clock.now()
    session.add(row)
    _ask_for_confirmation(session, case, row.programme)
    events.append(session, cipher, case, EventKind.GRANT_RECORDED, actor(worker), data=as_data(row))
    return case


def confirm(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, grant_id: str
) -> Case:
    """The second person's yes to an amount or to its end; the resident is told.

    Raises NotAllowed (one's own, a service), Conflict (nothing waits), BadInput (no such amount).
    """
    case = CaseRepository(session, worker).get(receipt_no, lock=True)
    of_some = approver.right_to(case, Right.CASE_GRANT_CONFIRM, NeedType)
    if not worker.may(of_some):
        worker.demand(Right.CASE_GRANT_CONFIRM)
    row = _on_case(session, case, grant_id)
    approver.demand(worker, approver.right_to_grant(case, row.programme), Right.CASE_GRANT_CONFIRM)
    if worker.is_service:
        raise NotAllowed("复核只能由工作人员办理")
    if row.waits == "":
        if worker.worker_id in (row.confirmed_by, row.end_confirmed_by):
            return case  # sent twice
        raise Conflict("这一笔没有等待复核的内容，请刷新页面")
    asked_by = row.recorded_by if row.waits == "start" else row.end_asked_by
    if asked_by == worker.worker_id:
        raise NotAllowed("要由另一位同事复核，不能由登记人自己确认")
    if row.waits == "start":
        _begin(session, cipher, worker, case, row)
    else:
        _end(session, cipher, worker, case, row)
    return case


def take_back(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, grant_id: str, reason: str
) -> Case:
    """Withdraw what has not been confirmed yet: the amount, or the wish to end it."""
    case = writable(session, worker, receipt_no, Right.CASE_GRANT)
    row = _on_case(session, case, grant_id)
    if row.waits == "":
        raise Conflict("已经复核过了，不能撤回；登记有误的请提出作废")
    explained = words("reason", reason, 2, 200)
    _lead_on(session, worker, case, row.programme)
    if row.waits == "start":
        row.taken_back_by, row.taken_back_at = actor(worker).id, clock.now()
    else:
        row.end_asked_on = row.end_asked_by = None
    events.append(
        session, cipher, case, EventKind.GRANT_TAKEN_BACK, actor(worker),
        data=as_data(row), text=explained,
    )  # fmt: skip
    return case


def ask_end(
    session: Session,
    cipher: Cipher,
    worker: Scope,
    receipt_no: str,
    grant_id: str,
    last_day: str,
    reason: str,
) -> Case:
    """Ask a colleague to end an amount after `last_day`, or without one to void it as a mistake.

    Raises Conflict (not confirmed, ended, asked for already), BadInput (day, reason).
    """
    case = writable(session, worker, receipt_no, Right.CASE_GRANT)
    row = _on_case(session, case, grant_id)
    _lead_on(session, worker, case, row.programme)
    if row.waits == "start" or row.taken_back_at is not None or row.void:
        raise Conflict("这一笔还没有复核或者已经作废，不能停发")
    last = _last_day(row, last_day) if last_day.strip() else row.starts_on - timedelta(days=1)
    if row.waits == "end":
        if row.end_asked_on == last and row.end_asked_by == actor(worker).id:
            return case  # sent twice
        raise Conflict("已经有同事提出停发，请先复核或者撤回")
    explained = words("reason", reason, 4, 500)
    row.end_asked_on, row.end_asked_by, row.end_confirmed_by = last, actor(worker).id, None
    _ask_for_confirmation(session, case, row.programme)
    events.append(
        session, cipher, case, EventKind.GRANT_END_ASKED, actor(worker),
        data=as_data(row) | {"last": last.isoformat()}, text=explained,
    )  # fmt: skip
    return case


def _begin(session: Session, cipher: Cipher, worker: Scope, case: Case, row: AidGrant) -> None:
    """The amount stands; what it replaces ends on the day before."""
    _refuse_undecided(session, case)
    replaced = [
        one
        for one in standing(session, [case.id])
        if one.recurs
        and row.recurs
        and one.programme == row.programme
        and (one.ends_on is None or one.ends_on >= row.starts_on)
        and (row.ends_on is None or one.starts_on <= row.ends_on)
    ]
    for one in replaced:
        one.ends_on = row.starts_on - timedelta(days=1)
    row.confirmed_by, row.confirmed_at = worker.worker_id, clock.now()
    events.append(
        session, cipher, case, EventKind.GRANT_CONFIRMED, actor(worker),
        audience=Audience.RESIDENT,
        data=as_data(row)
        | {"replaces": [one.id for one in replaced]}
        | approver.level(approver.right_to_grant(case, row.programme)),
    )  # fmt: skip
    tell(
        session, cipher, worker, case, f"您的回执号 {case.receipt_no}：{sentence(row)}。{APPEAL}。"
    )


def _end(session: Session, cipher: Cipher, worker: Scope, case: Case, row: AidGrant) -> None:
    """The amount ends; one that was a mistake never was."""
    known = sentence(row)
    row.ends_on, row.end_confirmed_by = row.end_asked_on, worker.worker_id
    events.append(
        session, cipher, case, EventKind.GRANT_ENDED, actor(worker), audience=Audience.RESIDENT,
        data=as_data(row)
        | {"void": row.void}
        | approver.level(approver.right_to_grant(case, row.programme)),
    )  # fmt: skip
    assert row.ends_on is not None  # noqa: S101 - asked for with a day
    what = f"{PROGRAMMES[row.programme]}发到{day(row.ends_on)}为止"
    said = f"先前登记的“{known}”有误，已经作废" if row.void else what
    tell(session, cipher, worker, case, f"您的回执号 {case.receipt_no}：{said}。{APPEAL}。")


def _on_case(session: Session, case: Case, grant_id: str) -> AidGrant:
    row = session.scalar(
        select(AidGrant).where(AidGrant.id == grant_id[:32], AidGrant.case_id == case.id)
    )
    if row is None:
        raise BadInput("grant", "没有找到这笔金额，请刷新页面再看")
    return row


def _same(row: AidGrant, other: AidGrant) -> bool:
    """Whether it is the very decision that stands or waits already."""
    alike = ("programme", "amount_fen", "unit", "starts_on", "ends_on", "persons")
    stands = other.taken_back_at is None and not other.void
    return stands and all(getattr(row, name) == getattr(other, name) for name in alike)


def _lead_on(session: Session, worker: Scope, case: Case, programme: str) -> None:
    """Raises NotAllowed unless the worker's office leads the programme."""
    need = routing.needs_of([programme])[0]
    leading = {Department.MINZHENG, *routing_rows.leading(session, case, need)}
    if not worker.all_departments and worker.department not in leading:
        raise NotAllowed(f"{PROGRAMMES[programme]}的金额由主办部门登记，不归本部门")


def _refuse_undecided(session: Session, case: Case) -> None:
    if case.merged_into_id is not None:
        raise Conflict("这件事已经并入另一件，请在那一件里登记")
    if case.state == CaseState.ENDED:
        raise Conflict("这件事已经退出或者撤回，不能登记新的金额")
    proposed = closing.standing(session, case)
    if proposed is not None and proposed.disposition == DispositionClass.D4:
        raise Conflict("已经提出“不再符合”，不能登记新的金额")
    if case.state in DECIDED:
        return
    helped = select(Lead.id).where(Lead.case_id == case.id, Lead.result == LeadResult.HELPED)
    if session.scalar(helped.limit(1)) is None:
        raise Conflict("还没有办出结果：先选定处置类别，或者等部门答复“已救助”，再登记金额")


def _ask_for_confirmation(session: Session, case: Case, programme: str) -> None:
    """The office that approves learns that a second person is wanted."""
    right = approver.right_to_grant(case, programme)
    office = Department.MINZHENG if right == Right.CASE_GRANT_CONFIRM else Department.XIANGZHEN
    session.add(
        Notice(
            case_id=case.id, kind="grant", department=office, area_code=case.area_code,
            area_pending=case.area_pending, created_at=clock.now(),
        )
    )  # fmt: skip
    session.flush()


def _checked(award: Award) -> AidGrant:
    """The decision as a row without a case. Raises BadInput with a sentence for the person."""
    if award.programme not in PROGRAMMES:
        raise BadInput("programme", "请选择救助项目")
    try:
        unit = GrantUnit(award.unit)
    except ValueError:
        raise BadInput("unit", "请选择每月、一次性或者每年") from None
    starts = first_day("starts", award.starts)
    if unit == GrantUnit.MONTH and starts.day != 1:
        raise BadInput("starts", "按月发的从某个月的1日起算，请填那个月的1日")
    row = AidGrant(
        programme=award.programme, amount_fen=fen("amount", award.amount, MOST_YUAN[unit]),
        unit=unit, starts_on=starts, ends_on=None, persons=_persons(award.persons),
    )  # fmt: skip
    if award.until.strip():
        if unit == GrantUnit.ONCE:
            raise BadInput("until", "一次性的不用填停发的日子")
        row.ends_on = _last_day(row, award.until)
    return row


def first_day(field: str, given: str) -> date:
    """The day from which money is paid. Raises BadInput (no date, absurdly far away)."""
    found = _date(field, given)
    if not EARLIEST <= found <= clock.today() + AHEAD:
        raise BadInput(field, f"日期要在{EARLIEST.year}年以后，最晚到今后一年")
    return found


def fen(field: str, given: str, most_yuan: int) -> int:
    """Yuan as typed → fen. Raises BadInput: no number, zero, more than anybody is paid."""
    typed = unicodedata.normalize("NFKC", given).replace(",", "").strip()
    typed = typed.removesuffix("元").strip()
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", typed):
        raise BadInput(field, "金额请写数字，单位是元，最多两位小数，例如 650 或 650.50")
    found = int(Decimal(typed) * 100)
    if found == 0:
        raise BadInput(field, "金额要大于零；没有给钱的不用登记")
    if found > most_yuan * 100:
        raise BadInput(field, f"金额超过了{most_yuan}元，请看看是不是多打了数字")
    return found


def _persons(given: str) -> int:
    typed = unicodedata.normalize("NFKC", given).strip().removesuffix("人").strip()
    if re.fullmatch(r"[0-9]{1,3}", typed) and 1 <= int(typed) <= MAX_HOUSEHOLD:
        return int(typed)
    raise BadInput("persons", f"给几个人的，请填 1 到 {MAX_HOUSEHOLD}")


def _date(field: str, given: str) -> date:
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        raise BadInput(field, "日期要像 2026-11-01") from None


def _last_day(row: AidGrant, given: str) -> date:
    """The last day of an amount that is paid again and again."""
    last = _date("until", given)
    if not row.recurs:
        raise BadInput("until", "一次性的没有停发的日子；登记有误的请提出作废")
    if last < row.starts_on:
        raise BadInput("until", "停发的日子不能早于开始的日子")
    if row.ends_on is not None and last > row.ends_on:
        raise BadInput("until", f"这一笔原定发到{day(row.ends_on)}，要延长请另登记一笔")
    if row.unit == GrantUnit.MONTH and (last + timedelta(days=1)).day != 1:
        raise BadInput("until", "按月发的发到某个月的最后一天，请填那一天")
    if last > clock.today() + 10 * AHEAD:
        raise BadInput("until", "停发的日子最多填到今后十年")
    return last

"""The append-only thread of a case, hash-chained per county.

`hash` = SHA-256 over the previous hash and every column of the row, ciphertext included: the chain
verifies without keys and survives erasure of keys. The chain head row is the lock that orders
appends of one county; counties do not wait for each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, priority, webhook_outbox
from .models import Case, CaseEvent, EventChain
from .sealing import seal, unseal
from .states import Audience

TEXT_PLACE = "case_event.text"


class EventKind(StrEnum):
    """What can happen to a case; `EVENT_WORDS` says it in Chinese."""

    FILED = "filed"
    ALERT = "alert"
    ALERT_TAKEN = "alert_taken"
    ALERT_PASSED_ON = "alert_passed_on"
    PERSON_REQUESTED = "person_requested"
    DUPLICATE = "duplicate"
    ROUTED = "routed"
    SUPPLEMENT = "supplement"
    WITHDRAWN = "withdrawn"
    CLAIMED = "claimed"
    NOTE = "note"
    REPLY = "reply"
    TAKEN_OVER = "taken_over"
    GIVEN_BACK = "given_back"
    HANDED_ON = "handed_on"
    LEFT_UNANSWERED = "left_unanswered"
    CALL_OVERDUE = "call_overdue"
    DRAFT_SENT = "draft_sent"
    DRAFT_DROPPED = "draft_dropped"
    RATED = "rated"
    STATE = "state"
    AREA = "area"
    PAPERS_REQUESTED = "papers_requested"
    PAPERS_RECEIVED = "papers_received"
    PUBLICITY_STARTED = "publicity_started"
    PUBLICITY_ENDED = "publicity_ended"
    DISPOSITION = "disposition"
    DISPOSITION_CANCELLED = "disposition_cancelled"
    COORDINATED = "coordinated"
    OBJECTED = "objected"
    REVIEWED = "reviewed"
    AID_PAPERS_DUE = "aid_papers_due"
    AID_PAPERS_LATE = "aid_papers_late"
    AID_PAPERS_IN = "aid_papers_in"
    LEFT = "left"
    CLOSED = "closed"
    LEAD_ACCEPTED = "lead_accepted"
    LEAD_RETURNED = "lead_returned"
    LEAD_ANSWERED = "lead_answered"
    POPULATION = "population"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    REPAIRED = "repaired"
    MERGED = "merged"
    UNMERGED = "unmerged"
    GRADUAL_EXIT = "gradual_exit"
    GRANT_RECORDED = "grant_recorded"
    GRANT_CONFIRMED = "grant_confirmed"
    GRANT_TAKEN_BACK = "grant_taken_back"
    GRANT_END_ASKED = "grant_end_asked"
    GRANT_ENDED = "grant_ended"
    BATCH_PROPOSED = "batch_proposed"
    BATCH_PAID = "batch_paid"
    BATCH_CANCELLED = "batch_cancelled"
    ASSIGNED = "assigned"
    LABELLED = "labelled"
    VISITED = "visited"
    VIEWED = "viewed"
    REVEALED = "revealed"
    PRINTED = "printed"
    SEARCHED = "searched"
    REFUSED = "refused"
    REPORT_TAKEN = "report_taken"
    BROWSING_ALARM = "browsing_alarm"
    BROWSING_CHECKED = "browsing_checked"
    SIGNED_IN = "signed_in"
    SHUT_OUT = "shut_out"
    RECOVERY_USED = "recovery_used"
    TOTP_SET = "totp_set"
    TOTP_REMOVED = "totp_removed"
    TOTP_RESET = "totp_reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of event
    PASSWORD_RESET = "password_reset"  # noqa: S105
    SESSIONS_ENDED = "sessions_ended"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    STAFF_STOPPED = "staff_stopped"
    STAFF_RESTORED = "staff_restored"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105
    WEBHOOK_STOPPED = "webhook_stopped"
    WEBHOOK_RESTORED = "webhook_restored"
    WEBHOOK_RESENT = "webhook_resent"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    ROUTING_CHANGED = "routing_changed"
    ROUTING_RESTORED = "routing_restored"


EVENT_WORDS = {
    EventKind.FILED: "登记申报",
    EventKind.ALERT: "紧急提醒",
    EventKind.ALERT_TAKEN: "值班已接手",
    EventKind.ALERT_PASSED_ON: "紧急提醒没人接，已上报",
    EventKind.PERSON_REQUESTED: "居民要求人工",
    EventKind.DUPLICATE: "疑似重复申报",
    EventKind.ROUTED: "推送部门",
    EventKind.SUPPLEMENT: "居民补充",
    EventKind.WITHDRAWN: "居民撤回",
    EventKind.CLAIMED: "认领",
    EventKind.NOTE: "内部备注",
    EventKind.REPLY: "答复居民",
    EventKind.TAKEN_OVER: "人工接管对话",
    EventKind.GIVEN_BACK: "交还智能助手",
    EventKind.HANDED_ON: "转交对话",
    EventKind.LEFT_UNANSWERED: "接待后没有及时答复，已放回等候",
    EventKind.CALL_OVERDUE: "过了答应的时间没有人答复，已上报",
    EventKind.DRAFT_SENT: "发送机器人拟的回复",
    EventKind.DRAFT_DROPPED: "不用机器人拟的回复",
    EventKind.RATED: "居民评价",
    EventKind.STATE: "状态变更",
    EventKind.AREA: "确定地区",
    EventKind.PAPERS_REQUESTED: "请居民补材料",
    EventKind.PAPERS_RECEIVED: "材料已补",
    EventKind.PUBLICITY_STARTED: "开始公示",
    EventKind.PUBLICITY_ENDED: "公示结束",
    EventKind.DISPOSITION: "选定处置类别",
    EventKind.DISPOSITION_CANCELLED: "撤销处置意见",
    EventKind.COORDINATED: "县级协调会意见",
    EventKind.OBJECTED: "公示有异议",
    EventKind.REVIEWED: "异议已处理",
    EventKind.AID_PAPERS_DUE: "先行救助，材料后补",
    EventKind.AID_PAPERS_LATE: "先行救助的材料过期没补",
    EventKind.AID_PAPERS_IN: "先行救助的材料已补",
    EventKind.LEFT: "退出",
    EventKind.CLOSED: "办结",
    EventKind.LEAD_ACCEPTED: "部门接收",
    EventKind.LEAD_RETURNED: "部门退回",
    EventKind.LEAD_ANSWERED: "部门答复",
    EventKind.POPULATION: "人群类别",
    EventKind.REMINDED: "催办",
    EventKind.ESCALATED: "超时上报",
    EventKind.REPAIRED: "系统补正",
    EventKind.MERGED: "合并同一户",
    EventKind.UNMERGED: "撤销合并",
    EventKind.GRADUAL_EXIT: "给予渐退期",
    EventKind.GRANT_RECORDED: "登记救助金额",
    EventKind.GRANT_CONFIRMED: "复核救助金额",
    EventKind.GRANT_TAKEN_BACK: "撤回没有复核的金额",
    EventKind.GRANT_END_ASKED: "提出停发",
    EventKind.GRANT_ENDED: "停发",
    EventKind.BATCH_PROPOSED: "提出批量发放",
    EventKind.BATCH_PAID: "批准批量发放",
    EventKind.BATCH_CANCELLED: "取消批量发放",
    EventKind.ASSIGNED: "指派",
    EventKind.LABELLED: "加标签",
    EventKind.VISITED: "入户走访",
    EventKind.VIEWED: "查看",
    EventKind.REVEALED: "查看完整信息",
    EventKind.PRINTED: "打印",
    EventKind.SEARCHED: "按姓名或号码查找",
    EventKind.REFUSED: "试着打开范围外的事项",
    EventKind.REPORT_TAKEN: "下载报表",
    EventKind.BROWSING_ALARM: "异常查阅提醒",
    EventKind.BROWSING_CHECKED: "异常查阅已核实",
    EventKind.SIGNED_IN: "登录",
    EventKind.SHUT_OUT: "连续填错，暂停登录",
    EventKind.RECOVERY_USED: "使用备用码",
    EventKind.TOTP_SET: "开启两步验证",
    EventKind.TOTP_REMOVED: "关闭两步验证",
    EventKind.TOTP_RESET: "重置两步验证",
    EventKind.PASSWORD_CHANGED: "修改密码",
    EventKind.PASSWORD_RESET: "重置密码",
    EventKind.SESSIONS_ENDED: "结束登录",
    EventKind.STAFF_ADDED: "新增账号",
    EventKind.STAFF_CHANGED: "变更账号",
    EventKind.STAFF_STOPPED: "停用账号",
    EventKind.STAFF_RESTORED: "恢复账号",
    EventKind.IDENTITY_LINKED: "关联统一登录",
    EventKind.IDENTITY_UNLINKED: "取消关联统一登录",
    EventKind.WEBHOOK_ADDED: "新增事件推送",
    EventKind.WEBHOOK_SECRET: "更换推送密钥",
    EventKind.WEBHOOK_STOPPED: "停用事件推送",
    EventKind.WEBHOOK_RESTORED: "恢复事件推送",
    EventKind.WEBHOOK_RESENT: "重新发送推送",
    EventKind.TOKEN_MADE: "发放令牌",
    EventKind.TOKEN_REVOKED: "作废令牌",
    EventKind.ROUTING_CHANGED: "修改分派表",
    EventKind.ROUTING_RESTORED: "恢复分派表",
}


@dataclass(frozen=True)
class Actor:
    """Who did it: resident, staff, service or system, with the id where there is one."""

    kind: str
    id: str | None = None


RESIDENT = Actor("resident")
SYSTEM = Actor("system")


@dataclass(frozen=True)
class Break:
    """The first row of a chain that does not fit: changed, missing, or cut off at the end."""

    area: str
    seq: int
    why: str


def append(
    session: Session,
    cipher: Cipher,
    case: Case,
    kind: EventKind,
    actor: Actor,
    *,
    audience: Audience = Audience.STAFF,
    data: dict[str, Any] | None = None,
    text: str | None = None,
    goes_on: bool = False,
) -> CaseEvent:
    """Add an event to the case's county chain. `data` holds enums, ids and counts, never words.

    With `goes_on` the caller's next event, or the caller, settles the case's place in the queue.
    """
    head = _locked_head(session, case.chain_area)
    event = _chained(session, cipher, head, case.id, kind, actor, audience, data, text)
    case.updated_at = event.created_at
    moved = kind not in (EventKind.VIEWED, EventKind.REVEALED, EventKind.PRINTED)
    if moved:
        head.moved_seq = event.seq
    session.flush()
    if moved and not goes_on:
        priority.refresh(session, cipher, case)
    if audience != Audience.AUDIT:
        webhook_outbox.enqueue(session, case, event)
    return event


def append_of_area(
    session: Session, cipher: Cipher, area: str, kind: EventKind, actor: Actor,
    *, data: dict[str, Any], text: str | None = None, case_id: str | None = None,
) -> CaseEvent:  # fmt: skip
    """An event for auditors in the chain of the area's county, mostly of no single case."""
    head = _locked_head(session, areas.county_of(area) or areas.whole(area))
    event = _chained(session, cipher, head, case_id, kind, actor, Audience.AUDIT, data, text)
    session.flush()
    return event


def _chained(
    session: Session,
    cipher: Cipher,
    head: EventChain,
    case_id: str | None,
    kind: EventKind,
    actor: Actor,
    audience: Audience,
    data: dict[str, Any] | None,
    text: str | None,
) -> CaseEvent:
    row_id = new_id()
    event = CaseEvent(
        id=row_id,
        chain_area=head.area,
        seq=head.seq + 1,
        case_id=case_id,
        kind=kind,
        audience=audience,
        actor_kind=actor.kind,
        actor_id=actor.id,
        data=data or {},
        text_encrypted=seal(cipher, TEXT_PLACE, row_id, text),
        created_at=clock.now(),
        prev_hash=head.head_hash,
        hash="",
    )
    event.hash = digest(event)
    session.add(event)
    head.seq = event.seq
    head.head_hash = event.hash
    return event


def digest(event: CaseEvent) -> str:
    """The hash an event must carry."""
    body = [
        event.prev_hash,
        event.id,
        event.chain_area,
        event.seq,
        event.case_id,
        event.kind,
        event.audience,
        event.actor_kind,
        event.actor_id,
        event.data,
        event.text_encrypted,
        event.created_at.isoformat(timespec="microseconds"),
    ]
    packed = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()


def verify(session: Session, area: str) -> Break | None:
    """Walk one county's chain; None when every row fits and the head is the last row."""
    previous, expected = "", 1
    rows = session.scalars(
        select(CaseEvent)
        .where(CaseEvent.chain_area == area)
        .order_by(CaseEvent.seq)
        .execution_options(yield_per=1000)
    )
    with contextlib.closing(rows):
        for event in rows:
            if event.seq != expected:
                return Break(area, expected, "missing")
            if event.prev_hash != previous or event.hash != digest(event):
                return Break(area, event.seq, "changed")
            previous, expected = event.hash, expected + 1
    head = session.get(EventChain, area)
    if head is None:
        return None if expected == 1 else Break(area, expected, "no head")
    if (head.seq, head.head_hash) != (expected - 1, previous):
        return Break(area, expected, "cut off")
    return None


def verify_all(session: Session) -> list[Break]:
    """The first fault of every county's chain."""
    heads = set(session.scalars(select(EventChain.area)))
    heads |= set(session.scalars(select(CaseEvent.chain_area).distinct()))
    return [found for area in sorted(heads) if (found := verify(session, area)) is not None]


def for_audit() -> ColumnElement[bool]:
    """Events of auditors alone; written out, so that their indexes serve the query."""
    return CaseEvent.audience == literal_column("'audit'")


def last_seq(session: Session, case: Case, kind: EventKind) -> int:
    """Where in its chain the case's last event of the kind stands; 0 for none."""
    query = select(CaseEvent.seq).where(CaseEvent.case_id == case.id, CaseEvent.kind == kind)
    return session.scalar(query.order_by(CaseEvent.seq.desc()).limit(1)) or 0


def text_of(cipher: Cipher, event: CaseEvent) -> str | None:
    """The event's words."""
    return unseal(cipher, TEXT_PLACE, event.id, event.text_encrypted)


def _locked_head(session: Session, area: str) -> EventChain:
    """The chain head, created if absent, locked until the transaction ends."""
    head = session.get(EventChain, area, with_for_update=True, populate_existing=True)
    if head is not None:
        return head
    values = {"area": area, "seq": 0, "head_hash": "", "moved_seq": 0}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(EventChain).values(**values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(EventChain).values(**values).on_conflict_do_nothing())
    return session.get_one(EventChain, area, with_for_update=True, populate_existing=True)

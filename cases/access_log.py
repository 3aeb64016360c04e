"""查阅记录: who opened which case, what was shown to whom and why, for those who watch over it.

A watcher reads what concerns the cases of the own scope, whoever the reader was, and what people of
the own area did beside cases (searches, refused receipts, reports, accounts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from foundation import clock, text
from foundation.crypto import Cipher

from . import areas, events, facts, receipt, routing_desk, tokens
from .errors import BadInput
from .events import EVENT_WORDS, EventKind
from .models import ApiToken, Case, CaseEvent, Staff
from .printing import PAPERS
from .repository import CaseRepository
from .rights import Right
from .routing import Row
from .states import Department, NeedType, Role

PAGE_SIZE = 50
GROUPS: dict[str, tuple[str, tuple[EventKind, ...]]] = {
    "viewed": ("打开事项", (EventKind.VIEWED,)),
    "revealed": ("查看完整信息", (EventKind.REVEALED,)),
    "printed": ("打印", (EventKind.PRINTED,)),
    "searched": ("按姓名或号码查找", (EventKind.SEARCHED,)),
    "refused": ("范围外的尝试", (EventKind.REFUSED,)),
    "report": ("下载报表", (EventKind.REPORT_TAKEN,)),
    "account": (
        "账号和登录",
        (
            EventKind.SIGNED_IN, EventKind.SHUT_OUT, EventKind.RECOVERY_USED, EventKind.TOTP_SET,
            EventKind.TOTP_REMOVED, EventKind.TOTP_RESET, EventKind.PASSWORD_CHANGED,
            EventKind.PASSWORD_RESET, EventKind.SESSIONS_ENDED, EventKind.STAFF_ADDED,
            EventKind.STAFF_CHANGED, EventKind.STAFF_STOPPED, EventKind.STAFF_RESTORED,
            EventKind.IDENTITY_LINKED, EventKind.IDENTITY_UNLINKED,
        ),
    ),
    "webhook": (
        "事件推送",
        (
            EventKind.WEBHOOK_ADDED, EventKind.WEBHOOK_SECRET, EventKind.WEBHOOK_STOPPED,
            EventKind.WEBHOOK_RESTORED, EventKind.WEBHOOK_RESENT,
        ),
    ),
    "token": ("接口令牌", (EventKind.TOKEN_MADE, EventKind.TOKEN_REVOKED)),
    "routing": ("分派表", (EventKind.ROUTING_CHANGED, EventKind.ROUTING_RESTORED)),
    "alarm": ("异常查阅", (EventKind.BROWSING_ALARM, EventKind.BROWSING_CHECKED)),
}  # fmt: skip
KINDS = tuple(kind for _, kinds in GROUPS.values() for kind in kinds)


@dataclass(frozen=True)
class Wanted:
    """The filters; empty ones do not narrow."""

    who: str = ""
    case: str = ""
    group: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1


@dataclass(frozen=True)
class Line:
    """One line of the log."""

    at: datetime
    word: str
    who: str
    login: str
    post: str
    receipt_no: str
    detail: str
    reason: str


@dataclass(frozen=True)
class Found:
    """A page; `more` says whether another follows."""

    lines: list[Line]
    page: int
    more: bool


NONE = Found([], 1, more=False)


def wanted(given: dict[str, str], page: int = 1) -> Wanted:
    """The filters from a query. Raises BadInput for a day or a receipt that is none."""
    number = given.get("case", "").strip()
    plain = receipt.normalise(number) if number else ""
    if plain is None:
        raise BadInput("case", "回执号不对，请核对")
    group = given.get("group", "")
    return Wanted(
        given.get("who", "").strip()[:60], plain, group if group in GROUPS else "",
        _day("first", given.get("first", "")), _day("last", given.get("last", "")), page,
    )  # fmt: skip


def read(repository: CaseRepository, cipher: Cipher, asked: Wanted) -> Found:
    """A page of the log, the newest first. Raises NotAllowed."""
    scope = repository.scope
    if scope is None:
        return NONE
    scope.demand(Right.ACCESS_READ)
    kinds = GROUPS[asked.group][1] if asked.group else KINDS
    query = (
        select(CaseEvent, Case.receipt_no, Staff, ApiToken.name)
        .outerjoin(Case, Case.id == CaseEvent.case_id)
        .outerjoin(Staff, and_(Staff.id == CaseEvent.actor_id, CaseEvent.actor_kind == "staff"))
        .outerjoin(
            ApiToken, and_(ApiToken.id == CaseEvent.actor_id, CaseEvent.actor_kind == "service")
        )
        .where(
            events.for_audit(), CaseEvent.kind.in_(kinds), _in_reach(repository),
            *_narrowed(asked),
        )
        .order_by(CaseEvent.created_at.desc(), CaseEvent.id)
        .limit(PAGE_SIZE + 1)
        .offset((asked.page - 1) * PAGE_SIZE)
    )  # fmt: skip
    rows = repository.session.execute(query).all()
    meant = {row[0].data.get("staff") for row in rows}
    names = {
        one.id: f"{one.name}（{one.login}）"
        for one in repository.session.scalars(
            select(Staff).where(Staff.id.in_([one for one in meant if one]))
        )
    }
    seen = set(
        repository.session.scalars(
            repository.cases()
            .where(Case.id.in_({row[0].case_id for row in rows if row[0].case_id}))
            .with_only_columns(Case.id)
        )
    )
    lines = [
        _line(cipher, event, number, person, service, names=names, seen=seen)
        for event, number, person, service in rows[:PAGE_SIZE]
    ]
    return Found(lines, asked.page, len(rows) > PAGE_SIZE)


def _in_reach(repository: CaseRepository) -> ColumnElement[bool]:
    scope = repository.scope
    low, high = areas.bounds(scope.area_code if scope is not None else areas.NATION)
    beside = or_(CaseEvent.case_id.is_(None), CaseEvent.kind == EventKind.REFUSED)
    mine = and_(beside, CaseEvent.chain_area >= low, CaseEvent.chain_area < high)
    return or_(and_(CaseEvent.case_id.is_not(None), repository.seen()), mine)


def _narrowed(asked: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.who:
        found.append(
            or_(
                Staff.login == asked.who.lower(),
                Staff.name.contains(asked.who, autoescape=True),
                ApiToken.name.contains(asked.who, autoescape=True),
            )
        )
    if asked.case:
        found.append(Case.receipt_no == asked.case)
    if asked.first:
        found.append(CaseEvent.created_at >= _midnight(asked.first))
    if asked.last:
        found.append(CaseEvent.created_at < _midnight(asked.last + timedelta(days=1)))
    return found


def _line(
    cipher: Cipher, event: CaseEvent, number: str | None, person: Staff | None,
    service: str | None, *, names: dict[str, str], seen: set[str],
) -> Line:  # fmt: skip
    post = ""
    if person is not None:
        place = f"{areas.name(person.area_code)} {Department(person.department).word}"
        post = f"{Role(person.role).word} · {place}"
    words = events.text_of(cipher, event) or ""
    searched = event.kind == EventKind.SEARCHED
    return Line(
        at=event.created_at,
        word=EVENT_WORDS[EventKind(event.kind)],
        who=person.name if person is not None else service or "系统",
        login=person.login if person is not None else "",
        post=post,
        # a foreign case stays unnamed also for who watches over the one that tried
        receipt_no=number or "" if event.case_id in seen else "",
        detail=_detail(event, names, _masked(words) if searched else ""),
        reason="" if searched else words,
    )


def _detail(event: CaseEvent, names: dict[str, str], searched: str) -> str:
    data: dict[str, Any] = event.data
    if event.kind == EventKind.REVEALED:
        return "、".join(facts.LABELS.get(key, key) for key in data.get("facts", []))
    if event.kind == EventKind.PRINTED:
        full = "，含完整个人信息" if data.get("full") else ""
        return f"{PAPERS.get(data.get('paper', ''), '')}{full}"
    if event.kind == EventKind.SEARCHED:
        return f"查“{searched}”，找到 {data.get('found', 0)} 件"
    if event.kind == EventKind.REFUSED:
        return "有这件事，不归此人" if data.get("known") else "没有这个回执号"
    if event.kind == EventKind.REPORT_TAKEN:
        return f"{areas.name(data['area'])}，{data['from']} 至 {data['to']}"
    if "webhook" in data:
        times = f"，{data['count']} 次" if "count" in data else ""
        return f"{data['name']}{times}"
    if "routing" in data:
        rows = [routing_desk.told(Row.of(data[name])) for name in ("before", "after")]
        return f"{areas.name(data['area'])}，{NeedType(data['routing']).word}：{' → '.join(rows)}"
    if "token" in data:
        allowed = "；".join(tokens.allowed(data["rights"]))
        return f"{data['name']}，{_rights(data)}：{allowed}"
    meant = data.get("staff", "")
    said = [names.get(meant, "") if meant != event.actor_id else ""]  # the line names the actor
    if event.kind == EventKind.SIGNED_IN and data.get("by") == "oidc":
        said.append("统一登录")
    if event.kind == EventKind.SESSIONS_ENDED and data.get("by") == "oidc":
        said.append("在统一登录退出")
    if event.kind == EventKind.SHUT_OUT:
        said.append({"password": "密码", "code": "验证码"}[data["by"]])
    if isinstance(data.get("from"), dict) and isinstance(data.get("to"), dict):
        said.append(f"{_rights(data['from'])} → {_rights(data['to'])}")
    elif isinstance(data.get("to"), dict):
        said.append(_rights(data["to"]))
    if data.get("ended"):
        said.append(f"结束 {data['ended']} 处登录")
    if "count" in data:
        said.append(f"{data['count']} 次")
    return "，".join(one for one in said if one)


def _rights(given: dict[str, Any]) -> str:
    place = f"{areas.name(given['area'])} {Department(given['department']).word}"
    return f"{Role(given['role']).word}（{place}）"


def _masked(wanted: str) -> str:
    """A searched name or number as it may be shown."""
    plain = "".join(wanted.split())
    if not any(letter.isdigit() for letter in plain):
        return text.mask_name(plain)
    return text.mask_id(plain) if len(plain) >= 15 else text.mask_phone(plain)


def _day(field: str, given: str) -> date | None:
    if not given.strip():
        return None
    try:
        return date.fromisoformat(given.strip()[:10])
    except ValueError:
        raise BadInput(field, "日期不对，请写成 2026-03-02 这样") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)

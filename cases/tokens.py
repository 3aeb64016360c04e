"""接口令牌: the tokens of services in an area, for administrators: seen, made, revoked.

Like an account, a token is given a role within the administrator's area, and narrowed to rights
that its role has and a service may use. It always ends. Every step wants a reason and is an event
for the auditors. Callers own the transaction; what a token may see is `staff.scope_of_service`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from foundation import clock
from foundation.clock import SHANGHAI
from foundation.crypto import Cipher
from foundation.database import Database, DatabaseBusy
from foundation.logging import get_logger

from . import areas, events, rights, staff
from .casework import actor
from .errors import BadInput, Conflict, NotAllowed, NotFound
from .events import SYSTEM, Actor, EventKind
from .inputs import MIN_REASON, place_named, words
from .models import ApiToken
from .repository import Scope
from .rights import Right
from .states import Department, Role

log = get_logger(__name__)
PAGE_SIZE = 50
MOST = 50  # tokens in use of one area
LONGEST_DAYS = 366
SOON = timedelta(days=14)
NOTE_EVERY = timedelta(minutes=5)  # how exactly the last use is known
#: Rights some call of the API asks for, in the order of the form. What only people may do is not
#: among them; neither is managing accounts: with it an administrator could change the own account.
FOR_SERVICES = (
    Right.CASE_READ, Right.CASE_REVEAL, Right.CASE_FILE, Right.CASE_NOTE, Right.CASE_REPLY,
    Right.CASE_WORK, Right.CASE_ASSIGN, Right.CASE_CLOSE, Right.CASE_GRANT, Right.LEAD_WORK,
    Right.ALERT_TAKE, Right.CASE_GRANT_CONFIRM, Right.REPORT_READ, Right.REPORT_TAKE,
    Right.ACCESS_READ, Right.WEBHOOK_MANAGE, Right.ROUTING_EDIT,
)  # fmt: skip
#: What a right is for a service, where people may do more with it.
WORDS = {
    Right.CASE_CLOSE: "办结（处置类别由人选定）",
    Right.CASE_GRANT_CONFIRM: "查看批量发放的名单",
}
#: These open nothing to a service that may not see the case.
_ON_A_CASE = frozenset(FOR_SERVICES) & (rights.CHANGES_CASES | {Right.CASE_REVEAL}) - {
    Right.CASE_FILE, Right.CASE_GRANT_CONFIRM,
}  # fmt: skip


class AlreadyMade(Conflict):
    """This very form has made a token before; `token_id` is that one."""

    def __init__(self, token: ApiToken) -> None:
        self.token_id = token.id
        super().__init__(
            f"这张表已经提交过，没有再发：令牌“{token.name}”上次已经发放，密钥只在那一次显示。"
            "没有记下来的，请作废它，再打开一张新表发放"
        )


@dataclass(frozen=True)
class Wish:
    """A token as typed."""

    name: str
    role: str
    area: str
    department: str
    rights: Sequence[str]
    until: str


@dataclass(frozen=True)
class Given:
    """A token as it is shown; `maker` and `ender` are names."""

    token: ApiToken
    maker: str
    ender: str

    @property
    def role(self) -> str:
        known = self.token.role in list(Role)
        return Role(self.token.role).word if known else self.token.role

    @property
    def place(self) -> str:
        return f"{areas.name(self.token.area_code)} · {Department(self.token.department).word}"

    @property
    def rights(self) -> list[str]:
        return allowed(self.token.rights)

    @property
    def state(self) -> str:
        """live, soon (ends within two weeks), ended or revoked."""
        token, now = self.token, clock.now()
        if token.revoked_at is not None:
            return "revoked"
        if token.expires_at is not None and token.expires_at <= now:
            return "ended"
        return "soon" if token.expires_at is not None and token.expires_at <= now + SOON else "live"

    @property
    def last_day(self) -> date | None:
        """The last day it works on, in Shanghai."""
        until = self.token.expires_at
        return None if until is None else clock.day_of(until - timedelta(seconds=1))


@dataclass(frozen=True)
class Listed:
    """A page of the list."""

    rows: list[Given]
    total: int
    page: int
    pages: int


def word_of(right: Right) -> str:
    """What the right is called where a service gets it."""
    return WORDS.get(right, right.word)


def allowed(given: Sequence[str] | None) -> list[str]:
    """The words of a token's rights, in the order of the form."""
    if given is None:
        return ["这个角色的全部权限"]
    known = [right for right in (*FOR_SERVICES, *Right) if right in given]
    return [word_of(right) for right in dict.fromkeys(known)]


def choices(role: str) -> list[Right]:
    """The rights of a role that a service may be given, in the order of the form."""
    return [right for right in FOR_SERVICES if rights.may(role, right)]


def roles() -> list[Role]:
    """The roles a token can have."""
    return [role for role in Role if choices(role)]


def latest() -> date:
    """The last day a token made today may work on."""
    return clock.today() + timedelta(days=LONGEST_DAYS)


def listed(session: Session, worker: Scope, page: int = 1) -> Listed:
    """The tokens of the administrator's area, those in use first. Raises NotAllowed."""
    _demand(worker)
    here = _of(worker)
    total = session.scalar(select(func.count()).select_from(ApiToken).where(*here)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    order = (_in_use().desc(), ApiToken.created_at.desc(), ApiToken.id)
    query = select(ApiToken).where(*here).order_by(*order)
    found = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return Listed(_named(session, found), total, page, pages)


def one(session: Session, worker: Scope, token_id: str) -> Given:
    """One of them. Raises NotFound, alike for absent and foreign."""
    return _named(session, [_mine(session, worker, token_id)])[0]


def make(
    session: Session, cipher: Cipher, worker: Scope, wish: Wish, reason: str, form: str
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown this once.

    `form` names the form that was filled in: one form makes one token, however often it is sent.
    Raises BadInput by field, Conflict, AlreadyMade.
    """
    _demand(worker)
    row_id = _id_of(cipher, worker, form)
    before = session.get(ApiToken, row_id)
    if before is not None:
        raise AlreadyMade(before)
    explained = words("reason", reason, MIN_REASON, 200)
    name = words("name", wish.name, 2, 60)
    area = place_named("area", wish.area.strip(), wide=True, near=worker.area_code)
    if not areas.contains(worker.area_code, area):
        raise BadInput("area", "这个地区不归您管")
    chosen = _chosen(wish.role, wish.rights)
    until = _until(wish.until)
    running = session.scalars(select(ApiToken.name).where(*_of(worker), _in_use())).all()
    if len(running) >= MOST:
        raise Conflict(f"本地区已有 {MOST} 个令牌在用，请先作废不再使用的")
    if name in running:
        raise BadInput("name", "已有一个在用的令牌叫这个名字，请换一个，记录里才分得清")
    try:
        token, secret = staff.new_token(
            session, cipher, name=name, role=wish.role, area_code=area,
            department=wish.department, until=until, only=chosen, made_by=actor(worker).id,
            row_id=row_id,
        )  # fmt: skip
    except IntegrityError:
        raise Conflict("这张表刚刚已经提交过，请到令牌列表里看") from None
    _record(session, cipher, token, EventKind.TOKEN_MADE, actor(worker), explained)
    return token, secret


def revoke(
    session: Session, cipher: Cipher, worker: Scope, token_id: str, reason: str, *, sure: bool
) -> ApiToken:
    """The token opens nothing any more, at once and for good.

    Raises Conflict, saying when and by whom, for one that opens nothing anyhow.
    """
    token = _mine(session, worker, token_id, lock=True)
    shown = _named(session, [token])[0]
    if token.revoked_at is not None:
        when = token.revoked_at.astimezone(SHANGHAI)
        who = shown.ender or "命令行"
        raise Conflict(f"这个令牌在 {when:%Y-%m-%d %H:%M} 已由{who}作废，不用再作废")
    if shown.state == "ended":
        raise Conflict(f"这个令牌在 {shown.last_day} 已经到期，打不开任何东西，不用作废")
    explained = words("reason", reason, MIN_REASON, 200)
    if not sure:
        raise BadInput("sure", "请勾选“我确认作废”，作废以后不能恢复")
    token.revoked_at, token.revoked_by = clock.now(), actor(worker).id
    _record(session, cipher, token, EventKind.TOKEN_REVOKED, actor(worker), explained)
    return token


def make_on_machine(
    session: Session, cipher: Cipher, *, name: str, role: str, area_code: str, department: str,
    days: int | None, only: Collection[str] | None = None,
) -> str:  # fmt: skip
    """A token made by who may run commands on the machine; any rights of the role, on record."""
    until = clock.now() + timedelta(days=days) if days is not None else None
    token, secret = staff.new_token(
        session, cipher, name=name, role=role, area_code=area_code, department=department,
        until=until, only=only,
    )  # fmt: skip
    _record(session, cipher, token, EventKind.TOKEN_MADE, SYSTEM, "命令行")
    return secret


def revoke_on_machine(session: Session, cipher: Cipher, name: str) -> int:
    """Tokens of this name open nothing any more; says how many there were."""
    rows = session.scalars(
        select(ApiToken).where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
    ).all()
    for row in rows:
        row.revoked_at = clock.now()
        _record(session, cipher, row, EventKind.TOKEN_REVOKED, SYSTEM, "命令行")
    return len(rows)


def used(database: Database, cipher: Cipher, value: str) -> Scope | None:
    """The scope of a token that comes with a request, and that it came; None opens nothing."""
    with database.read() as session:
        row = staff.live_token(session, cipher, value)
    if row is None:
        return None
    now = clock.now()
    if row.last_used_at is None or now - row.last_used_at > NOTE_EVERY:
        try:
            with database.write() as session:
                session.execute(
                    update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now)
                )
        except (SQLAlchemyError, DatabaseBusy) as error:
            # to read must stay possible where nothing can be written
            log.warning("the use of a token was not noted", error=type(error).__name__)
    return staff.scope_of_service(row)


def _demand(worker: Scope) -> None:
    worker.demand(Right.TOKEN_MANAGE)
    if worker.is_service:
        raise NotAllowed("令牌只能由人发放和作废")  # one could outlive its own end


def _of(worker: Scope) -> tuple[ColumnElement[bool], ...]:
    low, high = areas.bounds(worker.area_code)
    return ApiToken.area_code >= low, ApiToken.area_code < high


def _in_use() -> ColumnElement[bool]:
    return ApiToken.revoked_at.is_(None) & or_(
        ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now()
    )


def _mine(session: Session, worker: Scope, token_id: str, *, lock: bool = False) -> ApiToken:
    _demand(worker)
    found = (
        session.get(ApiToken, token_id, with_for_update=lock or None)
        if len(token_id) == 32
        else None
    )
    if found is None or not areas.contains(worker.area_code, found.area_code):
        raise NotFound("没有找到这个令牌，或者不在您管的地区")
    return found


def _id_of(cipher: Cipher, worker: Scope, form: str) -> str:
    """Nobody chooses an id: it follows from the form's name by our key."""
    if not 20 <= len(form) <= 60:
        raise BadInput("form", "这张表不完整，请重新打开再填")
    return cipher.pseudonym("api_token.form", f"{worker.worker_id}:{form}")[:32]


def _chosen(role: str, given: Sequence[str]) -> list[str]:
    if role not in list(Role):
        raise BadInput("role", "没有这个角色")
    may = choices(role)
    wanted = set(given)
    if not wanted:
        raise BadInput("rights", "请至少勾选一项权限")
    if not wanted <= set(may):
        raise BadInput("rights", f"“{Role(role).word}”的令牌没有这样的权限，请重新勾选")
    if wanted & _ON_A_CASE and Right.CASE_READ not in wanted:
        raise BadInput("rights", "要办事项，先要能看：请把“查看案件”也勾上")
    return [right for right in may if right in wanted]


def _until(given: str) -> datetime:
    """The end of the last day. Every token made by people has one."""
    try:
        day = date.fromisoformat(given.strip()[:10])
    except ValueError:
        raise BadInput("until", "请填用到哪一天，写成 2027-03-02 这样") from None
    if day < clock.today():
        raise BadInput("until", "这一天已经过去了")
    if day > latest():
        raise BadInput("until", f"最长用到 {latest()}，到时再发一个新的")
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _named(session: Session, tokens: Sequence[ApiToken]) -> list[Given]:
    ids = {who for token in tokens for who in (token.created_by, token.revoked_by) if who}
    names = staff.names_of(session, ids)
    return [
        Given(token, names.get(token.created_by or "", ""), names.get(token.revoked_by or "", ""))
        for token in tokens
    ]


def _record(
    session: Session, cipher: Cipher, token: ApiToken, kind: EventKind, by: Actor, reason: str
) -> None:
    session.flush()
    last = token.expires_at.astimezone(SHANGHAI) if token.expires_at is not None else None
    events.append_of_area(
        session, cipher, token.area_code, kind, by,
        data={
            "token": token.id, "name": token.name, "role": token.role, "area": token.area_code,
            "department": token.department, "rights": token.rights,
            "until": last.isoformat(timespec="minutes") if last is not None else None,
        },
        text=reason,
    )  # fmt: skip

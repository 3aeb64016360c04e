"""Published parameters: a draft, a second pair of eyes, publication, and the way back.

The files in `rules/parameters` are the ground; what is published here are dated rows on top. Rules
stay pure: a turn, a request or a command goes by the store that `store_of` or `store_in` makes
(`rules.parameters.using`). A row is never changed into another
value: taking one back ends its being published, and the history stays.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock
from foundation.database import Base, Database, UtcDateTime, is_writing, new_id
from rules import regions
from rules.errors import ParameterError, RulesError
from rules.impact import with_overrides
from rules.parameter_store import GRADES, POPULATIONS, Store, files_store
from rules.parameter_values import VERIFIED_GRADES, Parameter

from .errors import BadInput, Conflict, NotAllowed, NotFound

DRAFT, PUBLISHED, REJECTED, ROLLED_BACK = "draft", "published", "rejected", "rolled_back"
WORDS = {DRAFT: "等待复核", PUBLISHED: "已发布", REJECTED: "没有通过", ROLLED_BACK: "已撤回"}


class ParameterDraft(Base):
    """One proposed value, by whom, and what became of it."""

    __tablename__ = "parameter_draft"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(sa.String(80))
    region_code: Mapped[str] = mapped_column(sa.String(12), index=True)
    population: Mapped[str] = mapped_column(sa.String(10))
    value: Mapped[str] = mapped_column(sa.String(20))  # a decimal, exactly as typed
    unit: Mapped[str] = mapped_column(sa.String(40))
    effective_from: Mapped[date]
    document: Mapped[str] = mapped_column(sa.String(200))
    clause: Mapped[str] = mapped_column(sa.String(200), default="")
    grade: Mapped[str] = mapped_column(sa.String(1))
    checked_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(12), default=DRAFT, index=True)
    drafted_by: Mapped[str] = mapped_column(sa.String(32))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(sa.String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[str | None] = mapped_column(sa.String(32))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.String(400), default="")


def store_of(database: Database) -> Store:
    """The files with everything published on top, as it stands now."""
    with database.read() as session:
        return store_in(session)


def store_in(session: Session) -> Store:
    """The same within an open transaction."""
    return _with(_published(session))


def store_with(session: Session, draft: ParameterDraft) -> Store:
    """The store as it would be with the draft published too.

    Raises RulesError when it contradicts itself, or would set the value aside as a misprint.
    """
    new = parameter_of(draft)
    store = _with((*_published(session), new))
    for aside in store.quarantined:
        if aside.parameter == new:
            raise ParameterError(aside.reason_zh)
    return store


def _published(session: Session) -> tuple[Parameter, ...]:
    rows = session.scalars(
        sa.select(ParameterDraft)
        .where(ParameterDraft.state == PUBLISHED)
        .order_by(ParameterDraft.decided_at, ParameterDraft.id)
    )
    return tuple(parameter_of(row) for row in rows)


@lru_cache(maxsize=16)
def _with(overrides: tuple[Parameter, ...]) -> Store:
    return with_overrides(files_store(), overrides) if overrides else files_store()


def parameter_of(row: ParameterDraft) -> Parameter:
    """The proposed value as the parameter it would be."""
    known = known_parameter(row.name)
    value = float(row.value)
    exact: float | int = int(value) if value == int(value) else value
    return replace(
        known, value=exact, low=exact, high=exact, at_least=False, unit=row.unit,
        region_code=row.region_code, region_name=regions.region(row.region_code).name,
        population=row.population, document=row.document, clause=row.clause,
        evidence_grade=row.grade, effective_from=row.effective_from, effective_to=None,
        checked_until=row.checked_until, verified=row.grade in VERIFIED_GRADES, note="", url="",
        end_inferred=False, ratio_note="", stale=False, local_unverified=False,
    )  # fmt: skip


def known_parameter(name: str) -> Parameter:
    """Any row of the parameter: it carries label, programme and comparison."""
    for parameter in files_store().parameters:
        if parameter.name == name:
            return parameter
    raise BadInput("name", "没有这个参数")


def propose(session: Session, worker_id: str, given: dict[str, str]) -> ParameterDraft:
    """A draft that could be published as it stands; raises BadInput with the field."""
    row = ParameterDraft(
        name=given.get("name", ""), region_code=given.get("region_code", ""),
        population=given.get("population", "all"), value=_amount(given.get("value", "")),
        unit=given.get("unit", "").strip(), effective_from=_day(given, "effective_from"),
        document=given.get("document", "").strip()[:200],
        clause=given.get("clause", "").strip()[:200], grade=given.get("grade", ""),
        checked_until=_day(given, "checked_until") if given.get("checked_until") else None,
        state=DRAFT, drafted_by=worker_id, drafted_at=clock.now(), reason="",
    )  # fmt: skip
    known = known_parameter(row.name)
    if row.population not in POPULATIONS:
        raise BadInput("population", "城镇、农村还是不分，请选一个")
    if row.unit not in {p.unit for p in files_store().parameters if p.name == row.name}:
        raise BadInput("unit", f"单位和已有的不一样，例如 {known.unit}")
    if not row.document:
        raise BadInput("document", "要写明出处")
    if row.grade not in GRADES:
        raise BadInput("grade", "请选证据级别")
    _refuse_unchecked(row)
    try:
        regions.region(row.region_code)
        store_with(session, row)
    except (RulesError, KeyError, ValueError) as refused:
        raise BadInput("value", f"这个数不能用：{refused}") from None
    session.add(row)
    session.flush()
    return row


def decide(session: Session, worker_id: str, draft_id: str, *, publish: bool, reason: str) -> None:
    """The second person publishes or refuses; raises NotAllowed for one's own draft."""
    row = find(session, draft_id)
    if row.state != DRAFT:
        raise Conflict("这条已经处理过了")
    if row.drafted_by == worker_id:
        raise NotAllowed("自己提的要由另一个人复核")
    if publish:
        try:
            store_with(session, row)
        except (RulesError, ValueError) as refused:
            raise Conflict(f"现在不能发布：{refused}") from None
    row.state = PUBLISHED if publish else REJECTED
    row.decided_by, row.decided_at, row.reason = worker_id, clock.now(), reason.strip()[:400]


def take_back(session: Session, worker_id: str, draft_id: str, reason: str) -> None:
    """A published row counts no more; the figures are again what they were without it."""
    row = find(session, draft_id)
    if row.state != PUBLISHED:
        raise Conflict("没有发布，不用撤回")
    if len(reason.strip()) < 4:
        raise BadInput("reason", "请写明撤回的原因")
    row.state = ROLLED_BACK
    row.taken_back_by, row.taken_back_at = worker_id, clock.now()
    row.reason = reason.strip()[:400]


def drafts(session: Session) -> list[ParameterDraft]:
    """All of them, the open ones first, then the latest."""
    return list(
        session.scalars(
            sa.select(ParameterDraft)
            .order_by(ParameterDraft.state != DRAFT, ParameterDraft.drafted_at.desc())
            .limit(100)
        )
    )


def find(session: Session, draft_id: str) -> ParameterDraft:
    """The row, locked where the session writes; raises NotFound."""
    row = session.get(ParameterDraft, draft_id, with_for_update=is_writing(session))
    if row is None:
        raise NotFound
    return row


def _refuse_unchecked(row: ParameterDraft) -> None:
    """As in the files: the last day for which somebody looked the figure up, never one to come."""
    today, until = clock.today(), row.checked_until
    if until is None:
        if row.grade in VERIFIED_GRADES:
            raise BadInput("checked_until", "核实过的数要写核对到哪一天")
        return
    if until > today:
        raise BadInput("checked_until", "核对到的日子不能晚于今天")
    if until < min(row.effective_from, today) and row.grade in VERIFIED_GRADES:
        raise BadInput("checked_until", "核对到的日子早于生效的日子，请重新核对")


def _amount(text: str) -> str:
    cleaned = text.strip().replace(",", "")
    try:
        value = float(cleaned)
    except ValueError:
        raise BadInput("value", "数值要写成数字") from None
    if not 0 <= value < 10_000_000:
        raise BadInput("value", "数值不像真的")
    return cleaned[:20]


def _day(given: dict[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(given.get(field, ""))
    except ValueError:
        raise BadInput(field, "日期要写成2026-01-01这样") from None

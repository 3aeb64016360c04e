"""分派表 as it stands in a place: rows an area has changed, over the table that comes with us.

The row of the nearest area counts. A changed row holds for leads made from then on; who has a lead
keeps it. Rows are ended, never rewritten: they are the history. `cases.routing_desk` changes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, UtcDateTime, new_id

from . import areas, routing
from .models import Case, Lead
from .routing import Facts, Route, Row
from .states import Department, NeedType

_STANDS = text("ended_at IS NULL")


class RoutingRow(Base):
    """Who leads and who assists with a kind of difficulty in an area."""

    __tablename__ = "routing_row"
    __table_args__ = (
        Index(
            "ix_routing_row_stands", "area_code", "need", unique=True, sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    area_code: Mapped[str] = mapped_column(String(12))
    need: Mapped[str] = mapped_column(String(24))
    main: Mapped[list[str]] = mapped_column(JSON)
    assist: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def row(self) -> Row:
        """What it says."""
        return Row.of({"main": self.main, "assist": self.assist})


def route(
    session: Session,
    needs: Iterable[NeedType],
    facts: Facts,
    region_code: str | None,
    urgency: str,
) -> list[Route]:
    """Every department that must act, by the rows that stand for the place."""
    changed = {need: one.row for need, one in standing(session, region_code).items()}
    return routing.route(needs, facts, region_code, urgency, changed)


def standing(session: Session, region_code: str | None) -> dict[NeedType, RoutingRow]:
    """The changed rows for a place by difficulty, each of the nearest area that has one."""
    rows = session.scalars(
        select(RoutingRow).where(
            RoutingRow.area_code.in_(around(region_code)), RoutingRow.ended_at.is_(None)
        )
    )
    nearest_last = sorted(rows, key=lambda one: len(areas.prefix(one.area_code)))
    return {NeedType(one.need): one for one in nearest_last}


def leading(session: Session, case: Case, need: NeedType) -> frozenset[str]:
    """The departments that lead with this difficulty, and those that did when the case came."""
    changed = standing(session, case.region_code).get(need)
    now = set(changed.row.main if changed is not None else routing.row_of(need).main)
    earlier = set(routing.row_of(need).main)
    rows = select(RoutingRow.main).where(
        RoutingRow.area_code.in_(around(case.region_code)), RoutingRow.need == need
    )
    for main in session.scalars(rows):
        earlier.update(map(Department, main))
    leads = select(Lead.department).where(Lead.case_id == case.id, Lead.assisting.is_(False))
    return frozenset(now | (earlier & set(session.scalars(leads))))


def around(region_code: str | None) -> tuple[str, ...]:
    """The areas whose rows hold for a place: its county and everything larger."""
    if region_code is None or not areas.is_area_code(region_code):
        return (areas.NATION,)
    return tuple(dict.fromkeys((areas.whole(region_code), *areas.ancestors(region_code))))

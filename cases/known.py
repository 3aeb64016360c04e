"""The households the service knows of, for counting: what a changed figure would do to them.

Facts leave this module without name, number or receipt, and the caller shows numbers alone. Who may
read cases gets those of their scope. Who may not, but prepares figures for an area, gets the
households of that area to count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from rules import facts as schema
from rules.register import Household

from . import areas, facts
from .models import Case, CaseFact
from .repository import CaseRepository
from .rights import Right
from .scope import Scope
from .states import CaseState

MOST = 5_000
PAST = timedelta(days=365)  # what a household said longer ago is not counted on
BATCH = 500
COUNTED = frozenset(schema.SCHEMA) | {"members", "for_relation"}


@dataclass(slots=True)
class Known:
    """Households with their facts; `unplaced` have no settled place, `unusable` cannot be true."""

    households: list[Household] = field(default_factory=list)
    unplaced: int = 0
    unusable: int = 0
    more: bool = False


def known_households(session: Session, cipher: Cipher, scope: Scope, place: str) -> Known:
    """The latest cases inside `place` and the scope, one a household, withdrawn ones left out.

    At most `MOST`; `more` says that older ones were not read.
    """
    area = _smaller(place, scope.area_code)
    found = Known()
    if area is None or not may_count(scope):
        return found
    rows = list(session.scalars(_cases(session, scope, area).limit(MOST + 1)))
    found.more = len(rows) > MOST
    placed: dict[str, Case] = {}
    for row in rows[:MOST]:
        if row.area_pending or areas.county_of(row.area_code) is None:
            found.unplaced += 1
        else:
            placed.setdefault(row.duplicate_of_id or row.id, row)
    stated = _facts(session, cipher, [row.id for row in placed.values()])
    for row in placed.values():
        told = schema.heard(stated.get(row.id, {}))
        if any(schema.impossible(told)):
            found.unusable += 1
            continue
        town = areas.township_of(row.area_code) or ""
        found.households.append(Household(row.id, 0, row.area_code, town, told, ()))
    return found


def may_count(scope: Scope) -> bool:
    """Whether the role sees cases, or prepares figures and so may see numbers."""
    return scope.may(Right.CASE_READ) or scope.may(Right.CONTENT_EDIT)


def _cases(session: Session, scope: Scope, area: str) -> Select[Case]:
    reads = scope.may(Right.CASE_READ)
    query = CaseRepository(session, scope).cases() if reads else select(Case)
    low, high = areas.bounds(area)
    return query.where(
        Case.area_code >= low,
        Case.area_code < high,
        Case.merged_into_id.is_(None),
        Case.state != CaseState.ENDED,
        or_(Case.closed_at.is_(None), Case.closed_at > clock.now() - PAST),
    ).order_by(Case.created_at.desc(), Case.id)


def _facts(session: Session, cipher: Cipher, case_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in _rows(session, case_ids):
        found.setdefault(row.case_id, {})[row.key] = facts.value_of(cipher, row)
    return found


def _rows(session: Session, case_ids: Sequence[str]) -> Iterator[CaseFact]:
    for first in range(0, len(case_ids), BATCH):
        yield from session.scalars(
            select(CaseFact).where(
                CaseFact.case_id.in_(case_ids[first : first + BATCH]),
                CaseFact.superseded_at.is_(None),
                CaseFact.key.in_(COUNTED),
            )
        )


def _smaller(one: str, other: str) -> str | None:
    """The one of two areas that lies inside the other."""
    for inner, outer in ((one, other), (other, one)):
        if areas.is_area_code(inner) and areas.is_area_code(outer) and areas.contains(outer, inner):
            return inner
    return None

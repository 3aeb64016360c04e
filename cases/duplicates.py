"""Finding the same household again: blind indexes within a day, never a hard refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher

from .models import Case, CaseIdentity
from .opening import identities
from .states import FINAL_STATES, CaseKind

DUPLICATE_WINDOW = timedelta(hours=24)


def find_duplicate(
    session: Session,
    cipher: Cipher,
    stated: Mapping[str, Any],
    programmes: Sequence[str],
    conversation_id: str | None,
    *,
    leave_out: str | None = None,
) -> Case | None:
    """The newest open declaration of the last 24 hours that looks like the same household.

    Same ID number; or same phone, or same conversation with a common programme, unless the names or
    ID numbers contradict (a daughter files for two people from one phone).
    """
    mine = identities(cipher, stated)
    known = _cases_with(
        session, {kind: mine[kind] for kind in ("id_number", "phone") if kind in mine}
    )
    candidates: dict[str, Case] = {}
    if known:
        for case in session.scalars(select(Case).where(Case.id.in_(known))):
            candidates[case.id] = case
    if conversation_id is not None:
        for case in session.scalars(select(Case).where(Case.conversation_id == conversation_id)):
            if set(case.programmes) & set(programmes):
                candidates[case.id] = case
    recent = [case for case in candidates.values() if case.id != leave_out and _counts(case)]
    for case in sorted(recent, key=lambda one: (one.created_at, one.id), reverse=True):
        theirs = {
            row.kind: row.blind_index
            for row in session.scalars(select(CaseIdentity).where(CaseIdentity.case_id == case.id))
        }
        if "id_number" in mine and "id_number" in theirs:
            if mine["id_number"] == theirs["id_number"]:
                return case
        elif "name" not in mine or "name" not in theirs or mine["name"] == theirs["name"]:
            return case
    return None


def _cases_with(session: Session, indexes: Mapping[str, str]) -> list[str]:
    """The cases in which one of these stands: by its index, for a day holds thousands of cases."""
    if not indexes:
        return []
    same = or_(
        *(
            and_(CaseIdentity.kind == kind, CaseIdentity.blind_index == blind_index)
            for kind, blind_index in indexes.items()
        )
    )
    return list(session.scalars(select(CaseIdentity.case_id).where(same).distinct()))


def _counts(case: Case) -> bool:
    return (
        case.kind == CaseKind.DECLARATION
        and case.created_at >= clock.now() - DUPLICATE_WINDOW
        and case.state not in FINAL_STATES
        and case.duplicate_of_id is None
    )

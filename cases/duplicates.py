"""Finding the same household again: blind indexes within a day, never a hard refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
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
    since = clock.now() - DUPLICATE_WINDOW
    recent = (
        select(Case)
        .where(
            Case.kind == CaseKind.DECLARATION,
            Case.created_at >= since,
            Case.state.not_in(FINAL_STATES),
            Case.duplicate_of_id.is_(None),
            Case.id != (leave_out or ""),
        )
        .order_by(Case.created_at.desc(), Case.id)
    )
    candidates: dict[str, Case] = {}
    for kind in ("id_number", "phone"):
        if kind in mine:
            matching = select(CaseIdentity.case_id).where(
                CaseIdentity.kind == kind, CaseIdentity.blind_index == mine[kind]
            )
            for case in session.scalars(recent.where(Case.id.in_(matching))):
                candidates[case.id] = case
    if conversation_id is not None:
        here = recent.where(Case.conversation_id == conversation_id)
        for case in session.scalars(here):
            if set(case.programmes) & set(programmes):
                candidates[case.id] = case
    for case in sorted(candidates.values(), key=lambda one: one.created_at, reverse=True):
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

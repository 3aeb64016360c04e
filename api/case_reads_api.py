"""The JSON API beside a case's record: what its page works out of it for whoever works on it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from cases import access, canned, views
from cases.repository import CaseRepository, Scope
from cases.rights import Right
from cases.shapes import Detail
from foundation.runtime import Runtime

from .cases_api import Caller, Process, Receipt

router = APIRouter(prefix="/api/cases/{receipt}", tags=["cases"])


@router.get("/texts", summary="常用答复")
def texts(runtime: Process, scope: Caller, receipt: Receipt) -> dict[str, Any]:
    """Replies to begin from, filled from the case; `gaps` are what the sender has to fill in.

    A reply that still has a gap (【请填：…】) is refused with 422.
    """
    found = _read(runtime, scope, receipt, Right.CASE_REPLY)
    return {
        "texts": [
            {"code": one.code, "title": one.title, "text": one.text, "gaps": list(one.gaps)}
            for one in canned.for_case(found, scope)
        ]
    }


def _read(runtime: Runtime, scope: Scope, receipt: str, right: Right) -> Detail:
    """The case, masked; reading it is on the record. Raises NotFound before NotAllowed."""
    access.note_view(runtime.database, runtime.cipher, scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        case = repository.get(receipt)
        scope.demand(right)
        return views.detail(repository, runtime.cipher, case)

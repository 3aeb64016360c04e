"""What the bot proposes to say, on the case page and on a page of its own: send, change, leave.

Each deed is one step of `cases.service`; a refused one shows the page again with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from cases import access as openings
from cases import drafting, service
from cases.errors import CaseError, Conflict, NotFound
from cases.repository import CaseRepository
from cases.rights import Right

from .access import Process, Worker
from .case_page import place, refused_page, where
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/cases/{receipt}/drafts/{draft_id}", include_in_schema=False)


@router.get("")
def change_form(runtime: Process, user: Worker, receipt: str, draft_id: str) -> HTMLResponse:
    """The draft in a box, to be changed before it is sent."""
    return _form(runtime, user, receipt, draft_id)


@router.post("/send")
def send(runtime: Process, user: Worker, receipt: str, draft_id: str, form: Fields) -> Response:
    """Send the draft; with a `text` that differs, that text."""
    changed = form.get("text")

    def deed(session: Session) -> None:
        service.send_draft(session, runtime.cipher, user.scope, receipt, draft_id, changed)

    return _done(runtime, user, receipt, deed, "draft-send", changed)


@router.post("/drop")
def drop(runtime: Process, user: Worker, receipt: str, draft_id: str) -> Response:
    """Leave it unused."""

    def deed(session: Session) -> None:
        service.drop_draft(session, runtime.cipher, user.scope, receipt, draft_id)

    return _done(runtime, user, receipt, deed, "draft-drop", None)


def _done(
    runtime: Process,
    user: Worker,
    receipt: str,
    deed: Callable[[Session], Any],
    done: str,
    typed: str | None,
) -> Response:
    """The deed in one transaction. What was typed for nothing comes back in the box of replies."""
    try:
        with runtime.database.write() as session:
            deed(session)
    except NotFound:
        raise
    except CaseError as refused:
        name = "reply" if typed else ""
        form = {"text": typed} if typed else {}
        return refused_page(runtime, user, receipt, refused, name, form)
    return RedirectResponse(f"/console/cases/{receipt}?done={done}#{where(done)}", 303)


def _form(runtime: Process, user: Worker, receipt: str, draft_id: str) -> HTMLResponse:
    openings.note_view(runtime.database, runtime.cipher, user.scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        case = repository.get(receipt)
        user.scope.demand(Right.CASE_REPLY)
        found = drafting.of_case(repository, runtime.cipher, case)
    draft = next((one for one in found if one.id == draft_id and one.text is not None), None)
    if draft is None:
        raise Conflict("这条拟稿已经处理过，或者过时了。请回到事项页面看对话")
    return html(
        "bot_draft.html", user=user, place=place(user.scope), receipt=receipt, draft=draft,
        longest=drafting.LONGEST,
    )  # fmt: skip

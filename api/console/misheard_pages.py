"""没听懂的话: clusters of sentences without names, and what they meant, in one click each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import misheard_desk
from cases.errors import CaseError, NotFound
from cases.misheard_desk import Cluster
from cases.rights import Right
from cases.staff import SignedIn

from .access import Process, Worker
from .case_page import place
from .pages import html
from .steps import Fields

router = APIRouter(prefix="/console/misheard", include_in_schema=False)
PAGE = "/console/misheard"
SHOWN = 100  # clusters in the list
Ticked = Annotated[list[str] | None, Form(max_length=200)]
Batch = Annotated[str, Query(max_length=32)]


@router.get("")
def clusters(runtime: Process, user: Worker, done: Batch = "", meant: Batch = "") -> HTMLResponse:
    """Everything that waits, the largest cluster first, and what has been labelled."""
    with runtime.database.read() as session:
        found = misheard_desk.clusters(session, runtime.cipher, user.scope)
        counts = misheard_desk.labelled(session, user.scope)
    return html(
        "misheard.html", user=user, place=place(user.scope), clusters=found[:SHOWN],
        total=len(found), sentences=sum(one.size for one in found), counts=counts,
        meanings=misheard_desk.labels(), done=done, meant=meant,
    )  # fmt: skip


@router.post("/undo")
def undo(runtime: Process, user: Worker, form: Fields) -> Response:
    """Take the last click back."""
    with runtime.database.write() as session:
        misheard_desk.undo(session, user.scope, form.get("batch", ""))
    return RedirectResponse(PAGE, 303)


@router.get("/{sentence_id}")
def cluster(
    runtime: Process, user: Worker, sentence_id: str, done: Batch = "", meant: Batch = ""
) -> Response:
    """The cluster that holds a sentence; back to the list when it is gone."""
    return _page(runtime, user, sentence_id, done=done, meant=meant)


@router.post("/{sentence_id}")
def decide(
    runtime: Process, user: Worker, sentence_id: str, form: Fields, sentence: Ticked = None
) -> Response:
    """Label the ticked sentences, or delete them; then on to the next cluster."""
    user.scope.demand(Right.LANGUAGE_TEACH)
    chosen, meant = sentence or [], form.get("label", "")
    try:
        with runtime.database.write() as session:
            if "discard" in form:
                misheard_desk.discard(session, runtime.cipher, user.scope, chosen)
                answer = ""
            else:
                click = misheard_desk.label(session, runtime.cipher, user.scope, chosen, meant)
                answer = f"?done={click.batch}&meant={meant}"
    except CaseError as refused:
        status = STATUS.get(type(refused), 409)
        return _page(runtime, user, sentence_id, refused.reason, status)
    following = form.get("next", "")
    return RedirectResponse(
        f"{PAGE}/{following}{answer}" if following.isalnum() else f"{PAGE}{answer}", 303
    )


def _page(
    runtime: Process,
    user: SignedIn,
    sentence_id: str,
    error: str = "",
    status: int = 200,
    *,
    done: str = "",
    meant: str = "",
) -> Response:
    with runtime.database.read() as session:
        found = misheard_desk.clusters(session, runtime.cipher, user.scope)
    here = misheard_desk.holding(found, sentence_id)
    if here is None:
        if error:
            raise NotFound(error)
        told = f"?done={done}&meant={meant}" if done.isalnum() and meant.isidentifier() else ""
        return RedirectResponse(f"{PAGE}{told}", 303)
    return html(
        "misheard_one.html", status, user=user, place=place(user.scope), cluster=here, error=error,
        following=_after(found, here), meanings=misheard_desk.labels(), done=done, meant=meant,
        at=found.index(here) + 1, total=len(found),
    )  # fmt: skip


def _after(found: Sequence[Cluster], here: Cluster) -> str:
    """The next cluster, "" after the last."""
    at = found.index(here) + 1
    return found[at].id if at < len(found) else ""

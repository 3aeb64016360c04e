"""The page of one case, shown after reading and after every step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse

from api.faults import STATUS
from cases import access as openings
from cases import (
    areas,
    canned,
    colleagues,
    drafting,
    facts,
    household,
    next_step,
    since,
    staff,
    views,
    waiting_list,
)
from cases.errors import BadInput, CaseError
from cases.models import Case
from cases.repository import CaseRepository, Scope
from cases.rights import Right
from cases.states import Department
from conversations import thread, vault
from foundation.runtime import Runtime

from .pages import html, words

MOST_TYPED = 2000
#: The section of the page in which a step is taken; all others are taken in 办理.
PLACES = {
    "t-thread": ("reply", "draft-send", "draft-drop", "take-over", "give-back", "transfer"),
    "t-leads": ("accept", "return", "answer", "reroute"),
    "t-grants": ("grant", "grant-confirm", "grant-back", "grant-end"),
    "t-groups": ("category-start", "category-end"),
    "t-notes": ("note", "visit", "label", "assign"),
    "main": ("new", "alert", "merge", "unmerge"),
}
WHERE = {done: place for place, steps in PLACES.items() for done in steps}


def where(done: str) -> str:
    """The section that this step belongs to; the page comes back there and says so there."""
    return WHERE.get(done, "t-work")


def render_case(
    runtime: Runtime,
    user: staff.SignedIn,
    receipt: str,
    status: int = 200,
    *,
    done: str = "",
    error: str | None = None,
    refused: str = "",
    field: str = "",
    draft: Mapping[str, str] | None = None,
    revealed: Mapping[str, Any] | None = None,
    text: str = "",
) -> HTMLResponse:
    """The page of a case after the step `done`; `draft` keeps what was typed when one was refused.

    `refused` names the form whose step was refused, `field` the field in it that cannot be taken.

    `text` names a canned reply that the box begins with, for who has no script.

    A refused step shows the page to who may never have opened it: that is a reading too.
    """
    openings.note_view(runtime.database, runtime.cipher, user.scope, receipt)
    with runtime.database.read() as session:
        repository = CaseRepository(session, user.scope)
        case = repository.get(receipt)
        found = views.detail(repository, runtime.cipher, case)
        wait = waiting_list.of_case(repository, runtime.cipher, case)
        family = household.lines(repository, case, found)
        changed = since.changes(session, runtime.cipher, case)
        givable = _givable(repository, case, wait is not None)
    texts = canned.for_case(found, user.scope) if user.scope.may(Right.CASE_REPLY) else ()
    chosen = next((one.text for one in texts if one.code == text), "")
    return html(
        "case.html",
        status,
        case=found,
        row=found.summary,
        wait=wait,
        family=family,
        changed=changed,
        step_now=next_step.suggest(found, wait, user.scope),
        user=user,
        place=place(user.scope),
        notice=words()["done"].get(done),
        notice_at=where(done),
        error=error,
        refused=refused,
        field=field,
        draft={"reply": chosen, **(draft or {})},
        texts=texts,
        colleagues=givable if len(givable) <= colleagues.MOST else (),
        revealed=revealed or {},
        **thread_values(runtime, user.scope, receipt),
    )


def _givable(repository: CaseRepository, case: Case, asked: bool) -> list[colleagues.Colleague]:
    """Whom the reader may give the case or the waiting resident to; nobody where it is neither."""
    scope = repository.scope
    assert scope is not None  # noqa: S101 - a console has a worker
    if not (scope.may(Right.CASE_ASSIGN) or (asked and scope.may(Right.CASE_REPLY))):
        return []
    return colleagues.able(repository.session, case, Right.CASE_CLAIM, but=scope.worker_id)


def refused_page(
    runtime: Runtime,
    user: staff.SignedIn,
    receipt: str,
    refused: CaseError,
    name: str,
    form: Mapping[str, str],
) -> HTMLResponse:
    """The page after a refused step: its form (`name`) open, with the reason and what was typed."""
    typed = form.get("text") or form.get("reason") or ""
    kept = {f"{name}.{key}": value[:MOST_TYPED] for key, value in form.items()}
    return render_case(
        runtime, user, receipt, STATUS.get(type(refused), 409), error=refused.reason, refused=name,
        field=refused.field if isinstance(refused, BadInput) else "",
        draft={name: typed[:MOST_TYPED], **kept},
    )  # fmt: skip


def place(scope: Scope) -> str:
    """Where and for whom the reader works."""
    if scope.all_departments:
        return f"{areas.name(scope.area_code)} · 全部部门"
    return f"{areas.name(scope.area_code)} · {Department(scope.department).word}"


def thread_values(runtime: Runtime, scope: Scope, receipt: str) -> dict[str, Any]:
    """The last 200 messages and the bot's open drafts, masked, with the names of the staff."""
    with runtime.database.read() as session:
        repository = CaseRepository(session, scope)
        case = repository.get(receipt)
        if case.conversation_id is None:
            return {"messages": [], "receipt": case.receipt_no, "names": {}, "drafts": ()}
        said = thread.messages(session, runtime.cipher, case.conversation_id)[-200:]
        names = staff.names_of(session, {one.worker_id for one in said if one.worker_id})
        hidden = views.masked_values(session, runtime.cipher, case)
        messages = [
            (one, facts.masked_sentence(text, hidden))
            for one in said
            if (text := vault.render(session, runtime.cipher, case.conversation_id, one.text))
        ]
        drafts = drafting.of_case(repository, runtime.cipher, case)
    return {"messages": messages, "receipt": case.receipt_no, "names": names, "drafts": drafts}

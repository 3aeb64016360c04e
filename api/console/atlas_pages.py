"""The parameter atlas: every figure with place, period, source and grade; how one is changed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.faults import STATUS
from cases import parameter_desk, staff
from cases.errors import BadInput, CaseError, NotAllowed
from cases.rights import Right, demand, may
from cases.states import PROGRAMMES
from foundation import clock
from rules import regions
from rules.errors import UnknownRegion
from rules.parameter_store import Store, default_store
from rules.parameter_values import Parameter

from .access import Process, Worker
from .case_page import place
from .pages import due, html
from .steps import Fields

router = APIRouter(prefix="/console/atlas", include_in_schema=False)
MOST = 400


@router.get("")
def atlas(
    runtime: Process,
    user: Worker,
    region: Annotated[str, Query(max_length=40)] = "",
    programme: Annotated[str, Query(max_length=40)] = "",
    show: Annotated[str, Query(max_length=10)] = "now",
) -> HTMLResponse:
    """Figures of a place and the layers above it, those in force today or all."""
    return _page(runtime, user, {"region": region, "programme": programme, "show": show})


@router.post("")
def propose(runtime: Process, user: Worker, given: Fields) -> Response:
    """A draft; somebody else has to publish it."""

    try:
        demand(user.scope.role, Right.CONTENT_EDIT)
        code = given.get("region_code", "")
        try:
            inside = regions.within(code, user.scope.area_code)
        except UnknownRegion:
            inside = False
        if not inside:
            raise NotAllowed("只能提自己地区的参数，代码要写对")
        with runtime.database.write() as session:
            draft_id = parameter_desk.propose(session, user.scope.worker_id, given).id
    except CaseError as refused:
        return _page(runtime, user, given, refused, STATUS.get(type(refused), 409))
    return RedirectResponse(f"/console/atlas/{draft_id}", 303)


def _page(
    runtime: Process,
    user: Worker,
    given: dict[str, str],
    refused: CaseError | None = None,
    status: int = 200,
) -> HTMLResponse:
    store = default_store()
    chain, unknown = _chain(given.get("region", "") or user.scope.area_code)
    rows = _rows(store, chain, given.get("programme", ""), given.get("show", "now") or "now")
    with runtime.database.read() as session:
        drafts = parameter_desk.drafts(session)
        people = {who for d in drafts for who in (d.drafted_by, d.decided_by, d.taken_back_by)}
        names = staff.names_of(session, {who for who in people if who})
    return html(
        "atlas.html", status, user=user, place=place(user.scope), given=given,
        error=refused.reason if refused is not None else unknown,
        wrong=refused.field if isinstance(refused, BadInput) else "",
        rows=rows[:MOST], more=max(0, len(rows) - MOST), names=names,
        drafts=[(draft, parameter_desk.parameter_of(draft)) for draft in drafts],
        choices=_choices(store), programmes=list(_choices(store)),
        units=sorted({p.unit for p in store.parameters}), words_of=parameter_desk.WORDS,
        quarantined=[q for q in store.quarantined if q.parameter.region_code in chain],
        gaps=[g for g in store.gaps if g.region_code in chain],
        may_edit=may(user.scope.role, Right.CONTENT_EDIT),
        layers=[regions.region(code) for code in chain],
    )  # fmt: skip


def _choices(store: Store) -> dict[str, dict[str, str]]:
    """Programme → parameter → label, in the order of the case programmes, loose figures last."""
    order = {code: place for place, code in enumerate(PROGRAMMES)}
    found: dict[str, dict[str, str]] = {}
    for p in sorted(
        store.parameters, key=lambda p: (order.get(p.programme, 99), p.programme, p.label)
    ):
        found.setdefault(p.programme, {})[p.name] = p.label
    return found


def _chain(text: str) -> tuple[tuple[str, ...], str]:
    """The division and the layers above it that the gazetteer names."""
    name = text.strip()
    try:
        code = name if name.isdigit() else ""
        if not code:
            found = regions.find(name)
            if len(found) != 1:
                return (regions.NATION,), "没有找到这个地方，或有几个同名的；可以写行政区划代码"
            code = found[0].code
        chain = regions.layers(code)
    except UnknownRegion:
        return (regions.NATION,), "没有这个行政区划代码"
    return tuple(one for one in chain if _is_named(one)), ""


def _is_named(code: str) -> bool:
    try:
        regions.region(code)
    except UnknownRegion:
        return False
    return True


def _rows(store: Store, chain: tuple[str, ...], programme: str, show: str) -> list[Parameter]:
    today = clock.today()
    found = [
        p
        for p in store.parameters
        if p.region_code in chain
        and programme in ("", p.programme)
        and (show == "all" or (p.verified and p.covers(today)))
        and (show != "due" or due(p))
    ]
    return sorted(
        found,
        key=lambda p: (
            chain.index(p.region_code), p.programme, p.name, p.population,
            -(p.effective_from.toordinal() if p.effective_from else 0),
        ),
    )  # fmt: skip

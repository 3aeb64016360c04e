"""全家在领什么: programme by programme, what is said, screened, recognised and paid, in all cases.

Cases of one household are those with the same ID number or phone, repetitions and merged ones, as
far as the reader's scope goes. Money counts as the record says it (`cases.granted`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select

from . import granted, merging
from .models import Case, CaseIdentity
from .repository import CaseRepository
from .shapes import Detail, GrantView
from .states import PROGRAMMES, PopulationCategory

MOST = 20
RECOGNISED = {
    PopulationCategory.LOW_TEKUN: "tekun",
    PopulationCategory.LOW_DIBAO: "dibao",
    PopulationCategory.LOW_EDGE: "dibao_bianyuan",
    PopulationCategory.LOW_RIGID: "gangxing_zhichu",
    PopulationCategory.LOW_FANPIN: "fangfanpin",
}


@dataclass(frozen=True)
class Paid:
    """A granted amount, and the case it stands on ("" for the one that is read)."""

    grant: GrantView
    receipt_no: str


@dataclass
class Line:
    """One programme of the household; `applied` are receipts, "" the case that is read."""

    code: str
    name: str
    said: str = ""
    screened: str = ""
    applied: list[str] = field(default_factory=list)
    recognised: str = ""
    paid: list[Paid] = field(default_factory=list)


def cases_of(repository: CaseRepository, case: Case) -> list[Case]:
    """The household's other cases in scope, open or not, oldest first."""
    session = repository.session
    mine = session.execute(
        select(CaseIdentity.kind, CaseIdentity.blind_index).where(
            CaseIdentity.case_id == case.id, CaseIdentity.kind.in_(("id_number", "phone"))
        )
    ).all()
    near = [Case.id.in_(merging.linked(session, case)), Case.merged_into_id == case.id]
    if case.merged_into_id is not None:
        near.append(Case.id == case.merged_into_id)
    for kind, index in mine:
        same = select(CaseIdentity.case_id).where(
            CaseIdentity.kind == kind, CaseIdentity.blind_index == index
        )
        near.append(Case.id.in_(same))
    query = repository.cases().where(Case.id != case.id, or_(*near))
    return list(repository.session.scalars(query.order_by(Case.created_at, Case.id).limit(MOST)))


def lines(repository: CaseRepository, case: Case, shown: Detail) -> list[Line]:
    """Programmes with anything to tell; what is paid first, then what is said, then the rest."""
    found: dict[str, Line] = {}

    def line(code: str) -> Line:
        return found.setdefault(code, Line(code, PROGRAMMES.get(code, code)))

    stated = {fact.key: fact.value for fact in shown.facts}
    for key, word in (("stopped", "说已停发"), ("receiving", "说正在领")):
        for code in _codes(stated.get(key)):
            line(code).said = word
    for one in shown.population:
        if one.ends_on is None and one.category in RECOGNISED:
            line(RECOGNISED[one.category]).recognised = f"{one.category.word}，{one.starts_on} 起"
    for code in shown.summary.programmes:
        line(code).applied.append("")
    for grant in shown.grants:
        line(grant.programme).paid.append(Paid(grant, ""))
    for other in cases_of(repository, case):
        for code in other.programmes:
            line(code).applied.append(other.receipt_no)
        for grant in granted.views(repository.session, other):
            line(grant.programme).paid.append(Paid(grant, other.receipt_no))
    for code, outcome in _outcomes((shown.screening or {}).get("verdicts") or ()).items():
        if code in found or outcome == "likely":
            line(code).screened = outcome
    return sorted(found.values(), key=lambda one: (not one.paid, not one.said, one.code))


def _codes(value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return [code for code in given if isinstance(code, str) and code in PROGRAMMES]


def _outcomes(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The best outcome of each programme; a likely one of any kind or person counts."""
    best: dict[str, str] = {}
    for verdict in verdicts:
        code, outcome = str(verdict.get("program", "")), str(verdict.get("outcome", ""))
        if code not in best or outcome == "likely":
            best[code] = outcome
    return best

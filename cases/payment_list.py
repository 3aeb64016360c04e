"""Who a one-off payment by rule would reach, and who is left out and why.

The rule names the households of an area that on the day of payment receive a programme again and
again by the record, of any or of one hukou. A household is paid once under a name, programme and
day, however often the rule is asked for and however many cases it has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from . import areas
from .errors import BadInput, NotAllowed
from .granted import AidGrant, PaymentBatch, counts, yuan
from .grants import MOST_YUAN, fen, first_day
from .inputs import area_named, words
from .models import Case, CaseFact, CaseIdentity, Disposition
from .repository import CaseRepository, Scope
from .rights import Right
from .states import PROGRAMMES, CaseState, DispositionClass, GrantUnit, Worded

PER = {"person": "每人", "household": "每户"}
HUKOU = {"": "不分户口", "rural": "农村户口", "urban": "城镇户口"}
#: Paid in one transaction, which must be shorter than a resident waits for an answer. The rest of a
#: longer list is what the same rule gives once the first part is paid.
MOST = 300
#: Within this time the same name on another day is worth a second look.
LATELY = timedelta(days=366)


class Omission(Worded):
    """Why a household that receives the programme is not on the list."""

    PAID = "paid", "这次发放已经领过"
    SAME_HOUSEHOLD = "same_household", "可能和另一件是同一户，请核对后合并"
    ENDED = "ended", "已经退出或者撤回"
    NO_LONGER = "no_longer", "已经提出“不再符合”"
    HUKOU = "hukou", "没有登记户口"


@dataclass(frozen=True)
class Rule:
    """Who is paid what, and when."""

    name: str
    area: str
    programme: str
    holds: str
    hukou: str
    per: str
    fen: int
    pays_on: date

    def in_words(self) -> str:
        """石宝镇，农村户口，在领最低生活保障的，每人100元."""
        who = f"{areas.name(self.area)}，{HUKOU[self.hukou]}，在领{PROGRAMMES[self.holds]}的"
        return f"{who}，{PER[self.per]}{yuan(self.fen)}元"

    def as_form(self) -> dict[str, str]:
        """The fields that `rule_of` reads."""
        return {
            "name": self.name, "area": self.area, "holds": self.holds, "hukou": self.hukou,
            "programme": self.programme, "per": self.per, "amount": yuan(self.fen),
            "pays_on": self.pays_on.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class Due:
    """One household's part."""

    case_id: str
    receipt_no: str
    persons: int
    fen: int


@dataclass(frozen=True)
class Preview:
    """The list that the rule makes now; `digest` names exactly this list.

    `rest` counts the households beyond `MOST`. `left_out` are receipt numbers with the reason;
    `lately` counts households on the list that were paid under the same name on another day of the
    last year.
    """

    rule: Rule
    due: tuple[Due, ...]
    left_out: tuple[tuple[str, Omission], ...]
    lately: int
    rest: int = 0

    @property
    def persons(self) -> int:
        """People in all."""
        return sum(one.persons for one in self.due)

    @property
    def total_fen(self) -> int:
        """Money in all."""
        return sum(one.fen for one in self.due)

    @property
    def digest(self) -> str:
        """Of the rule and every line."""
        lines = [repr(self.rule), *(f"{one.case_id} {one.persons} {one.fen}" for one in self.due)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def rule_of(worker: Scope, form: Mapping[str, str]) -> Rule:
    """The rule of a form. Raises BadInput and NotAllowed (an area that is not one's own)."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    area = area_named(form.get("area", ""), worker.area_code)
    if not areas.contains(worker.area_code, area):
        raise NotAllowed("只能给自己地区的家庭发放")
    for field, table, reason in (
        ("programme", PROGRAMMES, "请选择发放的项目"), ("holds", PROGRAMMES, "请选择在领的项目"),
        ("hukou", HUKOU, "请选择户口"), ("per", PER, "请选择按人还是按户"),
    ):  # fmt: skip
        if form.get(field, "") not in table:
            raise BadInput(field, reason)
    pays_on = first_day("pays_on", form.get("pays_on", ""))
    return Rule(
        words("name", form.get("name"), 2, 40), area, form["programme"], form["holds"],
        form["hukou"], form["per"],
        fen("amount", form.get("amount", ""), MOST_YUAN[GrantUnit.ONCE]), pays_on,
    )  # fmt: skip


def rule_behind(batch: PaymentBatch) -> Rule:
    """The rule as it was proposed."""
    return Rule(
        batch.name, batch.area_code, batch.programme, batch.holds, batch.hukou, batch.per,
        batch.amount_fen, batch.pays_on,
    )  # fmt: skip


def draw(session: Session, worker: Scope, rule: Rule) -> Preview:
    """Who would be paid by the record as it is now, the oldest case first."""
    worker.demand(Right.CASE_GRANT_CONFIRM)
    receiving = _receiving(session, worker, rule)
    known = _known(session, rule, receiving)
    taken = set(known.taken)
    due: list[Due] = []
    left_out: list[tuple[str, Omission]] = []
    rows = (
        select(
            Case.id, Case.receipt_no, Case.state, Case.duplicate_of_id, func.max(AidGrant.persons)
        )
        .join(AidGrant, AidGrant.case_id == Case.id)
        .where(Case.id.in_(receiving), *_pays(rule))
        .group_by(Case.id, Case.receipt_no, Case.state, Case.duplicate_of_id, Case.created_at)
        .order_by(Case.created_at, Case.id)
    )
    for case_id, receipt_no, state, repeats, persons in session.execute(rows):
        if rule.hukou and known.hukou.get(case_id, rule.hukou) != rule.hukou:
            continue
        household = {case_id, repeats or case_id, *known.numbers.get(case_id, ())}
        why = _omission(rule, known, case_id, state)
        if why is None and household & taken:
            why = Omission.SAME_HOUSEHOLD
        if why is not None:
            left_out.append((receipt_no, why))
            continue
        taken |= household
        share = rule.fen * (persons if rule.per == "person" else 1)
        due.append(Due(case_id, receipt_no, persons, share))
    now, rest = due[:MOST], len(due[MOST:])
    lately = len(known.lately & {one.case_id for one in now})
    return Preview(rule, tuple(now), tuple(left_out), lately, rest)


@dataclass(frozen=True)
class _Known:
    """What the record says of the cases, by case id; `taken` names the households already paid."""

    paid: frozenset[str]
    lately: frozenset[str]
    no_longer: frozenset[str]
    hukou: Mapping[str, Any]
    numbers: Mapping[str, set[str]]
    taken: frozenset[str]


def _omission(rule: Rule, known: _Known, case_id: str, state: str) -> Omission | None:
    if case_id in known.paid:
        return Omission.PAID
    if state == CaseState.ENDED:
        return Omission.ENDED
    if case_id in known.no_longer:
        return Omission.NO_LONGER
    if rule.hukou and case_id not in known.hukou:
        return Omission.HUKOU
    return None


def _pays(rule: Rule) -> tuple[ColumnElement[bool], ...]:
    """The aid that brings a household onto the list runs on the day of payment."""
    return (
        counts(),
        AidGrant.programme == rule.holds,
        AidGrant.unit != GrantUnit.ONCE,
        AidGrant.starts_on <= rule.pays_on,
        or_(AidGrant.ends_on.is_(None), AidGrant.ends_on >= rule.pays_on),
    )


def _receiving(session: Session, worker: Scope, rule: Rule) -> Select[Any]:
    """Ids of the caller's cases in the rule's area with aid that runs on the day."""
    low, high = areas.bounds(rule.area)
    return (
        CaseRepository(session, worker)
        .cases()
        .with_only_columns(Case.id)
        .where(
            Case.area_code >= low,
            Case.area_code < high,
            Case.merged_into_id.is_(None),
            Case.id.in_(select(AidGrant.case_id).where(*_pays(rule))),
        )
    )


def _known(session: Session, rule: Rule, receiving: Select[Any]) -> _Known:
    paid, lately = _paid(rule), _paid(rule, on_the_day=False)
    numbers: dict[str, set[str]] = {}
    for ids in (receiving, paid):
        of_ids = select(CaseIdentity.case_id, CaseIdentity.blind_index).where(
            CaseIdentity.kind == "id_number", CaseIdentity.case_id.in_(ids)
        )
        for case_id, index in session.execute(of_ids):
            numbers.setdefault(case_id, set()).add(index)
    taken: set[str] = set()
    repeats = select(Case.id, Case.duplicate_of_id).where(Case.id.in_(paid))
    for case_id, other in session.execute(repeats):
        taken |= {case_id, other or case_id, *numbers.get(case_id, ())}
    no_longer = select(Disposition.case_id).where(
        Disposition.case_id.in_(receiving),
        Disposition.cancelled_at.is_(None),
        Disposition.disposition == DispositionClass.D4,
    )
    hukou = select(CaseFact.case_id, CaseFact.value).where(
        CaseFact.case_id.in_(receiving),
        CaseFact.key == "hukou",
        CaseFact.superseded_at.is_(None),
    )
    return _Known(
        paid=frozenset(session.scalars(paid)),
        lately=frozenset(session.scalars(lately)),
        no_longer=frozenset(session.scalars(no_longer)),
        hukou={one: value for one, value in session.execute(hukou) if value and value in HUKOU},
        numbers=numbers,
        taken=frozenset(taken),
    )


def _paid(rule: Rule, *, on_the_day: bool = True) -> Select[Any]:
    """Ids of cases paid by a rule of this name, on its day or on another of the last year."""
    query = (
        select(AidGrant.case_id)
        .join(PaymentBatch, PaymentBatch.id == AidGrant.batch_id)
        .where(counts(), PaymentBatch.name == rule.name)
    )
    if on_the_day:
        same = PaymentBatch.programme == rule.programme
        return query.where(same, AidGrant.starts_on == rule.pays_on)
    return query.where(
        or_(AidGrant.starts_on != rule.pays_on, PaymentBatch.programme != rule.programme),
        AidGrant.starts_on > rule.pays_on - LATELY,
        AidGrant.starts_on < rule.pays_on + LATELY,
    )

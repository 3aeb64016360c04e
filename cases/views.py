"""A case as staff read it: one plain structure for the JSON API and for the console.

Name, phone and ID number are masked; `reveal` (with reason and audit event) is the only way to the
full values. Everything is decrypted here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import handover, vault
from conversations.errors import UnknownConversation
from conversations.models import Holder
from foundation import clock
from foundation.crypto import Cipher

from . import (
    approver,
    areas,
    event_words,
    events,
    facts,
    gradual,
    granted,
    labels,
    merging,
    objections,
    pauses,
    population,
    priority,
    staff,
    terms,
)  # fmt: skip
from . import clock as deadlines
from .closing import standing
from .events import EventKind
from .models import Case, CaseEvent, CaseFact, Consent, DutyAlert, Lead
from .repository import CaseRepository
from .rights import Right
from .sealing import unseal, unseal_json
from .shapes import Detail, DispositionView, FactView, LeadView, Summary
from .states import (
    FINAL_STATES,
    CaseKind,
    CaseState,
    ConsentKind,
    Department,
    DiscoveryChannel,
    DispositionClass,
    LeadResult,
    LeadState,
    NeedType,
    Urgency,
    resident_word,
)

Screen = Callable[[str | None], str | None]


def summaries(repository: CaseRepository, cipher: Cipher, rows: list[Case]) -> list[Summary]:
    """List rows with their leads, names and open alerts, in four queries for any number."""
    session, now = repository.session, clock.now()
    ids = [row.id for row in rows]
    leads = repository.leads(ids)
    names = {
        row.case_id: str(facts.masked("name", facts.value_of(cipher, row)))
        for row in session.scalars(
            select(CaseFact).where(
                CaseFact.case_id.in_(ids),
                CaseFact.key == "name",
                CaseFact.superseded_at.is_(None),
            )
        )
    }
    alerts: dict[str, list[DutyAlert]] = {}
    for alert in session.scalars(
        select(DutyAlert).where(DutyAlert.case_id.in_(ids), DutyAlert.acknowledged_at.is_(None))
    ):
        alerts.setdefault(alert.case_id, []).append(alert)
    named = {row.claimed_by for row in rows if row.claimed_by}
    named |= {one.passed_to for found in alerts.values() for one in found if one.passed_to}
    workers = staff.names_of(session, named)
    tags = labels.labels_of(session, ids)
    return [
        _summary(repository, cipher, row, leads[row.id], names, workers, alerts, tags, now)
        for row in rows
    ]


def detail(repository: CaseRepository, cipher: Cipher, case: Case) -> Detail:
    """One case with everything on it."""
    session = repository.session
    standing_facts = list(
        session.scalars(
            select(CaseFact)
            .where(CaseFact.case_id == case.id, CaseFact.superseded_at.is_(None))
            .order_by(CaseFact.created_at)
        )
    )
    values = {row.key: facts.value_of(cipher, row) for row in standing_facts}

    def screen(text: str | None) -> str | None:
        """Words as they may be shown: vault tokens and typed-out values become masks."""
        if text and case.conversation_id is not None:
            text = vault.render(session, cipher, case.conversation_id, text)
        return facts.masked_sentence(text, values)

    order = {key: place for place, key in enumerate(facts.LABELS)}
    standing_facts.sort(key=lambda row: order.get(row.key, len(order)))
    holding = _holding(session, case)
    person = holding is not None and holding.holder == Holder.PERSON
    chosen = standing(session, case)
    rows = list(
        session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq.desc())
        )
    )
    worker_ids = {row.actor_id for row in rows if row.actor_id}
    worker_ids |= {to for row in rows if (to := row.data.get("to")) and len(to) == 32}
    worker_ids |= {one for row in rows for one in row.data.get("told", ())}
    if chosen is not None:
        worker_ids.add(chosen.proposed_by)
    if holding is not None and holding.worker_id:
        worker_ids.add(holding.worker_id)
    names = staff.names_of(session, worker_ids)
    linked = merging.linked(session, case)
    seen = session.scalars(repository.cases().where(Case.id.in_(linked)).order_by(Case.created_at))
    duplicates = tuple(one.receipt_no for one in seen)
    allowed = gradual.limit(case.region_code, clock.today())
    return Detail(
        summary=summaries(repository, cipher, [case])[0],
        case_id=case.id,
        conversation_id=case.conversation_id,
        channel=case.channel,
        discovery_channels=tuple(case.discovery_channels),
        region_code=case.region_code,
        region_text=_open(cipher, case, "region_text", case.region_text_encrypted),
        area_code=case.area_code,
        for_relation=case.for_relation,
        story=screen(_open(cipher, case, "story", case.story_encrypted)),
        screening=unseal_json(cipher, "case_record.screening", case.id, case.screening_encrypted),
        facts=tuple(_fact(cipher, row, values, screen) for row in standing_facts),
        consents=_consents(session, case),
        events=tuple(event_words.view(cipher, row, names, screen) for row in rows if _shown(row)),
        disposition=None
        if chosen is None
        else DispositionView(
            DispositionClass(chosen.disposition),
            chosen.proposed_by,
            names.get(chosen.proposed_by, "系统"),
            chosen.disposition == DispositionClass.D4 and chosen.confirmed_at is None,
            terms.told(chosen.terms),
            terms.awaited(session, case, chosen),
            approver.right_to(case, Right.CASE_CONFIRM),
        ),
        population=population.history(session, case),
        grants=granted.views(session, case),
        papers_needed=_open(cipher, case, "waiting_text", case.waiting_text_encrypted),
        result=_open(cipher, case, "result", case.result_encrypted),
        duplicates=duplicates,
        duplicates_elsewhere=len(linked) - len(duplicates),
        held_by_person=person,
        held_by=names.get(holding.worker_id or "", "工作人员") if holding and person else None,
        alerts=_alerts(session, cipher, case, screen, names),
        factors=tuple(priority.factors(priority.inputs(session, cipher, case))),
        merged_into=_merged_into(repository, case),
        same_household=tuple(one.receipt_no for one in merging.candidates(repository, case)),
        objected=objections.is_open(session, case),
        was_public=events.last_seq(session, case, EventKind.PUBLICITY_STARTED) > 0,
        aid_papers_due=case.aid_papers_due,
        gradual_months=allowed.months,
        gradual_document=allowed.document,
    )


def _merged_into(repository: CaseRepository, case: Case) -> str | None:
    """The kept case's receipt, where the reader may see it."""
    if case.merged_into_id is None:
        return None
    query = repository.cases().where(Case.id == case.merged_into_id)
    kept = repository.session.scalar(query)
    return kept.receipt_no if kept is not None else "范围外的一件"


def masked_values(session: Session, cipher: Cipher, case: Case) -> dict[str, Any]:
    """The values that must not be readable in running text either."""
    rows = session.scalars(
        select(CaseFact).where(
            CaseFact.case_id == case.id,
            CaseFact.key.in_(list(facts.MASKS)),
            CaseFact.superseded_at.is_(None),
        )
    )
    return {row.key: facts.value_of(cipher, row) for row in rows}


def _holding(session: Session, case: Case) -> handover.Holding | None:
    """Who speaks in the case's conversation; None when there is none (any more)."""
    if case.conversation_id is None:
        return None
    try:
        return handover.holder(session, case.conversation_id)
    except UnknownConversation:
        return None


def _summary(
    repository: CaseRepository,
    cipher: Cipher,
    row: Case,
    leads: list[Lead],
    names: Mapping[str, str],
    workers: Mapping[str, str],
    alerts: Mapping[str, list[DutyAlert]],
    tags: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> Summary:
    finished = row.state in FINAL_STATES
    waiting = row.waiting_since is not None
    return Summary(
        receipt_no=row.receipt_no,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        word=resident_word(row.state, waiting),
        urgency=Urgency(row.urgency),
        programmes=tuple(row.programmes),
        needs=tuple(NeedType(need).word for need in row.need_types),
        name=names.get(row.id, ""),
        area_name=areas.name(row.area_code),
        area_pending=row.area_pending,
        discovery=DiscoveryChannel(row.discovery_channel),
        created_at=row.created_at,
        due_on=row.due_on,
        due_words=pauses.due_words(row, now),
        due_note=pauses.due_note(row),
        overdue=not finished and row.paused_since is None and row.due_at <= now,
        waiting=waiting,
        paused=row.paused_since is not None,
        publicity=row.publicity_until is not None,
        aid_papers_late=not finished
        and row.aid_papers_due is not None
        and row.aid_papers_due < clock.day_of(now),
        finished=finished,
        claimed_by=row.claimed_by,
        claimed_name=workers.get(row.claimed_by or "", ""),
        leads=tuple(
            _lead(repository, cipher, lead, row.paused_since is not None, now) for lead in leads
        ),
        alerts=len(alerts.get(row.id, ())),
        passed_to=next(
            (workers.get(one.passed_to or "", "") for one in alerts.get(row.id, ())), ""
        ),
        labels=tags.get(row.id, ()),
    )


def _lead(
    repository: CaseRepository, cipher: Cipher, lead: Lead, paused: bool, now: datetime
) -> LeadView:
    still_open = lead.state in (LeadState.PENDING, LeadState.ACCEPTED)
    due_on = deadlines.due_date(lead.due_at)
    return LeadView(
        id=lead.id,
        department=Department(lead.department),
        need=NeedType(lead.need_type),
        area_code=lead.area_code,
        area_name=areas.name(lead.area_code),
        state=LeadState(lead.state),
        assisting=lead.assisting,
        first_aid=lead.first_aid,
        due_at=lead.due_at,
        due_on=due_on,
        due_words=deadlines.due_words(lead.due_at, due_on, now) if still_open else "",
        overdue=still_open and not paused and lead.due_at <= now,
        result=LeadResult(lead.result) if lead.result else None,
        answer=unseal(cipher, "lead.answer", lead.id, lead.answer_encrypted),
        mine=repository.covers(lead),
    )


def _fact(cipher: Cipher, row: CaseFact, values: Mapping[str, Any], screen: Screen) -> FactView:
    value = facts.masked(row.key, values[row.key])
    return FactView(
        key=row.key,
        label=facts.LABELS.get(row.key, row.key),
        value=value,
        text=facts.display(row.key, value),
        hidden=row.key in facts.MASKS,
        sentence=screen(facts.sentence_of(cipher, row)),
        message_id=row.message_id,
    )


def _consents(session: Session, case: Case) -> tuple[dict[str, Any], ...]:
    rows = session.scalars(
        select(Consent).where(Consent.case_id == case.id).order_by(Consent.given_at)
    )
    return tuple(
        {
            "kind": row.kind,
            "kind_name": ConsentKind(row.kind).word,
            "version": row.version,
            "text_hash": row.text_hash,
            "given_at": row.given_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in rows
    )


def _alerts(
    session: Session, cipher: Cipher, case: Case, screen: Screen, names: Mapping[str, str]
) -> tuple[dict[str, Any], ...]:
    rows = session.scalars(
        select(DutyAlert).where(DutyAlert.case_id == case.id).order_by(DutyAlert.created_at)
    )
    return tuple(
        {
            "kind": row.kind,
            "at": row.created_at,
            "sentence": screen(
                unseal(cipher, "duty_alert.sentence", row.id, row.sentence_encrypted)
            ),
            "taken": row.acknowledged_at is not None,
            "passed_to": names.get(row.passed_to or "", ""),
            "step": row.step,
        }
        for row in rows
    )


def _shown(row: CaseEvent) -> bool:
    return row.kind not in (EventKind.VIEWED, EventKind.REFUSED)


def _open(cipher: Cipher, case: Case, column: str, token: str | None) -> str | None:
    return unseal(cipher, f"case_record.{column}", case.id, token)

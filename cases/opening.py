"""The parts every opening of a case shares: the row, its facts, its leads, its receipt, "once".

Used by `cases.filing` and the residents' and staff's operations; callers own the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import clock, text
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, events, facts, routing, waiting
from . import clock as deadlines
from .errors import IdempotencyConflict
from .events import EventKind
from .models import Case, CaseFact, CaseIdentity, Idempotency, Lead, Notice
from .receipt import new_receipt
from .sealing import seal, seal_json
from .states import (
    OPEN_LEAD_STATES,
    Audience,
    CaseKind,
    CaseState,
    Department,
    DiscoveryChannel,
    LeadState,
    NeedType,
    Urgency,
)


@dataclass(frozen=True)
class ReceiptLead:
    """One department on the receipt."""

    department: str
    department_name: str
    area_name: str
    due_on: date


@dataclass(frozen=True)
class Receipt:
    """What the resident keeps. `due_on`: by when somebody makes contact, as staff see it."""

    receipt_no: str
    due_on: date
    holder_department_name: str
    holder_area_name: str
    leads: tuple[ReceiptLead, ...]
    duplicate_of: str | None = None
    urgency: str = Urgency.NORMAL


def identities(cipher: Cipher, stated: Mapping[str, Any]) -> dict[str, str]:
    """Blind indexes of the identifying facts that are present."""
    found = {
        key: cipher.blind_index(key, str(stated[key]))
        for key in ("name", "phone", "id_number")
        if stated.get(key)
    }
    if stated.get("name"):  # staff search by what they see in the list
        masked = text.mask_name(str(stated["name"]))
        found["masked_name"] = cipher.blind_index("masked_name", masked)
    return found


def new_case(
    session: Session,
    cipher: Cipher,
    *,
    kind: CaseKind,
    conversation_id: str | None,
    channel: str,
    region_code: str | None,
    needs: Sequence[NeedType],
    region_text: str | None = None,
    urgency: str = Urgency.NORMAL,
    discovery_channel: str = DiscoveryChannel.SELF_DECLARATION,
    programmes: Sequence[str] = (),
    for_relation: str | None = None,
    story: str | None = None,
    screening: Mapping[str, Any] | None = None,
) -> Case:
    """A case row with its first deadline; leads and events are the caller's."""
    now = clock.now()
    case_id = new_id()
    region = region_code if areas.is_area_code(region_code) else None
    area, pending = routing.area_of(Department.XIANGZHEN, region)
    due = deadlines.first_contact(now, urgency, needs[0])
    emergency = urgency == Urgency.EMERGENCY
    case = Case(
        id=case_id,
        receipt_no=_free_receipt(session),
        kind=kind,
        state=CaseState.EMERGENCY if emergency else CaseState.PENDING_REVIEW,
        urgency=urgency,
        discovery_channel=discovery_channel,
        discovery_channels=[discovery_channel],
        channel=channel,
        conversation_id=conversation_id,
        region_code=region,
        region_text_encrypted=seal(cipher, "case_record.region_text", case_id, region_text),
        area_code=area,
        area_pending=pending,
        chain_area=areas.county_of(area) or area,
        programmes=list(programmes),
        need_types=[str(need) for need in needs],
        for_relation=for_relation,
        story_encrypted=seal(cipher, "case_record.story", case_id, story),
        screening_encrypted=seal_json(cipher, "case_record.screening", case_id, screening),
        due_on=due.due_on,
        due_at=due.due_at,
        created_at=now,
        updated_at=now,
    )
    session.add(case)
    session.flush()
    return case


def record_facts(
    session: Session,
    cipher: Cipher,
    case: Case,
    stated: Mapping[str, Any],
    sources: Mapping[str, Mapping[str, str | None]],
) -> None:
    """Add facts; an earlier value of the same key is superseded, not deleted."""
    now = clock.now()
    standing = select(CaseFact).where(
        CaseFact.case_id == case.id,
        CaseFact.superseded_at.is_(None),
        CaseFact.key.in_(list(stated)),
    )
    for old in session.scalars(standing):
        old.superseded_at = now
    for key, value in stated.items():
        if value is None:
            continue
        source = sources.get(key, {})
        plain = key in facts.PLAIN_KEYS
        row = CaseFact(id=new_id(), case_id=case.id, key=key, created_at=now)
        row.value = value if plain else None
        if not plain:
            row.value_encrypted = seal_json(cipher, facts.VALUE_PLACE, row.id, value)
        sentence = source.get("sentence")
        row.sentence_encrypted = seal(cipher, facts.SENTENCE_PLACE, row.id, sentence)
        row.message_id = source.get("message_id")
        session.add(row)
    for kind, blind_index in identities(cipher, stated).items():
        session.add(CaseIdentity(case_id=case.id, kind=kind, blind_index=blind_index))
    session.flush()


def place_case(session: Session, case: Case, *, taken_too: bool = True) -> None:
    """The case and its open leads belong where `case.region_code` says; the offices there are told.

    Without `taken_too` who works on a lead of a settled place keeps it, and is told by name.
    """
    case.area_code, case.area_pending = routing.area_of(Department.XIANGZHEN, case.region_code)
    open_now = select(Lead).where(Lead.case_id == case.id, Lead.state.in_(OPEN_LEAD_STATES))
    for lead in session.scalars(open_now):
        before, there = lead.area_code, routing.area_of(lead.department, case.region_code)
        if there[0] == before:
            lead.area_pending = there[1]
        elif lead.state == LeadState.ACCEPTED and not (taken_too or lead.area_pending):
            notify(session, lead, "place_changed", clock.now(), staff_id=lead.accepted_by)
        else:
            lead.area_code, lead.area_pending = there
            notify(session, lead, "lead", clock.now())
    waiting.move(session, case)


def open_leads(
    session: Session, cipher: Cipher, case: Case, routes: Sequence[routing.Route], now: datetime
) -> list[Lead]:
    """A lead and a notice for every department that has none on this case yet."""
    present = set(session.scalars(select(Lead.department).where(Lead.case_id == case.id)))
    opened = []
    for route in routes:
        if route.department in present:
            continue
        due = deadlines.first_contact(now, case.urgency, route.need_type)
        lead = Lead(
            id=new_id(),
            case_id=case.id,
            need_type=route.need_type,
            department=route.department,
            assisting=route.assisting,
            first_aid=route.first_aid,
            area_code=route.area_code,
            area_pending=route.area_pending,
            state=LeadState.PENDING,
            due_at=due.due_at,
            created_at=now,
        )
        set_limit(lead, due.due_at, now)
        session.add(lead)
        notify(session, lead, "lead", now)
        opened.append(lead)
    if opened:
        events.append(
            session,
            cipher,
            case,
            EventKind.ROUTED,
            events.SYSTEM,
            audience=Audience.RESIDENT,
            data={"leads": [{"department": lead.department, "area": lead.area_code,
                             "first_aid": lead.first_aid} for lead in opened]},
        )  # fmt: skip
    return opened


def set_limit(lead: Lead, due_at: datetime, start: datetime) -> None:
    """A lead's new limit, with its reminders from the beginning."""
    lead.due_at, lead.due_from = due_at, start
    lead.reminded_share, lead.reminded_at = 0, None
    schedule(lead)


def schedule(lead: Lead) -> None:
    """When the department is reminded next, by the lead's limit and what was done already."""
    coming = deadlines.next_reminder(lead.due_from, lead.due_at, lead.reminded_share)
    lead.remind_at = coming[0] if coming is not None else None


def notify(
    session: Session,
    lead: Lead,
    kind: str,
    now: datetime,
    department: str | None = None,
    staff_id: str | None = None,
) -> None:
    """Tell the lead's department, or another, or a person by name."""
    session.add(
        Notice(
            case_id=lead.case_id,
            lead_id=lead.id,
            kind=kind,
            department=department or lead.department,
            area_code=lead.area_code,
            area_pending=lead.area_pending,
            staff_id=staff_id,
            created_at=now,
        )
    )


def receipt_of(session: Session, case: Case) -> Receipt:
    """The receipt as the case stands; the holder is the first leading department."""
    leads = list(
        session.scalars(
            select(Lead).where(Lead.case_id == case.id).order_by(Lead.assisting, Lead.created_at)
        )
    )
    order = {department: place for place, department in enumerate(Department)}
    leads.sort(key=lambda lead: (lead.assisting, order[Department(lead.department)]))
    duplicate = session.get(Case, case.duplicate_of_id) if case.duplicate_of_id else None
    return Receipt(
        receipt_no=case.receipt_no,
        due_on=case.due_on,
        holder_department_name=Department(leads[0].department).word if leads else "",
        holder_area_name=areas.name(leads[0].area_code) if leads else areas.name(case.area_code),
        leads=tuple(
            ReceiptLead(
                department=lead.department,
                department_name=Department(lead.department).word,
                area_name=areas.name(lead.area_code),
                due_on=deadlines.due_date(lead.due_at),
            )
            for lead in leads
        ),
        duplicate_of=duplicate.receipt_no if duplicate is not None else None,
        urgency=case.urgency,
    )


def once(
    session: Session,
    cipher: Cipher,
    scope: str,
    key: str,
    body: str,
    work: Callable[[], Receipt],
) -> Receipt:
    """Do `work` once per key. A retry gets the stored answer, another body IdempotencyConflict.

    The key row is inserted first: a parallel request with the same key waits for this transaction.
    """
    row_key = cipher.pseudonym(f"idempotency.{scope}", key)
    digest = cipher.pseudonym("body", body)
    values = {"key": row_key, "body_digest": digest, "answer": {}, "created_at": clock.now()}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    inserted = session.scalar(
        dialect.insert(Idempotency)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(Idempotency.key)
    )
    if inserted is None:
        row = session.get_one(Idempotency, row_key, populate_existing=True)
        if row.body_digest != digest:
            raise IdempotencyConflict
        return receipt_from(row.answer)
    receipt = work()
    session.execute(
        update(Idempotency).where(Idempotency.key == row_key).values(answer=receipt_to(receipt))
    )
    return receipt


def receipt_to(receipt: Receipt) -> dict[str, Any]:
    """A receipt as JSON."""
    answer = asdict(receipt)
    answer["due_on"] = receipt.due_on.isoformat()
    answer["leads"] = [
        {**asdict(lead), "due_on": lead.due_on.isoformat()} for lead in receipt.leads
    ]
    return answer


def receipt_from(answer: Mapping[str, Any]) -> Receipt:
    """The receipt behind its JSON."""
    leads = tuple(
        ReceiptLead(**{**lead, "due_on": date.fromisoformat(lead["due_on"])})
        for lead in answer["leads"]
    )
    return Receipt(**{**answer, "due_on": date.fromisoformat(answer["due_on"]), "leads": leads})


def _free_receipt(session: Session) -> str:
    while True:
        candidate = new_receipt()
        taken = select(Case.id).where(Case.receipt_no == candidate)
        if session.scalar(taken) is None:
            return candidate

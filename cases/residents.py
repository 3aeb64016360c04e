"""What a resident may see and do: status, supplement, withdrawal.

Proof is the conversation the case was filed in, or receipt number and the last four digits of the
phone. Wrong, foreign and absent give the same empty answer; five failures close the door for
fifteen minutes (`cases.attempts`).
"""

from __future__ import annotations

import hmac
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import clock, text
from foundation.crypto import Cipher

from . import areas, attempts, events, facts, granted, misheard, pauses, receipt
from . import clock as deadlines
from .errors import Conflict, NotFound
from .events import RESIDENT, EventKind
from .models import Case, CaseFact, Consent, Lead
from .opening import ReceiptLead, place_case, receipt_of, record_facts
from .sealing import unseal
from .states import (
    FINAL_STATES,
    OPEN_LEAD_STATES,
    Audience,
    CaseState,
    LeadState,
    ResidentWord,
    resident_word,
)

LOOKUP = "status"


@dataclass(frozen=True)
class Granted:
    """An amount that was decided and confirmed, as the resident is told it."""

    programme: str
    yuan: str
    unit: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class CaseView:
    """A case in the resident's words. `days_left` counts working days, negative when overdue."""

    receipt_no: str
    kind: str
    word: ResidentWord
    programmes: tuple[str, ...]
    need_types: tuple[str, ...]
    applicant_name: str | None  # full in the filing conversation, masked after a look-up by phone
    filed_on: date
    due_on: date
    days_left: int
    due_words: str
    holder_department_name: str
    holder_area_name: str
    leads: tuple[ReceiptLead, ...]
    papers_needed: str | None
    result: str | None
    can_withdraw: bool
    duplicate_of: str | None
    grants: tuple[Granted, ...] = ()  # confirmed amounts, newest first
    due_note: str | None = None  # holidays of that year not yet published: the date may move


def find_for_resident(
    session: Session,
    cipher: Cipher,
    conversation_id: str | None = None,
    receipt_no: str | None = None,
    phone_tail: str | None = None,
) -> list[CaseView]:
    """Cases the caller has proven, newest first; [] alike for wrong proof and absent case.

    The conversation alone lists its own cases. A receipt is proven by its conversation or by the
    phone's last four digits. Needs a write transaction that commits: failures are counted.
    Raises TooManyAttempts.
    """
    found = _proven(session, cipher, conversation_id, receipt_no, phone_tail)
    return [_view(session, cipher, case, own) for case, own in found]


def add_supplement(
    session: Session,
    cipher: Cipher,
    conversation_id: str | None,
    receipt_no: str,
    words: str,
    *,
    stated: Mapping[str, Any] | None = None,
    sources: Mapping[str, Mapping[str, str | None]] | None = None,
    phone_tail: str | None = None,
    region_code: str | None = None,
) -> CaseView:
    """Add words or facts to an open case. Ends the wait for papers and gives its days back.

    A place told at last or put right (`region_code`) brings what nobody works on yet to its office.
    Raises NotFound (not proven), Conflict (case is finished), foundation.text.BadText.
    """
    words = text.clean(words, 2000)
    case, own = _one(session, cipher, conversation_id, receipt_no, phone_tail)
    if case.state in FINAL_STATES:
        raise Conflict("这件事已经有结果了，不能再补充；有新情况可以重新申报")
    if stated:
        record_facts(session, cipher, case, stated, sources or {})
    if areas.is_area_code(region_code) and not _within(case.region_code, region_code):
        case.region_code = region_code
        place_case(session, case, taken_too=False)
    events.append(
        session, cipher, case, EventKind.SUPPLEMENT, RESIDENT, audience=Audience.RESIDENT,
        data={"facts": sorted(stated or {})}, text=words,
    )  # fmt: skip
    pauses.papers_came(session, cipher, case, RESIDENT)
    return _view(session, cipher, case, own)


def _within(known: str | None, told: str | None) -> bool:
    """忠县 after 石宝镇 of that county says nothing new."""
    return known is not None and told is not None and known.startswith(areas.prefix(told))


def withdraw(
    session: Session,
    cipher: Cipher,
    conversation_id: str | None,
    receipt_no: str,
    *,
    reason: str | None = None,
    phone_tail: str | None = None,
) -> CaseView:
    """Withdraw exactly the named case, never a second one. Repeating it changes nothing.

    Its leads close and its consents end. Raises NotFound, Conflict (already decided).
    """
    case, own = _one(session, cipher, conversation_id, receipt_no, phone_tail)
    if case.state == CaseState.ENDED:
        return _view(session, cipher, case, own)
    if case.state == CaseState.CLOSED:
        raise Conflict("这件事已经有结果了，不用再撤回")
    now = clock.now()
    case.state = CaseState.ENDED
    case.closed_at = now
    pauses.clear(case)
    session.execute(
        update(Lead)
        .where(Lead.case_id == case.id, Lead.state.in_(OPEN_LEAD_STATES))
        .values(state=LeadState.CLOSED)
    )
    session.execute(
        update(Consent)
        .where(Consent.case_id == case.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    for talk in {case.conversation_id, conversation_id}:
        misheard.forget(session, cipher, talk)
    events.append(
        session, cipher, case, EventKind.WITHDRAWN, RESIDENT, audience=Audience.RESIDENT,
        text=text.clean(reason, 1000) if reason and reason.strip() else None,
    )  # fmt: skip
    return _view(session, cipher, case, own)


def _one(
    session: Session,
    cipher: Cipher,
    conversation_id: str | None,
    receipt_no: str,
    phone_tail: str | None,
) -> tuple[Case, bool]:
    """The one named and proven case, locked."""
    found = _proven(session, cipher, conversation_id, receipt_no, phone_tail) if receipt_no else []
    if len(found) != 1:
        raise NotFound("没有找到这个回执号，请核对一下")
    case, own = found[0]
    session.refresh(case, with_for_update=True)
    if case.merged_into_id is not None:
        raise Conflict("这件事已经和您家的另一件合并办理，请找工作人员")
    return case, own


def _proven(
    session: Session,
    cipher: Cipher,
    conversation_id: str | None,
    receipt_no: str | None,
    phone_tail: str | None,
) -> list[tuple[Case, bool]]:
    """Cases with whether the proof was the filing conversation."""
    if receipt_no is None:
        if conversation_id is None:
            return []
        own_cases = (
            select(Case)
            .where(Case.conversation_id == conversation_id)
            .order_by(Case.created_at.desc(), Case.id)
        )
        return [(case, True) for case in session.scalars(own_cases)]
    number = receipt.normalise(receipt_no)
    case = session.scalar(select(Case).where(Case.receipt_no == number)) if number else None
    if case is not None and conversation_id and case.conversation_id == conversation_id:
        return [(case, True)]
    subjects = [f"receipt:{number or receipt_no[:40]}"]
    if conversation_id:
        subjects.append(f"conversation:{conversation_id}")
    attempts.check(session, cipher, LOOKUP, *subjects)
    # The comparison runs for absent cases too, so that both take the same way.
    known_tail = _phone_tail(session, cipher, case) if case is not None else ""
    typed = unicodedata.normalize("NFKC", phone_tail or "")[:40]
    given = "".join(char for char in typed if char in string.digits)[-4:]
    matches = hmac.compare_digest(known_tail or "----", given or "++++")
    if case is None or not matches:
        if phone_tail is not None:  # without it nothing was tried that could be guessed
            attempts.record(session, cipher, LOOKUP, *subjects)
        return []
    return [(case, False)]


def _phone_tail(session: Session, cipher: Cipher, case: Case) -> str:
    phone = _fact(session, cipher, case, "phone")
    return str(phone)[-4:] if phone else ""


def _fact(session: Session, cipher: Cipher, case: Case, key: str) -> Any:
    row = session.scalar(
        select(CaseFact).where(
            CaseFact.case_id == case.id, CaseFact.key == key, CaseFact.superseded_at.is_(None)
        )
    )
    return facts.value_of(cipher, row) if row is not None else None


def _view(session: Session, cipher: Cipher, filed: Case, own: bool) -> CaseView:
    """Under the receipt of `filed`; one that was merged shows how the kept case stands."""
    now = clock.now()
    case = session.get_one(Case, filed.merged_into_id) if filed.merged_into_id else filed
    summary = receipt_of(session, case)
    name = _fact(session, cipher, filed, "name")
    waiting = case.waiting_since is not None
    return CaseView(
        receipt_no=filed.receipt_no,
        kind=case.kind,
        word=resident_word(case.state, waiting),
        programmes=tuple(filed.programmes),
        need_types=tuple(filed.need_types),
        applicant_name=(str(name) if own else text.mask_name(str(name))) if name else None,
        filed_on=clock.day_of(filed.created_at),
        due_on=case.due_on,
        days_left=deadlines.remaining(case.due_on, clock.day_of(now)),
        due_words=pauses.due_words(case, now),
        due_note=pauses.due_note(case),
        holder_department_name=summary.holder_department_name,
        holder_area_name=summary.holder_area_name or areas.name(case.area_code),
        leads=summary.leads,
        papers_needed=unseal(
            cipher, "case_record.waiting_text", case.id, case.waiting_text_encrypted
        ),
        result=unseal(cipher, "case_record.result", case.id, case.result_encrypted),
        can_withdraw=filed.state not in FINAL_STATES,
        duplicate_of=summary.duplicate_of,
        grants=tuple(
            Granted(one.programme, granted.yuan(one.amount_fen), one.unit, one.starts_on,
                    one.ends_on)
            for one in granted.standing(session, {case.id, filed.id})
        ),
    )  # fmt: skip

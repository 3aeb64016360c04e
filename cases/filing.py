"""Opening cases: a declaration, a duty alert, a wish for a person. One transaction, exactly once.

The caller owns the transaction (`database.write()`); everything here is in it: case, facts,
consents, leads, blind indexes, events and the notices to the departments. The receipt may be shown
only after the commit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock, metrics, text
from foundation.crypto import Cipher
from foundation.database import new_id

from . import areas, events, facts, priority, routing, routing_rows, waiting
from .duplicates import DUPLICATE_WINDOW, find_duplicate
from .errors import BadInput
from .events import RESIDENT, EventKind
from .models import Case, Consent, DutyAlert
from .opening import (
    Receipt,
    new_case,
    once,
    open_leads,
    place_case,
    receipt_of,
    record_facts,
)
from .sealing import seal, seal_json
from .states import (
    FINAL_STATES,
    Audience,
    CaseKind,
    CaseState,
    ConsentKind,
    DiscoveryChannel,
    NeedType,
    Urgency,
)

MAX_FACTS = 200
# Somebody else speaks of the household: it has not agreed to anything yet.
OTHERS_REPORT = (
    DiscoveryChannel.HOME_VISIT,
    DiscoveryChannel.GRASSROOTS_REPORT,
    DiscoveryChannel.PUBLIC_REPORT,
)
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class ConsentGiven:
    """What was agreed to: kind, the version of the text, SHA-256 of the text shown, when (UTC)."""

    kind: str
    version: str
    text_hash: str
    given_at: datetime


@dataclass(frozen=True)
class Declaration:
    """A resident's declaration as confirmed. `facts` hold revealed values (name, phone, id_number).

    `fact_sources` maps a fact key to {"message_id", "sentence"}. `for_relation` is set when the
    declaration is for somebody else. Unknown or missing places are taken (待定地区), never refused.
    """

    conversation_id: str | None
    channel: str
    idempotency_key: str
    programmes: Sequence[str] = ()
    need_types: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    fact_sources: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    region_code: str | None = None
    region_text: str | None = None
    urgency: str = Urgency.NORMAL
    discovery_channel: str = DiscoveryChannel.SELF_DECLARATION
    consents: Sequence[ConsentGiven] = ()
    screening_json: Mapping[str, Any] | None = None
    story: str | None = None
    for_relation: str | None = None
    kind: CaseKind = CaseKind.DECLARATION


def file_declaration(session: Session, cipher: Cipher, declaration: Declaration) -> Receipt:
    """Open a case. Same key and body answer with the same receipt; another body is refused.

    `duplicate_of` names an open case of the same household from the last 24 hours; the new one is
    kept and both are marked, because only a person may merge. Raises BadInput, IdempotencyConflict.
    """
    _check(declaration)
    body = json.dumps(asdict(declaration), ensure_ascii=False, sort_keys=True, default=str)

    def open_case() -> Receipt:
        now = clock.now()
        needs = routing.needs_of(declaration.programmes, declaration.need_types)
        duty = _alert_before(session, declaration, now)
        case = (
            _grow(session, cipher, duty, declaration, needs)
            if duty is not None
            else new_case(
                session,
                cipher,
                kind=declaration.kind,
                conversation_id=declaration.conversation_id,
                channel=declaration.channel,
                region_code=declaration.region_code,
                region_text=declaration.region_text,
                urgency=declaration.urgency,
                discovery_channel=declaration.discovery_channel,
                programmes=declaration.programmes,
                needs=needs,
                for_relation=declaration.for_relation,
                story=declaration.story,
                screening=declaration.screening_json,
            )
        )
        earlier = None
        if declaration.kind == CaseKind.DECLARATION:
            earlier = find_duplicate(
                session, cipher, declaration.facts, declaration.programmes,
                declaration.conversation_id, leave_out=case.id,
            )  # fmt: skip
        if earlier is not None:
            case.duplicate_of_id = earlier.id
        record_facts(session, cipher, case, declaration.facts, declaration.fact_sources)
        for consent in declaration.consents:
            session.add(
                Consent(
                    case_id=case.id,
                    conversation_id=declaration.conversation_id,
                    kind=consent.kind,
                    version=consent.version,
                    text_hash=consent.text_hash,
                    given_at=consent.given_at,
                )
            )
        events.append(
            session,
            cipher,
            case,
            EventKind.FILED,
            RESIDENT,
            audience=Audience.RESIDENT,
            data={
                "channel": declaration.discovery_channel,
                "programmes": list(declaration.programmes),
                "urgency": declaration.urgency,
                "consents": [f"{given.kind}:{given.version}" for given in declaration.consents],
            },
            goes_on=True,
        )
        if earlier is not None:
            events.append(
                session, cipher, case, EventKind.DUPLICATE, events.SYSTEM,
                data={"receipt_no": earlier.receipt_no},
            )  # fmt: skip
            if declaration.discovery_channel not in earlier.discovery_channels:
                earlier.discovery_channels = [
                    *earlier.discovery_channels,
                    declaration.discovery_channel,
                ]
        routes = routing_rows.route(
            session, needs, declaration.facts, declaration.region_code, declaration.urgency
        )
        if not open_leads(session, cipher, case, routes, now):
            priority.refresh(session, cipher, case)
        if declaration.urgency == Urgency.EMERGENCY and duty is None:
            kind = str(declaration.facts.get("shock") or "other")[:30]
            _alert(session, cipher, case, kind, declaration.story)
        metrics.FILINGS.labels(declaration.channel, declaration.urgency).inc()
        return receipt_of(session, case)

    return once(session, cipher, "file", declaration.idempotency_key, body, open_case)


def _alert_before(session: Session, declaration: Declaration, now: datetime) -> Case | None:
    """The duty case that this emergency began with, if it is still open."""
    if declaration.urgency != Urgency.EMERGENCY or declaration.conversation_id is None:
        return None
    since = now - DUPLICATE_WINDOW
    return _open_case_of(session, declaration.conversation_id, CaseKind.DUTY, since)


def _grow(
    session: Session,
    cipher: Cipher,
    case: Case,
    declaration: Declaration,
    needs: Sequence[NeedType],
) -> Case:
    """One emergency is one case: the alert becomes the declaration, and its leads learn the place.

    The receipt and the clock stay those of the alert.
    """
    case.kind = CaseKind.DECLARATION
    case.programmes = list(declaration.programmes)
    case.need_types = list(dict.fromkeys([*case.need_types, *map(str, needs)]))
    case.for_relation = declaration.for_relation
    case.story_encrypted = seal(cipher, "case_record.story", case.id, declaration.story)
    case.screening_encrypted = seal_json(
        cipher, "case_record.screening", case.id, declaration.screening_json
    )
    if areas.is_area_code(declaration.region_code):
        case.region_code = declaration.region_code
        case.region_text_encrypted = seal(
            cipher, "case_record.region_text", case.id, declaration.region_text
        )
        place_case(session, case)
    session.flush()
    return case


def open_duty_lead(
    session: Session,
    cipher: Cipher,
    conversation_id: str,
    kind: str,
    sentence: str,
    idempotency_key: str,
    *,
    region_code: str | None = None,
    channel: str = "web",
) -> Receipt:
    """Danger to life, no food: alert the officer on duty now; no papers, no consent, no identity.

    A second alert of the same conversation within 24 hours joins the open duty case.
    """
    body = json.dumps([conversation_id, kind, sentence, region_code], ensure_ascii=False)
    kind = kind[:30]

    def open_case() -> Receipt:
        now = clock.now()
        routes = routing.route_alert(kind, region_code)
        case = _open_case_of(session, conversation_id, CaseKind.DUTY, now - DUPLICATE_WINDOW)
        if case is None:
            case = new_case(
                session, cipher, kind=CaseKind.DUTY, conversation_id=conversation_id,
                channel=channel, region_code=region_code, urgency=Urgency.EMERGENCY,
                needs=[routes[0].need_type],
            )  # fmt: skip
            case.state = CaseState.EMERGENCY
        _alert(session, cipher, case, kind, sentence)
        events.append(
            session, cipher, case, EventKind.ALERT, RESIDENT, data={"kind": kind},
            text=sentence[:1000],
        )  # fmt: skip
        open_leads(session, cipher, case, routes, now)
        waiting.join(session, case, waiting.Origin.ALERT)
        metrics.DUTY_LEADS.labels(kind if kind in routing.table()["alerts"] else "other").inc()
        return receipt_of(session, case)

    return once(session, cipher, "duty", idempotency_key, body, open_case)


def request_person(
    session: Session,
    cipher: Cipher,
    conversation_id: str,
    sentence: str,
    idempotency_key: str,
    *,
    region_code: str | None = None,
    channel: str = "web",
) -> Receipt:
    """The resident wants a person. Joins the conversation's open case, else opens a short one.

    There is one place in the line (`place_in_line`) however often it is asked.
    """
    body = json.dumps([conversation_id, sentence, region_code], ensure_ascii=False)

    def open_case() -> Receipt:
        now = clock.now()
        case = _open_case_of(session, conversation_id, None, None)
        joined = case is not None
        if case is None:
            case = new_case(
                session, cipher, kind=CaseKind.PERSON_REQUEST, conversation_id=conversation_id,
                channel=channel, region_code=region_code, needs=[NeedType.PERSON],
            )  # fmt: skip
            routes = routing_rows.route(session, [NeedType.PERSON], {}, region_code, Urgency.NORMAL)
            open_leads(session, cipher, case, routes, now)
        events.append(
            session, cipher, case, EventKind.PERSON_REQUESTED, RESIDENT,
            audience=Audience.RESIDENT, text=sentence[:1000],
        )  # fmt: skip
        waiting.join(session, case, waiting.Origin.ASKED, tell=joined)
        return receipt_of(session, case)

    return once(session, cipher, "person", idempotency_key, body, open_case)


def _alert(session: Session, cipher: Cipher, case: Case, kind: str, sentence: str | None) -> None:
    row = DutyAlert(
        id=new_id(),
        case_id=case.id,
        conversation_id=case.conversation_id,
        kind=kind,
        created_at=clock.now(),
    )
    words = (sentence or "")[:1000]
    row.sentence_encrypted = seal(cipher, "duty_alert.sentence", row.id, words)
    session.add(row)
    session.flush()


def _open_case_of(
    session: Session, conversation_id: str, kind: CaseKind | None, since: datetime | None
) -> Case | None:
    """The conversation's newest case that is not finished."""
    query = select(Case).where(
        Case.conversation_id == conversation_id, Case.state.not_in(FINAL_STATES)
    )
    if kind is not None:
        query = query.where(Case.kind == kind)
    if since is not None:
        query = query.where(Case.created_at >= since)
    return session.scalars(query.order_by(Case.created_at.desc()).limit(1)).first()


def _check(declaration: Declaration) -> None:
    """Refuse what cannot be stored or lacks its consent. Emergencies need no consent first."""
    if declaration.urgency not in list(Urgency):
        raise BadInput("urgency", "紧急程度不对")
    if declaration.discovery_channel not in list(DiscoveryChannel):
        raise BadInput("discovery_channel", "发现渠道不对")
    if not declaration.idempotency_key or len(declaration.idempotency_key) > 200:
        raise BadInput("idempotency_key", "提交编号不对")
    if not re.fullmatch(r"[a-z_]{1,20}", declaration.channel):
        raise BadInput("channel", "渠道不对")
    for field_name, codes in (
        ("programmes", declaration.programmes),
        ("need_types", declaration.need_types),
    ):
        if len(codes) > 30 or not all(_CODE.fullmatch(code) for code in codes):
            raise BadInput(field_name, "项目不对")
    if declaration.for_relation is not None and len(declaration.for_relation) > 40:
        raise BadInput("for_relation", "关系写得太长了")
    if len(declaration.facts) > MAX_FACTS:
        raise BadInput("facts", "填写的内容太多")
    for key, value in declaration.facts.items():
        _check_fact(key, value)
    for name, value in (("story", declaration.story), ("region_text", declaration.region_text)):
        if value is not None and len(value) > 4000:
            raise BadInput(name, "写得太长了")
    for consent in declaration.consents:
        if consent.kind not in list(ConsentKind):
            raise BadInput("consents", "同意的种类不对")
        if not _SHA256.fullmatch(consent.text_hash):
            raise BadInput("consents", "同意书的校验值不对")
    given = {consent.kind for consent in declaration.consents}
    if declaration.urgency == Urgency.EMERGENCY:
        return
    if declaration.discovery_channel in OTHERS_REPORT and not given:
        if set(declaration.facts) - {"name", "phone"}:
            raise BadInput("facts", "没有本人同意时，只能登记姓名、电话和所在地")
        return
    if ConsentKind.GENERAL not in given:
        raise BadInput("consents", "还没有同意信息使用说明")
    if ConsentKind.SENSITIVE not in given and facts.CONSENT_KEYS & set(declaration.facts):
        raise BadInput("consents", "健康和证件信息还需要单独同意")


def _check_fact(key: str, value: Any) -> None:
    if not key or len(key) > 60:
        raise BadInput("facts", "填写的项目不对")
    try:
        packed = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        raise BadInput(key, "填写的内容不对") from None
    if len(packed) > 4000:
        raise BadInput(key, "写得太长了")
    if isinstance(value, str) and value:
        try:
            text.clean(value, 1000)
        except text.BadText as bad:
            raise BadInput(key, bad.reason_zh) from None

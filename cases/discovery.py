"""The channels beside 自主申报: 入户走访, 基层上报, 群众反映, entered by staff.

Without the household's own consent only name, phone and place are taken, and nothing may be
compared until it is given. A household filed within a day before is marked, with every channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from foundation.crypto import Cipher

from . import areas, events
from .casework import actor, repeated, writable
from .errors import BadInput, NotAllowed
from .events import EventKind
from .filing import ConsentGiven, Declaration, file_declaration
from .inputs import place_named, words
from .models import Case
from .opening import Receipt
from .repository import Scope
from .rights import Right
from .states import DiscoveryChannel, NeedType, Urgency

BY_STAFF = (
    DiscoveryChannel.HOME_VISIT,
    DiscoveryChannel.GRASSROOTS_REPORT,
    DiscoveryChannel.PUBLIC_REPORT,
)


@dataclass(frozen=True)
class Finding:
    """What staff enter of a household."""

    channel: str
    place: str
    story: str
    idempotency_key: str
    needs: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    urgency: str = Urgency.NORMAL
    consents: Sequence[ConsentGiven] = ()


def register(session: Session, cipher: Cipher, worker: Scope, finding: Finding) -> Receipt:
    """Open a case for a household found by staff; it belongs to the channel and the place named.

    Raises NotAllowed (right, place outside one's area), BadInput.
    """
    worker.demand(Right.CASE_FILE)
    if finding.channel not in BY_STAFF:
        raise BadInput("channel", "请选择入户走访、基层上报或群众反映")
    for need in finding.needs:
        if need not in list(NeedType):
            raise BadInput("needs", "没有这种困难类型")
    code = place_named("place", finding.place, near=worker.area_code)
    if not areas.contains(worker.area_code, code):
        raise NotAllowed("这个地方不在您的范围内")
    return file_declaration(
        session,
        cipher,
        Declaration(
            conversation_id=None,
            channel="staff",
            idempotency_key=f"{worker.worker_id}:{finding.idempotency_key}",
            need_types=tuple(finding.needs),
            facts=dict(finding.facts),
            region_code=code,
            region_text=finding.place,
            urgency=finding.urgency,
            discovery_channel=finding.channel,
            consents=tuple(finding.consents),
            story=words("story", finding.story, 4, 2000),
        ),
    )


def visit(session: Session, cipher: Cipher, worker: Scope, receipt_no: str, found: str) -> Case:
    """What was seen at a visit returns to the case; 入户走访 becomes one of its channels."""
    case = writable(session, worker, receipt_no, Right.CASE_FILE)
    seen = words("text", found, 4)
    if repeated(session, cipher, worker, case, EventKind.VISITED, seen):
        return case
    if DiscoveryChannel.HOME_VISIT not in case.discovery_channels:
        case.discovery_channels = [*case.discovery_channels, DiscoveryChannel.HOME_VISIT]
    events.append(session, cipher, case, EventKind.VISITED, actor(worker), text=seen)
    return case

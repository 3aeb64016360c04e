"""The order of the queue: by deadline, each visible factor moving a case forward by fixed days.

Same inputs, same order. Nothing starves: all factors but an emergency together are at most
`MOST_DAYS`, so a case goes before everything whose deadline lies that much later, however many
urgent ones keep coming.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.crypto import Cipher

from . import facts
from .models import Case, CaseEvent, CaseFact, Lead
from .states import FINAL_STATES, OPEN_LEAD_STATES, Urgency

EMERGENCY_DAYS = 365
URGENT_DAYS = 5
CARE_DAYS = 2
ANSWER_DAYS = 1
CHANNEL_DAYS = 1
PAUSE_DAYS = -30
MOST_DAYS = URGENT_DAYS + CARE_DAYS + ANSWER_DAYS + CHANNEL_DAYS

CARE_KEYS = ("num_children", "living_alone", "single_parent", "disability_level", "bedridden")
_SEVERE = ("一级", "二级", "重度", "1", "2")


@dataclass(frozen=True)
class Factor:
    """One visible reason: by how many days it moves the case forward (negative: back)."""

    word: str
    days: int


@dataclass(frozen=True)
class Inputs:
    """All that the order depends on. `due_at` is the earliest of the case's and its leads'."""

    due_at: datetime
    urgency: str
    needs_care: bool
    awaits_answer: bool
    channels: int
    paused: bool


def factors(found: Inputs) -> list[Factor]:
    """At most five, beside the deadline itself."""
    listed = [
        Factor("紧急", EMERGENCY_DAYS if found.urgency == Urgency.EMERGENCY else 0),
        Factor("加急", URGENT_DAYS if found.urgency == Urgency.URGENT else 0),
        Factor("有儿童、独居、重残或卧床的人", CARE_DAYS if found.needs_care else 0),
        Factor("居民在等回话", ANSWER_DAYS if found.awaits_answer else 0),
        Factor("不止一个渠道发现", CHANNEL_DAYS if found.channels > 1 else 0),
        Factor("期限暂停", PAUSE_DAYS if found.paused else 0),
    ]
    return [factor for factor in listed if factor.days]


def place(found: Inputs) -> datetime:
    """The instant the queue sorts by, earliest first."""
    return found.due_at - timedelta(days=sum(factor.days for factor in factors(found)))


def inputs(session: Session, cipher: Cipher, case: Case) -> Inputs:
    """What the order of this case depends on, as it stands now."""
    leads = session.scalars(
        select(Lead.due_at).where(Lead.case_id == case.id, Lead.state.in_(OPEN_LEAD_STATES))
    )
    care = session.scalars(
        select(CaseFact).where(
            CaseFact.case_id == case.id,
            CaseFact.key.in_(CARE_KEYS),
            CaseFact.superseded_at.is_(None),
        )
    )
    spoken = session.scalar(
        select(CaseEvent.kind)
        .where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind.in_(("supplement", "person_requested", "reply")),
        )
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return Inputs(
        due_at=min([case.due_at, *leads]),
        urgency=case.urgency,
        needs_care=needs_care((row.key, facts.value_of(cipher, row)) for row in care),
        awaits_answer=spoken in ("supplement", "person_requested"),
        channels=len(case.discovery_channels),
        paused=case.paused_since is not None,
    )


def refresh(session: Session, cipher: Cipher, case: Case) -> None:
    """Put the case where it belongs; called after every event."""
    if case.state not in FINAL_STATES:
        found = inputs(session, cipher, case)
        case.queue_at, case.next_due_at = place(found), found.due_at


def needs_care(stated: Iterable[tuple[str, Any]]) -> bool:
    """Whether somebody of the household needs particular care."""
    for key, value in stated:
        if key == "num_children" and isinstance(value, int) and value > 0:
            return True
        if key == "disability_level" and str(value).strip() in _SEVERE:
            return True
        if key in ("living_alone", "single_parent", "bedridden") and value is True:
            return True
    return False

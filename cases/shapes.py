"""What staff read, as plain values: rows of the list and the page of a case (`cases.views`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .priority import Factor
from .rights import Right
from .states import (
    CaseKind,
    CaseState,
    Department,
    DiscoveryChannel,
    DispositionClass,
    GrantUnit,
    LeadResult,
    LeadState,
    NeedType,
    PopulationCategory,
    ResidentWord,
    Urgency,
)


@dataclass(frozen=True)
class FactView:
    """A fact with the sentence it came from; `hidden` marks a masked value."""

    key: str
    label: str
    value: Any
    text: str
    hidden: bool
    sentence: str | None
    message_id: str | None


@dataclass(frozen=True)
class LeadView:
    """A department's part; `mine` tells whether the reader may work on it."""

    id: str
    department: Department
    need: NeedType
    area_code: str
    area_name: str
    state: LeadState
    assisting: bool
    first_aid: bool
    due_at: datetime
    due_on: date
    due_words: str
    overdue: bool
    result: LeadResult | None
    answer: str | None
    mine: bool


@dataclass(frozen=True)
class EventView:
    """A step in words."""

    kind: str
    word: str
    who: str
    at: datetime
    text: str | None
    detail: str
    for_resident: bool


@dataclass(frozen=True)
class DispositionView:
    """The standing disposition; D4 is `pending` until a second person confirms.

    `terms` says who delivers by when (D1) or when the county met (D3), `awaits` what is missing.
    """

    disposition: DispositionClass
    proposed_by: str
    proposed_by_name: str
    pending: bool
    terms: str = ""
    awaits: str = ""
    confirming: Right = Right.CASE_CONFIRM  # the right it takes


@dataclass(frozen=True)
class PopulationView:
    """A monitored category and its days; `main` marks the one that counts (特困 before 低保 …)."""

    category: PopulationCategory
    starts_on: date
    ends_on: date | None
    main: bool


@dataclass(frozen=True)
class GrantView:
    """A granted amount. `waits` is what a second person must confirm: "start", "end" or ""."""

    id: str
    programme: str
    programme_name: str
    amount_fen: int
    unit: GrantUnit
    starts_on: date
    ends_on: date | None
    persons: int
    state: str
    waits: str
    asked_by: str  # who cannot confirm it
    end_asked_on: date | None
    recorded_by_name: str
    confirmed_by_name: str
    recorded_at: datetime
    text: str
    confirming: Right = Right.CASE_GRANT_CONFIRM  # the right it takes


@dataclass(frozen=True)
class Summary:
    """A row of the list."""

    receipt_no: str
    kind: CaseKind
    state: CaseState
    word: ResidentWord
    urgency: Urgency
    programmes: tuple[str, ...]
    needs: tuple[str, ...]
    name: str
    area_name: str
    area_pending: bool
    discovery: DiscoveryChannel
    created_at: datetime
    due_on: date
    due_words: str
    due_note: str | None
    overdue: bool
    waiting: bool
    paused: bool
    publicity: bool
    aid_papers_late: bool  # 先行救助, the day of the papers has passed
    finished: bool
    claimed_by: str | None
    claimed_name: str
    leads: tuple[LeadView, ...]
    alerts: int
    passed_to: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Detail:
    """Everything on the page of one case."""

    summary: Summary
    case_id: str
    conversation_id: str | None
    channel: str
    discovery_channels: tuple[str, ...]
    region_code: str | None
    region_text: str | None
    area_code: str
    for_relation: str | None
    story: str | None
    screening: Mapping[str, Any] | None
    facts: tuple[FactView, ...]
    consents: tuple[dict[str, Any], ...]
    events: tuple[EventView, ...]
    disposition: DispositionView | None
    population: tuple[PopulationView, ...]
    grants: tuple[GrantView, ...]
    papers_needed: str | None
    result: str | None
    duplicates: tuple[str, ...]
    duplicates_elsewhere: int
    held_by_person: bool
    held_by: str | None
    alerts: tuple[dict[str, Any], ...]
    factors: tuple[Factor, ...]
    merged_into: str | None
    same_household: tuple[str, ...]  # open cases that may be merged into this one
    objected: bool  # an objection to the 公示 waits
    was_public: bool
    aid_papers_due: date | None
    gradual_months: int  # the longest 渐退 allowed here, and what says so
    gradual_document: str

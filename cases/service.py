"""The doors of the case service. Every operation runs in the caller's write transaction.

For residents (dialogue): `file_declaration`, `open_duty_lead`, `request_person`,
`find_for_resident`, `add_supplement`, `withdraw`. For staff: everything that takes a `Scope`.
"""

from __future__ import annotations

from .attending import give_back, reply, take_over, transfer
from .bulk import run as in_bulk
from .casework import (
    assign,
    change_status,
    claim,
    end_publicity,
    note,
    papers_received,
    request_papers,
    reroute,
    reveal,
    set_area,
    start_publicity,
    take_alert,
)
from .closing import cancel_disposition, close, dispose, standing
from .discovery import Finding, visit
from .discovery import register as register_finding
from .drafting import drop as drop_draft
from .drafting import send as send_draft
from .duplicates import find_duplicate
from .errors import (
    BadInput,
    CaseError,
    Conflict,
    IdempotencyConflict,
    NotAllowed,
    NotFound,
    TooManyAttempts,
)
from .filing import (
    ConsentGiven,
    Declaration,
    file_declaration,
    open_duty_lead,
    request_person,
)
from .filing import ConsentGiven as Consent
from .first_aid import papers_due as aid_papers_due
from .first_aid import papers_in as aid_papers_in
from .gradual import start as start_gradual_exit
from .grants import Award
from .grants import ask_end as ask_grant_end
from .grants import confirm as confirm_grant
from .grants import record as record_grant
from .grants import take_back as take_back_grant
from .labels import put as put_label
from .leadwork import accept as accept_lead
from .leadwork import answer as answer_lead
from .leadwork import return_with_reason as return_lead
from .leaving import leave
from .merging import merge
from .merging import undo as undo_merge
from .objections import object_to, review
from .opening import Receipt, ReceiptLead
from .population import end as end_category
from .population import start as start_category
from .ratings import RATING_WORDS, Score, rate, score_of
from .residents import CaseView, add_supplement, find_for_resident, withdraw
from .terms import Terms
from .waiting import Place
from .waiting import place_of as place_in_line

__all__ = [
    "RATING_WORDS",
    "Award",
    "BadInput",
    "CaseError",
    "CaseView",
    "Conflict",
    "Consent",
    "ConsentGiven",
    "Declaration",
    "Finding",
    "IdempotencyConflict",
    "NotAllowed",
    "NotFound",
    "Place",
    "Receipt",
    "ReceiptLead",
    "Score",
    "Terms",
    "TooManyAttempts",
    "accept_lead",
    "add_supplement",
    "aid_papers_due",
    "aid_papers_in",
    "answer_lead",
    "ask_grant_end",
    "assign",
    "cancel_disposition",
    "change_status",
    "claim",
    "close",
    "confirm_grant",
    "dispose",
    "drop_draft",
    "end_category",
    "end_publicity",
    "file_declaration",
    "find_duplicate",
    "find_for_resident",
    "give_back",
    "in_bulk",
    "leave",
    "merge",
    "note",
    "object_to",
    "open_duty_lead",
    "papers_received",
    "place_in_line",
    "put_label",
    "rate",
    "record_grant",
    "register_finding",
    "reply",
    "request_papers",
    "request_person",
    "reroute",
    "return_lead",
    "reveal",
    "review",
    "score_of",
    "send_draft",
    "set_area",
    "standing",
    "start_category",
    "start_gradual_exit",
    "start_publicity",
    "take_alert",
    "take_back_grant",
    "take_over",
    "transfer",
    "undo_merge",
    "visit",
    "withdraw",
]

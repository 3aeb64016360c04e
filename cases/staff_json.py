"""The staff API's JSON for a case and for a row of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .household import Line
from .next_step import NextStep
from .shapes import Detail, GrantView, Summary
from .since import Changes


def detail_json(found: Detail, revealed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The shape of GET /api/cases/{receipt}; `revealed` values take the place of masked ones."""
    shown = revealed or {}
    return {
        **summary_json(found.summary),
        "conversation_id": found.conversation_id,
        "channel": found.channel,
        "discovery_channels": list(found.discovery_channels),
        "region_code": found.region_code,
        "region_text": found.region_text,
        "for_relation": found.for_relation,
        "story": found.story,
        "facts": {fact.key: shown.get(fact.key, fact.value) for fact in found.facts},
        "fact_sources": {
            fact.key: {"message_id": fact.message_id, "sentence": fact.sentence}
            for fact in found.facts
            if fact.sentence or fact.message_id
        },
        "hidden_facts": [fact.key for fact in found.facts if fact.hidden and fact.key not in shown],
        "verdicts": list((found.screening or {}).get("verdicts", [])),
        "screening": found.screening,
        "consents": list(found.consents),
        "disposition": found.disposition.disposition if found.disposition else None,
        "disposition_terms": found.disposition.terms if found.disposition else "",
        "disposition_awaits": found.disposition.awaits if found.disposition else "",
        "objection_open": found.objected,
        "aid_papers_due": found.aid_papers_due.isoformat() if found.aid_papers_due else None,
        "population": [
            {
                "category": one.category,
                "category_name": one.category.word,
                "starts_on": one.starts_on.isoformat(),
                "ends_on": one.ends_on.isoformat() if one.ends_on else None,
                "main": one.main,
            }
            for one in found.population
        ],
        "grants": [grant_json(one) for one in found.grants],
        "papers_needed": found.papers_needed,
        "result": found.result,
        "duplicates": list(found.duplicates),
        "held_by": "person" if found.held_by_person else "bot",
        "events": [
            {
                "kind": event.kind,
                "word": event.word,
                "who": event.who,
                "at": event.at.isoformat(),
                "text": event.text,
            }
            for event in found.events
        ],
    }


def grant_json(one: GrantView) -> dict[str, Any]:
    """A granted amount; yuan, as everywhere in JSON."""
    return {
        "id": one.id,
        "programme": one.programme,
        "amount": one.amount_fen / 100,
        "unit": one.unit,
        "starts": one.starts_on.isoformat(),
        "until": one.ends_on.isoformat() if one.ends_on else None,
        "persons": one.persons,
        "state": one.state,
        "waits_for_confirmation": one.waits or None,
        "recorded_by": one.recorded_by_name,
        "confirmed_by": one.confirmed_by_name or None,
    }


def summary_json(row: Summary) -> dict[str, Any]:
    """The shape of a row of GET /api/cases."""
    return {
        "receipt": row.receipt_no,
        "kind": row.kind,
        "status": row.state,
        "status_word": row.word,
        "urgency": row.urgency,
        "discovery_channel": row.discovery,
        "region_name": row.area_name,
        "area_pending": row.area_pending,
        "programmes": list(row.programmes),
        "need_types": list(row.needs),
        "applicant": row.name,
        "created_at": row.created_at.isoformat(),
        "due_on": row.due_on.isoformat(),
        "due_words": row.due_words,
        "due_note": row.due_note,
        "overdue": row.overdue,
        "waiting": row.waiting,
        "claimed_by": row.claimed_by,
        "labels": list(row.labels),
        "open_alerts": row.alerts,
        "leads": [
            {
                "id": lead.id,
                "need_type": lead.need,
                "department": lead.department,
                "department_name": lead.department.word,
                "area": lead.area_name,
                "area_code": lead.area_code,
                "due_at": lead.due_at.isoformat(),
                "status": lead.state,
                "status_word": lead.state.word,
                "assisting": lead.assisting,
                "first_aid": lead.first_aid,
                "result": lead.result,
                "answer": lead.answer,
            }
            for lead in row.leads
        ],
    }


def advice_json(step: NextStep | None, family: Sequence[Line], changed: Changes) -> dict[str, Any]:
    """The shape of GET /api/cases/{receipt}/advice."""
    return {
        "next_step": {"word": step.word, "why": step.why} if step is not None else None,
        "household": [
            {
                "programme": line.code,
                "name": line.name,
                "said": line.said,
                "screened": line.screened or None,
                "applied": [one or None for one in line.applied],
                "recognised": line.recognised,
                "paid": [{**grant_json(one.grant), "receipt": one.receipt_no} for one in line.paid],
            }
            for line in family
        ],
        "changed": {
            "facts": [asdict(one) for one in changed.facts],
            "verdicts": [asdict(one) for one in changed.verdicts],
        },
    }

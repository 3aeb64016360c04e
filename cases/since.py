"""申报以后变了什么: facts put right since the filing, and verdicts that would be others today.

The screening of the filing day stays as it was shown; this one is made anew from the facts that
stand, by today's figures, and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from rules import facts as schema
from rules import regions
from rules.errors import RulesError
from rules.programmes import ALL_CODES, REGISTRY
from rules.screening import screen

from . import facts
from .models import Case, CaseFact
from .sealing import unseal_json
from .states import FINAL_STATES, PROGRAMMES

#: What is stored with the filing itself is not "since".
FILING = timedelta(seconds=10)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Corrected:
    """A fact told later or otherwise; `before` is "" where it was not known."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Turned:
    """A verdict that would be another today."""

    programme: str
    kind: str
    person: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """Both; empty when nothing changed."""

    facts: tuple[Corrected, ...] = ()
    verdicts: tuple[Turned, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.facts or self.verdicts)


def changes(session: Session, cipher: Cipher, case: Case) -> Changes:
    """What is not as it was when the case was filed; nothing for a finished one."""
    if case.state in FINAL_STATES:
        return Changes()
    rows = list(
        session.scalars(
            select(CaseFact).where(CaseFact.case_id == case.id).order_by(CaseFact.created_at)
        )
    )
    corrected = _corrected(cipher, case, rows)
    stored = unseal_json(cipher, "case_record.screening", case.id, case.screening_encrypted)
    before = _outcomes((stored or {}).get("verdicts") or ())
    if not before:
        return Changes(corrected)
    standing = {row.key: facts.value_of(cipher, row) for row in rows if row.superseded_at is None}
    after = _again(case, standing, {code for code, *_ in before})
    turned = tuple(
        Turned(PROGRAMMES.get(key[0], key[0]), key[1], key[2], old, after[key])
        for key, old in before.items()
        if key in after and after[key] != old
    )
    return Changes(corrected, turned)


def _corrected(cipher: Cipher, case: Case, rows: Sequence[CaseFact]) -> tuple[Corrected, ...]:
    first: dict[str, CaseFact] = {}
    for row in rows:
        first.setdefault(row.key, row)
    found = []
    for row in rows:
        if row.superseded_at is not None or row.created_at <= case.created_at + FILING:
            continue
        old = first[row.key]
        before = "" if old is row else _shown(cipher, old)
        if (after := _shown(cipher, row)) != before:
            found.append(Corrected(facts.LABELS.get(row.key, row.key), before, after))
    return tuple(found)


def _shown(cipher: Cipher, row: CaseFact) -> str:
    return facts.display(row.key, facts.masked(row.key, facts.value_of(cipher, row)))


def _again(case: Case, standing: Mapping[str, Any], programmes: set[str]) -> dict[Key, str]:
    """Today's outcomes; none where the facts cannot be screened (a person has to look)."""
    known = {key: value for key, value in standing.items() if key in schema.SCHEMA}
    first = {programme.code for programme in REGISTRY}
    focus = None if programmes <= first else sorted(programmes & set(ALL_CODES))
    try:
        place = regions.named(case.region_code) if case.region_code else None
        found = screen(known, place, clock.today(), focus=focus)
    except RulesError:
        return {}
    return _outcomes([verdict.to_json() for verdict in found.verdicts])


def _outcomes(verdicts: Sequence[Mapping[str, Any]]) -> dict[Key, str]:
    return {
        (
            str(one.get("program", "")), str(one.get("kind", "standard")),
            str(one.get("person") or ""), str(one.get("subject", "")),
        ): str(one.get("outcome", ""))
        for one in verdicts
    }  # fmt: skip

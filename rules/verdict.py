"""What a screening says: never a decision, always reasons a person can check.

Amounts here are yuan, as spoken. `value`, `line` and `gap` of a reason are a number or, when the
facts are ranges, {"low", "high"}; `gap` is value minus line, so a negative gap is below the line.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.parameter_values import Parameter

Amount = int | float | dict[str, int | float | None] | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One leg of a verdict. `met`: True speaks for the resident, None is open or to be checked."""

    code: str
    rule_id: str
    clause: str
    met: bool | None
    value: Amount = None
    line: Amount = None
    gap: Amount = None
    unit: str = ""
    parameter: Parameter | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "rule_id": self.rule_id,
            "clause": self.clause,
            "met": self.met,
            "value": self.value,
            "line": self.line,
            "gap": self.gap,
            "unit": self.unit,
            "parameter": self.parameter.to_json() if self.parameter else None,
        }


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a line is, or which true circumstance would change the verdict."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "values": self.values}


@dataclass(frozen=True, slots=True)
class Estimate:
    """An amount a month, always labelled 估算; low equals high when the facts are exact."""

    low: int | float
    high: int | float
    unit: str
    formula: str
    label: str = "估算"

    def to_json(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "formula": self.formula,
            "label": self.label,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """One programme for one subject.

    `kind`: standard, jiantui (渐退), danrenbao (单人保), and for linshi the way that carried it:
    jinan (急难型), kuaijiu (急难型 with small fast aid), zhichu (支出型). `person` says whom a
    person's verdict concerns. `missing` are fact keys, the first worth asking first.
    """

    program: str
    subject: str
    outcome: str
    kind: str = "standard"
    person: str = ""
    reasons: list[Reason] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    distance: list[Distance] = field(default_factory=list)
    amount: Estimate | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "program": self.program,
            "subject": self.subject,
            "kind": self.kind,
            "person": self.person,
            "outcome": self.outcome,
            "reasons": [reason.to_json() for reason in self.reasons],
            "missing": list(self.missing),
            "distance": [distance.to_json() for distance in self.distance],
            "amount": self.amount.to_json() if self.amount else None,
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """All verdicts for a household as of a day in a place (None: the place is not known)."""

    as_of: date
    region: str | None
    verdicts: list[Verdict]
    region_name: str = ""
    notes: list[str] = field(default_factory=list)

    def of(self, program: str, kind: str | None = None) -> Verdict | None:
        """The first verdict of the programme (and kind), the household's own before others."""
        for verdict in self.verdicts:
            if verdict.program == program and kind in (None, verdict.kind):
                return verdict
        return None

    def to_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "region": self.region,
            "region_name": self.region_name,
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
            "notes": list(self.notes),
        }

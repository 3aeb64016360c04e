"""One dated value with its source, and what is set aside or missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.errors import ParameterError

VERIFIED_GRADES = frozenset("SABR")
MONTHLY, YEARLY = "元/人·月", "元/人·年"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value with its validity and source.

    `value` is None for a range (`low`, `high`); for a point `low == high == value`. `at_least`
    means "或以上". `comparison` is the operator the document uses (below | at_most), where it
    matters. `effective_from` is None when only the end of validity is known: such a value is
    history and never in force. `stale` (set by `in_force`) says that an amount of money is older
    than eighteen months on the day asked about, so that it may have been raised since.
    """

    name: str
    value: float | int | None
    low: float | int
    high: float | int
    at_least: bool
    unit: str
    region_code: str
    region_name: str
    population: str
    document: str
    clause: str
    evidence_grade: str
    effective_from: date | None
    effective_to: date | None
    checked_until: date | None
    verified: bool
    programme: str = ""
    label: str = ""
    comparison: str = ""
    note: str = ""
    url: str = ""
    end_inferred: bool = False
    ratio_note: str = ""
    stale: bool = False
    local_unverified: bool = False

    def covers(self, on: date) -> bool:
        """Whether the value held on that day; an unknown beginning covers nothing."""
        if self.effective_from is None or on < self.effective_from:
            return False
        return self.effective_to is None or on <= self.effective_to

    def monthly_fen(self) -> tuple[int, int]:
        """Low and high in fen a month, for amounts per person (yearly figures are divided)."""
        divisor = {MONTHLY: 1, YEARLY: 12}.get(self.unit)
        if divisor is None:
            raise ParameterError(f"{self.name} 的单位不是按人按月或按年的钱：{self.unit}")
        return round(self.low * 100 / divisor), round(self.high * 100 / divisor)

    @property
    def title(self) -> str:
        """Place, figure and group as a person reads them: 重庆市农村低保标准."""
        group = {"urban": "城镇", "rural": "农村"}.get(self.population, "")
        return f"{self.region_name}{group}{self.label or self.name}"

    @property
    def since(self) -> str:
        """2020年起, as said before the figure; empty while its beginning is not known."""
        return f"{self.effective_from.year}年起" if self.effective_from else ""

    def citation(self) -> str:
        """Document and article as shown to residents; never a mirror's address."""
        return self.document + self.clause

    def to_json(self) -> dict[str, Any]:
        """What a verdict or an answer needs to quote the value."""
        return {
            "name": self.name,
            "label": self.label,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "at_least": self.at_least,
            "unit": self.unit,
            "region_code": self.region_code,
            "region_name": self.region_name,
            "population": self.population,
            "document": self.document,
            "clause": self.clause,
            "evidence_grade": self.evidence_grade,
            "effective_from": _iso(self.effective_from),
            "effective_to": _iso(self.effective_to),
            "checked_until": _iso(self.checked_until),
            "verified": self.verified,
            "stale": self.stale,
        }


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A value set aside: why, and the reading a person could confirm."""

    parameter: Parameter
    reason_zh: str
    proposed_unit: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure the source text lost; answers say that it is unknown."""

    name: str
    region_code: str
    reason_zh: str
    label: str = ""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""Which facts are still open for an evaluated row, and which of them a verdict waits for."""

from collections.abc import Mapping
from typing import Any

from rules.criteria import NEED_ANSWERS, Criterion
from rules.law import Law

# What an open truth of a shared outcome waits for: its own criteria.
_BORROWED = {
    "aid_covered": ("dibao", "dibao_bianyuan"),
    "medical_status": ("dibao", "dibao_bianyuan"),
    "edge_after_dibao": ("dibao",),
}
ORDER = (
    "region", "shock", "household_size", "monthly_income_total", "hukou", "car", "deposit",
    "pension_kind", "medical_expense_self", "disability_level", "disability_type",
    "critical_illness_insured", "age", "employed",
)  # fmt: skip


def open_facts(row: Mapping[str, Any], law: Law) -> set[str]:
    """Askable facts whose answer could still change something in this row."""
    facts: set[str] = set()
    if law.region is None:
        facts.add("region")
    if row["hukou"] is None and law.differs_by_hukou:
        facts.add("hukou")
    sized = row["size_low"] is not None and row["size_low"] == row["size_high"]
    if not sized and not row["by_head"]:
        facts.add("household_size")
    if row["said_high"] is None or row["said_low"] != row["said_high"]:
        facts.add("monthly_income_total")
    elif row["pension"] and row["pension_kind"] is None and not row["by_head"]:
        facts.add("pension_kind")
    if row["car"] is None:
        facts.add("car")
    if row["has_big_deposit"] is None:
        # Without the line, the place or the heads, the deposit cannot be weighed yet either.
        exact = row["deposit_low"] is not None and row["deposit_low"] == row["deposit_high"]
        if not exact:
            facts.add("deposit")
        elif not sized:
            facts.add("household_size")
    if row["shock"] is None:
        facts.add("shock")
    if row["aid_spending"] is None or row["medical_self_high"] is None:
        facts.add("medical_expense_self")
    level = row["level"]
    if level is None:
        facts.add("disability_level")
    if level == 3 and row["disability_type"] is None:
        facts.add("disability_type")
    if row["critical_illness"] is None:
        facts.add("critical_illness_insured")
    if level in (1, 2):
        if row["age_low"] is None or row["age_low"] != row["age_high"]:
            facts.add("age")
        if row["employed"] is None:
            facts.add("employed")
    if row["someone_employed"] is None and row["jiantui"] is not None:
        facts.add("employed")
    return facts


def missing_of(
    column: str, row: Mapping[str, Any], law: Law, criteria: Mapping[str, tuple[Criterion, ...]]
) -> list[str]:
    """The facts an open verdict waits for; [] when the verdict is not open."""
    if row[column] != NEED_ANSWERS:
        return []
    reads: set[str] = set()
    for criterion in criteria[column]:
        if row[criterion.column] is not None:
            continue
        borrowed = _BORROWED.get(criterion.column, ())
        reads.update(criterion.reads)
        if criterion.measure == "property" and row["has_big_deposit"] is None:
            # A told deposit is weighed a head and against the standard.
            reads.update(("household_size", "hukou", "region") if row["deposit_low"] else ())
        for other in borrowed:
            if row[other] == NEED_ANSWERS:
                reads.update(missing_of(other, row, law, criteria))
    found = reads & open_facts(row, law)
    return [key for key in ORDER if key in found]

"""Which facts are still open for an evaluated row, and which of them a verdict waits for."""

from collections.abc import Callable, Mapping
from typing import Any

from rules import facts as schema
from rules.criteria import NEED_ANSWERS, Criterion
from rules.household import ALL_FILLS
from rules.law import Law

Row = Mapping[str, Any]
# The order in which equally useful facts are asked; the rest follows in the schema's order.
_FIRST = (
    "region", "shock", "household_size", "monthly_income_total", "hukou", "car", "deposit",
    "pension_kind", "medical_expense_self", "tuition", "disability_level", "disability_type",
    "critical_illness_insured", "age", "employed",
)  # fmt: skip
ORDER = (*_FIRST, *(key for key in schema.SCHEMA if key not in _FIRST))


def _exact(row: Row, name: str) -> bool:
    low = row[f"{name}_low"]
    return low is not None and low == row[f"{name}_high"]


def _sized(row: Row) -> bool:
    return _exact(row, "size")


def _income_exact(row: Row) -> bool:
    return row["said_high"] is not None and row["said_low"] == row["said_high"]


def _weighing(row: Row) -> bool:
    """Whether told deposits are not yet surely below or above every limit they are held against."""
    return any(row.get(name, False) is None for name in ("has_big_deposit", "margin_big_deposit"))


def _wide(row: Row) -> bool:
    """Whether programmes beyond the first screening are looked at, which read more of a person."""
    return "supporter" in row


# When a fact is open although, or closed even though, its own column says otherwise.
_OPEN: dict[str, Callable[[Row, Law], bool]] = {
    "region": lambda _, law: law.region is None,
    "hukou": lambda row, law: row["hukou"] is None and (law.differs_by_hukou or _wide(row)),
    "household_size": lambda row, _: not _sized(row) and (
        not row["by_head"] or bool(row["gets_tekun"])
        or (_weighing(row) and _exact(row, "deposit"))
    ),
    "monthly_income_total": lambda row, _: not _income_exact(row),
    "pension_kind": lambda row, _: bool(
        _income_exact(row) and row["pension"] and row["pension_kind"] is None
        and not row["by_head"]
    ),
    # Without the line, the place or the heads, an exact deposit cannot be weighed yet either.
    "deposit": lambda row, _: _weighing(row) and not _exact(row, "deposit"),
    "medical_expense_self": lambda row, _: not _exact(row, "medical_self"),
    "disability_type": lambda row, _: row["disability_type"] is None
    and (row["level"] == 3 or (_wide(row) and row["level"] != 0)),
    "age": lambda row, _: (row["level"] in (1, 2) or _wide(row)) and not _exact(row, "age"),
    "employed": lambda row, _: ((row["level"] in (1, 2) or _wide(row)) and row["employed"] is None)
    or (row["jiantui"] is not None and row["someone_employed"] is None),
}  # fmt: skip


def is_open(fact: str, row: Row, law: Law) -> bool:
    """Whether an answer to the fact could still add anything to this row."""
    if fact in _OPEN:
        return _OPEN[fact](row, law)
    columns = ALL_FILLS[fact]
    told = [row.get(column) for column in columns]
    sided = len(columns) > 1 and columns[0].endswith("_low")
    return told[0] is None or (sided and len(set(told)) > 1)


def missing_of(
    column: str, row: Row, law: Law, criteria: Mapping[str, tuple[Criterion, ...]]
) -> list[str]:
    """The facts an open verdict waits for; [] when the verdict is not open."""
    if row[column] != NEED_ANSWERS:
        return []
    reads = _reads(column, row, criteria, open_only=True)
    found = [key for key in ORDER if key in reads and is_open(key, row, law)]
    if not found:
        # Every criterion is known and their combination is not: whatever they read may help.
        reads = _reads(column, row, criteria, open_only=False)
        found = [key for key in ORDER if key in reads and is_open(key, row, law)]
    return found


def _reads(
    column: str, row: Row, criteria: Mapping[str, tuple[Criterion, ...]], *, open_only: bool
) -> set[str]:
    """What the criteria of a verdict read, with those of the verdicts they borrow."""
    reads: set[str] = set()
    for criterion in criteria[column]:
        if open_only and row[criterion.column] is not None:
            continue
        reads.update(criterion.reads)
        if criterion.measure == "property" and row[criterion.deposits] is None:
            # A told deposit is weighed a head and against the standard.
            reads.update(("household_size", "hukou", "region") if row["deposit_low"] else ())
        for other in set(criterion.truth.meta.root_names()) & criteria.keys():
            if other != column and row[other] == NEED_ANSWERS:
                reads |= _reads(other, row, criteria, open_only=open_only)
    return reads

"""Reasons for a whole register: the truth of every criterion, with value, line and gap.

One row a reason, as `reasons.of_criteria` gives for one household; `clauses` has the texts once.
"""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from rules import law as laws
from rules.bulk import outcomes
from rules.criteria import Criterion, Programme
from rules.evaluate import criteria_of
from rules.law import GROUPS, Law
from rules.parameter_store import Store
from rules.programmes import REGISTRY
from rules.reasons import only_when

INCOME = ("said_low", "said_high", "heads_low", "heads_high", "hukou")
_NUMBER = pl.Float64
Over = Callable[[pl.LazyFrame], pl.LazyFrame]


def reasons_of(
    table: pl.DataFrame,
    region: str | None,
    on: date,
    store: Store | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    ids: Sequence[str] = (),
) -> pl.DataFrame:
    """Reasons in the order of the programmes: row, ids, column, code, met, value, line, gap.

    `row` is the position in the table. Amounts are yuan a head and month; value is the lower end
    where the facts are a range, and line the higher one where the standard is.
    """
    law = laws.of(region, on, store)
    criteria = criteria_of(law, programmes)
    truths = list(dict.fromkeys(c.column for found in criteria.values() for c in found))
    judged = outcomes(table, law, programmes, [*truths, *INCOME])
    wide = judged.lazy().with_row_index("row").with_columns(_value(), *_lines(law, criteria))
    if ids:
        wide = pl.concat([wide, table.lazy().select(ids)], how="horizontal")
    parts = [
        _part(programme, criterion, ids)
        for programme in programmes
        for criterion in criteria[programme.column]
    ]
    told = wide.collect().lazy()
    return pl.concat(pl.collect_all([part(told) for part in parts]))


def clauses(law: Law, programmes: tuple[Programme, ...] = REGISTRY) -> pl.DataFrame:
    """column, code, rule_id, clause of every criterion: join it on code."""
    return pl.DataFrame(
        [
            {"column": column, "code": c.column, "rule_id": c.rule_id, "clause": c.clause}
            for column, found in criteria_of(law, programmes).items()
            for c in found
        ]
    )


def _value() -> pl.Expr:
    value = pl.col("said_low") / (1200 * pl.col("heads_high"))
    return pl.when(pl.col("said_high").is_not_null()).then(value.round(2)).alias("__value")


def _lines(law: Law, criteria: dict[str, tuple[Criterion, ...]]) -> list[pl.Expr]:
    """One column a multiple: the line a head and month for the row's hukou."""
    wanted = {c.multiple for found in criteria.values() for c in found if c.measure == "income"}
    ends = {group: line.high for group in GROUPS if (line := law.line(group))}
    both = None if law.differs_by_hukou else ends.get("rural")
    found = []
    for multiple in sorted(wanted):
        unknown = pl.when(pl.col("hukou").is_null()).then(pl.lit(both, dtype=_NUMBER))
        per_year: pl.Expr = unknown.otherwise(None)
        for group, end in ends.items():
            here = pl.when(pl.col("hukou") == group)
            per_year = here.then(pl.lit(float(end))).otherwise(per_year)
        found.append((per_year * multiple / 120_000).round(2).alias(f"__line_{multiple}"))
    return found


def _part(programme: Programme, criterion: Criterion, ids: Sequence[str]) -> Over:
    def over(wide: pl.LazyFrame) -> pl.LazyFrame:
        truth = pl.col(criterion.column)
        rows = wide.filter(pl.col(programme.column).is_not_null())
        wanted = only_when(criterion)
        if wanted is not None:
            rows = rows.filter(truth == wanted)
        income = criterion.measure == "income"
        value = pl.col("__value") if income else pl.lit(None, dtype=_NUMBER)
        line = pl.col(f"__line_{criterion.multiple}") if income else pl.lit(None, dtype=_NUMBER)
        return rows.select(
            "row", *ids,
            pl.lit(programme.column).cast(pl.Categorical).alias("column"),
            pl.lit(criterion.column).cast(pl.Categorical).alias("code"),
            (truth == criterion.wanted).alias("met"),
            value.alias("value"), line.alias("line"), (value - line).round(2).alias("gap"),
        )  # fmt: skip

    return over

"""Reasons for a whole register: the truth of every criterion, with value, line, gap and source.

One row a reason, as `reasons.of_criteria` gives for one household; `clauses` has the texts once.
The remarks that single screening adds (what else to know, where to apply) are not among them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from rules import clashes
from rules import law as laws
from rules.bulk import outcomes
from rules.criteria import Criterion, Programme
from rules.evaluate import criteria_of, figures
from rules.law import GROUPS, Law
from rules.parameter_store import Store
from rules.parameter_values import Parameter
from rules.programmes import REGISTRY
from rules.reasons import (
    BY_LIMIT,
    PROPERTY_CAR,
    PROPERTY_CODES,
    PROPERTY_DEPOSIT,
    PROPERTY_HOUSES,
    PROPERTY_UNSEEN,
    only_when,
    undecided,
)

_READ = (
    "said_low", "said_high", "heads_low", "heads_high", "hukou", "car",
    "deposit_low", "houses", "medical_self_low",
)  # fmt: skip
_NUMBER = pl.Float64
_NO_NUMBER = pl.lit(None, dtype=_NUMBER)
Over = Callable[[pl.LazyFrame, Sequence[str]], pl.LazyFrame]


def reasons_of(
    table: pl.DataFrame,
    region: str | None,
    on: date,
    store: Store | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    ids: Sequence[str] = (),
) -> pl.DataFrame:
    """Reasons by programme: row, ids, column, code, met, value, line, gap, source.

    `row` is the position in the table. Amounts are yuan, income a head and month; value is the
    lower end where the facts are a range, and line the higher one where the standard is. `source`
    is the document of the line, or of another figure the criterion goes by, with its article. With
    a column `nth` the reasons of the household stand with its first person alone.
    """
    law = laws.of(region, on, store)
    criteria = criteria_of(law, programmes)
    truths = list(dict.fromkeys(c.column for found in criteria.values() for c in found))
    compared = figures(law, programmes)
    derived = {c.deposits for found in criteria.values() for c in found}
    derived |= {
        f"income_at_{side}_{c.multiple}"
        for found in criteria.values()
        for c in found
        if c.open_line
        for side in ("least", "most")
    }
    roots = (root for figure in compared for root in figure.meta.root_names())
    read = [*truths, *_READ, *derived, *roots]
    judged = outcomes(table, law, programmes, list(dict.fromkeys(read)))
    wide = judged.lazy().with_row_index("row")
    wide = wide.with_columns(_value(), _source(law), *_lines(law, criteria), *compared)
    kept = [name for name in dict.fromkeys([*ids, "nth"]) if name in table.columns]
    wide = pl.concat([wide, table.lazy().select(kept)], how="horizontal")
    told = wide.collect().lazy()
    parts = [
        part(told, ids)
        for programme in programmes
        for criterion in criteria[programme.column]
        for part in _parts(programme, criterion, once="nth" in kept)
    ]
    parts += clashes.reasons_of(table, law, programmes, ids)
    return pl.concat(pl.collect_all(parts))


def clauses(law: Law, programmes: tuple[Programme, ...] = REGISTRY) -> pl.DataFrame:
    """column, code, rule_id, clause of every reason a verdict can have: join it on both."""
    told = [(clashes.code_of(key), clashes.clause_of(key)) for key in clashes.possible()]
    differ = [
        {"column": programme.column, "code": code, "rule_id": clashes.RULE, "clause": clause}
        for programme in programmes
        for code, clause in told
    ]
    return pl.DataFrame(
        [
            {"column": column, "code": code, "rule_id": c.rule_id, "clause": c.clause}
            for column, found in criteria_of(law, programmes).items()
            for c in found
            for code in (PROPERTY_CODES if c.measure == "property" else (c.column,))
        ]
        + differ
    )


def _value() -> pl.Expr:
    value = pl.col("said_low") / (1200 * pl.col("heads_high"))
    told = pl.col("said_high").is_not_null() | (pl.col("said_low") > 0)
    return pl.when(told).then(value).alias("__value")


def _source(law: Law) -> pl.Expr:
    """Where the standard of the row's hukou stands."""
    both = None if law.differs_by_hukou else law.standards.get("rural")
    unknown = pl.when(pl.col("hukou").is_null()).then(_cited(both))
    found: pl.Expr = unknown.otherwise(_cited(None))
    for group, standard in law.standards.items():
        found = pl.when(pl.col("hukou") == group).then(_cited(standard)).otherwise(found)
    return found.alias("__source")


def _cited(parameter: Parameter | None) -> pl.Expr:
    return pl.lit(parameter.citation() if parameter else None, dtype=pl.String)


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


def _parts(programme: Programme, criterion: Criterion, *, once: bool) -> Iterator[Over]:
    """The rows of each reason the criterion can give."""
    truth = pl.col(criterion.column)
    here = pl.col(programme.column).is_not_null()
    if once and programme.subject == "household":
        here &= pl.col("nth").fill_null(0) == 0
    wanted = only_when(criterion)
    if wanted is not None:
        here &= truth == wanted
    nothing = pl.lit(None, dtype=pl.Boolean)
    met = nothing if undecided(criterion) else truth == criterion.wanted
    if criterion.open_line:
        sides = (pl.col(f"income_at_{side}_{criterion.multiple}") for side in ("least", "most"))
        met = pl.when(~pl.all_horizontal(*sides).fill_null(value=False)).then(met)
    source = _cited(criterion.parameter)
    if criterion.measure == "property":
        doubts = {
            PROPERTY_CAR: (pl.col("car"), _NO_NUMBER),
            PROPERTY_DEPOSIT: (pl.col(criterion.deposits), _yuan("deposit_low")),
            PROPERTY_HOUSES: (pl.col("houses") >= 2, pl.col("houses").cast(_NUMBER)),
        }
        told = [seen.fill_null(value=False) for seen, _ in doubts.values()]
        for code, (seen, value) in doubts.items():
            cited = source if code in BY_LIMIT else _cited(None)
            yield _over(programme, code, here & seen, nothing, value, _NO_NUMBER, cited)
        unseen = here & ~pl.any_horizontal(told)
        yield _over(programme, PROPERTY_UNSEEN, unseen, met, _NO_NUMBER, _NO_NUMBER, source)
        return
    value = line = _NO_NUMBER
    if criterion.measure == "income":
        value, line = pl.col("__value").round(2), pl.col(f"__line_{criterion.multiple}")
        value = pl.when(value == line).then(pl.col("__value").round(4)).otherwise(value)
        source = pl.col("__source") if criterion.multiple == 100 else source
    if criterion.compared is not None:
        value, line = (pl.col(f"{criterion.column}__{end}") for end in ("value", "line"))
    if criterion.measure == "spending":
        value = _yuan("medical_self_low")
    yield _over(programme, criterion.column, here, met, value, line, source)


def _over(
    programme: Programme,
    code: str,
    here: pl.Expr,
    met: pl.Expr,
    value: pl.Expr,
    line: pl.Expr,
    source: pl.Expr,
) -> Over:
    def over(wide: pl.LazyFrame, ids: Sequence[str]) -> pl.LazyFrame:
        return wide.filter(here).select(
            "row", *ids,
            pl.lit(programme.column).cast(pl.Categorical).alias("column"),
            pl.lit(code).cast(pl.Categorical).alias("code"),
            met.alias("met"), value.alias("value"), line.alias("line"),
            _gap(value, line).alias("gap"), source.cast(pl.Categorical).alias("source"),
        )  # fmt: skip

    return over


def _gap(value: pl.Expr, line: pl.Expr) -> pl.Expr:
    gap = value - line
    return pl.when(gap.round(2) == 0).then(gap.round(4)).otherwise(gap.round(2))


def _yuan(column: str) -> pl.Expr:
    return (pl.col(column) / 100).round(2)

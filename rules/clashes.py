"""Facts in which the lines of one household differ: they are unknown, and a person looks.

That a dropped fact is unknown is not enough: some facts count as "no" while nobody tells them, so a
verdict could be settled by what was dropped. What reads the fact, also by way of another programme,
is therefore left to a person. Which programme reads what is read off the expressions.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from rules import facts as schema
from rules.criteria import LIKELY, NEED_PERSON, UNLIKELY, Programme
from rules.law import Law
from rules.reach import columns_of, readers

COLUMN = "clashes"  # of a register: the facts, with commas between them
RULE = "PM-03"


def row_of(keys: Sequence[str]) -> dict[str, Any]:
    """The columns of a household in which these facts were told in two ways."""
    figures = any(key != "region" and "figures_conflict" in columns_of(key) for key in keys)
    return {COLUMN: ",".join(keys), **({"figures_conflict": True} if figures else {})}


def reads(key: str, column: str, law: Law, programmes: tuple[Programme, ...]) -> bool:
    """Whether the outcome goes by the fact; all go by the place."""
    return key == "region" or not columns_of(key).isdisjoint(readers(law, programmes)[column])


def to_person(
    found: pl.DataFrame, table: pl.DataFrame, law: Law, programmes: tuple[Programme, ...]
) -> pl.DataFrame:
    """The outcomes, with none settled that goes by a fact in which the household's lines differ."""
    told = keys_in(table)
    if not told:
        return found
    changed = []
    for programme in programmes:
        mine = [key for key in told if reads(key, programme.column, law, programmes)]
        outcome = pl.col(programme.column)
        settled = outcome.cast(pl.String).is_in([LIKELY, UNLIKELY])
        person = pl.lit(NEED_PERSON, dtype=found.schema[programme.column])
        changed.append(
            pl.when(settled & pl.any_horizontal(pl.lit(value=False), *map(_has, mine)))
            .then(person)
            .otherwise(outcome)
            .alias(programme.column)
        )
    return found.with_columns(table[COLUMN]).with_columns(changed).drop(COLUMN)


def reasons_of(
    table: pl.DataFrame, law: Law, programmes: tuple[Programme, ...], ids: Sequence[str]
) -> list[pl.LazyFrame]:
    """A reason for each fact that leaves a programme to a person, as `bulk_reasons` has them."""
    wide = table.lazy().with_row_index("row")
    nothing = pl.lit(None, dtype=pl.Float64)
    found = []
    for key in keys_in(table):
        for programme in programmes:
            if not reads(key, programme.column, law, programmes):
                continue
            here = _has(key)
            if "nth" in table.columns and programme.subject == "household":
                here &= pl.col("nth").fill_null(0) == 0
            found.append(
                wide.filter(here).select(
                    "row", *ids,
                    pl.lit(programme.column).cast(pl.Categorical).alias("column"),
                    pl.lit(code_of(key)).cast(pl.Categorical).alias("code"),
                    pl.lit(None, dtype=pl.Boolean).alias("met"), nothing.alias("value"),
                    nothing.alias("line"), nothing.alias("gap"),
                    pl.lit(None, dtype=pl.String).cast(pl.Categorical).alias("source"),
                )
            )  # fmt: skip
    return found


def code_of(key: str) -> str:
    """The reason's code; it names the fact."""
    return f"lines_differ_{key}"


def clause_of(key: str) -> str:
    """The reason in words."""
    label = "地区" if key == "region" else schema.SCHEMA[key].label
    return f"同一户的几行里“{label}”写得不一样，由工作人员核对"


def possible() -> list[str]:
    """Every fact in which the lines of a household can differ."""
    return ["region", *(key for key, fact in schema.SCHEMA.items() if not fact.of_person)]


def keys_in(table: pl.DataFrame) -> list[str]:
    """The facts that occur in the table's column of clashes."""
    if COLUMN not in table.columns:
        return []
    told = table[COLUMN].drop_nulls().unique().to_list()
    return sorted({key for cell in told for key in cell.split(",")})


def _has(key: str) -> pl.Expr:
    return pl.col(COLUMN).str.split(",").list.contains(key).fill_null(value=False)

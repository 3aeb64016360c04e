"""The same rules over a register: one row a person in the columns of `household.COLUMNS`.

A register loader brings its own columns into this shape (fen, low and high); what it lacks is null,
and null is "not known" here as everywhere. A household verdict is the same on all its rows.
"""

from datetime import date

import polars as pl

from rules import law as laws
from rules.evaluate import lazily
from rules.household import COLUMNS
from rules.parameter_store import Store
from rules.programmes import REGISTRY

OUTCOME_COLUMNS = tuple(programme.column for programme in REGISTRY)


def screen_frame(
    frame: pl.DataFrame | pl.LazyFrame, region: str, on: date, store: Store | None = None
) -> pl.DataFrame:
    """The frame with one outcome column a programme: dibao, jiantui, danrenbao, ….

    Columns of the register that are not facts are kept. Raises UnknownRegion, and
    pl.exceptions.SchemaError for a fact column of the wrong type.
    """
    lazy = frame.lazy()
    schema = lazy.collect_schema()
    wrong = [name for name, dtype in COLUMNS.items() if name in schema and schema[name] != dtype()]
    if wrong:
        raise pl.exceptions.SchemaError(f"类型不对的列：{', '.join(wrong)}")
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in COLUMNS.items()
        if name not in schema
    ]
    law = laws.of(region, on, store)
    kept = [name for name in schema if name not in OUTCOME_COLUMNS]
    return lazily(lazy.with_columns(absent), law).select(*kept, *OUTCOME_COLUMNS).collect()


def compare(
    frame: pl.DataFrame, region: str, before: date, after: date, store: Store | None = None
) -> pl.DataFrame:
    """Who changes between two days: column, outcome before, outcome after, rows."""
    old = screen_frame(frame, region, before, store).select(OUTCOME_COLUMNS)
    new = screen_frame(frame, region, after, store).select(OUTCOME_COLUMNS)
    parts = [
        pl.DataFrame({"column": [name] * len(old), "before": old[name], "after": new[name]})
        for name in OUTCOME_COLUMNS
    ]
    return (
        pl.concat(parts)
        .filter(pl.col("before").ne_missing(pl.col("after")))
        .group_by("column", "before", "after")
        .len("rows")
        .sort("column", "before", "after")
    )

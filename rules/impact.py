"""What a change does to a register before it is made: who gains, who loses, who enters 渐退.

The preview screens the register twice, with the parameters as they are and as they would be; after
publishing, the same screening gives the same outcomes, because both are the same computation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from rules.bulk import screen_register
from rules.criteria import LIKELY, Programme
from rules.parameter_store import Store
from rules.parameter_values import Parameter
from rules.programmes import REGISTRY

GAINS, LOSES, ENTERS_EXIT, OTHER = "gains", "loses", "enters_jiantui", "other"
KINDS = (GAINS, LOSES, ENTERS_EXIT, OTHER)
EXIT_COLUMN = "jiantui"


def with_overrides(store: Store, overrides: Iterable[Parameter]) -> Store:
    """The store with dated values published on top of the files.

    A new value ends the one in force the day before it begins, and takes the place of one that
    begins on the same day. Raises ParameterError when the outcome contradicts itself: two values at
    one time, 特困 under 1.3 times 低保.
    """
    kept = list(store.parameters)
    for new in overrides:
        if new.effective_from is None:
            raise ValueError("a published value needs a first day")
        eve = new.effective_from - timedelta(days=1)
        result: list[Parameter] = []
        for old in kept:
            same = (old.name, old.region_code, old.population) == (
                new.name, new.region_code, new.population,
            )  # fmt: skip
            if same and old.effective_from == new.effective_from:
                continue
            if same and old.covers(new.effective_from):
                result.append(replace(old, effective_to=eve))
                continue
            result.append(old)
        kept = [*result, new]
    return Store.of(kept, store.gaps)


def changes(
    old: pl.DataFrame, new: pl.DataFrame, ids: Sequence[str], programmes: Sequence[str]
) -> pl.DataFrame:
    """Rows whose outcome differs: ids, column, before, after, change.

    Both tables hold the ids and an outcome column a programme, in the same order of rows.
    """
    parts = []
    for column in programmes:
        both = pl.concat(
            [
                new.lazy().select(*ids, pl.col(column).alias("after")),
                old.lazy().select(pl.col(column).alias("before")),
            ],
            how="horizontal",
        )
        before, after = pl.col("before"), pl.col("after")
        gains = after.eq_missing(pl.lit(LIKELY))
        kind = (
            pl.when(gains & pl.lit(column == EXIT_COLUMN))
            .then(pl.lit(ENTERS_EXIT))
            .when(gains)
            .then(pl.lit(GAINS))
            .when(before.eq_missing(pl.lit(LIKELY)) & pl.lit(column != EXIT_COLUMN))
            .then(pl.lit(LOSES))
            .otherwise(pl.lit(OTHER))
        )
        parts.append(
            both.with_columns(before.cast(pl.String), after.cast(pl.String))
            .filter(before.ne_missing(after))
            .select(*ids, pl.lit(column).alias("column"), "before", "after", kind.alias("change"))
        )
    return pl.concat(pl.collect_all(parts))


def preview(
    table: pl.DataFrame,
    on: date,
    before: Store,
    after: Store,
    region: str | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    ids: Sequence[str] = ("household", "township"),
) -> pl.DataFrame:
    """Who changes when the parameters do, as `changes`; both screened for the same day."""
    columns = [programme.column for programme in programmes]
    kept = table.select(name for name in ids if name in table.columns)
    named = kept.columns
    tables = [
        pl.concat([kept, screen_register(table, on, region, store, programmes)], how="horizontal")
        for store in (before, after)
    ]
    return changes(tables[0], tables[1], named, columns)


def by_township(found: pl.DataFrame) -> pl.DataFrame:
    """How many households a township, programme and kind of change."""
    return (
        found.group_by("township", "column", "change")
        .agg(pl.col("household").n_unique().alias("households"))
        .sort("township", "column", "change")
    )

"""Runs all programmes over a facts frame: one path for a resident, for worlds and a register."""

from collections.abc import Mapping
from functools import lru_cache

import polars as pl

from rules.circumstances import FURTHER_FILLS
from rules.criteria import Criterion, Programme, derivations
from rules.household import FILLS
from rules.law import Law
from rules.programmes import REGISTRY
from rules.programmes.relations import settle

# Planning costs a small frame more than it saves.
_UNPLANNED = pl.QueryOptFlags.none()


Programmes = tuple[Programme, ...]


@lru_cache(maxsize=256)
def criteria_of(law: Law, programmes: Programmes = REGISTRY) -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each programme column under this law."""
    return {programme.column: tuple(programme.criteria(law)) for programme in programmes}


@lru_cache(maxsize=256)
def varied_by(law: Law, programmes: Programmes = REGISTRY) -> Mapping[str, tuple[str, ...]]:
    """Which facts possible worlds vary for these programmes, and the columns each fills."""
    if programmes == REGISTRY:
        return FILLS
    reads = {
        key
        for criteria in criteria_of(law, programmes).values()
        for criterion in criteria
        for key in criterion.reads
    }
    return {**FILLS, **{key: FURTHER_FILLS[key] for key in FURTHER_FILLS if key in reads}}


@lru_cache(maxsize=256)
def stages(law: Law, programmes: Programmes = REGISTRY) -> tuple[tuple[pl.Expr, ...], ...]:
    """Expressions to add one stage after the other; later stages read earlier columns."""
    found = [tuple(expr.alias(name) for name, expr in stage.items()) for stage in derivations(law)]
    for programme in programmes:
        criteria = criteria_of(law, programmes)[programme.column]
        found.append(tuple(criterion.truth.alias(criterion.column) for criterion in criteria))
        found.append((programme.outcome(law).alias(programme.column),))
    if settled := settle(programmes):
        found.append(tuple(expr.alias(name) for name, expr in settled.items()))
    return tuple(found)


def lazily(frame: pl.LazyFrame, law: Law, programmes: Programmes = REGISTRY) -> pl.LazyFrame:
    """Add the derived columns, every criterion's truth and every programme's outcome."""
    for stage in stages(law, programmes):
        frame = frame.with_columns(stage)
    return frame


@lru_cache(maxsize=256)
def figures(law: Law, programmes: Programmes = REGISTRY) -> tuple[pl.Expr, ...]:
    """What criteria compare: two columns each, the figure and its line, as reasons show them."""
    return tuple(
        side.round(2).alias(f"{criterion.column}__{name}")
        for criteria in criteria_of(law, programmes).values()
        for criterion in criteria
        if criterion.compared is not None
        for name, side in zip(("value", "line"), criterion.compared[:2], strict=True)
    )


def evaluate(frame: pl.DataFrame, law: Law, programmes: Programmes = REGISTRY) -> pl.DataFrame:
    """The facts frame with all truths, outcomes and compared figures, in memory.

    Programmes outside the first screening need the frame's `household.ALL_COLUMNS`.
    """
    found = lazily(frame.lazy(), law, programmes)
    if compared := figures(law, programmes):
        found = found.with_columns(compared)
    return found.collect(optimizations=_UNPLANNED)

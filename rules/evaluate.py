"""Runs all programmes over a facts frame: one path for a resident, for worlds and a register."""

from functools import lru_cache

import polars as pl

from rules.criteria import Criterion, derivations
from rules.law import Law
from rules.programmes import REGISTRY

# Planning costs a small frame more than it saves.
_UNPLANNED = pl.QueryOptFlags.none()


@lru_cache(maxsize=256)
def criteria_of(law: Law) -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each programme column under this law."""
    return {programme.column: tuple(programme.criteria(law)) for programme in REGISTRY}


@lru_cache(maxsize=256)
def _stages(law: Law) -> tuple[tuple[pl.Expr, ...], ...]:
    """Expressions to add one stage after the other; later stages read earlier columns."""
    stages = [tuple(expr.alias(name) for name, expr in stage.items()) for stage in derivations(law)]
    for programme in REGISTRY:
        criteria = criteria_of(law)[programme.column]
        stages.append(tuple(criterion.truth.alias(criterion.column) for criterion in criteria))
        stages.append((programme.outcome(law).alias(programme.column),))
    return tuple(stages)


def lazily(frame: pl.LazyFrame, law: Law) -> pl.LazyFrame:
    """Add the derived columns, every criterion's truth and every programme's outcome."""
    for stage in _stages(law):
        frame = frame.with_columns(stage)
    return frame


def evaluate(frame: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The facts frame with all truths and outcomes, in memory."""
    return lazily(frame.lazy(), law).collect(optimizations=_UNPLANNED)

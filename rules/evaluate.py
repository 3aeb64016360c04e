"""Runs all programmes over a facts frame: one path for a resident, for worlds and a register."""

from functools import lru_cache

import polars as pl

from rules.criteria import Criterion, derive
from rules.law import Law
from rules.programmes import REGISTRY


@lru_cache(maxsize=256)
def _stages(law: Law) -> tuple[tuple[tuple[Criterion, ...], str, pl.Expr], ...]:
    return tuple(
        (tuple(programme.criteria(law)), programme.column, programme.outcome(law))
        for programme in REGISTRY
    )


def criteria_of(law: Law) -> dict[str, tuple[Criterion, ...]]:
    """The criteria of each programme column under this law."""
    return {column: criteria for criteria, column, _ in _stages(law)}


def lazily(frame: pl.LazyFrame, law: Law) -> pl.LazyFrame:
    """Add the derived columns, every criterion's truth and every programme's outcome."""
    frame = derive(frame, law)
    for criteria, column, outcome in _stages(law):
        frame = frame.with_columns(c.truth.alias(c.column) for c in criteria)
        frame = frame.with_columns(outcome.alias(column))
    return frame


def evaluate(frame: pl.DataFrame, law: Law) -> pl.DataFrame:
    """The facts frame with all truths and outcomes, in memory."""
    # Planning costs a small frame more than it saves.
    return lazily(frame.lazy(), law).collect(optimizations=pl.QueryOptFlags.none())

"""Evaluates a handful of rows quickly: the household itself and its what-if worlds in one turn."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from rules import evaluate as engine
from rules.criteria import Programme
from rules.household import ALL_COLUMNS
from rules.law import Law
from rules.programmes import REGISTRY
from rules.tape import Tape, Unsupported, values_of

Values = dict[str, Any]


@lru_cache(maxsize=256)
def _tape(law: Law, programmes: tuple[Programme, ...]) -> Tape | None:
    """Every truth and outcome under this law; None when only Polars can evaluate it."""
    stages = engine.stages(law, programmes)
    try:
        return Tape(stages, [e.meta.output_name() for stage in stages for e in stage], ALL_COLUMNS)
    except Unsupported:
        return None


@lru_cache(maxsize=1024)
def _part(law: Law, programmes: tuple[Programme, ...], wanted: tuple[str, ...]) -> Tape | None:
    tape = _tape(law, programmes)
    return None if tape is None else tape.only(wanted)


def evaluate(
    columns: Mapping[str, Any],
    rows: int,
    law: Law,
    programmes: tuple[Programme, ...] = REGISTRY,
    wanted: tuple[str, ...] | None = None,
) -> Values:
    """Facts-frame columns in, every derived column, truth and outcome out (`tape.at` reads them).

    A value of `columns` is a list with an entry a row, or one value for all rows; an absent column
    is not known. With `wanted` only those columns are promised. The answers are those of
    `rules.evaluate`, whichever way they are computed.
    """
    tape = _tape(law, programmes) if wanted is None else _part(law, programmes, wanted)
    if tape is not None:
        found = tape.run(columns, rows)
        if wanted is None:
            for name, dtype in ALL_COLUMNS.items():
                if name not in found:
                    found[name] = values_of(columns.get(name), dtype, rows)
        return found
    frame = pl.DataFrame(
        {
            name: value if isinstance(value := columns.get(name), list) else [value] * rows
            for name in ALL_COLUMNS
        },
        schema=ALL_COLUMNS,
    )
    table = engine.evaluate(frame, law, programmes)
    return {
        name: values_of(table[name].to_list(), table[name].dtype, rows) for name in table.columns
    }

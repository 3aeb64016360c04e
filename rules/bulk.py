"""The same rules over a register: one row a person in the columns of the facts frame.

A register loader brings its own columns into this shape (fen, low and high); what it lacks is null,
and null is "not known" here as everywhere.

Only comparisons of numbers are made for every row. What follows from them is a function of a few
truths and words, so it is worked out once for each combination that occurs (a register of a million
has some thousands) and looked up. No rule is written twice: the split is read off the expressions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from rules import clashes, regions
from rules import law as laws
from rules.criteria import OUTCOMES, Programme
from rules.evaluate import lazily, stages
from rules.household import ALL_COLUMNS
from rules.law import Law
from rules.parameter_store import Store, default_store
from rules.programmes import REGISTRY

OUTCOME_COLUMNS = tuple(programme.column for programme in REGISTRY)
OUTCOME = pl.Enum(OUTCOMES)
_KEY, _BITS = "__combination", 62
_COUNTY = 6  # digits of a county's code


@dataclass(frozen=True, eq=False)
class Plan:
    """What is computed for every row (`numeric`) and what once a combination (`logic`)."""

    numeric: tuple[tuple[pl.Expr, ...], ...]
    logic: tuple[tuple[pl.Expr, ...], ...]
    words: tuple[str, ...]
    truths: tuple[str, ...]
    numbers: tuple[str, ...]
    raw: tuple[str, ...]


def screen_frame(
    frame: pl.DataFrame | pl.LazyFrame,
    region: str | None,
    on: date,
    store: Store | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    also: Sequence[str] = (),
) -> pl.DataFrame:
    """The frame with one outcome column a programme: dibao, jiantui, danrenbao, ….

    Columns of the register that are not facts are kept; `also` adds truths of criteria. Raises
    UnknownRegion, and pl.exceptions.SchemaError for a fact column of the wrong type.
    """
    table = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    refuse_wrong_types(table)
    found = outcomes(table, laws.of(region, on, store), programmes, also)
    kept = [name for name in table.columns if name not in found.columns]
    return pl.concat([table.select(kept), found], how="horizontal")


def refuse_wrong_types(table: pl.DataFrame) -> None:
    """Raise SchemaError when a fact column is not of the frame's type."""
    wrong = [
        name
        for name, dtype in ALL_COLUMNS.items()
        if name in table.columns and table[name].dtype != dtype()
    ]
    if wrong:
        raise pl.exceptions.SchemaError(f"类型不对的列：{', '.join(wrong)}")


def outcomes(
    table: pl.DataFrame,
    law: Law,
    programmes: tuple[Programme, ...] = REGISTRY,
    also: Sequence[str] = (),
) -> pl.DataFrame:
    """The outcomes alone, row by row, under one law; `also` names derived columns or truths."""
    columns = tuple(programme.column for programme in programmes)
    plan = plan_of(law, programmes, (*columns, *also))
    needed = {name: ALL_COLUMNS[name] for name in plan.raw}
    lazy = table.lazy().select(
        pl.col(name) if name in table.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in needed.items()
    )
    for stage in plan.numeric:
        lazy = lazy.with_columns(stage)
    rows = lazy.select(*plan.truths, *plan.words, *plan.numbers).collect()
    numbers = rows.select(plan.numbers)
    rows = rows.drop(plan.numbers)
    keys = _combinations(rows, plan)
    names = keys.columns
    known = pl.concat([rows, keys], how="horizontal").unique(subset=names, maintain_order=False)
    judged = known.lazy()
    for stage in plan.logic:
        judged = judged.with_columns(stage)
    truths = [name for name in also if name not in plan.numbers]
    answers = judged.select(
        *names, *(pl.col(name).cast(OUTCOME) for name in columns), *truths
    ).collect()
    found = keys.join(answers, on=names, how="left", maintain_order="left").drop(names)
    found = clashes.to_person(found, table, law, programmes)
    return pl.concat([found, numbers], how="horizontal")


def _combinations(rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """One or more whole numbers a row that stand for its truths and words together."""
    # Four truths fill a byte; bytes are cheap to make and are only then widened.
    parts: list[tuple[pl.Expr, int]] = []
    for at in range(0, len(plan.truths), 4):
        four = [
            pl.col(name).cast(pl.UInt8).fill_null(2) * (1 << 2 * i)
            for i, name in enumerate(plan.truths[at : at + 4])
        ]
        parts.append((pl.sum_horizontal(four).cast(pl.UInt8), 2 * len(four)))
    for name in plan.words:
        kinds = rows[name].unique().drop_nulls()
        code = pl.col(name).cast(pl.Enum(kinds)).to_physical().cast(pl.UInt32) + 1
        parts.append((code.fill_null(0), (len(kinds) + 1).bit_length()))
    columns = rows.select(part.alias(str(i)) for i, (part, _) in enumerate(parts))
    keys: list[pl.Expr] = []
    at, key = 0, pl.lit(0, dtype=pl.UInt64)
    for i, (_, bits) in enumerate(parts):
        if at + bits > _BITS:
            keys.append(key)
            at, key = 0, pl.lit(0, dtype=pl.UInt64)
        key = key + pl.col(str(i)).cast(pl.UInt64) * (1 << at)
        at += bits
    keys.append(key)
    return columns.select(key.alias(f"{_KEY}{i}") for i, key in enumerate(keys))


@lru_cache(maxsize=256)
def plan_of(law: Law, programmes: tuple[Programme, ...], wanted: tuple[str, ...]) -> Plan:
    """Split the expressions: those that touch a number, and what these read, go to every row."""
    staged = stages(law, programmes)
    dtypes = dict(
        lazily(pl.LazyFrame(schema=ALL_COLUMNS), law, programmes).collect_schema().items()
    )
    reads = [[(e.meta.output_name(), set(e.meta.root_names())) for e in stage] for stage in staged]
    everywhere = _everywhere(reads, dtypes)
    numeric = tuple(
        kept
        for stage in staged
        if (kept := tuple(e for e in stage if e.meta.output_name() in everywhere))
    )
    made = {name for stage in reads for name, _ in stage}
    needed = set(wanted)
    for stage in reversed(reads):
        for name, roots in stage:
            if name in needed and name not in everywhere:
                needed |= roots
    # What nothing wanted goes by is left out: its columns are not among those handed on.
    logic = tuple(
        kept
        for stage in staged
        if (kept := tuple(e for e in stage if e.meta.output_name() in needed - everywhere))
    )
    into = {name for name in needed if name in everywhere or name not in made}
    raw = {root for stage in reads for _, roots in stage for root in roots if root not in made}
    return Plan(
        numeric,
        logic,
        tuple(sorted(name for name in into if dtypes[name] == pl.String)),
        tuple(sorted(name for name in into if dtypes[name] == pl.Boolean)),
        tuple(sorted(name for name in into if dtypes[name].is_numeric())),
        tuple(sorted(raw)),
    )


def _everywhere(
    reads: list[list[tuple[str, set[str]]]], dtypes: dict[str, pl.DataType]
) -> set[str]:
    """Columns to compute for every row. A column given twice takes all of them."""
    names = [name for stage in reads for name, _ in stage]
    if len(set(names)) < len(names):
        return set(names)
    roots_of = {name: roots for stage in reads for name, roots in stage}
    waiting = [
        name
        for name, roots in roots_of.items()
        if dtypes[name].is_numeric() or any(dtypes[root].is_numeric() for root in roots)
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found and name in roots_of:
            found.add(name)
            waiting += roots_of[name]
    return found


def screen_register(
    table: pl.DataFrame,
    on: date,
    region: str | None = None,
    store: Store | None = None,
    programmes: tuple[Programme, ...] = REGISTRY,
    also: Sequence[str] = (),
) -> pl.DataFrame:
    """The outcomes of a register of several places, row by row in its order.

    Each row is judged by the law of its `region`; where that is null or absent, of `region`.
    """
    refuse_wrong_types(table)
    if "region" not in table.columns:
        return outcomes(table, laws.of(region, on, store), programmes, also)
    told = table["region"].cast(pl.String).fill_null(region or "")
    place_of = {code: law_place(code, store) for code in told.unique().to_list()}
    if len(set(place_of.values())) == 1:
        (place,) = set(place_of.values())
        return outcomes(table, laws.of(place or None, on, store), programmes, also)
    placed = table.with_columns(
        told.replace(list(place_of), list(place_of.values())).alias("__place")
    ).with_row_index("__row")
    parts = []
    for (place,), part in placed.partition_by("__place", as_dict=True).items():
        law = laws.of(str(place) or None, on, store)
        found = outcomes(part, law, programmes, also)
        parts.append(pl.concat([part.select("__row"), found], how="horizontal"))
    if not parts:
        return outcomes(table, laws.of(region, on, store), programmes, also)
    return pl.concat(parts).sort("__row").drop("__row")


def once_a_household(
    found: pl.DataFrame, programmes: tuple[Programme, ...] = REGISTRY
) -> pl.DataFrame:
    """Verdicts on the household only in the row of its first person (`nth` 0), null in others."""
    first = pl.col("nth").fill_null(0) == 0
    return found.with_columns(
        pl.when(first).then(pl.col(programme.column)).alias(programme.column)
        for programme in programmes
        if programme.subject == "household"
    )


def law_place(code: str, store: Store | None = None) -> str:
    """The division whose law holds for the place: its county, unless it has figures of its own."""
    if not code:
        return code
    finer = _finer(store or default_store())
    return next(c for c in regions.layers(code) if len(c) == _COUNTY or c in finer)


@lru_cache(maxsize=8)
def _finer(store: Store) -> frozenset[str]:
    """Divisions below the county with parameters of their own."""
    return frozenset(p.region_code for p in store.parameters if len(p.region_code) > _COUNTY)

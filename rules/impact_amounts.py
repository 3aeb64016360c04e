"""What a changed figure does to the money of those who stay likely, a month.

Each programme's own estimate is made twice, as a screening makes it, for every subject that is
likely under both stores. Where the same is unknown on both sides it sits on the same end of both
ranges, so the ends are compared with each other: a family that told its income as a band still gets
the whole rise. What cannot be estimated is counted as unknown, never as nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from rules import law as laws
from rules.bulk import law_place, outcomes
from rules.criteria import LIKELY, Programme
from rules.household import ALL_COLUMNS
from rules.law import GROUPS, Law
from rules.parameter_store import Store
from rules.programmes import EVERYTHING
from rules.verdict import Estimate

#: What the estimates read of a row: told, and derived from what was told.
TOLD = ("size_low", "size_high", "hukou", "adl_unable", "care_form", "level", "gets_dibao")
DERIVED = ("said_low", "said_high", "heads_low", "heads_high", "by_head", "law_state")
_MONTHS = {"元/月": 1, "元/年": 12}
_MOVED = {
    "township": pl.String, "household": pl.String, "column": pl.String,
    "low": pl.Int64, "high": pl.Int64,
}  # fmt: skip


def amounts_moved(
    table: pl.DataFrame, on: date, before: Store, after: Store, region: str | None = None
) -> pl.DataFrame:
    """By township and column: households whose amount changes, the sum, and who stays unknown.

    `low` and `high` are the sum of the changes in fen a month, below zero where amounts fall;
    `households` those with a change known, `unknown` those whose change nobody can say. Only
    programmes whose amount goes by a figure that differs are there.
    """
    found: list[tuple[Any, ...]] = []
    for place, rows in _by_place(table, region, after):
        old, new = (laws.of(place or None, on, store) for store in (before, after))
        priced = tuple(programme for programme in EVERYTHING if _moves(programme, old, new))
        if priced:
            found += _changes(rows, old, new, priced)
    known = pl.col("low").is_not_null()
    return (
        pl.DataFrame(found, schema=_MOVED, orient="row")
        .group_by("township", "column")
        .agg(
            pl.col("household").filter(known).n_unique().alias("households"),
            pl.col("low", "high").sum(),
            pl.col("household").filter(~known).n_unique().alias("unknown"),
        )
        .sort("township", "column")
    )


def _by_place(
    table: pl.DataFrame, region: str | None, store: Store
) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows by the place whose law holds for them; "" where no place is known."""
    if "region" not in table.columns:
        yield law_place(region or "", store), table
        return
    told = table["region"].cast(pl.String).fill_null(region or "")
    codes = told.unique().to_list()
    placed = table.with_columns(
        told.replace(codes, [law_place(code, store) for code in codes]).alias("__place")
    )
    for (place,), rows in placed.partition_by("__place", as_dict=True).items():
        yield str(place), rows


def _moves(programme: Programme, old: Law, new: Law) -> bool:
    """Whether a figure that the programme's amount goes by differs between the two laws."""

    def figures(law: Law) -> list[tuple[Any, ...] | None]:
        found = (law.find(name, group) for name in programme.figures for group in (None, *GROUPS))
        return [
            (one.name, one.low, one.high, one.unit, one.at_least) if one else None for one in found
        ]

    return figures(old) != figures(new)


def _changes(
    rows: pl.DataFrame, old: Law, new: Law, priced: tuple[Programme, ...]
) -> Iterator[tuple[Any, ...]]:
    """(township, household, column, low, high) of each subject whose amount is another, or open."""
    told = rows.select(
        "household",
        "township",
        *(
            pl.col(name)
            if name in rows.columns
            else pl.lit(None, dtype=ALL_COLUMNS[name]).alias(name)
            for name in TOLD
        ),
    )
    nth = rows["nth"] if "nth" in rows.columns else pl.Series("nth", [0] * len(rows))
    judged = [outcomes(rows, law, EVERYTHING, DERIVED) for law in (old, new)]
    both = [told.hstack(found.select(DERIVED)) for found in judged]
    for programme in priced:
        stays = pl.Series([programme.subject == "person"] * len(rows)) | (nth.fill_null(0) == 0)
        for found in judged:
            stays &= (found[programme.column].cast(pl.String) == LIKELY).fill_null(value=False)
        before, after = (side.filter(stays).iter_rows(named=True) for side in both)
        for was, now in zip(before, after, strict=True):
            change = _change(programme.estimate(was, old), programme.estimate(now, new))
            if change != (0, 0):
                yield was["township"], was["household"], programme.column, *change


def _change(old: Estimate | None, new: Estimate | None) -> tuple[int | None, int | None]:
    """After minus before in fen a month, end by end; (None, None) while either is unknown."""
    if old is None or new is None:
        return None, None
    low, high = sorted(after - before for before, after in zip(_fen(old), _fen(new), strict=True))
    return low, high


def _fen(found: Estimate) -> tuple[int, int]:
    months = _MONTHS[found.unit]
    return round(found.low * 100 / months), round(found.high * 100 / months)

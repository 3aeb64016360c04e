"""Checks of a register that already has the columns of the facts frame, for millions of rows.

What is impossible alone is named with its line and column and becomes "not known"; ends of a range
that are the wrong way round take both ends. Nothing is put right by guessing.
"""

from collections.abc import Iterator

import polars as pl

from rules import facts as schema
from rules.household import ALL_COLUMNS, ALL_FILLS
from rules.register import Issue

_MOST = {
    "size": schema.MAX_HOUSEHOLD, "age": schema.MAX_AGE, "level": 4, "houses": 1000,
    "adl_unable": schema.ADL_ITEMS, "income_total": schema.MAX_MONTHLY_YUAN * 100,
    "income_head": schema.MAX_MONTHLY_YUAN * 100, "pension": schema.MAX_MONTHLY_YUAN * 100,
}  # fmt: skip
MOST_NAMED = 10_000


def is_framed(names: list[str]) -> bool:
    """Whether a file has the frame's columns (size_low, …) rather than facts as people type."""
    return bool(set(names) & (ALL_COLUMNS.keys() - schema.SCHEMA.keys()))


def checked(table: pl.DataFrame, first_line: int = 2) -> tuple[pl.DataFrame, list[Issue], int]:
    """The table with impossible values unknown, the first issues, and how many there are.

    Raises pl.exceptions.InvalidOperationError for a column whose type cannot be the fact's.
    """
    typed = table.with_columns(
        pl.col(name).cast(dtype)
        for name, dtype in ALL_COLUMNS.items()
        if name in table.columns and table[name].dtype != dtype
    )
    issues: list[Issue] = []
    count = 0
    cleaned: list[pl.Series] = []
    for columns, bad, reason in _tests(typed):
        wrong = typed.select(bad.fill_null(value=False)).to_series()
        number = int(wrong.sum())
        if not number:
            continue
        count += number
        issues += _named(typed, wrong, columns, reason, first_line, MOST_NAMED - len(issues))
        for column in columns:
            here = next((s for s in cleaned if s.name == column), typed[column])
            fixed = pl.select(pl.when(~wrong).then(here).alias(column)).to_series()
            cleaned = [s for s in cleaned if s.name != column] + [fixed]
    return typed.with_columns(cleaned), issues, count


def _tests(table: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], pl.Expr, str]]:
    words = {column: schema.SCHEMA[key].words for key, fills in ALL_FILLS.items()
             for column in fills if key in schema.SCHEMA}  # fmt: skip
    for name, dtype in ALL_COLUMNS.items():
        if name not in table.columns:
            continue
        value = pl.col(name)
        stem = name.removesuffix("_low").removesuffix("_high")
        if dtype == pl.Int64:
            yield (name,), value < 0, "不能是负数"
            if stem == "size":
                yield (name,), value == 0, "家里至少一个人"
            if stem in _MOST:
                yield (name,), value > _MOST[stem], "大得不像真的"
            if name.endswith("_low") and f"{stem}_high" in table.columns:
                pair = (name, f"{stem}_high")
                yield pair, value > pl.col(pair[1]), "范围前后颠倒了"
        elif dtype == pl.String and words.get(name):
            yield (name,), ~value.is_in(list(words[name])), "不认识的代码"


def _named(
    table: pl.DataFrame,
    wrong: pl.Series,
    columns: tuple[str, ...],
    reason: str,
    first_line: int,
    most: int,
) -> list[Issue]:
    rows = table.with_row_index("__at").filter(wrong).head(most)
    return [
        Issue(
            row["__at"] + first_line,
            str(row.get("household", "")),
            columns[0],
            str(row[columns[0]]),
            reason,
        )
        for row in rows.iter_rows(named=True)
    ]

"""Checks of a register that already has the columns of the facts frame, for millions of rows.

What cannot be read or is impossible alone is named with its line and column and becomes "not
known"; ends of a range that are the wrong way round take both ends. Nothing is put right by
guessing. All of it is done by columns: a place or a word is looked at once, not once a row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from rules import facts as schema
from rules.circumstances import STAGES
from rules.fact_vocabulary import CODED, NO, YES
from rules.household import ALL_COLUMNS, ALL_FILLS, MONEY_AID
from rules.register import UNKNOWN, place_of
from rules.register_columns import IDS, Issue, shown, title_of

_MONTHLY, _SUM = schema.MAX_MONTHLY_YUAN * 100, schema.MAX_SUM_YUAN * 100
_MOST = {
    "size": schema.MAX_HOUSEHOLD, "age": schema.MAX_AGE, "level": 4,
    "adl_unable": schema.ADL_ITEMS, "money_aid": sum(MONEY_AID.values()),
    **dict.fromkeys(("houses", "clergy_years", "father_months", "mother_months"), 1000),
    **dict.fromkeys(("income_total", "income_head", "income_floor", "pension", "medical_monthly",
                     "job_cost", "wage", "excluded"), _MONTHLY),
    **dict.fromkeys(("income_year", "deposit", "medical_self", "medical_total", "tuition",
                     "rigid_deduct", "rehab", "accident"), _SUM),
}  # fmt: skip
MOST_NAMED = 10_000
_TYPES = {**ALL_COLUMNS, "nth": pl.Int64, "region": pl.String}
_BESIDE = frozenset({*IDS, "file_line", "nth"})
_WORDS = {
    column: schema.SCHEMA[key].words
    for key, fills in ALL_FILLS.items()
    for column in fills
    if key in schema.SCHEMA and schema.SCHEMA[key].words
} | {
    "disability_type": (*schema.DISABILITY_TYPES, *schema.NOTHING),
    "stage": tuple(dict.fromkeys(STAGES.values())),
    "housing": CODED["housing"].values,
}  # fmt: skip


def is_framed(names: Sequence[str]) -> bool:
    """Whether a file has the frame's columns (size_low, …) rather than facts as people type.

    One strange column does not change what the others are: the greater part decides.
    """
    labels = {fact.label for fact in schema.SCHEMA.values()}
    titles = {title_of(name) for name in names}
    framed = titles & (ALL_COLUMNS.keys() - schema.SCHEMA.keys())
    typed = titles & (labels | (schema.SCHEMA.keys() - ALL_COLUMNS.keys()))
    return len(framed) > len(typed)


@dataclass(slots=True)
class _Work:
    """The table as it came and as it stands, with what was named and how much there was."""

    given: pl.DataFrame
    first_line: int
    table: pl.DataFrame
    issues: list[Issue] = field(default_factory=list)
    count: int = 0

    def column(self, name: str, reason: str) -> None:
        """Name a column as a whole."""
        self.count += 1
        self.issues.append(Issue(1, "", shown(name), "", reason))

    def forget(self, columns: Sequence[str], wrong: pl.Series, reason: str) -> None:
        """Make the cells of these rows unknown, and name them as far as the list goes."""
        number = int(wrong.sum())
        if not number:
            return
        self.count += number
        self.name(columns[0], wrong, reason)
        known = pl.lit(~wrong)
        self.table = self.table.with_columns(
            pl.when(known).then(pl.col(name)).alias(name) for name in columns
        )

    def name(self, column: str, rows: pl.Series, reason: str, most: int = MOST_NAMED) -> None:
        """Issues for these rows, with what was written there."""
        wanted = ["household", column] if "household" in self.given.columns else [column]
        left = max(0, min(most, MOST_NAMED - len(self.issues)))
        found = self.given.select(wanted).with_row_index("__at").filter(rows).head(left)
        self.issues += [
            Issue(
                row["__at"] + self.first_line, str(row.get("household", "")), column,
                shown(row[column]), reason,
            )
            for row in found.iter_rows(named=True)
        ]  # fmt: skip


def checked(table: pl.DataFrame, first_line: int = 2) -> tuple[pl.DataFrame, list[Issue], int]:
    """The table with what is impossible unknown, the first issues, and how many there are."""
    work = _Work(table, first_line, table)
    for name in table.columns:
        if name not in _TYPES and name not in _BESIDE:
            work.column(name, "不认识的列，没有用它")
    for name, dtype in _TYPES.items():
        if name in table.columns and table[name].dtype != dtype:
            _retype(work, name, dtype)
    for columns, bad, reason in _tests(work.table):
        work.forget(columns, work.table.select(bad.fill_null(value=False)).to_series(), reason)
    if "region" in table.columns:
        _places(work)
    return work.table, work.issues, work.count


def _retype(work: _Work, name: str, dtype: type[pl.DataType]) -> None:
    """Bring a column to its type; a cell that cannot be is unknown and named."""
    told = work.given[name]
    read = _as_type(told, dtype)
    if read is None:
        work.column(name, "这一列的类型不对，没有用这一列")
        work.table = work.table.with_columns(pl.lit(None, dtype=dtype).alias(name))
        return
    work.table = work.table.with_columns(read.alias(name))
    said = told.is_not_null()
    if told.dtype == pl.String:
        said &= ~told.str.strip_chars().str.to_lowercase().is_in(list(UNKNOWN))
    what = "只能写有或无、是或否" if dtype == pl.Boolean else "看不懂这个数"
    work.forget([name], said & read.is_null(), what)


def _as_type(told: pl.Series, dtype: type[pl.DataType]) -> pl.Series | None:
    """The column in the type, null where a cell cannot be; None when no cell could."""
    if told.dtype.is_nested() or told.dtype.is_temporal() or told.dtype == pl.Binary:
        return None
    if dtype == pl.String:
        whole = told.cast(pl.Int64, strict=False) if told.dtype.is_float() else told
        return whole.cast(pl.String)
    if dtype == pl.Boolean:
        words = told.cast(pl.String).str.strip_chars().str.to_lowercase()
        return _truths(words.str.strip_suffix(".0") if told.dtype.is_numeric() else words)
    if told.dtype.is_integer():
        return told.cast(pl.Int64, strict=False)
    number = told.str.strip_chars() if told.dtype == pl.String else told
    number = number.cast(pl.Float64, strict=False)
    whole = number.is_finite() & (number == number.round())
    return pl.select(pl.when(whole).then(number.cast(pl.Int64, strict=False))).to_series()


def _truths(words: pl.Series) -> pl.Series:
    yes, no = words.is_in(list(YES)), words.is_in(list(NO))
    return pl.select(pl.when(yes).then(True).when(no).then(False)).to_series()


def _tests(table: pl.DataFrame) -> Iterator[tuple[tuple[str, ...], pl.Expr, str]]:
    """What to look for row by row: only what the extremes of a column say there is."""
    ends = table.select(
        pl.struct(pl.min(name).alias("low"), pl.max(name).alias("high")).alias(name)
        for name, dtype in ALL_COLUMNS.items()
        if dtype == pl.Int64 and name in table.columns
    )
    for name in ends.columns:
        value = pl.col(name)
        stem = name.removesuffix("_low").removesuffix("_high")
        low, high = ends[name][0]["low"], ends[name][0]["high"]
        if low is None:
            continue
        if low < 0:
            yield (name,), value < 0, "不能是负数"
        if low <= 0 and stem == "size":
            yield (name,), value == 0, "家里至少一个人"
        if high > _MOST[stem]:
            yield (name,), value > _MOST[stem], "大得不像真的"
        if name.endswith("_low") and f"{stem}_high" in table.columns:
            pair = (name, f"{stem}_high")
            yield pair, value > pl.col(pair[1]), "范围前后颠倒了"
    for name, known in _WORDS.items():
        if name in table.columns and set(table[name].unique().drop_nulls()) - set(known):
            yield (name,), ~pl.col(name).is_in(list(known)), "不认识的代码"


def _places(work: _Work) -> None:
    """Places by code or name; what is none is named row by row, what stands in for one once."""
    told = work.table["region"]
    codes: dict[str, str | None] = {}
    for place in told.unique().drop_nulls().to_list():
        code, reason = None, ""
        if place.strip().lower() not in UNKNOWN:
            code, reason = place_of(place.strip())
        codes[place] = code
        if not reason:
            continue
        rows = (told == place).fill_null(value=False)
        if code is None:
            work.count += int(rows.sum())
            work.name("region", rows, reason)
        else:
            work.count += 1
            work.name("region", rows, f"{reason}（共{rows.sum()}行）", most=1)
    if any(place != code for place, code in codes.items()):
        changed = told.replace_strict(list(codes), list(codes.values()), return_dtype=pl.String)
        work.table = work.table.with_columns(changed.alias("region"))

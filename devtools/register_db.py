"""A register in PostgreSQL: rows out by COPY, verdicts and differences back by COPY.

The register is a table or view with a row a person: `household`, `nth` (0 for the first person),
`region`, and the columns of the facts frame that it has. Beside it are kept `<name>_verdict` (the
last outcome a person, a column a programme looked at so far) and `<name>_difference` (what changed,
when, by which rules).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import polars as pl
import psycopg
from psycopg import pq, sql

from devtools.focus import Focus
from rules.bulk import once_a_household, screen_register
from rules.household import ALL_COLUMNS
from rules.impact import changes
from rules.parameter_store import Store
from rules.register import Issue
from rules.register_checks import MOST_NAMED, checked
from rules.version import rules_version

IDS = {"household": pl.String, "nth": pl.Int64, "region": pl.String, "township": pl.String}
CHUNK_BYTES = 48 << 20
Taken = Callable[[pl.DataFrame, pl.DataFrame], None]


class NoRegister(ValueError):
    """The database has no such register, or it lacks `household` or `nth`."""


@dataclass(slots=True)
class Written:
    """What a run read and wrote."""

    persons: int = 0
    households: int = 0
    differences: int = 0
    issues: int = 0
    named: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Way:
    """How every row of a run is judged."""

    on: date
    region: str | None
    store: Store | None
    focus: Focus


def rescreen(
    url: str,
    table: str,
    on: date,
    *,
    region: str | None = None,
    store: Store | None = None,
    focus: Focus | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    taken: Taken | None = None,
) -> Written:
    """Screen the whole register, keep what changed. One transaction: all of it or nothing.

    `taken(rows, outcomes)` is called for every chunk. The first screening of a programme is no
    difference to anything: it leaves outcomes only.
    """
    result = Written()
    way = _Way(on, region, store, focus or Focus())
    columns = way.focus.columns
    version = rules_version(store)
    with psycopg.connect(url) as reading, psycopg.connect(url) as writing:
        names = _columns(reading, table)
        with writing.cursor() as cursor:
            fresh = _make_tables(cursor, table, columns)
            first_time = _is_empty(cursor, f"{table}_verdict")
            if fresh and not first_time:
                _fill(cursor, table, fresh, (
                    _screened(chunk, way, Written())[1]
                    for chunk in _chunks(reading, table, names, (), chunk_bytes)
                ))  # fmt: skip
            writing.commit()
        kind = _OutcomesIn if first_time else _DifferencesIn
        with kind(writing.cursor(), f"{table}_verdict", columns) as rows_in:
            for chunk in _chunks(reading, table, names, columns, chunk_bytes):
                clean, found = _screened(chunk, way, result)
                if first_time:
                    rows_in.write(found)
                else:
                    before = chunk.select(pl.col(f"was_{name}").alias(name) for name in columns)
                    part = changes(before, found, ["household", "nth"], columns)
                    rows_in.write(part)
                    result.differences += len(part)
                if taken is not None:
                    taken(clean, found)
        if not first_time:
            _keep(writing, table, columns, version, on)
        writing.commit()
    return result


def _screened(chunk: pl.DataFrame, way: _Way, result: Written) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as they were taken, and their outcomes."""
    clean, issues, count = checked(
        chunk.select(name for name in chunk.columns if name[:4] != "was_"), result.persons + 1
    )
    judged = screen_register(clean, way.on, way.region, way.store, way.focus.judged)
    found = once_a_household(
        pl.concat([clean.select("household", "nth"), judged], how="horizontal"), way.focus.judged
    )
    result.persons += len(chunk)
    result.households += int((chunk["nth"] == 0).sum())
    result.issues += count
    result.named += issues[: MOST_NAMED - len(result.named)]
    return clean, found


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    try:
        cursor = connection.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(_name(table)))
    except psycopg.errors.UndefinedTable:
        raise NoRegister(f"登记库里没有 {table}") from None
    names = [column.name for column in cursor.description or ()]
    connection.rollback()
    if not {"household", "nth"} <= set(names):
        raise NoRegister(f"{table} 要有 household（户号）和 nth（第几个人，从0起）两列")
    return [name for name in names if name in IDS or name in ALL_COLUMNS]


def _chunks(
    connection: psycopg.Connection[Any],
    table: str,
    names: list[str],
    outcomes: tuple[str, ...],
    chunk_bytes: int,
) -> Iterator[pl.DataFrame]:
    """The register with these last outcomes as was_…, in tables of about `chunk_bytes` of CSV."""
    truths = [name for name in names if ALL_COLUMNS.get(name) == pl.Boolean]
    columns = [
        sql.SQL("r.{0}::int AS {0}" if name in truths else "r.{0}").format(sql.Identifier(name))
        for name in names
    ]
    columns += [
        sql.SQL("v.{0} AS {1}").format(sql.Identifier(name), sql.Identifier(f"was_{name}"))
        for name in outcomes
    ]
    join = sql.SQL("LEFT JOIN {} v USING (household, nth)").format(_name(f"{table}_verdict"))
    query = sql.SQL("COPY (SELECT {} FROM {} r {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(columns), _name(table), join if outcomes else sql.SQL("")
    )
    dtypes = {name: pl.Int64 if name in truths else _dtype(name) for name in names}
    dtypes |= {f"was_{name}": pl.String for name in outcomes}
    to_truth = [pl.col(name).cast(pl.Boolean) for name in truths]

    def parsed(block: bytes) -> pl.DataFrame:
        read = pl.read_csv(io.BytesIO(block), has_header=False, schema=dtypes)
        return read.with_columns(to_truth)

    buffer = bytearray()
    for line in _copied_out(connection, query.as_bytes(connection)):
        buffer += line
        if len(buffer) >= chunk_bytes:
            yield parsed(bytes(buffer))
            buffer.clear()
    if buffer:
        yield parsed(bytes(buffer))


def _copied_out(connection: psycopg.Connection[Any], query: bytes) -> Iterator[memoryview | bytes]:
    """The lines of a COPY, whole, one a message.

    Straight from libpq: psycopg's own reader takes ten times as long for each line.
    """
    started = connection.pgconn.exec_(query)
    if started.status != pq.ExecStatus.COPY_OUT:
        raise psycopg.OperationalError(started.error_message.decode("utf-8", "replace"))
    read = connection.pgconn.get_copy_data
    while True:
        size, line = read(0)
        if size <= 0:
            break
        yield line
    ended = connection.pgconn.get_result()
    if size == -2 or ended is None or ended.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError(connection.pgconn.error_message.decode("utf-8", "replace"))
    while connection.pgconn.get_result() is not None:
        continue


def _dtype(name: str) -> Any:
    return IDS.get(name) or ALL_COLUMNS[name]


class _OutcomesIn:
    """Everybody's outcomes, straight into a table of outcomes."""

    def __init__(self, cursor: Any, into: str, outcomes: tuple[str, ...]) -> None:
        self._cursor = cursor
        self._into = _name(into)
        self._columns: tuple[str, ...] = ("household", "nth", *outcomes)

    def __enter__(self) -> Self:
        names = sql.SQL(", ").join(sql.Identifier(name) for name in self._columns)
        query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(self._into, names)
        self._open = self._cursor.copy(query)
        self._copy = self._open.__enter__()
        return self

    def write(self, rows: pl.DataFrame) -> None:
        """Append the rows; an empty field is null."""
        self._copy.write(rows.select(self._columns).write_csv(include_header=False).encode())

    def __exit__(self, *failure: Any) -> None:
        self._open.__exit__(*failure)


class _DifferencesIn(_OutcomesIn):
    """Only what changed, into a table of this transaction alone."""

    def __init__(self, cursor: Any, _into: str, _outcomes: tuple[str, ...]) -> None:
        super().__init__(cursor, "found", ("column", "before", "after", "change"))

    def __enter__(self) -> Self:
        self._cursor.execute(
            'CREATE TEMPORARY TABLE found (household text, nth int, "column" text,'
            " before text, after text, change text) ON COMMIT DROP"
        )
        return super().__enter__()


def _fill(
    cursor: Any, table: str, fresh: tuple[str, ...], outcomes: Iterator[pl.DataFrame]
) -> None:
    """The outcomes of programmes never looked at before, beside those that are kept."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in fresh)
    texts = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in fresh)
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE fresh (household text, nth int, {}) ON COMMIT DROP").format(
            texts
        )
    )
    with _OutcomesIn(cursor, "fresh", fresh) as rows_in:
        for found in outcomes:
            rows_in.write(found)
    taken = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in fresh
    )
    cursor.execute(
        sql.SQL(
            "INSERT INTO {0} (household, nth, {1}) SELECT household, nth, {1} FROM fresh"
            " ON CONFLICT (household, nth) DO UPDATE SET {2}"
        ).format(_name(f"{table}_verdict"), names, taken)
    )


def _is_empty(cursor: Any, table: str) -> bool:
    cursor.execute(sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(_name(table)))
    return bool(cursor.fetchone()[0])


def _make_tables(cursor: Any, table: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Make what is missing; the columns of outcomes that were not there."""
    verdict = _name(f"{table}_verdict")
    cursor.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} (household text NOT NULL, nth int NOT NULL,"
            " PRIMARY KEY (household, nth))"
        ).format(verdict)
    )
    cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(verdict))
    here = {column.name for column in cursor.description}
    fresh = tuple(name for name in columns if name not in here)
    for name in fresh:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD COLUMN {} text").format(verdict, sql.Identifier(name))
        )
    cursor.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} (household text NOT NULL, nth int NOT NULL,"
            " programme text NOT NULL, before text, after text, change text NOT NULL,"
            " as_of date NOT NULL, rules_version text NOT NULL,"
            " noted_at timestamptz NOT NULL DEFAULT now())"
        ).format(_name(f"{table}_difference"))
    )
    return fresh


def _keep(
    connection: psycopg.Connection[Any],
    table: str,
    columns: tuple[str, ...],
    version: str,
    on: date,
) -> None:
    """Note the differences and bring the last outcomes up to date."""
    verdict = _name(f"{table}_verdict")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} (household, nth, programme, before, after, change, as_of,"
                " rules_version) SELECT *, %s, %s FROM found"
            ).format(_name(f"{table}_difference")),
            (on, version),
        )
        after = sql.SQL(", ").join(
            sql.SQL('max(after) FILTER (WHERE "column" = {0}) AS {1}').format(
                sql.Literal(name), sql.Identifier(name)
            )
            for name in columns
        )
        touched = sql.SQL(", ").join(
            sql.SQL('bool_or("column" = {0}) AS {1}').format(
                sql.Literal(name), sql.Identifier(f"new_{name}")
            )
            for name in columns
        )
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE latest ON COMMIT DROP AS"
                " SELECT household, nth, {}, {} FROM found GROUP BY household, nth"
            ).format(after, touched)
        )
        assignments = sql.SQL(", ").join(
            sql.SQL("{0} = CASE WHEN l.{1} THEN l.{0} ELSE v.{0} END").format(
                sql.Identifier(name), sql.Identifier(f"new_{name}")
            )
            for name in columns
        )
        cursor.execute(
            sql.SQL(
                "UPDATE {} v SET {} FROM latest l WHERE v.household = l.household AND v.nth = l.nth"
            ).format(verdict, assignments)
        )
        names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {0} (household, nth, {1}) SELECT household, nth, {1} FROM latest"
                " ON CONFLICT (household, nth) DO NOTHING"
            ).format(verdict, names)
        )


def _name(table: str) -> sql.Composable:
    """A table, perhaps with its schema."""
    return sql.Identifier(*table.split("."))

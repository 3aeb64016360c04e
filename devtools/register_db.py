"""A register in PostgreSQL: rows out by COPY, verdicts and differences back by COPY.

The register is a table or view with a row a person: `household`, `nth` (0 for the first person),
`region`, and the columns of the facts frame that it has. Beside it are kept `<name>_verdict` (the
last outcome a person) and `<name>_difference` (what changed, when, by which rules).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import polars as pl
import psycopg
from psycopg import pq, sql

from rules.bulk import once_a_household, screen_register
from rules.household import ALL_COLUMNS
from rules.impact import changes
from rules.parameter_store import Store
from rules.programmes import REGISTRY
from rules.register_checks import checked
from rules.version import rules_version

IDS = {"household": pl.String, "nth": pl.Int64, "region": pl.String, "township": pl.String}
CHUNK_BYTES = 48 << 20
_OUTCOMES = tuple(programme.column for programme in REGISTRY)


class NoRegister(ValueError):
    """The database has no such register, or it lacks `household` or `nth`."""


@dataclass(slots=True)
class Written:
    """What a run read and wrote."""

    persons: int = 0
    households: int = 0
    differences: int = 0
    issues: int = 0


def rescreen(
    url: str,
    table: str,
    on: date,
    *,
    region: str | None = None,
    store: Store | None = None,
    chunk_bytes: int = CHUNK_BYTES,
    tell: Any = None,
) -> Written:
    """Screen the whole register, keep what changed. One transaction: all of it or nothing.

    `tell(persons)` is called after every chunk.
    """
    result = Written()
    version = rules_version(store)
    with psycopg.connect(url) as reading, psycopg.connect(url) as writing:
        names = _columns(reading, table)
        with writing.cursor() as cursor:
            _make_tables(cursor, table)
            first_time = _is_empty(cursor, f"{table}_verdict")
            writing.commit()
        # The first screening of a register is no difference to anything: it leaves outcomes only.
        target = _OutcomesIn(writing, table) if first_time else _DifferencesIn(writing, table)
        with target as rows_in:
            for chunk in _chunks(reading, table, names, chunk_bytes):
                found = _screened(chunk, on, region, store, result)
                if first_time:
                    rows_in.write(found)
                else:
                    before = chunk.select(pl.col(f"was_{name}").alias(name) for name in _OUTCOMES)
                    part = changes(before, found, ["household", "nth"], _OUTCOMES)
                    rows_in.write(part)
                    result.differences += len(part)
                if tell is not None:
                    tell(len(chunk))
        if not first_time:
            _keep(writing, table, version, on)
        writing.commit()
    return result


def _screened(
    chunk: pl.DataFrame, on: date, region: str | None, store: Store | None, result: Written
) -> pl.DataFrame:
    clean, _, issues = checked(chunk.select(name for name in chunk.columns if name[:4] != "was_"))
    found = once_a_household(
        pl.concat(
            [clean.select("household", "nth"), screen_register(clean, on, region, store)],
            how="horizontal",
        )
    )
    result.persons += len(chunk)
    result.households += int((chunk["nth"] == 0).sum())
    result.issues += issues
    return found


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
    connection: psycopg.Connection[Any], table: str, names: list[str], chunk_bytes: int
) -> Iterator[pl.DataFrame]:
    """The register with the last outcomes as was_…, in tables of about `chunk_bytes` of CSV."""
    truths = [name for name in names if ALL_COLUMNS.get(name) == pl.Boolean]
    columns = [
        sql.SQL("r.{0}::int AS {0}" if name in truths else "r.{0}").format(sql.Identifier(name))
        for name in names
    ]
    columns += [
        sql.SQL("v.{0} AS {1}").format(sql.Identifier(name), sql.Identifier(f"was_{name}"))
        for name in _OUTCOMES
    ]
    query = sql.SQL(
        "COPY (SELECT {} FROM {} r LEFT JOIN {} v USING (household, nth)) TO STDOUT (FORMAT csv)"
    ).format(sql.SQL(", ").join(columns), _name(table), _name(f"{table}_verdict"))
    dtypes = {name: pl.Int64 if name in truths else _dtype(name) for name in names}
    dtypes |= {f"was_{name}": pl.String for name in _OUTCOMES}
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
    """Everybody's outcomes, straight into the empty table of outcomes."""

    def __init__(self, connection: psycopg.Connection[Any], table: str) -> None:
        self._cursor = connection.cursor()
        self._into = _name(f"{table}_verdict")
        self._columns: tuple[str, ...] = ("household", "nth", *_OUTCOMES)

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
        self._cursor.close()


class _DifferencesIn(_OutcomesIn):
    """Only what changed, into a table of this transaction alone."""

    def __init__(self, connection: psycopg.Connection[Any], table: str) -> None:
        super().__init__(connection, table)
        self._into = sql.Identifier("found")
        self._columns = ("household", "nth", "column", "before", "after", "change")

    def __enter__(self) -> Self:
        self._cursor.execute(
            'CREATE TEMPORARY TABLE found (household text, nth int, "column" text,'
            " before text, after text, change text) ON COMMIT DROP"
        )
        return super().__enter__()


def _is_empty(cursor: Any, table: str) -> bool:
    cursor.execute(sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(_name(table)))
    return bool(cursor.fetchone()[0])


def _make_tables(cursor: Any, table: str) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL("{} text").format(sql.Identifier(name)) for name in _OUTCOMES
    )
    cursor.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} (household text NOT NULL, nth int NOT NULL, {},"
            " PRIMARY KEY (household, nth))"
        ).format(_name(f"{table}_verdict"), columns)
    )
    cursor.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} (household text NOT NULL, nth int NOT NULL,"
            " programme text NOT NULL, before text, after text, change text NOT NULL,"
            " as_of date NOT NULL, rules_version text NOT NULL,"
            " noted_at timestamptz NOT NULL DEFAULT now())"
        ).format(_name(f"{table}_difference"))
    )


def _keep(connection: psycopg.Connection[Any], table: str, version: str, on: date) -> None:
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
            for name in _OUTCOMES
        )
        touched = sql.SQL(", ").join(
            sql.SQL('bool_or("column" = {0}) AS {1}').format(
                sql.Literal(name), sql.Identifier(f"new_{name}")
            )
            for name in _OUTCOMES
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
            for name in _OUTCOMES
        )
        cursor.execute(
            sql.SQL(
                "UPDATE {} v SET {} FROM latest l WHERE v.household = l.household AND v.nth = l.nth"
            ).format(verdict, assignments)
        )
        names = sql.SQL(", ").join(sql.Identifier(name) for name in _OUTCOMES)
        cursor.execute(
            sql.SQL(
                "INSERT INTO {0} (household, nth, {1}) SELECT household, nth, {1} FROM latest"
                " ON CONFLICT (household, nth) DO NOTHING"
            ).format(verdict, names)
        )


def _name(table: str) -> sql.Composable:
    """A table, perhaps with its schema."""
    return sql.Identifier(*table.split("."))

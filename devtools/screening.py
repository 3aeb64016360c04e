"""`wenzhu screen`: one household, a file, or a register in PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from cases import parameter_desk
from foundation.database import Database, DatabaseBusy
from foundation.settings import get_settings
from rules.bulk import law_place, once_a_household, screen_register
from rules.bulk_reasons import clauses, reasons_of
from rules.facts import check
from rules.law import of as law_of
from rules.parameter_store import Store, files_store
from rules.programmes import REGISTRY
from rules.register import Issue
from rules.register_files import register_file
from rules.screening import screen
from rules.version import rules_version

SHOWN = 20
_IDS = ("household", "file_line", "region", "township", "nth")


def figures() -> Store:
    """The files with what is published here on top; the files alone without a database."""
    url = sa.make_url(get_settings().database_url)
    if url.database and url.drivername.startswith("sqlite") and not Path(url.database).exists():
        return files_store()  # connecting would make an empty one
    database = Database(get_settings().database_url)
    try:
        return parameter_desk.store_of(database)
    except (SQLAlchemyError, DatabaseBusy):
        return files_store()
    finally:
        database.close()


class CannotScreen(ValueError):
    """The file as a whole cannot be screened."""


@dataclass(slots=True)
class Outcome:
    """What a file gave: verdict counts, what could not be taken, what it did not hold."""

    rows: int = 0
    households: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    issues: list[Issue] = field(default_factory=list)
    more_issues: int = 0
    absent: list[str] = field(default_factory=list)
    version: str = ""

    def to_json(self) -> dict[str, Any]:
        """The report."""
        return {
            "households": self.households,
            "rows": self.rows,
            "rules_version": self.version,
            "verdicts": [
                {"programme": programme, "outcome": outcome, "households": number}
                for (programme, outcome), number in sorted(self.counts.items())
            ],
            "issues": [issue.to_json() for issue in self.issues],
            "issues_not_listed": self.more_issues,
            "columns_not_in_the_file": self.absent,
        }


def one(path: Path, region: str, on: date) -> dict[str, Any]:
    """The screening of one household; raises FactError, UnknownRegion, OSError, ValueError."""
    facts = json.loads(path.read_text("utf-8"))
    if not isinstance(facts, dict):
        raise CannotScreen("文件里要是一个家庭的情况：{…}")
    check(facts)
    return {"rules_version": rules_version(), **screen(facts, region, on).to_json()}


def file(
    path: Path, region: str | None, on: date, out: Path, progress: Progress, *, reasons: Path | None
) -> Outcome:
    """Screen a file, write a verdict a row (and a reason a row), and say what was wrong with it."""
    source = register_file(path, path.suffix)
    result = Outcome(rows=len(source.table), version=rules_version())
    verdicts: list[pl.DataFrame] = []
    legs: list[pl.DataFrame] = []
    task = progress.add_task("筛查", total=result.rows)
    for chunk, lines in source.frames(on):
        judged = screen_register(chunk, on, region)
        ids = chunk.select(name for name in _IDS if name in chunk.columns)
        found = pl.concat([ids, judged], how="horizontal")
        if "nth" in found.columns:
            found = once_a_household(found)
        verdicts.append(found)
        if reasons is not None:
            legs += _reasons(chunk, region, on)
        _count(result, found)
        progress.update(task, advance=lines)
    result.issues, result.more_issues = source.issues, source.more_issues
    result.absent = source.absent
    everything = pl.concat(verdicts) if verdicts else pl.DataFrame()
    _write(everything, out)
    if reasons is not None:
        _write(pl.concat(legs) if legs else pl.DataFrame(), reasons)
    return result


def _reasons(chunk: pl.DataFrame, region: str | None, on: date) -> list[pl.DataFrame]:
    ids = [name for name in ("household", "file_line", "nth") if name in chunk.columns]
    told = chunk["region"] if "region" in chunk.columns else pl.Series([None] * len(chunk))
    place = told.cast(pl.String).fill_null(region or "")
    places = {code: law_place(code) for code in place.unique().to_list()}
    placed = chunk.with_columns(place.replace(list(places), list(places.values())).alias("__place"))
    found = []
    for (code,), part in placed.partition_by("__place", as_dict=True).items():
        law = law_of(str(code) or None, on)
        legs = reasons_of(part, str(code) or None, on, ids=ids).drop("row")
        text = clauses(law)
        found.append(
            legs.with_columns(pl.col("column", "code", "source").cast(pl.String))
            .join(text, on=["column", "code"], how="left", maintain_order="left")
        )  # fmt: skip
    return found


def _count(result: Outcome, found: pl.DataFrame) -> None:
    result.households += found["household"].n_unique() if "household" in found else len(found)
    for programme in REGISTRY:
        for outcome, number in found[programme.column].value_counts().iter_rows():
            if outcome is not None:
                result.counts[programme.column, str(outcome)] += number


def _write(table: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path)

"""`wenzhu screen`: one household, a file, or a register in PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Self

import polars as pl
import sqlalchemy as sa
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from cases import parameter_desk
from devtools.focus import Focus
from devtools.table_file import TableFile
from foundation.database import Database, DatabaseBusy
from foundation.settings import get_settings
from rules import regions
from rules.bulk import law_place, once_a_household, screen_register
from rules.bulk_reasons import clauses, reasons_of
from rules.errors import FactError
from rules.evaluate import criteria_of
from rules.facts import FURTHER, problems, shown
from rules.law import of as law_of
from rules.parameter_store import Store, files_store
from rules.register_columns import Issue, columns_of
from rules.register_files import register_file, text_of
from rules.screening import screen
from rules.version import rules_version

# Some thirty reasons a row, each with its texts: so many rows at once stay below a gigabyte.
_AT_ONCE = 50_000
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


class Faults(CannotScreen):
    """A household's faults, all of them."""

    def __init__(self, found: Sequence[FactError]) -> None:
        self.found = tuple(found)
        super().__init__("；".join(str(error) for error in found))


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


class Results:
    """Where verdicts, reasons and counts go while a file or a register is screened."""

    def __init__(
        self, on: date, region: str | None, focus: Focus, out: Path | None, reasons: Path | None
    ) -> None:
        self.told = Outcome(version=rules_version())
        self._on, self._region, self._focus = on, region, focus
        self._paths = (out, reasons)

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self._out, self._why = (
            self._open.enter_context(TableFile(path)) if path else None for path in self._paths
        )
        return self

    def __exit__(self, *failure: Any) -> None:
        self._open.__exit__(*failure)

    def take(self, chunk: pl.DataFrame, found: pl.DataFrame) -> None:
        """Rows of the facts frame and their outcomes, row by row alike."""
        for programme in self._focus.shown:
            for outcome, number in found[programme.column].value_counts().iter_rows():
                if outcome is not None:
                    self.told.counts[programme.column, str(outcome)] += number
        if self._out is not None:
            ids = chunk.select(name for name in _IDS if name in chunk.columns)
            self._out.write(pl.concat([ids, found.select(self._focus.columns)], how="horizontal"))
        if self._why is not None:
            for part in chunk.iter_slices(_AT_ONCE):
                for legs in _reasons(part, self._region, self._on, self._focus):
                    self._why.write(legs)


def one(path: Path, region: str, on: date, focus: Focus) -> dict[str, Any]:
    """The screening of one household; raises CannotScreen, UnknownRegion, OSError, ValueError."""
    facts = _json(text_of(path.read_bytes()))
    if not isinstance(facts, dict):
        raise CannotScreen("文件里要是一个家庭的情况：{…}")
    if found := problems(facts, on):
        raise Faults(found)
    said = screen(facts, region, on, focus=focus.codes).to_json()
    if note := regions.taken_for(region):
        said["notes"] = [note, *said["notes"]]
    return {"rules_version": rules_version(), **said}


def _json(text: str) -> Any:
    """The JSON, with a sentence for what is none; a key given twice is refused, not chosen."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = Counter(key for key, _ in pairs)
        if twice := [shown(key) for key, number in keys.items() if number > 1]:
            raise CannotScreen(f"同一项写了两次：{'、'.join(twice)}")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as wrong:
        where = f"第{wrong.lineno}行第{wrong.colno}个字附近"
        raise CannotScreen(f"这不是有效的 JSON，{where}有错") from None
    except CannotScreen:
        raise
    except ValueError:
        raise CannotScreen("文件里有一个数长得不像真的") from None


def file(
    path: Path,
    region: str | None,
    on: date,
    out: Path,
    progress: Progress,
    *,
    reasons: Path | None,
    focus: Focus,
) -> Outcome:
    """Screen a file, write a verdict a row (and a reason a row), and say what was wrong with it."""
    source = register_file(path, path.suffix.lower())
    with Results(on, region, focus, out, reasons) as results:
        told = results.told
        told.rows = len(source.table)
        task = progress.add_task("筛查", total=told.rows)
        for chunk, lines in source.frames(on):
            judged = screen_register(chunk, on, region, programmes=focus.judged)
            if "nth" in chunk.columns:
                judged = once_a_household(judged.with_columns(chunk["nth"]), focus.judged)
            results.take(chunk, judged)
            told.households += chunk["household"].n_unique() if "household" in chunk else len(chunk)
            progress.update(task, advance=lines)
    told.issues, told.more_issues = source.issues, source.more_issues
    # A place given with the command is known, whether the file has a column for it or not.
    told.absent = [name for name in source.absent if name != "region" or not region]
    if source.absent:
        told.absent += _further_missing(source.table.columns, region, on, focus)
    return told


def _further_missing(names: Sequence[str], region: str | None, on: date, focus: Focus) -> list[str]:
    """Facts that only the further programmes go by and the file has no column for."""
    here = {column.key for column in columns_of(names)[0]}
    reads = {
        key
        for criteria in criteria_of(law_of(region, on), focus.shown).values()
        for criterion in criteria
        for key in criterion.reads
    }
    return [fact.key for fact in FURTHER if fact.key in reads - here]


def _reasons(
    chunk: pl.DataFrame, region: str | None, on: date, focus: Focus
) -> Iterator[pl.DataFrame]:
    ids = [name for name in ("household", "file_line", "nth") if name in chunk.columns]
    told = chunk["region"] if "region" in chunk.columns else pl.Series([None] * len(chunk))
    place = told.cast(pl.String).fill_null(region or "")
    places = {code: law_place(code) for code in place.unique().to_list()}
    placed = chunk.with_columns(place.replace(list(places), list(places.values())).alias("__place"))
    for (code,), part in placed.partition_by("__place", as_dict=True).items():
        where = str(code) or None
        legs = reasons_of(part, where, on, programmes=focus.judged, ids=ids).drop("row")
        text = clauses(law_of(where, on), focus.judged)
        yield (
            legs.with_columns(pl.col("column", "code", "source").cast(pl.String))
            .filter(pl.col("column").is_in(focus.columns))
            .join(text, on=["column", "code"], how="left", maintain_order="left")
        )

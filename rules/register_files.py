"""A register file as facts frames, whoever brings it: the command line or the console."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl

from rules.register import facts_rows, households, in_chunks, register_frame
from rules.register_checks import checked, is_framed
from rules.register_columns import Issue, UnusableRegister, columns_of, missing_columns

CHUNK = 200_000


@dataclass(slots=True)
class RegisterFile:
    """A file's table, and what reading it found wrong; complete once `frames` is through."""

    table: pl.DataFrame
    issues: list[Issue] = field(default_factory=list)
    more_issues: int = 0
    absent: list[str] = field(default_factory=list)

    def frames(self, on: date) -> Iterator[tuple[pl.DataFrame, int]]:
        """(rows of the facts frame, lines of the file they came from). May raise UnusableRegister.

        `on` is the day for which ages are reckoned.
        """
        if is_framed(self.table.columns):
            clean, self.issues, count = checked(self.table)
            self.more_issues = count - len(self.issues)
            for chunk in clean.iter_slices(CHUNK):
                yield chunk, len(chunk)
            return
        columns, self.issues = columns_of(self.table.columns)
        self.absent = missing_columns(columns)
        for chunk in in_chunks(self.table, columns):
            rows = [
                row
                for household in households(chunk, columns, self.issues, on)
                for row in facts_rows(household, on)
            ]
            yield register_frame(rows), len(chunk)


def register_file(source: Path | bytes, suffix: str) -> RegisterFile:
    """The file by its suffix; CSV cells stay text, so that nothing is guessed about them.

    Raises UnusableRegister for another suffix, and what Polars raises for a broken file.
    """
    readable = BytesIO(source) if isinstance(source, bytes) else source
    if suffix == ".parquet":
        return RegisterFile(pl.read_parquet(readable))
    if suffix in (".csv", ".txt"):
        return RegisterFile(pl.read_csv(readable, infer_schema=False, encoding="utf8"))
    raise UnusableRegister(f"不认识的文件类型：{suffix}；请用 .json、.csv 或 .parquet")

"""A register file as facts frames, whoever brings it: the command line or the console."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl

from rules.register import facts_rows, households, in_chunks, register_frame
from rules.register_checks import checked, is_framed
from rules.register_columns import HOUSEHOLD, Issue, UnusableRegister, columns_of, missing_columns

CHUNK = 200_000
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SURPLUS = "__surplus"  # what a line has beyond the header
_HEAD = 65_536  # letters in which the header ends
MOST_RAGGED = 10_000


@dataclass(slots=True)
class RegisterFile:
    """A file's table, and what reading it found wrong; complete once `frames` is through.

    `ragged` are the lines with more cells than the header.
    """

    table: pl.DataFrame
    issues: list[Issue] = field(default_factory=list)
    more_issues: int = 0
    absent: list[str] = field(default_factory=list)
    ragged: list[Issue] = field(default_factory=list)
    more_ragged: int = 0

    def frames(self, on: date) -> Iterator[tuple[pl.DataFrame, int]]:
        """(rows of the facts frame, lines of the file they came from). May raise UnusableRegister.

        `on` is the day for which ages are reckoned.
        """
        self.more_issues = self.more_ragged
        if is_framed(self.table.columns):
            clean, found, count = checked(self.table)
            self.issues = [*self.ragged, *found]
            self.more_issues += count - len(found)
            for chunk in clean.iter_slices(CHUNK):
                yield chunk, len(chunk)
            return
        columns, found = columns_of(self.table.columns)
        self.issues = [*self.ragged, *found]
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

    Raises UnusableRegister for another suffix and for a file that cannot be read.
    """
    raw = source.read_bytes() if isinstance(source, Path) else source
    if suffix not in (".csv", ".txt", ".parquet"):
        raise UnusableRegister(f"不认识的文件类型：{suffix}；请用 .json、.csv 或 .parquet")
    try:
        if suffix == ".parquet":
            return RegisterFile(pl.read_parquet(BytesIO(raw)))
        return _text_file(text_of(raw))
    except pl.exceptions.PolarsError:
        kind = "Parquet 文件" if suffix == ".parquet" else "表格，比如引号没有成对"
        raise UnusableRegister(f"打不开，它不是完整的{kind}") from None


def text_of(raw: bytes) -> str:
    """The text of a file, in UTF-8, or as a county's Excel writes it, in GB18030 or UTF-16.

    Raises UnusableRegister.
    """
    coding = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), None)
    for name in (coding,) if coding else ("utf-8", "gb18030"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise UnusableRegister("文件是空的")
        return text
    raise UnusableRegister("看不懂文件的文字编码，请存成 UTF-8 的 CSV")


def _text_file(text: str) -> RegisterFile:
    """A table of text; a line with too many cells keeps its household and nothing else."""
    text = text.lstrip("\r\n")
    first = text[:_HEAD].partition("\n")[0]
    mark = "," if "," in first else next((m for m in "\t;" if m in first), ",")
    names = _unlike(next(csv.reader(StringIO(text[:_HEAD]), delimiter=mark)))
    table = pl.read_csv(
        BytesIO(text.encode()),
        has_header=False,
        separator=mark,
        schema=dict.fromkeys([*names, _SURPLUS], pl.String),
        missing_columns="insert",
        truncate_ragged_lines=True,
    ).slice(1)
    surplus = table[_SURPLUS].str.strip_chars().fill_null("") != ""
    table = table.drop(_SURPLUS)
    if not surplus.any():
        return RegisterFile(table)
    name = next((name for name in names if name.strip() in HOUSEHOLD), "")
    lines = table.with_row_index("__at", offset=2).filter(surplus)
    ids = lines[name].fill_null("") if name else pl.repeat("", len(lines), eager=True)
    reason = "这一行比表头多出几格，分不清哪格是哪一列，除户号外都当作不清楚"
    ragged = [
        Issue(line, household, "", "", reason)
        for line, household in zip(lines["__at"].head(MOST_RAGGED), ids, strict=False)
    ]
    kept = table.with_columns(
        pl.when(pl.lit(~surplus)).then(pl.col(other)).alias(other)
        for other in names
        if other != name
    )
    return RegisterFile(kept, ragged=ragged, more_ragged=len(lines) - len(ragged))


def _unlike(names: list[str]) -> list[str]:
    """The header with a name for every column: nameless and repeated ones get their number."""
    found: list[str] = []
    for number, name in enumerate(names, 1):
        plain = name.strip() or f"第{number}列"
        found.append(plain if plain not in found else f"{plain}（第{number}列）")
    return found

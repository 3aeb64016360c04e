"""A CSV or Parquet file written piece by piece, there only once it is whole."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import polars as pl


class TableFile:
    """Pieces go into a folder beside the file; leaving without an error puts it in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts = 0

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(dir=self._path.parent, prefix=".wenzhu-")
        self._csv = (Path(self._folder.name) / "all.csv").open("wb")
        return self

    def write(self, table: pl.DataFrame) -> None:
        """Append the rows; all pieces have the same columns."""
        if self._is_parquet:
            table.write_parquet(self._part(self._parts))
        else:
            table.write_csv(self._csv, include_header=self._parts == 0)
        self._parts += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._folder:
            self._csv.close()
            if error is not None:
                return
            whole = Path(self._csv.name)
            if self._is_parquet:
                whole = self._part(-1)
                parts = [self._part(number) for number in range(self._parts)]
                table = pl.scan_parquet(parts) if parts else pl.LazyFrame()
                table.sink_parquet(whole)
            whole.replace(self._path)

    @property
    def _is_parquet(self) -> bool:
        return self._path.suffix == ".parquet"

    def _part(self, number: int) -> Path:
        return Path(self._folder.name) / f"{number}.parquet"

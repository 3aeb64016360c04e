"""Whether a parameter file is built as it must be, before its figures are looked at.

Whoever writes the file by hand reads which row and which field is wrong, never a traceback.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rules.errors import ParameterError

Row = Mapping[str, Any]
_DAYS = ("from", "to", "checked_until", "page_stamp")
_TEXTS = ("document", "clause", "unit", "url", "note", "label", "reason")
_ENDS = 2


def rows_of(path: Path, content: Any) -> Iterator[tuple[str, str, Row, Row]]:
    """(where, name, block, row) of every value; raises ParameterError."""
    if not isinstance(content, dict) or not {"region", "programme", "parameters"} <= set(content):
        raise ParameterError(f"{path}: 要有 region、programme、parameters")
    blocks = _mapping(f"{path}: parameters", content["parameters"])
    for name, told in blocks.items():
        block = _mapping(f"{path}: {name}", told)
        _texts(f"{path}: {name}", block)
        rows = _list(f"{path}: {name} 的 values", block.get("values"))
        for number, one in enumerate(rows, 1):
            where = f"{path}: {name} 第{number}条"
            row = _mapping(where, one)
            _typed(where, row)
            yield where, str(name), block, row


def gaps_of(path: Path, content: Row) -> Iterator[tuple[str, str, str]]:
    """(name, label, reason) of what the text lost; raises ParameterError."""
    for number, one in enumerate(_list(f"{path}: gaps", content.get("gaps") or []), 1):
        where = f"{path}: gaps 第{number}条"
        row = _mapping(where, one)
        _texts(where, row)
        for key in ("name", "label", "reason"):
            if not row.get(key):
                raise ParameterError(f"{where}: 没有 {key}（要有 name、label、reason）")
        if unknown := set(row) - {"name", "label", "reason"}:
            raise ParameterError(f"{where}: 不认识的键 {sorted(map(str, unknown))}")
        yield str(row["name"]), row["label"], row["reason"]


def _typed(where: str, row: Row) -> None:
    _texts(where, row)
    for key in _DAYS:
        day = row.get(key)
        if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
            raise ParameterError(f"{where}: {key} 要写成 2025-07-01 这样，不加引号：{day!r}")
    ends = row.get("range", [0, 0])
    if not isinstance(ends, list) or len(ends) != _ENDS:
        raise ParameterError(f"{where}: range 要写成 [下限, 上限]：{ends!r}")
    _list(f"{where}: applies_to", row.get("applies_to") or [])


def _texts(where: str, row: Row) -> None:
    for key in _TEXTS:
        text = row.get(key)
        if text is not None and not isinstance(text, str):
            raise ParameterError(f"{where}: {key} 要用文字写：{text!r}")


def _mapping(where: str, told: Any) -> dict[Any, Any]:
    if not isinstance(told, dict):
        raise ParameterError(f"{where}: 要一项一项地写（键: 值）：{told!r}")
    return told


def _list(where: str, told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise ParameterError(f"{where}: 要写成清单（每条前面有 -）：{told!r}")
    return told

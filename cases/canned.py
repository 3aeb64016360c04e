"""Replies that staff begin from: texts with parameters (`canned.yaml`), filled from the case.

A text is a beginning, never sent by itself. What the case does not tell stands in it as a gap,
【请填：…】; `refuse_gaps` lets no words with one reach a resident, whichever way they are sent. A
resident's name or number is no parameter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from . import hours
from .errors import BadInput
from .scope import Scope
from .shapes import Detail
from .states import Department

_PLACE = re.compile(r"\{(\w*)\}")
_GAP = re.compile(r"【请填：([^【】]{0,60})】")
_TITLED = re.compile(r"[老小阿].{1,2}")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_DOUBLE = frozenset(
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "夏侯", "慕容"]
)


@dataclass(frozen=True)
class Canned:
    """A text as the table has it."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class Filled:
    """A text filled from a case; `gaps` are the words for what the sender still has to fill in."""

    code: str
    title: str
    text: str
    gaps: tuple[str, ...]


@cache
def parameters() -> Mapping[str, str]:
    """What a text may name, with the word staff read for it."""
    return dict(_document()["parameters"])


@cache
def table() -> tuple[Canned, ...]:
    """Every text, in the order of the file. Raises ValueError for a parameter nobody knows."""
    found = tuple(
        Canned(code, row["title"], row["text"]) for code, row in _document()["texts"].items()
    )
    for one in found:
        strange = set(_PLACE.findall(one.text)) - set(parameters())
        if strange:
            raise ValueError(f"canned.yaml: {one.code} names {sorted(strange)}")
    return found


def for_case(case: Detail, reader: Scope) -> tuple[Filled, ...]:
    """All texts, filled for this case and this reader."""
    known = values(case, reader)
    return tuple(fill(one, known) for one in table())


def values(case: Detail, reader: Scope) -> dict[str, str]:
    """What the case and the reader's office tell; what they do not is absent."""
    row = case.summary
    # a deadline that stands still or is past is no promise
    runs = not (row.finished or row.paused or row.overdue)
    opening = hours.of(reader.area_code, reader.department)
    found = {
        "receipt": row.receipt_no,
        "due_on": f"{row.due_on.month}月{row.due_on.day}日" if runs else "",
        "worker": "" if reader.is_service else called(reader.name),
        "office": Department(reader.department).word,
        "department": row.leads[0].department.word if row.leads else "",
        "area": "" if row.area_pending else row.area_name,
        "hours": hours.words(opening) if opening.confirmed else "",
        "papers": case.papers_needed or "",
    }
    return {key: value for key, value in found.items() if value}


def fill(one: Canned, known: Mapping[str, str]) -> Filled:
    """The text with what is known; the rest as gaps."""
    text = _PLACE.sub(lambda at: known.get(at[1]) or f"【请填：{parameters()[at[1]]}】", one.text)
    return Filled(one.code, one.title, text, gaps(text))


def gaps(text: str) -> tuple[str, ...]:
    """What the words still leave open, each once."""
    return tuple(dict.fromkeys(_GAP.findall(text)))


def refuse_gaps(text: str) -> None:
    """Raises BadInput when the words still have a gap: nobody is sent a form to fill in."""
    if left := gaps(text):
        raise BadInput("text", f"还有没填的：{'、'.join(left)}。填好再发")


def called(name: str) -> str:
    """How a resident is told a colleague: 陈同志, never the full name; a short name as it is."""
    name = name.strip()
    if not _NAME.fullmatch(name) or _TITLED.fullmatch(name):
        return name
    return f"{name[:2] if name[:2] in _DOUBLE else name[0]}同志"


@cache
def _document() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "canned.yaml").read_text("utf-8")))

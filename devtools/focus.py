"""Which programmes a screening looks at, named by code or as people say them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.states import PROGRAMMES
from rules.criteria import Programme
from rules.programmes import ALL_CODES, REGISTRY, needed_for

NAMES = Path(__file__).resolve().parents[1] / "data" / "nlu" / "lookups" / "programmes.csv"
EVERY = "全部"


class UnknownProgramme(ValueError):
    """A name that stands for no programme, or for several."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The programmes judged (later ones read earlier outcomes) and those told of.

    `codes` None: those of the first screening.
    """

    codes: tuple[str, ...] | None = None
    judged: tuple[Programme, ...] = REGISTRY
    shown: tuple[Programme, ...] = REGISTRY

    @property
    def columns(self) -> tuple[str, ...]:
        """The outcome columns told of."""
        return tuple(programme.column for programme in self.shown)


def focus_of(given: Sequence[str]) -> Focus:
    """What the names ask for, 全部 all there are; nothing named: the first screening.

    Raises UnknownProgramme.
    """
    names = [name.strip() for text in given for name in text.replace("，", ",").split(",")]
    wanted = {code for name in names if name for code in _codes(name)}
    if not wanted:
        return Focus()
    codes = tuple(code for code in ALL_CODES if code in wanted)
    judged = needed_for(codes)
    return Focus(codes, judged, tuple(one for one in judged if one.code in wanted))


def _codes(name: str) -> tuple[str, ...]:
    if name == EVERY:
        return ALL_CODES
    if name in ALL_CODES:
        return (name,)
    found = {code for code in ALL_CODES if PROGRAMMES[code] == name} or _said().get(name, set())
    if len(found) == 1:
        return tuple(found)
    known = "、".join(f"{PROGRAMMES[code]}（{code}）" for code in ALL_CODES)
    raise UnknownProgramme(f"没有叫“{name}”的救助。可以写：{EVERY}、{known}")


@cache
def _said() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["role"] == "name" and row["code"] in ALL_CODES:
                found.setdefault(row["alias"], set()).add(row["code"])
    return found

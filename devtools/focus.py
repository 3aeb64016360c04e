"""Which programmes a screening looks at, named by code or as people say them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.states import PROGRAMMES
from rules.criteria import Programme
from rules.fact_words import AID
from rules.programmes import ALL_CODES, REGISTRY, needed_for

NAMES = Path(__file__).resolve().parents[1] / "data" / "nlu" / "lookups" / "programmes.csv"
EVERY = "全部"
_SHORTEST = 2  # letters of a part of a name
_OWN = {name: {code} for code, names in AID.items() for name in names}


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
    official = {code for code in ALL_CODES if PROGRAMMES[code] == name}
    found = official or _said().get(name) or _part_of(_OWN, name) or _part_of(_said(), name)
    if len(found) == 1:
        return tuple(found)
    if found:
        which = "、".join(f"{PROGRAMMES[code]}（{code}）" for code in ALL_CODES if code in found)
        raise UnknownProgramme(f"“{name}”可以指几项救助，请写其中一项：{which}")
    known = "、".join(f"{PROGRAMMES[code]}（{code}）" for code in ALL_CODES)
    raise UnknownProgramme(f"没有叫“{name}”的救助。可以写：{EVERY}、{known}")


def _part_of(names: Mapping[str, set[str]], said: str) -> set[str]:
    """教育 for 教育救助: the programmes in a name of which it stands."""
    if len(said) < _SHORTEST:
        return set()
    return {code for name, codes in names.items() if said in name for code in codes}


@cache
def _said() -> Mapping[str, set[str]]:
    """What people call the programmes, in a register or in a chat."""
    found = {name: set(codes) for name, codes in _OWN.items()}
    with NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["role"] == "name" and row["code"] in ALL_CODES:
                found.setdefault(row["alias"], set()).add(row["code"])
    return found

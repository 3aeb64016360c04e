"""How programmes stand to each other: which status excludes or opens which, and in which layer.

The relations are data (`relations.yml`); criteria ask here for "has a status that opens this".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from rules.criteria import (
    LIKELY,
    NEED_ANSWERS,
    NEED_PERSON,
    UNLIKELY,
    Criterion,
    Programme,
    decide,
    yes,
)
from rules.household import RECEIVED
from rules.verdict import Reason

_FILE = Path(__file__).with_name("relations.yml")
# A status as the frame knows it: already received, and (where judged first) possibly due. Who
# receives the cover of children has it as an orphan or as a de facto one; which, nobody told.
HELD = {**RECEIVED, "orphan": RECEIVED["gu_er_ertong"], "shishi": RECEIVED["gu_er_ertong"]}
JUDGED = ("dibao", "dibao_bianyuan")
_ALONE = (pl.col("size_low") == 1) & (pl.col("size_high") == 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One programme of the catalogue; `layer` is basic, special or emergency."""

    code: str
    name: str
    layer: str
    department: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`source` excludes `target` (outcome columns); settled here or in the target's criteria.

    `received`: only for who receives the source already; it is judged later, if at all.
    """

    source: str
    target: str
    rule: str
    clause: str
    settled: bool
    received: bool


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return content


@cache
def catalogue() -> dict[str, Entry]:
    """Every programme by code."""
    return {
        code: Entry(code, row["name"], row["layer"], row["department"])
        for code, row in _data()["programmes"].items()
    }


def layer_name(code: str) -> str:
    """The layer of a programme in words, 基本生活救助; empty for an unknown code."""
    entry = catalogue().get(code)
    return str(_data()["layers"][entry.layer]) if entry else ""


@cache
def exclusions() -> tuple[Exclusion, ...]:
    """Every exclusion; a settled one holds for a household of one person."""
    return tuple(
        Exclusion(
            row["from"],
            row["to"],
            row["rule"],
            row["clause"],
            settled=row["how"] == "settle",
            received=row.get("only") == "received",
        )
        for row in _data()["excludes"]
    )


@cache
def openers(target: str) -> tuple[str, ...]:
    """The programme codes whose status opens the target."""
    return tuple(_data()["opens"][target]["by"])


@cache
def openers_in_places(target: str) -> tuple[str, ...]:
    """Codes whose status opens the target where a verified text says so; elsewhere a person."""
    return tuple(_data()["opens"][target].get("by_place", ()))


@cache
def excluders(target: str) -> tuple[str, ...]:
    """What excludes the target within the target's own criteria."""
    return tuple(e.source for e in exclusions() if e.target == target and not e.settled)


def edges() -> list[tuple[str, str]]:
    """(from, to) of every relation, for checking that none leads back to itself."""
    found = [(exclusion.source, exclusion.target) for exclusion in exclusions()]
    for target, row in _data()["opens"].items():
        found += [(source, target) for source in (*row["by"], *row.get("by_place", ()))]
    return found


def held(*codes: str) -> pl.Expr:
    """Whether the household says that it receives one of them; not said counts as no."""
    columns = [yes(pl.col(column)) for column in dict.fromkeys(HELD[code] for code in codes)]
    return _any(columns)


def _any(truths: Sequence[pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(truths) if truths else pl.lit(value=False)


def has_status(codes: Sequence[str]) -> pl.Expr:
    """Whether the household holds one of them or may get it; null while that is open."""
    judged = [code for code in JUDGED if code in codes]
    if not judged:
        return held(*codes)
    likely = [pl.col(code) == LIKELY for code in judged]
    unlikely = [pl.col(code) == UNLIKELY for code in judged]
    return decide(pl.any_horizontal(held(*codes), *likely), pl.all_horizontal(*unlikely))


def none_likely(target: str) -> pl.Expr:
    """Whether nothing that was judged before and excludes the target is likely; null while open."""
    judged = [pl.col(code) for code in JUDGED if code in excluders(target)]
    likely = _any([column == LIKELY for column in judged])
    return ~decide(likely, ~_any([column == NEED_ANSWERS for column in judged]))


def status(target: str, column: str = "") -> Criterion:
    """The criterion "has a status that opens the target", held or judged likely before."""
    row, truth = _data()["opens"][target], has_status(openers(target))
    return Criterion(column or f"{target}_status", row["rule"], row["clause"], (), truth)


def asks_for_status(target: str) -> pl.Expr:
    """Whether the status is still open because the household has more to tell."""
    judged = [pl.col(code) == NEED_ANSWERS for code in JUDGED if code in openers(target)]
    return _any(judged)


def status_by_person(target: str) -> pl.Expr:
    """Whether a person has to look at the status first."""
    judged = [pl.col(code) == NEED_PERSON for code in JUDGED if code in openers(target)]
    return _any(judged)


def settle(programmes: Sequence[Programme]) -> dict[str, pl.Expr]:
    """Outcome columns corrected by exclusions between programmes that were judged side by side."""
    columns = {programme.column for programme in programmes}
    found: dict[str, pl.Expr] = {}
    for exclusion in exclusions():
        if not exclusion.settled or not {exclusion.source, exclusion.target} <= columns:
            continue
        applies = yes((pl.col(exclusion.source) == LIKELY) & _ALONE)
        found[exclusion.target] = (
            pl.when(applies).then(pl.lit(UNLIKELY)).otherwise(pl.col(exclusion.target))
        )
    return found


def reasons_of(column: str, row: Mapping[str, Any]) -> list[Reason]:
    """Why another programme goes first, when one does."""
    alone = row["size_low"] == 1 and row["size_high"] == 1
    return [
        Reason(f"{exclusion.source}_first", exclusion.rule, exclusion.clause, met=False)
        for exclusion in exclusions()
        if exclusion.settled
        and exclusion.target == column
        and row.get(exclusion.source) == LIKELY
        and alone
    ]

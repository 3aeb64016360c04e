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
from rules.verdict import Reason

_FILE = Path(__file__).with_name("relations.yml")
# A status as the frame knows it: already received, and (where judged first) possibly due.
HELD = {
    "dibao": "gets_dibao",
    "tekun": "gets_tekun",
    "dibao_bianyuan": "gets_bianyuan",
    "gangxing_zhichu": "gets_gangxing",
    "gu_er_ertong": "gets_gu_er",
    "fangfanpin": "gets_fangfanpin",
}
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
    """`source` excludes `target` (outcome columns); settled here or in the target's criteria."""

    source: str
    target: str
    rule: str
    clause: str
    settled: bool


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
        Exclusion(row["from"], row["to"], row["rule"], row["clause"], row["how"] == "settle")
        for row in _data()["excludes"]
    )


@cache
def openers(target: str) -> tuple[str, ...]:
    """The programme codes whose status opens the target."""
    return tuple(_data()["opens"][target]["by"])


def edges() -> list[tuple[str, str]]:
    """(from, to) of every relation, for checking that none leads back to itself."""
    found = [(exclusion.source, exclusion.target) for exclusion in exclusions()]
    for target, row in _data()["opens"].items():
        found += [(source, target) for source in row["by"]]
    return found


def held(*codes: str) -> pl.Expr:
    """Whether the household says that it receives one of them; not said counts as no."""
    columns = [yes(pl.col(HELD[code])) for code in codes]
    return pl.any_horizontal(columns)


def status(target: str, column: str = "") -> Criterion:
    """The criterion "has a status that opens the target", held or judged likely before."""
    codes, row = openers(target), _data()["opens"][target]
    judged = [code for code in JUDGED if code in codes]
    likely = [pl.col(code) == LIKELY for code in judged]
    unlikely = [pl.col(code) == UNLIKELY for code in judged]
    truth = decide(pl.any_horizontal(held(*codes), *likely), pl.all_horizontal(*unlikely))
    return Criterion(column or f"{target}_status", row["rule"], row["clause"], (), truth)


def asks_for_status(target: str) -> pl.Expr:
    """Whether the status is still open because the household has more to tell."""
    judged = [pl.col(code) == NEED_ANSWERS for code in JUDGED if code in openers(target)]
    return pl.any_horizontal(*judged)


def status_by_person(target: str) -> pl.Expr:
    """Whether a person has to look at the status first."""
    judged = [pl.col(code) == NEED_PERSON for code in JUDGED if code in openers(target)]
    return pl.any_horizontal(*judged)


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

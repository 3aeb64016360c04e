"""What the golden cases reach: whether one meets a criterion, one fails it, one is on its line.

A case counts for the programmes whose outcome it states, since only there somebody has worked out
what should come of it. A line is any comparison by order inside a criterion or a column it is made
of; a case is on it when both sides are the same number.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from rules.circumstances import aged
from rules.criteria import Criterion, derivations
from rules.evaluate import criteria_of, evaluate
from rules.facts import understood
from rules.household import ALL_COLUMNS, COLUMNS, frame, household_row, person_rows
from rules.law import Law
from rules.law import of as law_of
from rules.programmes import REGISTRY, needed_for
from tests.rules.test_golden import CASES, KINDS, store_of

_ORDER = {"Gt", "GtEq", "Lt", "LtEq"}
# The derived columns that are truths; the others are sums and what they are made of.
_TRUTHS = ("income_at_", "has_big_deposit", "margin_big_deposit", "property_doubt")


@dataclass(slots=True)
class Trace:
    """Of one criterion: its truths, the sides seen of its lines, what was expected when true.

    `words` are the values it names of a column, `told` those that cases have there.
    """

    truths: set[bool | None] = field(default_factory=set)
    lines: dict[str, set[str]] = field(default_factory=dict)
    words: dict[str, set[Any]] = field(default_factory=dict)
    told: dict[str, set[Any]] = field(default_factory=dict)
    expected_if_true: set[str | None] = field(default_factory=set)


@cache
def traces() -> dict[str, Trace]:
    """By criterion column."""
    found: dict[str, Trace] = {}
    for case in CASES:
        _trace(case.values[0], found)
    return found


def _trace(case: dict[str, Any], found: dict[str, Trace]) -> None:
    facts = {key: value for key, value in case["facts"].items() if value is not None}
    facts = aged(understood(facts), case["day"])
    further = "focus" in case
    programmes = REGISTRY
    if further:
        programmes = needed_for({KINDS[column][0] for column in case["expect"]})
    law = law_of(case["region"], case["day"], store_of(case))
    household = household_row(facts, further)
    rows = [household | person for person in person_rows(facts, further)]
    table = evaluate(frame(rows, ALL_COLUMNS if further else COLUMNS), law, programmes)
    for programme in programmes:
        if programme.column not in case["expect"]:
            continue
        stated = case["expect"][programme.column]
        for criterion in criteria_of(law, programmes)[programme.column]:
            trace = found.setdefault(criterion.column, Trace())
            truths = table[criterion.column].to_list()
            trace.truths.update(truths)
            if True in truths:
                trace.expected_if_true.add(stated)
            for name, left, right in _lines(criterion, law):
                sides = trace.lines.setdefault(name, set())
                found_here = table.select(
                    below=(left < right).any(), on=(left == right).any(), above=(left > right).any()
                ).row(0, named=True)
                sides.update(side for side, here in found_here.items() if here)
            for name, words in _named(json.loads(criterion.truth.meta.serialize(format="json"))):
                trace.words.setdefault(name, set()).update(words)
                trace.told.setdefault(name, set()).update(table[name].to_list())


@cache
def _derived(law: Law) -> dict[str, pl.Expr]:
    return {name: expr for stage in derivations(law) for name, expr in stage.items()}


def _lines(criterion: Criterion, law: Law) -> Iterator[tuple[str, pl.Expr, pl.Expr]]:
    """(name, left, right) of every comparison by order; both ends of a range bear one name."""
    for inside, left, right in _comparisons(criterion, law):
        name = inside
        if "Literal" in right:
            told = sorted({_side(root) for root in _expr(left).meta.root_names()})
            name = f"{'+'.join(told)} {pl.select(_expr(right)).item()}"
        yield name, _expr(left), _expr(right)


def _side(column: str) -> str:
    return column.removesuffix("_low").removesuffix("_high")


def _comparisons(criterion: Criterion, law: Law) -> Iterator[tuple[str, Any, Any]]:
    """The column that holds it, and both sides: of the criterion and of truths derived before."""
    wanted, seen = {criterion.column: criterion.truth}, set[str]()
    known = {name: expr for name, expr in _derived(law).items() if name.startswith(_TRUTHS)}
    while wanted:
        inside, expr = wanted.popitem()
        seen.add(inside)
        for left, right in _ordered(json.loads(expr.meta.serialize(format="json"))):
            yield inside, left, right
        roots = set(expr.meta.root_names()) & known.keys()
        wanted |= {name: known[name] for name in roots - seen}


def _ordered(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict):
        body = tree.get("BinaryExpr")
        if isinstance(body, dict) and body.get("op") in _ORDER:
            yield body["left"], body["right"]
        for value in tree.values():
            yield from _ordered(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _ordered(value)


def _named(tree: Any) -> Iterator[tuple[str, list[Any]]]:
    """(column, values) of every comparison with words: == "violence", is_in(["智力", "精神"])."""
    if isinstance(tree, list):
        for value in tree:
            yield from _named(value)
    if not isinstance(tree, dict):
        return
    match tree:
        case {"BinaryExpr": {"op": "Eq" | "NotEq", "left": {"Column": name}, "right": right}} if (
            "Literal" in right
        ):
            yield name, [pl.select(_expr(right)).item()]
        case {
            "Function": {"function": {"Boolean": {"IsIn": _}}, "input": [{"Column": name}, all_]}
        }:
            yield name, pl.select(_expr(all_)).item().to_list()
    for value in tree.values():
        yield from _named(value)


def _expr(tree: Any) -> pl.Expr:
    return pl.Expr.deserialize(json.dumps(tree).encode(), format="json")

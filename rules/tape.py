"""The programmes' own expressions, run over a few hundred rows without the engine's fixed costs.

Polars spends about 0.2 ms on every expression however few the rows; one question needs hundreds of
expressions over some hundred what-if rows. Here the very same expressions, read from their JSON,
become a tape of steps: a truth is two bit masks over the rows (surely true, surely false), a word
is a mask a word, a number is a list or one constant. No rule is written twice. An expression with
an operation unknown here raises Unsupported, and the caller lets Polars evaluate; a test holds
both to the same answers.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import Any

import polars as pl

from rules import tape_steps as steps

Step = Callable[..., Any]
Columns = Mapping[str, Any]


class Unsupported(Exception):
    """The expression uses an operation the tape does not know."""


class Tape:
    """Expressions compiled once, for the columns somebody wants to see."""

    def __init__(
        self,
        stages: Sequence[Sequence[pl.Expr]],
        wanted: Iterable[str],
        dtypes: Mapping[str, Any],
    ) -> None:
        self._dtypes = dtypes
        self._steps: list[tuple[Step, tuple[int, ...], Any]] = []
        self._kinds: list[str] = []
        self._seen: dict[Any, int] = {}
        self._named: dict[str, int] = {}
        for stage in stages:
            # A stage reads what stood before it, also when it gives a column a new value.
            made: dict[str, int] = {}
            for expr in stage:
                tree = json.loads(expr.meta.serialize(format="json"))
                if "Alias" not in tree:
                    raise Unsupported("an expression without a name")
                made[tree["Alias"][1]] = self._node(tree["Alias"][0])
            self._named |= made
        self._keep({name: self._column(name) for name in wanted})

    def run(self, columns: Columns, rows: int) -> dict[str, Any]:
        """Every compiled column over so many rows.

        A value of `columns` is a list, one entry a row, or anything else for all rows alike.
        """
        full = (1 << rows) - 1
        values: list[Any] = []
        for step, inputs, extra in self._steps:
            if step is _load:
                values.append(_load(columns.get(extra[0]), extra[1], full))
            else:
                values.append(step(full, extra, *[values[i] for i in inputs]))
        return {name: values[index] for name, index in self._named.items()}

    def only(self, wanted: Iterable[str]) -> "Tape":
        """The part of the tape that these columns need."""
        part = copy(self)
        part._keep({name: self._named[name] for name in wanted})  # noqa: SLF001 - same class
        return part

    def _keep(self, named: dict[str, int]) -> None:
        """Drop the steps that none of these columns needs."""
        needed = set(named.values())
        for index, (_, inputs, _) in reversed([*enumerate(self._steps)]):
            if index in needed:
                needed.update(inputs)
        new = {old: at for at, old in enumerate(sorted(needed))}
        self._steps = [
            (step, tuple(new[i] for i in inputs), extra)
            for old, (step, inputs, extra) in enumerate(self._steps)
            if old in needed
        ]
        loads = {extra[0]: i for i, (step, _, extra) in enumerate(self._steps) if step is _load}
        self._named = {**loads, **{name: new[old] for name, old in named.items()}}

    def _column(self, name: str) -> int:
        if name in self._named:
            return self._named[name]
        if name not in self._dtypes:
            raise Unsupported(f"column {name}")
        kind = _kind(self._dtypes[name])
        return self._add(_load, (), (name, kind), kind)

    def _add(self, step: Step, inputs: tuple[int, ...], extra: Any, kind: str) -> int:
        key = (step, inputs, repr(extra))
        if key not in self._seen:
            self._seen[key] = len(self._steps)
            self._steps.append((step, inputs, extra))
            self._kinds.append(kind)
        return self._seen[key]

    def _node(self, tree: Any) -> int:
        if not isinstance(tree, dict):
            raise Unsupported(str(tree))
        ((form, body),) = tree.items()
        if form == "Column":
            return self._column(body)
        if form == "Alias":
            return self._node(body[0])
        if form == "Literal":
            value = _literal(tree)
            return self._add(steps.constant, (), value, _kind_of(value))
        if form == "Ternary":
            parts = [self._node(body[part]) for part in ("predicate", "truthy", "falsy")]
            return self._choice(steps.CHOOSE, parts[1:], (parts[0],))
        if form == "BinaryExpr":
            return self._binary(body["op"], self._node(body["left"]), self._node(body["right"]))
        if form == "Function":
            return self._function(body["function"], body["input"])
        raise Unsupported(form)

    def _choice(
        self, table: Mapping[str, Step], options: list[int], before: tuple[int, ...] = ()
    ) -> int:
        """A step whose result has the kind of its options; a bare null takes the others' kind."""
        kinds = {self._kinds[i] for i in options} - {"null"}
        if len(kinds) > 1:
            raise Unsupported(f"options of kinds {kinds}")
        kind = kinds.pop() if kinds else "bool"
        typed = [
            self._add(steps.constant, (), (None, kind), kind) if self._kinds[i] == "null" else i
            for i in options
        ]
        return self._add(table[kind], (*before, *typed), None, kind)

    def _binary(self, op: str, left: int, right: int) -> int:
        kinds = {self._kinds[left], self._kinds[right]}
        pairs = (left, right)
        if op in steps.LOGIC and kinds <= {"bool", "null"}:
            return self._add(steps.LOGIC[op], self._typed(pairs, "bool"), None, "bool")
        if op in steps.COMPARE and kinds <= {"number", "null"}:
            typed = self._typed(pairs, "number")
            return self._add(steps.compare, typed, steps.COMPARE[op], "bool")
        if op in steps.EQUAL and kinds <= {"word", "null"}:
            return self._add(steps.equal_words, self._typed(pairs, "word"), op, "bool")
        if op in steps.EQUAL and kinds <= {"bool", "null"}:
            return self._add(steps.equal_truths, self._typed(pairs, "bool"), op, "bool")
        if op in steps.ARITHMETIC and kinds <= {"number", "null"}:
            typed = self._typed(pairs, "number")
            return self._add(steps.arithmetic, typed, steps.ARITHMETIC[op], "number")
        raise Unsupported(f"{op} of {kinds}")

    def _typed(self, inputs: tuple[int, ...], kind: str) -> tuple[int, ...]:
        null = (None, kind)
        return tuple(
            self._add(steps.constant, (), null, kind) if self._kinds[i] == "null" else i
            for i in inputs
        )

    def _function(self, function: Any, inputs: list[Any]) -> int:
        detail: dict[str, Any] = {}
        name = function
        if isinstance(function, dict):
            (name, detail), *_ = function.items()
            if name == "Boolean":
                return self._truth(detail, inputs)
        parts = [self._node(tree) for tree in inputs]
        if name in ("FillNull", "Coalesce"):
            return self._choice(steps.FIRST_KNOWN, parts)
        typed = self._typed(tuple(parts), "number")
        if any(self._kinds[i] != "number" for i in typed):
            raise Unsupported(f"{name} of {[self._kinds[i] for i in typed]}")
        if name == "Clip" and not detail["has_max"]:
            return self._add(steps.at_least, typed, None, "number")
        if name in steps.ACROSS:
            return self._add(steps.across, typed, steps.ACROSS[name], "number")
        raise Unsupported(str(name))

    def _truth(self, function: Any, inputs: list[Any]) -> int:
        if isinstance(function, dict):
            (name, detail), *_ = function.items()
        else:
            name, detail = function, None
        if name == "IsIn":
            subject = self._node(inputs[0])
            if "Literal" not in inputs[1] or detail.get("nulls_equal"):
                raise Unsupported("is_in of columns")
            members = tuple(_literal(inputs[1]))
            return self._add(steps.IS_IN[self._kinds[subject]], (subject,), members, "bool")
        parts = [self._node(tree) for tree in inputs]
        if name in ("IsNull", "IsNotNull"):
            kind = self._kinds[parts[0]]
            if kind == "null":
                raise Unsupported("is_null of a bare null")
            return self._add(steps.KNOWN[kind], tuple(parts), name == "IsNotNull", "bool")
        typed = self._typed(tuple(parts), "bool")
        if name == "Not":
            return self._add(steps.negation, typed, None, "bool")
        if name in ("AnyHorizontal", "AllHorizontal"):
            step = steps.LOGIC["Or" if name == "AnyHorizontal" else "And"]
            result = typed[0]
            for other in typed[1:]:
                result = self._add(step, (result, other), None, "bool")
            return result
        raise Unsupported(str(name))


def _kind(dtype: Any) -> str:
    kinds = {pl.Boolean: "bool", pl.String: "word", pl.Int64: "number", pl.Float64: "number"}
    found = kinds.get(dtype)
    if found is None:
        raise Unsupported(str(dtype))
    return found


def _kind_of(value: Any) -> str:
    if isinstance(value, tuple):
        return str(value[1])
    if value is None:
        return "null"
    return "bool" if isinstance(value, bool) else "word" if isinstance(value, str) else "number"


_NULLS = {"Boolean": "bool", "String": "word", "Int64": "number", "Float64": "number"}


def _literal(tree: Mapping[str, Any]) -> Any:
    """The value; a typed null as (None, kind), which `steps.constant` understands."""
    body = tree["Literal"]
    (_, content), *_ = body.items()
    if isinstance(content, dict) and len(content) == 1:
        (form, value), *_ = content.items()
        if form == "Null":
            return (None, _NULLS[value]) if value in _NULLS else None
        if form in ("Int", "Int64", "Int32", "Float", "Float64", "String", "Boolean"):
            return value
    expr = pl.Expr.deserialize(json.dumps(tree).encode(), format="json")
    value = pl.select(expr).item()
    return value.to_list() if isinstance(value, pl.Series) else value


def _load(value: Any, kind: str, full: int) -> Any:
    """A raw column as masks, words or numbers."""
    if not isinstance(value, list):
        return steps.constant(full, (None, kind) if value is None else value)
    if kind == "number":
        return value
    masks: dict[Any, int] = {}
    bit = 1
    for item in value:
        if item is not None:
            masks[item] = masks.get(item, 0) | bit
        bit <<= 1
    if kind == "bool":
        return masks.get(True, 0), masks.get(False, 0)
    return masks


def values_of(value: Any, dtype: Any, rows: int) -> Any:
    """A plain column (a list, or one value for all rows) as a tape's value."""
    return _load(value, _kind(dtype), (1 << rows) - 1)


def at(value: Any, row: int) -> Any:
    """The plain value of one row: True, False, a word, a number or None."""
    if isinstance(value, tuple):
        return True if value[0] >> row & 1 else False if value[1] >> row & 1 else None
    if isinstance(value, dict):
        return next((word for word, mask in value.items() if mask >> row & 1), None)
    return value[row] if isinstance(value, list) else value

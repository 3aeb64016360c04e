"""The steps a tape is made of; each mirrors one Polars operation, nulls included.

The first argument of a step is the mask of all rows, the second what was fixed when it was
compiled. Truths are (true mask, false mask), words {word: mask}, numbers a list or one constant.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Truth = tuple[int, int]
Words = dict[str, int]
Number = Any


def constant(full: int, value: Any) -> Any:
    """The same value in every row; a null comes as (None, kind)."""
    if isinstance(value, tuple):
        return {"bool": (0, 0), "word": {}, "number": None}[value[1]]
    if isinstance(value, bool):
        return (full, 0) if value else (0, full)
    return {value: full} if isinstance(value, str) else value


def _rows(full: int) -> int:
    return full.bit_length()


def _bits(mask: int, full: int) -> Iterator[bool]:
    return map("1".__eq__, reversed(f"{mask:0{_rows(full)}b}"))


_DIGIT = {True: "1", False: "0", None: "n"}


def _masks(truths: list[bool | None]) -> Truth:
    digits = "".join(map(_DIGIT.__getitem__, reversed(truths)))
    true = int(digits.replace("n", "0"), 2)
    return true, int(digits.replace("0", "1").replace("n", "0"), 2) & ~true


def _spread(value: Number, full: int) -> list[Any]:
    return value if isinstance(value, list) else [value] * _rows(full)


# Choices ---------------------------------------------------------------------------------------


def _choose_truth(_full: int, _: Any, test: Truth, yes: Truth, no: Truth) -> Truth:
    then = test[0]
    return (yes[0] & then) | (no[0] & ~then), (yes[1] & then) | (no[1] & ~then)


def _choose_word(_full: int, _: Any, test: Truth, yes: Words, no: Words) -> Words:
    then = test[0]
    found = {word: kept for word, mask in no.items() if (kept := mask & ~then)}
    for word, mask in yes.items():
        if kept := mask & then:
            found[word] = found.get(word, 0) | kept
    return found


def _choose_number(full: int, _: Any, test: Truth, yes: Number, no: Number) -> Number:
    then = test[0]
    if then == full:
        return yes
    if not then:
        return no
    pairs = zip(_bits(then, full), _spread(yes, full), _spread(no, full), strict=True)
    return [a if truth else b for truth, a, b in pairs]


CHOOSE: Mapping[str, Callable[..., Any]] = {
    "bool": _choose_truth,
    "word": _choose_word,
    "number": _choose_number,
}


def _first_truth(_full: int, _: Any, *options: Truth) -> Truth:
    true = false = 0
    for one in options:
        open_rows = ~(true | false)
        true, false = true | (one[0] & open_rows), false | (one[1] & open_rows)
    return true, false


def _first_word(_full: int, _: Any, *options: Words) -> Words:
    found: Words = {}
    known = 0
    for one in options:
        more = 0
        for word, mask in one.items():
            if kept := mask & ~known:
                found[word] = found.get(word, 0) | kept
                more |= kept
        known |= more
    return found


def _first_number(_full: int, _: Any, *options: Number) -> Number:
    found, *others = options
    for other in others:
        if not isinstance(found, list):
            found = other if found is None else found
        elif isinstance(other, list):
            found = [b if a is None else a for a, b in zip(found, other, strict=True)]
        elif None in found:
            found = [other if a is None else a for a in found]
    return found


FIRST_KNOWN: Mapping[str, Callable[..., Any]] = {
    "bool": _first_truth,
    "word": _first_word,
    "number": _first_number,
}


# Truths ----------------------------------------------------------------------------------------


def _and(_full: int, _: Any, one: Truth, two: Truth) -> Truth:
    return one[0] & two[0], one[1] | two[1]


def _or(_full: int, _: Any, one: Truth, two: Truth) -> Truth:
    return one[0] | two[0], one[1] & two[1]


LOGIC: Mapping[str, Callable[..., Any]] = {
    "And": _and, "LogicalAnd": _and, "Or": _or, "LogicalOr": _or,
}  # fmt: skip
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "Lt": operator.lt, "LtEq": operator.le, "Gt": operator.gt, "GtEq": operator.ge,
    "Eq": operator.eq, "NotEq": operator.ne,
}  # fmt: skip
EQUAL = frozenset({"Eq", "NotEq"})


def negation(_full: int, _: Any, one: Truth) -> Truth:
    """Kleene not."""
    return one[1], one[0]


def compare(full: int, test: Callable[[Any, Any], bool], one: Number, two: Number) -> Truth:
    """A comparison of numbers; null beside anything is null."""
    if not isinstance(one, list) and not isinstance(two, list):
        if one is None or two is None:
            return 0, 0
        return (full, 0) if test(one, two) else (0, full)
    return _masks(_each(full, test, one, two))


def equal_words(_full: int, op: str, one: Words, two: Words) -> Truth:
    """Equality of words."""
    known = _known_words(one) & _known_words(two)
    same = 0
    for word, mask in one.items():
        same |= mask & two.get(word, 0)
    return (same, known & ~same) if op == "Eq" else (known & ~same, same)


def equal_truths(_full: int, op: str, one: Truth, two: Truth) -> Truth:
    """Equality of truths."""
    same, differ = (one[0] & two[0]) | (one[1] & two[1]), (one[0] & two[1]) | (one[1] & two[0])
    return (same, differ) if op == "Eq" else (differ, same)


def _known_words(words: Words) -> int:
    known = 0
    for mask in words.values():
        known |= mask
    return known


def _known_truth(full: int, wanted: bool, one: Truth) -> Truth:
    known = one[0] | one[1]
    return (known, full & ~known) if wanted else (full & ~known, known)


def _known_word(full: int, wanted: bool, one: Words) -> Truth:
    return _known_truth(full, wanted, (_known_words(one), 0))


def _known_number(full: int, wanted: bool, one: Number) -> Truth:
    if not isinstance(one, list):
        return _known_truth(full, wanted, (full if one is not None else 0, 0))
    return _known_truth(full, wanted, (_masks([value is not None for value in one])[0], 0))


KNOWN: Mapping[str, Callable[..., Truth]] = {
    "bool": _known_truth, "word": _known_word, "number": _known_number,
}  # fmt: skip


def _word_in(_full: int, members: tuple[Any, ...], one: Words) -> Truth:
    inside = 0
    for word in members:
        inside |= one.get(word, 0)
    return inside, _known_words(one) & ~inside


def _number_in(full: int, members: tuple[Any, ...], one: Number) -> Truth:
    if not isinstance(one, list):
        return (0, 0) if one is None else (full, 0) if one in members else (0, full)
    return _masks([None if value is None else value in members for value in one])


IS_IN: Mapping[str, Callable[..., Truth]] = {"word": _word_in, "number": _number_in}


# Numbers ---------------------------------------------------------------------------------------


def _floor_divide(one: Any, two: Any) -> Any:
    return one // two if two else None


ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "Plus": operator.add, "Minus": operator.sub, "Multiply": operator.mul,
    "FloorDivide": _floor_divide,
}  # fmt: skip


def arithmetic(full: int, do: Callable[[Any, Any], Any], one: Number, two: Number) -> Number:
    """Whole-number arithmetic; null beside anything is null."""
    if not isinstance(one, list) and not isinstance(two, list):
        return None if one is None or two is None else do(one, two)
    return _each(full, do, one, two)


def _each(full: int, do: Callable[[Any, Any], Any], one: Number, two: Number) -> list[Any]:
    """Row by row, at least one side being a list; the plain cases go without a test a row."""
    if not isinstance(two, list):
        if two is None:
            return [None] * _rows(full)
        return [None if a is None else do(a, two) for a in one]
    if not isinstance(one, list):
        if one is None:
            return [None] * _rows(full)
        return [None if b is None else do(one, b) for b in two]
    if None not in one and None not in two:
        return list(map(do, one, two))
    return [None if a is None or b is None else do(a, b) for a, b in zip(one, two, strict=True)]


def at_least(full: int, _: Any, value: Number, limit: Number) -> Number:
    """Polars' clip with a lower limit alone; null stays null, and a null limit is none."""
    if not isinstance(value, list) and not isinstance(limit, list):
        return value if value is None or limit is None else max(value, limit)
    return [
        a if a is None or b is None else max(a, b)
        for a, b in zip(_spread(value, full), _spread(limit, full), strict=True)
    ]


def _most(row: tuple[Any, ...]) -> Any:
    return max((value for value in row if value is not None), default=None)


def _total(row: tuple[Any, ...]) -> Any:
    return sum(value for value in row if value is not None)


ACROSS: Mapping[str, Callable[[tuple[Any, ...]], Any]] = {
    "MaxHorizontal": _most,
    "SumHorizontal": _total,
}


def across(full: int, over: Callable[[tuple[Any, ...]], Any], *values: Number) -> Number:
    """The largest or the sum of several columns; nulls are left out."""
    if not any(isinstance(value, list) for value in values):
        return over(values)
    columns = [_spread(value, full) for value in values]
    return [over(row) for row in zip(*columns, strict=True)]

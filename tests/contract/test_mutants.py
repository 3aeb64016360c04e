"""The mutation campaign really puts faults into the rules, each a different one."""

import ast

from benchmarks.mutants import Saboteur, wrong_source

RIGHT = """
@cache
def cut(low: int | None, high: int=1) -> bool:
    if not low:
        return False
    seen.append(low)
    return low < high and low + 2 > 0

class Row:
    def last(self):
        return outcome((~a, LIKELY), otherwise=NEED_ANSWERS)
"""


def test_every_fault_is_a_different_wrong_program() -> None:
    saboteur = Saboteur("rules/row.py")
    untouched = ast.unparse(saboteur.visit(ast.parse(RIGHT)))
    assert untouched == ast.unparse(ast.parse(RIGHT))
    mutants = saboteur.found
    wrong = {mutant: wrong_source(mutant, RIGHT) for mutant in mutants}
    assert len(set(wrong.values()) - {untouched}) == len(mutants)
    told = {(m.line, m.function, m.change) for m in mutants}
    assert {
        (3, "", "constant: 1  →  2"),
        (4, "cut", "not: not low  →  low"),
        (4, "cut", "statement: if not low: return False  →  pass"),
        (6, "cut", "statement: seen.append(low)  →  pass"),
        (7, "cut", "comparison: low < high  →  low <= high"),
        (7, "cut", "comparison: low < high  →  low >= high"),
        (7, "cut", "arithmetic: low + 2  →  low - 2"),
        (11, "Row.last", "not: ~a  →  a"),
        (11, "Row.last", "verdict: LIKELY  →  NEED_PERSON"),
    } <= told
    assert not any("int" in m.change or "cache" in m.change for m in mutants)
    boundary = next(m for m in mutants if m.change.endswith("low <= high"))
    assert wrong[boundary] == untouched.replace("low < high", "low <= high")

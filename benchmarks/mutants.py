"""The small faults `benchmarks.mutation` puts into the rules, one at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
VERDICTS = {"LIKELY": "NEED_PERSON", "UNLIKELY": "NEED_PERSON", "NEED_PERSON": "UNLIKELY",
            "NEED_ANSWERS": "NEED_PERSON"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """The nth fault of a file."""

    path: str
    nth: int
    line: int
    change: str
    function: str  # whose body it is in; "" at the level of the module or class

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.change}"


def faults(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(kind, replacement) for each way to get this one node wrong."""
    match node:
        case ast.Compare(left, [op], [right]):
            for other in COMPARISONS[type(op)]:
                yield "comparison", ast.Compare(left, [other()], [right])
        case ast.BoolOp(op, values):
            yield "and/or", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.BinOp(left, op, right) if type(op) in OPERATIONS:
            kind = "and/or" if isinstance(op, ast.BitAnd | ast.BitOr) else "arithmetic"
            yield kind, ast.BinOp(left, OPERATIONS[type(op)](), right)
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            yield "not", operand
        case ast.Constant(bool() as truth):
            yield "constant", ast.Constant(not truth)
        case ast.Constant(int() as number):
            yield "constant", ast.Constant(number + 1)
        case ast.Name(name, ast.Load()) if name in VERDICTS:
            yield "verdict", ast.Name(VERDICTS[name], ast.Load())
        case ast.Call(ast.Name("outcome"), branches, keywords):
            for i, branch in enumerate(branches):
                rest = [*branches[:i], *branches[i + 1 :]]
                yield f"branch left out: {_short(branch)}", ast.Call(node.func, rest, keywords)
        case ast.If(_, _, []) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield "statement", ast.Pass()
        case ast.Expr(ast.Call()):
            yield "statement", ast.Pass()


class Saboteur(ast.NodeTransformer):
    """Counts the faults of a file and commits one of them. Types and decorators are no rules."""

    def __init__(self, path: str, wanted: int = -1) -> None:
        self.path, self.wanted = path, wanted
        self.found: list[Mutant] = []
        self._within: list[str] = []
        self._function = ""

    def visit(self, node: ast.AST) -> Any:
        """The node, or its fault if it is the one wanted."""
        match node:
            case ast.arg():
                return node
            case ast.AnnAssign():
                node.value = self.visit(node.value) if node.value else None
                return node
            case ast.ClassDef():
                self._within.append(node.name)
                node.body = [self.visit(statement) for statement in node.body]
                self._within.pop()
                return node
            case ast.FunctionDef():
                node.args = self.visit(node.args)
                self._within.append(node.name)
                outer, self._function = self._function, self._function or ".".join(self._within)
                node.body = [self.visit(statement) for statement in node.body]
                self._function = outer
                self._within.pop()
                return node
        before = copy.deepcopy(node)
        result = self.generic_visit(node)
        for kind, other in faults(before):
            if len(self.found) == self.wanted:
                result = other
            change = f"{kind}: {_short(before)}  →  {_short(other)}"
            line = getattr(before, "lineno", 0)
            self.found.append(Mutant(self.path, len(self.found), line, change, self._function))
        return result


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())
    return text if len(text) <= 90 else f"{text[:89]}…"


def every_mutant() -> list[Mutant]:
    """All faults of all rules, in a fixed order."""
    found: list[Mutant] = []
    for path in sorted([*ROOT.glob("rules/*.py"), *ROOT.glob("rules/programmes/*.py")]):
        saboteur = Saboteur(path.relative_to(ROOT).as_posix())
        saboteur.visit(ast.parse(path.read_text("utf-8")))
        found += saboteur.found
    return found


def wrong_source(mutant: Mutant, right: str) -> str:
    """The file with the fault in it."""
    tree = Saboteur(mutant.path, mutant.nth).visit(ast.parse(right))
    return ast.unparse(ast.fix_missing_locations(tree))

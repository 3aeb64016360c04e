"""Do the tests of `rules/` notice a wrong rule? A seeded sample of small faults, one at a time.

    python -m benchmarks.mutation [--mutants 150] [--minutes 40] [--seed 1] [--out FILE]
    python -m benchmarks.mutation --again FILE    only the survivors in that file

Faults: a comparison moved over its boundary or turned round, and/or, + and -, * and //, a dropped
`not`, a number one higher, a truth flipped, a verdict swapped, a branch of a verdict or a statement
left out. Each meets tests/rules in a scratch copy, the likeliest tests first. A mutant that no test
has killed when its processor time is up counts as survived, one that runs for ever as killed.
Processor time, because on a shared machine the clock measures the neighbours.

Each mutant has a process of its own: a fork of one that has collected the tests and run none, with
the code of one function replaced. A fault outside a function, or in one that importing already ran,
is put into the file instead and meets a fork that has imported none of the rules.
"""

import argparse
import inspect
import json
import math
import os
import py_compile
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

os.environ["POLARS_MAX_THREADS"] = "1"

import hypothesis  # noqa: F401 - imported once for every fork
import polars as pl  # noqa: F401
import pytest
import yaml

from benchmarks.mutants import ROOT, Mutant, every_mutant, wrong_source

yaml.safe_load = partial(yaml.load, Loader=yaml.CSafeLoader)  # the same, ten times as fast
COPIED = ("rules", "tests/rules", "tests/__init__.py", "data/nlu/lookups", "pyproject.toml")
SECONDS = 45  # of processor time, after which no further test begins
HANGS = 60  # of processor time: no test takes that long, so the mutant runs for ever
# The plugins are imported before the forks on purpose.
OPTIONS = (
    "-q", "-x", "-p", "no:cacheprovider", "--timeout=0", "-W", "ignore:Module already",
    # Judges the cases, not the rules, and starts Polars' threads, which no fork has, on collection.
    "--ignore=tests/rules/test_golden_coverage.py",
    # Holds the rules against a page that is not copied: it would kill every mutant.
    "--ignore=tests/rules/test_rule_ids.py",
)  # fmt: skip
# Further tests of a file than those of its name.
TESTS_OF = {
    "missing": ("screening",), "reasons": ("screening",), "distance": ("screening",),
    "verdict": ("screening",), "small": ("tape",), "tape_steps": ("tape",),
    "bulk_reasons": ("bulk",), "fact_schema": ("facts",), "medical": ("yiliao",),
    "parameter_store": ("parameters",), "parameter_values": ("parameters",),
    "law": ("parameters",), "circumstances": ("household", "worlds"),
    "register_merge": ("clashes",),
    "register": ("register_cells",), "spending": ("screening",),
    "parameter_shape": ("parameter_checks",),
}  # fmt: skip
PROGRAMMES = ("notes", "place_texts", "amounts", "screening")  # and their golden cases
SLOW = ("test_next_question", "test_agreement", "test_properties", "test_further_properties")


def rank(path: str, name: str) -> int:
    """The tests of the file, the golden cases, other quick ones, slow ones."""
    stem = Path(path).stem
    named = (
        stem,
        *TESTS_OF.get(stem, ()),
        *(PROGRAMMES if "/programmes/" in path else ()),
    )
    if any(f"test_{one}." in name for one in named) or f"[{stem}:" in name:
        return 0
    return 1 if "test_golden." in name else 2 + any(part in name for part in SLOW)


def in_a_fork(work: Callable[[], bool], seconds: int = HANGS) -> bool:
    """What the work gives, done in a child; a child that breaks down or hangs counts as true."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            code = int(work())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


class Loop:
    """A pytest plugin: something else than running each test once, after they are collected."""

    def __init__(self, do: Callable[[pytest.Session], None]) -> None:
        self._do = do

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """pytest's hook."""
        self._do(session)
        return True


def collect(scratch: Path, do: Callable[[pytest.Session], None]) -> None:
    """Import rules and tests of the copy and do that; not done if they cannot be imported."""
    os.chdir(scratch)
    sys.path[:0] = [str(scratch)]
    sys.dont_write_bytecode = True
    pytest.main([*OPTIONS, "tests/rules"], plugins=[Loop(do)])


def fails(session: pytest.Session, path: str, limit: float = SECONDS) -> bool:
    """Whether a test fails before the time is up."""
    items = sorted(session.items, key=lambda item: rank(path, item.nodeid))
    for item, following in zip(items, [*items[1:], None], strict=True):
        if time.process_time() > limit:
            return False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def fail_anew(scratch: Path, path: str, limit: float = SECONDS) -> bool:
    """Whether a test fails when everything is imported; also when it cannot be."""
    failed = [True]

    def look(session: pytest.Session) -> None:
        failed[0] = fails(session, path, limit)

    collect(scratch, look)
    return failed[0]


def killed_from_the_file(scratch: Path, mutant: Mutant) -> bool:
    """Put the fault in, import everything anew, put the file right again."""
    path = scratch / mutant.path
    right = path.read_text("utf-8")
    Path(py_compile.compile(str(path)) or "").unlink()  # else the right one might be imported
    path.write_text(wrong_source(mutant, right), "utf-8")
    try:
        return in_a_fork(lambda: fail_anew(scratch, mutant.path))
    finally:
        path.write_text(right, "utf-8")
        py_compile.compile(str(path))


class Warm:
    """A process that has collected the tests; it says of a mutant killed, survived or slow."""

    def __init__(self, scratch: Path, mutants: list[Mutant]) -> None:
        self._scratch, self._mutants = scratch, mutants
        self._ran: set[tuple[str, str]] = set()
        self._asked, ask = os.pipe()
        answer, self._answers = os.pipe()
        if os.fork() == 0:
            os.close(ask)
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            sys.setprofile(self._note)
            collect(scratch, self._serve)
            os._exit(0)
        os.close(self._asked)  # else nobody would notice that the other side has ended
        os.close(self._answers)
        self._ask, self._answer = os.fdopen(ask, "w"), os.fdopen(answer)

    def killed(self, number: int) -> bool:
        """Of the mutant with that number."""
        print(number, file=self._ask, flush=True)
        word = self._answer.readline().strip()
        if word == "slow":
            return killed_from_the_file(self._scratch, self._mutants[number])
        if not word:
            sys.exit("the tests could not be collected")
        return {"killed": True, "survived": False}[word]

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            self._ran.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    def _serve(self, session: pytest.Session) -> None:
        sys.setprofile(None)
        with os.fdopen(self._asked) as asked:
            for line in asked:
                word = self._meet(session, int(line))
                os.write(self._answers, f"{word}\n".encode())

    def _meet(self, session: pytest.Session, number: int) -> str:
        mutant = self._mutants[number]
        found = self._replacement(mutant)
        if found is None:
            return "slow"

        def work() -> bool:
            found[0].__code__ = found[1]
            return fails(session, mutant.path)

        return "killed" if in_a_fork(work) else "survived"

    def _replacement(self, mutant: Mutant) -> tuple[FunctionType, CodeType] | None:
        """The function and its wrong code; None when importing has already run it."""
        path = str(self._scratch / mutant.path)
        if not mutant.function or (path, mutant.function) in self._ran:
            return None
        right: Any = sys.modules[mutant.path.removesuffix(".py").replace("/", ".")]
        for name in mutant.function.split("."):
            right = vars(right)[name]
        right = inspect.unwrap(right.fget if isinstance(right, property) else right)
        source = wrong_source(mutant, Path(path).read_text("utf-8"))
        wrong = next(
            code
            for code in codes(compile(source, path, "exec"))
            if code.co_qualname == mutant.function
        )
        return (right, wrong) if not wrong.co_freevars else None


def codes(code: CodeType) -> Iterator[CodeType]:
    """A code and all within it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from codes(inner)


def campaign(chosen: list[Mutant], minutes: float) -> tuple[int, list[Mutant]]:
    """How many met the tests in that time, and which of them survived."""
    done, survivors, end = 0, [], time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder).resolve()
        for name in COPIED:
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            copying = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copying(ROOT / name, scratch / name)
        if in_a_fork(lambda: fail_anew(scratch, "", math.inf), 10 * HANGS):
            sys.exit("the tests fail without a fault")
        warm = Warm(scratch, chosen)
        while done < len(chosen) and time.monotonic() < end:
            if not warm.killed(done):
                survivors.append(chosen[done])
            done += 1
            last = survivors[-1] if survivors else ""
            print(f"{done}: {len(survivors)} survived, last {last}", file=sys.stderr, flush=True)
    return done, survivors


def main() -> None:
    """Sample, kill, print and keep the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutants", type=int, default=150)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    everyone = every_mutant()
    if arguments.again:
        told = json.loads(arguments.again.read_text("utf-8"))["survivors"]
        again = {(line.split(":")[0], line.split(" ", 1)[1]) for line in told}
        chosen = [m for m in everyone if (m.path, m.change) in again]
    else:
        chosen = random.Random(arguments.seed).sample(everyone, arguments.mutants)
    done, survivors = campaign(chosen, arguments.minutes)
    kinds = Counter(mutant.change.split(":")[0] for mutant in chosen[:done])
    figures = {
        "command": " ".join(["python -m benchmarks.mutation", *sys.argv[1:]]),
        "seed": arguments.seed, "possible": len(everyone), "mutants": done,
        "killed": done - len(survivors), "survived": len(survivors),
        "score": round(1 - len(survivors) / done, 3), "kinds": kinds,
        "survivors": [str(mutant) for mutant in survivors],
    }  # fmt: skip
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()

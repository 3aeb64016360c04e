"""Walks: played from a seed, judged after every turn, shrunk to the shortest that shows a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

from foundation import migrate
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.walks.invariants import Fault, Past, breaches, described
from tests.walks.resident import TEMPERS, Move, first, next_move
from tests.walks.world import Ears, Step, Talk

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
#: 不知道 to everything ends within so many turns: nothing is asked any more, or a person offered.
TO_THE_END = 30
#: Turns replayed at most while a walk is shrunk.
_SHRINKING = 1500


@dataclass
class Walk:
    """One resident's way: what they did and what was found."""

    seed: int
    temper: str
    steps: list[Step] = field(default_factory=list)
    faults: list[tuple[int, Fault]] = field(default_factory=list)

    @property
    def moves(self) -> list[Move]:
        """What the resident did."""
        return [step.move for step in self.steps]


@dataclass
class Ground:
    """One database and one pair of ears for any number of walks."""

    runtime: Runtime
    ears: Ears
    clock: time_machine.Traveller
    tried: set[Any] = field(default_factory=set)

    def talk(self, number: int) -> Talk:
        """A new resident, on the same day as everybody."""
        self.clock.move_to(START)
        return Talk(self.runtime, self.ears, self.clock, number, self.tried)


@contextmanager
def ground(folder: Path, model: Path) -> Iterator[Ground]:
    """The real thing, from the gateway to the database."""
    settings = Settings(_env_file=None, data_dir=folder)
    migrate.upgrade(settings.database_url)
    runtime = Runtime.open(settings)
    ears = Ears(runtime, model)
    try:
        with time_machine.travel(START, tick=False) as clock:
            yield Ground(runtime, ears, clock)
    finally:
        ears.close()
        runtime.close()


def walk(here: Ground, seed: int, turns: int) -> Walk:
    """A random resident for so many turns; the last of them are 不知道 to whatever is asked."""
    chance = random.Random(seed)
    temper = list(TEMPERS)[seed % len(TEMPERS)]
    talk, past, gone = here.talk(seed), Past(), Walk(seed, temper)
    move = first(chance)
    for _ in range(turns):
        _go(talk, move, past, gone)
        move = next_move(temper, talk.table, chance)
    _to_the_end(talk, past, gone)
    return gone


def replay(here: Ground, seed: int, moves: list[Move]) -> Walk:
    """The same moves once more, as far as they still make sense."""
    here.tried.clear()
    talk, past, gone = here.talk(seed), Past(), Walk(seed, "replayed")
    for move in moves:
        _go(talk, move, past, gone)
    return gone


def _go(talk: Talk, move: Move, past: Past, gone: Walk) -> None:
    step = talk.take(move)
    gone.steps.append(step)
    gone.faults += [(len(gone.steps) - 1, fault) for fault in breaches(step, past)]


def _to_the_end(talk: Talk, past: Past, gone: Walk) -> None:
    for _ in range(TO_THE_END):
        if talk.known.state.asking in {None, "offer_person"}:
            return
        _go(talk, Move("unknown", "不知道"), past, gone)
    asked = [step.after.state.asking for step in gone.steps[-TO_THE_END:]]
    gone.faults.append((len(gone.steps) - 1, Fault("dead end", "、".join(map(str, asked)))))


def shrunk(here: Ground, seed: int, moves: list[Move], kind: str) -> Walk:
    """The moves without those that the fault does not need (delta debugging, within a limit)."""
    best, budget, size = moves, _SHRINKING, max(1, len(moves) // 2)
    while size:
        at = 0
        while at < len(best) and budget > 0:
            tried = best[:at] + best[at + size :]
            budget -= len(tried)
            if tried and _shows(replay(here, seed, tried), kind):
                best = tried
            else:
                at += size
        size //= 2
    return replay(here, seed, best)


def _shows(gone: Walk, kind: str) -> bool:
    return any(fault.kind == kind for _, fault in gone.faults)


def transcript(gone: Walk) -> str:
    """The walk as a resident would read it, faults at their turn."""
    lines = [f"# {gone.seed} {gone.temper}"]
    for number, step in enumerate(gone.steps):
        told = described(step)
        lines.append(f"{number:3} {told['resident']}    <{told['heard'] or ''}>")
        lines += [f"      | {text}" for text in "\n".join(told["bot"]).splitlines()]
        lines.append(f"      ({told['asking']})")
        lines += [
            f"      !! {fault.kind}: {fault.detail}" for at, fault in gone.faults if at == number
        ]
    return "\n".join(lines)

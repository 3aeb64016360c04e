"""What every extractor gets to see, and what it returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..lexicon import Lexicon
from ..need import Need
from ..numbers import Quantity
from ..persons import Clause, Kin
from ..programme import ProgrammeHit

_NEGATION = re.compile(
    r"(?:没有|没得|莫得|冇得|没|冇|无|不是|不算|不|未|莫|别|没啥|没什么)(?:有|得|个|啥"
    r"|什么|任何|得有|查出)?$"
)


@dataclass(frozen=True)
class Fact:
    """One stated fact at [start, end) of the clean text; `value` is what the entity carries."""

    key: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True)
class Scene:
    """A clean message with everything already found in it."""

    text: str
    clauses: list[Clause]
    kin: list[Kin]
    quantities: list[Quantity]
    programmes: list[ProgrammeHit]
    lexicon: Lexicon
    asking: str | None = None
    today: date | None = None
    need: Need | None = None

    def clause_at(self, position: int) -> Clause:
        """The clause that holds `position`; the last one when it is past the end."""
        for clause in self.clauses:
            if position < clause.end:
                return clause
        return self.clauses[-1] if self.clauses else Clause(0, len(self.text), self.text, "", "")

    def negated(self, position: int) -> bool:
        """没, 没得, 无, 不是 … directly before `position`, inside its clause."""
        clause = self.clause_at(position)
        return bool(_NEGATION.search(self.text[clause.start : position]))

    def about_other(self, position: int) -> bool:
        """The clause speaks of a neighbour or somebody outside the family."""
        return self.clause_at(position).kind == "other"

"""What every extractor gets to see, and what it returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..asked_of import ProgrammeHit
from ..lexicon import Lexicon
from ..membership import Counted
from ..need import Need
from ..numbers import Quantity
from ..persons import Clause, Kin

_NEGATION = re.compile(
    r"(?:没有|没得|莫得|冇得|没|冇|无|不是|不算|不|未|莫|别|没啥|没什么)(?:有|得|个|啥"
    r"|什么|任何|得有|查出)?$"
)


_SPEAKER = re.compile(r"我|俺|咱|阮|本人")
_RULE = re.compile(
    r"(?:的)?(?:人员?|子女|家庭(?:的孩子|的学生)?|户|老人|老年人|职工|学生|妈妈|母亲)?(?:还)?"
    r"(?:能(?![自动干])|可以|可不可以|有什么|有啥|有没有|怎么|如何|咋|算|属于|享受|领多少|(?:去世|死)(?:了)?(?:以?后|谁|怎么))"
)


_SUPPOSED = re.compile(r"如果|要是|假如|假设|假使|倘若|万一|若是|要不是|比方说?")
_CONSEQUENCE = re.compile(
    r"能|会|可以|可不可以|怎么|咋|如何|算|要不要|是不是|有没有|多少|行不行|给不给|还给|还有|才|该|就(?!是|算)|吗$|么$"
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
    counted: Counted | None = None

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

    def of_rule(self, end: int) -> bool:
        """没结婚的能单独申请吗, asked of nobody in particular: what ends at `end` is a rule's."""
        if _SPEAKER.search(self.text) or any(k.kind not in {"other", "child"} for k in self.kin):
            return False
        return bool(_RULE.match(self.text, end))

    def supposed(self, position: int) -> bool:
        """如果我跟老公离婚,孩子归我,能不能…: imagined, up to the clause with the question."""
        at = next((i for i, c in enumerate(self.clauses) if position < c.end), None)
        while at is not None and at >= 0:
            clause = self.clauses[at]
            if _SUPPOSED.search(clause.text):
                return True
            if at == 0 or (position < clause.start and _CONSEQUENCE.search(clause.text)):
                return False
            if self.text[self.clauses[at - 1].end : clause.start].strip(" ,"):
                return False  # another sentence
            if not any(_CONSEQUENCE.search(c.text) for c in self.clauses[at:]):
                return False
            at -= 1
        return False

    def about_other(self, position: int) -> bool:
        """The clause speaks of a neighbour or somebody outside the family."""
        return self.clause_at(position).kind == "other"

    def of_reported(self) -> bool:
        """The whole message is about somebody outside the family: what is told is told of him."""
        if self.need is not None:
            return self.need.kind == "other"
        kinds = [c.kind for c in self.clauses if c.kind]
        return bool(kinds) and kinds[0] == "other" and "self" not in kinds

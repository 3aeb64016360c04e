"""What one message brought: facts taken in, values refused, and how it answers what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from actions.state import Fact


@dataclass(frozen=True)
class Noted:
    """One fact taken in. `before` is the value it replaced, None when it is new.

    `added`: the value before is part of the new one, told of another source.
    """

    key: str
    value: Any
    before: Any = None
    corrected: bool = False
    added: bool = False


@dataclass(frozen=True)
class Refused:
    """A value that cannot be; `reason` is a Chinese sentence or a response name."""

    key: str
    reason: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Absorbed:
    """What a message brought. `answer` says how it answers the open question, if it does.

    `facts_before` and `region_before`: what was known when it came. `aside`: something told was
    understood and is no fact of whom the talk is about.
    """

    noted: list[Noted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    answer: Literal["value", "unknown", "yes", "no", None] = None
    corrected: bool = False
    aside: bool = False
    facts_before: dict[str, Fact] = field(default_factory=dict)
    region_before: str | None = None

    @property
    def keys(self) -> list[str]:
        """The facts taken in, in order."""
        return [noted.key for noted in self.noted]

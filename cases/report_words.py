"""A figure of a report, and what people read for its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import facts
from .reports import NONE, PENDING
from .states import PROGRAMMES, CaseKind, DiscoveryChannel, Urgency, Worded

SMALL = 5  # figures from 1 up to below this are hidden
TITLES = {
    "programme": "救助项目",
    "place": "地区",
    "channel": "发现渠道",
    "urgency": "紧急程度",
    "kind": "事项种类",
    "hukou": "户口",
}
WORDED: dict[str, tuple[Worded, ...]] = {
    "channel": tuple(DiscoveryChannel),
    "urgency": tuple(Urgency),
    "kind": tuple(CaseKind),
}


@dataclass(frozen=True)
class Figure:
    """A number, its name, and the query of the list behind it. `value` None: hidden as small.

    A sum of money is in fen, and its key says so.
    """

    key: str
    word: str
    value: int | None
    query: str

    @property
    def is_money(self) -> bool:
        """Whether the value is fen."""
        return self.key.endswith("_fen")

    @property
    def plain(self) -> int | float | None:
        """The value as people and JSON have it: money in yuan."""
        if self.value is None or not self.is_money:
            return self.value
        return self.value / 100 if self.value % 100 else self.value // 100


def shown(figure: Figure) -> str | int | float:
    """The value, money in yuan, or the sign of a hidden one."""
    return "＊" if figure.plain is None else figure.plain


def word_of(dimension: str, value: str, found: Mapping[str, str] | None = None) -> str:
    """What people read for a value of a dimension."""
    if dimension == "programme":
        return "没有写明项目" if value == NONE else PROGRAMMES.get(value, value)
    if dimension == "place":
        return "待定地区" if value == PENDING else (found or {}).get(value, value)
    if dimension == "hukou":
        return "没有说" if value == NONE else facts.WORDS.get(value, value)
    return next((one.word for one in WORDED[dimension] if one == value), value)

"""The words of `domain/*.yml`, for the parts of a sentence that Rasa cannot put together itself.

Whole messages leave as a response name with values and Rasa fills them in. Lists, facts and reasons
inside a message are small responses too (`utter_part_*`); this module fills those, with the same
rules Rasa uses: `{name}` is a value, every other brace is a brace.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DOMAIN = Path(__file__).resolve().parent.parent / "domain"
_VALUE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NUMBERED = re.compile(r"[1-9] ")
_ALIAS = {True: "yes", False: "no"}


class WordsMissing(KeyError):
    """A response, or a value it needs, is not there: a fault of ours for the contract tests."""


@dataclass(frozen=True)
class Words:
    """All responses: name → text and fixed buttons."""

    texts: Mapping[str, str]
    fixed_buttons: Mapping[str, tuple[tuple[str, str], ...]]

    @classmethod
    def load(cls, folder: Path = DOMAIN) -> Words:
        """Read every domain file. Raises ValueError when a response is declared twice."""
        texts: dict[str, str] = {}
        buttons: dict[str, tuple[tuple[str, str], ...]] = {}
        for path in sorted(folder.glob("*.yml")):
            data = YAML(typ="safe", pure=True).load(path.read_text("utf-8")) or {}
            for name, variants in (data.get("responses") or {}).items():
                if name in texts:
                    raise ValueError(f"{path.name}: {name} is declared twice")
                texts[name] = str(variants[0].get("text", ""))
                buttons[name] = tuple(
                    (str(button["title"]), str(button["payload"]))
                    for button in variants[0].get("buttons", ())
                )
        return cls(texts, buttons)

    def has(self, response: str) -> bool:
        """Is there such a response?"""
        return response in self.texts

    def has_buttons(self, response: str) -> bool:
        """Does the response come with fixed buttons?"""
        return bool(self.fixed_buttons.get(response))

    def is_numbered(self, response: str) -> bool:
        """Are the fixed buttons options to be picked by a digit (titles 1 …, 2 …)?"""
        return any(_NUMBERED.match(title) for title, _ in self.fixed_buttons.get(response, ()))

    def render(self, response: str, values: Mapping[str, Any] | None = None) -> str:
        """The finished text. Raises WordsMissing."""
        if response not in self.texts:
            raise WordsMissing(response)
        given = values or {}

        def fill(found: re.Match[str]) -> str:
            if found[1] not in given:
                raise WordsMissing(f"{response}: {found[1]}")
            return str(given[found[1]])

        return _VALUE.sub(fill, self.texts[response])

    def part(self, name: str, **values: Any) -> str:
        """A piece of a sentence, without line ends around it."""
        return self.render(
            f"utter_part_{name}", {k: self.plain(v) for k, v in values.items()}
        ).strip()

    def plain(self, value: Any) -> str:
        """Any value as a resident reads it: dates in Chinese, amounts without idle zeros."""
        if isinstance(value, date):
            return self.render(
                "utter_part_date",
                {"year": value.year, "month": value.month, "day": value.day},
            ).strip()
        if isinstance(value, bool):
            return self.render(f"utter_part_{_ALIAS[value]}").strip()
        if isinstance(value, int | float):
            return number(value)
        if isinstance(value, dict):
            return self.span(value)
        if isinstance(value, list | tuple):
            return self.join([self.plain(item) for item in value])
        return "" if value is None else str(value)

    def span(self, value: Mapping[str, Any]) -> str:
        """A range in words: 500到600, 不到2000, 2000以上."""
        low, high = value.get("low"), value.get("high")
        if low and high:
            return self.part("range", low=low, high=high)
        if high is not None:
            return self.part("below", high=high)
        return self.part("above", low=low or 0)

    def join(self, items: Iterable[str]) -> str:
        """Things side by side: 甲、乙、丙."""
        return self.texts["utter_part_comma"].strip().join(item for item in items if item)

    def fact(self, key: str, value: Any) -> str:
        """One fact in plain words: 家里3口人, 没有车; empty for what is never read aloud."""
        if isinstance(value, list | tuple):
            if not value:
                return self._fact_code(key, "none") or ""
            named = [self._fact_code(key, str(item)) or self.code(str(item)) for item in value]
            return self.part(f"fact_{key}", value=self.join(named))
        code = _ALIAS[value] if isinstance(value, bool) else "none" if value in (0, "无") else None
        worded = self._fact_code(key, code if code is not None else str(value))
        if worded:
            return worded
        if not self.has(f"utter_part_fact_{key}"):
            return ""
        return self.part(f"fact_{key}", value=value)

    def facts(self, stated: Mapping[str, Any]) -> str:
        """Several facts side by side, in the order given."""
        return self.join([self.fact(key, value) for key, value in stated.items()])

    def code(self, code: str) -> str:
        """A programme, department or document code in words; unknown codes as they are."""
        for family in ("program", "need", "shock"):
            if self.has(f"utter_part_{family}_{code}"):
                return self.part(f"{family}_{code}")
        return code

    def programmes(self, codes: Iterable[str]) -> str:
        """Programme names side by side."""
        return self.join([self.code(code) for code in codes])

    def _fact_code(self, key: str, code: str) -> str | None:
        name = f"fact_{key}_{code}"
        return self.part(name) if self.has(f"utter_part_{name}") else None


def number(value: float) -> str:
    """1200 and 266.67 as written by hand; never 1200.0 or 1.2e+03."""
    rounded = round(value, 2)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.2f}".rstrip("0")


@cache
def words() -> Words:
    """The words of this checkout, read once per process."""
    return Words.load()


def about(amount: Any) -> str:
    """A figure for a sentence: whole yuan, with 约 left to the sentence; ranges as 500到600."""
    if isinstance(amount, dict):
        low, high = amount.get("low"), amount.get("high")
        sides = [str(round(side)) for side in (low, high) if side is not None]
        return "到".join(sides)
    if isinstance(amount, int | float):
        return str(round(amount))
    return "" if amount is None else str(amount)

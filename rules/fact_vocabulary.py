"""What is written in a form or a register for facts told in words: school, home, illness, mishaps.

A cell is understood as a whole or not at all: 大学本科 is 大学, 没有发生过 is 无, 自有住房 could be
several things and is named. The words are data (`fact_vocabulary.yml`), shared with the chat.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rules.fact_schema import NOTHING

YES = frozenset({"是", "有", "true", "yes", "y", "1", "√"})
NO = frozenset(
    {"否", "无", "没有", "没", "false", "no", "none", "n", "f", "0", "×", "x", "✗", "✘", "╳"}
)
HAS, HAS_NOT = "有", "无"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a fact with a value each; `heard` are those of the chat, in its order."""

    values: tuple[str, ...]
    nothing: str
    above_all: str
    heard: Mapping[str, str]
    written: Mapping[str, str]
    piece: re.Pattern[str]

    def read(self, text: str) -> str | None:
        """The one value that everything in the text means; None where there is no such."""
        found: set[str] = set()
        at = 0
        while at < len(text):
            match = self.piece.match(text, at)
            if match is None:
                return None
            at = match.end()
            found.update({self.written[match[0]]} if match[0] in self.written else ())
        if self.above_all in found:
            return self.above_all
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Events:
    """What can have happened, and how its absence is written."""

    happened: re.Pattern[str]
    absent: re.Pattern[str]
    negated: re.Pattern[str]

    def read(self, text: str) -> str | None:
        """无, or the text as it is where it tells of something; None where it is not understood."""
        if self.absent.fullmatch(text):
            return HAS_NOT
        if not self.happened.search(text) or self.negated.search(self.happened.sub("", text)):
            return None
        return text


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _vocabulary(row: Mapping[str, Any]) -> Vocabulary:
    values, heard = tuple(map(str, row["values"])), dict(row["words"])
    written = {value: value for value in values} | heard | row["written"]
    for word in row.get("only_spoken", ()):
        del written[word]
    piece = re.compile(_any({*written, *row["filler"]}))
    return Vocabulary(values, row["nothing"], row.get("above_all", ""), heard, written, piece)


def _events(row: Mapping[str, Any], negation: Mapping[str, list[str]]) -> Events:
    before, word, behind = (_any(negation[part]) for part in ("before", "word", "behind"))
    happened = _any(row["happened"])
    none = f"(?:{word})(?:{behind}|{happened})*"
    if row.get("nothing"):
        none = f"{none}|{_any(row['nothing'])}"
    return Events(
        re.compile(happened), re.compile(f"(?:{before})*(?:{none})"), re.compile("[没无未不非]")
    )


def _load() -> tuple[dict[str, Vocabulary], dict[str, Events]]:
    rows = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    negation = rows.pop("negation")
    coded = {key: _vocabulary(row) for key, row in rows.items() if "values" in row}
    events = {key: _events(row, negation) for key, row in rows.items() if key not in coded}
    return coded, events


CODED, EVENTS = _load()


def read(key: str, value: Any) -> Any:
    """A word, or a list of them, as the rules know it; what is not understood stays as it is."""
    if isinstance(value, list | tuple):
        return [read(key, one) for one in value]
    vocabulary = CODED.get(key)
    if isinstance(value, bool):
        return vocabulary.nothing if vocabulary and not value else value
    if not isinstance(value, str):
        return value
    text = re.sub(r"[\s（）()。.]", "", value)
    if text.lower() in NO or text in NOTHING:
        return vocabulary.nothing if vocabulary else HAS_NOT
    if vocabulary:
        return vocabulary.read(text.lower()) or value
    if text.lower() in YES:
        return HAS
    return EVENTS[key].read(text) or value


def wrong(key: str, value: Any) -> list[str]:
    """The words that mean nothing here; `value` has been through `read`."""
    if isinstance(value, list | tuple):
        return [word for one in value for word in wrong(key, one)]
    if key in CODED:
        return [] if value in CODED[key].values else [str(value)]
    if isinstance(value, bool) or value in (HAS, HAS_NOT):
        return []
    return [] if EVENTS[key].read(str(value)) else [str(value)]

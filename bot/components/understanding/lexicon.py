"""The word lists of data/nlu/lookups, read once and indexed for longest match."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LOOKUPS = Path(__file__).resolve().parents[3] / "data" / "nlu" / "lookups"
FILES = (
    "places.csv",
    "townships.csv",
    "programmes.csv",
    "diseases.csv",
    "kin.csv",
    "dialect.csv",
    "other_services.csv",
    "danger.csv",
    "danger_concepts.csv",
)
_CHILD = (
    "(?:孩子|娃儿?|娃娃|小孩|婴儿|宝宝|女儿|儿子|孙子|孙女|小女孩|小男孩|小姑娘|女娃|男娃|妹妹|弟弟"
    "|奶娃|毛毛|孤儿|学生|小朋友|女婴|男婴|幼儿|崽)"
)


@dataclass(frozen=True)
class Hit:
    """A listed word found at [start, end) of the clean text."""

    start: int
    end: int
    word: str


class Words:
    """Longest-match search of a fixed word list; faster than one large regex alternation."""

    def __init__(self, words: list[str]) -> None:
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in words:
            lengths[word[0]].add(len(word))
        self._lengths = {char: sorted(sizes, reverse=True) for char, sizes in lengths.items()}
        self._words = frozenset(words)

    def find(self, text: str) -> list[Hit]:
        hits: list[Hit] = []
        at = 0
        while at < len(text):
            for size in self._lengths.get(text[at], ()):
                word = text[at : at + size]
                if word in self._words:
                    hits.append(Hit(at, at + size, word))
                    at += size - 1
                    break
            at += 1
        return hits


@dataclass(frozen=True)
class Place:
    """One row of the gazetteer; `code` is GB/T 2260, with three digits more for a township."""

    code: str
    name: str
    full_name: str
    level: str
    parent_code: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Alias:
    """A programme word. Roles: `name`, `holder` (a person on it), `cue` (points at it)."""

    code: str
    word: str
    role: str
    fuzzy: bool


@dataclass
class Lexicon:
    """All word lists. Build with `load`, normally through `default_lexicon`."""

    places: list[Place]
    aliases: dict[str, Alias]
    diseases: dict[str, str]
    kin: dict[str, tuple[str, str]]
    dialect: dict[str, str]
    other_services: list[str]
    danger: dict[str, re.Pattern[str]]
    concepts: dict[str, re.Pattern[str]]
    programme_words: Words = field(init=False)
    disease_words: Words = field(init=False)
    kin_words: Words = field(init=False)
    dialect_words: Words = field(init=False)
    other_service_words: Words = field(init=False)
    tokenizer: Any = field(default=None, init=False)
    sounds: dict[tuple[str, ...], str] = field(init=False)
    sound_sizes: list[int] = field(init=False)
    sound_starts: frozenset[str] = field(init=False)
    disease_sounds: dict[tuple[str, ...], str] = field(init=False)
    disease_starts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.programme_words = Words(list(self.aliases))
        self.disease_words = Words(list(self.diseases))
        self.kin_words = Words(list(self.kin))
        self.dialect_words = Words(list(self.dialect))
        self.other_service_words = Words(self.other_services)
        self.sounds = {syllables(a.word): a.code for a in self.aliases.values() if a.fuzzy}
        self.sound_starts = frozenset(key[0] for key in self.sounds)
        long = [word for word in self.diseases if 3 <= len(word) <= 5]
        self.disease_sounds = {syllables(word): word for word in long}
        self.disease_starts = frozenset(key[0] for key in self.disease_sounds)
        self.sound_sizes = sorted({len(key) for key in self.sounds}, reverse=True)

    def diseases_by_sound(self, text: str, taken: list[tuple[int, int]]) -> list[Hit]:
        """Diseases misheard by dictation (尿读症, 乳线癌); `word` is the listed one."""
        sounds = syllables(text)
        hits: list[Hit] = []
        for at in range(len(text)):
            if sounds[at] not in self.disease_starts:
                continue
            for size in (5, 4, 3):
                word = self.disease_sounds.get(sounds[at : at + size])
                if word and not any(a < at + size and at < b and b - a >= size for a, b in taken):
                    hits.append(Hit(at, at + size, word))
                    break
        return hits

    def standard(self, text: str) -> str:
        """Dialect words replaced by the standard ones, for the classifier only."""
        out: list[str] = []
        last = 0
        for hit in self.dialect_words.find(text):
            out += [text[last : hit.start], self.dialect[hit.word]]
            last = hit.end
        out.append(text[last:])
        return "".join(out)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _patterns(rows: list[dict[str, str]], column: str) -> dict[str, re.Pattern[str]]:
    """One pattern per value of `column`; <CHILD> in a row stands for every word for a child."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        kinds[row[column]].append(row["pattern"].replace("<CHILD>", _CHILD))
    return {kind: re.compile("|".join(patterns)) for kind, patterns in kinds.items()}


def _aliases(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, row["aliases"].split(";")))


def _places(folder: Path) -> list[Place]:
    """Divisions down to the county, then the townships of the covered regions."""
    larger = {
        row["code"]: Place(
            row["code"],
            row["name"],
            row["full_name"],
            row["level"],
            row["parent_code"],
            _aliases(row),
        )
        for row in _rows(folder / "places.csv")
        if row["level"] != "nation"
    }
    townships = []
    for row in _rows(folder / "townships.csv"):
        county = larger[row["code"][:6]]
        full_name = county.full_name + row["name"]
        townships.append(
            Place(row["code"], row["name"], full_name, "township", county.code, _aliases(row))
        )
    return [*larger.values(), *townships]


def load(folder: Path) -> Lexicon:
    """Read the word lists of `folder`."""
    aliases = {
        row["alias"]: Alias(row["code"], row["alias"], row["role"], row["fuzzy"] == "1")
        for row in _rows(folder / "programmes.csv")
    }
    return Lexicon(
        places=_places(folder),
        aliases=aliases,
        diseases={row["alias"]: row["name"] for row in _rows(folder / "diseases.csv")},
        kin={r["alias"]: (r["relation"], r["kind"]) for r in _rows(folder / "kin.csv")},
        dialect={row["word"]: row["standard"] for row in _rows(folder / "dialect.csv")},
        other_services=[row["word"] for row in _rows(folder / "other_services.csv")],
        danger=_patterns(_rows(folder / "danger.csv"), "kind"),
        concepts=_patterns(_rows(folder / "danger_concepts.csv"), "concept"),
    )


@cache
def default_lexicon() -> Lexicon:
    """The word lists of this repository."""
    return load(LOOKUPS)


@lru_cache(maxsize=20_000)
def syllable(char: str) -> str:
    """Toneless pinyin of one character, or the character itself; nasal endings are merged.

    Dictated text mixes -n and -ng and n/l, so both sides of a comparison are folded.
    """
    # The phrase dictionary is 40 MB that single characters never need.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    spelt = lazy_pinyin(char)[0]
    if not spelt.isascii() or not spelt.isalpha():
        return char
    for long, short in (("ing", "in"), ("eng", "en"), ("ang", "an")):
        if spelt.endswith(long):
            spelt = spelt[: -len(long)] + short
    for long, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n")):
        if spelt.startswith(long):
            spelt = short + spelt[2:]
    return str(spelt)


def syllables(text: str) -> tuple[str, ...]:
    """Folded pinyin of each character."""
    return tuple(syllable(char) for char in text)

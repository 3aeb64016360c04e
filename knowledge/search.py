"""Full-text search over the answers, for a question whose type was not recognised."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

import jieba

from knowledge import library
from knowledge.answers import Answer, render
from knowledge.figures import PLACEHOLDER
from knowledge.model import GENERAL, Entry

# Okapi BM25 with its usual constants; a title or alias counts as three mentions in the text.
_K1, _B, _TITLE_WEIGHT = 1.5, 0.75, 3
# What a topic's key word in the question, or the right programme, is worth by itself.
_KEY, _NAME = 0.3, 0.25
# Words like 多久 or 去哪 count this much once the programme is clear.
_CUE = 0.3
# Below this share of the question's own weight a hit is chance, not an answer.
_ENOUGH = 0.6
_WORD = re.compile(r"[\w]+")


@dataclass(frozen=True, slots=True)
class _Index:
    entries: tuple[Entry, ...]
    words: tuple[Counter[str], ...]
    heads: tuple[frozenset[str], ...]
    lengths: tuple[float, ...]
    weights: dict[str, float]
    names: dict[str, tuple[str, ...]]
    average: float


def tokens(text: str) -> list[str]:
    """Words that carry meaning; programme names stay whole."""
    return [w for w in _cutter().lcut_for_search(text) if _WORD.fullmatch(w) and w not in _stop()]


@cache
def _stop() -> frozenset[str]:
    """Words that say nothing about the topic."""
    return frozenset(library.read_yaml(library.FOLDER / "words.yml")["stop"].split())


def find(
    text: str,
    program: str | None = None,
    *,
    region: str | None,
    on: date,
    hukou: str | None = None,
    help_phone: str = "12345",
) -> Answer | None:
    """The answer nearest to the text, or None when nothing is near enough.

    With a programme, its own entries and the general ones are searched.
    """
    best = ranked(text, program)
    if not best or best[0][0] < _ENOUGH:
        return None
    return render(best[0][1], region, on, hukou, help_phone=help_phone)


def ranked(text: str, program: str | None = None) -> list[tuple[float, Entry]]:
    """Entries with their scores, best first; 1 is about every word of the text in the title."""
    index = _index()
    asked = [w for w in dict.fromkeys(tokens(text)) if w in index.weights]
    total = sum(index.weights[w] for w in asked)
    unknown = len(set(tokens(text))) - len(asked)
    if not asked:
        return []
    scale = (total + unknown * max(index.weights.values())) * (_K1 + 1) * 0.6
    found = []
    for number, entry in enumerate(index.entries):
        if program is not None and entry.programme not in (program, GENERAL):
            continue
        # a word met only in passing, like 身份证 in a list of papers, makes no answer
        if not index.heads[number].intersection(asked):
            continue
        words, length = index.words[number], index.lengths[number]
        norm = _K1 * (1 - _B + _B * length / index.average)
        score = sum(
            index.weights[w] * words[w] * (_K1 + 1) / (words[w] + norm) for w in asked if w in words
        )
        named = entry.programme == program or any(
            name in text for name in index.names[entry.programme]
        )
        score = score / scale + sum(_KEY for key in entry.keys if key in text) + _NAME * named
        if named and any(cue in text for cue in _cues().get(entry.label, ())):
            score += _CUE
        found.append((score, entry))
    return sorted(found, key=lambda pair: -pair[0])


@cache
def _cues() -> dict[str, list[str]]:
    """What residents say when they mean a question type."""
    return dict(library.read_yaml(library.FOLDER / "words.yml")["cues"])


@cache
def _cutter() -> Any:
    """A tokenizer of our own, so that our words do not change anybody else's."""
    jieba.default_logger.setLevel("ERROR")
    cutter = cast("Any", jieba).Tokenizer()
    for programme in library.programmes().values():
        for word in (programme.name, *programme.aliases):
            cutter.add_word(word)
        for entry in programme.entries:
            for key in entry.keys:
                cutter.add_word(key)
    return cutter


@cache
def _index() -> _Index:
    entries: list[Entry] = []
    words: list[Counter[str]] = []
    heads: list[frozenset[str]] = []
    names = {
        code: () if code == GENERAL else (programme.name, *programme.aliases)
        for code, programme in library.programmes().items()
    }
    for programme in library.programmes().values():
        for entry in programme.entries:
            count: Counter[str] = Counter()
            for text in (entry.title, *entry.aliases, *entry.keys, *names[programme.code]):
                for word in tokens(text):
                    count[word] += _TITLE_WEIGHT
            heads.append(frozenset(count))
            said = "".join(s.say for paragraph in entry.paragraphs for s in paragraph)
            count.update(tokens(PLACEHOLDER.sub("", said)))
            entries.append(entry)
            words.append(count)
    lengths = tuple(float(sum(c.values())) for c in words)
    seen = Counter(w for c in words for w in c)
    size = len(entries)
    weights = {w: math.log(1 + (size - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
    average = sum(lengths) / max(1, len(lengths))
    return _Index(tuple(entries), tuple(words), tuple(heads), lengths, weights, names, average)


def warm() -> None:
    """Load the dictionary and the index, so that the first resident does not wait for them."""
    _index()

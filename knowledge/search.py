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
# A topic's key word in the question is worth this much by itself.
_KEY = 0.3
# Below this share of the question's own weight a hit is chance, not an answer.
_ENOUGH = 0.45
_WORD = re.compile(r"[\w]+")


@dataclass(frozen=True, slots=True)
class _Index:
    entries: tuple[Entry, ...]
    words: tuple[Counter[str], ...]
    lengths: tuple[float, ...]
    weights: dict[str, float]
    average: float


def tokens(text: str) -> list[str]:
    """Words that carry meaning; programme names stay whole."""
    return [w for w in _cutter().lcut(text) if _WORD.fullmatch(w) and w not in _stop()]


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
    scale = (total + unknown * max(index.weights.values()) / 2) * (_K1 + 1) * 0.6
    found = []
    for entry, words, length in zip(index.entries, index.words, index.lengths, strict=True):
        if program is not None and entry.programme not in (program, GENERAL):
            continue
        norm = _K1 * (1 - _B + _B * length / index.average)
        score = sum(
            index.weights[w] * words[w] * (_K1 + 1) / (words[w] + norm) for w in asked if w in words
        )
        score = score / scale + sum(_KEY for key in entry.keys if key in text)
        if score:
            found.append((score, entry))
    return sorted(found, key=lambda pair: -pair[0])


@cache
def _cutter() -> Any:
    """A tokenizer of our own, so that our words do not change anybody else's."""
    jieba.default_logger.setLevel("ERROR")
    cutter = cast(Any, jieba).Tokenizer()
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
    for programme in library.programmes().values():
        for entry in programme.entries:
            count: Counter[str] = Counter()
            own = () if programme.code == GENERAL else (programme.name, *programme.aliases)
            for text in (entry.title, *entry.aliases, *entry.keys, *own):
                for word in tokens(text):
                    count[word] += _TITLE_WEIGHT
            said = "".join(s.say for paragraph in entry.paragraphs for s in paragraph)
            count.update(tokens(PLACEHOLDER.sub("", said)))
            entries.append(entry)
            words.append(count)
    lengths = tuple(float(sum(c.values())) for c in words)
    seen = Counter(w for c in words for w in c)
    size = len(entries)
    weights = {w: math.log(1 + (size - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
    return _Index(
        tuple(entries), tuple(words), lengths, weights, sum(lengths) / max(1, len(lengths))
    )

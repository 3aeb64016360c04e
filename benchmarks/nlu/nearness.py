"""How near two messages are, so that no benchmark row is a training sentence in other clothes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from ruamel.yaml import YAML

GRAM, TOO_NEAR = 4, 0.8
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def plain(text: str) -> str:
    """Letters and digits only, one width, lower case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def grams(text: str) -> frozenset[str]:
    """Character 4-grams of the plain text; a shorter text is its own single gram."""
    bare = plain(text)
    return frozenset(bare[i : i + GRAM] for i in range(max(1, len(bare) - GRAM + 1)))


def training_sentences(folder: Path) -> Iterator[str]:
    """Every example of the intents in Rasa's YAML files, without entity marks."""
    yaml = YAML(typ="safe", pure=True)
    for path in sorted(folder.glob("*.yml")):
        for block in (yaml.load(path.read_text("utf-8")) or {}).get("nlu", []):
            for line in str(block.get("examples") or "").splitlines():
                if "intent" in block and line.startswith("- "):
                    yield _ANNOTATION.sub(r"\1", line[2:].strip())


def too_near(
    rows: Iterable[tuple[str, str]], sentences: Iterable[str], limit: float = TOO_NEAR
) -> list[tuple[str, str, float]]:
    """(id, sentence, Jaccard) of each row whose 4-grams overlap a sentence by `limit` or more.

    Equal plain texts count as 1.0. Emoji and bare punctuation have no plain text and are skipped.
    """
    by_gram: dict[str, list[int]] = defaultdict(list)
    known = list(dict.fromkeys(sentences))
    sizes = []
    for number, sentence in enumerate(known):
        found = grams(sentence)
        sizes.append(len(found))
        for gram in found:
            by_gram[gram].append(number)
    close = []
    for identifier, text in rows:
        mine = grams(text)
        if mine == {""}:
            continue
        shared = Counter(number for gram in mine for number in by_gram.get(gram, ()))
        for number, count in shared.items():
            score = count / (len(mine) + sizes[number] - count)
            if score >= limit:
                close.append((identifier, known[number], round(score, 3)))
    return close

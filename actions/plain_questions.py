"""Questions whose plain words say what is asked, whatever the language model makes of them.

Four files of rows have them, the first that fits counts. Pure: the message and what was answered
before in, the question out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from actions import reading

_FILES = (
    "plain_questions.yml",
    "plain_questions_2.yml",
    "plain_questions_3.yml",
    "plain_questions_4.yml",
)
#: A whole story is no plain question.
_LONGEST = 48


@dataclass(frozen=True)
class Plain:
    """One way of asking. `says` is a fixed reply, else `asks` are looked up in `knowledge`."""

    words: re.Pattern[str]
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    programme: str | None
    asks: tuple[str, ...]
    key_words: str
    says: str | None
    drop: frozenset[str]
    topic: str
    otherwise: str | None


@cache
def known() -> tuple[Plain, ...]:
    """All of them, in their order."""
    rows: list[dict[str, Any]] = []
    for name in _FILES:
        path = Path(__file__).with_name(name)
        rows += YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return tuple(
        Plain(
            words=re.compile(row["words"]),
            after=re.compile(row["after"]) if "after" in row else None,
            unless=re.compile(row["unless"]) if "unless" in row else None,
            programme=row.get("programme"),
            asks=tuple(row.get("asks", ())),
            key_words=row.get("as", ""),
            says=row.get("says"),
            drop=frozenset(row.get("drop", ())),
            topic=row.get("topic", ""),
            otherwise=row.get("otherwise"),
        )
        for row in rows
    )


_PARTS = re.compile(r"[，,。；;？?！!\s]+|(?=还有(?!没)|另外|顺便)")


def find_each(text: str, before: str, *, about: bool = True) -> list[Plain]:
    """羊算不算，贷款扣不扣，还有要不要投票: the plain question of each clause that is one."""
    found: list[Plain] = []
    for part in _PARTS.split(text):
        one = find(part, before, about=about)
        if one is not None and one not in found:
            found.append(one)
    return found


def find(text: str, before: str, *, about: bool = True) -> Plain | None:
    """The question a message asks; `before` is the programme and the words answered last.

    `about`: is there a programme to answer for, when the words themselves name none?
    """
    said = reading.squeezed(text)
    if not said or len(said) > _LONGEST:
        return None
    found = _first(said, before, about=about)
    written = reading.plainly_written(said)
    return found if found or written == said else _first(written, before, about=about)


def _first(said: str, before: str, *, about: bool) -> Plain | None:
    for one in known():
        if one.after is not None and not one.after.search(before):
            continue
        if not (about or one.programme or one.otherwise or one.says):
            continue
        if one.words.search(said) and not (one.unless and one.unless.search(said)):
            return one
    return None

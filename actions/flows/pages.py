"""Answers put together for a chat: each sentence once, in messages short enough to read."""

from __future__ import annotations

from typing import Any

from knowledge import answers

#: Longest answer in characters; longer ones continue in a second message.
_LONGEST = 280


def parts(one: answers.Answer, *, last: bool) -> list[str]:
    """Only the last of several answers closes with who decides."""
    return one.parts if last or len(one.parts) == 1 else one.parts[:-1]


def without_place_question(parts: list[str]) -> list[str]:
    """One question at a time; where the answer is nothing but that question, it stays."""
    left = [part.replace(answers.ask_place(), "") for part in parts]
    return [part for part in left if part] if left and left[0] else parts


def sources(one: answers.Answer) -> list[dict[str, Any]]:
    """The documents of an answer as the channels show them."""
    return [
        {"title": source.title, "clause": source.clause, "date": source.date, "grade": source.grade}
        for source in one.sources
    ]


def without_repeats(texts: list[list[str]]) -> list[list[str]]:
    """Each sentence once: a later answer keeps it, earlier ones leave it out."""
    seen: set[str] = set()
    kept: list[list[str]] = []
    for parts in reversed(texts):
        mine: list[str] = []
        for part in parts:
            sentences = [one for one in part.split("。") if one and one not in seen]
            if sentences:
                mine.append("。".join(sentences) + ("。" if part.endswith("。") else ""))
        seen.update(one for part in parts for one in part.split("。"))
        kept.append(mine)
    return kept[::-1]


def sentences(parts: list[str]) -> list[str]:
    """All of them, in order, without the full stops."""
    return [one for part in parts for one in part.split("。") if one]


def paged(parts: list[str]) -> list[str]:
    """Parts put together as far as a message carries; at most two messages."""
    found: list[str] = []
    for part in parts:
        if found and len(found[-1]) + len(part) < _LONGEST:
            found[-1] += "\n" + part
        else:
            found.append(part)
    return found[:2]

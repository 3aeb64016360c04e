"""Questions about programmes: every one in the message gets a short, cited answer."""

from __future__ import annotations

import importlib
from typing import Any

from actions import reading
from actions.absorb import Absorbed
from actions.turn import Turn

#: Longest answer in characters; longer ones continue in a second message.
_LONGEST = 280


def answer(turn: Turn, got: Absorbed) -> None:
    """Answer all questions asked, in order, with place, date and source."""
    del got
    programme, assumed = _programme(turn)
    labels = _asked(turn)
    if assumed:
        turn.say("utter_answer_assumed", programme=turn.words.code(programme))
    if len(labels) > 1:
        turn.say("utter_answer_several", count=len(labels))
    for label in labels:
        _one(turn, label, programme)


def _asked(turn: Turn) -> list[str]:
    heard = turn.heard
    labels = [heard.intent, *heard.secondary]
    if not heard.chosen:
        labels += reading.questions(heard.text)
    return [label for label in dict.fromkeys(labels) if label.startswith("ask_")]


def _programme(turn: Turn) -> tuple[str, bool]:
    """The programme asked about, else the one talked about, else 低保 and say so."""
    named = [str(code) for code in turn.heard.values("program") if code != "none"]
    if named:
        return named[0], False
    if turn.state.programmes:
        return turn.state.programmes[-1], False
    turn.state.programmes = ["dibao"]
    return "dibao", True


def _one(turn: Turn, label: str, programme: str) -> None:
    found = _look_up(turn, label, programme)
    if found is None or not found.parts:
        turn.say("utter_answer_none", programme=turn.words.code(programme),
                 phone=turn.settings.help_phone)  # fmt: skip
        return
    sources = [
        {"title": source.title, "clause": source.clause, "date": str(source.date or ""),
         "grade": source.grade}
        for source in found.sources
    ]  # fmt: skip
    for number, text in enumerate(_pages(found.parts)):
        turn.say("utter_answer", answer=text, sources=sources if number == 0 else [])


def _pages(parts: list[str]) -> list[str]:
    """Parts put together as far as a message carries; at most two messages."""
    pages: list[str] = []
    for part in parts:
        if pages and len(pages[-1]) + len(part) < _LONGEST:
            pages[-1] += "\n" + part
        else:
            pages.append(part)
    return pages[:2]


def _look_up(turn: Turn, label: str, programme: str) -> Any:
    """knowledge.answers, or None while it has nothing."""
    try:
        answers = importlib.import_module("knowledge.answers")
    except ModuleNotFoundError:
        return None
    return answers.answer(label, programme, turn.state.region, turn.today)

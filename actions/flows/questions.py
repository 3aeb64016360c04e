"""Questions about programmes: every one in the message gets a short, cited answer."""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed
from actions.turn import Turn
from knowledge import answers

TOPIC = "question"
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
    _answer(turn, labels, programme)


def with_place(turn: Turn, got: Absorbed) -> bool:
    """The place an answer asked for has come: answer again, for there. True when it did."""
    state = turn.state
    if state.topic != TOPIC:
        return False
    asked = state.question
    state.close(TOPIC)
    state.question = {}
    if "region" not in got.keys or not turn.heard.intent.startswith(("inform", "nlu", "out_of")):
        return False
    _answer(turn, asked["labels"], asked["programme"])
    return True


def _answer(turn: Turn, labels: list[str], programme: str) -> None:
    wanting = [
        label
        for label in labels
        if "region" in _one(turn, label, programme, last=label == labels[-1])
    ]
    if wanting and not turn.state.flow:
        turn.state.open(TOPIC)
        turn.state.question = {"labels": wanting, "programme": programme}
        turn.state.ask("region")


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


def _one(turn: Turn, label: str, programme: str, *, last: bool) -> list[str]:
    """Say one answer; returns its gaps. Only the last answer closes with who decides."""
    found = answers.answer(
        label,
        programme,
        turn.state.region,
        turn.today,
        turn.state.value("hukou"),
        question=None if turn.heard.chosen else turn.heard.text,
        help_phone=turn.settings.help_phone,
    )
    if not found.found or not found.parts:
        turn.say(
            "utter_answer_none",
            programme=turn.words.code(programme),
            phone=turn.settings.help_phone,
        )
        return found.gaps
    sources = [
        {"title": one.title, "clause": one.clause, "date": one.date, "grade": one.grade}
        for one in found.sources
    ]
    parts = found.parts if last or len(found.parts) == 1 else found.parts[:-1]
    for number, text in enumerate(_pages(parts)):
        turn.say("utter_answer", answer=text, sources=sources if number == 0 else [])
    return found.gaps


def _pages(parts: list[str]) -> list[str]:
    """Parts put together as far as a message carries; at most two messages."""
    pages: list[str] = []
    for part in parts:
        if pages and len(pages[-1]) + len(part) < _LONGEST:
            pages[-1] += "\n" + part
        else:
            pages.append(part)
    return pages[:2]

"""A reply with a question of its own behind it: 两千。低保一个月给多少啊."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from . import context
from .normalise import normalise

if TYPE_CHECKING:
    from .pipeline import Understanding

#: Never taken apart: whoever is in danger or wants a person says so with all the words.
_WHOLE = frozenset({"crisis_emergency", "human_handoff", "withdraw_case", "report_for_other"})
_PAUSE = re.compile(r"[ ,。;!?\n]+")
_LONGEST_REPLY, _SHORTEST_QUESTION = 12, 4
#: A guess is no question.
_SURE = 0.5

Parse = Callable[[str, str | None, date | None], "Understanding"]


def reply_then_question(
    parse: Parse, whole: Understanding, asking: str | None, today: date | None
) -> Understanding | None:
    """The two read apart, or None where there are not two.

    After a yes or no the question is the second label (the deed comes first), after a fact the first.
    """
    control = asking in context.CONTROL_KEYS
    if whole.label in _WHOLE or not (control or context.is_of_fact(asking)):
        return None
    told = any(entity["entity"] == asking for entity in whole.entities)
    pause = _PAUSE.search(normalise(whole.text).text)
    if pause is None or (told and whole.label.startswith("ask_")):
        return None
    reply, rest = whole.text[: pause.start()], whole.text[pause.end() :]
    if not 0 < len(reply) <= _LONGEST_REPLY or len(rest) < _SHORTEST_QUESTION:
        return None
    first, then = parse(reply, asking, today), parse(rest, None, today)
    if not then.label.startswith("ask_") or then.confidence < _SURE:
        return None
    known = {entity["entity"] for entity in first.entities}
    moved = [
        {**one, "start": one["start"] + pause.end(), "end": one["end"] + pause.end()}
        for one in then.entities
        if one["entity"] not in known
    ]
    both = replace(
        then,
        text=whole.text,
        facts={**then.facts, **first.facts},
        entities=first.entities + moved,
    )
    if not control:
        return both if asking in known else None
    if context.yes_or_no(normalise(reply).text) is None:
        return None
    second = [{"name": then.label, "confidence": round(then.confidence, 4)}]
    return replace(
        both,
        label=first.label,
        confidence=first.confidence,
        ranking=first.ranking,
        secondary=second,
    )

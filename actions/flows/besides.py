"""What is asked or wanted beside something else: a story, a reply, another office's business."""

from __future__ import annotations

import re

from actions import hearing, reading
from actions.absorb import Absorbed
from actions.flows import questions, smalltalk, speech
from actions.turn import Turn

_CLAUSES = re.compile(r"[，,、。；;？?！!\s]+")
_SHORT = 16
#: What may be asked beside one's own story without being the wish itself.
_BESIDES = frozenset(
    (
        "ask_processing_time", "ask_how_to_apply", "ask_privacy", "ask_amount_standard",
        "ask_materials", "ask_where_to_apply",
    )
)  # fmt: skip


def answer(turn: Turn, got: Absorbed) -> None:
    """A question about the rules, and what was asked or wanted beside it."""
    questions.answer(turn, got)
    other_offices(turn)
    offer_for_complaint(turn)


def other_office(turn: Turn, got: Absorbed) -> None:
    """Another office's business, and a question to us beside it."""
    smalltalk.other_office(turn, got)
    after_another_office(turn)


def beside_the_story(turn: Turn) -> list[str]:
    """教育救助多久能下来, said with the household's whole trouble: questions to be answered too."""
    heard = turn.heard
    if heard.chosen or len(heard.text) <= _SHORT:
        return []
    found = [label for label in heard.secondary if label in _BESIDES]
    found += [label for label in reading.asked_in(heard.text) if label in _BESIDES]
    if reading.pattern("keeps_secret").search(heard.text):
        found.append("ask_privacy")
    return list(dict.fromkeys(found))[:2]


def besides(turn: Turn) -> None:
    """Answer what was asked beside the story, before the household is looked at."""
    for label in beside_the_story(turn):
        named = turn.heard.programmes or turn.state.programmes
        about = questions.GENERAL if label == "ask_privacy" or not named else named[0]
        questions.tell(turn, [label], about, turn.heard.text, waits=False)


def besides_the_reply(turn: Turn) -> None:
    """同意，我户口迁到学校去了有影响吗: answered, before what was agreed to goes its way."""
    heard = turn.heard
    asked = [label for label in heard.secondary if label.startswith("ask_")][:1]
    if heard.chosen or heard.intent not in {"affirm", "deny"} or not asked:
        return
    if hearing.asks(heard.text):
        programme, _ = questions.programme_of(turn)
        questions.tell(turn, asked, programme, heard.text, waits=False)


def offer_for_complaint(turn: Turn) -> None:
    """我要举报村长 is a complaint itself: somebody from above may take it up."""
    if reading.pattern("complains_itself").search(turn.heard.text) and not turn.has_asked:
        speech.offer_person(turn, "utter_offer_person_complaint")


def other_offices(turn: Turn) -> None:
    """公积金能取吗，低保还要等多久: the clause that belongs elsewhere is told where."""
    heard = turn.heard
    if heard.chosen or "out_of_scope_gov" not in heard.secondary:
        return
    for clause in _CLAUSES.split(reading.plainly_written(heard.text)):
        offices = reading.patterns("offices").items()
        name = next((name for name, known in offices if known.search(clause)), None)
        if name and hearing.asks(clause) and not turn.has_asked:
            turn.say(f"utter_office_{name}")
            return


def after_another_office(turn: Turn) -> None:
    """The same, where the other office was heard first: our own question is answered too."""
    asked = [label for label in turn.heard.secondary if label.startswith("ask_")][:1]
    if asked and not turn.heard.chosen:
        programme, _ = questions.programme_of(turn)
        questions.tell(turn, asked, programme, turn.heard.text, waits=False)

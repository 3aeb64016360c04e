"""What the bot did not understand goes, without names, to those who teach it (`cases.misheard`).

Kept is a sentence that led to "我没听明白" or to a guess with buttons, one after which the resident
asked for a person, and one after which staff took the chat (from `State.last_heard`). Never a turn
in danger, a button, a whole story, or a wish for a person itself.
"""

from __future__ import annotations

import re

from actions import anonymous
from actions.turn import Turn, Understanding
from cases import misheard
from cases.misheard import Heard, Reason

MISSES = (
    "utter_not_understood", "utter_not_understood_twice", "utter_not_understood_choices",
    "utter_not_understood_person", "utter_amount_of_what", "utter_offer_questions",
)  # fmt: skip
#: Said to go on or to end, not to be understood better.
_PLAIN = frozenset(("human_handoff", "greet", "goodbye", "thanks"))
#: Questions whose answer is who or where somebody is.
_OF_IDENTITY = frozenset(
    ("name", "phone", "id", "id_number", "whereabouts", "region", "receipt", "case_no")
)
_TWO_WORDS = re.compile(r"[一-鿿].*[一-鿿]", re.DOTALL)


def note(turn: Turn, understood: Understanding, asked: str | None) -> None:
    """Keep what was missed in this turn, and remember this sentence until the next one.

    `asked` was the open question when the message came.
    """
    state = turn.state
    before, state.last_heard = state.last_heard, {}
    if _in_danger(turn):
        return
    heard = _heard(turn, understood, asked)
    if heard is not None:
        state.last_heard = heard.to_json()
    if heard is not None and turn.has_said(*MISSES):
        _keep(turn, heard, Reason.MISSED)
    elif turn.heard.intent == "human_handoff" and before:
        _keep(turn, Heard.from_json(before), Reason.PERSON)


def _in_danger(turn: Turn) -> bool:
    state = turn.state
    danger = turn.heard.intent == "crisis_emergency" or bool(turn.heard.values("crisis_kind"))
    return danger or "emergency" in state.flow or bool(state.emergency)


def _heard(turn: Turn, understood: Understanding, asked: str | None) -> Heard | None:
    text = understood.text
    if turn.heard.chosen or turn.heard.intent in _PLAIN or not _TWO_WORDS.search(text):
        return None
    if asked in _OF_IDENTITY or len(text) > misheard.rules()["longest"]:
        return None
    names = [str(turn.state.value("name") or ""), *map(str, turn.heard.values("name"))]
    return Heard(
        turn.message_id,
        anonymous.masked(text, names),
        understood.intent,
        understood.confidence,
        tuple(understood.ranking),
        asked,
    )


def _keep(turn: Turn, heard: Heard, reason: Reason) -> None:
    misheard.keep(turn.session, turn.cipher, turn.conversation_id, heard, reason)

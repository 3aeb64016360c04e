"""Greetings, thanks, who are you, and the things other offices do."""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed
from actions.flows import speech
from actions.turn import Turn

#: Below this the words were not understood; nobody is told that it is none of our business.
_SURE = 0.5


def greet(turn: Turn, got: Absorbed) -> None:
    """The first greeting says what this is; later ones are short."""
    if turn.state.greeted:
        turn.say("utter_greet_again")
    else:
        turn.state.greeted = True
        turn.say(_first_words(turn))
    del got


def _first_words(turn: Turn) -> str:
    """The web page has said already who is talking."""
    if turn.state.topic is not None:
        return "utter_greet_again"
    return "utter_greet_short" if turn.channel == "web" else "utter_greet"


def thanks(turn: Turn, got: Absorbed) -> None:
    """You are welcome."""
    turn.say("utter_thanks")
    del got


def goodbye(turn: Turn, got: Absorbed) -> None:
    """Everything stays as it is; the open question waits."""
    turn.say("utter_goodbye_open" if turn.state.topic else "utter_goodbye")
    del got


def identity(turn: Turn, got: Absorbed) -> None:
    """A machine says that it is one."""
    turn.say("utter_bot_identity")
    del got


def other_office(turn: Turn, got: Absorbed) -> None:
    """Not ours: which office, or the common hotline."""
    for name, known in reading.patterns("offices").items():
        if known.search(turn.heard.text):
            turn.say(f"utter_office_{name}")
            break
    else:
        turn.say("utter_office_unknown", phone=turn.settings.help_phone)
    del got


def chitchat(turn: Turn, got: Absorbed) -> None:
    """Friendly, and back to what can be done here; three times in a row, a person."""
    del got
    state = turn.state
    if turn.heard.confidence < _SURE:
        speech.miss(turn)
        return
    if state.asking is not None:
        state.misses += 1
        if state.misses >= speech.PATIENCE:
            state.misses = 0
            speech.offer_person(turn, "utter_not_understood_person")
            return
    turn.say("utter_out_of_scope")

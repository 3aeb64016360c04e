"""A plain question that hides hardship is answered, and then it is offered to register it.

One sentence, when nothing else is open; never after a no. Whoever goes on to something else has not
asked for it: the offer lapses without a word. The reply to it is read in `offered`.
"""

from __future__ import annotations

from actions import hardship
from actions.flows import deposit
from actions.state import QUESTION, State
from actions.turn import Turn

TOPIC = "hidden_need"
#: Answers that leave the matter where it was: the offer may stand instead of them.
_NO_ANSWER = frozenset(
    (
        "utter_not_understood",
        "utter_not_understood_choices",
        "utter_out_of_scope",
        "utter_offer_questions",
    )
)
_NOT_OURS = frozenset(("out_of_scope_gov", "out_of_scope_chitchat", "nlu_fallback", "inform_facts"))
#: What the hardship is declared for when no programme was heard; the review card shows it.
_PROGRAMMES = (
    ("hunger", "linshi"), ("no_medicine", "yiliao"), ("deposit", "yiliao"), ("illness", "yiliao"),
    ("disaster", "shouzai"), ("roof", "zhufang"), ("school_cost", "jiaoyu"), ("unpaid", "linshi"),
    ("jobless", "linshi"), ("death", "linshi"), ("rent_and_bills", "linshi"),
    ("cannot_pay", "linshi"),
)  # fmt: skip


def kinds(turn: Turn) -> frozenset[str]:
    """The hardship this message hides, by kind."""
    heard = turn.heard
    if heard.chosen:
        return frozenset()
    told = [(str(e.get("entity")), e.get("value")) for e in heard.entities]
    return hardship.hidden(heard.text, told)


def due(turn: Turn) -> bool:
    """Is there hardship to offer help with, and is it a free moment?"""
    state = turn.state
    if state.offer_declined or not kinds(turn):
        return False
    if state.cannot_pay:  # treatment waits: that goes before a screening
        return not {"draft", "emergency"} & set(state.flow)
    waits = state.asking is not None and state.topic != QUESTION
    return not (waits or set(state.flow) - {QUESTION} or state.draft or state.filed)


def offer(turn: Turn) -> None:
    """One sentence after the answer; money that treatment waits for has an offer of its own."""
    if turn.state.cannot_pay:
        deposit.offer(turn)
        return
    turn.state.open(TOPIC)
    turn.state.ask("offer_declare")
    turn.say("utter_offer_declare_hardship")
    _for_what(turn)


def after(turn: Turn) -> None:
    """Other offices' business and what was not understood may hide hardship too."""
    if turn.heard.intent not in _NOT_OURS or not due(turn):
        return
    turn.said = [said for said in turn.said if said.response not in _NO_ANSWER]
    turn.state.misses = 0
    offer(turn)


def lapse(state: State) -> None:
    """The offer is off the table; what a question waited for is open again."""
    if TOPIC not in state.flow:
        return
    state.close(TOPIC)
    if state.topic == QUESTION:
        state.ask(str(state.question["key"]))


def fitting(texts: list[str]) -> list[str]:
    """The programme that fits what was told in the household's own words, none without hardship."""
    found = frozenset().union(*(hardship.hidden(text) for text in texts)) if texts else frozenset()
    return [code for kind, code in _PROGRAMMES if kind in found][:1]


def _for_what(turn: Turn) -> None:
    """The programme named or implied in the question, else the one that fits the hardship."""
    found = kinds(turn)
    fitting = [code for kind, code in _PROGRAMMES if kind in found]
    turn.state.hidden_programmes = turn.heard.programmes or fitting[:1]

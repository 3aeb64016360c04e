"""The reply to the offer made after a question that hid hardship (`hidden_need`)."""

from __future__ import annotations

from actions.absorb import Absorbed
from actions.flows import declaration, hidden_need, questions, speech
from actions.flows.screening import thinks_it_over
from actions.turn import Turn


def answer(turn: Turn, got: Absorbed) -> None:
    """Yes leads into the declaration, no is remembered; a place is for the answer given before."""
    state = turn.state
    choice = turn.heard.value("choice")
    if choice == "declare" or got.answer == "yes":
        state.programmes = list(state.hidden_programmes)
        state.close(hidden_need.TOPIC)
        state.close(questions.TOPIC)
        declaration.begin(turn)
    elif choice == "done" or got.answer in {"no", "unknown"} or thinks_it_over(turn, got):
        state.offer_declined = choice == "done" or got.answer == "no"
        hidden_need.lapse(state)
        turn.say("utter_screening_done")
        questions.ask_place_again(turn)
    elif state.question and "region" in got.keys:
        hidden_need.lapse(state)
        questions.with_detail(turn, got)
    elif got.noted:
        resume(turn)
    else:
        speech.miss(turn)
        if state.asking != "offer_person":
            resume(turn)


def resume(turn: Turn) -> None:
    """The offer once more, in short."""
    turn.state.ask("offer_declare")
    turn.say("utter_offer_declare_again")

"""What is told after a case was filed: it goes to that case, and to whose facts it belongs."""

from __future__ import annotations

from actions.absorb import Absorbed
from actions.flows import reported, request, safety
from actions.state import State
from actions.turn import Turn
from cases import service


def takes_more(state: State) -> bool:
    """Is the case filed last about a household? Who only wanted one looked up starts anew."""
    return bool(state.filed) and state.filed[-1].get("kind") != request.TOPIC


def add_to_filed(turn: Turn, got: Absorbed) -> None:
    """Facts said after filing belong to the case filed last."""
    last = turn.state.filed[-1]
    try:
        safety.add_facts(turn, last["receipt"], got)
    except service.CaseError:
        turn.say("utter_case_finished")
    else:
        turn.say("utter_supplement_added", receipt=last["receipt"])
    if last.get("report"):
        reported.leave_own(turn, got)

"""What is told after a case was filed: it goes to that case, and to whose facts it belongs."""

from __future__ import annotations

from actions import reading
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


def keep_for_later(turn: Turn, got: Absorbed) -> None:
    """What is told before the case is chosen is added to it then."""
    pending = turn.state.pending
    pending["words"] = "；".join(filter(None, [pending.get("words"), turn.heard.text]))
    pending["keys"] = list(dict.fromkeys([*pending.get("keys", []), *got.keys]))


def content(turn: Turn, got: Absorbed) -> str | None:
    """The message itself when it says what changed, else None."""
    if turn.heard.chosen:
        return None
    if got.noted:
        return turn.heard.text
    rest = reading.pattern("generic").sub("", reading.bare(turn.heard.text))
    return turn.heard.text if len(rest) >= 2 else None

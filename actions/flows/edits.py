"""What of the review card is changed, one button each."""

from __future__ import annotations

from actions.flows import filing
from actions.turn import Button, Turn

EDITS = ("name", "phone", "region", "difficulty", "facts")


def apply(turn: Turn, key: str) -> bool:
    """Take out what is to be told anew. True when the draft goes on to ask for it."""
    state = turn.state
    if key not in EDITS:
        return True
    if key == "facts":
        turn.say("utter_edit_facts")
        return False
    if key == "difficulty":
        state.draft["programmes"] = []
        state.draft.pop("needs", None)
        state.draft["difficulty_open"] = True
    else:
        state.facts.pop(key, None)
        state.declined = [name for name in state.declined if name != key]
        if key == "region":
            state.region = None
    return True


def buttons(turn: Turn) -> list[Button]:
    """One button per thing on the review card that can be changed."""
    return [
        Button(turn.words.part(f"button_edit_{key}"), f'/inform_facts{{"choice":"edit:{key}"}}')
        for key in EDITS
        if key != "difficulty" or not filing.is_report(turn.state)
    ]

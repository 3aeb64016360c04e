"""反映别人的困难: the neighbour's facts are kept apart from the speaker's own."""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed
from actions.flows import declaration, filing
from actions.state import State
from actions.turn import Turn

#: A message this long already tells what is going on.
_TELLS = 12


def begin(turn: Turn, got: Absorbed) -> None:
    """Open a report; what this message says about the other person belongs to it."""
    state = turn.state
    if state.draft.get("kind") == "report":
        declaration.begin(turn, "report")
        return
    _set_own_aside(state, set(got.keys))
    declaration.begin(turn, "report")
    if state.draft.get("kind") != "report":
        return
    if not state.knows("for_relation") and (relation := reading.kin(turn.heard.text)):
        state.facts["for_relation"] = filing.evidence(turn, relation)
    if not turn.heard.chosen and len(reading.bare(turn.heard.text)) > _TELLS:
        state.draft["situation"] = turn.heard.text


def _set_own_aside(state: State, about_other: set[str]) -> None:
    own = {key: fact for key, fact in state.facts.items() if key not in about_other}
    state.own = {
        "facts": State(facts=own).to_json()["facts"],
        "declined": list(state.declined),
        "region": state.region if "region" not in about_other else None,
    }
    state.facts = {key: fact for key, fact in state.facts.items() if key in about_other}
    state.declined = []
    state.region = state.region if "region" in about_other else None
    state.draft = {}
    state.screened = False

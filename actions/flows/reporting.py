"""反映别人的困难: the neighbour's facts are kept apart from the speaker's own."""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed, evidence
from actions.flows import declaration, filing, reported
from actions.state import State
from actions.turn import Turn

#: A message this long already tells what is going on.
_TELLS = 12


def set_own_aside(turn: Turn) -> None:
    """Before a report's first message is read: the speaker's own facts wait until it is sent."""
    state = turn.state
    if state.draft.get("kind") == "report" or not declaration.may_file(turn):
        return
    state.own = {
        "facts": State(facts=state.facts).to_json()["facts"],
        "declined": list(state.declined),
        "region": state.region,
        "draft": state.draft,
        "consent": state.consent,
        "open": declaration.TOPIC in state.flow,
    }
    state.consent = {}
    state.close(declaration.TOPIC)
    state.facts, state.declined, state.region = {}, [], None
    state.draft = {}
    state.screened = False


def begin(turn: Turn, got: Absorbed) -> None:
    """Open a report; what this message says about the other person belongs to it."""
    del got
    state = turn.state
    text = turn.heard.text
    if not state.knows("for_relation") and (relation := reported.relation(turn)):
        state.facts["for_relation"] = evidence(turn, "for_relation", relation)
    tells = not turn.heard.chosen and len(reading.bare(text)) > _TELLS
    declaration.begin(turn, "report", situation=text if tells else None)
    if "fangfanpin" in turn.heard.programmes and turn.heard.names_programme and state.draft:
        state.draft["needs"] = ["poverty_return"]  # 需要纳入监测


def is_me(turn: Turn) -> bool:
    """其实就是我自己: the friend of the report is the speaker, who goes on for themselves.

    True when it was said; what was told stays, and the consent is asked for now.
    """
    state = turn.state
    if turn.heard.chosen or not filing.is_report(state):
        return False
    if not reading.pattern("it_is_me").search(reading.squeezed(turn.heard.text)):
        return False
    situation = state.draft.get("situation")
    if situation:
        state.story = [*state.story, {"text": situation, "message_id": turn.message_id}]
    state.facts.pop("for_relation", None)
    state.declined = [key for key in state.declined if key != "for_relation"]
    state.close(declaration.TOPIC)
    state.draft, state.own = {}, {}
    turn.say("utter_for_yourself")
    declaration.begin(turn)
    return True

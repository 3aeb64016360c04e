"""反映别人的困难: the neighbour's facts are kept apart from the speaker's own."""

from __future__ import annotations

from actions import hearing, reading
from actions.absorb import Absorbed, absorb, evidence
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
        "programmes": list(state.programmes),
        "draft": state.draft,
        "consent": state.consent,
        "open": declaration.TOPIC in state.flow,
    }
    state.consent = {}
    state.close(declaration.TOPIC)
    state.facts, state.declined, state.region, state.programmes = {}, [], None, []
    state.draft = {}
    state.screened = False


def begin(turn: Turn, got: Absorbed) -> None:
    """Open a report; what this message says about the other person belongs to it."""
    del got
    state = turn.state
    text = turn.heard.text
    if state.draft and filing.is_report(state) and hearing.asks(text):
        turn.say("utter_report_helps", phone=turn.settings.help_phone)
    known = state.knows("for_relation") and not reported.by_office(turn)
    if not known and (relation := reported.relation(turn)):
        state.facts["for_relation"] = evidence(turn, "for_relation", relation)
    tells = not turn.heard.chosen and len(reading.bare(text)) > _TELLS
    declaration.begin(turn, "report", situation=text if tells else None)
    if "fangfanpin" in turn.heard.programmes and turn.heard.names_programme and state.draft:
        state.draft["needs"] = ["poverty_return"]  # 需要纳入监测


def own_meanwhile(turn: Turn) -> bool:
    """我自己家也困难，三口人 in the middle of a report: kept for later, no fact of the neighbour's.

    True when it was said and something was told.
    """
    state, heard = turn.state, turn.heard
    told = {one.get("entity") for one in heard.entities} - {"program", "for_relation"}
    if heard.chosen or not told or not state.own or not filing.is_report(state):
        return False
    if state.topic != declaration.TOPIC or not reading.pattern("own_too").search(heard.text):
        return False
    theirs = (state.facts, state.declined, state.region, state.asking)
    own = State.from_json({"facts": state.own["facts"]})
    state.facts, state.declined = own.facts, list(state.own["declined"])
    state.region, state.asking = state.own["region"], None
    absorb(turn)
    kept = State(facts=state.facts).to_json()["facts"]
    state.own = {**state.own, "facts": kept, "region": state.region, "told": True}
    state.facts, state.declined, state.region, state.asking = theirs
    turn.say("utter_own_kept")
    declaration.resume(turn)
    return True


def tells_of_another(turn: Turn) -> bool:
    """还有个邻居王婆婆，房子漏雨, while a report waits to be sent: a report of its own, later.

    True when it was said; nothing of it becomes a fact of whom this report is about.
    """
    state, heard = turn.state, turn.heard
    waits = filing.is_report(state) and state.topic == declaration.TOPIC
    if heard.chosen or not waits or state.asking not in {"review", "phone", "region"}:
        return False
    if not reading.pattern("another_one").search(heard.text):
        return False
    turn.say("utter_one_report_each")
    declaration.resume(turn)
    return True


def tells_on(turn: Turn) -> bool:
    """他自己不会用手机, while a telephone is asked for: told of whom the report is about."""
    state, heard = turn.state, turn.heard
    about = filing.is_report(state) and state.topic == declaration.TOPIC and not heard.chosen
    if not about or state.asking != "phone" or heard.intent != "out_of_scope_chitchat":
        return False
    return bool(reading.pattern("of_somebody").search(heard.text))


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
    own = State.from_json({"facts": state.own.get("facts", {})}).facts
    state.facts = {**own, **state.facts}  # what was told before the "friend" came up
    state.region = state.region or state.own.get("region")
    state.facts.pop("for_relation", None)
    state.declined = [key for key in state.declined if key != "for_relation"]
    state.close(declaration.TOPIC)
    state.draft, state.own = {}, {}
    turn.say("utter_for_yourself")
    declaration.begin(turn)
    return True

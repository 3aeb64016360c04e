"""Greetings, thanks, who are you, and the things other offices do."""

from __future__ import annotations

from actions import hearing, reading
from actions.absorb import Absorbed
from actions.flows import hidden_need, speech
from actions.turn import Turn

#: Below this the words were not understood; nobody is told that it is none of our business. In the
#: middle of a topic more is asked for: a strange answer is still an answer.
_SURE, _SURE_IN_TOPIC = 0.5, 0.8
_SHORT, _LONG = 16, 40
#: Who says one of these wants something done.
_WISHES = frozenset(
    (
        "start_screening", "self_declare", "report_for_other", "check_status", "update_case",
        "withdraw_case", "human_handoff",
    )
)  # fmt: skip


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


def mood(turn: Turn, got: Absorbed) -> bool:
    """怎么又问, 我就是想哭 and nothing else: heard before anything is asked on. True when so."""
    said = reading.bare(turn.heard.text)
    if turn.heard.chosen or got.noted:
        return False
    if _is_ashamed(turn, said):
        turn.say("utter_no_shame")
        return True
    if len(said) > _SHORT or turn.heard.programmes:
        return False
    if turn.heard.intent in _WISHES or reading.pattern("deed").search(said):
        return False  # 日子太苦了，想申请 is a wish first
    heard = _mood_of(turn, said)
    if heard is None:
        return False
    if "emergency" in turn.state.flow:
        turn.state.asking = None
        turn.say("utter_crisis_stay")
    else:
        turn.say(heard)
    return True


def _is_ashamed(turn: Turn, said: str) -> bool:
    """不知道该不该问，觉得挺丢人的: before anything else, that it is no shame to ask."""
    heard = turn.heard
    wishes = heard.intent in _WISHES or heard.intent.startswith("ask_")
    clear = (wishes and heard.confidence >= _SURE) or heard.names_programme
    if clear or "emergency" in turn.state.flow or len(said) > _LONG:
        return False
    return bool(reading.pattern("ashamed").search(said))


def _mood_of(turn: Turn, said: str) -> str | None:
    if reading.pattern("scolds").search(said):
        return "utter_scolded"
    if reading.pattern("no_money").search(said) and turn.state.asking is None:
        return "utter_low_spirits"
    if turn.state.asking is not None and reading.pattern("tired").search(said):
        return "utter_tired"
    lost = reading.pattern("at_a_loss").search(said)
    if lost and ("emergency" in turn.state.flow or not turn.heard.intent.startswith("ask_")):
        return "utter_at_a_loss" if turn.state.asking is None else "utter_step_by_step"
    if reading.pattern("slow").search(said):
        return "utter_slow"
    return "utter_low_spirits" if reading.pattern("low_spirits").search(said) else None


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
            if name == "disability_card":  # 办了一个月能领多少 comes next
                turn.state.programmes = [*turn.state.programmes, "canji_butie"]
            if name == "old_age":  # 一个月有多少 asks of that, not of 低保
                turn.state.answered = {
                    "labels": [], "programme": "", "topic": name, "words": turn.heard.text,
                    "told": [],
                }  # fmt: skip
            break
    else:
        if turn.heard.confidence < _SURE and not got.noted:
            speech.miss(turn)
            return
        turn.say("utter_office_unknown", phone=turn.settings.help_phone)


def chitchat(turn: Turn, got: Absorbed) -> None:
    """Friendly, and back to what can be done here; three times in a row, a person."""
    del got
    state = turn.state
    unread = not reading.pattern("chinese").search(turn.heard.text)
    if unread or turn.heard.confidence < (_SURE_IN_TOPIC if state.asking else _SURE):
        speech.miss(turn)
        return
    if state.asking is not None:
        state.misses += 1
        if state.misses >= speech.PATIENCE:
            state.misses = 0
            speech.offer_person(turn, "utter_not_understood_person")
            return
    # 我家日子过不下去了，咋办, when no more is offered: no matter of others, all the same
    hard = state.asking is None and hidden_need.kinds(turn) and not hidden_need.due(turn)
    turn.say("utter_low_spirits" if hard else "utter_out_of_scope")


def tells_of_trouble(turn: Turn) -> bool:
    """昨天刚出院，医生让养半年: no fact of ours, and why somebody came. True when it was kept."""
    heard = turn.heard
    tells = heard.intent == "inform_facts" and not hearing.asks(heard.text)
    told = tells and bool(reading.pattern("tells_trouble").search(heard.text))
    if told and speech.tells_on(turn):
        turn.say("utter_report_noted")
        return True
    return False

"""Messages which the language model takes for something that their own words exclude.

那先办哪个呢 is no farewell, 能找个活儿干吗 calls no person, 取消了两个月了 withdraws nothing. Only
guesses and unmistakable wordings; what it is instead, the words or the talk say. Pure but for the
turn it reads.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions import reading
from actions.turn import Turn, Understanding

#: Below this a greeting, a farewell or a withdrawal is guessed.
_GUESS = 0.65
#: And a declaration in the middle of other questions.
_A_GUESS = 0.4
_FILES = re.compile(r"报|登记|提交")
_FRESH = frozenset({"inform_facts", "nlu_fallback", "out_of_scope_gov", "out_of_scope_chitchat"})
#: Words of danger: whoever uses one of them is in the emergency lane.
_DANGER = re.compile(
    r"打(?!工|算|听)|骂|摸|欺负|侵|饿|没饭|没吃|怕|疼|痛|死|不想活|没大人|一个人在家|锁|赶|撵|冷|逃|血|病|救命"
)


def no_call(heard: Understanding) -> Understanding | None:
    """能找个活儿干吗, 请个人替我两天: work or help is asked for, and nobody called.

    爷爷照顾我，爸爸坐牢: a child somebody looks after, where no word tells of danger.
    """
    text = heard.text
    if heard.intent == "human_handoff":
        if reading.pattern("wants_work").search(text):
            return _asks(heard, "jiuye", "ask_program_overview")
        if reading.pattern("wants_relief").search(text):
            return _asks(heard, "fuwu", "ask_program_overview")
        return None
    parents = any(heard.value(key) for key in ("parents_status", "father_state", "mother_state"))
    of_a_child = heard.value("crisis_kind") in {"child", "other"} and parents
    if not of_a_child or _DANGER.search(text) or not reading.pattern("kin_cares").search(text):
        return None
    kept = [one for one in heard.entities if one.get("entity") != "crisis_kind"]
    return replace(heard, intent="start_screening", entities=kept)


def settled(turn: Turn) -> Understanding | None:
    """What the message is instead, None when nothing speaks against what it was heard as."""
    heard = turn.heard
    text = reading.squeezed(heard.text)
    asks = _asks_something(text)
    if _tells_of_home(turn, asks) or _lacks_what_others_have(heard, text):
        return replace(heard, intent="inform_facts", secondary=[])
    guessed = heard.intent == "out_of_scope_gov" and heard.confidence < _GUESS and not asks
    if guessed and reading.pattern("tells_trouble").search(heard.text):
        return replace(heard, intent="inform_facts", secondary=[])  # 刚出院，大夫叫在家养着
    if heard.intent == "withdraw_case" and heard.confidence < _GUESS and not turn.state.flow:
        if reading.pattern("how_long_since").search(text):
            return replace(heard, intent="inform_facts")
        if asks and not reading.pattern("takes_out").search(text):
            return replace(heard, intent="nlu_fallback")
    if heard.intent == "goodbye" and asks and not reading.pattern("says_bye").search(text):
        return replace(heard, intent="nlu_fallback")
    if heard.intent in {"greet", "bot_identity"} and heard.confidence < _GUESS:
        return _no_greeting(heard, text)
    if heard.intent == "start_screening" and reading.pattern("how_much_for_us").search(text):
        return replace(heard, intent="ask_amount_standard")
    if heard.intent != "self_declare" and reading.pattern("wants_anew").search(text):
        return replace(heard, intent="self_declare")
    offered = turn.state.asking == "offer_declare" and heard.intent in _FRESH
    if offered and reading.pattern("needs_money_now").search(text):
        return replace(heard, intent="self_declare")
    if _only_tells_of_aid(heard, text) or _only_sighs(turn):
        return replace(heard, intent="inform_facts", secondary=[])
    if _wants_it_filed(turn, text):
        return replace(heard, intent="self_declare")
    if heard.intent.startswith("ask_") and reading.pattern("is_on_aid").fullmatch(text):
        return replace(heard, intent="inform_facts", secondary=[])  # 低保户, in reply to anything
    waits = heard.intent in _FRESH and not turn.state.flow and not turn.state.asking
    if waits and reading.pattern("waits_long").search(text):
        return replace(heard, intent="check_status")
    return _cold(turn) or _struck(turn)


def _wants_it_filed(turn: Turn, text: str) -> bool:
    """要得 报嘛, while a fact is asked for: the wish to be registered, and no yes to it."""
    state, heard = turn.state, turn.heard
    asked = state.topic == "screening" and state.asking not in {None, "offer_declare"}
    files = asked and heard.intent == "affirm" and reading.pattern("submits").search(text)
    return bool(files) and bool(_FILES.search(text))


def _asks_something(text: str) -> bool:
    return bool(reading.pattern("question_mark").search(text) or reading.asks_back(text))


def _tells_of_home(turn: Turn, asks: bool) -> bool:
    """闺女出嫁了 孩子上学: the family is told of where a question is open, no other office."""
    state, heard = turn.state, turn.heard
    if heard.intent != "out_of_scope_gov" or asks or state.asking is None:
        return False
    looked_at = state.topic in {"screening", "draft"}
    insured = reading.pattern("own_cover").fullmatch(reading.squeezed(heard.text))
    return looked_at and (reading.kin(heard.text) is not None or bool(insured))


def _lacks_what_others_have(heard: Understanding, text: str) -> bool:
    """别家都拿到了 就我们没有 refuses no offer."""
    return heard.intent == "deny" and bool(reading.pattern("others_have").search(text))


def _only_tells_of_aid(heard: Understanding, text: str) -> bool:
    """奶奶有低保，每个月几百块: what is had is told, and no line is asked for."""
    held = heard.intent == "ask_amount_standard" and heard.value("receiving") is not None
    if not held or reading.pattern("asks_how_much").search(text):
        return False
    return bool(reading.pattern("somebody_has_aid").search(text))


def _only_sighs(turn: Turn) -> bool:
    """回去一趟车费都要好几百, guessed to be a declaration while the household is asked about."""
    heard, state = turn.heard, turn.state
    guessed = heard.intent == "self_declare" and heard.confidence < _A_GUESS
    if not guessed or reading.pattern("question_mark").search(heard.text):
        return False
    asked = state.topic == "screening" and state.asking not in {None, "offer_declare"}
    return asked and not reading.pattern("declares").search(heard.text)


def _no_greeting(heard: Understanding, text: str) -> Understanding | None:
    if reading.pattern("wants_look_at").search(text):
        return replace(heard, intent="start_screening")
    if heard.intent == "greet":
        greeted = reading.pattern("hello").search(text)
        return None if greeted else replace(heard, intent="nlu_fallback")
    own = reading.pattern("asks_who").search(text)
    return None if own else replace(heard, intent="nlu_fallback")


def _cold(turn: Turn) -> Understanding | None:
    """没煤烧了: heating aid is what helps, no weather struck anybody."""
    heard, state = turn.heard, turn.state
    fresh = state.topic is None and not state.programmes and not heard.names_programme
    if heard.intent not in _FRESH or not fresh or heard.value("heating_difficult") is not True:
        return None
    if reading.pattern("natural_disaster").search(heard.text):
        return None
    return _asks(heard, "qunuan", "start_screening")


def _struck(turn: Turn) -> Understanding | None:
    """雪太大，羊死了六十多只: a harvest or a herd lost to the weather is a disaster."""
    heard, state = turn.heard, turn.state
    if heard.intent not in _FRESH or state.topic is not None or heard.names_programme:
        return None
    if not reading.pattern("farm_struck").search(heard.text) or heard.value("disaster"):
        return None
    told = _asks(heard, "shouzai", "start_screening")
    return replace(told, entities=[*told.entities, {"entity": "disaster", "value": "雪灾"}])


def _asks(heard: Understanding, programme: str, intent: str) -> Understanding:
    about: dict[str, Any] = {"entity": "program", "value": programme}
    kept = [one for one in heard.entities if one.get("entity") != "program"]
    return replace(heard, intent=intent, entities=[about, *kept], secondary=[])

"""Answers to questions in plain words (`plain_questions`), before anything is guessed from them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions import plain_questions, reading
from actions.flows import besides, hidden_need, questions
from actions.hearing import FREE_WORDS, asks
from actions.turn import Turn, Understanding

_NEVER = frozenset({"crisis_emergency", "human_handoff", "withdraw_case"})
#: Below this a call for a person is hardly more than a guess: 想找个人摆龙门阵.
_GUESSED = 0.3
#: From here the model's question stands against words that only name the thing.
_SURE = 0.8
#: Who asks whether something is to be had does not tell that it is held.
_HELD = frozenset({"receiving", "dibao_monthly", "house_grade"})
_DETAILS = frozenset({"region", "hukou", "program"})
#: 救助站要钱吗 is answered also where it is asked where somebody is.
_SHELTER = "liulang"
#: What is said to whoever has no receipt.
_LOST = "utter_receipt_lost"
#: 会使…无, 有法度…无: so southern Min asks.
_MIN_ASKS = re.compile(r"(?:会使|有法度|敢|是毋是).*(?:无|袂|否)?$")
#: What a household struck by a disaster asks, it asks of that.
_STRUCK = " 遭灾"
#: A question whose reply is fixed; which question type it is does not matter.
_ASKING = "ask_program_overview"


def hear(turn: Turn, before: dict[str, Any]) -> plain_questions.Plain | None:
    """The plain question of this message, if it is one; the message is then taken for no more."""
    state, heard = turn.state, turn.heard
    guessed = heard.intent == "human_handoff" and heard.confidence < _GUESSED
    never = heard.intent in _NEVER and not guessed
    if heard.chosen or never:
        return None
    # 会不会要他自己去签名, where it was asked how he is found: a question, no place
    if state.asking in FREE_WORDS and not _clearly_asks(turn):
        return None
    about = " ".join(
        (
            before.get("topic") or before.get("programme") or "",
            before.get("words") or "",
            *before.get("labels", ()),
        )
    )
    if not before and state.programmes:
        about = state.programmes[-1]
    if state.value("disaster") not in (None, "无") or state.value("shock") == "disaster":
        about += _STRUCK  # 修房子给不给钱 is asked of what the landslide took
    known = bool(state.programmes or (heard.names_programme and heard.programmes))
    found = plain_questions.find(heard.text, about, about=known)
    several = plain_questions.find_each(heard.text, about, about=known)
    if len(several) > 1:
        found = several[0]
    elif found is None or _asks_otherwise(heard, found):
        return None
    if found.says == _LOST and state.asking == "receipt":
        return None  # 回执号忘了 answers the question that is open
    turn.heard = _as_asked(turn, found)
    return found


def _clearly_asks(turn: Turn) -> bool:
    text = turn.heard.text
    return turn.state.asking == "whereabouts" and (asks(text) or bool(_MIN_ASKS.search(text)))


def tell(turn: Turn, found: plain_questions.Plain, before: dict[str, Any]) -> None:
    """Answer it, and what else the same message asks so plainly."""
    about = turn.state.programmes[-1] if turn.state.programmes else ""
    several = plain_questions.find_each(turn.heard.text, about, about=True)
    if len(several) < 2:
        _tell(turn, found, before)
        return
    turn.say("utter_answer_several", count=len(several))
    for one in several:
        _tell(turn, one, before)


def _tell(turn: Turn, found: plain_questions.Plain, before: dict[str, Any]) -> None:
    """Answer one, and offer to declare where it hides hardship."""
    state, heard = turn.state, turn.heard
    state.misses = 0
    if found.says is not None:
        turn.say(found.says, phone=turn.settings.help_phone)
        state.answered = {
            "labels": [], "programme": "", "topic": found.topic, "words": heard.text, "told": [],
            "led": before.get("led") or before.get("words") or "",
        }  # fmt: skip
        return
    programme = _programme(turn, found)
    if programme != questions.GENERAL:
        known = [code for code in state.programmes if code != programme]
        state.programmes = [*known, programme]
    offering = hidden_need.due(turn)
    if state.topic == questions.TOPIC:
        state.close(questions.TOPIC)
        state.question = {}
    if len(found.asks) > 1:
        turn.say("utter_answer_several", count=len(found.asks))
    words = f"{heard.text} {found.key_words}".strip()
    questions.tell(turn, list(found.asks), programme, words, offering=offering)
    if reading.pattern("keeps_secret").search(heard.text) and "ask_privacy" not in found.asks:
        questions.tell(turn, ["ask_privacy"], questions.GENERAL, heard.text, waits=False)
    if offering:
        hidden_need.offer(turn)
    else:
        besides.offer_for_complaint(turn)


def _asks_otherwise(heard: Understanding, found: plain_questions.Plain) -> bool:
    """Do the words name only the thing (上门护理), and does the model surely hear the question?"""
    named = heard.names_programme and found.programme in heard.programmes
    sure = heard.intent.startswith("ask_") and heard.confidence >= _SURE
    return len(found.asks) > 1 and named and sure and heard.intent not in found.asks


def _programme(turn: Turn, found: plain_questions.Plain) -> str:
    """What it is about: said by the words themselves, named, or talked about."""
    if found.programme:
        return found.programme
    named = turn.heard.programmes
    if turn.heard.names_programme and named:
        return named[0]
    return turn.state.programmes[-1] if turn.state.programmes else found.otherwise or ""


def _as_asked(turn: Turn, found: plain_questions.Plain) -> Understanding:
    """The message with the question it is, and without what it does not tell."""
    if found.says is not None or found.after is not None:
        told = _DETAILS - found.drop
        kept = [one for one in turn.heard.entities if one.get("entity") in told]
        return replace(turn.heard, intent=_ASKING, entities=kept, secondary=[])
    has_aid = reading.pattern("has_aid").search(turn.heard.text)
    dropped = (_HELD - {"receiving"} if has_aid else _HELD) | found.drop
    kept = [one for one in turn.heard.entities if one.get("entity") not in dropped]
    about = [] if found.programme is None else [_named(found.programme)]
    intent = found.asks[0]
    return replace(turn.heard, intent=intent, entities=[*about, *kept], secondary=[])


def _named(programme: str) -> dict[str, Any]:
    return {"entity": "program", "value": programme}

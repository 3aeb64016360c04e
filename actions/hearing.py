"""A second opinion on the intent of a short message, from where the conversation stands.

The language model hears one message; the dialogue knows what was asked, what is filed and what was
said before. Only short, unmistakable wordings are overruled, never danger and never a call for a
person.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from actions import misheard, reading, whose
from actions.flows import handoff
from actions.turn import Turn, Understanding
from actions.wording import Words
from knowledge import glossary

_NEVER = frozenset({"crisis_emergency", "human_handoff"})
_OF_CASES = frozenset({"withdraw_case", "update_case", "check_status"})
_SHORT = 16
#: Below this the language model only guesses.
_SURE = 0.65
_GUESSED = 0.4
_PLAIN, _LONG = 20, 32
#: A guess below this that a question declares something needs a word that does.
_DECLARED = 0.8
#: Questions answered in whatever words come.
FREE_WORDS = frozenset(("situation", "whereabouts", "update_text"))
#: What the language model falls back on when a sentence is new to it.
_DOUBTFUL = frozenset({"inform_facts", "nlu_fallback", "out_of_scope_gov", "out_of_scope_chitchat"})
#: 想找个人问下，我屋头低保为啥子停了
_ASKS_FOR_ONE = re.compile(r"^(?:我)?(?:想|要)找个?(?:人|工作人员)(?:问|说|讲)")
#: Facts that are a need of ours by themselves, and the programme that looks at it.
_NEEDS = {"stranded": "liulang", "heart_disease": "gu_er_ertong", "heating_difficult": "qunuan"}
#: 懂不懂, 是不是
_A_NOT_A = re.compile(r"([一-鿿])不\1")
_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?")
#: Facts that make "那能吃低保不" a question about this household.
_OWN = frozenset({"household_size", "monthly_income_total", "monthly_income_per_capita"})


def settled(turn: Turn) -> Understanding:
    """The understanding with the intent the conversation suggests."""
    heard = turn.heard
    if heard.chosen:
        return heard
    if heard.intent in _NEVER:
        return _not_called(turn) or misheard.no_call(heard) or heard
    if _is_only_back(turn):
        return replace(heard, intent="greet")
    if _wants_person(turn):
        return replace(heard, intent="human_handoff")
    if _is_many_in_need(turn):
        danger = {"entity": "crisis_kind", "value": "disaster"}
        kept = [one for one in heard.entities if one.get("entity") != "household_size"]
        return replace(heard, intent="crisis_emergency", entities=[*kept, danger])
    if turn.state.asking == "confirm_withdraw" and reading.pattern("stays_filed").search(
        heard.text
    ):
        keep = {"entity": "choice", "value": "keep"}
        return replace(heard, intent="deny", entities=[keep])
    if (as_own := whose.own(turn)) is not None:
        return as_own
    if (guess := misheard.settled(turn)) is not None:
        return guess
    if whose.reports(turn):
        return replace(heard, intent="report_for_other", secondary=[])
    if (several := _several_questions(turn)) is not None:
        return several
    if _asks_a_word(turn):
        return replace(heard, intent="ask_program_overview")
    if _asks_medical_aid(turn):
        program = {"entity": "program", "value": "yiliao"}
        return replace(heard, intent="ask_other_benefits", entities=[program, *heard.entities])
    if _only_asks(turn):
        return replace(heard, intent="nlu_fallback")
    if _only_tells(turn) or _only_enquires(turn):
        return replace(heard, intent="start_screening")
    unlabelled = _unlabelled(turn)
    if unlabelled is not None and heard.intent == "self_declare":
        program = {"entity": "program", "value": unlabelled}
        return replace(heard, entities=[program, *heard.entities])
    if unlabelled is not None:
        told: list[dict[str, Any]] = [{"entity": "program", "value": unlabelled}]
        if unlabelled == "binzang" and reading.pattern("has_died").search(heard.text):
            told.append({"entity": "death_in_family", "value": True})
        return replace(heard, intent="start_screening", entities=[*told, *heard.entities])
    if _waits_for_money(turn):
        return replace(heard, intent="start_screening")
    if (need := _own_need(turn) or _wages(turn)) is not None:
        implied = need == "gu_er_ertong"  # a sick child asks for no rule on orphans
        told = (
            [] if heard.programmes else [{"entity": "program", "value": need, "implied": implied}]
        )
        return replace(heard, intent="start_screening", entities=[*told, *heard.entities])
    intent = _intent(turn, reading.bare(heard.text)) or _of_the_talk(turn)
    return heard if intent is None else replace(heard, intent=intent)


def _not_called(turn: Turn) -> Understanding | None:
    """别打电话过来 calls nobody; 还有，她房子墙裂了 adds to the report just sent."""
    heard, state = turn.heard, turn.state
    if heard.intent == "human_handoff" and reading.pattern("no_call").search(heard.text):
        return replace(heard, intent="inform_facts")
    if heard.intent != "crisis_emergency":
        return None
    if "emergency" in state.flow and reading.pattern("help_came").search(heard.text):
        return replace(heard, intent="inform_facts", entities=[])
    safe = "emergency" in state.flow and state.emergency.get("sheltered")
    bare_of = reading.pattern("lacks_bedding").search(heard.text)
    if safe and bare_of and heard.value("crisis_kind") in {"homeless", "disaster", "other"}:
        return replace(heard, intent="inform_facts", entities=[])  # 住在村委会，被子没了
    reported = bool(state.filed) and state.filed[-1].get("relation") is not None
    adds_to = reported and not state.flow and reading.pattern("adds_to_it").search(heard.text)
    adds = bool(adds_to) and heard.value("crisis_kind") in {"disaster", "homeless"}
    if adds and not reading.pattern("about_to_fall").search(heard.text):
        return replace(heard, intent="inform_facts")
    return None


def _is_many_in_need(turn: Turn) -> bool:
    """转移了二十几户，要棉被和吃的: a village waits, whoever reports it."""
    heard = turn.heard
    told = heard.intent in {"report_for_other", "self_declare", "inform_facts", "start_screening"}
    return told and bool(reading.pattern("crowd_in_need").search(heard.text))


def _several_questions(turn: Turn) -> Understanding | None:
    """要什么条件、带什么材料、去哪里办: several questions at once are no riddle."""
    heard = turn.heard
    if heard.intent not in _DOUBTFUL or not (heard.programmes or turn.state.programmes):
        return None
    asked = reading.questions(heard.text)
    return replace(heard, intent=asked[0], secondary=asked[1:]) if asked else None


def _is_only_back(turn: Turn) -> bool:
    """接着说, 我回来了, 你好 to 都同意吗: neither farewell nor yes; the question comes again."""
    if turn.state.topic is None or turn.state.asking in FREE_WORDS | {"offer_person"}:
        return False
    said = reading.squeezed(turn.heard.text)
    greeted = turn.heard.intent == "affirm" and reading.pattern("hello").fullmatch(said)
    return bool(greeted or reading.pattern("goes_on").fullmatch(said))


def _wants_person(turn: Turn) -> bool:
    """找个人, whatever was asked; and 到我了吗 from somebody in the line."""
    said = reading.bare(turn.heard.text)
    if reading.pattern("wants_person").fullmatch(said):
        return True
    if turn.heard.secondary[:1] == ["human_handoff"] and _ASKS_FOR_ONE.match(turn.heard.text):
        return True
    asks = reading.pattern("my_turn").fullmatch(said) or reading.pattern("nobody_comes").search(
        reading.squeezed(turn.heard.text)
    )
    return bool(asks) and handoff.waits(turn)


def _asks_a_word(turn: Turn) -> bool:
    """补差这俩字咋讲: an official word of ours, rare for the language model."""
    heard = turn.heard
    unsure = heard.intent in _DOUBTFUL or heard.intent.startswith("ask_")
    if not unsure or turn.state.asking in FREE_WORDS or len(heard.text) > _PLAIN:
        return False
    term = glossary.asked(heard.text)
    return term is not None and bool(term.cites)


def _asks_medical_aid(turn: Turn) -> bool:
    """看病能帮啥, 白内障手术能减免吗: rare words for the language model, and plain ones."""
    text = turn.heard.text
    if turn.state.asking in FREE_WORDS or len(reading.bare(text)) > _PLAIN:
        return False
    return any(reading.pattern(name).search(text) for name in ("medical_help", "concessions"))


def _only_asks(turn: Turn) -> bool:
    """那我要告他呢，哪个帮我打官司: guessed to be a declaration, and nothing is declared."""
    heard = turn.heard
    if heard.intent != "self_declare" or heard.confidence >= _DECLARED:
        return False
    asks = asks_something(heard.text) or _A_NOT_A.search(heard.text)
    return bool(asks) and not reading.pattern("declares").search(heard.text)


def _only_tells(turn: Turn) -> bool:
    """老公跑了，房租都交不起: guessed to be a declaration; asked about first, not for consents."""
    heard = turn.heard
    bar = _SURE if turn.state.programmes and heard.entities else _GUESSED  # 我爸的，一级，瘫了
    if heard.intent != "self_declare" or heard.confidence >= bar or turn.state.flow:
        return False
    if len(reading.bare(heard.text)) <= _SHORT and bar == _GUESSED:
        return False  # 补助 tells nothing that could be looked at
    struck = heard.value("disaster") or turn.state.screened  # what has just happened is registered
    return not struck and not reading.pattern("declares").search(heard.text)


def _only_enquires(turn: Turn) -> bool:
    """想帮我妈问问，查出乳腺癌要做手术: what there is for her, before any consent."""
    heard = turn.heard
    if heard.intent != "self_declare" or heard.confidence >= _DECLARED or turn.state.flow:
        return False
    enquires = reading.pattern("enquires").search(heard.text)
    return bool(enquires) and not reading.pattern("declares").search(heard.text)


def _unlabelled(turn: Turn) -> str | None:
    """火化费能减免吗: a programme that the language model does not know by name."""
    heard = turn.heard
    if turn.state.asking in FREE_WORDS or "draft" in turn.state.flow:
        return None
    wishes = heard.intent in _DOUBTFUL | {"self_declare", "start_screening"}
    if not wishes and not heard.intent.startswith("ask_"):
        return None
    if reading.pattern("of_a_rule").search(heard.text):
        return None
    known = reading.patterns("unlabelled")
    found = next((code for code, words in known.items() if words.search(heard.text)), None)
    if found == "binzang":  # 低保户去世了，火化费能不能免: the funeral is what is asked about
        return found if len(reading.bare(heard.text)) <= _LONG else None
    if heard.names_programme or len(reading.bare(heard.text)) > _PLAIN:
        return None
    # 煤烧不起: the need itself is told, however sure the guess that it asks for a screening.
    told = any(code == found and heard.value(key) is True for key, code in _NEEDS.items())
    unsure = heard.intent != "start_screening" or heard.confidence < _SURE
    return found if unsure or told else None


def _own_need(turn: Turn) -> str | None:
    """被偷了钱回不了家, 孩子先天性心脏病: who tells of such need is sent to no other office."""
    heard = turn.heard
    if heard.intent != "out_of_scope_gov" or turn.state.asking in FREE_WORDS:
        return None
    return next((code for key, code in _NEEDS.items() if heard.value(key) is True), None)


def _wages(turn: Turn) -> str | None:
    """老板跑了，半年工资没给: legal aid is what was come for, before heads are counted."""
    heard, state = turn.heard, turn.state
    told = heard.value("legal_matter") == "wages" and not heard.programmes
    fresh = not state.programmes and not state.flow and state.asking is None
    wishes = heard.intent in _DOUBTFUL | {"start_screening", "self_declare"}
    return "falv" if told and fresh and wishes else None


def _waits_for_money(turn: Turn) -> bool:
    """住院押金交不起: no office of others and no mere fact, but an urgent need of help."""
    text = turn.heard.text
    if turn.heard.intent not in _DOUBTFUL or turn.state.topic not in {None, "screening"}:
        return False
    return len(reading.bare(text)) <= _PLAIN and bool(reading.pattern("cannot_pay").search(text))


def _of_the_talk(turn: Turn) -> str | None:
    """What sounds like another office's business or another person's, read in this talk."""
    heard, state = turn.heard, turn.state
    if state.asking in FREE_WORDS:
        return None
    if heard.intent in _DOUBTFUL and reading.pattern("turned_away").search(heard.text):
        return "ask_appeal_complaint"
    asked = [label for label in heard.secondary if label.startswith("ask_")]
    doubt = heard.intent.startswith("out_of_scope") and heard.confidence < _SURE
    if doubt and asked and state.programmes:
        return asked[0]  # 我老公交了社保,是不是就因为这个: of the grant talked about
    if heard.intent != "report_for_other" or "for_relation" not in state.facts:
        return None
    known = state.draft.get("kind") != "report" and reading.kin(heard.text) is None
    return "self_declare" if known and reading.pattern("for_them").search(heard.text) else None


def _at_the_card(turn: Turn) -> str | None:
    """换成我女儿的，139… before anything is filed changes the draft, and no case."""
    heard, state = turn.heard, turn.state
    if state.asking == "review" and state.topic == "draft" and reading.edited(heard.text):
        return "inform_facts"
    drafting = "draft" in state.flow and state.asking not in FREE_WORDS
    if drafting and heard.intent in {"update_case", "check_status"} and not state.filed:
        return "inform_facts"
    if drafting and heard.intent == "withdraw_case" and not state.filed:
        # 算了先不报了: nothing was sent that could be taken back
        return "inform_facts" if reading.pattern("not_yet").search(heard.text) else None
    if state.asking == "receipt" and heard.intent.startswith("ask_"):
        return "deny" if reading.pattern("lost_paper").search(heard.text) else None
    return None


def _of_status(turn: Turn) -> str | None:
    """What only sounds like a look at one's case: 帮我看看能领啥, 我家好好的."""
    heard, state = turn.heard, turn.state
    if state.asking in FREE_WORDS:
        return None
    if heard.intent in _OF_CASES and reading.pattern("not_on_aid").search(heard.text):
        return "inform_facts"
    if heard.intent == "check_status" and not heard.values("case_no"):
        if reading.pattern("all_is_well").search(heard.text):
            return "deny"
        looks = any(reading.pattern(name).search(heard.text) for name in ("wants_look", "may_have"))
        return "start_screening" if looks and not state.filed else None
    if heard.intent == "withdraw_case" and not state.filed:
        gives_up = reading.pattern("gives_aid_up").search(heard.text)
        return "ask_review_or_stop" if gives_up else None
    waits = bool(state.filed) and heard.intent not in _OF_CASES
    if waits and reading.pattern("who_has_it").search(heard.text) and len(heard.text) <= _SHORT:
        return "check_status"
    if heard.intent == "out_of_scope_chitchat" and reading.pattern("says_bye").search(heard.text):
        return "goodbye"
    return None


def _intent(turn: Turn, text: str) -> str | None:
    state = turn.state
    if settled := _at_the_card(turn) or _of_status(turn):
        return settled
    if len(text) > _SHORT:
        return None
    if state.asking == "review" and reading.pattern("submits").search(text):
        return "affirm"
    if state.asking == "confirm_withdraw" and reading.pattern("takes_back").search(text):
        return "affirm"
    in_hand = state.asking in {"review", "consent"} or "request" in state.flow
    if state.asking is None and not state.flow and reading.pattern("no_longer").search(text):
        return "withdraw_case"
    if not in_hand and reading.pattern("wants_to_apply").search(text):
        return "self_declare"
    if reading.applies_anew(text):
        return "ask_how_to_apply"
    if turn.heard.intent in _OF_CASES and reading.pattern("applies_anew").search(text):
        return "self_declare"
    stays = any(reading.pattern(name).search(text) for name in ("keep", "my_words"))
    if reading.pattern("withdraws").search(text) and not stays:
        return "withdraw_case"
    if _OWN & set(state.facts) and reading.pattern("do_we_qualify").search(text):
        return "start_screening"
    takes_back = bool(turn.heard.value("correction")) or reading.corrects(turn.heard.text)
    if turn.heard.intent == "update_case" and takes_back and not state.filed and state.facts:
        return "inform_facts"
    return None


def typed_button(
    heard: Understanding, last_replies: list[dict[str, Any]], words: Words
) -> Understanding:
    """看病花钱多 typed instead of tapped: the words of a button on the table press it.

    The whole title, or its unmistakable beginning, of the bot's last messages.
    """
    typed = reading.bare(heard.text)
    if heard.chosen or heard.intent in _NEVER or len(typed) < 2:
        return heard
    shown: list[tuple[str, str]] = []
    for reply in last_replies:
        shown += words.fixed_buttons.get(reply["response"], ())
        shown += [(button["title"], button["payload"]) for button in reply["buttons"]]
    titles = {reading.bare(title.split(" ", 1)[-1]): payload for title, payload in shown}
    payload = titles.get(typed)
    if payload is None:
        beginning = [own for title, own in titles.items() if title.startswith(typed)]
        payload = beginning[0] if len(beginning) == 1 else None
    found = _PAYLOAD.fullmatch(payload) if payload else None
    if payload is None or found is None:
        return heard
    values = json.loads(found[2] or "{}")
    entities = [{"entity": key, "value": value} for key, value in values.items()]
    return Understanding(found[1], payload, entities)


def picks_a_case(turn: Turn) -> bool:
    """留我妈的那份, 叫徐素华的那份: an answer to "which one?", whatever it was taken for."""
    text = turn.heard.text
    if reading.pattern("keep").search(text):
        return True
    return "那份" in text or "那个" in text


def asks(text: str) -> bool:
    """A question, also one put as 能不能, 可以不 or 是吧."""
    return (
        asks_something(text) or bool(_A_NOT_A.search(text)) or text.rstrip("。!！").endswith("吧")
    )


def asks_something(text: str) -> bool:
    """Does the sentence look like a question at all?"""
    return bool(reading.pattern("question_mark").search(text))

"""One message in, what to say out: the order in which a turn is thought through.

1. danger first; 2. take in every fact stated; 3. refuse what cannot be; 4. an answer to the open
question goes to the topic that asked, anything else to the topic it is about; 5. after an
interruption, back to the open question in one short line.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from actions import about, hearing, reading
from actions.absorb import Absorbed, absorb
from actions.flows import (
    besides,
    declaration,
    deposit,
    filed,
    followups,
    further,
    handoff,
    hidden_need,
    offered,
    plain,
    proof,
    questions,
    reported,
    reporting,
    request,
    safety,
    screening,
    several,
    smalltalk,
    speech,
    status,
    verdicts,
)
from actions.turn import Turn, Utterance

Handler = Callable[[Turn, Absorbed], None]

#: The topic that answers for each open flow.
TOPICS: dict[str, ModuleType] = {
    "screening": screening,
    "draft": declaration,
    "emergency": safety,
    "status": status,
    "request": request,
    hidden_need.TOPIC: offered,
}
#: Words that may simply be the answer to what was asked.
_PASSIVE = frozenset(("inform_facts", "affirm", "deny", "nlu_fallback"))
#: Small talk, unless it happens to answer.
_CHATTING = frozenset(
    ("out_of_scope_chitchat", "out_of_scope_gov", "thanks", "bot_identity", "greet", "goodbye")
)
#: A plain yes or no, or the very value asked for, is an answer whatever the language model thinks.
_NEVER_ANSWERS = frozenset(["crisis_emergency", "human_handoff"])
#: Below this a yes or no outside a question is only guessed.
_UNCLEAR = 0.5
#: A message this long tells more than its facts.
_TELLING = 20
#: What ends a matter or a talk: material help or none, somebody to talk to is offered.
CLOSING = frozenset(
    (
        "utter_goodbye", "utter_goodbye_open", "utter_all_done", "utter_screening_done",
        "utter_filed_next", "utter_filed_report", "utter_request_filed", "utter_request_dropped",
        "utter_crisis_filed", "utter_withdrawn", "utter_withdrawn_kept", "utter_draft_kept",
        "utter_report_dropped", "utter_consent_refused", "utter_status_result",
        "utter_status_ended",
    )
)  # fmt: skip
_SETTLES = {"review", "consent", "offer_declare", "offer_person", "confirm_withdraw"}


def converse(turn: Turn) -> None:
    """Think one turn through; the words are in `turn.said`, the memory in `turn.state`."""
    _think(turn)
    if not turn.said:  # silence would look like a breakdown
        speech.miss(turn)
    if turn.has_said("utter_review", "utter_review_report"):
        # The card repeats every fact: no need to read the new ones back as well.
        turn.said = [said for said in turn.said if said.response != "utter_facts_noted"]
    _offer_an_ear(turn)


def _offer_an_ear(turn: Turn) -> None:
    """Once, right after the last closing message, before whatever is asked next."""
    closed = [index for index, said in enumerate(turn.said) if said.response in CLOSING]
    if closed:
        turn.said.insert(closed[-1] + 1, Utterance("utter_somebody_to_talk"))


def _think(turn: Turn) -> None:
    turn.heard = hearing.settled(turn)
    intent = turn.heard.intent
    state = turn.state
    answered, state.answered = state.answered, {}
    if followups.word(turn, answered) or followups.elsewhere(turn, answered):
        return
    asked_plainly = None if several.asked(turn.heard.text) else plain.hear(turn, answered)
    if asked_plainly is None and followups.aside(turn, answered):
        return
    intent = turn.heard.intent
    if intent == "crisis_emergency":
        got = absorb(turn)
        speech.refuse(turn, got)
        hidden_need.lapse(state)
        safety.begin(turn)
        return
    if reporting.tells_of_another(turn):
        return
    if intent == "report_for_other":
        reporting.set_own_aside(turn)
    elif reporting.own_meanwhile(turn):
        return
    got = absorb(turn)
    about.remember(turn)
    several.remember(turn)
    safety.lapse(turn)
    safety.pass_on(turn, got)
    _keep_story(turn)
    if deposit.hears(turn) and not (intent.startswith("ask_") and not hidden_need.kinds(turn)):
        state.cannot_pay = True
    topic = TOPICS.get(state.topic or "")
    if reporting.is_me(turn):
        return
    if got.refused:
        speech.refuse(turn, got)
        if not got.noted and topic is not None:
            topic.resume(turn)
            return
    further.mourn(turn, got.keys)
    speech.acknowledge(turn, got)
    if _told_aside(turn, got):
        _resume(turn, state.asking)
        return
    if asked_plainly is not None:
        interrupted = state.asking
        plain.tell(turn, asked_plainly, answered)
        _resume(turn, interrupted)
        return
    if state.asking is not None and _may_for_them(turn):
        turn.say("utter_may_for_them")
        _resume(turn, state.asking)
        return
    if not hidden_need.due(turn) and smalltalk.mood(turn, got):
        _resume(turn, state.asking)
        return
    if _is_answer(turn, got, topic):
        besides.besides_the_reply(turn)
        _answer(turn, got, topic)
        return
    hidden_need.lapse(state)
    if questions.with_detail(turn, got) or followups.again(turn, got, answered):
        return
    if request.by_name(turn, got, answered):
        return
    if several.tell(turn):
        return
    if safety.TOPIC in state.flow and _is_beside(turn):
        safety.later(turn, got)
        return
    interrupted = state.asking
    HANDLERS.get(intent, not_understood)(turn, got)
    hidden_need.after(turn)
    _resume(turn, interrupted)


def _is_answer(turn: Turn, got: Absorbed, topic: ModuleType | None) -> bool:
    state, intent = turn.state, turn.heard.intent
    if state.asking is None or intent in _NEVER_ANSWERS:
        return False
    if got.answer == "unknown" and not hearing.asks_something(turn.heard.text):
        return topic is not None or state.asking == "offer_person"
    if topic is None and state.asking != "offer_person":
        return False
    if reporting.tells_on(turn):
        return True
    if intent in _CHATTING and state.asking not in hearing.FREE_WORDS:
        return got.answer is not None or bool(got.noted) or _is_number(turn)
    if intent in _PASSIVE:
        return True
    if state.asking in _SETTLES:
        return got.answer in {"yes", "no"} and not intent.startswith("ask_")
    if state.asking in {"which_case", "confirm_withdraw"} and hearing.picks_a_case(turn):
        return intent in {"check_status", "withdraw_case"}
    if intent == "greet" and reading.pattern("hello").fullmatch(reading.squeezed(turn.heard.text)):
        return False  # 你好 tells nothing
    if state.asking in hearing.FREE_WORDS:
        return intent in _CHATTING | {
            "report_for_other", "self_declare", "start_screening", "update_case",
        }  # fmt: skip
    return got.answer == "value" and intent in {
        "start_screening", "self_declare", "report_for_other", "check_status", "update_case",
    }  # fmt: skip


def _told_aside(turn: Turn, got: Absorbed) -> bool:
    """我今年六十二岁, told while the father is talked about: kept in words. True when it was."""
    if not got.aside or got.noted or got.answer is not None or safety.TOPIC in turn.state.flow:
        return False
    if turn.heard.intent != "inform_facts" or not speech.tells_on(turn):
        return False
    turn.say("utter_report_noted")
    return True


def _may_for_them(turn: Turn) -> bool:
    """能帮他申请吗, in the middle of it: may one? What is open stays open."""
    return bool(reading.pattern("may_for_them").search(reading.squeezed(turn.heard.text)))


def _is_number(turn: Turn) -> bool:
    """WZ123 in reply to the receipt is a receipt, if a wrong one."""
    return turn.state.asking == "receipt" and proof.foreign_number(turn) is not None


def _is_beside(turn: Turn) -> bool:
    """In an emergency nobody is told "this I cannot help with", nor lectured unasked."""
    intent = turn.heard.intent
    if intent in {"out_of_scope_chitchat", "out_of_scope_gov", "nlu_fallback"}:
        return True
    return intent.startswith("ask_") and not hearing.asks(turn.heard.text)


def _answer(turn: Turn, got: Absorbed, topic: ModuleType | None) -> None:
    state = turn.state
    if state.asking == "offer_person":
        if handoff.answer_offer(turn, got):
            return
        topic = TOPICS.get(state.topic or "")
        if topic is None and got.noted and got.answer is None:
            speech.offer_person(turn)  # the place was told meanwhile: the offer still stands
            return
        if topic is None:
            turn.say("utter_anything_else")
            return
        topic.resume(turn)
        return
    if topic is not None:
        topic.answer(turn, got)


def _resume(turn: Turn, interrupted: str | None) -> None:
    """The open question once more, unless this turn asked something itself."""
    state = turn.state
    topic = TOPICS.get(state.topic or "")
    if topic is None or turn.heard.intent in {"human_handoff", "goodbye"}:
        return
    if turn.said and (turn.said[-1].choices or turn.has_asked):
        return
    if interrupted is None and state.asking is None:
        return
    topic.resume(turn)


def inform(turn: Turn, got: Absorbed) -> None:
    """Facts, yes or no outside an open question."""
    state = turn.state
    if safety.TOPIC in state.flow:
        safety.later(turn, got)
        return
    if turn.heard.intent in {"affirm", "deny"} and not got.noted:
        nothing_open(turn, got)
        return
    if not got.noted:
        if not state.flow and smalltalk.tells_of_trouble(turn):
            screening.begin(turn)
        elif not got.refused:
            not_understood(turn, got)
        return
    if "region" in got.keys and not state.flow and handoff.told_place(turn):
        return
    if screening.again(turn, got):
        return
    if not state.flow and filed.takes_more(state) and not reported.tells_of_self(turn):
        filed.add_to_filed(turn, got)
        return
    if not state.flow:
        if reported.tells_of_self(turn):
            reported.same_place(turn)
        screening.begin(turn)
    elif state.asking is None and not turn.said:
        TOPICS[state.flow[-1]].resume(turn)  # the telephone, told after a person was called


def nothing_open(turn: Turn, got: Absorbed) -> None:
    """对 or 没了 when nothing was asked; 没有那个号 and 苦 only sound like one."""
    del got
    state, text = turn.state, turn.heard.text
    if reading.pattern("no_number").search(reading.squeezed(text)):
        turn.say("utter_receipt_lost", phone=turn.settings.help_phone)
        return
    plain_word = turn.heard.chosen or reading.says_yes(text) or reading.is_plain_no(text)
    told = turn.heard.intent == "deny" and not turn.heard.chosen
    # 没人理我 goes on telling; 王大有 denies nothing, whatever it was heard as
    told = told and (bool(reading.pattern("nobody_told").search(text)) or not reading.negates(text))
    if told or (not plain_word and turn.heard.confidence < _UNCLEAR):
        speech.miss(turn)
    elif turn.heard.intent == "deny":
        turn.say("utter_all_done")
    else:
        state.misses += 1
        if state.misses >= speech.PATIENCE:  # 嗯 for the third time: what there is to choose
            state.misses = 0
            turn.say("utter_not_understood_choices")
            return
        turn.say("utter_anything_else")


def start_screening(turn: Turn, got: Absorbed) -> None:
    """Own situation: screen, or while declaring say where it stands and go on declaring."""
    if questions.of_another(turn):
        return
    if "draft" in turn.state.flow or "emergency" in turn.state.flow:
        verdict = verdicts.one_line(turn)
        if verdict:
            turn.say("utter_verdict_line", verdict=verdict)
        else:
            turn.say("utter_verdict_later")
        return
    if turn.state.screened and screening.again(turn, got):
        return
    if deposit.hears(turn) or (turn.state.cannot_pay and "screening" not in turn.state.flow):
        deposit.offer(turn)
        return
    offering = bool(besides.beside_the_story(turn)) and hidden_need.due(turn)
    besides.besides(turn)
    if offering:  # it was a question, and what it hides can be registered at once
        hidden_need.offer(turn)
        return
    if not turn.has_said("utter_answer"):
        questions.rule_first(turn, got)
    named = turn.heard.programmes if turn.heard.names_programme else []
    if turn.state.topic == screening.TOPIC and named and not turn.said:
        # 要是不够，低保呢: more than the same question once again
        turn.say("utter_looked_at_too", programme=turn.words.code(named[0]))
    screening.so_far(turn)
    screening.begin(turn)


def declare(turn: Turn, got: Absorbed) -> None:
    """ "Register us": open the declaration, or go on with it."""
    del got
    if "emergency" in turn.state.flow:
        safety.proceed(turn)
        return
    declaration.begin(turn)


def not_understood(turn: Turn, got: Absorbed) -> None:
    """Three steps: the question again, choices, a person; a programme alone is asked about."""
    if got.noted and not hearing.asks(turn.heard.text):
        return
    if speech.at_a_loss(turn):
        return
    if questions.search(turn):
        return
    if turn.state.asking is None and turn.heard.programmes:
        questions.offer(turn, turn.heard.programmes[0])
        return
    speech.miss(turn)


def _keep_story(turn: Turn) -> None:
    """What a household tells in its own words goes to the caseworker with the declaration."""
    heard, state = turn.heard, turn.state
    telling = heard.intent in {"self_declare", "start_screening", "inform_facts"}
    telling = telling and len(heard.text) > _TELLING and not heard.chosen
    asking = heard.intent.startswith(("ask_", "out_of_scope", "nlu_fallback"))
    if safety.TOPIC not in state.flow and (telling or (asking and hidden_need.kinds(turn))):
        speech.keep_story(turn)


HANDLERS: dict[str, Handler] = {
    "start_screening": start_screening,
    "self_declare": declare,
    "report_for_other": reporting.begin,
    "inform_facts": inform,
    "affirm": inform,
    "deny": inform,
    "check_status": status.check,
    "update_case": status.update,
    "withdraw_case": status.withdraw,
    "human_handoff": handoff.request,
    "greet": smalltalk.greet,
    "goodbye": smalltalk.goodbye,
    "thanks": smalltalk.thanks,
    "bot_identity": smalltalk.identity,
    "out_of_scope_gov": besides.other_office,
    "out_of_scope_chitchat": smalltalk.chitchat,
    "nlu_fallback": not_understood,
    **dict.fromkeys(
        (
            "ask_program_overview", "ask_eligibility_conditions", "ask_amount_standard",
            "ask_how_to_apply", "ask_materials", "ask_processing_time", "ask_where_to_apply",
            "ask_income_property_rules", "ask_family_definition", "ask_review_or_stop",
            "ask_appeal_complaint", "ask_payment_problem", "ask_other_benefits", "ask_privacy",
        ),
        besides.answer,
    ),
}  # fmt: skip

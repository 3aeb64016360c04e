"""初筛: one question at a time, only what can still change a verdict; then reasons, no decision."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace

from actions import amounts, hearing, places, reading
from actions.absorb import Absorbed
from actions.asked import MONEY
from actions.flows import also, deposit, further, income_bands, safety, speech, verdicts
from actions.state import State
from actions.turn import Turn
from actions.wording import about
from rules.next_question import next_question
from rules.verdict import Screening

TOPIC = "screening"
#: Who somebody is changes no verdict.
_WHO = frozenset({"name", "phone", "id_number", "for_relation"})
_AFRAID = re.compile(r"不安全|害怕|怕他|怕她|躲|还在打|要打")
#: After so many questions a person is offered.
PATIENCE = 12
#: Without these nothing can be looked at; another question is given up after so many other replies.
_NEEDED, _EVADED = frozenset({"region", "household_size", "safe_now"}), 3
#: 没鉴定过 says that there is no grade to tell.
_NO_MEANS_UNKNOWN = frozenset({"house_grade"})


def begin(turn: Turn) -> None:
    """Start from whatever is known already."""
    state = turn.state
    if state.topic != TOPIC or state.asking == "offer_declare":
        state.questions = 0
    further.imply(state)
    state.open(TOPIC)
    state.deferred = []
    proceed(turn)


def so_far(turn: Turn) -> None:
    """Asked "do we qualify?" before everything is known: what the figures say already."""
    further.imply(turn.state)
    if further.narrow(turn.state):
        return
    if turn.state.region is not None:
        verdicts.so_far(turn)
        return
    per_head = verdicts.income_per_head(turn)
    if per_head is None:
        return
    lowest = income_bands.lowest_line(turn)
    if lowest is not None and per_head < lowest:
        turn.say("utter_verdict_so_far_low", income=about(per_head))
    else:
        turn.say("utter_verdict_so_far", income=about(per_head))


#: 七月份的事, 住三年啊: when or how long, no figure that answers.
_SINCE = re.compile(r"[\d一二两三四五六七八九十半几](?:多|来)?(?:年|个?月|天|周|星期)")
#: A reply of so few characters is a figure and hardly more; a place has no more than these.
_BARE, _PLACE = 6, 12
#: Below this the language model only guesses that something is told.
_TOLD = 0.5


def answer(turn: Turn, got: Absorbed) -> None:
    """Take the reply to the open question and go on."""
    state = turn.state
    asking = state.asking or ""
    if asking == "offer_declare":
        _after_verdict(turn, got)
        return
    further.take_status(turn)
    if asking == "safe_now":
        _safe_now(turn, got)
        return
    if state.region_choices and asking == "region":
        speech.ask_place(turn)
        return
    if not turn.heard.chosen and reading.gives_up(turn.heard.text):
        turn.say("utter_screening_stopped")
        conclude(turn)
        return
    says_none = got.answer == "no" and asking in _NO_MEANS_UNKNOWN
    if got.answer == "unknown" or says_none or _only_about(state, got, asking):
        state.decline(asking)
    elif got.answer == "yes" and asking in MONEY:
        turn.say(f"utter_ask_{asking}_how_much")
        return
    elif got.answer != "value" and not got.noted and _names_a_matter(turn):
        if _asks_which_illness(turn):
            return
    elif got.answer != "value":
        if not got.noted and not got.refused:
            if asking == "region" and turn.heard.intent == "inform_facts" and _like_a_place(turn):
                turn.say("utter_place_not_found")
            if not _told_aside(turn, asking):
                speech.miss(turn)
            if state.asking == "offer_person":
                return
        elif asking not in state.deferred and not got.corrected:
            state.deferred.append(asking)
        _ask_no_more(turn, got, asking)
    if got.noted:
        state.misses = 0
    proceed(turn)


def _names_a_matter(turn: Turn) -> bool:
    """低保, or 病, and nothing else: what it is about, and no misunderstanding."""
    said = reading.bare(turn.heard.text)
    if turn.heard.chosen or turn.state.region_choices:
        return False
    return any(reading.pattern(name).fullmatch(said) for name in ("only_names", "is_ill"))


def _asks_which_illness(turn: Turn) -> bool:
    """病 to any question: which, before the question comes again."""
    ill = reading.pattern("is_ill").fullmatch(reading.bare(turn.heard.text))
    if not ill or turn.state.knows("disease"):
        return False
    turn.state.ask("disease")
    turn.say("utter_ask_disease")
    return True


def _ask_no_more(turn: Turn, got: Absorbed, asking: str) -> None:
    """Told of something else three times where this was asked: it is not asked a fourth time."""
    state = turn.state
    told = bool(got.noted) or turn.has_said("utter_report_noted")
    if asking in _NEEDED or got.corrected or not told:
        return
    state.evaded = [*state.evaded, asking]
    if state.evaded.count(asking) >= _EVADED:
        state.decline(asking)


def _told_aside(turn: Turn, asking: str) -> bool:
    """没有签合同, 冰箱都泡坏了: no fact of ours, and not lost. True when it was kept."""
    sure = turn.heard.intent == "inform_facts" and turn.heard.confidence >= _TOLD
    if not sure or _bare_answer(turn, asking) or not speech.tells_on(turn):
        return False
    turn.say("utter_report_noted")
    return True


def _bare_answer(turn: Turn, asking: str) -> bool:
    """A figure or a question, where something else was asked: to be asked back, not kept."""
    text = turn.heard.text
    read = None if _SINCE.search(text) else amounts.amount(text)
    # 爷爷七十六 tells of somebody
    short = len(reading.bare(text)) <= _BARE and reading.kin(text) is None
    place = asking == "region" and _like_a_place(turn)
    return place or (read is not None and short) or hearing.asks(text)


def _like_a_place(turn: Turn) -> bool:
    """Short and without a figure: 河湾那边, not 已经花了四十多万."""
    text = turn.heard.text
    return amounts.amount(text) is None and len(reading.bare(text)) <= _PLACE


def _only_about(state: State, got: Absorbed, asking: str) -> bool:
    """A range again, after the figure itself was asked for: nobody knows it better."""
    told = state.value(asking)
    before = next((noted.before for noted in got.noted if noted.key == asking), told)
    return got.answer == "value" and isinstance(told, dict) and isinstance(before, dict)


def resume(turn: Turn) -> None:
    """Ask the open question again after an interruption."""
    state = turn.state
    if state.asking == "offer_declare":
        turn.say("utter_offer_declare_again")
    elif state.asking == "offer_person":
        turn.say("utter_offer_person")
    else:
        proceed(turn)


def proceed(turn: Turn) -> None:
    """The next question that matters, or the verdicts."""
    state = turn.state
    narrow = further.narrow(state)
    settled = state.screened and state.asking is None
    if settled and not narrow and not turn.heard.intent.startswith("start"):
        conclude(turn)
        return
    key = _next_key(turn)
    if key is None or (narrow and key != "safe_now" and state.questions >= further.PATIENCE):
        conclude(turn)
        return
    if state.questions >= PATIENCE and not state.person_asked:
        state.person_asked = True
        speech.offer_person(turn, "utter_offer_person_tired")
        return
    ask(turn, key)


def ask(turn: Turn, key: str) -> None:
    """One question, with an example and its choices."""
    state = turn.state
    if state.asking != key and key != "safe_now":
        state.questions += 1
    if key == "region":
        speech.ask_place(turn, county=state.county_asked and state.region is not None)
        return
    state.ask(key)
    exact = f"utter_ask_{key}_how_much"
    if isinstance(state.value(key), dict) and turn.words.has(exact):
        turn.say(exact)
    elif key == "age" and "gu_er_ertong" in state.programmes:
        turn.say("utter_ask_age_child")
    else:
        turn.say(f"utter_ask_{key}", buttons=income_bands.buttons(turn, key))


def conclude(turn: Turn) -> None:
    """The verdict cards, and the offer to declare."""
    state = turn.state
    state.screened = True
    state.misses = 0
    _show_once(turn)
    state.ask("offer_declare")
    if further.narrow(state) or not also.offer(turn):
        turn.say("utter_offer_declare_further" if _only_further(state) else "utter_offer_declare")


def _show_once(turn: Turn) -> None:
    """The cards; when they are word for word those shown last, only that nothing has changed."""
    before, state = len(turn.said), turn.state
    verdicts.show(turn)
    cards = json.dumps([[one.response, one.values] for one in turn.said[before:]], default=str)
    shown = hashlib.sha256(cards.encode()).hexdigest()[:16]
    if state.shown == shown and len(turn.said) > before:
        del turn.said[before:]
        turn.say("utter_verdict_same")
    state.shown = shown


def _only_further(state: State) -> bool:
    """Nothing of the first screening was asked for, so it is offered."""
    return further.narrow(state) and not set(state.programmes) & verdicts.SCREENED


def again(turn: Turn, got: Absorbed) -> bool:
    """After a correction: if verdicts were shown, show the new ones. True when it did."""
    if not turn.state.screened or not any(noted.before is not None for noted in got.noted):
        return False
    turn.state.open(TOPIC)
    proceed(turn)
    return True


def _next_key(turn: Turn) -> str | None:
    """Place and heads first; then what the rules want. An evaded question comes back once, last."""
    state = turn.state
    if key := further.first(turn):
        return key
    for first in _first_keys(state):
        if not _settled(state, first) and first not in state.deferred:
            return first
    if places.is_coarse(state.region) and not state.county_asked:
        state.county_asked = True
        return "region"
    key = _wanted(turn, state.deferred)
    if key is None and state.deferred:
        state.deferred = []
        key = next((k for k in _first_keys(state) if not _settled(state, k)), None)
        key = key or _wanted(turn, [])
    return key


def _first_keys(state: State) -> tuple[str, ...]:
    """What comes before the rules are asked: a further programme wants the place at most."""
    if not further.narrow(state):
        return ("region", "household_size")
    return ("region",) if further.needs_place(state) else ()


def _settled(state: State, key: str) -> bool:
    """Known or declined; who lives alone has said how many they are."""
    return state.knows(key) or (key == "household_size" and state.value("living_alone") is True)


def _wanted(turn: Turn, deferred: list[str]) -> str | None:
    state = turn.state
    if further.narrow(state):
        return further.wanted(turn, deferred)
    closed = further.declined(state) | set(deferred)
    asked_for = [code for code in state.programmes if code in verdicts.SCREENED]
    # What the resident came for is settled first, then what else may help.
    first = asked_for and next_question(
        state.stated(), state.region, turn.today, closed, programmes=asked_for[-1:]
    )
    first = first or next_question(state.stated(), state.region, turn.today, closed)
    return first or further.wanted(turn, deferred)


def _safe_now(turn: Turn, got: Absorbed) -> None:
    """Safe: numbers to keep and on. Not safe, or afraid: the emergency lane."""
    state = turn.state
    afraid = not turn.heard.chosen and _AFRAID.search(turn.heard.text)
    if got.answer == "no" or afraid:
        danger = [{"entity": "crisis_kind", "value": "violence"}]
        turn.heard = replace(turn.heard, entities=[*turn.heard.entities, *danger])
        state.decline("safe_now")
        safety.begin(turn)
        return
    safe = turn.heard.value("choice") == "safe" or got.answer == "yes"
    if not safe and got.answer != "unknown" and not got.noted:
        speech.miss(turn)
        if state.asking == "offer_person":
            return
        proceed(turn)
        return
    state.decline("safe_now")
    turn.say("utter_safe_lines")
    proceed(turn)


def _after_verdict(turn: Turn, got: Absorbed) -> None:
    from actions.flows import declaration

    choice = turn.heard.value("choice")
    if choice == "declare" or got.answer == "yes":
        _keep_hopeful(turn)
        declaration.begin(turn)
    elif choice == "done" or got.answer in {"no", "unknown"} or thinks_it_over(turn, got):
        turn.state.offer_declined = choice == "done" or got.answer == "no"
        turn.state.close(TOPIC)
        turn.say("utter_screening_done")
    elif set(got.keys) - _WHO and turn.state.cannot_pay and not turn.state.screened:
        # 押金交不起: where the hospital is does not turn an urgent offer into a screening.
        deposit.here(turn)
        turn.state.ask("offer_declare")
        turn.say("utter_offer_declare_again")
    elif set(got.keys) - _WHO:
        turn.state.asking = None
        proceed(turn)
    elif "binzang" in turn.state.programmes and reading.pattern("has_died").search(turn.heard.text):
        turn.say("utter_offer_declare_again")  # 是我妈，上个星期走的: told, and nothing asked
    elif got.noted or reading.says_no(turn.heard.text):  # 没有领过 tells, it does not refuse
        turn.say("utter_offer_declare_again")
    else:
        if not _told_aside(turn, "offer_declare"):
            speech.miss(turn)
        if turn.state.asking != "offer_person":
            turn.state.ask("offer_declare")
            turn.say("utter_offer_declare_again")


def thinks_it_over(turn: Turn, got: Absorbed) -> bool:
    """再想想: not now, and not refused."""
    words = reading.pattern("not_yet").search(turn.heard.text)
    return bool(words) and not got.noted and not turn.heard.chosen


def _keep_hopeful(turn: Turn) -> None:
    """Declared is what may be due; of several programmes looked at the unlikely ones stay out."""
    state = turn.state
    if not further.talked(state) or state.draft:
        return
    outcomes: dict[str, set[str]] = {}
    for verdict in run(turn).verdicts:
        outcomes.setdefault(verdict.program, set()).add(verdict.outcome)
    kept = [code for code in state.programmes if outcomes.get(code) != {"unlikely"}]
    state.programmes = kept or state.programmes


def run(turn: Turn) -> Screening:
    """The screening of what is known; without a place it says so in its verdicts."""
    return further.run(turn.state, turn.today)

"""急难: the right numbers in the first message, the officer on duty at once, questions only after.

Nothing here is needed before help is called: no name, no consent, no papers. At most four questions
follow, each of which may stay unanswered. Source: 社会救助暂行办法第五十条.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions import danger_kinds, reading
from actions.absorb import Absorbed, evidence
from actions.flows import filing, speech
from actions.turn import Turn
from cases import service
from conversations import vault

TOPIC = "emergency"
#: Danger to life or from people: gentle words, one optional question, no form.
GENTLE = frozenset({"suicide", "violence", "threat", "child_abuse", "abandoned"})
_LIVING = ("region", "household_size", "name", "phone")
_DANGER = ("region",)
_MOST_QUESTIONS = 4
_LANDMARK = "landmark"
#: So long after the last word of danger a talk is about danger.
_LASTS = timedelta(days=1)
_OTHER_WISHES = frozenset(("self_declare", "start_screening"))

_SHOCK = {"no_food": "no_food", "fire": "fire", "disaster": "disaster", "medical": "sudden_illness"}


def kind_of(turn: Turn) -> str:
    """The kind of danger, by the recogniser and then by the words themselves."""
    told = turn.heard.value("age")
    age = told if told is not None else turn.state.value("age")
    return danger_kinds.refined(_named_kind(turn), turn.heard.text, age)


def _named_kind(turn: Turn) -> str:
    """suicide, violence, child_abuse, abandoned, fire, disaster, medical, no_*; else other."""
    stated, text = turn.heard.value("crisis_kind"), turn.heard.text
    if isinstance(stated, str):
        stated = str(reading.lexicon()["danger_aliases"].get(stated, stated))
        if stated == "child_abuse" and reading.patterns("danger")["abandoned"].search(text):
            stated = "abandoned"
        if stated == "fire" and reading.pattern("poisoned").search(text):
            stated = "medical"  # 煤气中毒，人昏过去了
        if stated == "fire" and not reading.patterns("danger")["fire"].search(text):
            stated = "disaster"  # a house about to fall burns nothing
        if stated in {"violence", "other"} and reading.pattern("threat").search(text):
            return "threat"
        if turn.words.has(f"utter_crisis_{stated}"):
            return stated
    for kind, known in reading.patterns("danger").items():
        if known.search(text):
            return kind
    return "other"


def begin(turn: Turn) -> None:
    """Numbers first; the duty officer is alerted in this very transaction."""
    state = turn.state
    kind = kind_of(turn)
    again = TOPIC in state.flow
    if again and kind == "other" and _for_others(state.emergency["kinds"]):
        turn.say("utter_crisis_noted")  # 6号楼402，我不敢去敲门: where it is, no despair
    elif again and _heard_before(state.emergency["kinds"], kind):
        turn.say("utter_crisis_again")
    else:
        turn.say(_first_words(turn, kind), phone=turn.settings.help_phone)
    receipt = _alert(turn, kind)
    if again:
        state.emergency["kinds"] = [*state.emergency.get("kinds", []), kind]
        state.emergency["at"] = turn.now.isoformat()
        if kind in GENTLE:
            state.asking = None
            return
        if state.region is None and state.asking == "region":
            # they can only come when they know where
            turn.say("utter_crisis_ask_region")
            return
        proceed(turn)
        return
    if reading.pattern("crowd_in_need").search(turn.heard.text):
        state.decline("household_size")  # twenty families are no household
    state.open(TOPIC)
    state.emergency = {
        "kinds": [kind], "asked": [], "key": turn.message_id, "alert": receipt.receipt_no,
        "at": turn.now.isoformat(),
    }  # fmt: skip
    if kind == "no_shelter" and reading.pattern("stranded").search(turn.heard.text):
        state.emergency["stranded"] = True  # the relief station is for whoever is on the road
    state.programmes = [*state.programmes, "linshi"]
    turn.say("utter_crisis_gentle_alerted" if kind in GENTLE else "utter_crisis_alerted")
    proceed(turn)


def lapse(turn: Turn) -> None:
    """The lane ends by itself: a day later, or when all is asked and something else is wanted.

    The case goes on with those on duty; new danger opens the lane again.
    """
    state = turn.state
    if TOPIC not in state.flow:
        return
    at = state.emergency.get("at")
    quiet = at is not None and turn.now - datetime.fromisoformat(at) > _LASTS
    wishes = turn.heard.intent in _OTHER_WISHES
    another = wishes and turn.heard.names_programme and "linshi" not in turn.heard.programmes
    if (quiet and wishes) or ((quiet or another) and state.asking is None):
        state.close(TOPIC)
        state.emergency = {}


def _for_others(kinds: list[str]) -> bool:
    """Is it about a child of somebody else's, so that the speaker needs no comfort?"""
    return bool({"child_abuse", "abandoned"} & set(kinds)) and "suicide" not in kinds


def _heard_before(kinds: list[str], kind: str) -> bool:
    """A wish to die said again, or 别报警: no list of numbers once more."""
    return (kind == "suicide" and kind in kinds) or (kind == "other" and bool(GENTLE & set(kinds)))


def _first_words(turn: Turn, kind: str) -> str:
    """昨晚烧光了,人没事: nobody is told to leave a house that has burned down."""
    text = turn.heard.text
    over = reading.pattern("over").search(text) and not reading.pattern("still").search(text)
    if kind == "fire" and over:
        return "utter_crisis_after_fire"
    at_home = reading.pattern("cold_at_home").search(text)
    if kind == "no_shelter" and at_home and not reading.pattern("outside_now").search(text):
        return "utter_crisis_cold"
    if kind == "medical" and reading.pattern("in_hospital").search(text):
        return "utter_crisis_deposit"
    return f"utter_crisis_{kind}"


def _alert(turn: Turn, kind: str) -> service.Receipt:
    return service.open_duty_lead(
        turn.session,
        turn.cipher,
        turn.conversation_id,
        "violence" if kind == "threat" else kind,
        turn.heard.text,
        f"{turn.conversation_id}:{turn.message_id}:duty",
        region_code=turn.state.region,
        channel=turn.channel,
    )


def answer(turn: Turn, got: Absorbed) -> None:
    """Whatever comes back is welcome; nothing is asked twice."""
    asking, asked = turn.state.asking, turn.state.emergency["asked"]
    lost = asking == "region" and reading.says_unknown(turn.heard.text)
    if got.answer == "unknown" and lost and _LANDMARK not in asked:
        asked.append(_LANDMARK)  # help can only come where it knows of: once more, otherwise
        turn.say("utter_crisis_ask_landmark")
        return
    if got.answer == "unknown" and asking:
        turn.state.decline(asking)
    if got.answer is None:
        _bedding(turn)
    proceed(turn)


def resume(turn: Turn) -> None:
    """After an interruption: on, without pressing."""
    proceed(turn)


def proceed(turn: Turn) -> None:
    """File as soon as there is a place; then the next optional question, if any is left."""
    state = turn.state
    wanted = _DANGER if GENTLE & set(state.emergency["kinds"]) else _LIVING
    if state.region is not None and wanted is _LIVING:
        _file(turn)
    asked = state.emergency["asked"]
    open_keys = [key for key in wanted if not state.knows(key) and key not in asked]
    if open_keys and len(asked) < _MOST_QUESTIONS:
        key = open_keys[0]
        asked.append(key)
        state.ask(key)
        turn.say(f"utter_crisis_ask_{key}")
        return
    if state.region_choices and state.region is None and "which" not in asked:
        asked.append("which")
        speech.ask_place(turn)
        return
    state.asking = None
    if wanted is _LIVING:
        _file(turn)
    if not turn.has_said("utter_crisis_filed", "utter_crisis_stay"):
        turn.say("utter_crisis_stay")


def _file(turn: Turn) -> None:
    """The declaration behind the alert: 先行救助 at the township, papers later."""
    state = turn.state
    if "receipt" in state.emergency:
        return
    shock = next((_SHOCK[kind] for kind in state.emergency["kinds"] if kind in _SHOCK), None)
    if shock and "shock" not in state.facts:
        state.facts["shock"] = evidence(turn, "shock", shock)
    own_draft = state.draft
    state.draft = {"key": state.emergency["key"], "kind": "emergency", "programmes": ["linshi"]}
    programmes = ["linshi", "liulang"] if state.emergency.get("stranded") else ["linshi"]
    receipt = filing.file(turn, sensitive=True, urgency="emergency", programmes=programmes)
    state.emergency |= {"receipt": receipt.receipt_no, "place": state.region}
    state.draft = own_draft
    state.filed.append(
        {"receipt": receipt.receipt_no, "name": state.value("name"), "relation": None}
    )
    turn.say(
        "utter_crisis_filed",
        receipt=receipt.receipt_no,
        holder=speech.holder(turn, receipt),
        phone=turn.settings.help_phone,
    )


def pass_on(turn: Turn, got: Absorbed) -> None:
    """What is said after the filing goes to the case at once; before it, into the story."""
    state = turn.state
    if TOPIC not in state.flow or (turn.heard.chosen and not got.noted):
        return
    if state.own or filing.is_report(state):
        return  # of a neighbour: it belongs to the report, and moves nobody's rescue
    if reading.pattern("sheltered").search(turn.heard.text):
        state.emergency["sheltered"] = True
    receipt = state.emergency.get("receipt")
    if receipt is None and GENTLE & set(state.emergency.get("kinds", [])):
        receipt = state.emergency.get("alert")  # no declaration follows: the alert is the case
    if receipt:
        try:
            view = add_facts(turn, receipt, got)
        except service.CaseError:  # withdrawn or closed meanwhile: the talk goes on without it
            state.close(TOPIC)
            state.emergency = {}
            return
        if "region" not in got.keys:
            return
        if state.emergency.get("place") not in {None, state.region}:
            turn.say(
                "utter_crisis_moved",
                holder=speech.holder(turn, view), phone=turn.settings.help_phone,
            )  # fmt: skip
        state.emergency["place"] = state.region
    elif not turn.heard.chosen:
        state.story.append({"text": turn.heard.text, "message_id": turn.message_id})


def add_facts(turn: Turn, receipt: str, got: Absorbed) -> service.CaseView:
    """New facts of this turn, added to a filed case with the sentence they came from."""
    stated: dict[str, Any] = {}
    for key in got.keys:
        value = filing.revealed(turn, key)
        if value is not None:
            stated[key] = value
    return service.add_supplement(
        turn.session,
        turn.cipher,
        turn.conversation_id,
        receipt,
        _said(turn, stated),
        stated=stated,
        sources={
            key: {"message_id": turn.message_id, "sentence": turn.state.facts[key].sentence}
            for key in stated
        },
        # the speaker's own place is not where the neighbour of an older report lives
        region_code=turn.state.region if "region" in got.keys else None,
    )


def _said(turn: Turn, stated: dict[str, Any]) -> str:
    """The message without numbers; for a button what it reads."""
    if turn.heard.chosen:
        return turn.words.facts(stated) or turn.words.part("phone_only")
    return vault.TOKEN.sub("", turn.heard.text).strip() or turn.words.part("phone_only")


def _bedding(turn: Turn) -> bool:
    """住在村委会, 被子都没了: who gives it out, and when it is danger. True when it was said."""
    sheltered = turn.state.emergency.get("sheltered")
    if not sheltered or not reading.pattern("lacks_bedding").search(turn.heard.text):
        return False
    turn.say("utter_crisis_bedding")
    return True


def later(turn: Turn, got: Absorbed) -> None:
    """Anything said in the emergency lane beside the question: passed on, and gently on."""
    text = turn.heard.text
    says_nothing = reading.says_no(text) or reading.says_unknown(text) or reading.says_yes(text)
    # 不用, 不知道: nobody is told that this was passed on
    if not _bedding(turn) and (got.noted or not says_nothing):
        turn.say("utter_crisis_noted")
    if turn.state.asking is not None:
        proceed(turn)
    elif not got.noted:
        turn.say("utter_crisis_stay")

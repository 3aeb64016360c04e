"""自主申报: consent, only what is missing, a review card, one confirmation, a receipt.

Also carries reports for somebody else (`draft["kind"] == "report"`): other questions, same end.
ID numbers and bank cards are never asked.
"""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed
from actions.flows import (
    also,
    deposit,
    edits,
    filing,
    fits,
    handoff,
    hidden_need,
    reported,
    screening,
    several,
    speech,
    verdicts,
)
from actions.state import State
from actions.turn import Turn

TOPIC = "draft"

#: Facts worth asking once for a programme that lives on them.
WORTH_ASKING = {"canji_butie": ("disability_level", "disability_type")}
#: Asked for in a word or two.
_SHORT_ONES = frozenset({"name", "phone", "difficulty", "disability_level", "disability_type"})
#: 不知道门牌，问村里人都晓得 tells more than that it is not known.
_VAGUE = 8


def may_file(turn: Turn) -> bool:
    """Identity data is not taken on a messenger hosted abroad unless the operator allows it."""
    return turn.channel != "telegram" or turn.settings.telegram_allow_filing


def begin(turn: Turn, kind: str = "declare", *, situation: str | None = None) -> None:
    """Open a draft, or go on with the open one."""
    state = turn.state
    if not may_file(turn):
        handoff.to_web(turn)
        return
    if state.draft and (kind == "declare" or state.draft["kind"] == kind):
        state.open(TOPIC)
        _add_programmes(turn)
        proceed(turn)
        return
    if kind == "declare" and state.filed and turn.heard.value("for_relation"):
        state.forget_person(turn.message_id)  # asked anew: their own name and condition
    state.close("screening")
    state.open(TOPIC)
    state.draft = {"key": turn.message_id, "kind": kind, "programmes": [], "asked": []}
    if situation is not None:
        state.draft["situation"] = situation
    state.misses = 0
    _add_programmes(turn)
    if kind == "declare" and not state.draft["programmes"]:
        told = [*state.story, {"text": "" if turn.heard.chosen else turn.heard.text}]
        state.draft["programmes"] = (
            list(state.programmes)
            or verdicts.hopeful(turn)
            or hidden_need.fitting([part["text"] for part in told])
        )
    if kind == "declare" and several.all_of_them(turn):
        offered = [
            code for code in also.worth_naming(turn) if code not in state.draft["programmes"]
        ]
        state.draft["programmes"] += offered  # 都申请嘛: what was named beside them too
    if kind == "report":
        filing.show_report_notice(turn)
        proceed(turn)
        return
    if state.cannot_pay:
        deposit.explain(turn)
    state.ask("consent")
    filing.show_consents(turn)


def answer(turn: Turn, got: Absorbed) -> None:
    """Take the reply to the open question and go on."""
    state = turn.state
    asking = state.asking or ""
    choice = turn.heard.value("choice")
    if _takes_consent_back(turn) or _without_phone(turn, asking):
        return
    if _gives_it_up(turn, got, asking):
        _lay_down(turn)
        return
    if asking == "consent":
        _consent(turn, got, choice)
    elif asking == "review":
        _review(turn, got, choice)
    elif asking == "difficulty":
        _difficulty(turn, got, choice)
    elif asking in {"situation", "whereabouts"}:
        _story(turn, got, asking)
    else:
        _plain(turn, got, asking)


def _without_phone(turn: Turn, asking: str) -> bool:
    """电话没得, before it was asked for: asked no more. True when that is all there was."""
    state = turn.state
    if asking in {"phone", "review", "consent"} or turn.heard.chosen or state.knows("phone"):
        return False
    if not reading.pattern("no_phone").fullmatch(reading.bare(turn.heard.text)):
        return False
    state.decline("phone")
    turn.say("utter_phone_declined")
    proceed(turn)
    return True


def _takes_consent_back(turn: Turn) -> bool:
    """不同意，凭啥查我, after the consent: nothing is registered. True when it was."""
    state = turn.state
    if turn.heard.chosen or not state.consent or filing.is_report(state):
        return False
    if not reading.pattern("revokes").search(reading.squeezed(turn.heard.text)):
        return False
    state.close(TOPIC)
    state.draft, state.consent, state.offer_declined = {}, {}, True
    turn.say("utter_consent_refused")
    return True


def resume(turn: Turn) -> None:
    """Ask the open question of the draft again."""
    if turn.state.asking == "offer_person":
        turn.state.asking = None
    if turn.state.asking == "consent":
        turn.say("utter_consent_again")
    else:
        proceed(turn)


def proceed(turn: Turn) -> None:
    """Ask the next missing thing, or show the review card."""
    state = turn.state
    if not filing.is_report(state):
        deposit.here(turn)
        fits.complete(turn)
    key = _missing(state)
    if key is None:
        state.ask("review")
        filing.show_review(turn)
        return
    if key == "region":
        speech.ask_place(
            turn, "utter_ask_region_report" if filing.is_report(state) else "utter_ask_region"
        )
        return
    state.ask(key)
    suffix = (
        "_report" if filing.is_report(state) and turn.words.has(f"utter_ask_{key}_report") else ""
    )
    turn.say(f"utter_ask_{key}{suffix}")


def _missing(state: State) -> str | None:
    draft = state.draft
    if filing.is_report(state):
        for key in ("for_relation", "situation", "region", "whereabouts", "phone"):
            done = key in draft if key in {"situation", "whereabouts"} else state.knows(key)
            if not done:
                return key
        return None
    if not draft["programmes"] and "needs" not in draft and not _tells_difficulty(state):
        return "difficulty"
    for code in draft["programmes"]:
        for key in WORTH_ASKING.get(code, ()):
            unasked = key == "disability_type" and state.value("disability_level") == "无"
            if not state.knows(key) and draft.get("sensitive") is not False and not unasked:
                return key
    for key in ("name", "phone", "region"):
        if not state.knows(key):
            return key
    return None


def _tells_difficulty(state: State) -> bool:
    """What is hard was told already; only who wants it changed is asked."""
    return bool(filing.told_needs(state)) and not state.draft.get("difficulty_open")


def _consent(turn: Turn, got: Absorbed, choice: str | None) -> None:
    state = turn.state
    if choice == "both" or (got.answer == "yes" and choice is None):
        filing.agree(turn, sensitive=True)
    elif choice == "general":
        filing.agree(turn, sensitive=False)
    elif choice == "refuse" or got.answer in {"no", "unknown"}:
        state.close(TOPIC)
        state.draft = {}
        state.offer_declined = True
        turn.say("utter_consent_refused")
        return
    elif not got.noted and not got.refused and not state.region_choices:
        if turn.heard.names_programme:  # 低保: what it is for, and no answer
            _add_programmes(turn)
            turn.say("utter_report_noted")
        else:
            speech.miss(turn)
        if state.asking == "offer_person":
            return
        turn.say("utter_consent_again")
        return
    # Facts instead of an answer: go on, the review card asks for the consents once more.
    proceed(turn)


def _plain(turn: Turn, got: Absorbed, asking: str) -> None:
    state = turn.state
    draft = state.draft
    if got.answer == "unknown":
        state.decline(asking)
        if asking == "phone":
            turn.say("utter_phone_declined")
    elif got.answer in {"yes", "no"}:
        if asking == "phone" and got.answer == "no":
            state.decline(asking)
            turn.say("utter_phone_declined")
        elif asking in {"name", "region"} and got.answer == "no":
            state.decline(asking)
        else:
            speech.miss(turn)
            if state.asking == "offer_person":
                return
    elif got.answer is None and not got.noted and not got.refused:
        if asking == "region" and turn.state.region_choices:
            pass
        elif asking == "region" and speech.tells_no_place(turn):
            turn.say("utter_report_noted")
        elif asking == "region" and "place_text" not in draft and len(turn.heard.text) <= 40:
            draft["place_text"] = turn.heard.text
            turn.say("utter_place_not_found")
        elif asking == "region" and "place_text" in draft:
            draft["place_text"] = turn.heard.text
            state.decline("region")
        elif filing.is_report(state) and asking == "phone" and len(turn.heard.text) > 4:
            # 门牌是3栋502, said a question later: it helps to find the person.
            draft["whereabouts"] = "；".join(filter(None, [draft["whereabouts"], turn.heard.text]))
            turn.say("utter_report_noted")
        elif asking in {"phone", "name"} and speech.tells_on(turn):
            turn.say("utter_report_noted")
        else:
            speech.miss(turn)
            if state.asking == "offer_person":
                return
    if got.noted:
        state.misses = 0
        reported.keep_their_name(turn, got)
    proceed(turn)


def _difficulty(turn: Turn, got: Absorbed, choice: str | None) -> None:
    state = turn.state
    _add_programmes(turn)
    if choice and choice.startswith("need:"):
        state.draft["needs"] = [choice.removeprefix("need:")]
    elif not state.draft["programmes"]:
        if got.noted and not state.draft.get("difficulty_evaded"):
            state.draft["difficulty_evaded"] = True  # 我叫某某: taken in, and asked once more
        elif got.answer == "unknown" or got.noted or len(reading.bare(turn.heard.text)) > 6:
            state.draft["needs"] = ["other"]
        else:
            speech.miss(turn)
            if state.asking == "offer_person":
                return
    proceed(turn)


def _story(turn: Turn, got: Absorbed, asking: str) -> None:
    """Free words about another person: kept whole, they are the report. Facts tell no place."""
    draft, placeless = turn.state.draft, reported.tells_no_place(turn, got)
    vague = turn.heard.chosen or len(reading.bare(turn.heard.text)) <= _VAGUE
    if got.answer in {"unknown", "no"} and vague:
        draft[asking] = ""
    elif got.answer != "yes" and (asking != "whereabouts" or not placeless):
        draft[asking] = turn.heard.text
    elif asking in draft["asked"]:
        draft[asking] = ""
    else:
        draft["asked"] = [*draft["asked"], asking]
        if not got.noted:
            speech.miss(turn)
        if turn.state.asking == "offer_person":
            return
    proceed(turn)


def _review(turn: Turn, got: Absorbed, choice: str | None) -> None:
    state = turn.state
    if not turn.heard.chosen and reading.pattern("not_yet").search(turn.heard.text):
        choice = "later"  # 算了先不报了，怕他怪我
    elif choice is None and _names_another(turn):
        proceed(turn)
        return
    elif not turn.heard.chosen and not got.noted and (key := reading.edited(turn.heard.text)):
        choice = f"edit:{key}"
    if choice == "submit" or (got.answer == "yes" and not got.noted):
        filing.submit(turn, sensitive=state.draft.get("sensitive", True))
        _back_to_own(turn)
    elif choice == "submit_general":
        filing.submit(turn, sensitive=False)
        _back_to_own(turn)
    elif choice == "later":
        _lay_down(turn)
    elif choice and choice.startswith("edit:"):
        if edits.apply(turn, choice.removeprefix("edit:")):
            proceed(turn)
    elif got.noted:
        proceed(turn)
    elif got.answer == "unknown":
        _undecided(turn)
    elif got.answer == "no" and reading.pattern("nothing_more").search(turn.heard.text):
        turn.say("utter_review_as_it_is")
    elif got.answer == "no":
        turn.say("utter_review_what", buttons=edits.buttons(turn))
    else:
        speech.miss(turn)
        if state.asking != "offer_person":
            proceed(turn)


def _gives_it_up(turn: Turn, got: Absorbed, asking: str) -> bool:
    """不报了，算了 is no 没有 to the telephone."""
    if asking not in _SHORT_ONES or turn.heard.chosen or got.noted:
        return False
    return bool(reading.pattern("not_yet").search(turn.heard.text))


def _lay_down(turn: Turn) -> None:
    """A report not sent is gone, an own declaration waits."""
    state = turn.state
    state.close(TOPIC)
    if not filing.is_report(state):
        turn.say("utter_draft_kept")
        return
    state.draft = {}
    filing.restore_own(state)
    turn.say("utter_report_dropped")
    _back_to_own(turn)


def _names_another(turn: Turn) -> bool:
    """我要办的是临时救助，不是低保: that is what goes on the card. True when it was said."""
    wants = turn.heard.names_programme and reading.pattern("wants_instead").search(turn.heard.text)
    if not wants or filing.is_report(turn.state):
        return False
    turn.state.draft["programmes"] = turn.heard.programmes[:1]
    turn.state.programmes = turn.heard.programmes[:1]
    return True


def _undecided(turn: Turn) -> None:
    """不知道 to the card: sent as it is or left; said again and again, a person."""
    turn.state.misses += 1
    if turn.state.misses >= speech.PATIENCE:
        turn.state.misses = 0
        speech.offer_person(turn)
        return
    turn.say("utter_review_unsure")


def _back_to_own(turn: Turn) -> None:
    """A report in the middle of an own declaration: the declaration goes on."""
    if TOPIC in turn.state.flow:
        turn.say("utter_back_to_own")
        proceed(turn)
    elif screening.TOPIC in turn.state.flow:
        turn.say("utter_back_to_own")
        reported.same_place(turn)
        screening.begin(turn)


def _add_programmes(turn: Turn) -> None:
    """Programmes named while asking for help belong to the draft."""
    if turn.heard.intent not in {"self_declare", "start_screening", "inform_facts"}:
        return
    draft = turn.state.draft
    if draft["programmes"] and not turn.heard.names_programme and not several.both(turn):
        return
    wanted = several.both(turn) or turn.heard.programmes
    draft["programmes"] += [code for code in wanted if code not in draft["programmes"]]
    if "shouzai" in draft["programmes"] and turn.state.value("disaster") == "火灾":
        # A house on fire is no natural disaster: 临时救助 is what helps at once.
        draft["programmes"] = list(dict.fromkeys(["linshi", *draft["programmes"]]))

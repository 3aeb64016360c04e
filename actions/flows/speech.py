"""Small talk between the steps: echoing what was taken in, refusing what cannot be, asking on."""

from __future__ import annotations

import re

from actions import amounts, hearing, reading
from actions.absorb import Absorbed, Noted
from actions.asked import QUESTIONS
from actions.turn import Button, Turn
from cases import areas, service
from rules import regions

#: After so many misunderstandings a person is offered.
PATIENCE = 3
#: Yuan from which a bare figure is money, no count and no digit of a button.
_MONEY = 100
#: From so many characters on, what answers nothing may be a tale.
_TALE = 12
_LOST = 6
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_A_SENTENCE, _MOST_SENTENCES = 4, 8
#: More places of one name than these are not listed; the county is asked for.
_BUTTONS = 6
#: A place that no list knows is told in so few characters, or in such words.
_PLACE = 10
_OF_A_PLACE = re.compile(
    r"[村镇乡县区市旗组队社街路巷号寨屯湾坝栋楼厝]|小区|旁边|对面|附近|后头|前头"
)
_TOWNSHIPS = ("镇", "乡", "街道", "苏木")
#: Never read back aloud; the review card shows them masked.
_SILENT = frozenset(
    (
        "phone",
        "id_number",
        "name",
        "for_relation",
        "case_no",
        "members",
        "marital",
        "death_in_family",
    )
)


def acknowledge(turn: Turn, got: Absorbed) -> None:
    """Echo corrections and contradictions always, other facts when they came as free words."""
    changed = [noted for noted in got.noted if _is_changed(noted)]
    for noted in changed:
        new = turn.words.fact(noted.key, noted.value)
        old = turn.words.fact(noted.key, noted.before)
        if not new or new == old:
            continue
        if noted.added:
            turn.say("utter_fact_added", new=new)
        elif noted.corrected:
            turn.say("utter_fact_corrected", new=new)
        else:
            turn.say("utter_fact_changed", old=old, new=new)
    if turn.heard.chosen or turn.heard.intent.startswith("ask_"):
        return
    fresh = [n for n in got.noted if not _is_changed(n) and _worth_echo(turn, n)]
    if reading.pattern("works_away").search(turn.heard.text):
        home = next((noted for noted in fresh if noted.key == "region"), None)
        if home is not None:  # 老家酉阳的 在厦门打工: does not live there
            turn.say("utter_home_noted", region=home.value)
            fresh.remove(home)
    spoken = turn.words.join([turn.words.fact(noted.key, noted.value) for noted in fresh])
    if spoken:
        turn.say("utter_facts_noted", facts=spoken)
    _name_cover_for_children(turn, got)


def _name_cover_for_children(turn: Turn, got: Absorbed) -> None:
    """爸爸走了，妈妈改嫁, in a talk about something else: what there is for children, once."""
    state = turn.state
    told = {"parents_status", "orphan", "father_state", "mother_state"} & set(got.keys)
    gone = any(state.value(key) for key in ("parents_status", "orphan"))
    if not told or not gone or "gu_er_ertong" in [*state.programmes, *state.explained]:
        return
    if {"draft", "emergency", "request"} & set(state.flow) or turn.heard.intent.startswith("ask_"):
        return
    if not state.flow and not state.programmes:
        return  # it is what was come for, and is looked at now
    state.explained = [*state.explained, "gu_er_ertong"]
    turn.say("utter_cover_for_children")


def _is_changed(noted: Noted) -> bool:
    """Something told before is now different; 万州区 after 重庆市 only says it more exactly."""
    if noted.before is None or (noted.key in _SILENT and noted.key != "marital"):
        return False
    return noted.key != "region" or not str(noted.value).startswith(str(noted.before))


def _worth_echo(turn: Turn, noted: Noted) -> bool:
    if noted.key in _SILENT:
        return False
    answered = noted.key == turn.state.asking
    question = QUESTIONS.get(noted.key)
    return not (answered and question is not None and question.kind in {"yesno", "choice", "text"})


def refuse(turn: Turn, got: Absorbed) -> None:
    """Say what is wrong with each value that cannot be; the state stays as it was."""
    for refused in got.refused:
        if turn.words.has(refused.reason):
            turn.say(refused.reason, **refused.values)
        else:
            turn.say("utter_fact_impossible", reason=refused.reason.rstrip("。"))


def place_buttons(codes: list[str]) -> list[Button]:
    """One button per place of the same name."""
    return [
        Button(region.full_name, f'/inform_facts{{"region":"{region.full_name}"}}')
        for region in map(regions.region, codes)
    ]


def ask_place(turn: Turn, response: str = "utter_ask_region", *, county: bool = False) -> None:
    """Ask for the place; when a name is used twice, which one it is."""
    turn.state.ask("region")
    if county and not turn.state.region_choices:
        turn.say("utter_ask_region_county")
        return
    if len(turn.state.region_choices) > _BUTTONS:
        turn.say("utter_ask_region_which_county")
    elif turn.state.region_choices:
        turn.say("utter_ask_region_which", buttons=place_buttons(turn.state.region_choices))
    else:
        turn.say(response)


def offer_person(turn: Turn, response: str = "utter_offer_person") -> None:
    """A person instead of more questions."""
    turn.state.ask("offer_person")
    turn.say(response)


def miss(turn: Turn) -> None:
    """Not understood: first the question again with its example, then choices, then a person."""
    state = turn.state
    if turn.has_said("utter_facts_noted", "utter_fact_changed", "utter_fact_corrected"):
        return  # understood and read back, if it answers nothing
    if again := _told_again(turn):
        turn.say("utter_facts_noted", facts=again)
        return
    if state.asking is None and _somebody_comes(turn):
        turn.say("utter_person_will_read")
        return
    state.misses += 1
    money = _bare_money(turn)
    if state.misses >= PATIENCE:
        state.misses = 0
        offer_person(turn, "utter_not_understood_person")
    elif money:
        turn.say("utter_amount_of_what", amount=money)
    elif state.misses == 1 and _tells(turn):
        keep_story(turn)
        turn.say("utter_report_noted")  # 娃儿在外头打工 一年到头不回来 也不拿钱
    elif state.misses == 2 and state.asking is not None:
        turn.say("utter_not_understood_twice")
    elif state.misses == 2:
        turn.say("utter_not_understood_choices")
    else:
        turn.say("utter_not_understood")


def _tells(turn: Turn) -> bool:
    """Is something told that answers nothing? It goes to the caseworker as it was said."""
    heard = turn.heard
    long = len(reading.squeezed(heard.text)) >= _TALE and not heard.chosen
    told = long and heard.intent == "inform_facts" and turn.state.asking is not None
    return told and not hearing.asks_something(heard.text)


def keep_story(turn: Turn) -> None:
    """Once, and of all that was told the last few."""
    told = {"text": turn.heard.text, "message_id": turn.message_id}
    if told not in turn.state.story:
        turn.state.story = [*turn.state.story, told][-5:]


def at_a_loss(turn: Turn) -> bool:
    """不知道, with nothing asked: where to begin, the first time. True when it was said."""
    state, text = turn.state, turn.heard.text
    lost = state.asking is None and not state.flow and state.misses == 0
    if not lost or not reading.says_unknown(text) or len(reading.bare(text)) > _LOST:
        return False
    state.misses = 1
    turn.say("utter_at_a_loss")
    return True


def _told_again(turn: Turn) -> str:
    """没得车, told before and understood now as then: not to be called unclear."""
    told = {str(one.get("entity")): one.get("value") for one in turn.heard.entities}
    same = [key for key in told if key in turn.state.facts]
    same = [key for key in same if turn.state.value(key) == told[key] and key not in _SILENT]
    return turn.words.join([turn.words.fact(key, told[key]) for key in same])


def tells_on(turn: Turn) -> bool:
    """住自己屋, told while a telephone is asked for, is kept for staff: True when it was."""
    heard, state = turn.heard, turn.state
    told = heard.intent not in {"affirm", "deny"} and not heard.chosen
    if not told or len(_CHINESE.findall(heard.text)) < _A_SENTENCE:
        return False
    if any(one["text"] == heard.text for one in state.story):
        return True
    if len(state.story) >= _MOST_SENTENCES:
        return False
    state.story = [*state.story, {"text": heard.text, "message_id": turn.message_id}]
    return True


def tells_no_place(turn: Turn) -> bool:
    """伊每个月只有百来块养老金, where the place was asked for: kept, and no place looked for."""
    heard = turn.heard
    told = heard.intent == "inform_facts" and not _OF_A_PLACE.search(heard.text)
    return told and len(_CHINESE.findall(heard.text)) > _PLACE and tells_on(turn)


def _somebody_comes(turn: Turn) -> bool:
    """Does this resident wait for a person, who will read the whole thread?"""
    waiting = service.place_in_line(turn.session, turn.conversation_id)
    return turn.state.person_asked and waiting is not None


def _bare_money(turn: Turn) -> int | None:
    """两千 in reply to a question that wants no money: yuan, None for any other reply."""
    asked = QUESTIONS.get(turn.state.asking or "")
    if turn.heard.chosen or (asked is not None and asked.is_amount):
        return None
    read = amounts.amount(turn.heard.text)
    if read is None or not read.whole or not isinstance(read.value, int):
        return None
    return read.value if read.measure in {"money", "plain"} and read.value >= _MONEY else None


def holder(turn: Turn, case: service.Receipt | service.CaseView | service.Place) -> str:
    """Which office has it; while the place is open just the office that takes such cases."""
    if case.holder_area_name == areas.name(areas.NATION):
        return turn.words.part("holder_pending", department=case.holder_department_name)
    if case.holder_area_name.endswith(_TOWNSHIPS):
        # 拔山镇民政办, not 拔山镇乡镇（街道）民政办
        return case.holder_area_name + case.holder_department_name.removeprefix("乡镇（街道）")
    # 金阳县民政局, not 金阳县县民政局
    bureau = case.holder_department_name.removeprefix("县")
    return f"{case.holder_area_name}{bureau}"


def ways_out(turn: Turn) -> list[Button]:
    """0 不清楚 and 00 找工作人员, for lists that are put together in code."""
    unknown = turn.words.part("unknown_button")
    person = turn.words.part("person_button")
    return [
        Button(f"0 {unknown}", '/inform_facts{"unknown":true}'),
        Button(f"00 {person}", "/human_handoff"),
    ]

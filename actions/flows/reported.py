"""Whom a report is about: their name and where they are found stay apart from the speaker's own."""

from __future__ import annotations

import re

from actions import places, reading
from actions.absorb import TOKEN, Absorbed
from actions.state import Fact
from actions.turn import Turn

#: Who lives where the reporter lives.
_NEAR = frozenset({"邻居", "同村人"})
_OWN_NAME = re.compile(r"我(?:的)?(?:名字)?(?:叫|姓|是)|本人")
_PUPIL = re.compile(r"老师[^。]{0,16}学生|班上.{0,6}学生|学生")


def keep_their_name(turn: Turn, got: Absorbed) -> None:
    """老人叫袁吉祥，七组: how to find them; the speaker's own name may come later."""
    draft = turn.state.draft
    if draft.get("kind") != "report" or "name" not in got.keys or "whereabouts" not in draft:
        return
    said = TOKEN.sub("", turn.heard.text).strip()
    if said and not _OWN_NAME.search(said):
        draft["whereabouts"] = "；".join(filter(None, [draft["whereabouts"], said]))


def leave_own(turn: Turn, got: Absorbed) -> None:
    """Told of the neighbour already reported, it changes nothing the speaker told of themselves."""
    state = turn.state
    phone = state.facts.get("phone")  # the reporter's own
    state.facts, state.region = dict(got.facts_before), got.region_before
    if phone is not None:
        state.facts["phone"] = phone


def tells_no_place(turn: Turn, got: Absorbed) -> bool:
    """欠了五万块的债, where it was asked how to find them: facts, and no way to the house."""
    told = set(got.keys) - {"region", "name", "phone", "for_relation"}
    return bool(told) and not reading.pattern("says_where").search(turn.heard.text)


def by_office(turn: Turn) -> bool:
    """我是村支书，我们村有个娃: a villager's child, no neighbour's, unless 隔壁 is said."""
    text = turn.heard.text
    official = reading.pattern("grassroots").search(text) or _by_office(text)
    return bool(official) and not re.search(r"邻居|隔壁|对门|楼[上下]", text)


def relation(turn: Turn) -> str | None:
    """Whom somebody speaks about; in an office's report the kin are those of the household."""
    text = turn.heard.text
    if reading.pattern("grassroots").search(text) or _by_office(text):
        if _PUPIL.search(text) and "老师" in text:
            return turn.words.part("relation_pupil")
        if "村" in text:
            return turn.words.part("relation_villager")
        return turn.words.part("relation_resident")
    return reading.kin(text)


def tells_of_self(turn: Turn) -> bool:
    """那我自己呢，我家也恼火: after a report the speaker's own household is spoken of."""
    last = turn.state.filed[-1] if turn.state.filed else {}
    return bool(last.get("report")) and bool(reading.pattern("own_home").search(turn.heard.text))


def same_place(turn: Turn) -> None:
    """Who reported somebody of their own village lives there too, unless they tell otherwise."""
    state = turn.state
    last = state.filed[-1] if state.filed else {}
    if state.region or not last.get("region") or last.get("relation") not in _NEAR:
        return
    place = places.named(str(last["region"]))
    state.region = place.code
    state.facts["region"] = Fact(place.name, TOKEN.sub("", turn.heard.text), turn.message_id)
    turn.say("utter_same_place", region=place.name)


def _by_office(text: str) -> bool:
    found = re.search(r"我是([^，,。]{1,10})", text)
    return bool(found and reading.pattern("by_office").search(found[1]))


def nobody_cares(story: str) -> bool:
    """无人照顾: whoever says so asks for somebody to look after them."""
    return bool(reading.pattern("uncared").search(story))

"""The place that is told: where help is needed, not where somebody comes from."""

from __future__ import annotations

from typing import Any

from actions import places, reading
from actions.absorbed import Absorbed
from actions.turn import Turn

_BARE = 6
#: Intents under which a few words may be the name of a place.
LOOSE = frozenset({"inform_facts", "nlu_fallback", "out_of_scope_chitchat", "affirm"})


def take(turn: Turn, stated: dict[str, Any], got: Absorbed) -> None:
    heard, state = turn.heard, turn.state
    named = heard.values("region")
    if not named and state.asking == "region" and heard.intent in LOOSE and not heard.chosen:
        named = [heard.text]
    found = places.resolve_heard(named, near=state.near or turn.settings.region or None)
    if found is None:
        return
    if state.region_choices and not found.options:
        found = places.choose(state.region_choices, found) or found
    if state.region and _is_far_from_home(turn) and _tells_home(heard.text, found, state.region):
        return  # 老家四川的: help goes where they are now
    if state.region and not got.corrected and places.coarser(found.code, state.region):
        if not _answers_elsewhere(turn, found, state.region):
            return  # 外地户口，河南的; 泉州这边 from 丰泽区: not the county they are in
        state.county_asked = False
    if found.options:
        state.region_choices = list(found.options)
        got.answer = None
        return
    state.region, state.region_choices = found.code, []
    stated["region"] = found.name


def _tells_home(text: str, found: places.Place, known: str) -> bool:
    """老家四川的; 我是贵州的 only from another province: 我是拔山镇的 says where help is needed."""
    far = found.code is not None and found.code[:2] != known[:2]
    return bool(
        reading.pattern("home").search(text) or (far and reading.pattern("hails_from").search(text))
    )


def _answers_elsewhere(turn: Turn, found: places.Place, known: str) -> bool:
    """重庆, in reply to 先按宁德算，是哪个区县: another place altogether, and nothing beside it."""
    text = turn.heard.text
    bare = turn.state.asking == "region" and len(reading.bare(text)) <= _BARE
    return (
        bare and (found.code or known)[:2] != known[:2] and not reading.pattern("home").search(text)
    )


def _is_far_from_home(turn: Turn) -> bool:
    """In an emergency, or without a roof: whence somebody comes is not where they are."""
    return "emergency" in turn.state.flow or "liulang" in turn.state.programmes

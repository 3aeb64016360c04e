"""天津呢, 那低保呢, 2023年呢: the last question again, for another place, programme or time."""

from __future__ import annotations

from typing import Any

from actions import places, reading
from actions.absorb import Absorbed
from actions.flows import questions
from actions.turn import Turn

#: A follow-up has few words; more tell something of their own.
_SHORT = 12
_NEVER = frozenset({"crisis_emergency", "human_handoff"})
_DETAILS = frozenset({"region", "hukou"})


def elsewhere(turn: Turn, before: dict[str, Any]) -> bool:
    """天津呢 from somebody of 忠县: answered for there, and nobody has moved. True when it was."""
    state = turn.state
    if state.region is None or not _follows(turn, before) or not _asks_on(turn):
        return False
    named = turn.heard.values("region")
    others = {e.get("entity") for e in turn.heard.entities} - {"region", "program"}
    if len(named) != 1 or others or turn.heard.names_programme:
        return False
    found = places.resolve_heard(named, near=state.region)
    if found is None or found.options:
        return False
    home, state.region = state.region, found.code
    questions.tell(turn, before["labels"], before["programme"], before["words"], waits=False)
    state.region = home
    return True


def again(turn: Turn, got: Absorbed, before: dict[str, Any]) -> bool:
    """我在武清, 农村的呢, 那低保呢, 2023年呢 right after an answer. True when it was one."""
    if not _follows(turn, before):
        return False
    programme, words, keys = before["programme"], before["words"], set(got.keys)
    if keys and keys <= _DETAILS:
        if not questions.differs(turn, before):
            return False
    elif keys or not _asks_on(turn):
        return False
    elif turn.heard.programmes:
        programme = turn.heard.programmes[0]
        turn.state.programmes = [c for c in turn.state.programmes if c != programme] + [programme]
    elif reading.pattern("a_time").search(turn.heard.text):
        words = turn.heard.text + (words or "")
    else:
        return False
    questions.tell(turn, before["labels"], programme, words)
    return True


def _follows(turn: Turn, before: dict[str, Any]) -> bool:
    heard, state = turn.heard, turn.state
    if not before or heard.chosen or heard.intent in _NEVER or set(state.flow) - {questions.TOPIC}:
        return False
    return len(reading.bare(heard.text)) <= _SHORT and not heard.intent.startswith("ask_")


def _asks_on(turn: Turn) -> bool:
    return turn.heard.text.rstrip(" ？?。！!").endswith("呢")

"""What the household receives, only as the record says it: amount, from when to when."""

from __future__ import annotations

from collections.abc import Iterable

from actions.turn import Turn
from cases import service
from cases.service import CaseView

_MOST = 4


def tell(turn: Turn, view: CaseView, programmes: Iterable[str] | None = None) -> bool:
    """Say each confirmed amount of the case, or of some programmes; False when there is none."""
    words, wanted = turn.words, None if programmes is None else frozenset(programmes)
    found = [one for one in view.grants if wanted is None or one.programme in wanted]
    for one in found[:_MOST]:
        way = "on" if one.unit == "once" else "from" if one.ends_on is None else "between"
        turn.say(
            "utter_granted",
            what=words.code(one.programme),
            unit=words.part(f"granted_{one.unit}"),
            amount=one.yuan,
            days=words.part(f"granted_{way}", start=one.starts_on, end=one.ends_on),
        )
    return bool(found)


def tell_own(turn: Turn, programme: str) -> None:
    """Before a programme's standard: what the households of this conversation receive of it."""
    for view in service.find_for_resident(turn.session, turn.cipher, turn.conversation_id):
        tell(turn, view, [programme])

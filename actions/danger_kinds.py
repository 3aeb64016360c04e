"""Which danger it is, looked at more closely: whoever reports a poisoned mother wants a doctor.

A wrong kind costs time and hurts: words for the despairing said to a daughter, a child's line said
to a beaten old man. The alarm itself is never taken back here.
"""

from __future__ import annotations

from typing import Any

from actions import reading

_CHILD, _GROWN = 16, 18


def refined(kind: str, text: str, age: Any) -> str:
    """The kind that the words of the message speak of, `kind` when they settle nothing."""
    known = {name: bool(reading.pattern(name).search(text)) for name in _NAMES}
    is_child = isinstance(age, int) and age <= _CHILD
    is_grown = not isinstance(age, int) or age >= _GROWN
    dies = reading.patterns("danger")["suicide"].search(text) or known["own_death"]
    took_it = known["swallowed"] or known["somebody_took"]
    if kind in {"suicide", "other"} and took_it and not known["own_death"]:
        return "medical"
    small = is_child and kind in {"suicide", "child_abuse", "no_food", "other"}
    if small and known["child_alone"] and not known["own_death"]:
        return "abandoned"
    if kind == "suicide" and not dies and known["child_alone"]:
        return "abandoned"
    if kind == "child_abuse" and is_grown and known["beats_me"] and not known["child_beaten"]:
        return "violence"
    if kind in {"violence", "other"} and known["child_beaten"] and not known["beats_me"]:
        return "child_abuse"
    if kind in {"medical", "other"} and known["locked_in"] and not known["bodily"]:
        return "violence"
    if kind == "other" and known["stranded"]:
        return "no_shelter"
    if kind in {"no_shelter", "other"} and known["natural_disaster"]:
        return "disaster"
    return kind


_NAMES = (
    "swallowed", "somebody_took", "own_death", "child_alone", "child_beaten", "beats_me",
    "locked_in", "bodily", "natural_disaster", "stranded",
)  # fmt: skip

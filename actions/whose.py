"""For whom somebody speaks: what sounds like a report about another may be one's own trouble.

The language model hears 叔叔阿姨好 and 我婆婆 and takes both for somebody else's case. Pure but for
the turn it reads.
"""

from __future__ import annotations

from dataclasses import replace

from actions import reading
from actions.turn import Turn, Understanding

#: Below this a complaint or a question is only guessed.
_SURE = 0.8


def own(turn: Turn) -> Understanding | None:
    """The message as the speaker's own matter, or None when it is another's or was heard so."""
    heard, state = turn.heard, turn.state
    if heard.intent != "report_for_other" or state.draft.get("kind") == "report":
        return None
    greeted = reading.pattern("hello_kin").sub("", heard.text)
    if reading.pattern("raises_it").search(greeted) and "gu_er_ertong" in heard.programmes:
        return _as(heard, "start_screening", keep_kin=False)
    if reading.pattern("am_their_parent").search(greeted):
        return _as(heard, "start_screening", keep_kin=False)
    told_of_self = reading.pattern("own_trouble").search(greeted)
    if told_of_self and not reading.pattern("of_somebody").search(greeted):
        return _as(heard, "start_screening", keep_kin=False)
    kin = reading.pattern("own_kin").search(greeted)
    asks = reading.pattern("asks_for_them").search(greeted)
    if kin and asks and not reading.pattern("grassroots").search(greeted):
        return _as(heard, "start_screening", keep_kin=True)
    looked_at = state.topic == "screening" or state.screened
    newcomer = all(reading.pattern(p).search(greeted) for p in ("others_there", "somebody_there"))
    if looked_at and asks and not newcomer and reading.kin(greeted) is None:
        return _as(heard, "self_declare", keep_kin=True)
    return None


def reports(turn: Turn) -> bool:
    """我反映我们组上老光棍何三，饭都要人喂: another's need, taken for a complaint.

    Only where the language model is not sure, and nobody in office is complained of.
    """
    heard = turn.heard
    if heard.intent in {"report_for_other", "crisis_emergency"} or heard.confidence > _SURE:
        return False
    text = heard.text
    named = reading.pattern("reports_need").search(text) and not reading.pattern(
        "complains"
    ).search(text)
    there = reading.pattern("others_there").search(text)
    return bool(named and there and reading.pattern("somebody_there").search(text))


def _as(heard: Understanding, intent: str, *, keep_kin: bool) -> Understanding:
    left_out = () if keep_kin else ("for_relation",)
    kept = [one for one in heard.entities if one.get("entity") not in left_out]
    return replace(heard, intent=intent, entities=kept)

"""Which of several cases is meant: by name, by relation, by receipt; keeping is not taking."""

from __future__ import annotations

import re

from actions import reading
from actions.turn import Turn
from cases.service import CaseView


def title(turn: Turn, view: CaseView) -> str:
    """How a case is called in a list: for whom, what for, the tail of its receipt."""
    words = turn.words
    who = view.applicant_name or relation(turn, view) or words.part("nameless")
    what = words.programmes(view.programmes or view.need_types)
    return words.part("case_title", who=who, what=what, tail=view.receipt_no[-4:])


def relation(turn: Turn, view: CaseView) -> str | None:
    """For whom the case was filed, when it was filed in this conversation."""
    for one in turn.state.filed:
        if one["receipt"] == view.receipt_no:
            return str(one["relation"]) if one.get("relation") else None
    return None


def pick(
    turn: Turn, views: list[CaseView], deed: str, *, named_only: bool = False
) -> CaseView | None:
    """The one case the message means, or None when it must be asked.

    "留我妈的那份" with two cases means the other one; with three or more it settles nothing.
    """
    text = turn.heard.text
    named = [view for view in views if _is_named(turn, view, text)]
    if deed == "withdraw" and reading.pattern("keep").search(text):
        others = [view for view in views if view not in named]
        return others[0] if named and len(others) == 1 else None
    if len(named) == 1:
        return named[0]
    if len(views) == 1 and not named_only:
        return views[0]
    return None


def _is_named(turn: Turn, view: CaseView, text: str) -> bool:
    if view.receipt_no in text or view.receipt_no[-4:] in re.findall(r"\d{4,}", text):
        return True
    if view.applicant_name and view.applicant_name in text:
        return True
    whose = relation(turn, view)
    meant = reading.kin(text)
    if whose and meant:
        return whose == meant
    return bool(meant == "本人" and whose is None and any(
        one["receipt"] == view.receipt_no for one in turn.state.filed
    ))  # fmt: skip

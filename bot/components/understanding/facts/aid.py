"""Grants the household is on, and grants that were ended."""

from __future__ import annotations

import re

from ..held import ANOTHERS
from ..programme import GRANTED
from .scene import Fact, Scene

#: What somebody once was; it tells of no aid that comes now.
_NO_AID = frozenset({"脱贫户"})
_NOT_YET = re.compile(
    r"没|不|想|要|申请|能|报|办|评|咋|怎|吗|条件|标准|人家|别人|他们|听说|如果|以前|停|退"
)


# 就是低保,去年十月份就交了: waited for, not held.
_HANDED_IN = re.compile(
    r"(?:就|早就?|已经|都|月份?|年|天|号|回)(?:交|递|报)(?:了|的|上去|过)|没(?:有|得)?(?:下文|消息|回音|回信|结果)|还没(?:批|下)"
)


def extract(scene: Scene) -> list[Fact]:
    """`receiving` and `stopped`, lists of programme codes."""
    facts = []
    stopped = [h for h in scene.programmes if h.stopped]
    held = [
        h
        for h in scene.programmes
        if h.held and scene.text[h.start : h.end] not in _NO_AID
        if not h.stopped and h.code not in {s.code for s in stopped}
    ]
    for key, hits in (("receiving", held), ("stopped", stopped)):
        codes = list(dict.fromkeys(h.code for h in hits))
        if codes:
            facts.append(Fact(key, codes, hits[0].start, hits[-1].end))
    return facts


def by_label(scene: Scene, label: str, facts: list[Fact]) -> list[Fact]:
    """What the label adds: who reports a grant, without asking for one, is on it."""
    if any(f.key in {"receiving", "stopped"} for f in facts):
        return []
    hits = [
        h
        for h in scene.programmes
        if h.role != "cue" and h.code in GRANTED and not (h.negated or h.stopped)
    ]
    if _HANDED_IN.search(scene.text):
        return []
    if label in {"inform_facts", "withdraw_case"}:
        hits = [h for h in hits if not _NOT_YET.search(scene.clause_at(h.start).text)]
        hits = [h for h in hits if not ANOTHERS.search(scene.clause_at(h.start).text)]
        if len(hits) == 1 and len(scene.text) <= hits[0].end - hits[0].start + 1:
            return []  # 低保 and nothing else: what somebody asks for
    else:
        return []
    codes = list(dict.fromkeys(h.code for h in hits if not scene.about_other(h.start)))
    return [Fact("receiving", codes, hits[0].start, hits[-1].end)] if codes else []

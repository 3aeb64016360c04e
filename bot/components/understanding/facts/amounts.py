"""Which figures of a message are money, and what the words around one say it is for."""

from __future__ import annotations

import re

from ..numbers import Quantity
from ..persons import OBJECT
from .age import is_age
from .scene import Scene
from .topics import MONTHLY_CARE, TOPICS

OWN_WORD = re.compile(r"我|俺|本人|咱")
_LONG_CLAUSE = 14
BARE = re.compile(r"^[大概约莫差不多也就一每个月年左右上下来去块钱元吧嘛呢的样子有还是算,。 ~]*$")
_NOUNS = frozenset({"tuition", "debt", "pension", "deposit", "dibao"})


def nearest_topic(scene: Scene, q: Quantity, amounts: list[Quantity]) -> str | None:
    clause = scene.clause_at(q.start)
    left = max(clause.start, max((o.end for o in amounts if o.end <= q.start), default=0))
    best: tuple[float, int, str] | None = None
    for order, (topic, pattern) in enumerate(TOPICS):
        for match in pattern.finditer(scene.text, clause.start, clause.end):
            if topic == "deposit" and match.start() >= q.end and scene.negated(match.start()):
                continue  # 九百块一个月没车没存款: nothing saved, and 900 to live on
            if match.end() <= q.start:
                gap = float(q.start - match.end()) + (30 if match.start() < left else 0)
            elif match.start() >= q.end:
                # 5800的学费: the noun that the amount belongs to
                between = scene.text[q.end : match.start()]
                gap = 0.0 if between in {"", "的"} and topic in _NOUNS else len(between) * 2.0 + 6
            else:
                gap = 0.0
            key = (gap + (20 if topic == "sum" else 0), order, topic)
            if best is None or key < best:
                best = key
    return best[2] if best else None


def amounts_of(scene: Scene) -> list[Quantity]:
    return [q for q in scene.quantities if _is_amount(scene, q)]


def _is_amount(scene: Scene, q: Quantity) -> bool:
    if q.spoken_digits or q.unit not in {"yuan", ""}:
        return False
    if q.unit == "yuan":
        return True
    if q.size <= 115 and is_age(scene, q):
        return False
    digits = scene.text[q.start : q.end]
    if (re.fullmatch(r"\d{6,}", digits) and q.size > 9_999_999) or q.size < 20:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", digits) and scene.text[q.end : q.end + 1] in "年-/.":
        return False
    return q.size >= 100 or bool(q.per) or q.approximate or q.each


def topic_from_context(scene: Scene, q: Quantity) -> str | None:
    """The previous clause's topic, when it ends in one: 退休金,一个月两千一."""
    clause = scene.clause_at(q.start)
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    if index == 0:
        return None
    before = scene.clauses[index - 1]
    for topic, pattern in TOPICS:
        hits = list(pattern.finditer(scene.text, before.start, before.end))
        if hits and before.end - hits[-1].end() <= 3:
            # 他不给抚养费,我一个月一千八: a new subject starts afresh
            anew = topic == "none" or hits[-1].group() in {"退休", "退休了"}
            return None if anew and OWN_WORD.match(clause.text) else topic
    return None


def care_before(scene: Scene, q: Quantity) -> bool:
    """药贵,一个月一千五: the clause before ends in a treatment."""
    clause = scene.clause_at(q.start)
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    rest = clause.text[: q.start - clause.start] + clause.text[q.end - clause.start :]
    return bool(
        index and BARE.match(rest) and MONTHLY_CARE.search(scene.clauses[index - 1].text[-5:])
    )


def topic_to_come(scene: Scene, q: Quantity, amounts: list[Quantity]) -> str | None:
    """两万三,都是自己垫的医药费: a bare amount first, what it was for in the next clause."""
    clause = scene.clause_at(q.start)
    rest = clause.text[: q.start - clause.start] + clause.text[q.end - clause.start :]
    index = scene.clauses.index(clause) if clause in scene.clauses else 0
    if len(amounts) > 1 or not BARE.match(rest) or index + 1 >= len(scene.clauses):
        return None
    following = scene.clauses[index + 1]
    for topic, pattern in TOPICS:
        if pattern.search(scene.text, following.start, following.end):
            return topic
    return None


def kind_at(scene: Scene, position: int) -> str:
    """Whom the words at `position` are about; dictated text without marks goes by the last named."""
    clause = scene.clause_at(position)
    if len(clause.text) < _LONG_CLAUSE:
        return clause.kind
    own = [m.start() for m in OWN_WORD.finditer(scene.text, clause.start, position)]
    kin = [
        k
        for k in scene.kin
        if clause.start <= k.start < position and not OBJECT.search(scene.text[: k.start])
    ]
    if own and (not kin or own[-1] > kin[-1].end):
        return "self"
    return clause.kind

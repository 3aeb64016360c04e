"""Which sentences say much the same: groups around a centre, by the characters they share.

Characters and pairs of characters, weighted by how rare they are here, compared by cosine. The
sentence with most near ones is a centre, takes those nobody has taken, and so on: no chance is
involved, the same sentences give the same groups.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

#: Cosine from which two sentences are near.
NEAR = 0.3
#: Parts that stand in more sentences than this do not bring two together by themselves; others
#: must explain this much of the cosine first.
COMMON, HINT = 150, 0.1
_SAID = re.compile(r"[一-鿿a-z]+")
_EMPTY = re.compile(r"某|请问|麻烦|谢谢|您好|你好|我想|一下|[的了吗呢啊呀吧嘛哦嗯呃哈那这]")

Vector = Mapping[str, float]


def groups(texts: Sequence[str], kinds: Sequence[Hashable] = ()) -> list[list[int]]:
    """Positions of sentences that belong together, the centre first, the largest group first.

    With `kinds` only sentences of one kind are put together.
    """
    vectors = _vectors(texts)
    near = _near(vectors, kinds or [None] * len(texts))
    order = sorted(near, key=lambda at: (-len(near[at]), len(texts[at]), texts[at], at))
    taken: set[int] = set()
    found = []
    for centre in order:
        if centre in taken:
            continue
        free = [one for one in near[centre] if one not in taken and one != centre]
        taken |= {centre, *free}
        found.append([centre, *sorted(free, key=lambda at: (-near[centre][at], at))])
    return sorted(found, key=lambda group: (-len(group), group[0]))


def likeness(one: Vector, other: Vector) -> float:
    """Cosine of two unit vectors."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(part, 0.0) for part, weight in one.items())


def _vectors(texts: Sequence[str]) -> list[Vector]:
    counts = [_parts(text) for text in texts]
    seen = Counter(part for count in counts for part in count)
    return [_unit(count, seen, len(texts)) for count in counts]


def _parts(text: str) -> Counter[str]:
    said = "".join(_SAID.findall(text.lower()))
    said = _EMPTY.sub("", said) or said  # 那这个呢 alone is all there is
    pairs = [said[at : at + 2] for at in range(len(said) - 1)]
    return Counter([*said, *pairs])


def _unit(count: Counter[str], seen: Counter[str], total: int) -> Vector:
    weights = {part: n * math.log(1 + (total + 1) / seen[part]) for part, n in count.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {part: weight / length for part, weight in weights.items()} if length else {}


def _near(vectors: Sequence[Vector], kinds: Sequence[Hashable]) -> dict[int, dict[int, float]]:
    """For each sentence those near it, itself among them, with their likeness."""
    near: dict[int, dict[int, float]] = {at: {at: 1.0} for at in range(len(vectors))}
    holding: dict[str, list[int]] = defaultdict(list)
    seen = Counter(part for vector in vectors for part in vector)
    for at, vector in enumerate(vectors):
        shared: dict[int, float] = defaultdict(float)
        for part, weight in vector.items():
            if seen[part] > COMMON:
                continue
            for earlier in holding[part]:
                shared[earlier] += weight * vectors[earlier][part]
            holding[part].append(at)
        for earlier, some in shared.items():
            if some < HINT or kinds[earlier] != kinds[at]:
                continue
            alike = likeness(vector, vectors[earlier])
            if alike >= NEAR:
                near[at][earlier] = near[earlier][at] = alike
    return near

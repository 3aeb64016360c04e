"""Whether a confidence keeps its word: of the messages read with 0.8, are 80 of 100 right?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BINS = 10


def reliability(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> list[dict[str, Any]]:
    """`{low, high, n, confidence, accuracy}` of each band of equal width that holds a message.

    A confidence on a border belongs to the band above; 1.0 belongs to the last.
    """
    if len(confidences) != len(right):
        raise ValueError(f"{len(confidences)} confidences for {len(right)} answers")
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, ok in zip(confidences, right, strict=True):
        if not 0.0 <= confidence <= 1.0:
            raise ValueError(f"{confidence} is no probability")
        held[min(int(confidence * bins), bins - 1)].append((confidence, ok))
    return [
        {
            "low": at / bins,
            "high": (at + 1) / bins,
            "n": len(found),
            "confidence": round(sum(c for c, _ in found) / len(found), 4),
            "accuracy": round(sum(ok for _, ok in found) / len(found), 4),
        }
        for at, found in enumerate(held)
        if found
    ]


def expected_error(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> float | None:
    """Expected calibration error: distance of confidence and accuracy, weighed by the messages.

    None without messages. Ten bands unless told; with fewer messages than a few hundred it is
    mostly chance.
    """
    bands = reliability(confidences, right, bins)
    total = sum(band["n"] for band in bands)
    if not total:
        return None
    return sum(band["n"] * abs(band["confidence"] - band["accuracy"]) for band in bands) / total

"""Helpers: read facts out of a sentence without a trained classifier."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.components.understanding import context
from bot.components.understanding.lexicon import default_lexicon
from bot.components.understanding.normalise import normalise
from bot.components.understanding.pipeline import (
    Understander,
    Understanding,
    build_scene,
    extract_facts,
)

TODAY = date(2025, 6, 1)
_EXTRACTORS = Understander.untrained(default_lexicon())


class FixedClassifier:
    """Answers every message with the same ranking, so that the other rules show."""

    secondary_threshold = 0.99

    def __init__(self, label: str, confidence: float, *further: tuple[str, float]) -> None:
        rest = further or (("out_of_scope_chitchat", 1 - confidence),)
        self._ranking = [(label, confidence), *rest]

    def ranking(self, features: object) -> list[tuple[str, float]]:
        return list(self._ranking)


def facts(text: str, asking: str | None = None, today: date | None = TODAY) -> dict[str, Any]:
    """Stated facts of `text`, with the open question taken into account."""
    scene = build_scene(normalise(text), default_lexicon(), asking, today)
    found = extract_facts(scene, _EXTRACTORS.gazetteer)
    answered = context.answer(scene, found)
    return {fact.key: fact.value for fact in found} | {fact.key: fact.value for fact in answered}


def understood(
    text: str,
    label: str,
    asking: str | None = None,
    confidence: float = 0.6,
    classifier: FixedClassifier | None = None,
) -> Understanding:
    """The full result when the classifier says `label`, or what `classifier` has it say."""
    understander = Understander(None, default_lexicon())
    fixed = classifier or FixedClassifier(label, confidence)
    understander.classifier = fixed  # type: ignore[assignment]
    return understander.parse(text, asking, TODAY)

"""The Rasa side of the understanding package: train, persist, load, process."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from . import danger
from .classifier import train
from .lexicon import FILES, LOOKUPS, load
from .pipeline import Understander, Understanding, read_model

RANKING_LENGTH = 10


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class UnderstandResident(GraphComponent):
    """Intent, facts, programme and danger of a resident's message in one component.

    The message's metadata may carry `asking`, the fact key or control step the dialogue waits for.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`fallback_threshold`: below it, and without any fact, the intent is nlu_fallback."""
        return {"seed": 20250601, "noisy_share": 1.0, "fallback_threshold": 0.22}

    @staticmethod
    def required_packages() -> list[str]:
        return ["numpy", "scipy", "sklearn", "jieba", "pypinyin", "opencc"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        understander: Understander | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._understander = understander

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnderstandResident:
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the intent examples and write the model resource."""
        examples = [
            (str(message.get(TEXT)), str(message.get(INTENT)))
            for message in training_data.intent_examples
            if message.get(TEXT) and message.get(INTENT)
        ]
        blank = Understander.untrained(load(LOOKUPS))
        featurise = cache(blank.featurise)
        classifier = train(examples, featurise, self._config["seed"], self._config["noisy_share"])
        alarm = danger.train(examples, featurise, blank.lexicon, self._config["seed"])
        self._understander = Understander(classifier, blank.lexicon, alarm)
        with self._storage.write_to(self._resource) as folder:
            classifier.save(Path(folder))
            alarm.save(Path(folder))
            for name in FILES:
                shutil.copyfile(LOOKUPS / name, Path(folder) / name)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UnderstandResident:
        with model_storage.read_from(resource) as folder:
            understander = read_model(Path(folder))
        return cls(config, model_storage, resource, understander)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add intent, ranking, entities and `secondary` to each message."""
        if self._understander is None:
            raise RuntimeError("UnderstandResident has no trained model: run the training first")
        today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            metadata = message.get(METADATA) or {}
            asking = metadata.get("asking") if isinstance(metadata, dict) else None
            self._annotate(message, self._understander.parse(str(text), asking, today))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream reads features of training messages."""
        return training_data

    def _annotate(self, message: Message, result: Understanding) -> None:
        name, confidence = result.label, result.confidence
        ranking = [{"name": n, "confidence": round(p, 6)} for n, p in result.ranking]
        lost = confidence < self._config["fallback_threshold"] and not result.facts
        if lost:
            name = "nlu_fallback"
            ranking.insert(0, {"name": name, "confidence": confidence})
        message.set(INTENT, {"name": name, "confidence": float(confidence)}, add_to_output=True)
        message.set("intent_ranking", ranking[:RANKING_LENGTH], add_to_output=True)
        message.set(ENTITIES, result.entities, add_to_output=True)
        message.set("secondary", result.secondary, add_to_output=True)

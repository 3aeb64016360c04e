"""The smallest component Rasa can train and run: remembers whole sentences, reads metadata."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Remember(GraphComponent):
    def __init__(self, storage: ModelStorage, resource: Resource, known: dict[str, str]) -> None:
        self._storage, self._resource, self._known = storage, resource, known

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Remember:
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Remember:
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / "known.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, known)

    def train(self, training_data: TrainingData) -> Resource:
        known = {m.get("text"): m.get("intent") for m in training_data.intent_examples}
        with self._storage.write_to(self._resource) as folder:
            (folder / "known.json").write_text(json.dumps(known), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            metadata = message.get("metadata") or {}
            name = self._known.get(message.get("text"), "unclear")
            message.set("intent", {"name": name, "confidence": 1.0}, add_to_output=True)
            asking = metadata.get("asking")
            entities = [{"entity": "asked", "value": asking}] if asking else []
            message.set("entities", entities, add_to_output=True)
        return messages

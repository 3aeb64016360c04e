"""Inside Rasa: train, persist, load, process; and the command line reads the same archive."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import understand
from bot.components.understanding.component import UnderstandResident

from .test_classifier import _pairs
from .test_crisis import DANGERS


class Storage:
    """Model storage of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def write_to(self, resource: Resource) -> Iterator[Path]:
        yield self._folder

    @contextmanager
    def read_from(self, resource: Resource) -> Iterator[Path]:
        yield self._folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("UnderstandResident0")
    examples = [Message({"text": text, "intent": label}) for text, label in _pairs()]
    examples += [Message({"text": text, "intent": "crisis_emergency"}) for text, _ in DANGERS[::6]]
    component = UnderstandResident.create(
        UnderstandResident.get_default_config(),
        Storage(home),
        Resource("r"),
        None,  # type: ignore[arg-type]
    )
    component.train(TrainingData(training_examples=examples))
    return home


def loaded(folder: Path, **config: Any) -> UnderstandResident:
    return UnderstandResident.load(
        UnderstandResident.get_default_config() | config,
        Storage(folder),
        Resource("r"),
        None,  # type: ignore[arg-type]
    )


def test_model_holds_no_pickle(folder: Path) -> None:
    assert {path.suffix for path in folder.iterdir()} == {".json", ".npz", ".csv"}


def test_message_gets_intent_entities_and_ranking(folder: Path) -> None:
    message = Message({"text": "低保要带什么材料，我家三口人"})
    loaded(folder).process([message])
    assert message.get("intent")["name"] == "ask_materials"
    assert message.get("intent_ranking")[0]["name"] == "ask_materials"
    entities = {e["entity"]: e for e in message.get("entities")}
    assert entities["household_size"]["value"] == 3
    assert entities["program"]["value"] == "dibao"
    assert entities["program"]["extractor"] == "UnderstandResident"
    assert "secondary" in message.as_dict(only_output_properties=True)


def test_open_question_comes_from_the_metadata(folder: Path) -> None:
    message = Message({"text": "两千", "metadata": {"asking": "deposit"}})
    loaded(folder).process([message])
    assert message.get("intent")["name"] == "inform_facts"
    assert [(e["entity"], e["value"]) for e in message.get("entities")] == [("deposit", 2000)]


def test_message_without_a_clue_falls_back(folder: Path) -> None:
    message = Message({"text": "鳄梨沙拉"})
    loaded(folder, fallback_threshold=0.999).process([message])
    assert message.get("intent")["name"] == "nlu_fallback"


def test_empty_text_is_left_alone(folder: Path) -> None:
    message = Message({"text": ""})
    loaded(folder).process([message])
    assert message.get("intent") is None


def test_unloaded_component_says_what_to_do(tmp_path: Path) -> None:
    component = UnderstandResident.create({}, Storage(tmp_path), Resource("r"), None)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="run the training"):
        component.process([Message({"text": "你好"})])


@pytest.fixture(scope="module")
def archive(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "wenzhu.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        packed.add(folder, "components/train_UnderstandResident0")
    return path


def test_command_line_reads_rows_and_writes_rows(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"id": "a", "text": "低保要带什么材料"},
        {"id": "b", "text": "五六百", "asking": "monthly_income_total"},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(map(json.dumps, rows)) + "\n\n"))
    assert understand.main(["--model", str(archive)]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["id"], first["label"], first["program"]) == ("a", "ask_materials", "dibao")
    assert (second["label"], second["facts"]) == ("inform_facts", {})
    assert second["ranges"] == {"monthly_income_total": {"low": 500, "high": 600}}


def test_command_line_without_a_model_ends_with_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert understand.main(["--model", str(tmp_path / "none.tar.gz")]) == 2
    assert "train" in capsys.readouterr().err


def test_newest_model_is_taken(tmp_path: Path) -> None:
    with pytest.raises(understand.NoModel):
        understand.newest_model(tmp_path)
    for name in ("a.tar.gz", "b.tar.gz"):
        (tmp_path / name).touch()
    assert understand.newest_model(tmp_path).name in {"a.tar.gz", "b.tar.gz"}

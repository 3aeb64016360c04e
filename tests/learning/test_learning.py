"""From labelled sentences to a released model and back, with training and figures stood in for.

The real server taking a model over is in bot/tests/test_server.py.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from ruamel.yaml import YAML

from benchmarks.nlu import run, score
from cases import misheard, misheard_desk
from cases.misheard import Heard, Reason
from cases.states import Role
from devtools import learning, training
from devtools.learning import CannotRelease
from foundation.runtime import Runtime
from tests.cases.builders import conversation, scope

EDITOR = scope(role=Role.CONTENT_EDITOR)
FLOOR = json.loads(run.BASELINE.read_text("utf-8"))
KNOWN = score.read(score.MESSAGES)


def figures(intent: float = 0.0, missed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The recorded figures, with intent so much higher or lower."""
    values = dict(FLOOR["overall"])
    values["intent"] += intent
    crisis = {row["id"] for row in KNOWN if row["label"] == score.CRISIS}
    never = crisis - set(FLOOR["crisis_found"])
    return {
        "overall": {name: {"value": value} for name, value in values.items()},
        "hard_phrases": {n: {"exact": v, "n": 50} for n, v in FLOOR["hard_phrases"].items()},
        "crisis_missed": sorted({*never, *missed}),
    }


class Server(BaseHTTPRequestHandler):
    """Rasa's place: takes models and remembers them."""

    models: ClassVar[list[str]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        allowed = self.headers["authorization"] == "Bearer rasa-token-of-the-test"
        Server.models.append(Path(body["model"]).name)
        self.send_response(Server.status if allowed else 401)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def taught(runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    """Two labelled sentences, a server, and a training that writes a file."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Server.models, Server.status = [], 200
    current = tmp_path / "models" / f"{training.digest()}.tar.gz"
    current.parent.mkdir()
    current.write_bytes(b"current")

    def train_beside(model: Path, learned: Path) -> Path:
        assert list(learned.glob("*.yml"))
        model.write_bytes(b"candidate")
        return model

    monkeypatch.setattr(training, "train_beside", train_beside)
    monkeypatch.setattr(training, "current_model", lambda: current)
    settings = runtime.settings.model_copy(
        update={
            "data_dir": tmp_path / "var",
            "rasa_url": f"http://127.0.0.1:{server.server_port}",
            "rasa_token": "rasa-token-of-the-test",
            "model_file": None,
        }
    )
    found = replace(runtime, settings=settings)
    teach(
        found, ("某某的钱[没]到账上", "ask_payment_problem"), ("在哪换那个证", "ask_where_to_apply")
    )
    yield found
    server.shutdown()
    server.server_close()


def teach(runtime: Runtime, *pairs: tuple[str, str], asking: str | None = None) -> None:
    """Keep and label sentences."""
    chat = conversation(runtime.database, runtime.cipher)
    with runtime.database.write() as session:
        for text, label in pairs:
            heard = Heard(text, text, "nlu_fallback", 0.1, asking=asking)
            misheard.keep(session, runtime.cipher, chat, heard, Reason.MISSED)
            found = misheard_desk.clusters(session, runtime.cipher, EDITOR)
            (said,) = (s for one in found for s in one.sentences if s.text == text)
            misheard_desk.label(session, runtime.cipher, EDITOR, [said.id], label)


def lines(runtime: Runtime) -> dict[str, list[str]]:
    place, _ = learning.export(runtime)
    loaded = YAML(typ="safe").load((place / "learned.yml").read_text("utf-8"))
    return {
        block["intent"]: [line[2:] for line in block["examples"].splitlines()]
        for block in loaded["nlu"]
    }


def test_labelled_sentences_become_training_lines_and_benchmark_rows_do_not(
    taught: Runtime,
) -> None:
    frozen = next(row for row in KNOWN if row["label"] == "ask_materials")
    teach(taught, (frozen["text"], "ask_materials"))
    teach(taught, ("那就不用嘛", "deny"), asking="car")
    assert lines(taught) == {
        "ask_payment_problem": ["某某的钱〔没〕到账上"],
        "ask_where_to_apply": ["在哪换那个证"],
    }


def test_nothing_labelled_is_said_plainly(runtime: Runtime, tmp_path: Path) -> None:
    settings = runtime.settings.model_copy(update={"data_dir": tmp_path})
    with pytest.raises(CannotRelease, match="还没有标注过"):
        learning.learn(replace(runtime, settings=settings))


def test_as_good_is_released_survives_a_restart_and_is_taken_back(taught: Runtime) -> None:
    compared = learning.learn(taught, lambda _: figures())
    assert (compared.falls, compared.sentences) == ((), 2)
    assert Server.models == [], "comparing changes nothing"
    assert learning.serving(taught.settings) == training.current_model()
    assert learning.release(taught, compared) is True
    name = compared.candidate.name
    assert name.startswith(training.digest())
    assert learning.serving(taught.settings) == compared.candidate
    link = taught.settings.data_dir / "run" / "model.tar.gz"
    assert link.resolve() == compared.candidate.resolve()

    teach(taught, ("那个证过期咋办", "ask_where_to_apply"))
    second = learning.learn(taught, lambda _: figures())
    assert second.candidate != compared.candidate
    learning.release(taught, second)
    assert learning.roll_back(taught) == (compared.candidate, True)
    assert learning.roll_back(taught) == (training.current_model(), True)
    assert link.read_bytes() == b"current"
    assert Server.models == [name, second.candidate.name, name, training.current_model().name]
    with pytest.raises(CannotRelease, match="没有发布过"):
        learning.roll_back(taught)


@pytest.mark.parametrize(
    ("candidate", "named"),
    [
        (figures(intent=-0.02), "intent"),
        (figures(missed=(FLOOR["crisis_found"][0],)), "danger"),
    ],
)
def test_a_worse_one_is_not_released(
    taught: Runtime, candidate: dict[str, Any], named: str
) -> None:
    compared = learning.learn(
        taught, lambda model: figures() if model == training.current_model() else candidate
    )
    assert any(fall.startswith(named) for fall in compared.falls)
    with pytest.raises(CannotRelease, match="比现在的差"):
        learning.release(taught, compared)
    assert Server.models == []
    assert learning.serving(taught.settings) == training.current_model()


def test_better_than_the_recorded_floor_but_worse_than_what_serves_is_not_enough(
    taught: Runtime,
) -> None:
    compared = learning.learn(
        taught,
        lambda model: figures(intent=0.05 if model == training.current_model() else 0.01),
    )
    assert [fall.split(":")[0] for fall in compared.falls] == ["intent"]


def test_a_model_the_server_refuses_changes_nothing(taught: Runtime) -> None:
    compared = learning.learn(taught, lambda _: figures())
    Server.status = 422
    with pytest.raises(CannotRelease, match="没有接受"):
        learning.release(taught, compared)
    assert learning.serving(taught.settings) == training.current_model()
    Server.status = 200
    learning.release(taught, compared)
    Server.status = 422
    with pytest.raises(CannotRelease, match="没有接受"):
        learning.roll_back(taught)
    assert learning.serving(taught.settings) == compared.candidate


def test_without_a_running_server_the_next_start_has_it(taught: Runtime) -> None:
    compared = learning.learn(taught, lambda _: figures())
    settings = taught.settings.model_copy(update={"rasa_url": "http://127.0.0.1:9"})
    assert learning.release(replace(taught, settings=settings), compared) is False
    assert learning.serving(taught.settings) == compared.candidate


def test_a_release_of_older_data_is_not_served(
    taught: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    learning.release(taught, learning.learn(taught, lambda _: figures()))
    monkeypatch.setattr(training, "digest", lambda: "0" * 12)
    assert learning.serving(taught.settings) == training.current_model()

"""Files full of nonsense for the command line: one clear line, or one row for each message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from typer.testing import CliRunner

from devtools import cli, talk, understanding
from devtools.paths import ROOT
from foundation.settings import Settings
from tests.bad_input.corpus import SHAPES, TEXTS, json_bytes
from tests.bad_input.edges import CHINESE, Edges

BAD_FILES = {
    "cut": (b'{"id": "1", "text": "a"}\n{"id"', "第 2 行不是有效的 JSON"),
    "deep": (b"[" * 100_000, "第 1 行不是有效的 JSON"),
    "list": (b"[]", "第 1 行不是 {id, text}"),
    "no id": (b'{"text": "a"}', "第 1 行的 id"),
    "half a character": (b'{"id": "\\ud800", "text": "a"}', "第 1 行的 id"),
    "not a number": (b'{"id": NaN, "text": "a"}', "第 1 行的 id"),
    "no text": (b'{"id": 1}', "第 1 行的 text"),
    "gb18030": ('{"id": 1, "text": "难"}'.encode("gb18030"), "不是 UTF-8"),
    "asking": (b'{"id": 1, "text": "a", "asking": ["x"]}', "第 1 行的 asking"),
    **{
        f"text {shape!r}": (json_bytes({"id": 1, "text": shape}), "第 1 行的 text")
        for shape in SHAPES
    },
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(content)
    arguments = ["understand", "--in", str(source), "--out", str(tmp_path / "out.jsonl")]
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 1
    assert reason in done.output.replace("\n", "")
    assert "Traceback" not in done.output
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_text_gets_its_row_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = sorted(
        (ROOT / "bot" / "models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime
    )
    if models:  # any model will do, a new one takes minutes
        settings = Settings(_env_file=None, model_file=models[-1])
        monkeypatch.setattr(understanding, "get_settings", lambda: settings)
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json_bytes({"id": name, "text": text}) for name, text in TEXTS.items()]
    source.write_bytes(b"\n".join(lines))
    assert understanding.understand_file(source, target) == len(TEXTS)
    rows = [json.loads(line) for line in target.read_text("utf-8").split("\n") if line]
    assert [row["id"] for row in rows] == list(TEXTS)
    assert all(row["label"] for row in rows)
    refused = {row["id"] for row in rows if "refused" in row}
    assert {"empty", "nul", "ten thousand", "zero width only"} <= refused
    by_name = {row["id"]: row for row in rows}
    assert by_name["command handoff"]["label"] != "human_handoff"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"household_size": NaN}']
)
def test_a_household_that_is_none_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "household.json"
    source.write_bytes(content)
    arguments = ["screen", "--household", str(source), "--region", "500233"]
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"id": "1", "turns": ["a"]}\n{"id"', "第 2 行不是有效的 JSON"),
        (b'{"turns": ["a"]}', "第 1 行的 id"),
        (b'{"id": 1, "turns": "a"}', "第 1 行的 turns"),
        (b'{"id": 1, "turns": ["a", 5]}', "第 1 行的 turns"),
        (b'{"id": 1}', "第 1 行的 turns"),
        (b'{"id": 1, "turns": [], "answer_bank": ["a"]}', "第 1 行的 answer_bank"),
        (b'{"id": 1, "turns": [], "answer_bank": {"age": 5}}', "第 1 行的 answer_bank"),
        ('{"id": 1, "turns": ["难"]}'.encode("gb18030"), "不是 UTF-8"),
    ],
)
def test_a_bad_script_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        talk.play_file(source, target, chat_url="http://x", api_url="http://x", api_token="x")
    assert not target.exists()


def test_a_system_that_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENZHU_DATA_DIR", str(tmp_path / "var"))
    source = tmp_path / "in.jsonl"
    source.write_bytes(json_bytes({"id": 1, "turns": ["你好"]}))
    address = "http://127.0.0.1:1"  # nobody serves there
    arguments = ["talk", "--script", str(source), "--out", str(tmp_path / "out.jsonl")]
    arguments += ["--chat-url", address, "--api-url", address, "--api-token", "x"]
    done = CliRunner().invoke(cli.app, arguments)
    assert done.exit_code == 1
    assert "make up" in done.output.replace("\n", "")
    assert "Traceback" not in done.output


@dataclass
class Both:
    """The chat and the staff API behind the one client that a talk uses."""

    edges: Edges

    def __enter__(self) -> Both:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.edges.chat.post(path, **more)

    def get(self, path: str, *, params: dict[str, str], headers: dict[str, str]) -> httpx.Response:
        return self.edges.staff.get(path, params=params, headers={**headers, **self.edges.bearer})


def test_texts_the_chat_refuses_stand_in_the_transcript_with_the_reason(
    tmp_path: Path, edges: Edges, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the real web chat: the talk goes on after a refusal, and half characters are kept."""
    refused = ["", "难" * 10_000, "\x00"]
    script = {"id": "odd", "turns": [*refused, "我\udfff家", "你好"]}
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(json_bytes(script))
    monkeypatch.setattr(httpx, "Client", lambda **_: Both(edges))
    talk.play_file(source, target, chat_url="", api_url="", api_token="")
    (played,) = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    said = [entry["text"] for entry in played["transcript"] if entry["from"] == "resident"]
    assert said[: len(script["turns"])] == script["turns"]
    reasons = [entry["text"] for entry in played["transcript"] if entry["from"] == "refused"]
    assert len(reasons) >= len(refused)
    assert all(CHINESE.search(reason) for reason in reasons)
    assert played["cases"] == []

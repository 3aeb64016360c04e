"""A toy bot, trained and served by the real programs, talked to over HTTP."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bot import launch

ROOT = launch.BOT.parent
TOY = launch.BOT / "tests" / "toy"
TOKEN = "rasa-token-of-the-tests"
SECRET_WORDS = "王秀英的低保"


class Actions(BaseHTTPRequestHandler):
    """An action server that answers, fails with the conversation in its reply, or sleeps."""

    calls: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        Actions.calls.append({"headers": dict(self.headers), "body": body})
        status, reply = 200, {"events": [], "responses": []}
        message = body["tracker"]["latest_message"]
        match body["next_action"]:
            case "action_ask":
                extra = {"response": "utter_answer", "what": message["metadata"].get("asking")}
                reply["responses"] = [
                    {"text": "第一条\n\n同一条"},
                    {**extra, "custom": {"sources": ["甲"]}, "buttons": []},
                    {"text": "要继续吗?", "buttons": [{"title": "不清楚", "payload": "/unclear"}]},
                ]
            case "action_fail":
                status, reply = 500, {"error": SECRET_WORDS, "tracker": body["tracker"]}
            case "action_slow":
                time.sleep(3)
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None: ...


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    def __init__(self, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}/webhooks/gateway"
        self.log = log

    def call(
        self, body: Any = None, token: str | None = TOKEN, path: str = "/webhook"
    ) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data)
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def say(self, text: str, sender: str = "s1", **metadata: Any) -> tuple[int, Any]:
        return self.call({"sender": sender, "message": text, "metadata": metadata})


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    actions = ThreadingHTTPServer(("127.0.0.1", 0), Actions)
    threading.Thread(target=actions.serve_forever, daemon=True).start()
    yield {
        **os.environ,
        "LOG_LEVEL": "INFO",  # one step chattier than in service: still nothing of the resident
        "PYTHONWARNINGS": "ignore",
        "WENZHU_RASA_TOKEN": TOKEN,
        "WENZHU_ACTIONS_TOKEN": "actions-token-of-the-tests",
        "WENZHU_ACTIONS_URL": f"http://127.0.0.1:{actions.server_port}/webhook",
        "WENZHU_RASA_PORT": str(free_port()),
    }
    actions.shutdown()


def rasa(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.launch", *arguments]


@pytest.fixture(scope="module")
def model(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models")
    files = ["--config", f"{TOY}/config.yml", "--domain", f"{TOY}/domain.yml"]
    command = rasa("train", *files, "--data", f"{TOY}/data.yml", "--out", str(out))
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "wenzhu.tar.gz"


@pytest.fixture(scope="module")
def server(
    environment: dict[str, str], model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "rasa.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            rasa("run", "--model", str(model)),
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(int(environment["WENZHU_RASA_PORT"]), log)
    try:
        for _ in range(150):
            try:
                server.call(path="/")
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                time.sleep(0.2)
        else:
            pytest.fail(f"no server after 30 s:\n{log.read_text()}")
        yield server
    finally:
        process.terminate()
        process.wait(20)


def test_another_model_takes_over_without_a_pause(server: Server, model: Path) -> None:
    other, broken = model.with_name("other.tar.gz"), model.with_name("broken.tar.gz")
    other.write_bytes(model.read_bytes())
    broken.write_bytes(b"no model")
    assert server.call({"model": str(other)}, token="wrong", path="/model")[0] == 401
    for given in ({}, {"model": "other.tar.gz"}, {"model": "/nowhere.tar.gz"}, b"x"):
        assert server.call(given, path="/model")[0] == 400, given
    assert server.call({"model": str(broken)}, path="/model") == (422, {"error": "model_broken"})
    assert server.call(path="/", token=None)[1]["model_file"] == "wenzhu.tar.gz"
    with ThreadPoolExecutor(2) as pool:
        swap = pool.submit(server.call, {"model": str(other)}, path="/model")
        answers = []
        while not swap.done() or len(answers) < 3:
            answers.append(server.say("低保怎么申请", f"swap{len(answers)}", asking="户籍")[0])
    assert swap.result()[0] == 200
    assert set(answers) == {200}
    assert server.call(path="/", token=None)[1]["model_file"] == "other.tar.gz"
    assert server.call({"model": str(model)}, path="/model")[0] == 200  # and back
    assert server.call(path="/", token=None)[1]["model_file"] == "wenzhu.tar.gz"


def test_health_names_the_loaded_model(server: Server) -> None:
    status, health = server.call(path="/", token=None)
    assert status == 200
    assert health["status"] == "ok"
    assert health["model_file"] == "wenzhu.tar.gz"
    assert len(health["model_id"]) == 32


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", "令牌"])
def test_without_the_token_nothing_is_answered(server: Server, token: str | None) -> None:
    if token == "令牌":
        token = token.encode().decode("latin-1")
    status, reply = server.call({"sender": "s", "message": "你好"}, token=token)
    assert (status, reply) == (401, {"error": "unauthorised"})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (400, "not_json")),
        ([], (400, "not_an_object")),
        ({"message": "你好"}, (400, "bad_sender")),
        ({"sender": "s", "message": "  "}, (400, "empty_message")),
        ({"sender": "s", "message": 3}, (400, "empty_message")),
        ({"sender": "s", "message": "你", "metadata": "x"}, (400, "bad_metadata")),
        ({"sender": "s", "message": "长" * 4001}, (413, "message_too_long")),
    ],
)
def test_malformed_messages_are_refused(
    server: Server, body: Any, expected: tuple[int, str]
) -> None:
    status, reply = server.call(body)
    assert (status, reply["error"]) == expected


def test_the_longest_allowed_message_is_taken(server: Server) -> None:
    status, _ = server.say("长" * 4000, "long")
    assert status in (200, 500)  # the toy bot has no answer; the channel let it through


def test_a_response_with_buttons_is_one_item(server: Server) -> None:
    status, reply = server.say("你好")
    assert status == 200
    assert reply == [{"text": "您好", "buttons": [{"title": "问低保", "payload": "/ask"}]}]


def test_action_replies_keep_their_order_and_carry_custom(server: Server) -> None:
    status, reply = server.say("低保怎么申请", asking="户籍")
    assert status == 200
    assert reply == [
        {"text": "第一条\n\n同一条"},
        {"text": "问的是户籍", "custom": {"sources": ["甲"]}},
        {"text": "要继续吗?", "buttons": [{"title": "不清楚", "payload": "/unclear"}]},
    ]


def test_metadata_reaches_recognition_and_actions_with_the_token(server: Server) -> None:
    server.say("低保怎么申请", asking="收入", message_id="m7")
    call = Actions.calls[-1]
    latest = call["body"]["tracker"]["latest_message"]
    assert latest["metadata"] == {"asking": "收入", "message_id": "m7"}
    assert [e["value"] for e in latest["entities"]] == ["收入"]
    assert call["headers"]["Authorization"] == "Bearer actions-token-of-the-tests"
    assert "domain" not in call["body"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("让它出错", "action_failed"),
        ("没完没了", "too_many_actions"),
        ("不说话", "no_reply"),
        ("低保怎么申请", "placeholder_missing"),  # the toy action has no value for {what}
    ],
)
def test_a_failure_is_never_an_empty_answer(server: Server, text: str, code: str) -> None:
    assert server.say(text, "broken") == (500, {"error": code})


def test_a_message_no_rule_knows_is_answered_every_time(server: Server) -> None:
    spoken = [{"text": "没接住", "buttons": [{"title": "找工作人员", "payload": "/ask"}]}]
    for text in ("啊", "哦", "/unclear"):
        assert server.say(text, "unmatched") == (200, spoken)
    assert server.say("你好", "unmatched")[0] == 200


def test_the_last_resort_has_words_and_a_person() -> None:
    domain = (ROOT / "domain" / "_shared.yml").read_text("utf-8")
    [response] = re.findall(r"(?m)^  utter_default:\n((?:    .*\n)+)", domain)
    assert "/human_handoff" in response


def test_a_failed_turn_leaves_the_conversation_as_it_was(server: Server) -> None:
    server.say("你好", "again")
    for _ in range(2):
        server.say("让它出错", "again")
    status, _ = server.say("低保怎么申请", "again", asking="户籍")
    assert status == 200
    said = [
        event["text"]
        for event in Actions.calls[-1]["body"]["tracker"]["events"]
        if event["event"] == "user"
    ]
    assert said == ["你好", "低保怎么申请"]


def test_a_long_conversation_is_trimmed_and_still_answered(server: Server) -> None:
    for number in range(20):
        status, reply = server.say("低保怎么申请", "talkative", asking=f"第{number}问")
        assert (status, reply[1]["text"]) == (200, f"问的是第{number}问")
    events = Actions.calls[-1]["body"]["tracker"]["events"]
    assert len(events) < 80  # 20 turns are more than 150 events
    assert server.say("你好", "talkative")[0] == 200


def test_conversations_do_not_mix_when_they_talk_at_once(server: Server) -> None:
    def talk(name: str) -> list[str]:
        said = [server.say("低保怎么申请", name, asking=f"{name}{turn}") for turn in range(5)]
        return [reply[1]["text"] for _, reply in said]

    names = [f"同时{number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        replies = dict(zip(names, pool.map(talk, names), strict=True))
    assert replies == {name: [f"问的是{name}{turn}" for turn in range(5)] for name in names}


def test_nothing_a_resident_wrote_is_in_the_log(server: Server) -> None:
    server.say(SECRET_WORDS, "private", name=SECRET_WORDS)
    server.say("让它出错", "private", name=SECRET_WORDS)
    server.say('/ask{"asked": "' + SECRET_WORDS, "private")
    log = server.log.read_text(encoding="utf-8")
    assert "action_failed" in log
    assert SECRET_WORDS not in log
    assert SECRET_WORDS.encode("unicode_escape").decode() not in log
    for text in ("让它出错", "低保怎么申请"):
        assert text not in log
        assert text.encode("unicode_escape").decode() not in log


def test_a_model_that_cannot_be_loaded_ends_the_process(
    environment: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a model")
    done = subprocess.run(
        rasa("run", "--model", str(broken), "--port", str(free_port())),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert "no model could be loaded" in done.stdout + done.stderr


def test_the_server_is_not_reachable_from_outside(server: Server) -> None:
    port = int(server.url.split(":")[2].split("/")[0])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    addresses = {a.split(":")[0] for a in listening if a.endswith(f":{port:04X}")}
    assert addresses == {"0100007F"}

"""The one channel of this bot: our gateway posts a message and gets the replies in order.

Unlike Rasa's REST channel it asks for a token, limits the length, and never turns a failure into
an empty list: the gateway can trust that HTTP 200 carries an answer.

    POST /webhooks/gateway/webhook   {"sender", "message", "metadata"}, Authorization: Bearer …
        200  [{"text", "buttons", "custom"}, …]  every key optional, one item per bot message
        400 malformed · 401 token · 413 too long · 500 turn failed · 503 no model; {"error": code}
    POST /webhooks/gateway/model     {"model": absolute path}, the same token: serve this model from
        now on. It is loaded beside the one at work and takes over only when it is fit; a turn that
        has begun ends with the model it began with.
        200 like health · 400 malformed or no such file · 401 token · 422 unfit, nothing changed
    GET  /webhooks/gateway/          health: {"status": "ok", "model_id", "model_file"} or 503
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import logging
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.data import TrainingType
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import privacy
from bot.patches import TurnFailed

log = logging.getLogger("bot.channel")

LONGEST_MESSAGE = 4_000
LARGEST_BODY = 64 * 1024
SHORTEST_TOKEN = 16
SMOKE_TEXT = "你好"


class BadMessage(ValueError):
    """The request is not a message; `status` and `code` go to the caller."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Collector(OutputChannel):
    """Gathers the bot's messages, one item each, in the order they were said."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        item = {key: message[key] for key in ("text", "buttons", "custom") if message.get(key)}
        if item:
            self.messages.append(item)


def read_message(request: Request) -> UserMessage:
    """The message in a request. Raises BadMessage; never repeats the text in it."""
    if len(request.body) > LARGEST_BODY:
        raise BadMessage(413, "body_too_large")
    try:
        body = request.json
    except InvalidUsage:
        raise BadMessage(400, "not_json") from None
    if not isinstance(body, dict):
        raise BadMessage(400, "not_an_object")
    sender, text, metadata = body.get("sender"), body.get("message"), body.get("metadata")
    if not isinstance(sender, str) or not 0 < len(sender) <= 200:
        raise BadMessage(400, "bad_sender")
    if not isinstance(text, str) or not text.strip():
        raise BadMessage(400, "empty_message")
    if len(text) > LONGEST_MESSAGE:
        raise BadMessage(413, "message_too_long")
    if metadata is not None and not isinstance(metadata, dict):
        raise BadMessage(400, "bad_metadata")
    return UserMessage(
        text, Collector(), sender, input_channel=GatewayInput.name(), metadata=metadata or {}
    )


def read_model(request: Request) -> Path:
    """The model file a request names. Raises BadMessage."""
    try:
        body = request.json
    except InvalidUsage:
        raise BadMessage(400, "not_json") from None
    model = body.get("model") if isinstance(body, dict) else None
    if not isinstance(model, str) or "\0" in model:
        raise BadMessage(400, "bad_model")
    path = Path(model)
    if not path.is_absolute() or not path.name.endswith(".tar.gz") or not path.is_file():
        raise BadMessage(400, "bad_model")
    return path.resolve()


async def _check(processor: MessageProcessor) -> None:
    """A model can talk and recognises something. Raises RuntimeError."""
    if processor.model_metadata.training_type is not TrainingType.BOTH:
        raise RuntimeError("the model was trained without domain or rules")
    parsed = await processor.parse_message(UserMessage(SMOKE_TEXT))
    if not parsed.get("intent", {}).get("name"):
        raise RuntimeError("the model recognises nothing")


def _take_over(agent: Agent, loaded: MessageProcessor) -> None:
    """Between two events of the loop: no turn sees half of each model."""
    agent.processor = loaded
    agent.domain = loaded.domain
    agent.tracker_store.domain = loaded.domain
    if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator):
        agent.nlg.responses = loaded.domain.responses


def _keep() -> None:
    """What is loaded stays: the collector need not look through it between two answers.

    What the model before it left behind is freed first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _health(processor: MessageProcessor) -> dict[str, str]:
    return {
        "status": "ok",
        "model_id": processor.model_metadata.model_id,
        "model_file": processor.model_filename,
        "trained_at": processor.model_metadata.trained_at.isoformat() + "Z",
    }


def _abort_loop(tracker: Any, _channel: Any, _nlg: Any) -> None:
    """Rasa's circuit breaker: by itself it only warns, after saying the same thing ten times."""
    raise TurnFailed("too_many_actions", str(tracker.latest_action_name), "the turn does not end")


class GatewayInput(InputChannel):
    """Input channel `gateway`; `token` comes from credentials.yml."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()
        self._checked_model: str | None = None
        self._loading = asyncio.Lock()

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        token = str((credentials or {}).get("token") or "")
        if len(token) < SHORTEST_TOKEN or "$" in token:
            raise InvalidConfigException(
                f"credentials.yml: token needs {SHORTEST_TOKEN} characters"
            )
        return cls(token)

    def _authorised(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), self._expected)

    async def _smoke_test(self, agent: Agent) -> None:
        """Check a newly loaded model once: it can talk, and it recognises something.

        Rasa trains without a domain, and some components load untrained; neither is an error there.
        """
        if agent.model_id != self._checked_model and agent.processor is not None:
            await _check(agent.processor)
            self._checked_model = agent.model_id

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        privacy.guard()
        gateway = Blueprint("gateway")

        @gateway.listener("after_server_start")
        async def stop_without_model(app: Sanic, _: AbstractEventLoop) -> None:
            """Rasa would go on serving without a model; a supervisor needs to see it end."""
            agent: Agent | None = getattr(app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                log.critical("no model could be loaded; the reason is above")
                raise SystemExit(3)
            _keep()

        @gateway.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready() or agent.processor is None:
                return json({"status": "no_model"}, status=503)
            try:
                await self._smoke_test(agent)
            except Exception as error:
                log.error("the loaded model is unfit: %s: %s", type(error).__name__, error)
                return json({"status": "model_broken"}, status=503)
            return json(_health(agent.processor))

        @gateway.route("/model", methods=["POST"])
        async def serve_another(request: Request) -> HTTPResponse:
            if not self._authorised(request):
                return json({"error": "unauthorised"}, status=401)
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return json({"error": "no_model"}, status=503)
            try:
                model = read_model(request)
            except BadMessage as bad:
                return json({"error": bad.code}, status=bad.status)
            try:
                loaded = await self._load_beside(agent, model)
            except Exception as error:
                log.error("the new model is unfit: %s: %s", type(error).__name__, error)
                return json({"error": "model_broken"}, status=422)
            _take_over(agent, loaded)
            _keep()
            self._checked_model = agent.model_id
            log.warning("serving another model: %s", loaded.model_filename)
            return json(_health(loaded))

        @gateway.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._authorised(request):
                return json({"error": "unauthorised"}, status=401)
            try:
                message = read_message(request)
            except BadMessage as bad:
                return json({"error": bad.code}, status=bad.status)
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready() or agent.processor is None:
                return json({"error": "no_model"}, status=503)
            agent.processor.on_circuit_break = _abort_loop
            return await self._answer(message, on_new_message)

        return gateway

    async def _load_beside(self, agent: Agent, model: Path) -> MessageProcessor:
        """Load and try a model while the other one works; one at a time."""
        async with self._loading:
            loaded = await asyncio.to_thread(
                MessageProcessor,
                model_path=model,
                tracker_store=agent.tracker_store,
                lock_store=agent.lock_store,
                action_endpoint=agent.action_endpoint,
                generator=agent.nlg,
                http_interpreter=agent.http_interpreter,
            )
            await _check(loaded)
            return loaded

    async def _answer(
        self, message: UserMessage, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> HTTPResponse:
        try:
            with privacy.turn():
                await on_new_message(message)
        except TurnFailed as failed:
            log.error("turn failed: %s", failed)
            return json({"error": failed.code}, status=500)
        except Exception as error:
            log.error("turn failed: %s", privacy.where(error))
            return json({"error": "turn_failed"}, status=500)
        if not message.output_channel.messages:
            log.error("turn failed: no reply")
            return json({"error": "no_reply"}, status=500)
        return json(message.output_channel.messages)

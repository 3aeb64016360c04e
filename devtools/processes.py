"""The four processes: how each is started and where its health page is."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from devtools.paths import BOT_PYTHON, PYTHON
from foundation.settings import Settings


@dataclass(frozen=True)
class ProcessPlan:
    """One process under the supervisor. `ready_url` answers 200 once it can work."""

    name: str
    title: str
    command: list[str]
    host: str
    port: int
    ready_url: str
    environment: dict[str, str] = field(default_factory=dict)


def plans(settings: Settings, model: Path, secrets: dict[str, str]) -> list[ProcessPlan]:
    """The four processes of one machine, in the order in which they are started.

    `secrets` are the loopback tokens (`WENZHU_RASA_TOKEN`, `WENZHU_ACTIONS_TOKEN`).
    """
    loopback = "127.0.0.1"
    serve = [str(PYTHON), "-m", "devtools.serve"]
    rasa = [str(BOT_PYTHON), "-m", "bot.launch", "run", "-m", str(model)]
    rasa += ["-i", loopback, "-p", str(settings.rasa_port)]
    bot_environment = {
        **secrets,
        "WENZHU_RASA_PORT": str(settings.rasa_port),
        "WENZHU_ACTIONS_URL": settings.actions_url,
    }
    return [
        ProcessPlan(
            "actions",
            "动作服务",
            [*serve, "actions"],
            loopback,
            settings.actions_port,
            f"http://{loopback}:{settings.actions_port}/readyz",
        ),
        ProcessPlan(
            "rasa",
            "语言理解与对话",
            rasa,
            loopback,
            settings.rasa_port,
            f"http://{loopback}:{settings.rasa_port}/webhooks/gateway/",
            bot_environment,
        ),
        ProcessPlan(
            "channels",
            "居民入口",
            [*serve, "channels"],
            settings.channels_host,
            settings.channels_port,
            f"http://{loopback}:{settings.channels_port}/livez",
        ),
        ProcessPlan(
            "api",
            "工作台",
            [*serve, "api"],
            settings.api_host,
            settings.api_port,
            f"http://{loopback}:{settings.api_port}/readyz",
        ),
    ]


def is_ready(plan: ProcessPlan) -> bool:
    """Does the health page answer 200? A refused connection is simply not yet."""
    return answers(plan.ready_url)


def answers(url: str) -> bool:
    """Does a local page answer 200? Not by httpx, which loads its certificates each time."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, json.JSONDecodeError):
        return False

"""Scripted residents through web chat, language model, rules and queue, as staff then see them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import yaml

from devtools.running import RunningSystem
from devtools.talk import Resident, play
from tests.journeys.expectations import shortfalls

HERE = Path(__file__).parent
#: `make dialogues` plays them all, the tests those of one file.
FILES = sorted(HERE.glob("scripts/*.yml")) if os.environ.get("WENZHU_ALL_SCRIPTS") else []
SCRIPTS = [
    script
    for file in (HERE / "dialogues.yml", *FILES)
    for script in yaml.safe_load(file.read_text("utf-8"))
]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def cases_of(system: RunningSystem, token: str, conversation_id: str) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{system.api_url}/api/cases",
        params={"conversation_id": conversation_id},
        headers={"Authorization": f"Bearer {token}"},
    )
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["cases"]
    return found


def _param(script: dict[str, Any]) -> Any:
    """A script with `wrong` fails today; when it no longer does, it moves to those that pass."""
    marks = [pytest.mark.xfail(strict=True, reason=script["wrong"])] if "wrong" in script else []
    return pytest.param(script, id=script["id"], marks=marks)


@pytest.mark.parametrize("script", [_param(script) for script in SCRIPTS])
def test_a_scripted_resident_gets_what_the_script_says(
    system: RunningSystem, staff_token: str, script: dict[str, Any]
) -> None:
    with httpx.Client(timeout=30) as client:
        resident = Resident(system.chat_url, client)
        play(resident, script, to_the_end=not script.get("stops"))
    cases = cases_of(system, staff_token, resident.conversation_id)
    said = "\n".join(f"{entry['from']}: {entry['text']}" for entry in resident.transcript)
    assert shortfalls(script["expect"], resident.transcript, cases) == [], said
    for case in cases:
        if case["kind"] in {"duty", "person_request"}:
            continue  # an alert and a wish for a person come with no number
        assert case["receipt"] in said.replace(" ", ""), "the resident has to know the number"

"""Scripted residents through web chat, language model, rules and queue, as staff then see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import yaml

from devtools.running import RunningSystem
from devtools.talk import Resident, play

SCRIPTS = yaml.safe_load(Path(__file__).with_name("dialogues.yml").read_text("utf-8"))
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


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script["id"])
def test_a_scripted_resident_gets_what_the_script_says(
    system: RunningSystem, staff_token: str, script: dict[str, Any]
) -> None:
    with httpx.Client(timeout=30) as client:
        resident = Resident(system.chat_url, client)
        play(resident, script)
    expected = script["expect"]
    said = "\n".join(entry["text"] for entry in resident.transcript if entry["from"] == "bot")
    for words in expected.get("bot_says", []):
        assert words in said
    if "programme" not in expected:
        return
    cases = cases_of(system, staff_token, resident.conversation_id)
    assert len(cases) == 1, said
    case = cases[0]
    facts = {key: case["facts"].get(key) for key in expected["facts"]}
    assert facts == expected["facts"]
    assert expected["programme"] in case["programmes"]
    assert set(expected["departments"]) <= {lead["department"] for lead in case["leads"]}
    assert case["urgency"] == expected["urgency"]
    assert case["receipt"] in said.replace(" ", "")

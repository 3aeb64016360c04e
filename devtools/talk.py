"""Plays scripted residents against the running system, over HTTP only.

A script line has `turns` (what the resident says, in order) and `answer_bank` (what they would
answer if asked about something the turns do not mention). The player reads what the bot is
asking from the `asking` field of the last message: it gives consent when asked for it, answers
from the bank, and says 不清楚 rather than let the script run past an open question. When the
script is over it takes up an offer to declare, so that what was told becomes a case.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from cases.tokens import make_on_machine
from devtools.json_lines import is_text, lines_of, read_objects
from foundation.runtime import Runtime

# What the bot may be asking → under which names a script's answer bank may hold the answer.
BANK_NAMES: dict[str, tuple[str, ...]] = {
    "disability_level": ("disability", "disability_level"),
    "disease": ("disease", "illness"),
    "student_stage": ("student", "student_stage"),
    "receiving": ("receiving",),
    "monthly_income_total": ("income", "monthly_income_total"),
    "car": ("car", "property"),
    "deposit": ("deposit", "property"),
    "hukou": ("hukou",),
    "household_size": ("household", "household_size"),
    "receipt": ("case_no", "receipt"),
    "region": ("region", "place"),
}
MAX_EXTRA_TURNS = 30
BAD_TEXT = 422


@dataclass
class Resident:
    """One web-chat conversation."""

    chat_url: str
    client: httpx.Client
    conversation_id: str = ""
    token: str = ""
    transcript: list[dict[str, Any]] = field(default_factory=list)

    def open(self) -> None:
        """Start the conversation; the greeting, if any, is kept in the transcript."""
        answer = self.client.post(f"{self.chat_url}/chat/conversations", json={})
        answer.raise_for_status()
        body = answer.json()
        self.conversation_id, self.token = body["conversation_id"], body["token"]
        self._keep(body.get("messages", []))

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send one text and return the bot's messages."""
        return self._send({"text": text}, text)

    def press(self, button: dict[str, Any]) -> list[dict[str, Any]]:
        """Press one of the offered buttons."""
        return self._send({"button": button["value"]}, f"[{button['label']}]")

    def _send(self, content: dict[str, str], shown: str) -> list[dict[str, Any]]:
        self.transcript.append({"from": "resident", "text": shown})
        answer = self._post({"client_message_id": uuid.uuid4().hex, **content})
        if answer.status_code == BAD_TEXT:  # the page would show the reason and keep the text
            self.transcript.append({"from": "refused", "text": answer.json()["reason"]})
            return []
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        self._keep(messages)
        return messages

    def _post(self, body: dict[str, Any]) -> httpx.Response:
        return self.client.post(
            f"{self.chat_url}/chat/conversations/{self.conversation_id}/messages",
            content=json.dumps(body),  # ASCII: half a character leaves as an escape
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
        )

    def _keep(self, messages: list[dict[str, Any]]) -> None:
        self.transcript += [{"from": "bot", **message} for message in messages]

    @property
    def last(self) -> dict[str, Any]:
        """The bot's last message, or an empty one."""
        said = [entry for entry in self.transcript if entry["from"] == "bot"]
        return said[-1] if said else {}

    @property
    def asking(self) -> str:
        """The fact or step the bot is waiting for, or an empty string."""
        return str(self.last.get("asking") or "")


def temporary_token(runtime: Runtime) -> str:
    """A service token for one day that sees every case: for demonstrations and scripted talks."""
    with runtime.database.write() as session:
        return make_on_machine(
            session,
            runtime.cipher,
            name="wenzhu talk",
            role="supervisor",
            area_code="100000",
            department="minzheng",
            days=1,
        )


def play(resident: Resident, script: dict[str, Any], *, to_the_end: bool = True) -> None:
    """Play all turns; then, `to_the_end`, finish what is still open and take up what is offered."""
    bank = dict(script.get("answer_bank") or {})
    resident.open()
    for turn in script["turns"]:
        _settle(resident, bank)
        resident.say(turn)
    for _ in range(MAX_EXTRA_TURNS if to_the_end else 0):
        if not _settle_once(resident, bank, closing=True):
            return


def _settle(resident: Resident, bank: dict[str, str]) -> None:
    for _ in range(MAX_EXTRA_TURNS):
        if not _settle_once(resident, bank, closing=False):
            return


def _settle_once(resident: Resident, bank: dict[str, str], *, closing: bool) -> bool:
    """Answer the open question if the script's own turns will not; False when nothing is open."""
    asking = resident.asking
    if asking == "consent":
        buttons = resident.last.get("buttons") or []
        if buttons:
            resident.press(buttons[0])
        else:
            resident.say("同意")
        return True
    for name in BANK_NAMES.get(asking, (asking,)):
        if name in bank:
            resident.say(bank.pop(name))
            return True
    if not closing or not asking:
        return False
    if asking in {"review", "offer_declare"}:
        resident.say("好")
        return True
    if asking.startswith(("offer", "confirm")):
        return False
    resident.say("不清楚")
    return True


def read_scripts(source: Path) -> list[dict[str, Any]]:
    """The scripts of a JSON-lines file. Raises ValueError naming the line that is none."""
    return [_script(line, number) for number, line in read_objects(source, "{id, turns}")]


def _script(script: dict[str, Any], number: int) -> dict[str, Any]:
    turns, bank = script.get("turns"), script.get("answer_bank") or {}
    if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
        raise ValueError(f"第 {number} 行的 turns 应该是居民说的话，一句一条")
    if not isinstance(bank, dict) or not all(is_text(answer) for answer in bank.values()):
        raise ValueError(f"第 {number} 行的 answer_bank 应该是问题和回答，回答是文字")
    return script


def play_file(
    source: Path, target: Path, *, chat_url: str, api_url: str, api_token: str
) -> list[dict[str, Any]]:
    """Play every script of a JSON-lines file and write `{id, transcript, cases}` lines.

    `cases` are the conversation's cases as the staff API shows them, with their leads. What was
    played is written even when a later script meets a fault. Raises ValueError for a bad line,
    `httpx.HTTPError` when the system is not there.
    """
    scripts = read_scripts(source)
    results: list[dict[str, Any]] = []
    try:
        with httpx.Client(timeout=30) as client:
            for script in scripts:
                resident = Resident(chat_url, client)
                play(resident, script)
                cases = _cases_of(resident, api_url, api_token)
                results.append(
                    {
                        "id": script["id"],
                        "conversation_id": resident.conversation_id,
                        "transcript": resident.transcript,
                        "cases": cases,
                    }
                )
    finally:
        target.write_text(lines_of(results), "utf-8")
    return results


def _cases_of(resident: Resident, api_url: str, api_token: str) -> list[dict[str, Any]]:
    found = resident.client.get(
        f"{api_url}/api/cases",
        params={"conversation_id": resident.conversation_id},
        headers={"Authorization": f"Bearer {api_token}"},
    )
    found.raise_for_status()
    cases: list[dict[str, Any]] = found.json()["cases"]
    return cases

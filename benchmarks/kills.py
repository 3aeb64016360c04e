"""`kill -9` of the four processes in the middle of declarations: nothing lost, nothing filed twice.

    python -m benchmarks.kills --kills 50 [--seed 1] [--database-url postgresql://…]

Residents talk over HTTP and retry with the same message id, as the web page does. Every receipt a
resident was shown must be one case, and no conversation may have two.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from devtools.running import PROCESSES, RunningSystem
from devtools.talk import Resident, play, temporary_token
from foundation.runtime import Runtime

RESIDENTS = 3
# How many die in the same moment; four are a power cut.
AT_ONCE = (1, 1, 2, 3, 4)
# A resident may have to wait while one process after the other starts again; none is given up on.
TURN_LIMIT_SECONDS = 600
SCRIPT: dict[str, Any] = {
    "turns": ["我想申请低保", "重庆忠县拔山镇", "三口人，农村户口", "我叫牟小兰", "13900000000"],
    "answer_bank": {"monthly_income_total": "一个月八百块", "disability": "没得残疾"},
}
RECEIPT = re.compile(r"登记好了。回执号(WZ\d{12})")


class PersistentResident(Resident):
    """Repeats a message under the same id until it has been answered."""

    def open(self) -> None:
        """Start, however often it takes."""
        self._until_answered(super().open)

    def _post(self, body: dict[str, Any]) -> httpx.Response:
        def attempt() -> httpx.Response:
            answer = super(PersistentResident, self)._post(body)
            answer.raise_for_status()
            if answer.json().get("pending"):
                raise httpx.TransportError("not answered yet")
            return answer

        return self._until_answered(attempt)

    def _until_answered(self, attempt: Any) -> Any:
        deadline = time.monotonic() + TURN_LIMIT_SECONDS
        while True:
            try:
                return attempt()
            except httpx.HTTPError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)


@dataclass
class Outcome:
    """What a campaign found. `lost` and `duplicated` must be 0."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROCESSES, 0))
    conversations: int = 0
    receipts_shown: int = 0
    cases: int = 0
    lost: int = 0
    duplicated: int = 0
    without_leads: int = 0
    undeclared: int = 0
    # eight tries over four minutes met dead processes: the message became a person's case
    handed_over: int = 0
    unfinished: int = 0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Did every acknowledged filing become exactly one routed case?"""
        wrong = self.lost + self.duplicated + self.without_leads
        wrong += self.undeclared + self.unfinished
        return wrong == 0 and self.receipts_shown > 0


class Campaign:
    """One running system, a few residents who never stop talking, and one who kills."""

    def __init__(self, system: RunningSystem, kills: int, seed: int) -> None:
        self.system = system
        self.kills = kills
        self.random = random.Random(seed)
        self.outcome = Outcome()
        self.talks: list[Resident] = []
        self._stop = threading.Event()
        self._guard = threading.Lock()

    def run(self) -> Outcome:
        """Kill, let the residents finish, count."""
        started = time.monotonic()
        threads = [threading.Thread(target=self._talk) for _ in range(RESIDENTS)]
        for thread in threads:
            thread.start()
        while (left := self.kills - sum(self.outcome.kills.values())) > 0:
            time.sleep(self.random.uniform(0.2, 1.5))
            self._kill(self.random.sample(PROCESSES, min(self.random.choice(AT_ONCE), left)))
        self._stop.set()
        for thread in threads:
            thread.join()
        self._count()
        self.outcome.seconds = round(time.monotonic() - started, 1)
        return self.outcome

    def _kill(self, victims: list[str]) -> None:
        for victim in victims:
            self.system.kill(victim)
            self.outcome.kills[victim] += 1
        for victim in victims:
            self.system.wait_ready(victim, limit_seconds=180)

    def _talk(self) -> None:
        while not self._stop.is_set():
            with httpx.Client(timeout=40) as client:
                resident = PersistentResident(self.system.chat_url, client)
                try:
                    play(resident, SCRIPT)
                except httpx.HTTPError:
                    self.outcome.unfinished += 1
                with self._guard:
                    self.talks.append(resident)

    def _count(self) -> None:
        token = temporary_token(Runtime.open(self.system.settings))
        with httpx.Client(timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
            for resident in self.talks:
                self._count_one(resident, client)

    def _count_one(self, resident: Resident, client: httpx.Client) -> None:
        found = client.get(
            f"{self.system.api_url}/api/cases",
            params={"conversation_id": resident.conversation_id},
        )
        found.raise_for_status()
        cases = found.json()["cases"]
        said = " ".join(entry["text"] for entry in resident.transcript if entry["from"] == "bot")
        shown = set(RECEIPT.findall(said))
        declared = [case for case in cases if case["programmes"]]
        self.outcome.conversations += 1
        self.outcome.receipts_shown += len(shown)
        self.outcome.cases += len(cases)
        self.outcome.lost += len(shown - {case["receipt"] for case in cases})
        self.outcome.duplicated += max(0, len(declared) - 1)
        self.outcome.handed_over += bool(cases) and not declared
        self.outcome.undeclared += not cases
        self.outcome.without_leads += sum(not case["leads"] for case in cases)


def main() -> None:
    """Run a campaign, print and keep its figures; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    environment = {"WENZHU_DATABASE_URL": arguments.database_url} if arguments.database_url else {}
    with (
        tempfile.TemporaryDirectory(prefix="wenzhu-kills-") as folder,
        RunningSystem(Path(folder), environment, seed=False) as system,
    ):
        outcome = Campaign(system, arguments.kills, arguments.seed).run()
    report = json.dumps(asdict(outcome), ensure_ascii=False, indent=2)
    print(report)
    if arguments.out:
        arguments.out.write_text(report + "\n", "utf-8")
    raise SystemExit(0 if outcome.clean else 1)


if __name__ == "__main__":
    main()

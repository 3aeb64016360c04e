"""Questions that hide hardship among plain ones: which are answered and offered to be registered.

    python -m benchmarks.hidden_need [--out benchmarks/results/hidden_need.json]

Judged twice: the signs in the words alone (`actions.hardship`), and one whole turn, from the
trained model to what is said. Wrong messages are named for the open half only: the sealed half is
counted and never read.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from actions import hardship, turns
from actions.state import State
from actions.turn import Understanding
from benchmarks import answers
from conversations import dialogue, identity
from foundation import clock, migrate
from foundation.database import new_id
from foundation.runtime import Runtime
from foundation.settings import Settings

HERE = Path(__file__).parent
MESSAGES = HERE / "hidden_need" / "messages.jsonl"
RESULT = HERE / "results" / "hidden_need.json"
HALVES = ("open", "sealed")
#: What the gate asks for: of the hidden needs at least, of the plain questions at most.
RECALL, FALSE_OFFERS = 0.8, 0.05
#: Where help is under way already, a topic of its own leads to the registration.
_LEADING = frozenset(("screening", "draft", "emergency"))

Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What one message led to: an offer to register, or straight into helping, or neither."""

    offered: bool
    led: bool
    heard: str


def messages(half: str | None = None) -> list[Row]:
    """The labelled messages {id, half, text, hardship, kind, style}, of one half or all."""
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    return [row for row in rows if half in (None, row["half"])]


def by_words(rows: list[Row]) -> list[Outcome]:
    """What the words alone say, without any model."""
    return [Outcome(bool(hardship.hidden(row["text"])), False, "") for row in rows]


def through_the_chat(rows: list[Row]) -> list[Outcome]:
    """The first message of a new talk each."""
    understood = answers.heard([row["text"] for row in rows])
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(clock, "now", return_value=answers.NOW),
    ):
        settings = Settings(_env_file=None, data_dir=Path(folder))
        migrate.upgrade(settings.database_url)
        runtime = Runtime.open(settings)
        try:
            pairs = zip(rows, understood, strict=True)
            return [_turn(runtime, row["text"], one) for row, one in pairs]
        finally:
            runtime.close()


def _turn(runtime: Runtime, text: str, one: Row) -> Outcome:
    with runtime.database.write() as session:
        talk = identity.start_web(session, runtime.cipher).conversation.id
    understanding = Understanding(
        one["intent"], text, one["entities"], one["secondary"], one["confidence"]
    )
    said = turns.take(runtime, turns.Request(understanding, talk, new_id(), "web", "sender"))
    with runtime.database.read() as session:
        state = State.from_json(dialogue.load(session, runtime.cipher, talk).data)
    offered = any(utterance.response.startswith("utter_offer_declare") for utterance in said)
    return Outcome(offered, not offered and bool(_LEADING & set(state.flow)), one["intent"])


def share(hits: int, of: int) -> Row:
    """A share with its 95 % interval (Wilson)."""
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    width = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low, high = max(0.0, middle - width), min(1.0, middle + width)
    return {"hits": hits, "of": of, "share": round(p, 3), "ci95": [round(low, 3), round(high, 3)]}


def figures(rows: list[Row], outcomes: list[Outcome]) -> Row:
    """Recall over the hidden needs, offers over the plain questions."""
    pairs = list(zip(rows, outcomes, strict=True))
    need = [outcome for row, outcome in pairs if row["hardship"]]
    plain = [outcome for row, outcome in pairs if not row["hardship"]]
    return {
        "hidden": {
            "offered_or_led": share(sum(o.offered or o.led for o in need), len(need)),
            "offered": sum(o.offered for o in need),
            "led_into_helping": sum(o.led for o in need),
        },
        "plain": {
            "offered": share(sum(o.offered for o in plain), len(plain)),
            "led_into_helping": sum(o.led for o in plain),
        },
    }


def falls(found: Row) -> list[str]:
    """What the gate refuses."""
    recall = found["hidden"]["offered_or_led"]["share"]
    false = found["plain"]["offered"]["share"]
    wrong = [f"recall {recall} < {RECALL}"] if recall < RECALL else []
    return wrong + ([f"false offers {false} > {FALSE_OFFERS}"] if false > FALSE_OFFERS else [])


def judged() -> Row:
    """All figures of both halves; the wrong messages of the open one."""
    rows = messages()
    ways = {"words": by_words(rows), "chat": through_the_chat(rows)}
    result: Row = {"model": answers.model().name.split(".")[0], "messages": len(rows)}
    for half in HALVES:
        here = [index for index, row in enumerate(rows) if row["half"] == half]
        result[half] = {
            way: figures([rows[i] for i in here], [outcomes[i] for i in here])
            for way, outcomes in ways.items()
        }
    result["open"]["wrong"] = [
        {"id": row["id"], "text": row["text"], "heard": outcome.heard}
        for row, outcome in zip(rows, ways["chat"], strict=True)
        if row["half"] == "open" and (outcome.offered or outcome.led) != row["hardship"]
    ]
    lost = [
        row["kind"] for row, o in zip(rows, ways["chat"], strict=True)
        if row["hardship"] and not (o.offered or o.led)
    ]  # fmt: skip
    result["missed_by_kind"] = dict(Counter(lost))
    return result


def main(arguments: list[str] | None = None) -> int:
    """Command line entry: 1 when the gate would refuse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args(arguments)
    result = judged()
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    wrong = [
        line for half in HALVES for way in ("words", "chat") for line in falls(result[half][way])
    ]
    print(json.dumps({half: result[half] for half in HALVES}, ensure_ascii=False, indent=1))
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

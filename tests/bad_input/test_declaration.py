"""A declaration in progress survives whatever is thrown in at each of its questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from actions.state import State
from cases.models import Case
from channels.gateway import Gateway
from channels.messages import Incoming, Refused, Turn
from conversations import dialogue
from foundation.database import new_id
from foundation.runtime import Runtime
from tests.bad_input.corpus import TEXTS, mutations
from tests.channels.engines import DialogueEngine

PLACE = "重庆市忠县拔山镇"
#: What a resident answers by what is asked; a word in brackets is a button to press.
ANSWERS = {
    "consent": "[都同意]",
    "name": "王桂兰",
    "phone": "13800138000",
    "region": PLACE,
    "review": "[提交]",
    "offer_person": "[不用]",
}
LONGEST = 30


class Declaring(DialogueEngine):
    """Recognises the place, which is not read from the words alone."""

    def entities(self, message: str) -> list[dict[str, Any]]:
        return [{"entity": "region", "value": PLACE}] if message == PLACE else []


class Resident:
    """One declaration on the real gateway and dialogue."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.gateway = Gateway(runtime, Declaring(runtime, intent="inform_facts"))
        self.id = self.gateway.open_web().conversation.id

    def say(self, text: str) -> Turn | None:
        """The answer, or None when the message was refused."""
        try:
            return self.gateway.receive(Incoming("web", self.id, new_id(), text=text))
        except Refused:
            return None

    def press(self, part: str) -> None:
        for message in reversed(self.gateway.messages(self.id, after=0)):
            for button in message["buttons"]:
                if part in button["label"]:
                    self.gateway.receive(Incoming("web", self.id, new_id(), button=button["value"]))
                    return
        raise AssertionError(f"no button {part}")

    @property
    def state(self) -> State:
        with self.runtime.database.read() as session:
            return State.from_json(dialogue.load(session, self.runtime.cipher, self.id).data)

    def answer(self, asking: str | None) -> None:
        """What a patient resident does next; who was not sure about consent begins again."""
        words = ANSWERS.get(asking, "不清楚") if asking else "[2 我要申报困难]"
        if words.startswith("["):
            self.press(words[1:-1])
        else:
            self.say(words)

    @property
    def receipt(self) -> str | None:
        with self.runtime.database.read() as session:
            query = select(Case).where(Case.conversation_id == self.id, Case.kind == "declaration")
            found = session.scalar(query)
            return found.receipt_no if found else None


def trouble_with(runtime: Runtime, text: str) -> Iterator[str]:
    """What went wrong in a declaration into which `text` was thrown at every question."""
    resident = Resident(runtime)
    resident.press("2 我要申报困难")
    thrown: set[str] = set()
    for _ in range(LONGEST):
        if resident.receipt is not None:
            return
        asking = resident.state.asking
        if asking is not None and asking not in thrown:
            thrown.add(asking)
            before = resident.state.stated()
            turn = resident.say(text)
            after = resident.state.stated()
            if turn is not None and (turn.pending or not turn.messages):
                yield f"{asking}: no answer"
            lost = {key for key, value in before.items() if after.get(key) != value}
            if lost:
                yield f"{asking}: lost or changed {sorted(lost)}"
            asking = resident.state.asking
        resident.answer(asking)
    yield f"not filed; still asked for {resident.state.asking}, after {sorted(thrown)}"


@pytest.mark.timeout(600)
def test_earlier_facts_stay_and_it_can_be_filed(runtime: Runtime) -> None:
    """A sample, and a smaller one where only the store differs; `make bad-input` throws all."""
    texts = list(TEXTS.values())[:: 4 if runtime.database.is_sqlite else 12]
    texts += ["不清楚", "0", "我三百岁", "-500元", *mutations(seed=7, count=4)]
    trouble = {text[:60]: found for text in texts if (found := list(trouble_with(runtime, text)))}
    assert trouble == {}

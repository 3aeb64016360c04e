"""Numbers shown for a case: our receipt, another office's number, a phone's last digits."""

from __future__ import annotations

import re

from actions.absorb import TOKEN
from actions.turn import Turn
from cases import receipt as receipts
from conversations import vault

_NUMBER = re.compile(r"[A-Za-z]{0,4}[\d][\d\-－—\s]{5,24}\d|[wWＷｗ][zZＺｚ][\d０-９\s\-]+")


def typed_receipt(turn: Turn) -> str | None:
    """A receipt of ours in this message, or None."""
    for found in _NUMBER.finditer(turn.heard.text):
        if number := receipts.normalise(found[0]):
            return number
    for number in turn.heard.values("case_no"):
        if normal := receipts.normalise(str(number)):
            return normal
    return None


def foreign_number(turn: Turn) -> str | None:
    """A number that is not ours, as typed or as its vault token; None without one."""
    heard = turn.heard
    shown = [str(number) for number in heard.values("case_no")]
    shown += [token[0] for token in TOKEN.finditer(heard.text) if token["kind"] == "NUM"]
    shown += [found[0] for found in _NUMBER.finditer(TOKEN.sub("", heard.text))]
    return next((number for number in shown if number), None)


def digits(turn: Turn) -> str:
    """The digits of the first personal number, else all digits of the message."""
    for token in TOKEN.finditer(turn.heard.text):
        raw = vault.reveal(turn.session, turn.cipher, turn.conversation_id, token[0]) or ""
        if raw:
            return re.sub(r"\D", "", raw)
    return re.sub(r"\D", "", turn.heard.text)

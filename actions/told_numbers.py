"""Personal numbers, told as vault tokens: kept, not asked for, or explained."""

from __future__ import annotations

import re
from typing import Any

from actions.absorbed import Absorbed, Refused
from actions.turn import Turn
from conversations import vault

TOKEN = vault.TOKEN
_PHONE_DIGITS = 11


def take(turn: Turn, stated: dict[str, Any], got: Absorbed) -> None:
    """Vault tokens: a phone is kept, an ID number is kept but never asked, a bad one explained."""
    for found in TOKEN.finditer(turn.heard.text):
        kind, token = found["kind"], found[0]
        if kind == "PHONE":
            stated["phone"] = token
        elif kind == "ID":
            stated["id_number"] = token
        elif kind == "CARD":
            got.refused.append(Refused("card", "utter_card_not_needed"))
        elif turn.state.asking in {"phone", "phone_tail"} or "draft" in turn.state.flow:
            got.refused.append(_bad_phone(turn, found))
    # "哦看错了，13800138000" after a mistyped one in the same message: the good number counts.
    if "phone" in stated:
        got.refused = [refused for refused in got.refused if refused.key != "phone"]


def _bad_phone(turn: Turn, found: re.Match[str]) -> Refused:
    raw = vault.reveal(turn.session, turn.cipher, turn.conversation_id, found[0]) or ""
    text = turn.heard.text
    # 13x00138000 may be tokenised only from the letter on.
    before = re.search(r"[0-9a-zA-Z*＊×]*$", text[: found.start()])
    after = re.match(r"[0-9a-zA-Z*＊×]*", text[found.end() :])
    raw = (before[0] if before else "") + raw + (after[0] if after else "")
    if re.search(r"[a-zA-Z*＊×]", raw):
        return Refused("phone", "utter_phone_has_letters")
    digits = len(re.sub(r"\D", "", raw))
    if digits and digits != _PHONE_DIGITS:
        return Refused("phone", "utter_phone_wrong_length", {"count": digits})
    return Refused("phone", "utter_phone_not_mobile")

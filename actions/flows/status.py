"""进度、补充、撤回: the resident's own cases, or those proven by receipt and phone tail.

A withdrawal names exactly one case, says which others stay, and is confirmed; two are never
withdrawn by one answer.
"""

from __future__ import annotations

import re
from typing import Any

from actions import reading
from actions.absorb import TOKEN, Absorbed
from actions.flows import casechoice, filing, safety, speech
from actions.turn import Button, Turn
from cases import receipt as receipts
from cases import service
from cases.service import CaseView
from conversations import vault

TOPIC = "status"
_MOST_SHOWN = 3
_NUMBER = re.compile(r"[A-Za-z]{0,4}[\d][\d\-－—\s]{5,24}\d|[wWＷｗ][zZＺｚ][\d０-９\s\-]{6,}")


def check(turn: Turn, got: Absorbed) -> None:
    """Where do my cases stand?"""
    del got
    _start(turn, "check")
    _with_proof(turn)


def update(turn: Turn, got: Absorbed) -> None:
    """Something changed, or papers to add."""
    _start(turn, "update")
    turn.state.pending["words"] = _content(turn, got)
    turn.state.pending["keys"] = got.keys
    _with_proof(turn)


def withdraw(turn: Turn, got: Absorbed) -> None:
    """Take back exactly one case."""
    del got
    _start(turn, "withdraw")
    _with_proof(turn)


def _start(turn: Turn, deed: str) -> None:
    state = turn.state
    waiting = state.pending if state.asking == "confirm_withdraw" and deed != "withdraw" else None
    state.open(TOPIC)
    state.pending = {"deed": deed, "tail": None, "receipt": _typed_receipt(turn)}
    if waiting:
        state.pending["after"] = waiting


def answer(turn: Turn, got: Absorbed) -> None:
    """Take the reply to the open question."""
    state = turn.state
    asking = state.asking or ""
    beside = set(got.keys) - {"case_no", "phone", "name", "for_relation"}
    if asking in {"receipt", "phone_tail"} and beside:
        close(turn)  # the talk has moved on to the household
        return
    if asking == "receipt":
        _receipt(turn, got)
    elif asking == "phone_tail":
        _tail(turn, got)
    elif asking == "which_case":
        _which(turn)
    elif asking == "update_text":
        _add(turn, turn.heard.text, got.keys)
    elif asking == "confirm_withdraw":
        _confirm(turn, got)
    else:
        close(turn)


def resume(turn: Turn) -> None:
    """Ask the open question again."""
    asking = turn.state.asking
    if asking == "confirm_withdraw":
        _ask_confirm(turn)
    elif asking == "which_case":
        _ask_which(turn, _cases(turn))
    elif asking == "receipt":
        _ask_receipt(turn)
    elif asking is not None:
        turn.say(f"utter_ask_{asking}")


def close(turn: Turn) -> None:
    """Done with this; a withdrawal that waited for its answer comes back."""
    after = turn.state.pending.get("after")
    turn.state.close(TOPIC)
    turn.state.pending = {}
    if after:
        turn.state.open(TOPIC)
        turn.state.pending = after
        _ask_confirm(turn)


def add_to_filed(turn: Turn, got: Absorbed) -> None:
    """Facts said after filing belong to the case filed last."""
    receipt = turn.state.filed[-1]["receipt"]
    try:
        safety.add_facts(turn, receipt, got)
    except service.CaseError:
        turn.say("utter_case_finished")
        return
    turn.say("utter_supplement_added", receipt=receipt)


def _with_proof(turn: Turn) -> None:
    """Go on with the cases of this conversation, or ask for a receipt."""
    state = turn.state
    if state.pending.get("receipt") is None and _foreign(turn):
        return
    views = _looked_up(turn)
    if views is None:
        return
    if not views:
        if state.pending.get("receipt"):
            state.ask("phone_tail")
            turn.say("utter_ask_phone_tail")
        else:
            _ask_receipt(turn)
        return
    _do(turn, views)


def _ask_receipt(turn: Turn) -> None:
    """Ask for the receipt; the second time say what helps without one."""
    state = turn.state
    state.ask("receipt")
    again = state.receipt_asked
    state.receipt_asked = True
    turn.say("utter_ask_receipt_again" if again else "utter_ask_receipt",
             phone=turn.settings.help_phone)  # fmt: skip


def _do(turn: Turn, views: list[CaseView]) -> None:
    deed = turn.state.pending["deed"]
    if deed == "check":
        show(turn, views)
        close(turn)
        return
    open_views = [view for view in views if view.can_withdraw]
    if not open_views:
        turn.say("utter_case_finished")
        close(turn)
        return
    chosen = casechoice.pick(turn, open_views, deed)
    if chosen is None:
        _ask_which(turn, open_views)
    elif deed == "withdraw":
        _prepare_withdrawal(turn, chosen, open_views)
    else:
        turn.state.pending["receipt"] = chosen.receipt_no
        words = turn.state.pending.get("words")
        if words:
            _add(turn, words, turn.state.pending.get("keys", []))
        else:
            turn.state.ask("update_text")
            turn.say("utter_ask_update_text")


def show(turn: Turn, views: list[CaseView]) -> None:
    """Newest first: what for, the plain word, days left, who has it."""
    words = turn.words
    if len(views) > 1:
        turn.say("utter_status_several", count=len(views))
    for view in views[:_MOST_SHOWN]:
        what = words.programmes(view.programmes or view.need_types)
        response = "utter_status_overdue" if view.days_left < 0 else "utter_status_one"
        if view.word == "有结果了":
            response = "utter_status_result" if view.result else "utter_status_ended"
        elif view.papers_needed:
            response = "utter_status_papers"
        turn.say(
            response,
            who=casechoice.title(turn, view),
            what=what,
            receipt=view.receipt_no,
            word=str(view.word),
            days=max(view.days_left, 0),
            due=view.due_on,
            holder=speech.holder(turn, view),
            papers=view.papers_needed or "",
            result=view.result or "",
            phone=turn.settings.help_phone,
        )


def _looked_up(turn: Turn) -> list[CaseView] | None:
    """The cases, or None when too many wrong tries have closed the door for a while (said so)."""
    try:
        return _cases(turn)
    except service.TooManyAttempts:
        turn.say("utter_proof_locked", phone=turn.settings.help_phone)
        close(turn)
        return None


def _cases(turn: Turn) -> list[CaseView]:
    """The conversation's cases, or the one proven by receipt and phone tail."""
    pending = turn.state.pending
    if pending.get("receipt"):
        return service.find_for_resident(
            turn.session, turn.cipher, turn.conversation_id, pending["receipt"], pending.get("tail")
        )
    return service.find_for_resident(turn.session, turn.cipher, turn.conversation_id)


def _typed_receipt(turn: Turn) -> str | None:
    """A receipt of ours in this message, or None."""
    for found in _NUMBER.finditer(turn.heard.text):
        if number := receipts.normalise(found[0]):
            return number
    for number in turn.heard.values("case_no"):
        if normal := receipts.normalise(str(number)):
            return normal
    return None


def _foreign(turn: Turn) -> bool:
    """A number that is not ours: say how ours looks. True when it was said."""
    heard = turn.heard
    shown = [str(number) for number in heard.values("case_no")]
    for token in TOKEN.finditer(heard.text):
        if token["kind"] == "NUM":
            raw = vault.reveal(turn.session, turn.cipher, turn.conversation_id, token[0])
            shown.append(raw or "")
    shown += [found[0] for found in _NUMBER.finditer(TOKEN.sub("", heard.text))]
    if not [number for number in shown if number]:
        return False
    turn.state.ask("receipt")
    turn.say("utter_receipt_foreign")
    return True


def _receipt(turn: Turn, got: Absorbed) -> None:
    state = turn.state
    typed = _typed_receipt(turn)
    if typed:
        state.pending["receipt"] = typed
        _with_proof(turn)
    elif _foreign(turn):
        return
    elif got.answer == "yes":
        close(turn)
        turn.say("utter_anything_else")
    elif got.answer in {"unknown", "no"} or turn.heard.value("choice") == "no_receipt":
        turn.say("utter_receipt_lost", phone=turn.settings.help_phone)
        close(turn)
    elif got.noted:
        _ask_receipt(turn)
    else:
        speech.miss(turn)
        if state.asking != "offer_person":
            _ask_receipt(turn)


def _tail(turn: Turn, got: Absorbed) -> None:
    state = turn.state
    digits = _digits(turn)
    if got.answer == "unknown" or not digits:
        if got.answer == "unknown":
            turn.say("utter_receipt_lost", phone=turn.settings.help_phone)
            close(turn)
        else:
            turn.say("utter_ask_phone_tail")
        return
    state.pending["tail"] = digits[-4:]
    views = _looked_up(turn)
    if views is None:
        return
    if not views:
        state.pending["tail"] = None
        state.pending["receipt"] = None
        turn.say("utter_proof_wrong")
        state.ask("receipt")
        return
    _do(turn, views)


def _digits(turn: Turn) -> str:
    for token in TOKEN.finditer(turn.heard.text):
        raw = vault.reveal(turn.session, turn.cipher, turn.conversation_id, token[0]) or ""
        if raw:
            return re.sub(r"\D", "", raw)
    return re.sub(r"\D", "", turn.heard.text)


def _ask_which(turn: Turn, views: list[CaseView]) -> None:
    deed = turn.state.pending["deed"]
    turn.state.ask("which_case")
    buttons = [
        Button(casechoice.title(turn, view), f'/inform_facts{{"choice":"case:{view.receipt_no}"}}')
        for view in views[:6]
    ]
    turn.say(f"utter_ask_which_{deed}", buttons=buttons)


def _which(turn: Turn) -> None:
    views = [view for view in _cases(turn) if view.can_withdraw]
    choice = str(turn.heard.value("choice") or "")
    if choice.startswith("case:"):
        views = [view for view in views if view.receipt_no == choice.removeprefix("case:")] or views
        chosen = views[0] if len(views) == 1 else None
        views = [view for view in _cases(turn) if view.can_withdraw]
    else:
        chosen = casechoice.pick(turn, views, turn.state.pending["deed"], named_only=True)
    if chosen is None:
        speech.miss(turn)
        if turn.state.asking != "offer_person":
            _ask_which(turn, views)
        return
    if turn.state.pending["deed"] == "withdraw":
        _prepare_withdrawal(turn, chosen, views)
        return
    turn.state.pending["receipt"] = chosen.receipt_no
    if turn.state.pending.get("words"):
        _add(turn, turn.state.pending["words"], turn.state.pending.get("keys", []))
    else:
        turn.state.ask("update_text")
        turn.say("utter_ask_update_text")


def _prepare_withdrawal(turn: Turn, chosen: CaseView, views: list[CaseView]) -> None:
    state = turn.state
    state.pending["target"] = chosen.receipt_no
    state.pending["target_title"] = casechoice.title(turn, chosen)
    state.pending["kept"] = [
        casechoice.title(turn, view) for view in views if view.receipt_no != chosen.receipt_no
    ]
    _ask_confirm(turn)


def _ask_confirm(turn: Turn) -> None:
    pending = turn.state.pending
    turn.state.ask("confirm_withdraw")
    if pending.get("kept"):
        turn.say(
            "utter_ask_confirm_withdraw_keep",
            title=pending["target_title"],
            kept=turn.words.join(pending["kept"]),
        )
    else:
        turn.say("utter_ask_confirm_withdraw", title=pending["target_title"])


def _confirm(turn: Turn, got: Absorbed) -> None:
    state = turn.state
    choice = turn.heard.value("choice")
    if choice == "withdraw" or (choice is None and got.answer == "yes"):
        view = service.withdraw(
            turn.session,
            turn.cipher,
            turn.conversation_id,
            state.pending["target"],
            phone_tail=state.pending.get("tail"),
        )
        kept = state.pending.get("kept", [])
        state.filed = [one for one in state.filed if one["receipt"] != view.receipt_no]
        turn.say("utter_withdrawn", title=state.pending["target_title"])
        if kept:
            turn.say("utter_withdrawn_kept", kept=turn.words.join(kept))
        close(turn)
    elif choice == "keep" or got.answer in {"no", "unknown"}:
        turn.say("utter_not_withdrawn")
        close(turn)
    else:
        _ask_confirm(turn)


def _add(turn: Turn, words: str, keys: list[str]) -> None:
    """Put words and facts on the case; papers themselves cannot be sent here and we say so."""
    state = turn.state
    stated: dict[str, Any] = {}
    for key in keys:
        value = filing.revealed(turn, key)
        if value is not None and key in state.facts:
            stated[key] = value
    try:
        view = service.add_supplement(
            turn.session,
            turn.cipher,
            turn.conversation_id,
            state.pending["receipt"],
            TOKEN.sub("", words) or words,
            stated=stated,
            sources={
                key: {"message_id": turn.message_id, "sentence": state.facts[key].sentence}
                for key in stated
            },
            phone_tail=state.pending.get("tail"),
        )
    except service.CaseError:
        turn.say("utter_case_finished")
        close(turn)
        return
    papers = reading.pattern("papers").search(words)
    turn.say(
        "utter_supplement_papers" if papers else "utter_supplement_noted",
        title=casechoice.title(turn, view),
    )
    close(turn)


def _content(turn: Turn, got: Absorbed) -> str | None:
    """The message itself when it says what changed, else None."""
    if turn.heard.chosen:
        return None
    if got.noted:
        return turn.heard.text
    rest = reading.pattern("generic").sub("", reading.bare(turn.heard.text))
    return turn.heard.text if len(rest) >= 2 else None

"""进度、补充、撤回: the resident's own cases, or those proven by receipt and phone tail.

A withdrawal names exactly one case, says which others stay, and is confirmed; two are never
withdrawn by one answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import hearing, reading
from actions.absorb import TOKEN, Absorbed
from actions.flows import casechoice, filed, filing, granted, proof, request, speech, withdrawal
from actions.turn import Button, Turn
from cases import service
from cases.service import CaseView

TOPIC = withdrawal.TOPIC
_MOST_SHOWN = 3
#: The button after 找到工作会不会马上停.
FOUND_WORK = "found_work"
#: Asked more than a few times in a row they go round in circles.
_ASKED_AGAIN = frozenset({"receipt", "confirm_withdraw"})


def check(turn: Turn, got: Absorbed) -> None:
    """Where do my cases stand?"""
    _begin(turn, got, "check")


def update(turn: Turn, got: Absorbed) -> None:
    """Something changed, or papers to add."""
    if turn.heard.value("choice") == FOUND_WORK:
        turn.heard = replace(turn.heard, text=turn.words.part("found_work_told"))
    _begin(turn, got, "update")


def withdraw(turn: Turn, got: Absorbed) -> None:
    """Take back exactly one case."""
    if withdrawal.forget_unfiled(turn):
        return
    _begin(turn, got, "withdraw")


def _begin(turn: Turn, got: Absorbed, deed: str) -> None:
    if request.TOPIC in turn.state.flow:
        request.answer(turn, got)
        return
    _start(turn, deed)
    request.hear(turn)
    if deed == "update":
        turn.state.pending["words"] = filed.content(turn, got)
        turn.state.pending["keys"] = got.keys
    _with_proof(turn)


def _start(turn: Turn, deed: str) -> None:
    state = turn.state
    waiting = state.pending if state.asking == "confirm_withdraw" and deed != "withdraw" else None
    asked = state.pending.get("asked", 0) if state.asking in _ASKED_AGAIN else 0
    state.open(TOPIC)
    state.pending = {"deed": deed, "tail": None, "receipt": proof.typed_receipt(turn)}
    state.pending["asked"] = asked
    if waiting:
        state.pending["after"] = waiting


def answer(turn: Turn, got: Absorbed) -> None:
    """Take the reply to the open question."""
    state = turn.state
    asking = state.asking or ""
    beside = set(got.keys) - {"case_no", "phone", "name", "for_relation"}
    if asking in {"receipt", "phone_tail"} and beside:
        if state.pending.get("deed") == "update":
            request.hear(turn)  # 儿媳妇生了个娃: the very change that was to be told
            _hand_over(turn)
            return
        close(turn)  # the talk has moved on to the household
        return
    if asking == "receipt":
        _receipt(turn, got)
    elif asking == "phone_tail":
        _tail(turn, got)
    elif asking == "which_case":
        _which(turn, got)
    elif asking == "update_text":
        _add(turn, turn.heard.text, got.keys)
    elif asking == "confirm_withdraw":
        if withdrawal.confirm(turn, got):
            close(turn)
    else:
        close(turn)


def resume(turn: Turn) -> None:
    """Ask the open question again."""
    asking = turn.state.asking
    if asking == "confirm_withdraw":
        withdrawal.ask(turn)
    elif asking == "which_case":
        _ask_which(turn, _cases(turn))
    elif asking == "receipt":
        _no_receipt(turn) if turn.has_said("utter_receipt_lost") else _ask_receipt(turn)
    elif asking == "offer_person":
        turn.say("utter_offer_person")
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
        withdrawal.ask(turn)


def _with_proof(turn: Turn) -> None:
    """Go on with the cases of this conversation, or ask for a receipt."""
    state = turn.state
    number = proof.foreign_number(turn)
    if state.pending.get("receipt") is None and number:
        _foreign(turn, number)
        return
    views = _looked_up(turn)
    if views is None:
        return
    if not views:
        if state.pending.get("receipt"):
            state.ask("phone_tail")
            turn.say("utter_ask_phone_tail")
        elif turn.heard.value("choice") == FOUND_WORK:
            _hand_over(turn)  # whose aid is not from here has no receipt of ours
        else:
            _ask_receipt(turn)
        return
    _do(turn, views)


def _ask_receipt(turn: Turn) -> None:
    """Ask for the receipt; the second time help without one."""
    state = turn.state
    again, state.receipt_asked = state.receipt_asked, True
    if again and (state.pending.get("deed") != "check" or "lost" in state.request):
        _hand_over(turn)
        return
    state.pending["asked"] = state.pending.get("asked", 0) + 1
    if state.pending["asked"] > speech.PATIENCE:
        _no_receipt(turn)  # 查进度 again and again: where it can be looked up without one
        return
    state.ask("receipt")
    turn.say("utter_ask_receipt_again" if again else "utter_ask_receipt",
             phone=turn.settings.help_phone)  # fmt: skip


def _foreign(turn: Turn, number: str) -> None:
    """Another office's number: say how ours looks; what is wanted goes to a person."""
    known = turn.state.request.get("number")
    turn.state.request["number"] = number
    if known or turn.state.pending.get("deed") != "check":
        _hand_over(turn)
        return
    turn.state.ask("receipt")
    turn.say("utter_receipt_foreign")


def _no_receipt(turn: Turn) -> None:
    """Lost: the desk can look it up; what is to be changed or withdrawn goes to a person."""
    if turn.state.pending.get("deed") != "check":
        _hand_over(turn)
        return
    if not turn.has_said("utter_receipt_lost"):
        turn.say("utter_receipt_lost", phone=turn.settings.help_phone)
    close(turn)
    request.remember_loss(turn)


def _hand_over(turn: Turn) -> None:
    changes = turn.state.pending.get("deed") == "update"
    turn.state.close(TOPIC)
    turn.state.pending = {}
    request.begin(turn, changes=changes)


def _do(turn: Turn, views: list[CaseView]) -> None:
    turn.state.request = {}
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
        withdrawal.prepare(turn, chosen, open_views)
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
        granted.tell(turn, view)


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
        found = service.find_for_resident(
            turn.session, turn.cipher, turn.conversation_id, pending["receipt"], pending.get("tail")
        )
        turn.proven = bool(found)
        return found
    return service.find_for_resident(turn.session, turn.cipher, turn.conversation_id)


def _receipt(turn: Turn, got: Absorbed) -> None:
    state = turn.state
    typed = proof.typed_receipt(turn)
    number = proof.foreign_number(turn)
    if typed:
        state.pending["receipt"] = typed
        _with_proof(turn)
    elif number:
        _foreign(turn, number)
    elif got.answer == "yes" and state.request.get("number"):
        _no_receipt(turn)  # 就这个号啊: another office's, and there is no other
    elif got.answer == "yes":
        close(turn)
        turn.say("utter_anything_else")
    elif (
        got.answer in {"unknown", "no"}
        or turn.heard.value("choice") == "no_receipt"
        or reading.begins_with_no(turn.heard.text)
        or reading.pattern("lost_paper").search(turn.heard.text)
        or reading.pattern("receipt_lost").search(reading.bare(turn.heard.text))
    ):
        _no_receipt(turn)
    elif got.noted or hearing.picks_a_case(turn):
        request.hear(turn)
        _hand_over(turn)
    else:
        speech.miss(turn)
        if state.asking != "offer_person":
            _ask_receipt(turn)


def _tail(turn: Turn, got: Absorbed) -> None:
    state = turn.state
    digits = proof.digits(turn)
    if got.answer == "unknown" or not digits:
        if got.answer == "unknown":
            _no_receipt(turn)
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


def _ask_which(turn: Turn, views: list[CaseView]) -> None:
    deed = turn.state.pending["deed"]
    turn.state.ask("which_case")
    buttons = [
        Button(casechoice.title(turn, view), f'/inform_facts{{"choice":"case:{view.receipt_no}"}}')
        for view in views[:6]
    ]
    turn.say(f"utter_ask_which_{deed}", buttons=buttons)


def _which(turn: Turn, got: Absorbed) -> None:
    views = [view for view in _cases(turn) if view.can_withdraw]
    choice = str(turn.heard.value("choice") or "")
    if choice.startswith("case:"):
        views = [view for view in views if view.receipt_no == choice.removeprefix("case:")] or views
        chosen = views[0] if len(views) == 1 else None
        views = [view for view in _cases(turn) if view.can_withdraw]
    else:
        chosen = casechoice.pick(turn, views, turn.state.pending["deed"], named_only=True)
    if chosen is None:
        if not got.noted:
            speech.miss(turn)
        elif turn.state.pending["deed"] == "update":  # 又住院了，花了两万: what is to be added
            filed.keep_for_later(turn, got)
        if turn.state.asking != "offer_person":
            _ask_which(turn, views)
        return
    if turn.state.pending["deed"] == "withdraw":
        withdrawal.prepare(turn, chosen, views)
        return
    turn.state.pending["receipt"] = chosen.receipt_no
    if turn.state.pending.get("words"):
        _add(turn, turn.state.pending["words"], turn.state.pending.get("keys", []))
    else:
        turn.state.ask("update_text")
        turn.say("utter_ask_update_text")


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

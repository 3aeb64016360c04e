"""撤回: exactly one case, the others named as kept, and only after an express yes."""

from __future__ import annotations

from actions import reading
from actions.absorb import Absorbed
from actions.flows import casechoice, speech
from actions.turn import Turn
from cases import service
from cases.service import CaseView

TOPIC = "status"


def prepare(turn: Turn, chosen: CaseView, views: list[CaseView]) -> None:
    """Remember which one goes and which stay, and ask."""
    pending = turn.state.pending
    pending["target"] = chosen.receipt_no
    pending["target_title"] = casechoice.title(turn, chosen)
    pending["kept"] = [
        casechoice.title(turn, view) for view in views if view.receipt_no != chosen.receipt_no
    ]
    ask(turn)


def ask(turn: Turn) -> None:
    """Name what goes and what stays. Asked a few times without a yes, all stays as it is."""
    pending = turn.state.pending
    pending["asked"] = pending.get("asked", 0) + 1
    if pending["asked"] > speech.PATIENCE:
        turn.say("utter_not_withdrawn")
        turn.state.close(TOPIC)
        turn.state.pending = {}
        return
    turn.state.ask("confirm_withdraw")
    if pending.get("kept"):
        turn.say(
            "utter_ask_confirm_withdraw_keep",
            title=pending["target_title"],
            kept=turn.words.join(pending["kept"]),
        )
    else:
        turn.say("utter_ask_confirm_withdraw", title=pending["target_title"])


def confirm(turn: Turn, got: Absorbed) -> bool:
    """Take the answer; True when the matter is settled either way."""
    choice = turn.heard.value("choice")
    if not turn.heard.chosen and reading.pattern("not_yet").search(turn.heard.text):
        choice = "keep"  # 再想想: not today
    if choice == "withdraw" or (choice is None and got.answer == "yes"):
        _withdraw(turn)
        return True
    if choice == "keep" or got.answer in {"no", "unknown"}:
        turn.say("utter_not_withdrawn")
        return True
    ask(turn)
    return False


def forget_unfiled(turn: Turn) -> bool:
    """刚才说的帮我删了, before anything was filed: nothing of it is used. True when it was said."""
    state = turn.state
    told = state.draft or state.story or state.facts
    if state.filed or not told or turn.heard.chosen or turn.heard.values("case_no"):
        return False
    if not reading.pattern("just_told").search(reading.squeezed(turn.heard.text)):
        return False
    for topic in list(state.flow):
        state.close(topic)
    state.facts, state.draft, state.consent = {}, {}, {}
    state.story, state.declined, state.programmes, state.named = [], [], [], []
    state.region, state.screened, state.pending, state.request = None, False, {}, {}
    turn.say("utter_unfiled_forgotten")
    return True


def _withdraw(turn: Turn) -> None:
    state = turn.state
    view = service.withdraw(
        turn.session,
        turn.cipher,
        turn.conversation_id,
        state.pending["target"],
        phone_tail=state.pending.get("tail"),
    )
    state.filed = [one for one in state.filed if one["receipt"] != view.receipt_no]
    turn.say("utter_withdrawn", title=state.pending["target_title"])
    if kept := state.pending.get("kept"):
        turn.say("utter_withdrawn_kept", kept=turn.words.join(kept))

"""代转: what is wanted with a case nobody can show a receipt for, handed to the office to look up.

Nothing is changed or withdrawn here. Whose case, a phone and a place help to find it; all three may
stay unanswered.
"""

from __future__ import annotations

from typing import Any

from actions import hearing, reading
from actions.absorb import TOKEN, Absorbed, evidence
from actions.consents import consent_texts
from actions.flows import declaration, filing, handoff, speech
from actions.state import State
from actions.turn import Button, Turn
from cases import service
from cases.states import CaseKind, NeedType
from conversations import vault
from foundation import text as text_tools

TOPIC = "request"
#: What was talked about when a receipt was said to be lost.
LOST = "receipt_lost"
_ASKED = ("name", "phone", "region")
#: A sentence longer than this is more than the answer to a question.
_WORD = 4
_MOST = 10
_EVADED = 3


def hear(turn: Turn) -> None:
    """Keep what was said about the case, in the resident's own words."""
    text = TOKEN.sub("", turn.heard.text).strip()
    if turn.heard.chosen or not text:
        return
    request = turn.state.request
    request.setdefault("said", [])
    if text not in request["said"]:
        request["said"] = [*request["said"], text][-_MOST:]
    relation = reading.kin(text)
    if relation and not turn.state.knows("for_relation"):
        turn.state.facts["for_relation"] = evidence(turn, "for_relation", relation)


def remember_loss(turn: Turn) -> None:
    """There is no receipt: whoever asks on, or tells a name, is not asked for it again."""
    turn.state.request["lost"] = True
    turn.state.answered = {
        "labels": [], "programme": "", "topic": LOST, "words": turn.heard.text, "told": [],
    }  # fmt: skip


def by_name(turn: Turn, got: Absorbed, before: dict[str, Any]) -> bool:
    """我叫刘桂兰, right after 没有回执号: staff look for the name. True when handed over."""
    state = turn.state
    lost = before.get("topic") == LOST and not state.flow and state.asking is None
    if not lost or turn.heard.chosen or "name" not in got.keys:
        return False
    if not state.request.get("said") and before.get("led"):
        state.request["said"] = [before["led"]]
    hear(turn)
    begin(turn)
    return True


def begin(turn: Turn, *, changes: bool = False) -> None:
    """Say what will happen and ask the first thing that helps to find the case."""
    if not declaration.may_file(turn):
        handoff.to_web(turn)
        return
    turn.state.open(TOPIC)
    turn.state.request.setdefault("key", turn.message_id)
    if changes or turn.heard.value("choice") == "found_work":
        turn.say("utter_request_begin_change")
    else:
        shown = "number" in turn.state.request
        turn.say("utter_request_begin_number" if shown else "utter_request_begin")
    proceed(turn)


def answer(turn: Turn, got: Absorbed) -> None:
    """Take the reply to the open question; anything else about the case is kept as well."""
    state = turn.state
    asking = state.asking or ""
    if asking == "review":
        _review(turn, got)
        return
    if _withdraws(state) and reading.pattern("stays_filed").search(turn.heard.text):
        state.close(TOPIC)
        state.request = {}
        turn.say("utter_not_withdrawn")  # 那算了不撤了: the case goes on as it was
        return
    if got.answer == "unknown" or (got.answer == "no" and asking in _ASKED):
        state.decline(asking)
    elif got.answer == "yes":
        _enough(turn)
        return
    elif got.answer == "value" and not _tells_more(turn):
        pass
    elif got.keys != ["region"]:  # a bare place helps to find the case and wants nothing done
        hear(turn)
        if got.answer != "value":
            turn.say("utter_request_noted")
            state.request["beside"] = [*state.request.get("beside", []), asking]
    proceed(turn)


def _withdraws(state: State) -> bool:
    """Is to take a case back what was wanted?"""
    return any(reading.pattern("takes_out").search(said) for said in state.request.get("said", []))


def resume(turn: Turn) -> None:
    """Ask the open question again after an interruption."""
    proceed(turn)


def proceed(turn: Turn) -> None:
    """The next thing that helps, or the card."""
    state = turn.state
    # told of other things three times where this was asked: it is not asked a fourth time
    beside = state.request.get("beside", [])
    wanted = [key for key in _ASKED if not state.knows(key) and beside.count(key) < _EVADED]
    key = next(iter(wanted), None)
    if key is None:
        _show(turn)
    elif key == "region":
        speech.ask_place(turn, "utter_request_ask_region")
    else:
        state.ask(key)
        turn.say(f"utter_request_ask_{key}")


def _enough(turn: Turn) -> None:
    """好了, said to an open question: nothing more to tell."""
    for key in _ASKED:
        if not turn.state.knows(key):
            turn.state.decline(key)
    _show(turn)


def _tells_more(turn: Turn) -> bool:
    """叫徐素华的那份 is a name and nothing else; 我妈徐素华的留着 is both."""
    text = turn.heard.text
    keeps = bool(reading.pattern("keep").search(text)) or hearing.asks_something(text)
    return keeps and len(reading.bare(text)) > _WORD


def _show(turn: Turn) -> None:
    state, words = turn.state, turn.words
    state.ask("review")
    phone = filing.revealed(turn, "phone")
    said = "；".join(state.request.get("said", []))
    lines = {
        "request": filing.shorten(said) if said else words.part("unsaid"),
        "name": state.value("name") or words.part("unsaid"),
        "phone": text_tools.mask_phone(phone) if phone else words.part("unsaid"),
        "region": state.value("region") or words.part("unsaid"),
    }
    turn.say(
        "utter_request_card",
        items="\n".join(words.part(f"item_{key}", value=value) for key, value in lines.items()),
    )
    turn.say(
        "utter_request_confirm",
        notice=consent_texts()["request"].text,
        buttons=[
            Button(words.part(f"button_request_{choice}"), f'/inform_facts{{"choice":"{choice}"}}')
            for choice in ("submit", "drop")
        ],
    )


def _review(turn: Turn, got: Absorbed) -> None:
    choice = turn.heard.value("choice")
    if not turn.heard.chosen and reading.pattern("not_yet").search(turn.heard.text):
        choice = "drop"  # 先不交 at the card
    if choice == "submit" or (got.answer == "yes" and not got.noted):
        _hand_over(turn)
    elif choice == "drop":
        turn.state.close(TOPIC)
        turn.state.request = {}
        turn.say("utter_request_dropped")
    elif got.answer == "unknown":
        turn.state.misses += 1
        if turn.state.misses < speech.PATIENCE:
            _show(turn)
            return
        turn.state.misses = 0
        speech.offer_person(turn)
    elif got.answer == "no" and not got.noted:
        turn.state.misses += 1
        if turn.state.misses < speech.PATIENCE:
            turn.say("utter_request_more")
            return
        turn.state.misses = 0
        speech.offer_person(turn)
    else:
        hear(turn)
        if not turn.said:  # the card shows the beginning of a long wish: that it was heard is said
            turn.say("utter_request_noted")
        _show(turn)


def _hand_over(turn: Turn) -> None:
    """Open the case for the office and give its number."""
    state = turn.state
    receipt = _file(turn)
    turn.say(
        "utter_request_filed",
        receipt=receipt.receipt_no,
        due=receipt.due_on,
        holder=speech.holder(turn, receipt),
    )
    state.filed.append(
        {
            "receipt": receipt.receipt_no,
            "name": state.value("name"),
            "relation": state.value("for_relation"),
            "kind": TOPIC,
        }
    )
    state.close(TOPIC)
    state.request = {}


def _file(turn: Turn) -> service.Receipt:
    """A case of its own kind: it asks for a deed, it declares no household."""
    state, request = turn.state, turn.state.request
    notice = consent_texts()["request"]
    facts = {
        key: value
        for key in (*_ASKED, "for_relation")
        if (value := filing.revealed(turn, key)) is not None
    }
    if number := request.get("number"):
        facts["case_no"] = _revealed(turn, number)
    sources = {
        key: {"message_id": state.facts[key].message_id, "sentence": state.facts[key].sentence}
        for key in facts
        if key in state.facts
    }
    return service.file_declaration(
        turn.session,
        turn.cipher,
        service.Declaration(
            kind=CaseKind.CASE_REQUEST,
            conversation_id=turn.conversation_id,
            channel=turn.channel,
            idempotency_key=f"{turn.conversation_id}:{request['key']}:request",
            need_types=[NeedType.CASE_REQUEST],
            facts=facts,
            fact_sources=sources,
            region_code=state.region,
            region_text=state.value("region"),
            consents=[service.ConsentGiven("general", notice.version, notice.digest, turn.now)],
            story="\n".join(request.get("said", [])) or None,
            for_relation=state.value("for_relation"),
        ),
    )


def _revealed(turn: Turn, number: str) -> str:
    """The number behind a vault token, or the number itself."""
    if not number.startswith("⟦"):
        return number
    return vault.reveal(turn.session, turn.cipher, turn.conversation_id, number) or ""

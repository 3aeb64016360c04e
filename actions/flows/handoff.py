"""A person, one turn away from anywhere; and the way from Telegram to the web chat."""

from __future__ import annotations

from actions.absorb import Absorbed
from actions.flows import speech
from actions.turn import Turn
from cases import service
from conversations import links


def request(turn: Turn, got: Absorbed | None = None) -> None:
    """Ask for a person: recorded for the office, with an honest date; the talk may go on."""
    del got
    turn.state.person_asked = True
    receipt = service.request_person(
        turn.session,
        turn.cipher,
        turn.conversation_id,
        turn.words.part("person_button") if turn.heard.chosen else turn.heard.text,
        f"{turn.conversation_id}:{turn.message_id}:person",
        region_code=turn.state.region,
        channel=turn.channel,
    )
    turn.say(
        "utter_person_requested",
        holder=speech.holder(turn, receipt),
        due=receipt.due_on,
        phone=turn.settings.help_phone,
    )
    if turn.state.asking == "offer_person":
        turn.state.asking = None
    if turn.state.flow:
        turn.say("utter_person_meanwhile")


def answer_offer(turn: Turn, got: Absorbed) -> bool:
    """The reply to "shall a person help?". True when it settled the matter."""
    turn.state.asking = None
    if turn.heard.value("choice") == "person" or got.answer == "yes":
        request(turn)
        return True
    return False


def to_web(turn: Turn) -> None:
    """Identity data is not taken on Telegram: a one-time link to the web chat instead."""
    token = links.create(turn.session, turn.cipher, turn.conversation_id)
    settings = turn.settings
    base = settings.public_base_url or f"http://{settings.channels_host}:{settings.channels_port}"
    url = f"{base.rstrip('/')}/#link={token}"
    turn.say("utter_telegram_link", url=url)
    turn.state.close("draft")

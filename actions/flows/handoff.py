"""A person, one turn away from anywhere; and the way from Telegram to the web chat."""

from __future__ import annotations

from actions.absorb import Absorbed
from actions.flows import speech
from actions.turn import Turn
from cases import hours, service
from conversations import links
from foundation import clock


def request(turn: Turn, got: Absorbed | None = None) -> None:
    """Ask for a person: a place in the line, with an honest date; the talk may go on.

    Asking again, or whether it is one's turn, tells the present place and gives no second one.
    """
    del got
    before = service.place_in_line(turn.session, turn.conversation_id)
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
    turn.state.person_receipt = receipt.receipt_no if turn.state.region is None else None
    _tell_place(turn, again=before is not None)
    if turn.state.asking == "offer_person":
        turn.state.asking = None
    if turn.state.flow:
        turn.say("utter_person_meanwhile")


def told_place(turn: Turn) -> bool:
    """忠县洋渡镇, said after a person was asked for: the wish goes to the office there."""
    state = turn.state
    receipt, state.person_receipt = state.person_receipt, None
    if receipt is None or state.region is None or not waits(turn):
        return False
    try:
        service.add_supplement(
            turn.session,
            turn.cipher,
            turn.conversation_id,
            receipt,
            turn.heard.text,
            region_code=state.region,
        )
    except service.CaseError:
        return False
    _tell_place(turn, again=True)
    return True


def waits(turn: Turn) -> bool:
    """Is this resident in the line already?"""
    return service.place_in_line(turn.session, turn.conversation_id) is not None


def _tell_place(turn: Turn, *, again: bool) -> None:
    """Place, hours and promise; how long it takes only where enough real answers say so."""
    place = service.place_in_line(turn.session, turn.conversation_id)
    if place is None:  # a person has taken the chat meanwhile
        turn.say("utter_person_here")
        return
    phone = turn.settings.help_phone
    due = turn.words.part(
        "moment", date=clock.day_of(place.due_at), time=hours.time_of_day(place.due_at)
    )
    line = turn.words.part("ahead", count=place.ahead) if place.ahead else turn.words.part("next")
    told = "utter_person_waiting" if again else "utter_person_requested"
    turn.say(told, holder=speech.holder(turn, place), line=line, due=due, phone=phone)
    if not place.open_now:
        turn.say("utter_person_closed", opens=_opens(turn, place), phone=phone)
    if place.hours.confirmed and not place.hours.always:
        turn.say("utter_person_hours", hours=hours.words(place.hours))
    if place.open_now and place.estimate is not None:
        turn.say("utter_person_estimate", days=place.estimate_days, minutes=place.estimate)


def _opens(turn: Turn, place: service.Place) -> str:
    """When somebody is there again: the minute only where the office entered its hours."""
    told = hours.moment if place.hours.confirmed else hours.day_name
    return told(place.opens_at, turn.now)


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

"""The consents, the review card and the filing: what leaves the conversation for the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from actions import ages, reading
from actions.absorb import TOKEN
from actions.asked import FACT_KEYS, QUESTIONS
from actions.consents import consent_texts
from actions.flows import reported, screening, speech, verdicts
from actions.state import State
from actions.turn import Button, Turn
from cases import routing, service
from cases.facts import CONSENT_KEYS
from conversations import vault
from foundation import text as text_tools

#: Kept in the conversation only: they say how to talk, not what the household's situation is.
_NOT_FILED = frozenset({"case_no"})
#: The review card tells the household first, then money, then health.
_ORDER = [*QUESTIONS, *sorted(FACT_KEYS - set(QUESTIONS))]
_CARD_STORY = 60
_CHILD = 14
_NEED_BY_FACT = (
    ("disaster", "disaster"),
    ("tuition", "education"),
    ("student_stage", "education"),
    ("disability_level", "disability"),
    ("lost_job", "employment"),
    ("disease", "medical"),
    ("medical_expense", "medical"),
    ("medical_expense_self", "medical"),
    ("medical_expense_monthly", "medical"),
    ("accident", "emergency"),
    ("orphan", "child"),
    ("parents_status", "child"),
)
_NOTHING = (None, False, 0, "无", "none")
#: Compulsory school costs no fee: a child there is no difficulty by itself.
_FREE_SCHOOL = frozenset({"幼儿园", "学前", "小学", "初中"})
#: Beside a programme asked for by name these are no matter of their own.
_IMPLIED = frozenset({"employment", "emergency"})
_OLD = 60
#: What became of a parent who raises nobody any more.
_LOST = frozenset({"dead", "confined", "lost_contact"})


def show_consents(turn: Turn) -> None:
    """Both texts in one message, as they will be hashed, and what can be answered."""
    texts = consent_texts()
    _say_guardian(turn)
    turn.say("utter_consent", general=texts["general"].text, sensitive=texts["sensitive"].text)


def _say_guardian(turn: Turn) -> None:
    """For a child under fourteen a parent or guardian agrees besides (个人信息保护法第三十一条)."""
    if is_child_alone(turn.state):
        if not turn.state.draft.get("child_told"):
            turn.state.draft["child_told"] = True
            turn.say("utter_child_alone")
    elif needs_guardian(turn.state) and not turn.state.draft.get("guardian_shown"):
        turn.state.draft["guardian_shown"] = True
        turn.say("utter_consent_guardian", guardian=consent_texts()["guardian"].text)


def needs_guardian(state: State) -> bool:
    """Is it about one child under fourteen?"""
    age = state.value("age")
    young = isinstance(age, int) and age < _CHILD
    return young or "gu_er_ertong" in (state.draft.get("programmes") or [])


def is_child_alone(state: State) -> bool:
    """Does a child under fourteen speak for itself? It cannot agree in its guardian's place."""
    age, about = state.value("age"), state.value("for_relation")
    young = isinstance(age, int) and age < _CHILD
    return young and about in (None, "本人") and ages.is_the_speakers_own(state.facts.get("age"))


def show_report_notice(turn: Turn) -> None:
    """What happens with a report; sending it is agreeing."""
    texts = consent_texts()
    turn.say(
        "utter_report_notice",
        general=texts["report_general"].text,
        sensitive=texts["report_sensitive"].text,
    )


def agree(turn: Turn, *, sensitive: bool) -> None:
    """An express yes: remember when, and to which words."""
    turn.state.draft["sensitive"] = sensitive
    _give(turn, "general")
    if sensitive:
        _give(turn, "sensitive")
    else:
        turn.state.consent.pop("sensitive", None)
    asked = turn.state.draft.get("guardian_shown") and needs_guardian(turn.state)
    if asked and not is_child_alone(turn.state):
        _give(turn, "guardian")


def _give(turn: Turn, kind: str) -> None:
    if kind in turn.state.consent:
        return
    report = turn.state.draft.get("kind") == "report" and kind != "guardian"
    prefix = "report_" if report else ""
    text = consent_texts()[prefix + kind]
    turn.state.consent[kind] = {
        "version": text.version,
        "text_hash": text.digest,
        "given_at": turn.now.isoformat(),
    }


def show_review(turn: Turn) -> None:
    """Everything that will be filed, numbers masked, with a button for each thing to change."""
    state = turn.state
    verdict = verdicts.one_line(turn)
    if verdict and verdict != state.draft.get("verdict"):
        turn.say("utter_verdict_line", verdict=verdict)
    state.draft["verdict"] = verdict
    report = state.draft.get("kind") == "report"
    if not report:
        _say_guardian(turn)
    agreed = "general" in state.consent or report
    sensitive = bool(_sensitive_keys(state)) and state.draft.get("sensitive") is not False
    response = "utter_review_report" if report else "utter_review"
    turn.say(response, items="\n".join(_items(turn)))
    buttons = [_button(turn, "submit_agreed" if agreed else "submit", "submit")]
    if sensitive and not agreed:
        buttons.append(_button(turn, "submit_general", "submit_general"))
    buttons += [
        _button(turn, f"edit_{key}", f"edit:{key}") for key in ("name", "phone", "region", "facts")
    ]
    if not report:
        buttons.append(_button(turn, "edit_difficulty", "edit:difficulty"))
    buttons.append(_button(turn, "later", "later"))
    turn.say("utter_review_confirm" if agreed else "utter_review_consent", buttons=buttons)


def _button(turn: Turn, part: str, choice: str) -> Button:
    return Button(turn.words.part(f"button_{part}"), f'/inform_facts{{"choice":"{choice}"}}')


def _items(turn: Turn) -> list[str]:
    """The lines of the card: who, phone, place, what for, what was said."""
    state, words = turn.state, turn.words
    unsaid = words.part("unsaid")
    phone = revealed(turn, "phone")
    lines = {
        "name": state.value("name") or unsaid,
        "phone": text_tools.mask_phone(phone) if phone else unsaid,
        "region": state.value("region") or state.draft.get("place_text") or unsaid,
    }
    relation = state.value("for_relation")
    if relation:
        lines["for_relation"] = relation
    chosen = [need for need in state.draft.get("needs") or [] if need != "other"]
    wanted = [*(state.draft.get("programmes") or []), *chosen]
    wanted = wanted or state.draft.get("needs") or told_needs(state)
    if wanted:
        lines["wanted"] = words.programmes(wanted)
    told = {
        key: state.value(key)
        for key in sorted(state.facts, key=_ORDER.index)
        if key not in {"name", "phone", "region", "for_relation", "id_number"}
    }
    lines["told"] = words.facts(told) or unsaid
    if state.draft.get("whereabouts"):
        lines["whereabouts"] = state.draft["whereabouts"]
    if story := _story(state):
        lines["story"] = shorten(story)
        if not told:
            del lines["told"]
    # Of a report the name is the neighbour's and the telephone the reporter's.
    mine = {"name", "phone"} if is_report(state) else set()
    return [
        words.part(f"item_{key}_report" if key in mine else f"item_{key}", value=value)
        for key, value in lines.items()
    ]


def submit(turn: Turn, *, sensitive: bool) -> None:
    """File the draft, give the receipt, say what happens next, close the topic."""
    state = turn.state
    agree(turn, sensitive=sensitive)
    receipt = file(turn, sensitive=sensitive, urgency=_urgency(state))
    reported = state.draft.get("kind") == "report"
    turn.say(
        "utter_filed_report" if reported else "utter_filed",
        receipt=receipt.receipt_no,
        due=receipt.due_on,
        holder=speech.holder(turn, receipt),
    )
    if receipt.duplicate_of:
        turn.say("utter_filed_duplicate", receipt=receipt.duplicate_of)
    others = [lead.department_name for lead in receipt.leads[1:]]
    if others:
        turn.say("utter_filed_also", departments=turn.words.join(others))
    if "phone" not in state.facts and not reported:
        turn.say("utter_filed_no_phone", receipt=receipt.receipt_no)
    turn.say("utter_filed_next")
    state.filed.append(
        {
            "receipt": receipt.receipt_no,
            "name": state.value("name"),
            "relation": state.value("for_relation"),
            "report": reported,
            "region": state.region,
        }
    )
    state.story = []
    state.cannot_pay = False
    state.close("draft")
    state.close("screening")
    state.draft = {}
    state.consent = {}
    if reported:
        restore_own(state)


def file(
    turn: Turn, *, sensitive: bool, urgency: str = "normal", programmes: list[str] | None = None
) -> service.Receipt:
    """The declaration as the queue takes it, in this turn's transaction."""
    state = turn.state
    draft = state.draft
    kept = {
        key: fact
        for key, fact in state.facts.items()
        if key not in _NOT_FILED and (sensitive or key not in CONSENT_KEYS)
    }
    facts = {key: fact.value for key, fact in kept.items()}
    for key in ("phone", "id_number"):
        if key in facts:
            facts[key] = revealed(turn, key)
    if draft.get("whereabouts"):
        facts["whereabouts"] = draft["whereabouts"]
    wanted = programmes or list(draft.get("programmes") or [])
    declaration = service.Declaration(
        conversation_id=turn.conversation_id,
        channel=turn.channel,
        idempotency_key=f"{turn.conversation_id}:{draft.get('key', turn.message_id)}",
        programmes=wanted,
        need_types=needs(state, wanted),
        facts={key: value for key, value in facts.items() if value is not None},
        fact_sources={
            key: {"message_id": fact.message_id, "sentence": TOKEN.sub("", fact.sentence)}
            for key, fact in kept.items()
        },
        region_code=state.region,
        region_text=state.value("region") or draft.get("place_text"),
        urgency=urgency,
        discovery_channel=_discovery(turn),
        consents=_consents(state),
        screening_json=screening.run(turn).to_json(),
        story=(_story(state) or None) if sensitive else None,
        for_relation=state.value("for_relation"),
    )
    return service.file_declaration(turn.session, turn.cipher, declaration)


def shorten(text: str) -> str:
    """The beginning of a long story, for the card; the case gets all of it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _CARD_STORY else flat[:_CARD_STORY] + "……"


def _urgency(state: State) -> str:
    """Sudden hardship goes before the ordinary queue; danger has its own lane."""
    sudden = "linshi" in (state.draft.get("programmes") or [])
    return (
        "urgent"
        if sudden or state.cannot_pay or state.value("shock") not in (None, "none")
        else "normal"
    )


def needs(state: State, programmes: list[str]) -> list[str]:
    """Difficulties chosen, else what the facts point at; programmes bring their own."""
    chosen = list(state.draft.get("needs") or [])
    if state.cannot_pay:
        chosen = [*(need for need in chosen if need != "other"), "emergency_treatment"]
    if state.draft.get("kind") == "emergency":
        return told_needs(state)
    if programmes or (chosen and chosen != ["other"]):
        first = [str(need) for need in routing.needs_of(programmes, chosen)]
        besides = [need for need in told_needs(state, asked=False) if need not in _IMPLIED]
        return list(dict.fromkeys([*first, *besides]))
    return told_needs(state) or ["basic_living"]


def told_needs(state: State, *, asked: bool = True) -> list[str]:
    """The difficulties that the facts themselves point at.

    Without `asked` only those the resident brought up, not what was answered to our questions.
    """
    facts = {key: fact for key, fact in state.facts.items() if asked or not fact.asked}
    found = [need for key, need in _NEED_BY_FACT if key in facts and is_hard(key, facts[key].value)]
    lost = {state.value("father_state"), state.value("mother_state")} & _LOST
    if lost and state.value("num_children"):
        found.append("child")  # 娃他爸没了，我一个老婆子带俩娃
    if "housing" in facts and facts["housing"].value == "危房":
        found.append("housing")
    age = state.value("age")
    old = state.value("living_alone") and isinstance(age, int) and age >= _OLD
    if is_report(state) and (old or reported.nobody_cares(_story(state))):
        found.insert(0, "service")
    return list(dict.fromkeys(found))


def is_report(state: State) -> bool:
    """Is the draft about somebody else?"""
    return state.draft.get("kind") == "report"


def is_hard(key: str, value: Any) -> bool:
    """Does the value tell of a difficulty? Nothing told is none."""
    if key == "student_stage":
        stages = value if isinstance(value, list) else [value]
        return bool(set(stages) - _FREE_SCHOOL - {"无", None})
    return value not in _NOTHING


def _discovery(turn: Turn) -> str:
    """By which of the five channels it came: declared, told by a neighbour, or by an office."""
    if not is_report(turn.state):
        return "self_declaration"
    told = reading.pattern("grassroots").search(_story(turn.state))
    return "grassroots_report" if told else "public_report"


def restore_own(state: State) -> None:
    """After a report the speaker's own facts come back, and an own draft that was open."""
    if state.own:
        phone = state.facts.get("phone")  # the reporter's own
        state.facts = State.from_json({"facts": state.own["facts"]}).facts
        state.declined = list(state.own["declined"])
        state.region = state.own["region"]
        state.programmes = list(state.own.get("programmes", []))
        state.draft = dict(state.own["draft"])
        state.consent = dict(state.own["consent"])
        if phone is not None:
            state.facts.setdefault("phone", phone)
        if state.own["open"]:
            state.open("draft")
        elif state.own.get("told"):
            state.open(screening.TOPIC)
        state.own = {}


def _consents(state: State) -> list[service.ConsentGiven]:
    return [
        service.ConsentGiven(
            kind=kind,
            version=given["version"],
            text_hash=given["text_hash"],
            given_at=datetime.fromisoformat(given["given_at"]),
        )
        for kind, given in state.consent.items()
    ]


def _sensitive_keys(state: State) -> list[str]:
    return sorted(CONSENT_KEYS & set(state.facts))


def _story(state: State) -> str:
    told = [state.draft.get("situation") or "", *(part["text"] for part in state.story)]
    return "\n".join(TOKEN.sub("", part) for part in told if part)[:2000]


def revealed(turn: Turn, key: str) -> Any:
    """The number behind a vault token; only for filing and for a masked line."""
    value = turn.state.value(key)
    if not isinstance(value, str) or not value.startswith("⟦"):
        return value
    return vault.reveal(turn.session, turn.cipher, turn.conversation_id, value)

"""After a contact with a person: one short question, answered by tapping, a digit, or not at all.

Asked once for a contact and not again within the days of `clock.yaml`; never in an emergency. The
buttons are read by the gateway, so an answer needs no dialogue engine.
"""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import outbox, thread
from conversations.buttons import Choice
from conversations.models import Author
from foundation import clock
from foundation.crypto import Cipher

from . import clock as deadlines
from . import events
from .events import RESIDENT, EventKind
from .models import Case, DutyAlert
from .states import Urgency, Worded
from .wait_models import Wait


class Score(Worded):
    """What a resident may answer."""

    HELPED = "helped", "有帮助"
    NOT_HELPED = "not_helped", "没帮助"
    NO_SAY = "no_say", "不想说"


RATING_WORDS = frozenset(score.word for score in Score)
QUESTION = "刚才工作人员的答复，对您有帮助吗？1 有帮助，2 没帮助，3 不想说。不回也没关系。"
_PAYLOAD = re.compile(r'/rating\{"score":"(\w+)"\}')


def ask(session: Session, cipher: Cipher, case: Case, wait: Wait) -> bool:
    """Put the question to the resident where it may be put; False where it may not."""
    if wait.answered_at is None or not _may_ask(session, case, wait):
        return False
    wait.rating_asked_at = clock.now()
    choices = [
        Choice(f"{number} {score.word}", f'/rating{{"score":"{score}"}}', str(number))
        for number, score in enumerate(Score, start=1)
    ]
    message = thread.append(
        session, cipher, conversation_id=wait.conversation_id, author=Author.SYSTEM,
        text=QUESTION, choices=choices, asking="rating",
    )  # fmt: skip
    outbox.enqueue(session, message)
    return True


def score_of(payload: str) -> Score | None:
    """The answer behind a button, None for every other button."""
    found = _PAYLOAD.fullmatch(payload)
    return Score(found[1]) if found and found[1] in list(Score) else None


def rate(session: Session, cipher: Cipher, conversation_id: str, score: Score) -> bool:
    """Keep the answer to the last question; False when it has one already or was never asked."""
    wait = session.scalar(
        select(Wait)
        .where(Wait.conversation_id == conversation_id, Wait.rating_asked_at.is_not(None))
        .order_by(Wait.rating_asked_at.desc())
        .limit(1)
        .with_for_update()
    )
    if wait is None or wait.rating is not None:
        return False
    wait.rating, wait.rated_at = score, clock.now()
    case = session.get_one(Case, wait.case_id)
    events.append(session, cipher, case, EventKind.RATED, RESIDENT, data={"score": score})
    return True


def _may_ask(session: Session, case: Case, wait: Wait) -> bool:
    if wait.rating_asked_at is not None or case.urgency == Urgency.EMERGENCY:
        return False
    alerted = select(DutyAlert.id).where(DutyAlert.conversation_id == wait.conversation_id)
    if session.scalar(alerted.limit(1)) is not None:
        return False
    since = clock.now() - timedelta(days=int(deadlines.waiting()["rating_again_days"]))
    lately = select(Wait.id).where(
        Wait.conversation_id == wait.conversation_id, Wait.rating_asked_at > since
    )
    return session.scalar(lately.limit(1)) is None

"""What the bot did not understand, kept to teach it: sentences without names, places and numbers.

`actions` takes the names out before anything is written here. The conversation is a pseudonym, good
only to forget its sentences when the resident withdraws; the day stands without the hour. Nobody
gets from a sentence back to a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import JSON, Float, Index, String, Text, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from conversations import dialogue
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Base, UtcDateTime, new_id

from .models import Case, Consent, Id
from .sealing import seal, unseal
from .states import Worded

PLACE = "misheard.text"
#: Of the dialogue's memory: the last sentence without names, or {} when it is none to learn from.
LAST_HEARD = "last_heard"
RANKED = 5


class Reason(Worded):
    """How we know that something was not understood."""

    MISSED = "missed", "没听明白"
    PERSON = "person", "接着要找工作人员"
    TAKEN = "taken", "工作人员接过去了"


class Misheard(Base):
    """One sentence. `label` is what a member of staff says it meant, None while nobody has."""

    __tablename__ = "misheard"
    __table_args__ = (Index("ix_misheard_label", "label", "on_day"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    talk: Mapped[str] = mapped_column(String(64), index=True)  # pseudonym of the conversation
    turn: Mapped[str] = mapped_column(String(64), unique=True)  # pseudonym of the message
    text_encrypted: Mapped[str] = mapped_column(Text)
    guess: Mapped[str] = mapped_column(String(40))
    confidence: Mapped[float] = mapped_column(Float)
    ranking: Mapped[list[list[Any]]] = mapped_column(JSON)  # [label, confidence], best first
    asking: Mapped[str | None] = mapped_column(String(64))  # the open question
    reason: Mapped[str] = mapped_column(String(8))
    on_day: Mapped[date]
    label: Mapped[str | None] = mapped_column(String(40))
    labelled_by: Mapped[str | None] = mapped_column(Id)
    labelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch: Mapped[str | None] = mapped_column(Id, index=True)  # labelled in one click


@dataclass(frozen=True)
class Heard:
    """One sentence as the bot took it, names already out. `message_id` makes it count once."""

    message_id: str
    text: str
    guess: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    asking: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As the dialogue remembers it until the next turn."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Heard:
        """The inverse of `to_json`."""
        ranking = tuple((str(label), float(share)) for label, share in data["ranking"])
        return cls(**{**data, "ranking": ranking})


@cache
def rules() -> Mapping[str, Any]:
    """Days, lengths and words (`misheard.yaml`)."""
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("misheard.yaml").read_text("utf-8")
    )
    return loaded


def keep(
    session: Session, cipher: Cipher, conversation_id: str, heard: Heard, reason: Reason
) -> None:
    """Keep a sentence once; nothing when the resident has withdrawn or keeping is switched off."""
    if not rules()["keep_days"]["waiting"] or _has_withdrawn(session, conversation_id):
        return
    talk = _talk(cipher, conversation_id)
    turn = cipher.pseudonym("misheard.turn", f"{conversation_id}:{heard.message_id}")
    if session.scalar(select(Misheard.id).where(Misheard.turn == turn)) is not None:
        return
    row_id = new_id()
    session.add(
        Misheard(
            id=row_id,
            talk=talk,
            turn=turn,
            text_encrypted=seal(cipher, PLACE, row_id, heard.text),
            guess=heard.guess,
            confidence=round(heard.confidence, 3),
            ranking=[[label, round(share, 3)] for label, share in heard.ranking[:RANKED]],
            asking=heard.asking,
            reason=reason,
            on_day=clock.today(),
        )
    )
    session.flush()


def keep_taken(session: Session, cipher: Cipher, conversation_id: str) -> None:
    """A member of staff takes the chat from the bot: what it heard last may be why."""
    remembered = dialogue.load(session, cipher, conversation_id).data.get(LAST_HEARD)
    if remembered:
        keep(session, cipher, conversation_id, Heard.from_json(remembered), Reason.TAKEN)


def forget(session: Session, cipher: Cipher, conversation_id: str | None) -> None:
    """The resident withdrew: nothing of this conversation is learnt from."""
    if conversation_id is not None:
        talk = _talk(cipher, conversation_id)
        session.execute(delete(Misheard).where(Misheard.talk == talk))


def sweep(session: Session, today: date) -> int:
    """Delete what has been kept long enough; how many sentences that were."""
    days = rules()["keep_days"]
    waiting = today - timedelta(days=days["waiting"])
    labelled = today - timedelta(days=days["labelled"])
    gone = session.scalars(
        delete(Misheard)
        .where(
            or_(
                Misheard.label.is_(None) & (Misheard.on_day <= waiting),
                Misheard.on_day <= labelled,
            )
        )
        .returning(Misheard.id)
    )
    return len(gone.all())


def text_of(cipher: Cipher, row: Misheard) -> str:
    """The sentence."""
    return unseal(cipher, PLACE, row.id, row.text_encrypted) or ""


def _talk(cipher: Cipher, conversation_id: str) -> str:
    return cipher.pseudonym("misheard.talk", conversation_id)


def _has_withdrawn(session: Session, conversation_id: str) -> bool:
    query = (
        select(Consent.id)
        .join(Case, Case.id == Consent.case_id)
        .where(Case.conversation_id == conversation_id, Consent.withdrawn_at.is_not(None))
        .limit(1)
    )
    return session.scalar(query) is not None

"""The table of answers the bot has proposed and a person decides on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from foundation import clock
from foundation.database import Base, UtcDateTime, new_id

from .models import Id


class BotDraft(Base):
    """What the bot would have said to one message. `seq` is that message's number in the thread.

    Without a text the bot would have done something there, and has not. A draft belongs to the
    contact (`person_wait`) in which it was made and ends with it.
    """

    __tablename__ = "bot_draft"
    __table_args__ = (
        CheckConstraint("state in ('open', 'sent', 'changed', 'dropped')", name="state"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    wait_id: Mapped[str] = mapped_column(Id, ForeignKey("person_wait.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(Id, index=True)
    inbox_id: Mapped[str] = mapped_column(Id, unique=True)  # one message, one draft
    seq: Mapped[int] = mapped_column(Integer)
    text_encrypted: Mapped[str | None] = mapped_column(Text, default=None)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(8), default="open")
    decided_by: Mapped[str | None] = mapped_column(String(64), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

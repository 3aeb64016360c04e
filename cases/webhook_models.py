"""Tables of outgoing webhooks: who is told of which steps, and each telling on its way.

A delivery holds what it will say: receipt, kind, area and time, and nothing of the resident.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, UtcDateTime, new_id
from foundation.leases import Leased

Id = String(32)
IS_OPEN = "state IN ('new', 'retry')"
IS_DEAD = "state = 'dead'"


class Webhook(Base):
    """A subscription. After a change of secret the former one signs along until `former_until`."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    secret_encrypted: Mapped[str] = mapped_column(Text)
    former_encrypted: Mapped[str | None] = mapped_column(Text)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDelivery(Leased, Base):
    """One step to be told to one subscriber; written with the step, claimed under a lease."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("uq_webhook_delivery", "webhook_id", "event_id", unique=True),
        Index("ix_webhook_delivery_queue", "webhook_id", "state", "due_at"),
        # what has arrived stays for a month, and is not walked to measure what has not
        Index(
            "ix_webhook_delivery_open", "created_at",
            sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN),
        ),
        Index(
            "ix_webhook_delivery_dead", "webhook_id",
            sqlite_where=text(IS_DEAD), postgresql_where=text(IS_DEAD),
        ),
    )  # fmt: skip

    webhook_id: Mapped[str] = mapped_column(Id, ForeignKey("webhook.id"))
    event_id: Mapped[str] = mapped_column(Id)  # of a trial: its own
    kind: Mapped[str] = mapped_column(String(30))
    receipt_no: Mapped[str | None] = mapped_column(String(14))
    area_code: Mapped[str] = mapped_column(String(12))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answered: Mapped[int | None] = mapped_column(Integer)  # the last HTTP status, if any came
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

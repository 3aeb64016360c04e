"""Residents and staff of one township around the line for a person.

The clock stands at Monday 2026-03-02 10:00; offices are open 9:00–12:00 and 14:00–17:30.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from cases import models, service, waiting_list
from cases.repository import CaseRepository, Scope
from cases.service import Place
from cases.states import Role
from cases.wait_models import Wait
from conversations import handover, thread
from conversations.models import Author
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, conversation, scope, staff_row

CHEN, LIN, YANG = "a" * 32, "b" * 32, "c" * 32
COUNTY = scope(worker_id=YANG)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, CHEN)
TOWN_TOO = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, LIN)
YIBAO = scope("500233", "yibao", Role.DEPARTMENT_OFFICER, "d" * 32)
ELSEWHERE = scope("350982", worker_id="e" * 32)


class Desk:
    """Residents and staff of 石宝镇, each step in a transaction of its own."""

    def __init__(self, database: Database, cipher: Cipher, clock: time_machine.Traveller) -> None:
        self.database, self.cipher, self.clock = database, cipher, clock
        with database.write() as session:
            for worker in (COUNTY, TOWN, TOWN_TOO, YIBAO, ELSEWHERE):
                staff_row(session, worker)

    def ask(self, words: str = "找个人", chat: str | None = None) -> str:
        """A resident asks for a person; returns the conversation."""
        chat = chat or conversation(self.database, self.cipher)
        self.say(chat, words)
        with self.database.write() as session:
            service.request_person(
                session, self.cipher, chat, words, f"{chat}:{self.number(chat)}",
                region_code=SHIBAO,
            )  # fmt: skip
        return chat

    def say(self, chat: str, words: str) -> None:
        with self.database.write() as session:
            thread.append(
                session, self.cipher, conversation_id=chat, author=Author.RESIDENT, text=words
            )

    def number(self, chat: str) -> int:
        with self.database.read() as session:
            return len(thread.messages(session, self.cipher, chat))

    def do(
        self, step: Callable[..., Any], worker: Scope, chat: str, *given: Any, **more: Any
    ) -> Any:
        number = self.receipt(chat)
        with self.database.write() as session:
            return step(session, self.cipher, worker, number, *given, **more)

    def receipt(self, chat: str) -> str:
        with self.database.read() as session:
            query = select(models.Case.receipt_no).where(models.Case.conversation_id == chat)
            return session.scalars(query.order_by(models.Case.created_at.desc())).first() or ""

    def place(self, chat: str) -> Place | None:
        with self.database.read() as session:
            return service.place_in_line(session, chat)

    def wait(self, chat: str) -> Wait:
        with self.database.read() as session:
            query = select(Wait).where(Wait.conversation_id == chat).order_by(Wait.since.desc())
            return session.scalars(query).first()  # type: ignore[return-value]

    def line(self, worker: Scope | None = TOWN) -> list[str]:
        with self.database.read() as session:
            found = waiting_list.line(CaseRepository(session, worker), self.cipher)
        return [one.receipt_no for one in found.waiting]

    def heard(self, chat: str) -> list[str]:
        with self.database.read() as session:
            said = thread.messages(session, self.cipher, chat)
        return [one.text for one in said if one.author != Author.RESIDENT]

    def holder(self, chat: str) -> tuple[str, str | None]:
        with self.database.read() as session:
            found = handover.holder(session, chat)
        return found.holder, found.worker_id

    def told(self, kind: str) -> list[tuple[str, str | None]]:
        with self.database.read() as session:
            query = select(models.Notice.department, models.Notice.staff_id)
            rows = session.execute(query.where(models.Notice.kind == kind))
            return sorted((department, to) for department, to in rows)

    def later(self, **span: float) -> None:
        self.clock.shift(timedelta(**span))

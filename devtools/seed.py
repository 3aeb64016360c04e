"""Invented staff, households and cases for a demonstration. Running it again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import consents
from cases import service, staff
from cases.models import Staff
from cases.states import Role
from conversations import identity, thread, vault
from foundation import clock
from foundation.runtime import Runtime
from rules import regions

DEMO_PASSWORD = "wenzhu-demo-2026"  # noqa: S105 - shown on purpose; production never seeds


class NotInProduction(Exception):
    """Demo accounts have a published password and must never exist where residents are real."""


@dataclass(frozen=True)
class DemoAccount:
    """A log-in to print."""

    username: str
    title: str


@cache
def _personas() -> dict[str, Any]:
    text = Path(__file__).with_name("personas.yml").read_text("utf-8")
    personas: dict[str, Any] = yaml.safe_load(text)
    return personas


def accounts() -> list[DemoAccount]:
    """The demo log-ins, in the order of the file."""
    return [
        DemoAccount(person["login"], f"{person['name']}（{Role(person['role']).word}）")
        for person in _personas()["staff"]
    ]


def seed(runtime: Runtime) -> str:
    """Make what is missing and say what there is now. Raises `NotInProduction`."""
    if runtime.settings.is_production:
        raise NotInProduction("正式环境不写演示数据。")
    people = _personas()
    for person in people["staff"]:
        _account(runtime, person)
    filed = sum(_household(runtime, household) for household in people["households"])
    total = len(people["households"])
    return f"{len(people['staff'])} 个账号，{total} 户（本次新增 {filed} 户）"


def _area(name: str) -> str:
    found = regions.find(name)
    if len(found) != 1:
        raise LookupError(f"{name}: {len(found)} places")
    return found[0].code


def _account(runtime: Runtime, person: dict[str, str]) -> None:
    with runtime.database.read() as session:
        if _by_login(session, person["login"]) is not None:
            return
    with runtime.database.write() as session:
        staff.create_staff(
            session,
            login=person["login"],
            name=person["name"],
            password=DEMO_PASSWORD,
            role=person["role"],
            area_code=_area(person["area"]),
            department=person["department"],
        )


def _by_login(session: Session, login: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.login == login))


def _household(runtime: Runtime, household: dict[str, Any]) -> bool:
    """File one household's declaration and do the steps of its story; False if it was there."""
    cipher = runtime.cipher
    with runtime.database.write() as session:
        conversation = identity.open_for(
            session, cipher, channel="demo", user_id=household["id"], peer=""
        )
        if conversation.last_seq > 0:
            return False
        spoken = vault.tokenise(session, cipher, conversation.id, household["says"])
        message = thread.append(
            session, cipher, conversation_id=conversation.id, author="resident", text=spoken
        )
        code = _area(household["place"])
        source = {"message_id": message.id, "sentence": spoken}
        receipt = service.file_declaration(
            session,
            cipher,
            service.Declaration(
                conversation_id=conversation.id,
                channel="demo",
                idempotency_key=f"seed:{household['id']}",
                programmes=household["programmes"],
                facts=household["facts"],
                fact_sources=dict.fromkeys(household["facts"], source),
                region_code=code,
                region_text=regions.region(code).full_name,
                urgency=household["urgency"],
                consents=_consents(),
                story=household["says"],
            ),
        )
        _work(session, runtime, household, receipt.receipt_no)
    return True


def _consents() -> list[service.ConsentGiven]:
    return [
        service.ConsentGiven(text.kind, text.version, text.digest, clock.now())
        for kind, text in consents.consent_texts().items()
        if kind in ("general", "sensitive")
    ]


def _work(session: Session, runtime: Runtime, household: dict[str, Any], receipt_no: str) -> None:
    cipher = runtime.cipher
    county = "fengze" if household["place"] == "东湖街道" else "zhongxian"
    person = _by_login(session, county)
    if person is None:
        return
    worker = staff.scope_of(person)
    for step in household["steps"]:
        if step == "claim":
            service.claim(session, cipher, worker, receipt_no)
        elif step == "reply":
            service.reply(session, cipher, worker, receipt_no, household["reply"])
        elif step == "papers":
            service.request_papers(session, cipher, worker, receipt_no, household["papers"])
        elif step == "note":
            service.note(session, cipher, worker, receipt_no, household["note"])

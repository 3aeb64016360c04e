"""Declarations and staff for the tests of cases and api."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from cases.repository import Scope
from cases.service import ConsentGiven, Declaration, Receipt, file_declaration
from cases.states import Role
from conversations import identity
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import Database

ZHONGXIAN = "500233"
SHIBAO = "500233107000"
WANG = {
    "household_size": 3,
    "monthly_income_total": 800,
    "hukou": "rural",
    "name": "王桂兰",
    "phone": "13800138000",
}


def consents(*kinds: str) -> tuple[ConsentGiven, ...]:
    """Consents with the hash of an invented text."""
    return tuple(
        ConsentGiven(kind, "2026-01", hashlib.sha256(kind.encode()).hexdigest(), clock.now())
        for kind in kinds or ("general", "sensitive")
    )


def conversation(database: Database, cipher: Cipher) -> str:
    """A new web conversation."""
    with database.write() as session:
        return identity.start_web(session, cipher).conversation.id


def declaration(conversation_id: str | None, key: str = "k1", **changes: Any) -> Declaration:
    """王桂兰's family declares for 低保 in 忠县石宝镇, unless changed."""
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "channel": "web",
        "idempotency_key": key,
        "programmes": ("dibao",),
        "facts": dict(WANG),
        "fact_sources": {
            "monthly_income_total": {"message_id": "m1", "sentence": "一个月就八百来块"},
            "phone": {"message_id": "m2", "sentence": "我电话13800138000"},
        },
        "region_code": SHIBAO,
        "consents": consents(),
        "story": "三口人靠打零工",
    }
    return Declaration(**{**values, **changes})


def filed(database: Database, cipher: Cipher, key: str = "k1", **changes: Any) -> Receipt:
    """A filed declaration in a conversation of its own."""
    conversation_id = changes.pop("conversation_id", None) or conversation(database, cipher)
    with database.write() as session:
        return file_declaration(session, cipher, declaration(conversation_id, key, **changes))


def scope(
    area_code: str = ZHONGXIAN,
    department: str = "minzheng",
    role: Role = Role.COUNTY_REVIEWER,
    worker_id: str = "a" * 32,
) -> Scope:
    """A staff member's scope; by default the county supervisor of 忠县."""
    return Scope(worker_id, role, area_code, department, "测试")


def staff_row(session: Session, scope_: Scope) -> None:
    """The account row behind a scope, where a foreign key wants it."""
    from cases.models import Staff

    session.add(
        Staff(
            id=scope_.worker_id,
            login=f"u{scope_.worker_id[:8]}",
            name=scope_.name,
            password_hash="-",
            role=scope_.role,
            area_code=scope_.area_code,
            department=scope_.department,
            active=True,
            created_at=clock.now(),
        )
    )
    session.flush()

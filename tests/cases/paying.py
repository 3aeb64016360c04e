"""Households that receive monthly aid, and a payment by rule for them."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import select

from cases import batches, payment_list, service
from cases.granted import AidGrant
from cases.models import Case
from cases.states import Role
from conversations import thread
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, WANG, conversation, filed, scope

CHEN = scope()
LI = scope(worker_id="b" * 32)
ZHAO = scope(worker_id="c" * 32)
TOWN = scope(SHIBAO, "xiangzhen", Role.TOWNSHIP_CLERK, "d" * 32)
STRANGER = scope("350982", worker_id="e" * 32)
FORM = {
    "name": "农村低保特殊生活补贴", "area": "", "holds": "dibao", "hukou": "rural",
    "programme": "liangshan_butie", "per": "person", "amount": "114.30", "pays_on": "2026-03-02",
}  # fmt: skip


def household(
    database: Database, cipher: Cipher, key: str, hukou: str, persons: int, *, region: str = SHIBAO,
    starts: str = "2026-01-01", until: str = "", **facts: Any,
) -> str:  # fmt: skip
    """A household with confirmed monthly aid; its conversation."""
    here = conversation(database, cipher)
    worker = STRANGER if region.startswith("35") else CHEN
    second = scope(worker.area_code, worker_id="b" * 32)
    phone = f"138{zlib.crc32(key.encode()) % 10**8:08d}"
    number = filed(
        database, cipher, key, conversation_id=here, region_code=region,
        facts={**WANG, "hukou": hukou, "phone": phone, **facts},
    ).receipt_no  # fmt: skip
    with database.write() as session:
        service.dispose(session, cipher, worker, number, "D2", "按规定推送办理")
        award = service.Award("dibao", "300", "month", starts, str(persons), until)
        before = set(session.scalars(select(AidGrant.id)))
        service.record_grant(session, cipher, worker, number, award)
        [made] = set(session.scalars(select(AidGrant.id))) - before
        service.confirm_grant(session, cipher, second, number, made)
    return here


def seen(database: Database, **changes: str) -> payment_list.Preview:
    with database.read() as session:
        return payment_list.draw(session, CHEN, payment_list.rule_of(CHEN, FORM | changes))


def paid(database: Database) -> list[AidGrant]:
    with database.read() as session:
        return list(session.scalars(select(AidGrant).where(AidGrant.batch_id.is_not(None))))


def proposed(database: Database, cipher: Cipher, digest: str = "") -> str:
    digest = digest or seen(database).digest
    with database.write() as session:
        return batches.propose(session, cipher, CHEN, payment_list.rule_of(CHEN, FORM), digest).id


def decide(database: Database, cipher: Cipher, deed: Any, worker: Any, batch_id: str) -> Any:
    with database.write() as session:
        return deed(session, cipher, worker, batch_id)


def receipt(database: Database, here: str) -> str:
    """The receipt number of the conversation's one case."""
    with database.read() as session:
        return session.scalars(select(Case.receipt_no).where(Case.conversation_id == here)).one()


def told(database: Database, cipher: Cipher, here: str) -> list[str]:
    """What the household read of the payment."""
    with database.read() as session:
        said = [one.text for one in thread.messages(session, cipher, here)]
    return [one for one in said if FORM["name"] in one]

"""`wenzhu audit verify` finds every kind of tampering and names the row."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from cases import models
from devtools.audit import report
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import filed

EVENTS = sa.table("case_event", *(sa.column(name) for name in (
    "id", "chain_area", "seq", "kind", "actor_id", "hash", "text_encrypted")))  # fmt: skip


@pytest.fixture
def chain(database: Database, cipher: Cipher) -> Database:
    """A county's chain of some twenty events and another county's."""
    for number in range(10):
        filed(database, cipher, f"k{number}")
    filed(database, cipher, "far", region_code="350982100000")
    return database


def test_whole_chains_are_called_whole(chain: Database) -> None:
    lines, good = report(chain)
    assert good
    assert len(lines) == 2
    assert "忠县（500233）：" in "".join(lines)
    assert len(report(chain, "500000")[0]) == 1


@pytest.mark.parametrize("seed", range(20))
def test_any_change_is_found_and_the_row_is_named(chain: Database, seed: int) -> None:
    rng = random.Random(seed)
    with chain.read() as session:
        last = session.get_one(models.EventChain, "500233").seq
    row = rng.randrange(1, last + 1)
    here = sa.and_(EVENTS.c.chain_area == "500233", EVENTS.c.seq == row)
    deed = rng.choice(["kind", "actor", "text", "hash", "delete", "tail"])
    with chain.write() as session:
        if deed == "delete":
            session.execute(sa.delete(EVENTS).where(here))
        elif deed == "tail":
            row = last
            session.execute(
                sa.delete(EVENTS).where(EVENTS.c.chain_area == "500233", EVENTS.c.seq == last)
            )
        else:
            column = {"kind": "kind", "actor": "actor_id", "text": "text_encrypted", "hash": "hash"}
            session.execute(sa.update(EVENTS).where(here).values({column[deed]: "x" * 8}))
    lines, good = report(chain)
    assert not good
    assert f"从第 {row} 条起对不上" in "".join(lines), (deed, lines)
    assert "（350982）：3 条，完整" in "".join(lines)

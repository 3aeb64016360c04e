"""A database with cases of the first version comes up to date without losing or orphaning a row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from foundation import migrate
from foundation.database import Database

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def reflect(database: Database) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(database.engine)
    return found


def first_version(database: Database) -> None:
    """Staff of the three old roles, a case that waits for papers and its lead."""
    tables = reflect(database).tables
    stamp: Any = NOW.replace(tzinfo=None) if database.is_sqlite else NOW
    with database.write() as session:
        for login, role, department in (
            ("a", "clerk", "xiangzhen"), ("b", "clerk", "yibao"), ("c", "clerk", "duty"),
            ("d", "supervisor", "minzheng"), ("e", "viewer", "minzheng"),
        ):  # fmt: skip
            session.execute(
                tables["staff"].insert().values(
                    id=login * 32, login=login, name=login, password_hash="-", role=role,
                    area_code="500233", department=department, active=True, created_at=stamp,
                )
            )  # fmt: skip
        session.execute(
            tables["case_record"].insert().values(
                id="1" * 32, receipt_no="WZ000000000000", kind="declaration", state="collecting",
                urgency="normal", discovery_channel="self_declaration", discovery_channels=[],
                channel="web", area_code="500233", area_pending=False, chain_area="500233",
                programmes=[], need_types=[], claimed_by="a" * 32, due_on=NOW.date(), due_at=stamp,
                waiting_since=stamp, created_at=stamp, updated_at=stamp,
            )
        )  # fmt: skip
        session.execute(
            tables["lead"].insert().values(
                id="2" * 32, case_id="1" * 32, need_type="other", department="minzheng",
                assisting=False, first_aid=False, area_code="500233", area_pending=False,
                state="pending", due_at=stamp, created_at=stamp, reminders=0,
            )
        )  # fmt: skip


def test_rows_of_the_first_version_arrive(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url, "0001")
    database = Database(empty_database_url)
    first_version(database)
    database.close()
    migrate.upgrade(empty_database_url)
    migrate.check(empty_database_url)
    database = Database(empty_database_url)
    from cases.models import Case, Lead, Staff

    with database.read() as session:
        roles = {row.login: row.role for row in session.scalars(sa.select(Staff))}
        case = session.scalars(sa.select(Case)).one()
        lead = session.scalars(sa.select(Lead)).one()
    database.close()
    assert roles == {
        "a": "township_clerk", "b": "department_officer", "c": "duty_officer",
        "d": "county_reviewer", "e": "auditor",
    }  # fmt: skip
    assert (case.paused_since, case.queue_at, case.next_due_at) == (NOW, NOW, NOW)
    assert (case.claimed_by, lead.case_id, lead.due_from) == ("a" * 32, case.id, NOW)

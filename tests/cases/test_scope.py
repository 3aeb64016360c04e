"""Who sees which case: the query against an independent oracle, over random places and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import areas, models
from cases.errors import NotFound
from cases.receipt import luhn_digit
from cases.repository import CaseRepository, Filter, Scope, View
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database, new_id

PLACES = [
    "100000", "500000", "500200", "500233", "500233107000", "500233107", "500233101000", "500234",
    "500109", "350000", "350900", "350982", "120000", "120104", "120104001", "120104002",
]  # fmt: skip
DEPARTMENTS = ["xiangzhen", "minzheng", "yibao", "duty"]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
WIDE = {Role.COUNTY_REVIEWER, Role.INSPECTOR, Role.AUDITOR}
BLIND = {Role.CONTENT_EDITOR, Role.ADMINISTRATOR}
READ_ONLY = {Role.GRID_WORKER, Role.INSPECTOR, Role.AUDITOR}


@dataclass(frozen=True)
class Placed:
    """A lead of a case to be."""

    area: str
    department: str
    pending: bool


leads = st.lists(
    st.builds(Placed, st.sampled_from(PLACES), st.sampled_from(DEPARTMENTS), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda lead: lead.department,
)
scopes = st.builds(
    Scope,
    st.just("a" * 32),
    st.sampled_from(list(Role)),
    st.sampled_from(PLACES),
    st.sampled_from(DEPARTMENTS),
)


def sees(scope: Scope, lead: Placed) -> bool:
    """The rule again, digit by digit and without ranges."""

    def significant(code: str) -> str:
        code = "" if code == "100000" else code
        while len(code) > 6 and code.endswith("000"):
            code = code[:-3]
        while 0 < len(code) <= 6 and code.endswith("00"):
            code = code[:-2]
        return code

    mine, theirs = significant(scope.area_code), significant(lead.area)
    inside = theirs.startswith(mine)
    if lead.pending and len(mine) <= 6 and mine.startswith(theirs):
        inside = True
    if scope.role in BLIND:
        return False
    return inside and (scope.role in WIDE or lead.department == scope.department)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    world=st.lists(leads, min_size=1, max_size=8), readers=st.lists(scopes, min_size=1, max_size=4)
)
def test_the_query_agrees_with_the_oracle(
    database: Database, cipher: Cipher, world: list[list[Placed]], readers: list[Scope]
) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - the transaction is the stage
        cases = []
        for number, placed in enumerate(world):
            digits = f"{number:011d}"
            case = models.Case(
                id=new_id(), receipt_no=f"WZ{digits}{luhn_digit(digits)}", kind="declaration",
                state="pending_review", urgency="normal", discovery_channel="self_declaration",
                discovery_channels=[], channel="web", area_code=placed[0].area, chain_area="x",
                programmes=[], need_types=[], due_on=NOW.date(), due_at=NOW, created_at=NOW,
                updated_at=NOW,
            )  # fmt: skip
            session.add(case)
            session.flush()
            rows = [
                models.Lead(
                    id=new_id(), case_id=case.id, need_type="other", department=lead.department,
                    area_code=lead.area, area_pending=lead.pending, state="pending", due_at=NOW,
                    created_at=NOW,
                )
                for lead in placed
            ]  # fmt: skip
            session.add_all(rows)
            session.flush()
            cases.append((case, placed, rows))
        for scope in readers:
            repository = CaseRepository(session, scope)
            listed = {case.id for case in repository.page(cipher, Filter()).cases}
            expected = {case.id for case, placed, _ in cases if any(sees(scope, p) for p in placed)}
            assert listed == expected
            counts = repository.counts()
            assert counts[View.OPEN] == len(expected)
            for view, count in counts.items():
                assert repository.page(cipher, Filter(view=view)).total == count, view
            for case, placed, rows in cases:
                if case.id not in expected:
                    with pytest.raises(NotFound):
                        repository.get(case.receipt_no)
                    assert repository.leads([case.id])[case.id] == []
                for lead, row in zip(placed, rows, strict=True):
                    allowed = sees(scope, lead)
                    assert repository.covers(row) is (allowed and scope.role not in READ_ONLY)
                    if not allowed:
                        with pytest.raises(NotFound):
                            repository.lead(case, row.id)
        raise _Undo


class _Undo(Exception):
    pass


@pytest.mark.parametrize("area_code", [None, "", "5002", "everything", "%"])
def test_no_scope_or_a_broken_one_shows_nothing(
    database: Database, cipher: Cipher, area_code: str | None
) -> None:
    from tests.cases.builders import filed

    given_receipt = filed(database, cipher).receipt_no
    scope = (
        None if area_code is None else Scope("a" * 32, Role.COUNTY_REVIEWER, area_code, "minzheng")
    )
    with database.read() as session:
        repository = CaseRepository(session, scope)
        assert repository.page(cipher, Filter()).total == 0
        assert repository.unseen_notices() == []
        assert repository.open_alerts() == []
        with pytest.raises(NotFound):
            repository.get(given_receipt)


def test_an_unknown_place_is_seen_by_the_county_and_not_by_a_township() -> None:
    lead = Placed("500000", "xiangzhen", pending=True)
    assert sees(Scope("a", Role.COUNTY_REVIEWER, "500233", "minzheng"), lead)
    assert not sees(Scope("a", Role.COUNTY_REVIEWER, "500233107000", "minzheng"), lead)
    assert not sees(Scope("a", Role.COUNTY_REVIEWER, "350982", "minzheng"), lead)
    assert areas.prefix("500233107000") == "500233107"

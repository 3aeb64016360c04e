"""Exactly one disposition, D4 by two people, no leading department left unanswered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cases import models, service
from conversations import thread
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import conversation, filed, scope

pytestmark = pytest.mark.usefixtures("clock")
CHEN = scope()
LI = scope(worker_id="b" * 32)
REASON = "入户核查：家庭收入已高于标准"
NO_EXIT = "收入已超过标准两倍"
DELIVERED = service.Terms(cause="late", unit="xiangzhen", due="2026-03-31")
MET = service.Terms(met="2026-03-02", decision="县里给一次性生活补助")
TERMS = {"D1": DELIVERED, "D2": service.Terms(), "D3": MET}


def do(database: Database, cipher: Cipher, step: Callable[..., Any], *arguments: Any) -> Any:
    with database.write() as session:
        return step(session, cipher, *arguments)


def answered(database: Database, cipher: Cipher, **changes: Any) -> str:
    """A declaration whose leading department has answered."""
    receipt = filed(database, cipher, **changes)
    with database.read() as session:
        lead = session.scalars(
            select(models.Lead.id).where(models.Lead.department == "xiangzhen")
        ).one()
    do(
        database,
        cipher,
        service.answer_lead,
        CHEN,
        receipt.receipt_no,
        lead,
        "helped",
        "已纳入低保",
    )
    return receipt.receipt_no


def state(database: Database) -> str:
    with database.read() as session:
        return session.scalars(select(models.Case.state)).one()


def test_a_declaration_is_not_closed_without_a_disposition(
    database: Database, cipher: Cipher
) -> None:
    receipt_no = answered(database, cipher)
    with pytest.raises(service.BadInput) as refused:
        do(database, cipher, service.close, CHEN, receipt_no, "办完了")
    assert refused.value.field == "disposition"
    assert state(database) == "pending_review"


@pytest.mark.parametrize("disposition", ["D1", "D2", "D3"])
def test_one_person_closes_and_the_resident_is_told(
    database: Database, cipher: Cipher, disposition: str
) -> None:
    here = conversation(database, cipher)
    receipt_no = answered(database, cipher, conversation_id=here)
    do(
        database,
        cipher,
        service.close,
        CHEN,
        receipt_no,
        "办完了",
        disposition,
        "低保已批准，下月起发",
        None,
        TERMS[disposition],
    )
    assert state(database) == "closed"
    with database.read() as session:
        said = [one.text for one in thread.messages(session, cipher, here)]
        told = f"您的回执号 {receipt_no} 有结果了：低保已批准，下月起发"
        assert said == [f"{told}\n心里有话想找人说说，可以打12356，也可以在这里说“找工作人员”。"]
        view = service.find_for_resident(session, cipher, here)[0]
        assert (view.word, view.result) == ("有结果了", "低保已批准，下月起发")
        leads = session.scalars(select(models.Lead.state)).all()
        assert sorted(leads) == ["answered", "closed"], "the assisting lead closes with the case"


def test_there_are_four_classes(database: Database, cipher: Cipher) -> None:
    receipt_no = answered(database, cipher)
    for disposition in ("", "D5", "d1", "D1 ", "'; --"):
        with pytest.raises(service.BadInput):
            do(database, cipher, service.close, CHEN, receipt_no, "办完了", disposition)


def test_an_unanswered_leading_department_blocks_closing(
    database: Database, cipher: Cipher
) -> None:
    receipt = filed(database, cipher)
    with pytest.raises(service.Conflict, match="乡镇"):
        do(database, cipher, service.close, CHEN, receipt.receipt_no, "办完了", "D2")


def test_no_longer_eligible_takes_two_people(database: Database, cipher: Cipher) -> None:
    receipt_no = answered(database, cipher)
    do(database, cipher, service.close, CHEN, receipt_no, REASON, "D4", None, NO_EXIT)
    assert state(database) == "handling"
    with pytest.raises(service.NotAllowed, match="另一位"):
        do(database, cipher, service.close, CHEN, receipt_no, REASON, "D4", None, NO_EXIT)
    assert state(database) == "handling"
    do(database, cipher, service.close, LI, receipt_no, "复核无误，同意", "D4")
    assert state(database) == "ended"
    with database.read() as session:
        row = session.scalars(select(models.Disposition)).one()
        assert (row.proposed_by, row.confirmed_by) == (CHEN.worker_id, LI.worker_id)


def test_no_longer_eligible_needs_a_real_reason(database: Database, cipher: Cipher) -> None:
    receipt_no = answered(database, cipher)
    with pytest.raises(service.BadInput):
        do(database, cipher, service.close, CHEN, receipt_no, "超了", "D4", None, NO_EXIT)


def test_the_second_person_cannot_confirm_something_else(
    database: Database, cipher: Cipher
) -> None:
    receipt_no = answered(database, cipher)
    do(database, cipher, service.close, CHEN, receipt_no, REASON, "D4", None, NO_EXIT)
    with pytest.raises(service.Conflict, match="D4"):
        do(database, cipher, service.close, LI, receipt_no, "其实没落实", "D1")


def test_a_cancelled_proposal_leaves_room_for_another(database: Database, cipher: Cipher) -> None:
    receipt_no = answered(database, cipher)
    do(database, cipher, service.close, CHEN, receipt_no, REASON, "D4", None, NO_EXIT)
    do(database, cipher, service.cancel_disposition, LI, receipt_no, "收入核算有误")
    do(
        database, cipher, service.close, LI, receipt_no, "低保金漏发，已补发", "D1", None, None,
        DELIVERED,
    )  # fmt: skip
    with database.read() as session:
        rows = session.scalars(select(models.Disposition)).all()
        assert sorted((row.disposition, row.cancelled_at is None) for row in rows) == [
            ("D1", True),
            ("D4", False),
        ]


def test_a_wish_for_a_person_closes_without_a_disposition(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    with database.write() as session:
        asked = service.request_person(
            session, cipher, here, "找人", "m1", region_code="500233107000"
        )
    do(database, cipher, service.close, CHEN, asked.receipt_no, "已电话答复")
    assert state(database) == "closed"


steps = st.lists(
    st.tuples(
        st.sampled_from(["dispose", "close", "cancel"]),
        st.sampled_from(["D1", "D2", "D3", "D4", ""]),
        st.sampled_from([CHEN, LI]),
    ),
    max_size=12,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(script=steps)
def test_whatever_people_try_a_closed_case_has_exactly_one_valid_disposition(
    database: Database, cipher: Cipher, script: list[tuple[str, str, Any]]
) -> None:
    key = f"k{abs(hash(tuple(str(step) for step in script)))}"
    receipt = filed(database, cipher, key, facts={"household_size": 2})
    with database.write() as session:
        case = session.scalars(
            select(models.Case).where(models.Case.receipt_no == receipt.receipt_no)
        ).one()
        for lead in session.scalars(select(models.Lead).where(models.Lead.case_id == case.id)):
            lead.state = "answered"
    for name, disposition, worker in script:
        terms = TERMS.get(disposition, MET)
        arguments: tuple[Any, ...] = {
            "dispose": (disposition, REASON, NO_EXIT, terms),
            "close": (REASON, disposition or None, None, NO_EXIT, terms),
            "cancel": (REASON,),
        }[name]
        step = {
            "dispose": service.dispose,
            "close": service.close,
            "cancel": service.cancel_disposition,
        }[name]
        try:
            do(database, cipher, step, worker, receipt.receipt_no, *arguments)
        except service.CaseError:
            continue
    with database.read() as session:
        found = session.get_one(models.Case, case.id)
        standing = session.scalars(
            select(models.Disposition).where(
                models.Disposition.case_id == case.id, models.Disposition.cancelled_at.is_(None)
            )
        ).all()
        assert len(standing) <= 1
        if found.state in ("closed", "ended"):
            assert len(standing) == 1
            chosen = standing[0]
            assert (chosen.disposition == "D4") == (found.state == "ended")
            if chosen.disposition == "D4":
                assert chosen.confirmed_by not in (None, chosen.proposed_by)

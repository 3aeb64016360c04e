"""Nobody is paid twice by rule, whatever happens between the list and the second person's yes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from cases import batches, models, payment_list, service
from cases.errors import CaseError
from cases.granted import AidGrant, PaymentBatch
from cases.payment_list import Omission
from cases.wait_models import Wait
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, WANG, filed
from tests.cases.paying import (
    CHEN,
    FORM,
    LI,
    STRANGER,
    ZHAO,
    decide,
    household,
    paid,
    proposed,
    receipt,
    seen,
    told,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("clock")
ID_NUMBER = "51162219680203472X"
Step = Callable[[Database, Cipher, str], None]


@pytest.fixture
def homes(database: Database, cipher: Cipher) -> list[str]:
    """Three rural households; their conversations."""
    return [household(database, cipher, f"home{n}", "rural", 2) for n in range(3)]


def at_once(*works: Callable[[], Any]) -> list[CaseError]:
    """Run them side by side; what was refused."""
    refused: list[CaseError] = []
    door = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        door.wait()
        try:
            work()
        except CaseError as error:
            refused.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return refused


def of_area(database: Database, cipher: Cipher, area: str) -> str:
    """The payment proposed for one area."""
    rule = payment_list.rule_of(CHEN, FORM | {"area": area})
    with database.write() as session:
        digest = payment_list.draw(session, CHEN, rule).digest
        return batches.propose(session, cipher, CHEN, rule, digest).id


def test_two_approvals_at_once_pay_and_tell_once(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    batch = proposed(database, cipher)
    works = [
        lambda who=who: decide(database, cipher, batches.approve, who, batch) for who in (LI, ZHAO)
    ]
    assert at_once(*works) == []
    assert len(paid(database)) == 3
    assert [len(told(database, cipher, here)) for here in homes] == [1, 1, 1]


def test_two_payments_of_one_name_at_once_reach_a_household_once(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    county, town = of_area(database, cipher, ""), of_area(database, cipher, SHIBAO)
    refused = at_once(
        lambda: decide(database, cipher, batches.approve, LI, county),
        lambda: decide(database, cipher, batches.approve, ZHAO, town),
    )
    assert [type(one) for one in refused] == [service.Conflict]
    assert len(paid(database)) == len({row.case_id for row in paid(database)}) == len(homes)


def test_two_proposals_at_once_are_one(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    digest = seen(database).digest
    assert len(homes) == 3
    assert at_once(*[lambda: proposed(database, cipher, digest)] * 2) == []
    with database.read() as session:
        assert len(session.scalars(select(PaymentBatch.id)).all()) == 1
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
    assert kinds.count("batch_proposed") == 1


def test_a_crash_in_the_middle_of_paying_leaves_nothing_and_the_next_try_pays_all(
    database: Database, cipher: Cipher, homes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, real, done = proposed(database, cipher), batches.announce, []

    def crashing(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        done.append(1)
        if len(done) == 2:
            raise RuntimeError("power cut")

    monkeypatch.setattr(batches, "announce", crashing)
    with pytest.raises(RuntimeError, match="power cut"):
        decide(database, cipher, batches.approve, LI, batch)
    assert paid(database) == []
    assert [told(database, cipher, here) for here in homes] == [[], [], []]
    with database.read() as session:
        assert session.get_one(PaymentBatch, batch).waits
    monkeypatch.undo()
    decide(database, cipher, batches.approve, LI, batch)
    assert len(paid(database)) == 3
    assert [len(told(database, cipher, here)) for here in homes] == [1, 1, 1]


def _other_hukou(database: Database, cipher: Cipher, here: str) -> None:
    with database.write() as session:
        service.add_supplement(
            session, cipher, here, receipt(database, here), "迁到城里了", stated={"hukou": "urban"}
        )


def _one_more(database: Database, cipher: Cipher, here: str) -> None:
    number = receipt(database, here)
    with database.write() as session:
        award = service.Award("dibao", "400", "month", "2026-02-01", "4")
        service.record_grant(session, cipher, CHEN, number, award)
        made = session.scalars(select(AidGrant.id).where(AidGrant.confirmed_at.is_(None))).one()
        service.confirm_grant(session, cipher, LI, number, made)


def _stopped(database: Database, cipher: Cipher, here: str) -> None:
    number = receipt(database, here)
    with database.write() as session:
        query = select(AidGrant.id).join(models.Case).where(models.Case.receipt_no == number)
        grant = session.scalars(query).one()
        service.ask_grant_end(
            session, cipher, CHEN, number, grant, "2026-02-28", "家里有人找到工作"
        )
        service.confirm_grant(session, cipher, LI, number, grant)


def _withdrawn(database: Database, cipher: Cipher, here: str) -> None:
    with database.write() as session:
        service.withdraw(session, cipher, here, receipt(database, here))


@pytest.mark.parametrize("step", [_other_hukou, _one_more, _stopped, _withdrawn])
def test_what_changed_between_list_and_approval_stops_the_payment(
    database: Database, cipher: Cipher, homes: list[str], step: Step
) -> None:
    batch = proposed(database, cipher)
    step(database, cipher, homes[0])
    with pytest.raises(service.Conflict, match="重新看名单"):
        decide(database, cipher, batches.approve, LI, batch)
    assert paid(database) == []
    assert [told(database, cipher, here) for here in homes] == [[], [], []]


def test_a_repetition_merged_or_taken_apart_after_the_list_is_not_paid_beside(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    batch, kept = proposed(database, cipher), receipt(database, homes[0])
    again = filed(database, cipher, "again", facts={**WANG, "hukou": "rural"}).receipt_no
    with database.write() as session:
        with pytest.raises(service.Conflict, match="已经登记了救助金额"):
            service.merge(session, cipher, CHEN, again, kept, "同一户重复申报")
        service.merge(session, cipher, CHEN, kept, again, "同一户重复申报")
    decide(database, cipher, batches.approve, LI, batch)
    with database.write() as session:
        service.undo_merge(session, cipher, CHEN, again, "其实是两户人家")
    assert seen(database).due == ()
    decide(database, cipher, batches.approve, LI, batch)
    assert len(paid(database)) == 3


def test_a_household_with_two_cases_is_paid_once_also_by_a_later_payment(
    database: Database, cipher: Cipher
) -> None:
    first = household(database, cipher, "first", "rural", 3, id_number=ID_NUMBER)
    second = household(database, cipher, "second", "rural", 3, id_number=ID_NUMBER)
    view = seen(database)
    both = {receipt(database, first), receipt(database, second)}
    assert len(view.due) == len(view.left_out) == 1
    [(other, why)] = view.left_out
    assert (why, {view.due[0].receipt_no, other}) == (Omission.SAME_HOUSEHOLD, both)
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    household(database, cipher, "new", "rural", 1)
    later = seen(database)
    assert [one.persons for one in later.due] == [1], "only who was not paid yet"
    assert {why for _, why in later.left_out} == {Omission.PAID, Omission.SAME_HOUSEHOLD}
    assert later.lately == 0
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    assert len(paid(database)) == 2
    assert seen(database, pays_on="2026-03-03").lately == 2, "worth a second look"
    assert seen(database, name="另一项补贴").lately == 0


def test_who_is_left_out_is_shown_with_the_reason(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    silent = household(database, cipher, "silent", "", 2)
    _withdrawn(database, cipher, homes[0])
    with database.write() as session:
        number = receipt(database, homes[1])
        service.cancel_disposition(session, cipher, CHEN, number, "重新核实")
        service.dispose(
            session, cipher, CHEN, number, "D4", "家里两个人都找到了工作，收入已经超过标准",
            no_gradual_exit="已经渐退过",
        )  # fmt: skip
    view = seen(database)
    assert [one.receipt_no for one in view.due] == [receipt(database, homes[2])]
    assert dict(view.left_out) == {
        receipt(database, homes[0]): Omission.ENDED,
        receipt(database, homes[1]): Omission.NO_LONGER,
        receipt(database, silent): Omission.HUKOU,
    }
    assert len(seen(database, hukou="").due) == 2, "without a hukou in the rule nobody is asked"


def test_a_payment_recorded_by_mistake_can_be_made_again(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    wrong = next(row for row in paid(database) if row.confirmed_by)
    with database.write() as session:
        number = session.get_one(models.Case, wrong.case_id).receipt_no
        service.ask_grant_end(session, cipher, CHEN, number, wrong.id, "", "这一户登记错了")
        service.confirm_grant(session, cipher, LI, number, wrong.id)
    assert [one.case_id for one in seen(database).due] == [wrong.case_id]
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    assert (len(paid(database)), len(homes)) == (4, 3)


def test_a_long_list_is_paid_in_parts_by_the_same_rule(
    database: Database, cipher: Cipher, homes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payment_list, "MOST", 2)
    assert (len(seen(database).due), seen(database).rest) == (2, 1)
    for parts in (1, 2):
        decide(database, cipher, batches.approve, LI, proposed(database, cipher))
        assert len(paid(database)) == min(2 * parts, len(homes))
    assert (seen(database).due, seen(database).rest) == ((), 0)
    assert [len(told(database, cipher, here)) for here in homes] == [1, 1, 1]


def test_a_household_elsewhere_and_its_office_see_nothing(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    far = household(database, cipher, "far", "rural", 2, region="350982100000")
    batch = proposed(database, cipher)
    with database.read() as session:
        assert batches.listed(session, STRANGER) == []
    decide(database, cipher, batches.approve, LI, batch)
    assert len(paid(database)) == len(homes)
    assert told(database, cipher, far) == []
    with database.write() as session:
        [view] = service.find_for_resident(session, cipher, far)
        assert [one.unit for one in view.grants] == ["month"]
        assert batches.listed(session, STRANGER) == []
        with pytest.raises(service.NotFound):
            batches.find(session, STRANGER, batch)


def test_the_message_says_what_for_how_much_and_when_and_answers_nobody_who_waits(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    with database.write() as session:
        service.request_person(session, cipher, homes[0], "找个人", "call", region_code=SHIBAO)
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    number = receipt(database, homes[1])
    [said] = told(database, cipher, homes[1])
    assert said == (
        f"您的回执号 {number}：农村低保特殊生活补贴，每人114.30元，2人共228.60元，"
        "2026年3月2日一次性发放。有不同意见可以申请复核、行政复议或者提起行政诉讼。"
    )
    with database.read() as session:
        wait = session.scalars(select(Wait)).one()
        kinds = session.scalars(select(models.CaseEvent.kind).order_by(models.CaseEvent.seq)).all()
    assert "reply" not in kinds[kinds.index("batch_proposed") :], "still to be answered"
    assert (wait.spoken_at, wait.answered_at, wait.ended_at) == (None, None, None)


def test_a_household_without_a_conversation_is_paid_and_reads_it_by_its_phone(
    database: Database, cipher: Cipher
) -> None:
    here = household(database, cipher, "counter", "rural", 2, phone="13800138000")
    number = receipt(database, here)
    with database.write() as session:
        session.scalars(select(models.Case)).one().conversation_id = None
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    with database.write() as session:
        [view] = service.find_for_resident(session, cipher, None, number, "8000")
    assert [(one.yuan, one.unit) for one in view.grants] == [("228.60", "once"), ("300", "month")]


def test_who_proposed_it_never_approves_it(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    batch = proposed(database, cipher)
    for _ in range(2):
        with pytest.raises(service.NotAllowed, match="另一位同事"):
            decide(database, cipher, batches.approve, CHEN, batch)
    assert (paid(database), len(homes)) == ([], 3)

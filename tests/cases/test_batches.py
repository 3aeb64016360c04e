"""One-off payments by rule: previewed, approved by a second person, paid once, told to all."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases import batches, events, models, payment_list, service
from cases.states import Role
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, ZHONGXIAN, scope
from tests.cases.paying import (
    CHEN,
    FORM,
    LI,
    STRANGER,
    TOWN,
    ZHAO,
    decide,
    household,
    paid,
    proposed,
    seen,
    told,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def homes(database: Database, cipher: Cipher) -> list[str]:
    """Two rural households on the list, and four that are not."""
    on = [household(database, cipher, f"on{n}", "rural", 2 + n) for n in range(2)]
    household(database, cipher, "urban", "urban", 2)
    household(database, cipher, "later", "rural", 2, starts="2026-04-01")
    household(database, cipher, "ended", "rural", 2, until="2026-02-28")
    household(database, cipher, "far", "rural", 2, region="350982100000")
    return on


def test_previewed_approved_by_a_second_person_paid_once_and_told(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    view = seen(database)
    assert (len(view.due), view.persons, view.total_fen) == (2, 5, 5 * 11430)
    batch = proposed(database, cipher, view.digest)
    assert proposed(database, cipher, view.digest) == batch, "sent twice is one"
    assert paid(database) == [], "nothing is paid before it is approved"
    with pytest.raises(service.NotAllowed, match="另一位"):
        decide(database, cipher, batches.approve, CHEN, batch)
    for worker in (LI, LI, ZHAO):  # sent twice, and by a third person
        decide(database, cipher, batches.approve, worker, batch)
    rows = paid(database)
    assert sorted(row.amount_fen for row in rows) == [2 * 11430, 3 * 11430]
    assert {(row.recorded_by, row.confirmed_by) for row in rows} == {("a" * 32, "b" * 32)}
    with database.write() as session:
        for number, here in enumerate(homes):
            [once, monthly] = service.find_for_resident(session, cipher, here)[0].grants
            assert (once.yuan, once.unit) == (["228.60", "342.90"][number], "once")
            assert monthly.yuan == "300"
        kinds = session.scalars(select(models.CaseEvent.kind)).all()
        assert (kinds.count("batch_proposed"), kinds.count("batch_paid")) == (1, 1)
        assert events.verify(session, ZHONGXIAN) is None
    assert [len(told(database, cipher, here)) for here in homes] == [1, 1]
    with pytest.raises(service.Conflict, match="不能取消"):
        decide(database, cipher, batches.cancel, LI, batch)


def test_a_list_that_changed_since_it_was_seen_is_not_paid(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    batch = proposed(database, cipher)
    household(database, cipher, "new", "rural", 1)
    with pytest.raises(service.Conflict, match="重新看名单"):
        decide(database, cipher, batches.approve, LI, batch)
    assert paid(database) == []
    decide(database, cipher, batches.cancel, LI, batch)
    with pytest.raises(service.Conflict, match="取消"):
        decide(database, cipher, batches.approve, LI, batch)
    with pytest.raises(service.Conflict, match="重新看名单"):
        proposed(database, cipher, "0" * 64)
    decide(database, cipher, batches.approve, LI, proposed(database, cipher))
    assert len(paid(database)) == 3


def test_per_household_and_without_hukou(
    database: Database, homes: list[str]
) -> None:  # fmt: skip
    assert len(homes) == 2
    view = seen(database, hukou="", per="household", amount="200")
    assert (len(view.due), view.total_fen) == (3, 3 * 20000)
    assert seen(database, holds="tekun").due == ()
    assert len(seen(database, area=SHIBAO).due) == 2
    assert seen(database, area="500233101").due == ()


def test_who_may_not_and_what_cannot_be(
    database: Database, cipher: Cipher, homes: list[str]
) -> None:
    batch = proposed(database, cipher)
    assert len(homes) == 2
    for worker, refusal in (
        (TOWN, service.NotAllowed), (STRANGER, service.NotFound),
        (scope(worker_id="token:" + "f" * 32), service.NotAllowed),
        (scope(role=Role.INSPECTOR, worker_id="f" * 32), service.NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            decide(database, cipher, batches.approve, worker, batch)
    for changes, refusal in (
        ({"area": "350982"}, service.NotAllowed), ({"area": "无名县"}, service.BadInput),
        ({"amount": "0"}, service.BadInput), ({"per": "village"}, service.BadInput),
        ({"holds": "pension"}, service.BadInput), ({"pays_on": "bald"}, service.BadInput),
        ({"name": "x"}, service.BadInput), ({"hukou": "blue"}, service.BadInput),
    ):  # fmt: skip
        with pytest.raises(refusal):
            payment_list.rule_of(CHEN, FORM | changes)
    assert paid(database) == []

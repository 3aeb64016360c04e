"""One transaction, one receipt: what a declaration leaves behind, and what a retry does not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cases import events, models, receipt, service
from cases.states import Urgency
from conversations import identity
from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.builders import SHIBAO, WANG, consents, conversation, declaration, filed


def count(database: Database, model: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_declaration_leaves_case_facts_consents_leads_notices_and_events(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(database, cipher)

    assert receipt.normalise(given.receipt_no) == given.receipt_no
    assert given.due_on == date(2026, 3, 5), "three working days after Monday 2026-03-02"
    assert given.holder_department_name == "乡镇（街道）民政办"
    assert given.holder_area_name == "重庆市忠县石宝镇"
    assert [(lead.department, lead.area_name) for lead in given.leads] == [
        ("xiangzhen", "重庆市忠县石宝镇"),
        ("minzheng", "重庆市忠县"),
    ]
    assert count(database, models.CaseFact) == len(WANG)
    assert count(database, models.Consent) == 2
    assert count(database, models.Notice) == 2
    with database.read() as session:
        assert events.verify_all(session) == []
        assert [event.kind for event in session.scalars(select(models.CaseEvent))] == [
            "filed",
            "routed",
        ]


def test_nothing_personal_is_readable_in_the_rows(database: Database, cipher: Cipher) -> None:
    filed(database, cipher, facts={**WANG, "id_number": "500233196503078426", "disease": "尿毒症"})
    with database.engine.connect() as connection:
        for table in models.Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                text = repr(tuple(row))
                for secret in ("13800138000", "王桂兰", "500233196503078426", "尿毒症", "八百来块"):
                    assert secret not in text, table.name


def test_the_same_key_and_body_answer_with_the_same_receipt(
    database: Database, cipher: Cipher
) -> None:
    conversation_id = conversation(database, cipher)
    given = consents()

    def file(_: int) -> service.Receipt:
        with database.write() as session:
            return service.file_declaration(
                session, cipher, declaration(conversation_id, consents=given)
            )

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(file, range(20)))
    assert len(set(receipts)) == 1
    assert count(database, models.Case) == 1
    assert count(database, models.Lead) == 2


def test_the_same_key_with_another_body_is_refused(database: Database, cipher: Cipher) -> None:
    conversation_id = conversation(database, cipher)
    filed(database, cipher, conversation_id=conversation_id)
    with pytest.raises(service.IdempotencyConflict), database.write() as session:
        service.file_declaration(
            session, cipher, declaration(conversation_id, facts={**WANG, "household_size": 4})
        )
    assert count(database, models.Case) == 1


def test_a_failed_filing_leaves_nothing_and_its_key_is_free_again(
    database: Database, cipher: Cipher
) -> None:
    conversation_id = conversation(database, cipher)

    def crash() -> None:
        with database.write() as session:
            service.file_declaration(session, cipher, declaration(conversation_id))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert count(database, models.Case) == 0
    filed(database, cipher, conversation_id=conversation_id)
    assert count(database, models.Case) == 1


@pytest.mark.parametrize(
    ("second", "duplicate"),
    [
        ({"facts": dict(WANG)}, True),
        ({"facts": {**WANG, "phone": "138 0013-8000"}}, True),
        ({"facts": {**WANG, "name": "徐素华"}}, False),
        ({"facts": {"name": "王桂兰", "phone": "13900139000"}}, False),
        ({"facts": {"phone": "13800138000"}}, True),
        ({"programmes": ("yiliao",)}, True),
    ],
)
def test_the_same_household_within_a_day_is_marked_and_both_cases_stay(
    database: Database, cipher: Cipher, second: dict[str, object], duplicate: bool
) -> None:
    first = filed(database, cipher, "k1")
    again = filed(database, cipher, "k2", **second)
    assert again.receipt_no != first.receipt_no
    assert again.duplicate_of == (first.receipt_no if duplicate else None)
    assert count(database, models.Case) == 2


def test_one_phone_for_two_id_numbers_is_two_households(database: Database, cipher: Cipher) -> None:
    filed(database, cipher, "k1", facts={**WANG, "id_number": "500233196503078426"})
    again = filed(database, cipher, "k2", facts={**WANG, "id_number": "500233193001017722"})
    assert again.duplicate_of is None


def test_the_same_conversation_counts_only_for_the_same_programme(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    facts = {"household_size": 3}
    first = filed(database, cipher, "k1", conversation_id=here, facts=facts)
    other = filed(database, cipher, "k2", conversation_id=here, facts=facts, programmes=("jiaoyu",))
    again = filed(database, cipher, "k3", conversation_id=here, facts=facts)
    assert (other.duplicate_of, again.duplicate_of) == (None, first.receipt_no)


def test_after_a_day_it_is_a_new_matter(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    filed(database, cipher, "k1")
    clock.shift(timedelta(hours=24, seconds=1))
    assert filed(database, cipher, "k2").duplicate_of is None


def test_an_emergency_goes_to_the_township_for_first_aid_and_to_the_officer_on_duty(
    database: Database, cipher: Cipher, clock: time_machine.Traveller
) -> None:
    given = filed(
        database, cipher, programmes=("linshi",), urgency=Urgency.EMERGENCY, consents=(),
        facts={"shock": "no_food"},
    )  # fmt: skip
    assert [lead.department for lead in given.leads] == ["xiangzhen", "duty", "minzheng"]
    with database.read() as session:
        first_aid = session.scalars(select(models.Lead).where(models.Lead.first_aid)).all()
        assert [lead.department for lead in first_aid] == ["xiangzhen"]
        case = session.scalars(select(models.Case)).one()
        assert case.due_at - case.created_at == timedelta(hours=24)
    assert count(database, models.DutyAlert) == 1


@pytest.mark.parametrize("given", [(), ("sensitive",)])
def test_without_general_consent_nothing_is_filed(
    database: Database, cipher: Cipher, given: tuple[str, ...]
) -> None:
    with pytest.raises(service.BadInput) as refused:
        filed(database, cipher, consents=consents(*given) if given else ())
    assert refused.value.field == "consents"
    assert count(database, models.Case) == 0


def test_health_needs_a_consent_of_its_own(database: Database, cipher: Cipher) -> None:
    with pytest.raises(service.BadInput):
        filed(database, cipher, facts={**WANG, "disease": "尿毒症"}, consents=consents("general"))
    filed(database, cipher, facts=dict(WANG), consents=consents("general"))


def test_without_a_county_the_case_is_kept_as_place_to_be_settled(
    database: Database, cipher: Cipher
) -> None:
    for place in (None, "", "500000", "999", "石宝镇", "１２３４５６"):
        filed(database, cipher, f"k{place}", region_code=place, region_text="石宝镇")
    with database.read() as session:
        assert all(session.scalars(select(models.Case.area_pending)))
        leads = session.scalars(select(models.Lead)).all()
        assert all(lead.area_pending for lead in leads)
        assert len(leads) == 12


def test_values_that_cannot_be_stored_are_refused_by_name(
    database: Database, cipher: Cipher
) -> None:
    for value in (float("nan"), float("inf"), "\x00", "x" * 5000, ["x" * 5000], {1, 2}):
        with pytest.raises(service.BadInput) as refused:
            filed(database, cipher, facts={**WANG, "disease": value})
        assert refused.value.field == "disease"


def test_a_duty_lead_needs_no_papers_and_a_second_one_joins_it(
    database: Database, cipher: Cipher
) -> None:
    here = conversation(database, cipher)
    with database.write() as session:
        first = service.open_duty_lead(
            session, cipher, here, "no_food", "家里一粒米都没有了", "m1", region_code=SHIBAO
        )
    with database.write() as session:
        again = service.open_duty_lead(session, cipher, here, "child", "娃饿得哭", "m2")
    assert {lead.department for lead in first.leads} == {"duty", "xiangzhen"}
    assert again.receipt_no == first.receipt_no
    assert {lead.department for lead in again.leads} == {"duty", "xiangzhen", "minzheng", "gongan"}
    assert count(database, models.DutyAlert) == 2


def test_asking_for_a_person_joins_the_open_case(database: Database, cipher: Cipher) -> None:
    here = conversation(database, cipher)
    with database.write() as session:
        alone = service.request_person(session, cipher, here, "我要找人", "m1", region_code=SHIBAO)
    assert [lead.department for lead in alone.leads] == ["xiangzhen"]
    with database.write() as session:
        again = service.request_person(session, cipher, here, "人呢", "m2")
    assert again.receipt_no == alone.receipt_no
    assert count(database, models.Case) == 1


def test_an_emergency_that_began_with_an_alert_stays_one_case(
    database: Database, cipher: Cipher
) -> None:
    with database.write() as session:
        here = identity.start_web(session, cipher).conversation.id
        alerted = service.open_duty_lead(session, cipher, here, "no_food", "米缸空了", "alert-1")
        filed = service.file_declaration(
            session,
            cipher,
            service.Declaration(
                conversation_id=here,
                channel="web",
                idempotency_key="file-1",
                programmes=["linshi"],
                facts={"household_size": 3, "shock": "no_food"},
                region_code="500233107000",
                region_text="重庆市忠县石宝镇",
                urgency="emergency",
                story="米缸空了",
            ),
        )
    assert filed.receipt_no == alerted.receipt_no
    with database.read() as session:
        cases = session.scalars(
            select(models.Case).where(models.Case.conversation_id == here)
        ).all()
        assert [case.programmes for case in cases] == [["linshi"]]
        leads = session.scalars(select(models.Lead).where(models.Lead.case_id == cases[0].id)).all()
        assert not any(lead.area_pending for lead in leads)
        assert {"xiangzhen", "duty"} <= {lead.department for lead in leads}

"""Webhooks to a real receiver: written with the step, signed, tried again, given up, sent again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import event

from api.console.webhook_pages import STEPS
from api.webhook_sender import Sender
from cases import service, staff, webhook_outbox
from cases.sweep import sweep
from cases.webhook_models import WebhookDelivery
from foundation import clock as times
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.api.conftest import PASSWORD, Desk
from tests.api.receiver import Receiver, receiving, verifies
from tests.cases.builders import WANG, declaration, filed, scope

WHY = {"reason": "县里的数据共享安排"}


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """The receiver of these tests stands on this machine, so loopback is allowed."""
    return Settings(
        _env_file=None, data_dir=tmp_path / "var", database_url=database_url,
        webhook_networks=["127.0.0.0/8"],
    )  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With administrators of the county and of another."""
    with desk.runtime.database.write() as session:
        for login, area in (("admin", "500233"), ("elsewhere", "350982")):
            staff.create_staff(
                session, login=login, name=f"测试{login}", password=PASSWORD, hashed="-",
                role="administrator", area_code=area, department="minzheng",
            )  # fmt: skip
    return desk


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def subscribe(desk: Desk, url: str, **changes: Any) -> tuple[str, str]:
    """A subscription made in the console; its id and secret."""
    form = {
        "name": "县数据平台",
        "url": url,
        "area": "忠县",
        "kinds": ["filed", "closed"],
        **WHY,
        **changes,
    }
    page = desk.browser("admin").post("/console/webhooks", data={**form, **changes})
    assert page.status_code == 200, page.text
    secret = re.search(r'class="key">(whsec_[^<]+)<', page.text)
    number = re.search(r"/console/webhooks/([0-9a-f]{32})/", page.text)
    assert secret
    assert number
    return number[1], secret[1]


def send(runtime: Runtime, **given: Any) -> int:
    return asyncio.run(Sender(runtime, **given).once())


def rows(desk: Desk) -> list[WebhookDelivery]:
    with desk.runtime.database.read() as session:
        return session.query(WebhookDelivery).order_by(WebhookDelivery.created_at).all()


def test_a_filing_reaches_the_receiver_signed_and_without_the_person(
    desk: Desk, receiver: Receiver
) -> None:
    _, secret = subscribe(desk, receiver.url())
    given = filed(desk.runtime.database, desk.runtime.cipher)
    assert send(desk.runtime) == 1
    ((path, headers, body),) = receiver.got
    assert path == "/hook"
    now = times.now().timestamp()
    assert verifies(secret, headers, body, now)
    assert not verifies(secret, headers, body + b" ", now)
    assert not verifies("whsec_" + "A" * 43 + "=", headers, body, now)
    said = json.loads(body)
    assert set(said) == {"id", "kind", "receipt", "area", "at"}
    assert (said["kind"], said["receipt"]) == ("filed", given.receipt_no)
    assert said["area"] == "500233107000"
    assert said["id"] == headers["webhook-id"]
    assert datetime.fromisoformat(said["at"]).tzinfo is not None
    for private in (WANG["name"], WANG["phone"], "800", "打零工", "dibao"):
        assert str(private) not in body.decode() + str(headers)
    assert [(row.state, row.answered) for row in rows(desk)] == [("done", 204)]
    assert send(desk.runtime) == 0


def test_only_chosen_kinds_of_the_area_are_told(desk: Desk, receiver: Receiver) -> None:
    subscribe(desk, receiver.url(), area="忠县石宝镇", kinds=["state"])
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = filed(database, cipher, "here").receipt_no
    there = filed(database, cipher, "there", region_code="500233101000").receipt_no
    with database.write() as session:
        for number in (here, there):
            service.change_status(session, cipher, scope(), number, "collecting", "入户核实")
    send(desk.runtime)
    assert [(one["kind"], one["receipt"]) for one in receiver.bodies] == [("state", here)]


def test_what_is_rolled_back_is_never_told(desk: Desk, receiver: Receiver) -> None:
    subscribe(desk, receiver.url())
    with (
        contextlib.suppress(ZeroDivisionError),
        desk.runtime.database.write() as session,
    ):
        service.file_declaration(session, desk.runtime.cipher, declaration(None))
        raise ZeroDivisionError
    assert send(desk.runtime) == 0
    assert rows(desk) == []


def test_failures_are_tried_again_later_and_later_then_given_up_and_sent_again(
    desk: Desk, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    number, secret = subscribe(desk, receiver.url())
    filed(desk.runtime.database, desk.runtime.cipher)
    receiver.answers = [500]
    started = times.now()
    pauses = []
    while (row := rows(desk)[0]).state in ("new", "retry"):
        clock.move_to(max(row.due_at, times.now()))
        before = times.now()
        assert send(desk.runtime) == 1
        pauses.append(rows(desk)[0].due_at - before)
    assert len(receiver.got) == webhook_outbox.MAX_ATTEMPTS == 16
    assert [one.total_seconds() for one in pauses[:5]] == [5, 10, 20, 40, 80]
    assert pauses[-2] == timedelta(hours=6)
    assert timedelta(hours=12) < times.now() - started < timedelta(hours=36)
    admin = desk.browser("admin")
    page = admin.get(f"/console/webhooks/{number}").text
    assert "对方答 500" in page
    assert "1 条" in page
    assert "王桂兰" not in page
    assert rows(desk)[0].receipt_no not in page, "administrators see no case"
    assert "没送到" in admin.get("/console/webhooks").text
    receiver.answers = [200]
    dead = rows(desk)[0].id
    answer = admin.post(f"/console/webhooks/{number}/again", data={"delivery": dead})
    assert answer.headers["location"].endswith("done=again")
    assert send(desk.runtime) == 1
    assert verifies(secret, receiver.got[-1][1], receiver.got[-1][2], times.now().timestamp())
    assert {one[1]["webhook-id"] for one in receiver.got} == {dead}, "a repetition has the same id"
    assert rows(desk)[0].state == "done"
    assert admin.post(
        f"/console/webhooks/{number}/again", data={"delivery": dead}
    ).status_code == 404  # fmt: skip


def test_a_receiver_may_ask_for_patience_and_say_that_it_is_gone(
    desk: Desk, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    subscribe(desk, receiver.url())
    filed(desk.runtime.database, desk.runtime.cipher)
    receiver.answers, receiver.headers = [429], {"Retry-After": "3600"}
    send(desk.runtime)
    assert rows(desk)[0].due_at - times.now() == timedelta(hours=1)
    receiver.headers = {"Retry-After": "999999"}
    clock.shift(timedelta(hours=1))
    send(desk.runtime)
    assert rows(desk)[0].due_at - times.now() == timedelta(hours=6), "at most the longest pause"
    receiver.answers, receiver.headers = [410], {}
    clock.shift(timedelta(hours=6))
    send(desk.runtime)
    assert (rows(desk)[0].state, rows(desk)[0].answered) == ("dead", 410)


def test_redirects_are_not_followed_and_silence_is_cut_short(
    desk: Desk, receiver: Receiver
) -> None:
    subscribe(desk, receiver.url())
    filed(desk.runtime.database, desk.runtime.cipher)
    receiver.answers, receiver.headers = [302], {"Location": "http://169.254.169.254/latest"}
    send(desk.runtime)
    assert len(receiver.got) == 1
    assert (rows(desk)[0].state, rows(desk)[0].answered) == ("retry", 302)
    receiver.delay = 1.5
    with desk.runtime.database.write() as session:
        session.query(WebhookDelivery).update({"due_at": times.now()})
    send(desk.runtime, seconds=0.3)
    assert (rows(desk)[0].last_error, rows(desk)[0].answered) == ("timeout", None)


def test_a_name_that_turns_to_an_internal_address_is_not_called(
    desk: Desk, receiver: Receiver
) -> None:
    """The name was public when it was subscribed; by the time of sending it leads inside."""
    subscribe(desk, receiver.url())
    filed(desk.runtime.database, desk.runtime.cipher)
    send(desk.runtime, resolve=lambda _h, _p: ["10.0.0.5"])
    assert receiver.got == []
    assert rows(desk)[0].last_error == "address"


def test_a_dead_first_address_leaves_the_second(desk: Desk, receiver: Receiver) -> None:
    subscribe(desk, receiver.url("localhost"))
    filed(desk.runtime.database, desk.runtime.cipher)
    send(desk.runtime, resolve=lambda _h, _p: ["127.0.0.77", "127.0.0.1"])
    assert len(receiver.got) == 1
    assert receiver.got[0][1]["host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize(("name", "arrives"), [("receiver.test", True), ("other.test", False)])
def test_the_certificate_must_be_the_name_s_though_the_number_is_called(
    desk: Desk, tmp_path: Path, name: str, arrives: bool
) -> None:
    server, client = certificate(tmp_path, name)
    with receiving(server) as receiver:
        subscribe(desk, receiver.url(scheme="https"))
        with desk.runtime.database.write() as session:
            hook = session.query(webhook_outbox.Webhook).one()
            hook.url = receiver.url("receiver.test", "https")
        filed(desk.runtime.database, desk.runtime.cipher)
        send(desk.runtime, resolve=lambda _h, _p: ["127.0.0.1"], trust=client)
        assert len(receiver.got) == arrives
    assert rows(desk)[0].last_error == (None if arrives else "connection")


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's TLS for a self-signed certificate of this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(
        serialization.Encoding.PEM).decode())  # fmt: skip


def test_a_silent_receiver_holds_up_nobody_else(desk: Desk, receiver: Receiver) -> None:
    with receiving() as slow:
        slow.delay = 1.0
        subscribe(desk, slow.url())
        subscribe(desk, receiver.url())
        for n in range(9):
            filed(desk.runtime.database, desk.runtime.cipher, f"k{n}")
        assert send(desk.runtime, seconds=3) == 8, "at most four to each"
        assert (len(slow.got), len(receiver.got)) == (4, 4)


def test_a_new_secret_signs_with_the_former_one_for_a_day(
    desk: Desk, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    number, former = subscribe(desk, receiver.url())
    page = desk.browser("admin").post(f"/console/webhooks/{number}/secret", data=WHY).text
    fresh = re.search(r'class="key">(whsec_[^<]+)<', page)[1]  # type: ignore[index]
    assert fresh != former
    assert fresh not in desk.browser("admin").get(f"/console/webhooks/{number}").text
    filed(desk.runtime.database, desk.runtime.cipher)
    send(desk.runtime)
    now = times.now().timestamp()
    assert all(verifies(one, *receiver.got[0][1:], now) for one in (fresh, former))
    clock.shift(timedelta(hours=25))
    filed(desk.runtime.database, desk.runtime.cipher, "later")
    send(desk.runtime)
    now = times.now().timestamp()
    assert verifies(fresh, *receiver.got[1][1:], now)
    assert not verifies(former, *receiver.got[1][1:], now)
    sweep(desk.runtime.database, desk.runtime.cipher)
    with desk.runtime.database.read() as session:
        assert session.query(webhook_outbox.Webhook).one().former_encrypted is None


def test_stopped_is_silent_at_once_and_old_deliveries_are_cleared(
    desk: Desk, receiver: Receiver, clock: time_machine.Traveller
) -> None:
    number, _ = subscribe(desk, receiver.url())
    filed(desk.runtime.database, desk.runtime.cipher)
    admin = desk.browser("admin")
    assert admin.post(f"/console/webhooks/{number}/stop", data={"reason": "x"}).status_code == 422
    assert admin.post(f"/console/webhooks/{number}/stop", data=WHY).status_code == 303
    assert send(desk.runtime) == 0
    assert rows(desk)[0].state == "withdrawn"
    filed(desk.runtime.database, desk.runtime.cipher, "meanwhile")
    assert len(rows(desk)) == 1
    for step in ("trial", "again"):
        assert admin.post(f"/console/webhooks/{number}/{step}").status_code == 409
    assert admin.post(f"/console/webhooks/{number}/restore", data=WHY).status_code == 303
    assert admin.post(f"/console/webhooks/{number}/trial").status_code == 303
    assert send(desk.runtime) == 1
    assert (receiver.bodies[0]["kind"], receiver.bodies[0]["receipt"]) == ("trial", None)
    clock.shift(timedelta(days=31))
    sweep(desk.runtime.database, desk.runtime.cipher)
    assert rows(desk) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://10.0.0.5/x"}, "内部网络"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "内部网络"),
        ({"url": "ftp://127.0.0.1/"}, "https://"),
        ({"url": "http://nobody.invalid/"}, "查不到"),
        ({"area": "丰泽区"}, "不归您管"),
        ({"area": "100000"}, "不归您管"),
        ({"kinds": []}, "至少选一种"),
        ({"kinds": ["viewed"]}, "没有这种事件"),
        ({"reason": "无"}, "至少 4 个字"),
        ({"name": "<"}, "至少 2 个字"),
    ],
)
def test_a_wrong_wish_is_refused_and_keeps_what_was_typed(
    desk: Desk, receiver: Receiver, change: dict[str, Any], said: str
) -> None:
    form = {"name": "<b>平台</b>", "url": receiver.url(), "area": "忠县", "kinds": ["filed"], **WHY}
    page = desk.browser("admin").post("/console/webhooks", data={**form, **change})
    assert (page.status_code, said in page.text) == (422, True)
    assert "<b>平台" not in page.text
    assert "&lt;" in page.text


def test_production_takes_https_alone(desk: Desk, receiver: Receiver) -> None:
    desk.runtime.settings.environment = "production"
    form = {"name": "平台", "url": receiver.url(), "area": "忠县", "kinds": ["filed"], **WHY}
    answer = desk.client.post("/api/webhooks", json=form, headers=token(desk, "500233"))
    assert (answer.status_code, answer.json()["field"]) == (422, "url")


def token(desk: Desk, area: str, role: str = "administrator") -> dict[str, str]:
    with desk.runtime.database.write() as session:
        value = staff.create_token(
            session, desk.runtime.cipher, name="脚本", role=role, area_code=area,
            department="minzheng",
        )  # fmt: skip
    return {"Authorization": f"Bearer {value}"}


def test_by_api_what_the_console_can(desk: Desk, receiver: Receiver) -> None:
    mine, client = token(desk, "500233"), desk.client
    form = {"name": "平台", "url": receiver.url(), "area": "忠县", "kinds": ["filed"], **WHY}
    made = client.post("/api/webhooks", json=form, headers=mine)
    assert made.status_code == 201
    path = f"/api/webhooks/{made.json()['id']}"
    listed = client.get("/api/webhooks", headers=mine)
    assert [one["name"] for one in listed.json()["webhooks"]] == ["平台"]
    assert "secret" not in listed.text.replace("webhook_secret", "")
    assert client.post(f"{path}/trial", headers=mine).json()["state"] == "new"
    send(desk.runtime)
    assert verifies(made.json()["secret"], *receiver.got[0][1:], times.now().timestamp())
    receiver.answers = [410]
    filed(desk.runtime.database, desk.runtime.cipher)
    send(desk.runtime)
    dead = client.get(f"{path}/deliveries?state=dead", headers=mine).json()["deliveries"]
    assert [(one["status"], one["error"]) for one in dead] == [(410, "status")]
    again = f"{path}/deliveries/{dead[0]['id']}/again"
    assert client.post(again, headers=mine).json() == {"sent": 1}
    assert client.post(again, headers=mine).status_code == 404
    assert client.post(f"{path}/again", headers=mine).json() == {"sent": 0}
    assert client.post(f"{path}/secret", json=WHY, headers=mine).json()["secret"]
    assert client.post(f"{path}/stop", json=WHY, headers=mine).json()["running"] is False
    assert client.post(f"{path}/restore", json=WHY, headers=mine).json()["running"] is True
    lines = client.get("/api/access?group=webhook", headers=token(desk, "500233", "auditor")).json()
    assert [one["what"] for one in lines["lines"]] == [
        "恢复事件推送", "停用事件推送", "更换推送密钥", "重新发送推送", "新增事件推送",
    ]  # fmt: skip
    assert {one["detail"] for one in lines["lines"]} == {"平台", "平台，1 次"}


def test_only_administrators_of_the_area_touch_a_subscription(
    desk: Desk, receiver: Receiver
) -> None:
    number, _ = subscribe(desk, receiver.url())
    calls = [("get", "/api/webhooks/{}/deliveries"), *(
        ("post", f"/api/webhooks/{{}}/{step}") for step in ("secret", "again", *STEPS)
    )]  # fmt: skip
    for who in ("county", "town", "viewer", "yibao"):
        browser = desk.browser(who)
        assert browser.get("/console/webhooks").status_code == 403
        assert browser.post("/console/webhooks", data=WHY).status_code == 403
        for step in ("secret", *STEPS):
            path = f"/console/webhooks/{number}/{step}"
            assert browser.post(path, data=WHY).status_code == 403, (who, step)
        for method, path in calls:
            body = {"json": WHY} if method == "post" else {}
            answer = getattr(desk.client, method)(
                path.format(number), headers=desk.bearer(who), **body
            )
            assert answer.status_code == 403, (who, path)
    other, foreign = desk.browser("elsewhere"), token(desk, "350982")
    shapes = set()
    for wrong in (number, "0" * 32, "x" * 20, "%00"):
        assert other.get(f"/console/webhooks/{wrong}").status_code == 404
        for step in ("secret", *STEPS, "nosuchstep"):
            answer = other.post(f"/console/webhooks/{wrong}/{step}", data=WHY)
            assert answer.status_code == 404, (wrong, step)
        for method, path in calls:
            body = {"json": WHY} if method == "post" else {}
            answer = getattr(desk.client, method)(path.format(wrong), headers=foreign, **body)
            shapes.add((answer.status_code, answer.text))
    assert len(shapes) == 1, shapes
    assert other.get("/console/webhooks").text.count("县数据平台") == 0
    forged = desk.browser("admin").post(
        f"/console/webhooks/{number}/stop", data=WHY, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert forged.status_code == 403


def test_the_sender_walks_nothing_that_has_arrived(
    desk: Desk,
) -> None:
    """A month of arrived deliveries must not be walked every second."""
    if not desk.runtime.database.is_sqlite:
        pytest.skip("PostgreSQL plans by statistics; the index is the same")
    asked: list[str] = []
    with desk.runtime.database.read() as session:
        event.listen(
            desk.runtime.database.engine, "before_cursor_execute",
            lambda _c, _u, statement, *_: asked.append(statement),
        )  # fmt: skip
        webhook_outbox.waiting(session)
        webhook_outbox.measure(session)
        selects = [one for one in asked if one.startswith("SELECT")]
        plans = []
        for one in selects:
            given = ("2026-01-01",) * one.count("?")
            rows = session.connection().exec_driver_sql(f"explain query plan {one}", given)
            plans.append(" ".join(str(row[-1]) for row in rows))
    assert "ix_webhook_delivery_queue (webhook_id=? AND state=? AND due_at<?)" in plans[0]
    assert "ix_webhook_delivery_open" in plans[1]
    assert "ix_webhook_delivery_dead" in plans[2]


def test_the_sender_of_the_running_application_delivers(desk: Desk, receiver: Receiver) -> None:
    subscribe(desk, receiver.url())

    async def for_a_while() -> None:
        sending = asyncio.create_task(Sender(desk.runtime).run())
        filed(desk.runtime.database, desk.runtime.cipher)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if receiver.got:
                break
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(for_a_while())
    assert [one["kind"] for one in receiver.bodies] == ["filed"]
    assert rows(desk)[0].state == "done"

"""Back-channel logout over real HTTP: what the provider ended is over here, nothing else is."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
import time_machine
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from api import oidc
from api.oidc_logout import OLDEST, PATH, REASONS
from cases import models, provider_logout, second_factor, signing_in, staff
from cases.sweep import sweep
from foundation import clock as times
from foundation.settings import Settings
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk
from tests.api.provider import CLIENT, EVENT, SECRET, Double, providing
from tests.api.test_oidc import BACK, HOME, come, fresh, link
from tests.browser.furnished import free_port, serving


@pytest.fixture
def double() -> Iterator[Double]:
    with providing(BACK) as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, database_url: str, double: Double) -> Settings:
    return Settings(
        _env_file=None, data_dir=tmp_path / "var", database_url=database_url,
        oidc_issuer=double.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
        staff_base_url=HOME,
    )  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with desk.runtime.database.write() as session:
        staff.create_staff(
            session, login="admin", name="管理员", password=PASSWORD, hashed="-",
            role="administrator", area_code="500233", department="minzheng",
        )  # fmt: skip
    link(desk, "town")
    return desk


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    with serving(desk.client.app, free_port()) as found:
        yield found + PATH


def tell(address: str, token: str | None, **more: str) -> tuple[int, dict[str, Any]]:
    """Post as the provider does; status and body."""
    form = urlencode({**({"logout_token": token} if token is not None else {}), **more}).encode()
    return post(address, form)


def post(
    address: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> tuple[int, dict[str, Any]]:
    asked = urllib.request.Request(address, body, {"Content-Type": kind})  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, {"body": answer.read().decode()}
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def inside(browser: TestClient) -> bool:
    return browser.get("/console").status_code == 200


def come_with(desk: Desk, double: Double, sid: str | None, **claims: Any) -> TestClient:
    """A browser signed in by the provider's session `sid`."""
    double.claims = {**({"sid": sid} if sid else {}), **claims}
    browser = fresh(desk)
    assert come(browser, double).headers["location"] == "/console"
    return browser


def kept(desk: Desk) -> tuple[list[str], int]:
    with desk.runtime.database.read() as session:
        sessions = sorted(one.id for one in session.query(models.StaffSession))
        return sessions, session.query(models.ProviderLogout).count()


def test_a_session_of_the_provider_ends_alone_and_a_subject_in_all(
    desk: Desk, double: Double, address: str
) -> None:
    one, two, unknown = (come_with(desk, double, sid) for sid in ("s-1", "s-2", None))
    own, other = desk.browser("town"), desk.browser("county")
    assert tell(address, double.logout_token(sub=None, sid="s-1")) == (200, {"body": ""})
    assert [inside(each) for each in (one, two, unknown, own)] == [False, True, True, True]
    assert tell(address, double.logout_token(sid="s-3"))[0] == 200, "nothing left is no fault"
    assert [inside(each) for each in (two, unknown)] == [True, False], "its sid was never said"
    assert tell(address, double.logout_token(sub="somebody else"))[0] == 200
    assert tell(address, double.logout_token(sub="somebody else", sid="s-2"))[0] == 200
    assert inside(two)
    assert tell(address, double.logout_token())[0] == 200
    assert [inside(each) for each in (two, own, other)] == [False, True, True]
    lines = desk.client.get("/api/access?group=account", headers=desk.bearer("viewer")).json()
    ended = [one for one in lines["lines"] if one["what"] == "结束登录"]
    assert [(one["who"], one["detail"]) for one in ended] == [
        ("系统", "测试town（town），在统一登录退出，结束 1 处登录")
    ] * 3
    double.claims = {"iat": int(time.time()) + 2}
    assert come(fresh(desk), double).headers["location"] == "/console", "who comes again is let in"


NOW = int(time.time())
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("iss", {"iss": "http://evil.test"}, ""), ("iss", {"iss": None}, ""),
    ("aud", {"aud": "another"}, ""), ("aud", {"aud": [CLIENT, "another"]}, ""),
    ("aud", {"aud": None}, ""), ("aud", {"aud": []}, ""),
    ("iat", {"iat": None}, ""), ("iat", {"iat": "now"}, ""), ("iat", {"iat": True}, ""),
    ("iat", {"iat": NOW - OLDEST - 60}, ""), ("iat", {"iat": NOW + 3600}, ""),
    ("iat", {"iat": 1e300}, ""), ("iat", {"iat": -1}, ""),
    ("exp", {"exp": None}, ""), ("exp", {"exp": NOW - 120}, ""), ("exp", {"exp": "soon"}, ""),
    ("events", {"events": None}, ""), ("events", {"events": {}}, ""),
    ("events", {"events": [EVENT]}, ""), ("events", {"events": EVENT}, ""),
    ("events", {"events": {EVENT: True}}, ""), ("events", {"events": {"http://x": {}}}, ""),
    ("nonce", {"nonce": "n"}, ""), ("nonce", {"nonce": ""}, ""),
    ("subject", {"sub": None}, ""), ("subject", {"sub": 7}, ""), ("subject", {"sub": ""}, ""),
    ("subject", {"sid": ["s"]}, ""), ("subject", {"sid": ""}, ""),
    ("jti", {"jti": None}, ""), ("jti", {"jti": 7}, ""), ("jti", {"jti": ""}, ""),
    ("typ", {"typ": "at+jwt"}, ""), ("typ", {"typ": "id_token+jwt"}, ""),
    ("signature", {}, "none"), ("signature", {}, "hs256"), ("signature", {}, "foreign key"),
    ("signature", {}, "bent"),
]  # fmt: skip


def test_a_bad_token_is_400_with_its_reason_and_changes_nothing(
    desk: Desk, double: Double, address: str
) -> None:
    browser = come_with(desk, double, "s-1")
    before = kept(desk)
    for problem, changes, lie in WRONG:
        double.lie = lie
        told = tell(address, double.logout_token(**changes))
        plain, reason = REASONS[problem]
        wanted = {"error": "invalid_request", "error_description": plain, "reason": reason}
        assert told == (400, wanted), (changes, lie)
    double.lie = ""
    good = double.logout_token()
    for body, kind in (
        (b"", "application/x-www-form-urlencoded"), (b"logout_token=", "text/plain"),
        (b"logout_token=x&logout_token=y", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"logout_token=" + b"a." * 9000, "application/x-www-form-urlencoded"),
        (json.dumps({"logout_token": good}).encode(), "application/json"),
        (b"logout_token=" + good.encode(), "text/plain"),
    ):  # fmt: skip
        status, answer = post(address, body, kind)
        assert (status, answer["error_description"]) == (400, REASONS["form"][0]), body[:40]
    for junk in ("x", "a.b.c", "a.b.c.d.e", good + ".x", good[:-30], "..", good.split(".")[1]):
        assert tell(address, junk)[1]["error_description"] == REASONS["signature"][0], junk
    assert kept(desk) == before
    assert inside(browser)
    assert all(plain.isascii() for plain, _ in REASONS.values())
    assert tell(address, good)[0] == 200, "and the good one still counts"
    assert not inside(browser)


def test_an_id_token_is_no_logout_token(desk: Desk, double: Double, address: str) -> None:
    come_with(desk, double, "s-1")
    now = int(time.time())
    claims = {"iss": double.issuer, "sub": double.subject, "aud": CLIENT, "iat": now,
              "exp": now + 300, "nonce": "n", "jti": "j"}  # fmt: skip
    assert tell(address, double.signed(claims))[1]["error_description"] == REASONS["events"][0]
    both = double.signed({**claims, "events": {EVENT: {}}})
    assert tell(address, both)[1]["error_description"] == REASONS["nonce"][0]


def test_a_token_counts_once_and_is_remembered_as_long_as_it_could_count(
    desk: Desk, double: Double, address: str
) -> None:
    come_with(desk, double, "s-1")
    token = double.logout_token(exp=int(time.time()) + 86_400)
    assert tell(address, token)[0] == 200
    double.claims = {"iat": int(time.time()) + 2}
    browser = fresh(desk)
    assert come(browser, double).headers["location"] == "/console"
    before = kept(desk)
    status, answer = tell(address, token)
    assert (status, answer["error_description"]) == (400, REASONS["replay"][0])
    assert kept(desk) == before
    assert inside(browser)
    database, cipher = desk.runtime.database, desk.runtime.cipher
    start = times.now()
    for minutes, left in ((59, 1), (61, 0)):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            sweep(database, cipher)
            assert kept(desk)[1] == left
            assert tell(address, token)[1]["error_description"] != REASONS["replay"][0]
            assert kept(desk)[1] == left, "too old by itself"


def test_a_sign_in_on_its_way_does_not_come_in_after_its_end(
    desk: Desk, double: Double, address: str
) -> None:
    """The provider ends the session between its ID token and our session."""
    double.claims = {"sid": "s-1"}
    browser = fresh(desk)
    landing = double.authorize(browser.get("/console/login/oidc").headers["location"])
    assert tell(address, double.logout_token(sub=None, sid="s-1"))[0] == 200
    late = browser.get(landing.removeprefix(HOME))
    assert (late.status_code, "统一登录那边已经退出" in late.text) == (401, True)
    assert not inside(browser)
    double.claims = {"iat": int(time.time()) - 5}
    other = fresh(desk)
    landing = double.authorize(other.get("/console/login/oidc").headers["location"])
    assert tell(address, double.logout_token())[0] == 200
    assert other.get(landing.removeprefix(HOME)).status_code == 401, "all of the subject's"


def test_an_end_waits_for_a_sign_in_that_has_begun_and_ends_it(desk: Desk, double: Double) -> None:
    database, cipher, issuer = desk.runtime.database, desk.runtime.cipher, double.issuer
    whose = provider_logout.mark(cipher, issuer, "subject", double.subject)
    told = provider_logout.Told(issuer, "jti-1", times.now(), double.subject)
    ended: list[int] = []

    def end() -> None:
        with database.write() as session:
            ended.append(provider_logout.end(session, cipher, told))

    ending = threading.Thread(target=end)
    with database.write() as session:
        provider_logout.refuse_ended(session, whose, None, times.now())
        ending.start()
        ending.join(0.3)
        assert not ended, "it takes its turn"
        person = session.query(models.Staff).filter_by(login="town").one()
        browser = staff.Browser(via=signing_in.PROVIDER, subject_hash=whose)
        staff.open_session(session, cipher, person.id, browser=browser)
    ending.join(10)
    assert ended == [1]


def test_a_sign_in_that_waits_for_its_code_ends_too(
    desk: Desk, double: Double, address: str
) -> None:
    with desk.runtime.database.write() as session:
        person = session.query(models.Staff).filter_by(login="town").one()
        setup = second_factor.begin(session, desk.runtime.cipher, person, "s")
        code = pyotp.TOTP(setup.key)
        assert second_factor.confirm(session, desk.runtime.cipher, person, "s", code.now())
        session.get_one(models.StaffTotp, person.id).last_step = 0
    double.claims = {"sid": "s-1"}
    waits, through = fresh(desk), fresh(desk)
    for browser in (waits, through):
        assert come(browser, double).headers["location"] == "/console/login/code"
    given = {"data": {"code": code.now()}, "headers": dict(SAME_ORIGIN)}
    assert through.post("/console/login/code", **given).headers["location"] == "/console"
    assert tell(address, double.logout_token(sub=None, sid="s-1"))[0] == 200
    assert not inside(through), "the step keeps the provider's session"
    late = waits.post("/console/login/code", **given)
    assert late.headers["location"] == "/console/login"
    assert not inside(waits)


def test_without_its_keys_nothing_counts_and_new_keys_are_taken_up(
    desk: Desk, double: Double, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = come_with(desk, double, "s-1")
    double.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert tell(address, double.logout_token())[0] == 400, "at most one look a minute"
    monkeypatch.setattr(oidc, "NEW_KEYS_SECONDS", 0.0)
    provider = desk.client.app.state.oidc  # type: ignore[attr-defined]
    real, provider._about = provider._about, {**provider._about, "jwks_uri": double.issuer + "/x"}
    answer = tell(address, double.logout_token())
    assert (answer[0], answer[1]["error_description"]) == (400, REASONS["keys"][0])
    assert inside(browser)
    provider._about = real
    assert tell(address, double.logout_token())[0] == 200
    assert not inside(browser)


def test_the_tables_name_neither_subject_nor_session(desk: Desk, double: Double) -> None:
    come_with(desk, double, "sid-of-the-provider")
    told = provider_logout.Told(
        double.issuer, "jti-1", datetime.now(UTC), double.subject, "sid-of-the-provider"
    )
    with desk.runtime.database.write() as session:
        rows = [dict(vars(one)) for one in session.query(models.StaffSession)]
        assert provider_logout.end(session, desk.runtime.cipher, told) == 1
        rows += [dict(vars(one)) for one in session.query(models.ProviderLogout)]
    assert "sid-of-the-provider" not in repr(rows)
    assert double.subject not in repr(rows)
    assert signing_in.PROVIDER in repr(rows)


def test_where_no_provider_is_set_there_is_no_such_place(desk: Desk, double: Double) -> None:
    desk.client.app.state.oidc = None  # type: ignore[attr-defined]
    answer = desk.client.post(PATH, data={"logout_token": double.logout_token()})
    assert (answer.status_code, answer.json()) == (404, {"reason": "没有找到"})

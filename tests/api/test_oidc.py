"""Signing in at an identity provider, over HTTP: linked by hand, proven, else refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from pydantic import ValidationError

from api import oidc
from cases import identities, models, second_factor, staff
from foundation.settings import Settings
from tests.api.conftest import PASSWORD, SAME_ORIGIN, Desk
from tests.api.provider import CLIENT, SECRET, Double, providing

HOME = "http://testserver"
BACK = f"{HOME}/console/login/oidc/back"
WHY = {"reason": "本人到场核对过"}


@pytest.fixture
def double() -> Iterator[Double]:
    with providing(BACK) as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, database_url: str, double: Double) -> Settings:
    return Settings(
        _env_file=None, data_dir=tmp_path / "var", database_url=database_url,
        oidc_issuer=double.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
        staff_base_url=HOME, second_factor="roles",
    )  # fmt: skip


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with desk.runtime.database.write() as session:
        staff.create_staff(
            session, login="admin", name="管理员", password=PASSWORD, hashed="-",
            role="administrator", area_code="500233", department="minzheng",
        )  # fmt: skip
    return desk


def link(desk: Desk, who: str, subject: str = "u-4711", **changes: str) -> Any:
    with desk.runtime.database.read() as session:
        person = session.query(models.Staff).filter_by(login=who).one().id
    form = {"subject": subject, **WHY, **changes}
    return desk.browser("admin").post(f"/console/people/{person}/link", data=form)


def fresh(desk: Desk) -> TestClient:
    """A browser that is not signed in; from the provider it comes as from another site."""
    return TestClient(
        desk.client.app, headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


def come(browser: TestClient, double: Double) -> Any:
    """Through the provider and back."""
    away = browser.get("/console/login/oidc")
    assert away.status_code == 303
    return browser.get(double.authorize(away.headers["location"]).removeprefix(HOME))


def test_a_linked_person_is_in_and_signs_out_at_both(desk: Desk, double: Double) -> None:
    assert link(desk, "town").headers["location"].endswith("done=link")
    browser = fresh(desk)
    assert "从单位统一登录进入" in browser.get("/console/login").text
    landed = come(browser, double)
    assert (landed.status_code, landed.headers["location"]) == (303, "/console")
    assert browser.get("/console").status_code == 200
    assert "wenzhu-oidc" not in browser.cookies
    out = browser.post("/console/logout", headers=dict(SAME_ORIGIN))
    onward = re.search(r'href="(http://127[^"]+)"', out.text)[1]  # type: ignore[index]
    asked = parse_qs(urlsplit(onward.replace("&amp;", "&")).query)
    assert urlsplit(onward).path == "/logout"
    assert asked == {"client_id": [CLIENT], "post_logout_redirect_uri": [f"{HOME}/console/login"]}
    assert browser.get("/console").headers["location"] == "/console/login"
    local = desk.browser("county")
    assert local.post("/console/logout").headers["location"] == "/console/login"
    lines = desk.client.get("/api/access?group=account", headers=desk.bearer("viewer")).json()
    assert {(one["what"], one["detail"]) for one in lines["lines"]} == {
        ("登录", "统一登录"), ("关联统一登录", "测试town（town）"),
    }  # fmt: skip


def test_nobody_is_guessed(desk: Desk, double: Double) -> None:
    """A name or an address in the token opens nothing; the page tells the subject to pass on."""
    double.claims = {"preferred_username": "county", "email": "county@example.gov.cn",
                     "name": "测试county"}  # fmt: skip
    browser = fresh(desk)
    landed = come(browser, double)
    assert (landed.status_code, "u-4711" in landed.text) == (403, True)
    assert browser.get("/console").headers["location"] == "/console/login"
    double.subject = "<script>alert(1)</script>"
    assert "<script>alert" not in come(fresh(desk), double).text
    link(desk, "town")
    with desk.runtime.database.write() as session:
        session.query(models.Staff).filter_by(login="town").one().active = False
    double.subject = "u-4711"
    assert come(fresh(desk), double).status_code == 403, "a stopped account stays shut"


@pytest.mark.parametrize(
    ("claims", "stage"),
    [
        ({}, "/console/login/enrol"),
        ({"amr": ["pwd"]}, "/console/login/enrol"),
        ({"amr": ["pwd", "mfa"]}, "/console"),
        ({"acr": "mfa"}, "/console"),
        ({"acr": "urn:x:mfa"}, "/console/login/enrol"),
    ],
)
def test_the_second_factor_is_the_provider_s_or_ours(
    desk: Desk, double: Double, claims: dict[str, Any], stage: str
) -> None:
    """县级审核员 must have one (`roles`)."""
    link(desk, "county")
    double.claims = claims
    browser = fresh(desk)
    assert come(browser, double).headers["location"] == stage
    assert browser.get("/console").status_code == (200 if stage == "/console" else 303)


def test_who_has_a_code_is_asked_for_it_and_no_first_password(desk: Desk, double: Double) -> None:
    link(desk, "town")
    with desk.runtime.database.write() as session:
        person = session.query(models.Staff).filter_by(login="town").one()
        person.must_change = True
        setup = second_factor.begin(session, desk.runtime.cipher, person, "s")
        code = pyotp.TOTP(setup.key)
        assert second_factor.confirm(session, desk.runtime.cipher, person, "s", code.now())
        session.get_one(models.StaffTotp, person.id).last_step = 0
    browser = fresh(desk)
    assert come(browser, double).headers["location"] == "/console/login/code"
    given = browser.post(
        "/console/login/code", data={"code": code.now()}, headers=dict(SAME_ORIGIN)
    )
    assert given.headers["location"] == "/console"
    out = browser.post("/console/logout", headers=dict(SAME_ORIGIN))
    assert "退出单位统一登录" in out.text, "the session still knows who vouched"


@pytest.mark.parametrize(
    ("claims", "lie"),
    [
        ({"iss": "http://evil.test"}, ""), ({"aud": "another"}, ""),
        ({"aud": [CLIENT, "another"]}, ""), ({"azp": "another"}, ""), ({"nonce": "old"}, ""),
        ({"exp": 1_000_000_000}, ""), ({"iat": 4_000_000_000}, ""), ({"nbf": 4_000_000_000}, ""),
        ({"sub": ""}, ""), ({"sub": 7}, ""), ({"sub": "x" * 300}, ""), ({"at_hash": "wrong"}, ""),
        ({"amr": "mfa"}, ""), ({}, "none"), ({}, "hs256"), ({}, "foreign key"), ({}, "bent"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_for_us_here_and_now_opens_nothing(
    desk: Desk, double: Double, claims: dict[str, Any], lie: str
) -> None:
    link(desk, "town")
    double.claims, double.lie = claims, lie
    browser = fresh(desk)
    landed = come(browser, double)
    assert landed.status_code == 401, (claims, lie, landed.headers.get("location"))
    assert "统一登录" in landed.text
    assert browser.get("/console").headers["location"] == "/console/login"


def test_a_new_key_of_the_provider_is_taken_up(
    desk: Desk, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(desk, "town")
    assert come(fresh(desk), double).headers["location"] == "/console"
    double.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert come(fresh(desk), double).status_code == 401, "at most one look a minute"
    monkeypatch.setattr(oidc, "NEW_KEYS_SECONDS", 0.0)
    assert come(fresh(desk), double).headers["location"] == "/console"
    assert double.asked.count("/.well-known/openid-configuration") == 1


def test_only_the_browser_that_left_comes_back_once(desk: Desk, double: Double) -> None:
    link(desk, "town")
    mine, theirs = fresh(desk), fresh(desk)
    landing = double.authorize(mine.get("/console/login/oidc").headers["location"])
    landing = landing.removeprefix(HOME)
    theirs.get("/console/login/oidc")
    assert theirs.get(landing).status_code == 401, "another browser's state"
    assert fresh(desk).get(landing).status_code == 401, "no attempt at all"
    for spoilt in ("", "?state=x&code=y", "?error=access_denied", landing[24:] + "&iss=http://e"):
        other = fresh(desk)
        other.get("/console/login/oidc")
        assert other.get(f"/console/login/oidc/back{spoilt}").status_code == 401
    stolen = mine.cookies["wenzhu-oidc"]
    assert mine.get(landing).headers["location"] == "/console"
    again = fresh(desk)
    again.cookies.set("wenzhu-oidc", stolen)
    assert again.get(landing).status_code == 401, "a code is good once"
    bent = fresh(desk)
    bent.cookies.set("wenzhu-oidc", stolen[:-4] + "AAAA")
    assert bent.get(landing).status_code == 401


def test_an_attempt_ends_after_ten_minutes(desk: Desk, double: Double) -> None:
    link(desk, "town")
    browser = fresh(desk)
    landing = double.authorize(browser.get("/console/login/oidc").headers["location"])
    sealed = browser.cookies["wenzhu-oidc"]
    attempt = oidc.unsealed(desk.runtime.cipher, sealed)
    assert attempt is not None
    late = oidc.Attempt(attempt.state, attempt.nonce, attempt.verifier, attempt.until - 601)
    browser.cookies.set("wenzhu-oidc", late.sealed(desk.runtime.cipher), domain="testserver.local")
    other = fresh(desk)
    other.cookies.set("wenzhu-oidc", late.sealed(desk.runtime.cipher))
    assert other.get(landing.removeprefix(HOME)).status_code == 401


@pytest.mark.parametrize("lie", ["issuer", "broken"])
def test_a_provider_that_fails_leaves_the_password(desk: Desk, double: Double, lie: str) -> None:
    link(desk, "town")
    double.lie = lie
    browser = fresh(desk)
    away = browser.get("/console/login/oidc")
    if lie == "broken":
        away = browser.get(double.authorize(away.headers["location"]).removeprefix(HOME))
    assert away.status_code == 503
    form = {"login": "town", "password": PASSWORD}
    signed = browser.post("/console/login", data=form, headers=dict(SAME_ORIGIN))
    assert signed.headers["location"] == "/console"


def test_only_another_administrator_links_and_a_subject_is_one_person(
    desk: Desk, double: Double
) -> None:
    assert link(desk, "town", issuer="http://evil.test").status_code == 303
    with desk.runtime.database.read() as session:
        row = session.query(models.StaffIdentity).one()
        assert (row.issuer, row.subject) == (double.issuer, "u-4711")
    assert (link(desk, "county").status_code, link(desk, "admin").status_code) == (422, 403)
    for wrong in ("", "  ", "x" * 256, "名字", "a\x00b"):
        assert link(desk, "county", wrong).status_code == 422, wrong
    assert link(desk, "town", "u-new").status_code == 303, "a new subject takes the old one's place"
    assert come(fresh(desk), double).status_code == 403
    double.subject = "u-new"
    browser = fresh(desk)
    assert come(browser, double).headers["location"] == "/console"
    with desk.runtime.database.read() as session:
        person = session.query(models.Staff).filter_by(login="town").one().id
    gone = desk.browser("admin").post(f"/console/people/{person}/unlink", data=WHY)
    assert gone.headers["location"].endswith("done=unlink")
    assert browser.get("/console").headers["location"] == "/console/login"
    again = desk.browser("admin").post(f"/console/people/{person}/unlink", data=WHY)
    assert again.status_code == 409
    assert identities.LONGEST == 255


@pytest.mark.parametrize(
    "missing", ["oidc_client_id", "oidc_client_secret", "staff_base_url", "oidc_issuer"]
)
def test_half_a_setting_stops_the_start(missing: str, tmp_path: Path) -> None:
    given = {"oidc_issuer": "https://id.test", "oidc_client_id": "a", "oidc_client_secret": "b",
             "staff_base_url": "https://staff.test"}  # fmt: skip
    if missing == "oidc_issuer":
        given |= {"oidc_issuer": "http://id.test", "environment": "production",
                  "key_file": str(tmp_path / "k")}  # fmt: skip
    else:
        del given[missing]
    with pytest.raises(ValidationError, match=missing.upper()):
        Settings(_env_file=None, data_dir=tmp_path, **given)  # type: ignore[arg-type]

"""An open page of the queue asks every other second and is drawn anew only when something moved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from cases.freshness import OLD_SECONDS
from foundation import clock
from tests.api.conftest import Desk
from tests.cases.builders import filed

LATER = timedelta(seconds=OLD_SECONDS)


def look_again(browser: TestClient, mark: str) -> tuple[int, str]:
    """What the open page gets: status and body."""
    answer = browser.get("/console", params={"mark": mark}, headers={"HX-Request": "true"})
    return answer.status_code, answer.text


def mark_of(page: str) -> str:
    found = re.search(r'id="mark" name="mark" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, so that only what happens moves anything."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize("who", ["town", "county"])
def test_nothing_is_sent_until_a_case_is_filed(desk: Desk, who: str) -> None:
    browser = desk.browser(who)
    mark = mark_of(browser.get("/console").text)
    assert look_again(browser, mark) == (204, "")
    given = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    status, page = look_again(browser, mark)
    assert (status, given in page) == (200, True)
    assert look_again(browser, mark_of(page)) == (204, "")


@pytest.mark.usefixtures("still")
def test_another_county_and_a_reading_move_nothing(desk: Desk) -> None:
    stranger, county = desk.browser("stranger"), desk.browser("county")
    far = mark_of(stranger.get("/console").text)
    given = filed(desk.runtime.database, desk.runtime.cipher).receipt_no
    assert look_again(stranger, far)[0] == 204
    near = mark_of(county.get("/console").text)
    assert county.get(f"/console/cases/{given}").status_code == 200
    assert look_again(county, near)[0] == 204


def test_what_time_alone_changes_is_seen_when_the_mark_is_old(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    county = desk.browser("county")
    mark = mark_of(county.get("/console").text)
    monkeypatch.setattr(clock, "now", lambda: now + LATER)
    assert look_again(county, mark)[0] == 200


def test_a_strange_mark_gets_the_list(desk: Desk) -> None:
    county = desk.browser("county")
    assert look_again(county, "-1' OR 1=1")[0] == 200
    assert look_again(county, "9" * 41)[0] == 422

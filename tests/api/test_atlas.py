"""The parameter atlas: every figure shown, and how one is changed by two people."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cases import parameter_desk, staff
from rules.parameter_store import FOLDER, files_store
from rules.version import rules_version
from tests.api.conftest import PASSWORD, Desk

BODY = {
    "facts": {
        "household_size": 2, "monthly_income_total": 900, "hukou": "rural", "car": False,
        "deposit": 3000,
    },
    "region": "500233", "on": "2026-11-21",
}  # fmt: skip
NEW = {
    "name": "dibao_standard", "region_code": "500000", "population": "rural", "value": "400",
    "unit": "元/人·月", "effective_from": "2026-10-01", "document": "渝民〔2026〕88号",
    "clause": "第一条", "grade": "S", "checked_until": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def editors(desk: Desk) -> tuple[TestClient, TestClient]:
    """Two people who may edit content in Chongqing."""
    hashed = staff.hash_password(PASSWORD)
    with desk.runtime.database.write() as session:
        for login in ("first-editor", "second-editor"):
            staff.create_staff(
                session, login=login, name=login, role="content_editor", area_code="500000",
                department="minzheng", password=PASSWORD, hashed=hashed,
            )  # fmt: skip
    return desk.browser("first-editor"), desk.browser("second-editor")


def test_the_atlas_shows_value_place_period_source_grade_and_check(desk: Desk) -> None:
    page = desk.browser("viewer").get("/console/atlas?region=500233&programme=dibao")
    assert page.status_code == 200
    for said in ("最低生活保障", "重庆市", "元/人·月", "现行", "核对到"):
        assert said in page.text, said
    assert "提一个新数值" not in page.text
    everything = desk.browser("viewer").get("/console/atlas?region=350100&show=all").text
    assert "X 未核实" in everything
    assert "X 未核实" not in desk.browser("viewer").get("/console/atlas?region=350100").text
    assert "没有找到这个地方" in desk.browser("viewer").get("/console/atlas?region=火星").text


def _words(page: str) -> str:
    """What a reader sees of a page, choices of its lists too."""
    return html.unescape(re.sub(r"<[^>]*>", " ", re.split(r"<main[^>]*>", page)[-1]))


def _raw(page: str) -> list[str]:
    """English names and codes among the words of a page."""
    codes = {p.name for p in files_store().parameters} | {
        p.programme for p in files_store().parameters
    }
    return [word for word in re.findall(r"[A-Za-z_]{2,}[0-9A-Za-z_]*", _words(page))
            if "_" in word or word in codes]  # fmt: skip


def test_no_name_or_code_of_a_parameter_reaches_the_page(
    editors: tuple[TestClient, TestClient],
) -> None:
    for place in sorted(path.name for path in FOLDER.iterdir() if path.is_dir()):
        page = editors[0].get(f"/console/atlas?show=all&region={place}").text
        assert "数值" in page
        assert not _raw(page), place
    assert _raw("<main>dibao_standard") == ["dibao_standard"]
    assert _raw("<main>statistics") == ["statistics"]


def test_what_is_due_to_be_checked_is_listed_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(show: str) -> int:
        page = desk.browser("viewer").get(f"/console/atlas?region=500233&show={show}").text
        return page.count('data-label="核对到"')

    monkeypatch.setattr("foundation.clock.today", lambda: date(2026, 3, 31))
    assert rows("now") > 20
    assert rows("due") == 0
    monkeypatch.setattr("foundation.clock.today", lambda: date(2026, 4, 1))
    assert rows("due") == rows("now")
    assert rows("all") > rows("now")


def _standard(desk: Desk) -> float:
    store = parameter_desk.store_of(desk.runtime.database)
    return store.in_force("dibao_standard", "500233", date(2026, 11, 21), hukou="rural").low


def screened(desk: Desk) -> Any:
    return desk.client.post("/api/screenings", json=BODY, headers=desk.bearer("county"))


def publish(browser: TestClient, row: str) -> Any:
    """As the page does: what was seen goes along."""
    seen = re.search(r'name="seen" value="(\w*)"', browser.get(f"/console/atlas/{row}").text)
    return browser.post(f"/console/atlas/{row}/publish", data={"seen": seen[1] if seen else ""})


def _draft_id(desk: Desk) -> str:
    with desk.runtime.database.read() as session:
        return parameter_desk.drafts(session)[0].id


def test_draft_second_pair_of_eyes_publish_and_back(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    first, second = editors
    before, version = _standard(desk), rules_version()
    assert first.post("/console/atlas", data=NEW).status_code == 303
    assert _standard(desk) == before
    row = _draft_id(desk)
    own = first.post(f"/console/atlas/{row}/publish", data={})
    assert own.status_code == 403
    assert "另一个人" in own.text
    assert _standard(desk) == before

    assert publish(second, row).status_code == 303
    assert _standard(desk) == 400
    answer = screened(desk)
    assert answer.headers["X-Rules-Version"] != version
    reason = answer.json()["verdicts"][0]["reasons"][0]
    assert (reason["line"], reason["parameter"]["document"]) == (400, "渝民〔2026〕88号")
    assert answer.json()["verdicts"][0]["outcome"] == "unlikely"
    assert second.post(f"/console/atlas/{row}/publish", data={}).status_code == 409
    assert "渝民〔2026〕88号" in desk.browser("viewer").get("/console/atlas?region=500233").text

    assert first.post(f"/console/atlas/{row}/take-back", data={"reason": ""}).status_code == 422
    back = first.post(f"/console/atlas/{row}/take-back", data={"reason": "文号写错了"})
    assert back.status_code == 303
    assert _standard(desk) == before
    assert screened(desk).headers["X-Rules-Version"] == version
    assert "已撤回" in first.get("/console/atlas").text


def test_a_refused_draft_changes_nothing(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    first, second = editors
    first.post("/console/atlas", data=NEW)
    row, before = _draft_id(desk), _standard(desk)
    assert second.post(f"/console/atlas/{row}/reject", data={"reason": "没有原文"}).is_redirect
    assert _standard(desk) == before
    assert second.post(f"/console/atlas/{row}/publish", data={}).status_code == 409
    assert second.post("/console/atlas/none/publish", data={}).status_code == 404


UNPUBLISHABLE = [
    ({"name": "nonsense"}, "没有这个参数"),
    ({"value": "很多"}, "数值要写成数字"),
    ({"value": "nan"}, "数值不像真的"),
    ({"unit": "斤"}, "单位和已有的不一样"),
    ({"document": " "}, "要写明出处"),
    ({"grade": "Z"}, "证据级别"),
    ({"effective_from": "明天"}, "日期要写成"),
    ({"region_code": "350900"}, "只能提自己地区"),
    ({"region_code": "x"}, "只能提自己地区"),
    (
        {"population": "all"},
        "重庆市农村最低生活保障标准有两个值在同一时间生效：630（2025-07-01起）和400（2026-10-01起）",
    ),
    ({"effective_from": "2020-01-01"}, "有两个值在同一时间生效"),
    ({"value": "4"}, "4 元/人·月 不像真的，可能写错了单位"),
    (
        {"population": "urban", "value": "771"},
        "重庆市特困人员基本生活标准1001元/人·月，低于重庆市城镇最低生活保障标准771元/人·月的1.3倍",
    ),
    (
        {"name": "tekun_basic_living", "population": "all", "value": "1000.9"},
        "重庆市特困人员基本生活标准1000.9元/人·月，低于重庆市城镇最低生活保障标准770元/人·月的1.3倍",
    ),
]


def test_a_draft_that_could_not_be_published_is_refused_with_its_reason(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    for change, said in UNPUBLISHABLE:
        answer = editors[0].post("/console/atlas", data=NEW | change)
        assert answer.status_code in (403, 422), change
        assert said in answer.text, (change, re.findall(r'role="alert".*', answer.text))
        assert not _raw(answer.text), change
        if answer.status_code == 422:
            assert 'aria-invalid="true"' in answer.text, change
    with desk.runtime.database.read() as session:
        assert parameter_desk.drafts(session) == []


#: Nobody has verified it, so the verified 630 goes on and a household stays likely.
UNVERIFIED = NEW | {"value": "640", "grade": "C", "checked_until": ""}


def _publish_unverified(desk: Desk, editors: tuple[TestClient, TestClient], place: str) -> None:
    first, second = editors
    assert first.post("/console/atlas", data=UNVERIFIED | {"region_code": place}).is_redirect
    row = _draft_id(desk)
    assert "发布后也不参与筛查" in second.get(f"/console/atlas/{row}").text
    assert publish(second, row).status_code == 303
    assert _standard(desk) == 630


def test_a_published_figure_that_nobody_verified_changes_no_screening(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    before = screened(desk).json()
    assert before["verdicts"][0]["outcome"] == "likely"
    _publish_unverified(desk, editors, "500000")
    assert screened(desk).json() == before


def test_an_unverified_figure_of_the_own_place_takes_back_the_estimate_and_no_verdict(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    """PM-01: the nearer figure waits for its check, so the wider place's prices nothing here."""
    before = screened(desk).json()["verdicts"]
    assert before[0]["amount"]
    _publish_unverified(desk, editors, BODY["region"])
    after = screened(desk).json()["verdicts"]
    assert [one["outcome"] for one in after] == [one["outcome"] for one in before]
    assert after[0]["amount"] is None
    told = [one["code"] for one in after[0]["reasons"]]
    assert [code for code in told if code != "figure_of_wider_place"] == [
        one["code"] for one in before[0]["reasons"]
    ]
    assert "figure_of_wider_place" in told


def test_how_far_a_figure_was_checked_is_told_and_never_lies_ahead(
    desk: Desk, editors: tuple[TestClient, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.clock.today", lambda: date(2026, 11, 22))
    for until, said in [
        ("", "核实过的数要写核对到哪一天"),
        ("2026-11-23", "核对到的日子不能晚于今天"),
        ("2035-01-01", "核对到的日子不能晚于今天"),
        ("2026-09-30", "核对到的日子早于生效的日子"),
    ]:
        answer = editors[0].post("/console/atlas", data=NEW | {"checked_until": until})
        assert answer.status_code == 422, until
        assert said in answer.text, until
    to_come = NEW | {"effective_from": "2027-01-01", "checked_until": "2026-11-22"}
    assert editors[0].post("/console/atlas", data=to_come).is_redirect


def test_only_editors_change_figures(desk: Desk) -> None:
    for who in ("county", "town", "viewer"):
        assert desk.browser(who).post("/console/atlas", data=NEW).status_code == 403

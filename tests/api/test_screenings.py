"""Screening over HTTP and on its page; the parameter atlas with its second pair of eyes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.screenings_api import MOST_HOUSEHOLDS
from cases import parameter_desk, staff
from rules.programmes import CODES
from rules.screening import screen
from rules.version import rules_version
from tests.api.conftest import PASSWORD, Desk

DAY = "2026-11-21"
FACTS = {
    "household_size": 2, "monthly_income_total": 900, "hukou": "rural", "car": False,
    "deposit": 3000,
}  # fmt: skip
BODY = {"facts": FACTS, "region": "500233", "on": DAY}
NEW = {
    "name": "dibao_standard", "region_code": "500000", "population": "rural", "value": "400",
    "unit": "元/人·月", "effective_from": "2026-10-01", "document": "渝民〔2026〕88号",
    "clause": "第一条", "grade": "S", "checked_until": "2026-11-01",
}  # fmt: skip


def post(desk: Desk, path: str, body: Any, who: str = "county") -> Any:
    return desk.client.post(path, json=body, headers=desk.bearer(who))


def test_one_household_with_the_version_of_the_rules(desk: Desk) -> None:
    answer = post(desk, "/api/screenings", BODY)
    assert answer.status_code == 200
    assert answer.headers["X-Rules-Version"] == rules_version()
    assert answer.json() == screen(FACTS, "500233", date(2026, 11, 21)).to_json()


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"facts": {"age": 200}}, "age"),
    ({"facts": {"monthly_income_total": -1}}, "monthly_income_total"),
    ({"facts": {"colour": 1}}, "colour"),
    ({"facts": {"household_size": 2, "num_children": 3}}, "num_children"),
    ({"region": "999999"}, "region"),
    ({"focus": ["lottery"]}, "focus"),
    ({"on": "昨天"}, "on"),
    ({"surplus": 1}, "surplus"),
]


def test_what_cannot_be_is_422_with_its_field(desk: Desk) -> None:
    headers = desk.bearer("county")
    for change, field in IMPOSSIBLE:
        answer = desk.client.post("/api/screenings", json=BODY | change, headers=headers)
        assert answer.status_code == 422, change
        assert answer.json()["field"] == field
        assert answer.json()["reason"]


def test_a_batch_answers_each_and_a_bad_one_stops_nobody(desk: Desk) -> None:
    bad = BODY | {"id": "b", "facts": {"age": -1}}
    answer = post(desk, "/api/screenings/batch", {"households": [BODY | {"id": "a"}, bad, BODY]})
    assert answer.status_code == 200
    first, second, third = answer.json()["screenings"]
    assert (first["id"], first["verdicts"][0]["outcome"]) == ("a", "likely")
    assert (second["id"], second["field"]) == ("b", "age")
    assert "verdicts" not in second
    assert third["verdicts"] == first["verdicts"]
    assert len(answer.headers["X-Rules-Version"]) == 12


def test_a_batch_has_a_limit_and_nobody_gets_in_without_a_token(desk: Desk) -> None:
    many = {"households": [{"facts": {}}] * (MOST_HOUSEHOLDS + 1)}
    assert post(desk, "/api/screenings/batch", many).status_code == 422
    assert desk.client.post("/api/screenings", json=BODY).status_code == 401
    assert desk.client.post("/api/screenings/batch", json={}).status_code == 401


def test_the_openapi_document_describes_both(desk: Desk) -> None:
    paths = desk.client.get("/api/openapi.json").json()["paths"]
    for path in ("/api/screenings", "/api/screenings/batch"):
        ok = paths[path]["post"]["responses"]["200"]
        assert "X-Rules-Version" in ok["headers"]


# The page ----------------------------------------------------------------------------------------


def test_the_form_shows_verdicts_with_value_line_and_clause(desk: Desk) -> None:
    browser = desk.browser("county")
    assert "筛查一个家庭" in browser.get("/console/screening").text
    form = {"region": "忠县", "on": DAY, "household_size": "2", "monthly_income_total": "900",
            "hukou": "rural", "car": "no", "deposit": "3000"}  # fmt: skip
    page = browser.post("/console/screening", data=form)
    assert page.status_code == 200
    for said in (
        "重庆市忠县",
        "可能符合",
        "本户 450",
        "线 630",
        "低 180",
        "第九条",
        rules_version(),
    ):
        assert said in page.text, said
    assert "<script>" not in page.text
    assert "style=" not in page.text


WRONG_FORMS = [
    ({"age": "200"}, "年龄大得不像真的"),
    ({"household_size": "两"}, "要写成数字"),
    ({"region": "火星"}, "没有找到这个地方"),
    ({"region": "999999"}, "没有这个行政区划代码"),
    ({"household_size": "nan"}, "数字"),
]


def test_a_wrong_field_is_named_beside_it_and_what_was_typed_stays(desk: Desk) -> None:
    browser = desk.browser("county")
    for form, said in WRONG_FORMS:
        page = browser.post("/console/screening", data={"deposit": "4321", **form})
        assert page.status_code == 422, form
        assert said in page.text
        assert "4321" in page.text
        assert 'aria-invalid="true"' in page.text


def test_an_empty_form_says_what_is_missing_and_never_no(desk: Desk) -> None:
    page = desk.browser("town").post("/console/screening", data={"region": "500233", "on": DAY})
    assert page.status_code == 200
    assert "还缺" in page.text


# The atlas ---------------------------------------------------------------------------------------


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


def _standard(desk: Desk) -> float:
    store = parameter_desk.store_of(desk.runtime.database)
    return store.in_force("dibao_standard", "500233", date(2026, 11, 21), hukou="rural").low


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

    assert second.post(f"/console/atlas/{row}/publish", data={}).status_code == 303
    assert _standard(desk) == 400
    answer = post(desk, "/api/screenings", BODY)
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
    assert post(desk, "/api/screenings", BODY).headers["X-Rules-Version"] == version
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
    ({"population": "all"}, "对不上"),
    ({"value": "4"}, "对不上"),
]


def test_a_draft_that_could_not_be_published_is_refused_with_its_reason(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    for change, said in UNPUBLISHABLE:
        answer = editors[0].post("/console/atlas", data=NEW | change)
        assert answer.status_code in (403, 422), change
        assert said in answer.text, change
    with desk.runtime.database.read() as session:
        assert parameter_desk.drafts(session) == []


def test_only_editors_change_figures(desk: Desk) -> None:
    for who in ("county", "town", "viewer"):
        assert desk.browser(who).post("/console/atlas", data=NEW).status_code == 403


def test_the_form_offers_every_programme_beyond_the_first(desk: Desk) -> None:
    page = desk.browser("county").get("/console/screening").text
    assert all(f"focus_{code}" not in page for code in CODES)

"""Screening over HTTP and on its page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from api.screenings_api import MOST_HOUSEHOLDS
from rules.programmes import ALL_CODES, CODES
from rules.screening import screen
from rules.version import rules_version
from tests.api.conftest import Desk

DAY = "2026-11-21"
FACTS = {
    "household_size": 2, "monthly_income_total": 900, "hukou": "rural", "car": False,
    "deposit": 3000,
}  # fmt: skip
BODY = {"facts": FACTS, "region": "500233", "on": DAY}


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
    ({"on": "昨天"}, "日期要写成"),
    ({"car": "也许"}, "请从列出的里面选一个"),
    ({"hukou": "火星"}, "请从列出的里面选一个"),
    ({"region": "5" * 20}, "没有这个行政区划代码"),
]


def test_a_wrong_field_is_named_beside_it_and_what_was_typed_stays(desk: Desk) -> None:
    browser = desk.browser("county")
    for form, said in WRONG_FORMS:
        page = browser.post("/console/screening", data={"deposit": "4321", **form})
        assert page.status_code == 422, form
        assert said in page.text
        assert "4321" in page.text
        assert 'aria-invalid="true"' in page.text


def test_what_would_change_is_said_and_no_code_is_shown(desk: Desk) -> None:
    form = {"region": "500233", "on": DAY, "household_size": "2", "monthly_income_total": "1700",
            "hukou": "rural", "car": "no", "deposit": "3000", "employed": "yes",
            "medical_expense_self": "9000", "disability_level": "三级"}  # fmt: skip
    form |= {f"focus_{code}": "1" for code in ALL_CODES}
    page = desk.browser("county").post("/console/screening", data=form)
    assert page.status_code == 200
    for said in ("高出 220", "线 630", "如有大病保险记录：单人保可能符合", "第九条"):
        assert said in page.text, said
    words = re.sub(r"<[^>]*>", " ", page.text.partition('id="result"')[2])
    assert not re.findall(r"[a-z]+_[a-z_]+", words)


def test_an_empty_form_says_what_is_missing_and_never_no(desk: Desk) -> None:
    page = desk.browser("town").post("/console/screening", data={"region": "500233", "on": DAY})
    assert page.status_code == 200
    assert "还缺" in page.text


def test_the_form_offers_every_programme_beyond_the_first(desk: Desk) -> None:
    page = desk.browser("county").get("/console/screening").text
    assert all(f"focus_{code}" not in page for code in CODES)

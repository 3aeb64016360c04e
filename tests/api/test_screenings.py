"""Screening over HTTP and on its page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from api.console.pages import STATIC, gap
from api.console.screening_form import FURTHER_CODES, NOTHING, choices, facts_of, sections
from api.screenings_api import MOST_HOUSEHOLDS
from rules import facts as schema
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
    ({"declined": ["foo"]}, "declined"),
    ({"facts": {"receiving": 5}}, "receiving"),
    ({"facts": {"deposit": 10**500}}, "deposit"),
    ({"facts": {"birth_date": "1826-01-01"}}, "birth_date"),
    ({"facts": {"members": 5}}, "members"),
    ({"facts": {"members": [{"foo": 1}]}}, "members[0].foo"),
    ({"facts": {"employed": True, "lost_job": True}}, "employed"),
    ({"facts": 5}, "facts"),
    ({"region": "500233abc"}, "region"),
    ({"region": "市中区"}, "region"),
    ({"region": "火星"}, "region"),
]


def test_what_cannot_be_is_422_with_its_field(desk: Desk) -> None:
    headers = desk.bearer("county")
    for change, field in IMPOSSIBLE:
        answer = desk.client.post("/api/screenings", json=BODY | change, headers=headers)
        assert answer.status_code == 422, change
        assert answer.json()["field"] == field
        assert answer.json()["reason"]
        assert answer.json()["problems"][0] == {"field": field, "reason": answer.json()["reason"]}
        assert answer.headers["X-Rules-Version"] == rules_version()


def test_every_fault_is_named_and_an_error_has_the_version_too(desk: Desk) -> None:
    body = {"facts": {"age": 200, "deposit": -1, "monthy": 1}, "region": "市中区",
            "declined": ["foo"], "focus": ["lottery"]}  # fmt: skip
    answer = post(desk, "/api/screenings", body)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["problems"]] == [
        "monthy", "age", "deposit", "focus", "declined", "region",
    ]  # fmt: skip
    assert "511002" in answer.json()["problems"][-1]["reason"]
    for wrong, status in (("{", 400), ('{"facts": {}, "a": 1, "on": "x"}', 422)):
        headers = {**desk.bearer("county"), "Content-Type": "application/json"}
        answer = desk.client.post("/api/screenings", content=wrong, headers=headers)
        assert answer.status_code == status
        assert answer.headers["X-Rules-Version"] == rules_version()
    assert {problem["field"] for problem in answer.json()["problems"]} == {"a", "on"}
    assert desk.client.post("/api/screenings", json=BODY).headers["X-Rules-Version"]


def test_a_place_may_be_named_and_what_stands_in_for_it_is_said(desk: Desk) -> None:
    answer = post(desk, "/api/screenings", BODY | {"region": "重庆忠县"})
    assert answer.json() == post(desk, "/api/screenings", BODY).json()
    answer = post(desk, "/api/screenings", BODY | {"region": "500999"})
    assert answer.json()["notes"][0] == "名录里没有500999这个地方，按重庆市的规定算"


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


def test_a_household_of_another_shape_spoils_only_itself(desk: Desk) -> None:
    strange: list[Any] = [
        5, {"id": "b"}, {"facts": []}, BODY | {"on": "昨天"}, BODY | {"surplus": 1},
        BODY | {"id": 7}, {"facts": {"receiving": 5, "deposit": 10**500}}, None,
    ]  # fmt: skip
    answer = post(desk, "/api/screenings/batch", {"households": [BODY, *strange, BODY]})
    assert answer.status_code == 200
    first, *bad, last = answer.json()["screenings"]
    assert first["verdicts"] == last["verdicts"]
    assert [one["field"] for one in bad] == [
        "", "facts", "facts", "on", "surplus", "id", "receiving", "",
    ]  # fmt: skip
    assert [len(one["problems"]) for one in bad] == [1, 1, 1, 1, 1, 1, 2, 1]
    assert bad[1]["id"] == "b"
    assert all(re.search("[\u4e00-\u9fff]", one["reason"]) for one in bad)


def raw(desk: Desk, path: str, body: str) -> Any:
    headers = {**desk.bearer("county"), "Content-Type": "application/json"}
    return desk.client.post(path, content=body.encode(), headers=headers)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ('{"facts": {"deposit": 0, "car": false, "deposit": 90000}}', ["deposit"]),
        ('{"facts": {"age": 1, "age": 1}}', ["age"]),
        ('{"facts": {}, "region": "500233", "region": "120104"}', ["region"]),
        ('{"facts": {"age": 3}, "facts": {}}', ["facts"]),
        ('{"facts": {"members": [{"age": 5}, {"age": 5, "age": 6}]}}', ["members[1].age"]),
        ('{"on": "2026-01-01", "facts": {"age": 1, "age": 2}, "on": "2026-11-21"}', ["on", "age"]),
    ],
)
def test_a_key_written_twice_is_named_and_neither_value_is_taken(
    desk: Desk, body: str, fields: list[str]
) -> None:
    answer = raw(desk, "/api/screenings", body)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["problems"]] == fields
    assert answer.json()["field"] == fields[0]
    assert answer.json()["reason"] == "这一项写了两次，只能写一次"
    assert answer.headers["X-Rules-Version"] == rules_version()


def test_a_doubled_key_in_a_batch_spoils_its_household_alone(desk: Desk) -> None:
    good = '{"id": "a", "facts": {"age": 40}}'
    bad = '{"id": "b", "facts": {"age": 40, "age": 41}}'
    answer = raw(desk, "/api/screenings/batch", f'{{"households": [{good}, {bad}, {good}]}}')
    assert answer.status_code == 200
    first, second, third = answer.json()["screenings"]
    assert (second["id"], second["field"]) == ("b", "age")
    assert "verdicts" not in second
    assert first == third
    assert first["verdicts"]
    whole = raw(desk, "/api/screenings/batch", f'{{"households": [], "households": [{good}]}}')
    assert (whole.status_code, whole.json()["field"]) == (422, "households")


def test_a_doubled_key_tells_nothing_to_whoever_has_no_token(desk: Desk) -> None:
    body = b'{"facts": {"age": 1, "age": 1}}'
    headers = {"Content-Type": "application/json"}
    assert desk.client.post("/api/screenings", content=body, headers=headers).status_code == 401
    for broken in (b'{"facts": ', b"[" * 60_000):
        sent = desk.client.post(
            "/api/screenings", content=broken, headers=headers | desk.bearer("county")
        )
        assert sent.status_code == 400


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
    document = desk.client.get("/api/openapi.json").json()["components"]["schemas"]
    items = document["Batch"]["properties"]["households"]["items"]
    assert items["required"] == ["facts"]
    assert "region" in items["properties"]


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


def test_choices_are_the_values_that_the_rules_know() -> None:
    for key, options in choices().items():
        fact = schema.SCHEMA[key]
        if fact.words:
            assert set(options) == set(fact.words), key
        for value in options:
            told = value if fact.kind != "list" else [] if value == NOTHING else [value]
            assert schema.impossible({key: told}) == [], (key, value)
    fields = [field for section in sections("500233", date(2026, 11, 21))
              for field in section.fields]  # fmt: skip
    for field in fields:
        number = schema.SCHEMA[field.key].kind in ("money", "sum", "count", "age")
        assert bool(field.options) is not (number or field.dated), field.key


def test_a_ticked_programme_is_told_all_it_goes_by_on_the_page(desk: Desk) -> None:
    browser = desk.browser("county")
    form = {"region": "500233", "on": DAY, "household_size": "1", "hukou": "rural", "age": "72",
            "monthly_income_total": "0", "car": "no", "deposit": "0", "receiving": "nothing",
            "focus_tekun": "1", "focus_jiaoyu": "1"}  # fmt: skip
    missing = browser.post("/console/screening", data=form).text.partition('id="result"')[2]
    assert "有没有应当赡养、抚养、扶养的人" in missing
    assert "在读什么学校" in missing
    form |= {"supporter": "none", "student_stage": "无"}
    page = browser.post("/console/screening", data=form)
    assert page.status_code == 200
    told = page.text.partition('id="result"')[2]
    assert "有没有应当赡养、抚养、扶养的人" not in told
    assert "在读什么学校" not in told
    assert '<option value="none" selected>一个也没有</option>' in page.text
    wrong = browser.post("/console/screening", data=form | {"supporter": "火星"})
    assert wrong.status_code == 422
    assert "请从列出的里面选一个" in wrong.text


def test_a_field_that_is_not_shown_counts_for_nothing() -> None:
    shown = sections("500233", date(2026, 11, 21))
    given = {"supporter": "none", "age": "72"}
    assert facts_of(given, shown) == ({"age": 72}, {})
    assert facts_of({**given, "focus_tekun": "1"}, shown) == ({"age": 72, "supporter": "none"}, {})


def test_each_further_field_shows_with_its_programme_and_without_script() -> None:
    style = (STATIC / "screening.css").read_text("utf-8")
    for code in FURTHER_CODES:
        assert f".enquiry:has(#focus-{code}:checked) .for-{code}" in style, code


def test_an_income_can_be_told_as_a_range(desk: Desk) -> None:
    shown = sections("500233", date(2026, 11, 21))
    for low, high, facts in [
        ("800", "1,200", {"low": 800, "high": 1200}),
        ("800", "", 800),
        ("800", "800", 800),
        ("", "500", {"low": None, "high": 500}),
    ]:
        given = {"monthly_income_total": low, "monthly_income_total_to": high}
        assert facts_of(given, shown) == ({"monthly_income_total": facts}, {})
    form = {"region": "500233", "on": DAY, "household_size": "2", "hukou": "rural", "car": "no",
            "deposit": "0", "monthly_income_total": "900", "monthly_income_total_to": "1100",
            }  # fmt: skip
    browser = desk.browser("county")
    page = browser.post("/console/screening", data=form)
    assert page.status_code == 200
    assert "本户 450–550" in page.text
    assert "线 630，低 80–180" in page.text
    assert 'value="1100"' in page.text
    turned = browser.post("/console/screening", data=form | {"monthly_income_total_to": "100"})
    assert turned.status_code == 422
    assert "范围前后颠倒了" in turned.text


def test_a_figure_that_nobody_verified_is_named_with_its_place(desk: Desk) -> None:
    form = {"region": "350102", "on": DAY, "household_size": "2", "monthly_income_total": "900"}
    page = desk.browser("county").post("/console/screening", data=form).text
    assert "福州市最低生活保障标准有数字但没有核实" in page
    assert '<p class="remark">有数字但没有核实' not in page


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (170, "高出 170"), (-145, "低 145"), (0, "正好相等"),
        ({"low": -330, "high": -130}, "低 130–330"), ({"low": 20, "high": 50.5}, "高出 20–50.5"),
        ({"low": -10, "high": 90}, "从低 10 到高出 90"),
        ({"low": -10, "high": None}, "相差 至少 -10"),
    ],
)  # fmt: skip
def test_how_far_from_the_line_reads_as_people_say_it(value: Any, said: str) -> None:
    assert gap(value) == said

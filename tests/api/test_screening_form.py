"""The form has a field for whatever a screening goes by, and can settle what it asks for."""

from __future__ import annotations

import re
from datetime import date

import pytest

from api.console.screening_form import (
    _TOLD_OTHERWISE,
    FURTHER_CODES,
    MORE,
    Section,
    facts_of,
    sections,
)
from api.console.steps import MOST_FIELDS
from rules import facts as schema
from rules import law as laws
from rules.household import ALL_COLUMNS
from rules.programmes import ALL_CODES, EVERYTHING, REGISTRY
from rules.reach import filled_by, readers
from tests.api.conftest import Desk

DAY = "2026-11-21"
PLACES = ("500233", "350503", "120104", "150802", "152200", "513400", None)
DAYS = (date(2026, 11, 21), date(2019, 1, 1), date(2016, 12, 1), date(2011, 6, 1))
FORM = {
    "region": "500233", "on": DAY, "household_size": "2", "monthly_income_total": "2000",
    "hukou": "rural", "car": "no", "deposit": "0", "shock": "none", "disability_level": "无",
    "critical_illness_insured": "no", "medical_expense_self": "0", "employed": "yes",
}  # fmt: skip


def shown(found: tuple[Section, ...], code: str) -> set[str]:
    """The fields to be seen when the programme is ticked, or belongs to the first screening."""
    fields = (field for section in found for field in section.fields)
    return {field.key for field in fields if not field.codes or code in field.codes}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("on", DAYS)
def test_whatever_can_be_missing_and_whatever_is_read_has_a_field(
    place: str | None, on: date
) -> None:
    law = laws.of(place, on)
    found = sections(place, on)
    first = {name for column, roots in readers(law, REGISTRY).items() for name in roots}
    for programme in EVERYTHING:
        here = shown(found, programme.code)
        wanted = {key for one in programme.criteria(law) for key in one.reads} - {"region"}
        assert wanted <= here, programme.column
        own = {name for one in programme.criteria(law) for name in one.truth.meta.root_names()}
        read = (own | {*programme.outcome(law).meta.root_names()}) & ALL_COLUMNS.keys()
        if programme in REGISTRY:
            read |= first & ALL_COLUMNS.keys()
        said = {key for key in schema.SCHEMA if not filled_by(key).isdisjoint(read)}
        for key in said - here:
            assert _TOLD_OTHERWISE[key] in here, (programme.column, key)


def test_every_column_is_filled_by_a_fact_or_by_what_was_told_of_an_income() -> None:
    filled = {name for key in schema.SCHEMA for name in filled_by(key)}
    assert ALL_COLUMNS.keys() - filled == set()


def test_each_field_stands_once() -> None:
    for place in PLACES:
        keys = [field.key for section in sections(place, DAYS[0]) for field in section.fields]
        assert len(keys) == len(set(keys))


def test_what_is_seldom_needed_is_folded_until_it_is_filled_in(desk: Desk) -> None:
    folded = f"<summary>{MORE}</summary>"
    browser = desk.browser("county")
    assert f'<details class="more">{folded}' in browser.get("/console/screening").text
    plain = browser.post("/console/screening", data=FORM | {"tuition": "0"})
    assert f'<details class="more">{folded}' in plain.text
    told = browser.post("/console/screening", data=FORM | {"job_cost": "300"})
    assert f'<details class="more" open>{folded}' in told.text
    wrong = browser.post("/console/screening", data=FORM | {"birth_date": "2040-01-01"})
    assert wrong.status_code == 422
    assert f'<details class="more" open>{folded}' in wrong.text
    assert "出生日期在2026年11月21日以后" in wrong.text
    assert '<input id="f-birth_date" name="birth_date" type="date" value="2040-01-01"' in wrong.text


def test_a_browser_may_send_every_field_with_every_programme_ticked(desk: Desk) -> None:
    browser = desk.browser("county")
    empty = browser.get("/console/screening").text
    names = dict.fromkeys(re.findall(r'<(?:input|select)[^>]* name="([a-z_0-9]+)"', empty), "")
    assert len(names) > 80
    ticked = {name: "1" for name in names if name.startswith("focus_")}
    page = browser.post("/console/screening", data=names | ticked | FORM)
    assert page.status_code == 200
    assert page.text.count('<details class="verdict') > len(ALL_CODES)
    for form in (names | FORM, names | ticked | FORM):
        assert len(form) <= MOST_FIELDS - 20, "the next programme's fields have room"


def test_a_form_with_every_answer_waits_for_nothing(desk: Desk) -> None:
    browser = desk.browser("county")
    page = browser.post("/console/screening", data=FORM).text.partition('id="result"')[2]
    assert "还缺：学费" in page
    page = browser.post("/console/screening", data=FORM | {"tuition": "0"})
    assert "还缺" not in page.text.partition('id="result"')[2]


def test_costs_of_work_open_a_verdict_that_stands_without_them(desk: Desk) -> None:
    browser = desk.browser("county")
    form = FORM | {"tuition": "0", "monthly_income_total": "1400"}
    without = browser.post("/console/screening", data=form).text.partition('id="result"')[2]
    costs = browser.post("/console/screening", data=form | {"job_cost": "300"}).text
    assert costs.partition('id="result"')[2] != without
    assert "上班" in costs.partition('id="result"')[2]


def test_illness_stops_and_birthdays_are_told_as_the_rules_read_them() -> None:
    found = sections("500233", DAYS[0])
    given = {"disease": "有", "stopped": "dibao", "birth_date": "1950-03-01", "bedridden": "no"}
    facts, wrong = facts_of(given, found)
    assert (facts, wrong) == (
        {"disease": ["有"], "stopped": ["dibao"], "birth_date": "1950-03-01", "bedridden": False},
        {},
    )
    assert schema.problems(facts, DAYS[0]) == []
    assert schema.flag(schema.understood(facts), "disease") is True


def test_a_ticked_form_asks_by_fields_that_are_there(desk: Desk) -> None:
    """No verdict of any programme calls a fact missing that the page has no field for."""
    labels = {fact.label: key for key, fact in schema.SCHEMA.items()}
    form = {"region": "500233", "on": DAY} | {f"focus_{code}": "1" for code in ALL_CODES}
    page = desk.browser("county").post("/console/screening", data=form).text
    result = page.partition('id="result"')[2]
    missing = {word for said in re.findall("还缺：([^<]*)", result) for word in said.split("、")}
    assert len(missing) > 10
    fields = {key for code in FURTHER_CODES for key in shown(sections("500233", DAYS[0]), code)}
    assert {labels[word] for word in missing if word in labels} <= fields

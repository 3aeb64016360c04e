"""The three layers of aid (基本生活、专项、急难) on the pages that staff read."""

from __future__ import annotations

import re

import pytest

from cases import service
from tests.api.conftest import Desk
from tests.cases.builders import conversation, declaration

LAYERS = {"dibao": "基本生活救助", "yiliao": "专项救助", "linshi": "急难救助"}


@pytest.mark.parametrize("code", LAYERS)
def test_verdict_and_queue_show_the_layer_of_the_programme(desk: Desk, code: str) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    here = conversation(database, cipher)
    verdict = {"program": code, "outcome": "likely", "reasons": []}
    with database.write() as session:
        receipt = service.file_declaration(
            session,
            cipher,
            declaration(
                here,
                programmes=[code],
                screening_json={
                    "as_of": "2026-11-01",
                    "region_name": "重庆市忠县",
                    "verdicts": [verdict],
                },
            ),
        ).receipt_no
    browser = desk.browser("county")
    for address in ("/console", f"/console/cases/{receipt}"):
        shown = re.findall(r'<small class="layer">([^<]+)</small>', browser.get(address).text)
        assert set(shown) == {LAYERS[code]}


def test_the_screening_page_names_the_layer_of_each_verdict(desk: Desk) -> None:
    page = desk.browser("county").post(
        "/console/screening", data={"region": "500233", "household_size": "3"}
    )
    cards = re.findall(r"<details class=\"verdict.*?</summary>", page.text, re.DOTALL)
    assert cards
    assert all('class="layer"' in card for card in cards)

"""A figure published in the console is what the next message is answered and screened by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cases import parameter_desk
from devtools import cli
from foundation.runtime import Runtime
from foundation.settings import Settings
from tests.actions.conftest import Chat

NEW = {
    "name": "dibao_standard", "region_code": "500000", "population": "rural", "value": "907",
    "unit": "元/人·月", "effective_from": "2026-01-01", "document": "渝民〔2026〕8号",
    "clause": "第一条", "grade": "S", "checked_until": "2026-11-01",
}  # fmt: skip


@pytest.fixture
def published(runtime: Runtime) -> str:
    """The id of a published row."""
    with runtime.database.write() as session:
        row = parameter_desk.propose(session, "first", NEW)
        parameter_desk.decide(session, "second", row.id, publish=True, reason="")
        return row.id


def asked(runtime: Runtime) -> str:
    return Chat(runtime).say(
        "忠县农村低保一个月多少钱",
        "ask_amount_standard",
        program="dibao",
        region="重庆市忠县",
        hukou="rural",
    )


def test_an_answer_names_it_with_its_document(runtime: Runtime, published: str) -> None:
    said = asked(runtime)
    assert "907元" in said
    assert "2026年1月" in said


def test_taken_back_it_is_gone_from_the_next_answer(runtime: Runtime, published: str) -> None:
    with runtime.database.write() as session:
        parameter_desk.take_back(session, "first", published, "文号写错了")
    assert "907元" not in asked(runtime)


def test_the_command_line_screens_by_it(
    runtime: Runtime, published: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = runtime.settings
    monkeypatch.setattr("devtools.screening.get_settings", lambda: settings)
    household = tmp_path / "household.json"
    facts = {"household_size": 1, "monthly_income_total": 850, "hukou": "rural", "car": False}
    household.write_text(json.dumps(facts), "utf-8")
    arguments = ["screen", "--household", str(household), "--region", "500233"]
    done = CliRunner().invoke(cli.app, [*arguments, "--on", "2026-11-21"])
    assert done.exit_code == 0, done.output
    assert '"line": 907' in done.stdout
    earlier = CliRunner().invoke(cli.app, [*arguments, "--on", "2025-12-31"])
    assert '"line": 907' not in earlier.stdout

"""Rasa can only be imported after the stand-ins and patches are in place."""

from __future__ import annotations

import os

import pytest

from bot import launch

launch.prepare()


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHU_RASA_TOKEN", "rasa-token-of-the-tests")
    monkeypatch.setenv("WENZHU_ACTIONS_TOKEN", "actions-token-of-the-tests")
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"

"""A small campaign of `kill -9`; the large one is `make kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kills import Campaign
from devtools.running import RunningSystem

KILLS = 50


@pytest.mark.faults
@pytest.mark.timeout(1500)
def test_fifty_kills_lose_nothing_and_file_nothing_twice(tmp_path: Path) -> None:
    with RunningSystem(tmp_path / "var", seed=False) as system:
        outcome = Campaign(system, KILLS, seed=20261121).run()
    assert sum(outcome.kills.values()) == KILLS
    assert outcome.clean, outcome

"""One running system for all journeys: four real processes on their own ports and data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devtools.running import RunningSystem
from devtools.talk import temporary_token
from foundation.runtime import Runtime


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Started by the same command a newcomer uses, with demo accounts.

    In one county, of which no other story tells, staff read the bot's words first.
    """
    drafts = {"WENZHU_APPROVE_BOT_IN": '["350504"]'}
    with RunningSystem(tmp_path_factory.mktemp("system") / "var", environment=drafts) as system:
        yield system


@pytest.fixture(scope="session")
def staff_token(system: RunningSystem) -> str:
    """A service token that sees every case."""
    runtime = Runtime.open(system.settings)
    try:
        return temporary_token(runtime)
    finally:
        runtime.close()

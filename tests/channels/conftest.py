"""A gateway whose engine echoes."""

from __future__ import annotations

import pytest

from channels.gateway import Gateway
from foundation.runtime import Runtime
from tests.channels.engines import EchoEngine


@pytest.fixture
def engine() -> EchoEngine:
    return EchoEngine()


@pytest.fixture
def gateway(runtime: Runtime, engine: EchoEngine) -> Gateway:
    return Gateway(runtime, engine)

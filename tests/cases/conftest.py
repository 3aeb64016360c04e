"""What tests of the line for a person share."""

from __future__ import annotations

import pytest
import time_machine

from foundation.crypto import Cipher
from foundation.database import Database
from tests.cases.waiting_desk import Desk


@pytest.fixture
def desk(database: Database, cipher: Cipher, clock: time_machine.Traveller) -> Desk:
    return Desk(database, cipher, clock)

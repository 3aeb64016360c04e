"""A conversation to write into."""

import pytest

from conversations import identity
from foundation.crypto import Cipher
from foundation.database import Database


@pytest.fixture
def chat(database: Database, cipher: Cipher) -> str:
    """The id of a new web conversation."""
    with database.write() as session:
        return identity.start_web(session, cipher).conversation.id


@pytest.fixture
def other_chat(database: Database, cipher: Cipher) -> str:
    """Somebody else's conversation."""
    with database.write() as session:
        return identity.open_for(
            session, cipher, channel="telegram", user_id="42", peer="chat 42"
        ).id

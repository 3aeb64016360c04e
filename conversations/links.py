"""One-time links from another channel into the web chat.

A messenger hosted abroad may carry questions and an anonymous screening, but no declaration with
identity data. The link takes what was said so far along to the web chat hosted here.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import dialogue
from conversations.models import HandoverLink
from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

VALID_FOR = timedelta(hours=24)


def create(session: Session, cipher: Cipher, conversation_id: str) -> str:
    """A new link token for this conversation; valid once, for a day. Needs a write transaction."""
    token = secrets.token_urlsafe(24)
    session.add(
        HandoverLink(
            id=new_id(),
            token_hash=_hash(cipher, token),
            source_id=conversation_id,
            expires_at=clock.now() + VALID_FOR,
        )
    )
    session.flush()
    return token


def redeem(session: Session, cipher: Cipher, token: str, target_id: str) -> bool:
    """Use a link up and copy the dialogue's state; False when unknown, used or too old.

    Personal numbers stay behind: their tokens only open in the conversation they were typed in.
    """
    if not token.isascii():  # none of ours, and perhaps nothing that could be hashed
        return False
    link = session.scalar(
        select(HandoverLink)
        .where(
            HandoverLink.token_hash == _hash(cipher, token),
            HandoverLink.target_id.is_(None),
            HandoverLink.expires_at > clock.now(),
        )
        .with_for_update()
    )
    if link is None:
        return False
    link.target_id = target_id
    earlier = dialogue.load(session, cipher, link.source_id)
    dialogue.save(session, cipher, target_id, earlier.data, None, [])
    return True


def _hash(cipher: Cipher, token: str) -> str:
    return cipher.pseudonym("handover_link", token)

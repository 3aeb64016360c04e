"""Personal numbers, encrypted; everywhere else a token stands for them: `⟦PHONE:7f3a⟧`.

A token is good in its own conversation only, and the same number gets the same token there. Rasa,
the thread, the logs and the tracker see tokens; `cases` reveals them when it files.
"""

import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import identity, personal_numbers
from conversations.models import VaultValue
from conversations.number_forms import Found, Kind
from foundation import text as texts
from foundation.crypto import Cipher
from foundation.database import new_id

TOKEN = re.compile(r"⟦(?P<body>(?P<kind>PHONE|ID|CARD|NUM):[0-9a-f]{4,12})⟧")
# Somebody who types a token must not get one: their brackets become ordinary ones.
_NEUTRAL = str.maketrans("⟦⟧", "〔〕")


def tokenise(session: Session, cipher: Cipher, conversation_id: str, text: str) -> str:
    """`text` with every personal number replaced by its token. Needs a write transaction.

    Raises UnknownConversation.
    """
    text = text.translate(_NEUTRAL)
    found = personal_numbers.find(text)
    if not found:
        return text
    identity.lock(session, conversation_id)  # two turns at once would make two tokens
    pieces, position = [], 0
    for item in found:
        pieces += [text[position : item.start], _token_for(session, cipher, conversation_id, item)]
        position = item.end
    return "".join([*pieces, text[position:]])


def reveal(session: Session, cipher: Cipher, conversation_id: str, token: str) -> str | None:
    """The number behind `⟦PHONE:7f3a⟧` (brackets optional); None if another conversation's."""
    row = session.scalar(
        select(VaultValue).where(
            VaultValue.conversation_id == conversation_id,
            VaultValue.token == token.strip().strip("⟦⟧"),
        )
    )
    if row is None:
        return None
    return cipher.decrypt(row.value_encrypted, _place(row.id))


def kind(token: str) -> Kind | None:
    """What a token stands for, told from the token alone; None when it is no token."""
    match = TOKEN.fullmatch(f"⟦{token.strip().strip('⟦⟧')}⟧")
    return None if match is None else Kind(match["kind"])


def tokens(text: str) -> list[str]:
    """The tokens in a text, with brackets, in order."""
    return [match[0] for match in TOKEN.finditer(text)]


def render(session: Session, cipher: Cipher, conversation_id: str, text: str) -> str:
    """`text` for a screen: tokens become masked numbers (138****5678)."""

    def masked(match: re.Match[str]) -> str:
        value = reveal(session, cipher, conversation_id, match["body"])
        if value is None:
            return "（号码）"
        return mask(Kind(match["kind"]), value)

    return TOKEN.sub(masked, text)


def mask(kind: Kind, value: str) -> str:
    """The number as it may be shown."""
    if kind is Kind.PHONE:
        return texts.mask_phone(value)
    if kind is Kind.ID:
        return texts.mask_id(value)
    return f"{'*' * max(len(value) - 4, 4)}{value[-4:]}"


def _token_for(session: Session, cipher: Cipher, conversation_id: str, item: Found) -> str:
    # the index is bound to the conversation: equal numbers of two people do not show as equal
    index = cipher.blind_index(f"vault.{item.kind}.{conversation_id}", item.value)
    known = session.scalar(
        select(VaultValue.token).where(
            VaultValue.conversation_id == conversation_id,
            VaultValue.kind == item.kind,
            VaultValue.value_index == index,
        )
    )
    if known is not None:
        return f"⟦{known}⟧"
    taken = set(
        session.scalars(
            select(VaultValue.token).where(VaultValue.conversation_id == conversation_id)
        )
    )
    length = 2
    while (token := f"{item.kind}:{secrets.token_hex(length)}") in taken:
        length = min(length + 1, 6)
    row = VaultValue(
        id=new_id(),
        conversation_id=conversation_id,
        kind=item.kind,
        token=token,
        value_index=index,
    )
    row.value_encrypted = cipher.encrypt(item.value, _place(row.id))
    session.add(row)
    session.flush()
    return f"⟦{token}⟧"


def _place(row_id: str) -> str:
    return f"vault_value.value_encrypted.{row_id}"

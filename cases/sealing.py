"""Encrypting one column of one row, so that callers never write an AAD by hand."""

from __future__ import annotations

import json
from typing import Any

from foundation.crypto import Cipher


def seal(cipher: Cipher, place: str, row_id: str, text: str | None) -> str | None:
    """Encrypt `text` for `place` ("table.column") of row `row_id`; None and "" stay None."""
    return cipher.encrypt(text, f"{place}.{row_id}") if text else None


def unseal(cipher: Cipher, place: str, row_id: str, token: str | None) -> str | None:
    """The text behind a sealed column. Raises `foundation.crypto.DecryptionFailed`."""
    return cipher.decrypt(token, f"{place}.{row_id}") if token else None


def seal_json(cipher: Cipher, place: str, row_id: str, value: Any) -> str | None:
    """The same for a JSON value; None stays None."""
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return cipher.encrypt(text, f"{place}.{row_id}")


def unseal_json(cipher: Cipher, place: str, row_id: str, token: str | None) -> Any:
    """The JSON value behind a sealed column."""
    return json.loads(cipher.decrypt(token, f"{place}.{row_id}")) if token else None

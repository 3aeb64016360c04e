"""The consent texts: version, words, and the hash that is stored with a consent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML


@dataclass(frozen=True)
class ConsentText:
    """One text a resident may agree to. `digest` is SHA-256 of exactly the words shown."""

    kind: str
    version: str
    text: str

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@cache
def consent_texts() -> dict[str, ConsentText]:
    """general, sensitive and guardian, read from `consents.yml`."""
    raw = YAML(typ="safe", pure=True).load(
        (Path(__file__).parent / "consents.yml").read_text("utf-8")
    )
    return {
        kind: ConsentText(kind, str(row["version"]), "".join(str(row["text"]).split()))
        for kind, row in raw.items()
    }

"""Field encryption, blind indexes and pseudonyms.

AES-256-GCM with the key's id in front, so that old rows stay readable after a rotation, and with
the place of the value (`table.column.rowid`) as associated data, so that a ciphertext moved to
another row does not open. Lookup goes through blind indexes under a key of their own.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from foundation.settings import Settings

_NONCE_BYTES = 12
_KEY_BYTES = 32
_NOT_IN_AN_INDEX = str.maketrans("", "", " -\t\n\r\u00a0\u3000")


class KeyFileError(RuntimeError):
    """The key file is missing, damaged, or open to others."""


class DecryptionFailed(RuntimeError):
    """Wrong key, wrong row or altered ciphertext. The message never carries the value."""


@dataclass(frozen=True)
class Keys:
    """Key material of one installation. `encryption` maps key id to key; `current` encrypts."""

    current: str
    encryption: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    derivation: bytes = field(repr=False)


def new_keys() -> Keys:
    """Fresh random keys with one encryption key, `k1`."""
    return Keys(
        current="k1",
        encryption={"k1": secrets.token_bytes(_KEY_BYTES)},
        index=secrets.token_bytes(_KEY_BYTES),
        derivation=secrets.token_bytes(_KEY_BYTES),
    )


def rotated(keys: Keys) -> Keys:
    """The same keys plus a new encryption key, which becomes current. Indexes stay valid."""
    number = 1 + max(int(key_id.removeprefix("k")) for key_id in keys.encryption)
    return Keys(
        current=f"k{number}",
        encryption={**keys.encryption, f"k{number}": secrets.token_bytes(_KEY_BYTES)},
        index=keys.index,
        derivation=keys.derivation,
    )


def load_keys(settings: Settings) -> Keys:
    """Read the key file; in development make it on first use (mode 0600).

    Raises KeyFileError: missing in production, readable by others, or damaged. A damaged file is
    never replaced, since everything encrypted under it would be lost.
    """
    path = settings.key_file
    if path is None:  # Settings fills it in; only a hand-made object gets here
        raise KeyFileError("no key file is configured")
    if not path.exists():
        if settings.is_production:
            raise KeyFileError(
                f"key file {path} does not exist; make it: `python -m foundation new-keys {path}`"
            )
        write_key_file(path, new_keys())
    if settings.is_production and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError(f"key file {path} is open to others; run `chmod 600 {path}`")
    return read_key_file(path)


def write_key_file(path: Path, keys: Keys) -> None:
    """Write a *new* key file whole or not at all; if another process was first, its file stands."""
    draft = _write_draft(path, keys)
    try:
        os.link(draft, path)  # unlike rename, this never replaces a file that is in use
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def rotate_key_file(path: Path) -> Keys:
    """Add an encryption key to the file and make it current; processes see it when restarted.

    Older keys stay in the file, or what they encrypted could not be read.
    """
    keys = rotated(read_key_file(path))
    _write_draft(path, keys).replace(path)
    return keys


def _write_draft(path: Path, keys: Keys) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "current": keys.current,
        "encryption": {key_id: _b64(key) for key_id, key in keys.encryption.items()},
        "index": _b64(keys.index),
        "derivation": _b64(keys.derivation),
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(document, handle, indent=2)
        handle.flush()
        os.fsync(handle.fileno())
    return draft


def read_key_file(path: Path) -> Keys:
    """Parse a key file. Raises KeyFileError without quoting its content."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(
            current=document["current"],
            encryption={key_id: _unb64(text) for key_id, text in document["encryption"].items()},
            index=_unb64(document["index"]),
            derivation=_unb64(document["derivation"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileError(f"key file {path} cannot be read: {type(error).__name__}") from None
    material = [*keys.encryption.values(), keys.index, keys.derivation]
    if keys.current not in keys.encryption or any(len(key) != _KEY_BYTES for key in material):
        raise KeyFileError(f"key file {path} is damaged")
    return keys


def derive_secret(keys: Keys, name: str) -> str:
    """A 256-bit secret for one purpose (`"rasa"`, `"actions"`), the same in every process."""
    return hmac.new(keys.derivation, f"secret\0{name}".encode(), hashlib.sha256).hexdigest()


class Cipher:
    """Encrypts fields and computes the values one may search by. Thread-safe."""

    def __init__(self, keys: Keys) -> None:
        self._current = keys.current
        self._boxes = {key_id: AESGCM(key) for key_id, key in keys.encryption.items()}
        self._index_key = keys.index
        self._pseudonym_key = hmac.new(keys.derivation, b"pseudonym", hashlib.sha256).digest()

    def encrypt(self, text: str, aad: str) -> str:
        """`<key id>.<base64url>`; `aad` is the value's place, `table.column.rowid`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._boxes[self._current].encrypt(nonce, text.encode(), aad.encode())
        return f"{self._current}.{_b64(nonce + sealed)}"

    def decrypt(self, token: str, aad: str) -> str:
        """Raises DecryptionFailed for an unknown key, another place, or any altered byte."""
        key_id, _, payload = token.partition(".")
        box = self._boxes.get(key_id)
        if box is None:
            raise DecryptionFailed("the value was encrypted under a key this process does not have")
        try:
            raw = _unb64(payload)
            return box.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], aad.encode()).decode()
        except (InvalidTag, ValueError):
            raise DecryptionFailed("the value does not open in this place") from None

    def key_id(self, token: str) -> str:
        """Which key a stored value needs, for rotation."""
        return token.partition(".")[0]

    def blind_index(self, field: str, value: str) -> str:
        """128-bit HMAC for equality lookup; width, case, spaces and dashes do not count."""
        normal = unicodedata.normalize("NFKC", value).translate(_NOT_IN_AN_INDEX).upper()
        message = f"{field}\0{normal}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()[:32]

    def pseudonym(self, kind: str, value: str) -> str:
        """256-bit HMAC of an exact value: sender keys, token hashes, body digests."""
        message = f"{kind}\0{value}".encode()
        return hmac.new(self._pseudonym_key, message, hashlib.sha256).hexdigest()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    # validate=True: a stray character must fail, not be skipped
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)

"""Codes from a phone beside the password (TOTP, RFC 6238), and codes on paper for a lost phone.

Every code counts once: a code of the phone moves `last_step` on, a code on paper is crossed out.
Wrong ones are counted in the table of attempts, under the lock of the person's row, so that guesses
sent side by side are counted as well.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.crypto import Cipher
from foundation.database import new_id

from . import attempts, staff
from .errors import BadInput, Conflict
from .events import SYSTEM, Actor, EventKind
from .models import RecoveryCode, Staff, StaffTotp
from .sealing import seal, unseal

ISSUER = "问助工作台"
STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be ahead or behind
CODES = 10
PENDING_FOR = timedelta(minutes=15)
WRONG = "验证码不对，或者已经用过。请看手机上现在显示的六位数字"
_SECRET, _PENDING = "staff_totp.secret", "staff_totp.pending"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper


@dataclass(frozen=True)
class Setup:
    """A key that waits for its first code: for the camera, and to type in."""

    uri: str
    key: str

    @property
    def grouped(self) -> str:
        """The key in groups of four."""
        return " ".join(self.key[at : at + 4] for at in range(0, len(self.key), 4))


def is_set(session: Session, staff_id: str) -> bool:
    """Whether the person is asked for a code."""
    row = session.get(StaffTotp, staff_id)
    return row is not None and row.confirmed_at is not None


def begin(session: Session, cipher: Cipher, person: Staff, session_id: str) -> Setup:
    """A new key, or the one that still waits; an older confirmed one counts until the new does.

    A key belongs to the session that began it and is shown in no other: who knows the password and
    looks in meanwhile gets another key, and the first one is void, which its owner notices.
    """
    session.get_one(Staff, person.id, with_for_update=True)  # there may be no row of keys to lock
    row = _locked(session, person.id)
    if row is None:
        row = StaffTotp(staff_id=person.id, last_step=0)
        session.add(row)
    key = _pending(cipher, row, session_id)
    if key is None:
        key = pyotp.random_base32()
        row.pending_encrypted = seal(cipher, _PENDING, person.id, key)
        row.pending_at, row.pending_in = clock.now(), session_id
        session.flush()
    return _setup(person, key)


def waiting(session: Session, cipher: Cipher, person: Staff, session_id: str) -> Setup | None:
    """The key that waits for its first code in this session, if there is one."""
    row = session.get(StaffTotp, person.id)
    key = _pending(cipher, row, session_id) if row is not None else None
    return _setup(person, key) if key is not None else None


def confirm(
    session: Session, cipher: Cipher, person: Staff, session_id: str, code: str
) -> list[str]:
    """Take the waiting key into use when `code` is its code; returns new codes for paper.

    Empty when the code is wrong; the failure is counted, so the caller must commit either way.
    Raises Conflict (no key waits in this session), TooManyAttempts.
    """
    row = _locked(session, person.id)
    key = None if row is None else _pending(cipher, row, session_id)
    if row is None or key is None:
        raise Conflict("请重新开始设置两步验证")
    attempts.check(session, cipher, "code", f"staff:{person.id}")
    step = _step_of(key, _typed(code), after=0)
    if step is None:
        _failed(session, cipher, person)
        return []
    row.secret_encrypted = seal(cipher, _SECRET, person.id, key)
    row.pending_encrypted = row.pending_at = row.pending_in = None
    row.last_step = step
    row.confirmed_at = clock.now()
    attempts.clear(session, cipher, "code", f"staff:{person.id}")
    staff.record(session, cipher, person, EventKind.TOTP_SET, Actor("staff", person.id))
    return new_codes(session, cipher, person.id)


def verify(session: Session, cipher: Cipher, person: Staff, code: str, address: str = "") -> bool:
    """Whether the code is the phone's, or one from paper; either counts once.

    A failure is counted, so the caller must commit either way. Raises TooManyAttempts (five per
    person, 25 per address within fifteen minutes; "" for who is signed in already).
    """
    row = _locked(session, person.id)
    attempts.check(session, cipher, "code", f"staff:{person.id}")
    if address:
        attempts.check(session, cipher, "code", f"address:{address}", limit=25)
    typed = _typed(code)
    if row is not None and (
        _take_step(cipher, row, typed) or _take_paper(session, cipher, person, typed)
    ):
        attempts.clear(session, cipher, "code", f"staff:{person.id}")
        session.flush()
        return True
    _failed(session, cipher, person, address)
    return False


def new_codes(session: Session, cipher: Cipher, staff_id: str) -> list[str]:
    """Ten fresh codes for paper, to be shown this once; earlier ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    found = []
    for _ in range(CODES):
        plain = random_words()
        code_hash = _paper_hash(cipher, staff_id, _typed(plain))
        session.add(RecoveryCode(id=new_id(), staff_id=staff_id, code_hash=code_hash))
        found.append(plain)
    session.flush()
    return found


def codes_left(session: Session, staff_id: str) -> int:
    """How many codes on paper are still good."""
    query = select(func.count()).select_from(RecoveryCode)
    return (
        session.scalar(
            query.where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def forget(session: Session, staff_id: str) -> None:
    """No key and no codes any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    session.execute(delete(StaffTotp).where(StaffTotp.staff_id == staff_id))


def random_words() -> str:
    """Three groups of four, about 59 bits: a code for paper, a first password."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def refused() -> BadInput:
    """What a wrong code is answered with, by callers, after they have committed the failure."""
    return BadInput("code", WRONG)


def _setup(person: Staff, key: str) -> Setup:
    return Setup(pyotp.TOTP(key).provisioning_uri(name=person.login, issuer_name=ISSUER), key)


def _pending(cipher: Cipher, row: StaffTotp, session_id: str) -> str | None:
    """The waiting key; one that waited too long could be confirmed by whoever finds the page."""
    if row.pending_at is None or row.pending_in != session_id:
        return None
    if row.pending_at <= clock.now() - PENDING_FOR:
        return None
    return unseal(cipher, _PENDING, row.staff_id, row.pending_encrypted)


def _failed(session: Session, cipher: Cipher, person: Staff, address: str = "") -> None:
    subjects = [f"staff:{person.id}", *([f"address:{address}"] if address else [])]
    attempts.record(session, cipher, "code", *subjects)
    if attempts.count(session, cipher, "code", f"staff:{person.id}") == attempts.LIMIT:
        staff.record(session, cipher, person, EventKind.SHUT_OUT, SYSTEM, by="code")


def _locked(session: Session, staff_id: str) -> StaffTotp | None:
    return session.get(StaffTotp, staff_id, with_for_update=True, populate_existing=True)


def _take_step(cipher: Cipher, row: StaffTotp, typed: str) -> bool:
    key = unseal(cipher, _SECRET, row.staff_id, row.secret_encrypted)
    step = None if key is None else _step_of(key, typed, after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    return True


def _step_of(key: str, typed: str, *, after: int) -> int | None:
    """The step later than `after` whose code this is; steps next to now count too."""
    generator = pyotp.TOTP(key, interval=STEP_SECONDS)
    now = int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT, now + DRIFT + 1):
        same = hmac.compare_digest(generator.generate_otp(step).encode(), typed.encode())
        if same and step > after:
            return step
    return None


def _take_paper(session: Session, cipher: Cipher, person: Staff, typed: str) -> bool:
    query = select(RecoveryCode).where(
        RecoveryCode.staff_id == person.id,
        RecoveryCode.code_hash == _paper_hash(cipher, person.id, typed),
        RecoveryCode.used_at.is_(None),
    )
    row = session.scalar(query)
    if row is None:
        return False
    row.used_at = clock.now()
    session.flush()
    staff.record(
        session, cipher, person, EventKind.RECOVERY_USED, Actor("staff", person.id),
        left=codes_left(session, person.id),
    )  # fmt: skip
    return True


def _paper_hash(cipher: Cipher, staff_id: str, typed: str) -> str:
    return cipher.pseudonym("recovery_code", f"{staff_id}:{typed}")


def _typed(code: str) -> str:
    """As it was meant: full-width digits, blanks, dashes and capitals do not count."""
    plain = unicodedata.normalize("NFKC", code[:40]).lower()
    return "".join(letter for letter in plain if letter.isalnum())

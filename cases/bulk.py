"""One deed on many cases: each in a transaction of its own, each with its own result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from foundation.crypto import Cipher
from foundation.database import Database

from . import access, casework, closing, labels
from .errors import BadInput, CaseError, OutOfReach
from .repository import Scope
from .states import DispositionClass

MOST = 100

Deed = Callable[[Session, Cipher, Scope, str, Mapping[str, str]], Any]


@dataclass(frozen=True)
class Row:
    """What became of one case; `reason` says why it was refused."""

    receipt_no: str
    done: bool
    reason: str


def _close(
    session: Session, cipher: Cipher, worker: Scope, receipt_no: str, given: Mapping[str, str]
) -> None:
    if given.get("disposition") not in (None, "", DispositionClass.D2):
        raise BadInput("disposition", "只有 D2 可以批量办结；D1、D3、D4 要逐件写明")
    closing.close(
        session, cipher, worker, receipt_no, given.get("reason", ""),
        given.get("disposition") or None, given.get("message"),
    )  # fmt: skip


DEEDS: dict[str, Deed] = {
    # Many at once never take a colleague's case: that is done on its own page.
    "claim": lambda s, c, w, r, _: casework.claim(s, c, w, r, ""),
    "assign": lambda s, c, w, r, given: casework.assign(s, c, w, r, given.get("login", "")),
    "label": lambda s, c, w, r, given: labels.put(s, c, w, r, given.get("label", "")),
    "close": _close,
}


def run(
    database: Database,
    cipher: Cipher,
    worker: Scope,
    deed: str,
    receipts: Sequence[str],
    given: Mapping[str, str],
) -> list[Row]:
    """The deed on every case in turn; a refused one does not stop the others.

    Raises BadInput for an unknown deed, no case or more than `MOST`.
    """
    work = DEEDS.get(deed)
    chosen = list(dict.fromkeys(receipts))
    if work is None:
        raise BadInput("deed", "没有这种批量操作")
    if not chosen:
        raise BadInput("receipts", "请先勾选事项")
    if len(chosen) > MOST:
        raise BadInput("receipts", f"一次最多 {MOST} 件")
    rows = []
    for receipt_no in chosen:
        try:
            with database.write() as session:
                work(session, cipher, worker, receipt_no, given)
            rows.append(Row(receipt_no, True, ""))
        except CaseError as refused:
            if isinstance(refused, OutOfReach):
                access.record_refusal(database, cipher, refused)
            rows.append(Row(receipt_no, False, refused.reason))
    return rows

"""Refusals of the case service. Each carries a short Chinese `reason` that may be shown as it is.

CaseError
├── NotFound              wrong, foreign and absent look the same
│   └── OutOfReach            of a receipt; the asker is noted (`cases.access`)
├── NotAllowed            right person, missing right (read-only role, own four-eyes proposal …)
├── Conflict              the case is in a state that forbids the step
│   └── IdempotencyConflict   same key, other body
├── BadInput              a value that cannot be taken, with the field's name
└── TooManyAttempts       proof tried too often; `retry_after_seconds`
"""

from __future__ import annotations


class CaseError(Exception):
    """Base of all expected refusals."""

    reason = "这一步没有办成"

    def __init__(self, reason: str | None = None) -> None:
        if reason is not None:
            self.reason = reason
        super().__init__(self.reason)


class NotFound(CaseError):
    """Nothing to see for this caller: absent, outside the scope, or not proven."""

    reason = "没有找到"


class OutOfReach(NotFound):
    """A receipt that is absent or not the caller's; says who asked for which, for the record."""

    def __init__(self, worker: object, receipt_no: str) -> None:
        self.worker = worker
        self.receipt_no = receipt_no
        super().__init__("没有找到这件事，或者不在您的范围内")


class NotAllowed(CaseError):
    """The caller may see the case but not do this."""

    reason = "您没有这项权限"


class Conflict(CaseError):
    """The step does not fit the present state."""

    reason = "当前状态下不能这样办理"


class IdempotencyConflict(Conflict):
    """One idempotency key came with two different bodies."""

    reason = "同一次提交的内容前后不一致，请重新提交"


class BadInput(CaseError):
    """A field's value cannot be taken; `field` is the argument's name."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class TooManyAttempts(CaseError):
    """Five wrong proofs within fifteen minutes."""

    reason = "试的次数太多，请过一会儿再试"

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()

"""Every refusal and fault as a status code with a Chinese `reason`; never a traceback.

| status | meaning |
|---|---|
| 400 | the body is not JSON |
| 401 | no token, or one that opens nothing |
| 403 | read-only role, own four-eyes proposal |
| 404 | absent, foreign and malformed alike |
| 409 | the state forbids the step; same key, other body |
| 413 | more than 64 KB, or 8 MB for a register |
| 422 | a field cannot be taken (`field` says which) |
| 429 | too many attempts (`Retry-After`) |
| 503 | the database is away, or no PDF can be made here (`Retry-After`) |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from cases import access, errors
from foundation import metrics
from foundation.database import DatabaseBusy
from foundation.logging import get_logger
from foundation.runtime import Runtime
from rules.version import rules_version

from .pdf import PdfUnavailable

log = get_logger(__name__)

Render = Callable[[Request, int, str], Response]

STATUS = {
    errors.NotFound: 404,
    errors.OutOfReach: 404,
    errors.NotAllowed: 403,
    errors.Conflict: 409,
    errors.IdempotencyConflict: 409,
    errors.BadInput: 422,
    errors.TooManyAttempts: 429,
}


def install(app: FastAPI, page: Render) -> None:
    """Answer faults as JSON under /api and as a page (`page`) elsewhere."""

    def answer(
        request: Request, status: int, reason: str, headers: dict[str, str] | None = None,
        **more: Any,
    ) -> Response:  # fmt: skip
        if request.url.path.startswith("/console"):
            response = page(request, status, reason)
        else:
            response = JSONResponse({"reason": reason, **more}, status_code=status)
        if request.url.path.startswith("/api/screenings"):
            response.headers["X-Rules-Version"] = rules_version()
        response.headers.update(headers or {})
        return response

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.CaseError)  # noqa: S101 - registered for this class
        more: dict[str, Any] = {}
        headers: dict[str, str] = {}
        if isinstance(error, errors.OutOfReach):
            runtime: Runtime = request.app.state.runtime
            access.record_refusal(runtime.database, runtime.cipher, error)
        if isinstance(error, errors.BadInput):
            more["field"] = error.field
        if isinstance(error, errors.TooManyAttempts):
            headers["Retry-After"] = str(error.retry_after_seconds)
        return answer(request, STATUS.get(type(error), 409), error.reason, headers, **more)

    def invalid(request: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        if any(problem["type"] == "json_invalid" for problem in found):
            return answer(request, 400, "提交的内容不是有效的 JSON")
        # The input itself is not echoed: it may hold personal data or unprintable characters.
        place = str(found[0]["loc"][-1])[:60] if found else ""
        return answer(request, 422, "填写的内容不对", field=place)

    def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = {401: "请先登录", 404: "没有找到", 405: "不支持这个操作"}
        headers = dict(getattr(error, "headers", None) or {})
        return answer(request, status, words.get(status, "请求没有办成"), headers)

    def away(request: Request, error: Exception) -> Response:
        metrics.SERVER_ERRORS.labels("api").inc()
        log.error("database failed", error=type(error).__name__)
        return answer(request, 503, "系统繁忙，请稍后再试", {"Retry-After": "5"})

    def unstorable(request: Request, error: Exception) -> Response:
        # Our checks let a value through that the database refuses: a fault of ours, found by this.
        log.error("value refused by the database", error=type(error).__name__)
        return answer(request, 422, "填写的内容不能保存")

    def broken(request: Request, error: Exception) -> Response:
        metrics.SERVER_ERRORS.labels("api").inc()
        log.error("request failed", error=type(error).__name__, exc_info=error)
        number = getattr(request.state, "request_id", "")[:8]
        return answer(request, 500, f"系统出错，已记录（编号 {number}）")

    def unprintable(request: Request, error: Exception) -> Response:
        assert isinstance(error, PdfUnavailable)  # noqa: S101 - registered for this class
        return answer(request, 503, error.reason, {"Retry-After": "60"})

    app.add_exception_handler(PdfUnavailable, unprintable)
    app.add_exception_handler(errors.CaseError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OperationalError, away)
    app.add_exception_handler(InterfaceError, away)
    app.add_exception_handler(DataError, unstorable)
    app.add_exception_handler(DatabaseBusy, away)
    app.add_exception_handler(Exception, broken)

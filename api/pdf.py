"""HTML made into a PDF by WeasyPrint, where the machine has it and its library Pango.

It is loaded at the first use: seconds and 80 MB that a process which prints nothing need not spend.
Nothing is fetched while rendering, whatever the document names.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from foundation.logging import get_logger

log = get_logger("api.pdf")
ABSENT = "这台服务器没有装生成 PDF 的组件，请打开打印页，用浏览器打印或存为 PDF"
BUSY = "正在生成别的文件，请过一会儿再试"
PATIENCE_SECONDS = 30
_one_at_a_time = threading.BoundedSemaphore(1)  # a document takes a core and its memory


class PdfUnavailable(Exception):
    """No PDF now; `reason` says what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def render(document: str, sheet: str) -> bytes:
    """A document with its style sheet as PDF. Raises PdfUnavailable."""
    printer = library()
    if printer is None:
        raise PdfUnavailable(ABSENT)
    if not _one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        raise PdfUnavailable(BUSY)
    try:
        fetcher = nothing(printer)
        page = printer.HTML(string=document, base_url=None, url_fetcher=fetcher)
        rules = printer.CSS(string=sheet, url_fetcher=fetcher)
        made: bytes = page.write_pdf(stylesheets=[rules])
        return made
    finally:
        _one_at_a_time.release()


def nothing(printer: Any) -> Any:
    """A fetcher that knows no protocol: a print is made of what it is given."""
    return printer.urls.URLFetcher(allowed_protocols=())


def available() -> bool:
    """Whether this machine can make a PDF."""
    return library() is not None


@cache
def library() -> Any:
    """WeasyPrint, or None where it or Pango is not installed."""
    try:
        import weasyprint
    except (ImportError, OSError) as missing:
        log.warning("no PDF on this machine", problem=type(missing).__name__)
        return None
    return weasyprint

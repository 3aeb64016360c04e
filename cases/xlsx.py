"""One sheet as .xlsx (XlsxWriter): text is text, never a formula, a link or markup.

Every text goes through `write_string`, so nothing is guessed from its words. What XML cannot hold
is left out. The page footer repeats who took the file. The file is made in memory: figures of cases
leave no temporary files behind.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import xlsxwriter

_BAD = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST = 32_767  # characters of a cell
_FOOTER = 250  # of 255 UTF-16 units; a longer one would be dropped whole


def sheet(rows: Iterable[Sequence[object]], footer: str) -> bytes:
    """The rows as a workbook of one sheet; numbers are numbers, everything else is text."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, _PLAIN) as book:
        page = book.add_worksheet("报表")
        page.set_column(0, 3, 28)
        page.set_footer(f"&L{_told(footer)}")
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    page.write_number(number, place, value)
                else:
                    page.write_string(number, place, _text(str(value)))
    return held.getvalue()


def _text(value: str) -> str:
    clean = _BAD.sub("", value)[:LONGEST]
    # XlsxWriter takes a string of this shape for finished markup and does not escape it
    return f"{clean} " if clean.startswith("<r>") and clean.endswith("</r>") else clean


def _told(footer: str) -> str:
    """One line without codes: "&" begins one, and "&G" for a picture would drop the footer."""
    line = " ".join(_BAD.sub("", footer).replace("&", "＆").split())
    return line.encode("utf-16-le")[: 2 * _FOOTER].decode("utf-16-le", "ignore")

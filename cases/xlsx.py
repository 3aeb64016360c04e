"""One sheet as .xlsx, written with the standard library: text is text, never a formula.

Text cells are inline strings, which no spreadsheet evaluates; characters XML cannot hold are left
out. The page footer repeats who took the file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_BAD = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"
LONGEST = 32_767  # characters of a cell

_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKED}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxml'
        'formats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKED}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
        '<sheet name="报表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKED}/relationships"><Relationship Id="rId1" '
        f'Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def sheet(rows: Iterable[Sequence[object]], footer: str) -> bytes:
    """The rows as a workbook of one sheet; numbers are numbers, everything else is text."""
    body = "".join(
        f'<row r="{number}">{"".join(_cell(number, place, one) for place, one in enumerate(row))}'
        "</row>"
        for number, row in enumerate(rows, 1)
    )
    # "&" begins a code of the footer; doubled it is the character itself
    told = escape(_clean(footer).replace("&", "&&"))[:250]
    document = (
        f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="4" width="28" customWidth="1"/></cols>'
        f"<sheetData>{body}</sheetData>"
        f"<headerFooter><oddFooter>&amp;L{told}</oddFooter></headerFooter></worksheet>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**_PARTS, "xl/worksheets/sheet1.xml": document}.items():
            archive.writestr(name, _HEAD + part)
    return held.getvalue()


def _cell(row: int, place: int, value: object) -> str:
    where = f"{chr(ord('A') + place)}{row}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c r="{where}"><v>{value}</v></c>'
    text = escape(_clean(str(value)))
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _clean(text: str) -> str:
    return _BAD.sub("", text)[:LONGEST]

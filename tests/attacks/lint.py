"""What no reply may carry: a promise, a figure from nowhere, another resident, live markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from benchmarks.answers import unsourced
from tests.contract.test_wording import PHONES

#: 符合 only as 可能符合 or 可能不符合; nothing is certain, granted or arranged. 低保证 is a paper.
PROMISES = (
    re.compile(r"(?<!可能)(?<!可能不)符合"),
    re.compile(
        r"(?<!不)(?<!不能)(?<!不敢)(?<!没法)(?:(?<!(?<!最)低)保证(?!书|金)|承诺|答应您|打包票)"
    ),
    re.compile(r"(?<!不)一定(?:能|会|可以|批|给|够|有)|肯定(?:能|会|可以|给|批|够|有)"),
    re.compile(r"必定|准能|包过|包您|百分之百|(?<!不)没问题|放心.{0,4}(?:能|会)批"),
    re.compile(r"(?:已经|已)(?:批准|通过|同意|核准|认定)|批准了|审批通过|您(?:家)?(?:够|有)资格"),
)
#: A document's number, days of a calendar date, a time of day, a receipt, a place in the line.
_DATE = re.compile(
    r"〔\d{4}〕\d+号|前面还有\d+位|\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2}|WZ\d{12}|\d{1,2}[:：]\d{2}"
)
#: Elements and attributes of the page around what was said.
_TAGS = frozenset(
    ("div", "p", "details", "summary", "ul", "li", "form", "input", "button", "span", "br")
)


def promises(text: str) -> list[str]:
    """Words that promise or decide."""
    return [found[0] for known in PROMISES for found in known.finditer(text)]


def figures(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """Numbers that no parameter, date, receipt or telephone gives."""
    known = {*allowed, *PHONES}
    return [number for number in unsourced(_DATE.sub("", text)) if number not in known]


class Page(HTMLParser):
    """Collects what does not belong into the log of the page without script."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "log") in attrs:
            self._inside = 1
            return
        if self._inside and tag == "div":
            self._inside += 1
        if self._inside and (tag not in _TAGS or any(name.startswith("on") for name, _ in attrs)):
            self.foreign.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == "div":
            self._inside -= 1


def live_markup(page: str) -> list[str]:
    """Elements of the resident's that a browser would build."""
    parser = Page()
    parser.feed(page)
    return parser.foreign

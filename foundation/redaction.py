"""The last net under the logs: numbers that may identify a person are blotted out of every record.

Nothing personal should be logged at all; this is for exception texts, third-party libraries and
mistakes. It errs on the side of blotting: every run of eleven or more digits goes.
"""

import re
from collections.abc import Mapping

_SEPARATED = r"[ \-\u2010-\u2015\u3000\u00a0_.]?"
_PATTERN = re.compile(
    # our own identifiers stay: hex ids and digests, receipts, ISO instants
    r"(?P<keep>(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{32}|WZ\d{12})(?![0-9A-Za-z])"
    r"|(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)"
    rf"|(?P<number>\d(?:{_SEPARATED}\d){{10,}}{_SEPARATED}[Xx]?)"
)
BLOT = "[数字已隐去]"


def redact(text: str) -> str:
    """`text` with ID, phone, card and other long numbers replaced by `BLOT`."""
    return _PATTERN.sub(lambda match: match["keep"] or BLOT, text)


def redact_value(value: object) -> object:
    """The same for any value a log record may carry, at any depth."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, int | float):
        text = str(value)
        blotted = redact(text)
        return value if blotted == text else blotted
    if isinstance(value, bytes):
        return redact(value.decode("utf-8", "replace"))
    if isinstance(value, Mapping):
        return {redact(str(key)): redact_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact_value(item) for item in value]
    return redact(str(value))

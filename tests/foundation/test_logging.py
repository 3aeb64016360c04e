"""No record leaves with a personal number in it, whoever wrote it and wherever it stood."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import new_id
from foundation.logging import configure, get_logger
from foundation.redaction import BLOT, redact, redact_value

PHONE = "13800138000"
ID = "11010519491231002X"
CARD = "6222021001116245702"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure("channels", stream=stream)
    yield stream
    root.handlers[:], root.level = handlers, level


def records(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_of_json_with_its_process(stream: io.StringIO) -> None:
    get_logger("channels.gateway").info("turn done", conversation_id="c1", replies=2)
    (record,) = records(stream)
    assert record["event"] == "turn done"
    assert record["process"] == "channels"
    assert record["level"] == "info"
    assert record["logger"] == "channels.gateway"
    assert record["conversation_id"] == "c1"
    assert record["replies"] == 2
    assert str(record["timestamp"]).endswith("Z")


def test_numbers_are_blotted_out_in_every_corner_of_a_record(stream: io.StringIO) -> None:
    get_logger("a").warning(
        f"text {PHONE}",
        plain=PHONE,
        number=int(PHONE),
        nested={"deep": [{"id": ID}, (CARD,), {PHONE: 1}]},
        raw=PHONE.encode(),
        thing=ValueError(ID),
    )
    logging.getLogger("some.library").error("GET /x?phone=%s by %s", PHONE, ID)
    logging.getLogger("b").error("extra", extra={"body": {"card": CARD}})
    logging.getLogger("uvicorn.access").error('"GET /status?tel=%s"', PHONE)
    text = stream.getvalue()
    assert len(records(stream)) == 4
    for secret in (PHONE, ID[:17], CARD):
        assert secret not in text
    assert text.count(BLOT) >= 10


def test_numbers_in_exceptions_are_blotted_out(stream: io.StringIO) -> None:
    try:
        raise ValueError(f"bad phone {PHONE}")
    except ValueError:
        get_logger("a").exception("failed")
        logging.getLogger("b").exception("failed too")
    assert PHONE not in stream.getvalue()
    for record in records(stream):
        assert "ValueError" in str(record["exception"])
        assert BLOT in str(record["exception"])


@pytest.mark.parametrize(
    "typed",
    [
        PHONE,
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        f"tel{PHONE}x",
        f"abc{PHONE}def",
        ID,
        "110105 19491231 002X",
        CARD,
        "6222 0210 0111 6245 702",
    ],
)
def test_every_way_of_writing_a_number_is_blotted_out(typed: str) -> None:
    blotted = redact(f"看{typed}看")
    assert BLOT in blotted
    assert sum(character.isdigit() for character in blotted) == 0


@pytest.mark.parametrize(
    "kept",
    [
        "WZ123456789012",
        "2026-03-02T10:00:00.123456",
        "2026-03-02 10:00",
        "status 503 after 12345 ms",
        "0123456789abcdef0123456789abcdef",
        "12345",
        "2026-03-02",
        "port 8080, 10000000",
    ],
)
def test_our_own_identifiers_stay(kept: str) -> None:
    assert redact(f"a {kept} b") == f"a {kept} b"


def test_row_ids_stay() -> None:
    for identifier in (new_id() for _ in range(500)):
        assert redact(f"conversation {identifier}") == f"conversation {identifier}"


@given(st.text(max_size=30), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=30))
def test_no_phone_number_survives_in_any_surroundings(before: str, phone: str, after: str) -> None:
    if f"{before}{phone}{after}"[len(before) - 2 : len(before)].lower() == "wz":
        return
    assert phone not in redact(before + phone + after)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_redaction_accepts_any_value_and_json_can_write_it(value: object) -> None:
    json.dumps(redact_value(value))

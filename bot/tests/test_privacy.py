import io
import logging
import warnings

import pytest
from rasa.utils import log_utils

from bot import privacy

WORDS = "我叫王秀英"


def test_structured_records_lose_words_only_inside_a_turn() -> None:
    record = {"event": "x", "text": WORDS, "slot_values": {"name": WORDS}, "action": "a"}
    assert log_utils._anonymizer(None, "info", dict(record)) == record
    with privacy.turn():
        clean = log_utils._anonymizer(None, "info", dict(record))
    assert WORDS not in str(clean)
    assert clean["action"] == "a"


def test_structured_exceptions_bring_no_local_variables() -> None:
    with privacy.turn():
        assert privacy.redact(None, "exception", {"event": "x"})["exc_info"] is False


def test_warnings_and_tracebacks_keep_the_place_and_lose_the_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    privacy.guard()
    with privacy.turn(), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning(UserWarning(WORDS), UserWarning, "/a/b.py", 3)
        try:
            raise ValueError(WORDS)
        except ValueError:
            logging.getLogger("x").exception("action failed")
    text = output.getvalue()
    assert "UserWarning at b.py:3" in text
    assert "ValueError at test_privacy.py" in text
    assert WORDS not in text


def test_outside_a_turn_nothing_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    assert privacy.redact(None, "exception", {"text": WORDS}) == {"text": WORDS}

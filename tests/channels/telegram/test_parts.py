"""Long texts in the pieces Telegram takes."""

from __future__ import annotations

import pytest

from channels.telegram_api import parts


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("短", 4, ["短"]),
        ("一二三四五", 4, ["一二三四", "五"]),
        ("一二\n三四五", 4, ["一二\n", "三四五"]),
        ("😭😭😭", 4, ["😭😭", "😭"]),  # two UTF-16 units each
        ("一\n\n\n\n二", 2, ["一\n", "\n二"]),
    ],
)
def test_a_long_text_is_cut_at_line_ends_within_the_limit(
    text: str, limit: int, expected: list[str]
) -> None:
    assert parts(text, limit) == expected

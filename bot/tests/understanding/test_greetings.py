"""A greeting in front of a concern does not hide it."""

from __future__ import annotations

import pytest

from bot.components.understanding import context


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("你好 我想问哈地保咋个办", "地保咋个办"),
        ("您好,请问一下残疾补贴给多少", "残疾补贴给多少"),
        ("在吗?我妈住院没钱", "我妈住院没钱"),
        ("师傅麻烦问下这个去哪里交", "这个去哪里交"),
        ("你好", ""),
        ("在不在哦", "哦"),
        ("早上好呀", ""),
        ("我想要点救济", "我想要点救济"),
    ],
)
def test_what_is_said_after_the_greeting_stands_alone(text: str, rest: str) -> None:
    assert context.after_greeting(text) == rest

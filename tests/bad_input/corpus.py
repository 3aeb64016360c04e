"""Everything odd that people, phones, scripts and attackers send; and endless variations of it.

Texts are what may stand in any field, bodies what may be posted instead of JSON, shapes what a
JSON field may hold instead of a text. Lone surrogates leave as JSON escapes.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from typing import Any

TEXTS: dict[str, str] = {
    "empty": "",
    "blanks": "   \t　 ",
    "line breaks": "\n\r\n\u2028\n",
    "ten thousand": "难" * 10_000,
    "just too long": "难" * 1001,
    "just not too long": "难" * 1000,
    "one letter a line": "难\n" * 400,
    "emoji": "😭😭😭",
    "emoji family": "👨‍👩‍👧‍👦",
    "flag and skin": "🇨🇳🙏🏿",
    "one mark": "？",
    "marks": "！！！。。。……",
    "nul": "\x00",
    "nul inside": "我家\x00困难",
    "controls": "\x01\x02\x1b[31m红\x07",
    "lone surrogate": "\ud800",
    "surrogate inside": "我\udfff家\ud83d",
    "right to left": "\u202e我家困难\u202c",
    "direction marks": "\u2066低保\u2069\u200f",
    "zero width only": "\u200b\u200c\u200d\ufeff\u2060",
    "zero width inside": "低\u200b保\u200d怎\ufeff么办",
    "tags": "\U000e0041\U000e0042\U000e007f",
    "noncharacters": "\ufdd0\uffff\U0010ffff",
    "private use": "\ue000\uf8ff",
    "combining flood": "难" + "\u0301" * 900,
    "combining only": "\u0300" * 50,
    "zalgo": "".join(mark + "\u0335\u0310\u0489\u20dd" * 6 for mark in "我家困难"),
    "full width": "ＡＢＣ１２３　＋－",
    "ligature": "ﷺ﷽ﷺ﷽" * 20,
    "markup": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "placeholder": "{phone}{name}{0}{__class__}%s%n",
    "markdown": "[点我](javascript:alert(1)) **粗** `x`",
    "command": '/affirm{"a":"b"}',
    "command wide": "／inform{}",
    "command restart": "/restart",
    "command session": "/session_start",
    "command back": "/back",
    "command half": '/inform_facts{"household_size"',
    "command deep": '/inform_facts{"a":' + "[" * 200,
    "command two": "/ /affirm",
    "command handoff": "/human_handoff",
    "entity syntax": "[三口人](household_size){\"entity\": \"name\"}",
    "token": "⟦PHONE:7f3a⟧",
    "token nested": "⟦⟦ID:0000⟧⟧",
    "age": "我三百岁",
    "age below zero": "我今年-5岁",
    "age digits": "我99999999999999999999岁",
    "income": "一个月收入九千九百亿",
    "income below zero": "-500元",
    "income wide": "月收入９９９９９９９９９９９９９９９元",
    "income power": "一个月1e308块",
    "income chinese": "亿亿亿亿万万万元",
    "household": "家里一万口人",
    "household zero": "我家0个人",
    "half a person": "家里2.5个人",
    "division": "收入1/0元",
    "percent": "残疾999级，报销300%",
    "id wrong check": "身份证110105194912310021",
    "id short": "身份证11010519491231002",
    "id letters": "身份证11010519491231ABCD",
    "id impossible day": "身份证110105194913450023",
    "phone short": "电话1380013800",
    "phone long": "电话138001380001380013800",
    "phone letters": "电话138oo138ooo",
    "phone other": "电话+1 (555) 010-9999",
    "digits": "9" * 400,
    "digits thirty": "123456789012345678901234567890",
    "day": "二月三十",
    "day digits": "13月45日",
    "day iso": "2025-02-30T25:61:61Z",
    "year": "公元前300年生的，10000年办的",
    "dots": "..",
    "path": "../../../../etc/passwd\x00.png",
    "sql": "'; DROP TABLE case; --",
    "sql union": "1' OR '1'='1' UNION SELECT * FROM staff--",
    "sql like": "%_%\\",
    "shell": "$(reboot) `id` | cat /etc/shadow ; &&",
    "format": "%n%s%x%p" * 20,
    "json": '{"text": null}',
    "json nan": "NaN Infinity -Infinity",
    "url": "http://169.254.169.254/latest/meta-data",
    "csv": "=HYPERLINK(\"http://x\",\"点\")",
    "header": "a\r\nSet-Cookie: x=1",
    "other script": "مساعدة помощь 도움 βοήθεια",
    "traditional": "請問低保點樣申請啊",
    "unknown": "不清楚",
    "zero": "0",
    "number": "99",
    "none": "null",
    "true": "true",
}  # fmt: skip

#: Not JSON, or not what was asked for.
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  ",
    "open": b"{",
    "comma": b'{"text": "a",}',
    "list": b"[]",
    "null": b"null",
    "string": b'"x"',
    "number": b"1e999",
    "two": b"{}{}",
    "nan": b'{"client_message_id": "m", "text": NaN}',
    "infinity": b'{"client_message_id": "m", "text": -Infinity}',
    "bad utf-8": b'{"client_message_id": "m", "text": "\xff\xfe\x80"}',
    "cut utf-8": '{"client_message_id": "m", "text": "难'.encode()[:-1],
    "surrogate bytes": b'{"client_message_id": "m", "text": "\xed\xa0\x80"}',
    "utf-16": '{"client_message_id": "m", "text": "难"}'.encode("utf-16"),
    "byte order": b"\xef\xbb\xbf" + b'{"client_message_id": "m", "text": "a"}',
    "gb18030": '{"client_message_id": "m", "text": "困难"}'.encode("gb18030"),
    "deep lists": b"[" * 30_000,
    "deep objects": b'{"a":' * 8_000,
    "deep field": b'{"client_message_id":"m","text":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "twice": b'{"client_message_id": "m", "text": "a", "text": 5}',
    "twice the id": b'{"client_message_id": "m", "client_message_id": null, "text": "a"}',
    "long number": b'{"client_message_id": "m", "text": ' + b"9" * 5_000 + b"}",
    "hundred thousand": b'{"text": "' + b"x" * 100_000 + b'"}',
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(3_000)) + b"}",
    "odd key": b'{"\\ud800\\u0000": 1}',
    "binary": bytes(range(256)),
    "form": b"client_message_id=m&text=a",
    "xml": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
}

#: What a field may hold that should hold a text.
SHAPES: tuple[Any, ...] = (
    5,
    -1,
    10**30,
    1.5,
    True,
    None,
    [],
    ["难"],
    {},
    {"text": "难"},
    [[[[{"a": [None]}]]]],
)

CONTENT_TYPES = (
    "",
    "text/plain",
    "application/xml",
    "application/json; charset=gb2312",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "x" * 300,
    "難/難",
)

#: What may stand where a path or a query wants an id, a number, a receipt.
IDS = (
    "0",
    "-1",
    "123456789012345678901234567890",
    "1e9",
    "0x10",
    "..",
    ".",
    "%00",
    "a" * 500,
    "WZ000000000000",
    "WZ12345678901",
    "' OR 1=1--",
    "难",
    "\u202e",
    "null",
    "1;2",
    " ",
)


def visible(text: str) -> bool:
    """Whether anything readable is left of a text."""
    return any(unicodedata.category(mark)[0] not in "CZ" for mark in text)


def json_bytes(value: Any) -> bytes:
    """As JSON in ASCII: lone surrogates leave as escapes."""
    return json.dumps(value).encode("ascii")


_SPICES = (
    "\x00", "\ud800", "\u202e", "\u200b", "\u0301", "/", "／", "{", "}", "⟦", "⟧", "'", "\"", "\\",
    "<", "%", "😭", "9", "-", "元", "岁", "\n", "\r", "\ufeff", "\U0010ffff", "０", "亿", "X", " ",
)  # fmt: skip


def mutations(seed: int, count: int) -> Iterator[str]:
    """`count` texts grown from the corpus, the same for the same seed."""
    chance = random.Random(seed)
    grown = [text for text in TEXTS.values() if len(text) < 500]
    for _ in range(count):
        text = chance.choice(grown)
        for _ in range(chance.randint(1, 6)):
            place = chance.randint(0, len(text))
            match chance.randrange(6):
                case 0:
                    text = text[:place] + chance.choice(_SPICES) + text[place:]
                case 1:
                    text = text[:place] + text[place + chance.randint(1, 5) :]
                case 2:
                    text = text[:place] + chance.choice(grown)[:200] + text[place:]
                case 3:
                    text = text[:place] + chr(chance.randrange(0x110000)) + text[place:]
                case 4:
                    text = text * chance.choice((2, 3, 40)) if len(text) < 100 else text[::-1]
                case _:
                    text = text[:place] + chance.choice(_SPICES) * chance.randint(1, 50)
        yield text

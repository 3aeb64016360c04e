"""One gate for typed text: readable, normal, short enough, and stable when passed twice."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.text import BadText, clean, mask_id, mask_name, mask_phone

ANY_CHARACTER = st.characters(blacklist_categories=())  # lone surrogates too


@given(st.text(ANY_CHARACTER, max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        once = clean(text)
    except BadText:
        return
    assert clean(once) == once


@given(st.text(ANY_CHARACTER, max_size=80))
def test_cleaned_text_can_be_stored_everywhere(text: str) -> None:
    try:
        cleaned = clean(text)
    except BadText:
        return
    assert cleaned.encode().decode() == cleaned
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    categories = {
        unicodedata.category(mark) for mark in cleaned.replace("\n", "").replace("\t", "")
    }
    assert not categories & {"Cc", "Cs"}
    assert 0 < len(cleaned) <= 1000


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("我妈一个人，能吃低保不", "我妈一个人，能吃低保不"),
        ("a\x00b\x07c", "abc"),
        ("收入\u202e0001\u202c元", "收入0001元"),
        ("张\u200b三\ufeff", "张三"),
        ("坏\ud800字", "坏字"),
        ("一行\r\n二行\r三行\u2028四行", "一行\n二行\n三行\n四行"),
        ("一\n\n\n \n\n二", "一\n\n二"),
        ("  两边空格\u3000", "两边空格"),
        ("e\u0301", "\u00e9"),
        ("列\t表", "列\t表"),
        ("x" + "\u0301" * 500, "x\u0301\u0301\u0301"),
        ("藏\U000e0041\U000e0042文", "藏文"),
        ("👵🏽低保", "👵🏽低保"),
        ("𠮷野家", "𠮷野家"),
    ],
)
def test_what_is_removed_and_what_stays(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize("typed", ["", "   ", "\n\n", "\u200b\u202e", "\x00", "\ud800"])
def test_nothing_readable_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadText) as refusal:
        clean(typed)
    assert "空" in refusal.value.reason_zh


def test_length_is_counted_after_cleaning() -> None:
    assert clean("字" * 1000 + "\u200b" * 50) == "字" * 1000
    with pytest.raises(BadText) as refusal:
        clean("字" * 1001)
    assert "1000" in refusal.value.reason_zh
    assert clean("字" * 5, max_length=5) == "字" * 5
    with pytest.raises(BadText):
        clean("字" * 6, max_length=5)


def test_ten_megabytes_are_refused_before_any_work() -> None:
    with pytest.raises(BadText):
        clean("é" * 10_000_000)


def test_masks_keep_what_an_office_needs_to_recognise() -> None:
    assert mask_phone("13800138000") == "138****8000"
    assert mask_id("440301199001011234") == "440301********1234"
    assert mask_id("440301900101123") == "440301*****1123"
    assert mask_name("张三") == "张*"
    assert mask_name("欧阳小红") == "欧**"


@pytest.mark.parametrize("short", ["", "1", "138", "1380013"])
def test_masks_of_broken_values_show_nothing(short: str) -> None:
    assert mask_phone(short) == "*" * len(short)
    assert mask_id(short) == "*" * len(short)


def test_mask_of_a_one_character_name_still_hides() -> None:
    assert mask_name("张") == "张*"
    assert mask_name(" ") == ""

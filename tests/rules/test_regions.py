"""Places: their layers by GB/T 2260, and how residents name them."""

import pytest

from rules import regions
from rules.errors import UnknownRegion


def test_layers_of_a_chongqing_county_skip_the_empty_prefecture() -> None:
    assert regions.layers("500233") == ("500233", "500000", "100000")


def test_layers_of_a_fujian_county() -> None:
    assert regions.layers("350902") == ("350902", "350900", "350000", "100000")


def test_layers_of_a_township() -> None:
    assert regions.layers("350902T01")[:2] == ("350902T01", "350902")


def test_an_unlisted_code_is_placed_by_its_prefix() -> None:
    assert regions.layers("350999") == ("350900", "350000", "100000")


@pytest.mark.parametrize("code", ["", "99", "999999", "00", "abcdef"])
def test_unknown_codes_raise(code: str) -> None:
    with pytest.raises(UnknownRegion):
        regions.layers(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("忠县", "500233"),
        ("重庆忠县", "500233"),
        ("重庆市忠县拔山镇", None),
        ("宁德蕉城", "350902"),
        ("乌兰浩特", "152201"),
        ("凉山", "513400"),
        ("我在天津南开区住", "120104"),
    ],
)
def test_places_are_found_as_people_say_them(text: str, code: str | None) -> None:
    found = regions.find(text)
    assert found
    if code is None:
        assert regions.within(found[0].code, "500233")
    else:
        assert found[0].code == code


def test_nothing_named_finds_nothing() -> None:
    assert regions.find("火星") == []
    assert regions.find("") == []


def test_within() -> None:
    assert regions.within("350902T01", "350000")
    assert not regions.within("350902", "500000")
    assert not regions.within(None, "500000")

"""Places: their layers by GB/T 2260, and how residents name them."""

import pytest

from rules import regions
from rules.errors import AmbiguousRegion, UnknownRegion


def test_layers_of_a_chongqing_county_skip_the_empty_prefecture() -> None:
    assert regions.layers("500233") == ("500233", "500000", "100000")


def test_layers_of_a_fujian_county() -> None:
    assert regions.layers("350902") == ("350902", "350900", "350000", "100000")


def test_layers_of_a_township() -> None:
    assert regions.layers("350902001")[:2] == ("350902001", "350902")


def test_twelve_digits_mean_the_township_as_a_whole() -> None:
    assert regions.layers("500233116000") == regions.layers("500233116")
    assert regions.region("500233116000").name == "拔山镇"


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


def test_a_place_is_named_by_code_or_by_name_and_never_guessed() -> None:
    assert regions.named(" 500233 ") == "500233"
    assert regions.named("重庆忠县") == "500233"
    for nowhere in ("火星", "999999", ""):
        with pytest.raises(UnknownRegion):
            regions.named(nowhere)
    with pytest.raises(AmbiguousRegion) as told:
        regions.named("石宝镇")
    assert {code for _, code in told.value.options} == {"150223105", "500233107"}


def test_a_province_is_not_the_city_of_its_name() -> None:
    assert [place.code for place in regions.find("吉林省")] == ["220000"]


def test_divisions_of_one_level() -> None:
    provinces = regions.at_level("province")
    assert "500000" in {place.code for place in provinces}
    assert {place.level for place in provinces} == {"province"}
    assert len(regions.at_level("township")) > 3_700


def test_a_code_that_is_nowhere_has_no_region() -> None:
    with pytest.raises(UnknownRegion):
        regions.region("999999")
    assert regions.region("500233").full_name == "重庆市忠县"


def test_nothing_named_finds_nothing() -> None:
    assert regions.find("火星") == []
    assert regions.find("") == []


def test_within() -> None:
    assert regions.within("350902001", "350000")
    assert not regions.within("350902", "500000")
    assert not regions.within(None, "500000")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("福建省泉州市丰泽区", "350503"),
        ("泉州丰泽区", "350503"),
        ("丰泽", "350503"),
        ("丰泽街道", "350503002"),
        ("泉州市丰泽区丰泽街道", "350503002"),
        ("兴安盟", "152200"),
        ("我在兴安盟乌兰浩特市", "152201"),
    ],
)
def test_a_name_shared_with_a_part_means_the_larger(text: str, code: str) -> None:
    assert [region.code for region in regions.find(text)] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("南开", "120104"),
        ("我家在南开", "120104"),
        ("重庆江北", "500105"),
        ("三明永安", "350481"),
        ("布拖", "513429"),
        ("住喜德的", "513432"),
    ],
)
def test_names_without_their_kind_are_found(text: str, code: str) -> None:
    assert [region.code for region in regions.find(text)] == [code]


def test_every_county_of_the_covered_regions_is_found_by_its_full_name() -> None:
    covered = ("500000", "350000", "120000", "150000", "513400")
    counties = [
        place
        for place in regions._places().values()
        if place.level == "county" and regions.within(place.code, *covered)
    ]
    assert len(counties) > 200
    for place in counties:
        assert regions.find(place.full_name)[0].code == place.code


def test_every_township_of_the_gazetteer_is_found_by_its_full_name() -> None:
    towns = [place for place in regions._places().values() if place.level == "township"]
    assert len(towns) > 3_700
    for place in towns:
        assert regions.find(place.full_name)[0].code == place.code


def test_a_name_used_twice_asks_back() -> None:
    by_name: dict[str, list[str]] = {}
    for place in regions._places().values():
        if place.level in ("county", "township"):
            by_name.setdefault(place.name, []).append(place.code)
    twice = {name: codes for name, codes in by_name.items() if len(codes) > 1}
    assert twice
    for name, codes in twice.items():
        apart = [c for c in codes if not any(other in regions.layers(c)[1:] for other in codes)]
        found = {region.code for region in regions.find(name)}
        assert found == set(apart) or len(found) > 1, name


def test_no_place_is_named_by_a_single_character() -> None:
    assert min(length for sizes in regions._spoken().values() for length in sizes) >= 2


def test_a_code_is_named_only_when_neither_it_nor_its_county_is_listed() -> None:
    assert regions.taken_for("500233") == ""
    assert regions.taken_for("500233107999") == "", "its county is listed"
    assert "按重庆市的规定算" in regions.taken_for("500299")


def test_a_name_of_many_places_lists_six_of_them_and_says_that_there_are_more() -> None:
    options = [(f"某县{i}", f"{i}") for i in range(7)]
    six, seven = (str(AmbiguousRegion("城关镇", options[:n])) for n in (6, 7))
    assert six.endswith("某县5（5）")
    assert seven.endswith("某县5（5）等")
    assert seven.startswith("有几个地方叫“城关镇”，请写代码：某县0（0）、")


def test_what_is_no_place_is_named_as_it_was_written() -> None:
    assert str(UnknownRegion("999999")) == "没有这个行政区划代码：999999"
    assert str(UnknownRegion("火星" * 30)) == f"没有找到这个地方：{'火星' * 20}"

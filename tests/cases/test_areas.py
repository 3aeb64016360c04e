"""Area codes: who lies inside whom, at every level and for both kinds of township code."""

import pytest

from cases import areas


@pytest.mark.parametrize(
    ("outer", "inner", "inside"),
    [
        ("100000", "500233107000", True),
        ("500000", "500233", True),
        ("500233", "500233107000", True),
        ("500233107000", "500233107000", True),
        ("500233107000", "500233107", True),
        ("500233107000", "500233", False),
        ("500233", "500234", False),
        ("500000", "510000", False),
        ("120104", "120104001", True),
        ("120104001", "120104002", False),
        ("350900", "350982", True),
        ("350900", "351000", False),
        ("500109", "500110", False),
    ],
)
def test_an_area_contains_what_lies_in_it(outer: str, inner: str, inside: bool) -> None:
    assert areas.contains(outer, inner) is inside


def test_ancestors_run_from_the_county_to_the_nation() -> None:
    assert areas.ancestors("500233107000") == ("500233", "500200", "500000", "100000")
    assert areas.ancestors("500000") == ("100000",)
    assert areas.ancestors("100000") == ()


@pytest.mark.parametrize("bad", ["", "5002", "50023x", "５００２３３", "500233' or 1=1", None, 5])
def test_what_is_not_a_code_is_not_an_area(bad: object) -> None:
    assert not areas.is_area_code(bad)


def test_a_place_is_named_in_full_and_an_unknown_one_by_its_county() -> None:
    assert areas.name("500233") == "重庆市忠县"
    assert areas.name("500233999") == "重庆市忠县"
    assert areas.name("100000") == "待定地区"

"""What the rules compare with, gathered for a place and a day."""

from datetime import date

from rules.law import Law, Line
from rules.law import of as law_of
from rules.parameter_store import Store
from rules.parameter_values import Parameter
from tests.rules.test_parameters import parameter

DAY, COUNTY = date(2026, 11, 21), "500101"


def standard(low: float, high: float | None = None, **changes: object) -> Parameter:
    high = low if high is None else high
    value = low if low == high else None
    return parameter(**({"value": value, "low": low, "high": high} | changes))


def months(name: str, value: float, **changes: object) -> Parameter:
    told = {"name": name, "value": value, "low": value, "high": value, "unit": "×低保月标准"}
    return parameter(**(told | changes))


def test_a_line_is_a_standard_a_head_and_year_in_fen() -> None:
    law = Law(COUNTY, DAY, {"rural": standard(600.5), "urban": standard(500, 630)})
    assert law.line("rural") == Line(720_600, 720_600)
    assert law.line("urban") == Line(600_000, 756_000)
    assert Law(COUNTY, DAY, {"rural": standard(2880, unit="元/人·年")}).line("rural") == Line(
        288_000, 288_000
    )
    assert law.line("nonlocal") is None


def test_a_place_differs_by_hukou_when_its_lines_do() -> None:
    one, other = standard(600), standard(700)
    assert Law(COUNTY, DAY, {"rural": one, "urban": other}).differs_by_hukou
    assert Law(COUNTY, DAY, {"rural": one}).differs_by_hukou
    assert not Law(COUNTY, DAY, {"rural": one, "urban": one}).differs_by_hukou
    yearly = standard(7200, unit="元/人·年")
    assert not Law(COUNTY, DAY, {"rural": one, "urban": yearly}).differs_by_hukou
    assert not Law(COUNTY, DAY).differs_by_hukou


def test_deposits_are_held_against_a_year_until_a_limit_is_verified() -> None:
    cap, edge = months("dibao_asset_monetary_cap", 24), months("dibao_edge_asset_monetary_cap", 36)
    assert (Law(COUNTY, DAY).caution_months, Law(COUNTY, DAY).deposit_months) == (12, (12,))
    assert Law(COUNTY, DAY, deposit_cap=cap).deposit_months == (24,)
    assert Law(COUNTY, DAY, edge_deposit_cap=edge).deposit_months == (12, 36)
    assert Law(COUNTY, DAY, deposit_cap=cap, edge_deposit_cap=edge).deposit_months == (24, 36)
    assert Law(COUNTY, DAY, deposit_cap=edge, edge_deposit_cap=cap).deposit_months == (24, 36)
    assert Law(COUNTY, DAY, deposit_cap=cap, edge_deposit_cap=cap).deposit_months == (24,)


def test_a_standard_known_only_from_below_is_a_gap_and_no_line() -> None:
    at_least = standard(600, at_least=True, population="rural")
    law = law_of(COUNTY, DAY, Store.of([at_least, standard(700, population="urban")]))
    assert set(law.standards) == {"urban"}
    assert law.gaps == ("万州区农村dibao_standard只知道在600元/人·月以上",)


def test_without_a_place_there_is_no_standard_of_anywhere() -> None:
    nation = [standard(600, region_code="100000"),
              months("dibao_edge_income_cap_multiple", 1.5, region_code="100000")]  # fmt: skip
    law = law_of(None, DAY, Store.of(nation))
    assert law.standards == {}
    assert law.edge_multiple is not None
    assert law_of(COUNTY, DAY, Store.of(nation)).standards.keys() == {"rural", "urban"}


def test_a_single_person_goes_by_the_margins_multiple_unless_there_is_an_own_one() -> None:
    edge = months("dibao_edge_income_cap_multiple", 1.5)
    own = months("dibao_split_household_income_cap_multiple", 2)
    assert law_of(COUNTY, DAY, Store.of([edge])).single_multiple == edge
    law = law_of(COUNTY, DAY, Store.of([edge, own]))
    assert law.single_multiple is not None
    assert (law.single_multiple.low, law.edge_multiple and law.edge_multiple.low) == (2, 1.5)


def test_a_figure_is_found_for_another_day_when_asked_and_none_is_no_error() -> None:
    old = standard(500, effective_to=date(2025, 12, 31))
    law = law_of(COUNTY, DAY, Store.of([old]))
    assert law.find("dibao_standard", "rural") is None
    then = law.find("dibao_standard", "rural", on=date(2025, 12, 31))
    assert then is not None
    assert then.low == 500
    assert law.inside("500000")
    assert not law.inside("350000")
    assert not Law(None, DAY).inside("500000")

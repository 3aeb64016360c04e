"""What the published parameters may not say: two values at one time, misprints, 特困 too low."""

from dataclasses import replace
from datetime import date

import pytest

from rules import parameters
from rules.errors import ParameterError, ParameterNotInForce
from rules.parameter_store import Store
from rules.parameters import in_force
from tests.rules.test_parameters import TODAY, parameter


def test_misprints_of_the_2021_conference_are_set_aside() -> None:
    aside = {(q.parameter.name, q.parameter.population): q for q in parameters.quarantined()}
    rural = aside["dibao_standard_avg", "rural"]
    assert (rural.parameter.value, rural.proposed_unit) == (6731, "元/人·年")
    assert aside["tekun_basic_living_avg", "urban"].parameter.value == 1308
    assert aside["tekun_basic_living_avg", "rural"].parameter.value == 1308
    with pytest.raises(ParameterNotInForce) as refused:
        in_force("tekun_basic_living_avg", "150000", date(2021, 7, 1), hukou="urban")
    assert "标准金额待核实：" in refused.value.gap


def test_overlapping_values_are_refused() -> None:
    later = parameter(value=650, low=650, high=650, effective_from=date(2025, 6, 1))
    with pytest.raises(ParameterError, match="同一时间"):
        Store.of([parameter(), later])


def test_everybody_beside_rural_is_refused_for_a_standard() -> None:
    with pytest.raises(ParameterError, match="同一时间"):
        Store.of([parameter(), parameter(population="rural")])


def test_values_that_follow_each_other_are_accepted() -> None:
    first = parameter(effective_to=date(2025, 5, 31))
    second = parameter(value=650, low=650, high=650, effective_from=date(2025, 6, 1))
    store = Store.of([first, second])
    assert store.in_force("dibao_standard", "500101", date(2025, 5, 31)).value == 600
    assert store.in_force("dibao_standard", "500101", date(2025, 6, 1)).value == 650


@pytest.mark.parametrize(
    ("unit", "dibao", "tekun", "accepted"),
    [
        ("元/人·月", 772, 1003.5, False),
        ("元/人·月", 772, 1003.6, True),
        ("元/人·年", 6731, 8750, False),
        ("元/人·年", 6731, 8750.3, True),
    ],
)
def test_tekun_below_one_point_three_is_refused(
    unit: str, dibao: float, tekun: float, accepted: bool
) -> None:
    base = parameter(value=dibao, low=dibao, high=dibao, unit=unit)
    other = parameter(name="tekun_basic_living", value=tekun, low=tekun, high=tekun, unit=unit)
    if accepted:
        Store.of([base, other])
        return
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([base, other])


@pytest.mark.parametrize(
    "name", ["tekun_basic_living", "tekun_home_selfcare", "tekun_standard_institution"]
)
def test_a_district_s_tekun_is_held_against_the_city_s_dibao(name: str) -> None:
    city = parameter(region_code="120000", value=1045, low=1045, high=1045, population="all")
    low = parameter(
        name=name, region_code="120104", value=1358, low=1358, high=1358, population="all"
    )
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([city, low])
    Store.of([city, replace(low, value=1358.5, low=1358.5, high=1358.5)])
    own = replace(city, region_code="120104", value=1040, low=1040, high=1040)
    Store.of([city, own, low])


@pytest.mark.parametrize(("tekun", "accepted"), [(955, True), (954.4, False)])
def test_a_note_on_rounding_allows_a_yuan_and_no_more(tekun: float, accepted: bool) -> None:
    base = parameter(value=735, low=735, high=735)
    noted = parameter(
        name="tekun_basic_living", value=tekun, low=tekun, high=tekun, ratio_note="官方取整"
    )
    if accepted:
        Store.of([base, noted])
        return
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([base, noted])


def test_an_average_of_the_province_binds_no_district() -> None:
    province = parameter(
        name="dibao_standard_avg", region_code="350000", value=900, low=900, high=900
    )
    Store.of([province, parameter(
        name="tekun_basic_living_avg", region_code="350100", value=1000, low=1000, high=1000
    )])  # fmt: skip


def test_a_monthly_standard_of_six_thousand_is_set_aside() -> None:
    store = Store.of([parameter(value=6731, low=6731, high=6731)])
    assert [q.parameter.value for q in store.quarantined] == [6731]
    with pytest.raises(ParameterNotInForce):
        store.in_force("dibao_standard", "500101", TODAY)


def test_a_misprint_is_proposed_in_the_other_unit_only_when_growth_is_believable() -> None:
    before = parameter(
        value=6000, low=6000, high=6000, unit="元/人·年", effective_from=date(2020, 1, 1),
        effective_to=date(2020, 12, 31),
    )  # fmt: skip
    odd = parameter(value=6731, low=6731, high=6731, effective_from=date(2021, 1, 1))
    wild = parameter(value=60000, low=60000, high=60000, effective_from=date(2021, 1, 1))
    assert [q.proposed_unit for q in Store.of([before, odd]).quarantined] == ["元/人·年"]
    assert [q.proposed_unit for q in Store.of([before, wild]).quarantined] == [""]
    nowhere = parameter(value=6731, low=6731, high=6731, effective_from=None)
    assert [q.proposed_unit for q in Store.of([before, nowhere]).quarantined] == [""]


@pytest.mark.parametrize(
    "other",
    [
        {"region_code": "500102"}, {"population": "rural"}, {"name": "dibao_standard_floor"},
        {"effective_from": date(2021, 1, 1), "effective_to": date(2021, 2, 1)},
        {"value": 6732, "low": 6732, "high": 6732}, {"value": 5384, "low": 5384, "high": 5384},
    ],
    ids=str,
)  # fmt: skip
def test_another_series_or_growth_proposes_no_unit(other: dict[str, object]) -> None:
    before = parameter(
        value=6731, low=6731, high=6731, unit="元/人·年", effective_from=date(2020, 1, 1),
        effective_to=date(2020, 12, 31), document="更早的文件",
    )  # fmt: skip
    odd = parameter(value=6731, low=6731, high=6731, effective_from=date(2021, 1, 1))
    store = Store.of([before, odd])
    assert [q.proposed_unit for q in store.quarantined] == ["元/人·年"]
    store = Store.of([replace(before, **other), odd])  # type: ignore[arg-type]
    assert [q.proposed_unit for q in store.quarantined] == [""]


@pytest.mark.parametrize(
    ("unit", "figure", "aside"),
    [
        ("元/人·月", 29.99, True), ("元/人·月", 30, False), ("元/人·月", 4500, False),
        ("元/人·月", 4500.01, True), ("元/人·年", 399.99, True), ("元/人·年", 400, False),
        ("元/人·年", 54000, False), ("元/人·年", 54000.01, True), ("%", 1, False),
    ],
)  # fmt: skip
def test_a_living_standard_lies_between_the_lowest_and_highest_ever_known(
    unit: str, figure: float, aside: bool
) -> None:
    store = Store.of([parameter(value=figure, low=figure, high=figure, unit=unit)])
    assert bool(store.quarantined) == aside
    loan = parameter(name="loan_cap", value=figure, low=figure, high=figure, unit=unit)
    assert not Store.of([loan]).quarantined


def test_tekun_of_another_time_or_unit_is_not_held_against_dibao() -> None:
    base = parameter(effective_to=date(2025, 12, 31))
    later = parameter(name="tekun_basic_living", value=100, low=100, high=100,
                      effective_from=date(2026, 1, 1))  # fmt: skip
    Store.of([base, later])
    percent = parameter(unit="%", value=60, low=60, high=60)
    now = parameter(name="tekun_basic_living", value=100, low=100, high=100)
    Store.of([percent, now])
    urban = parameter(population="urban")
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([urban, now])
    Store.of([parameter(population="rural"), replace(now, population="urban")])
    inferred = parameter(name="tekun_basic_living", value=700, low=700, high=700,
                         effective_from=date(2024, 1, 1), end_inferred=True)  # fmt: skip
    Store.of([parameter(), inferred])
    yearly = parameter(value=7000, low=7000, high=7000, unit="元/人·年")
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([yearly, parameter(name="tekun_standard", value=700, low=700, high=700)])
    other_kind = parameter(name="tekun_standard_avg", value=100, low=100, high=100)
    Store.of([parameter(), other_kind])
    Store.of([parameter(population="urban"), replace(now, population="rural")])
    begun = replace(inferred, effective_from=date(2025, 1, 1))
    with pytest.raises(ParameterError, match=r"1\.3"):
        Store.of([parameter(), begun])

"""Which of several figures holds: the nearest verified one for the people, on the day."""

from datetime import date

import pytest

from rules.errors import HukouNeeded, ParameterNotInForce
from rules.parameter_checks import collide
from rules.parameter_store import Store, default_store, in_force, using
from rules.parameter_values import Gap, Parameter
from tests.rules.test_parameters import parameter

COUNTY, CITY, NATION = "500101", "500000", "100000"
NAME, DAY = "dibao_edge_income_cap_multiple", date(2026, 11, 21)


def figure(value: float, place: str = COUNTY, **changes: object) -> Parameter:
    """A multiple of a place, verified and in force from 2025 unless said otherwise."""
    plain: dict[str, object] = {
        "name": NAME, "value": value, "low": value, "high": value, "region_code": place,
        "unit": "×低保标准",
    }  # fmt: skip
    return parameter(**(plain | changes))


def answer(*figures: Parameter, on: date = DAY, **asked: str) -> Parameter:
    return Store.of(figures).in_force(NAME, COUNTY, on, **asked)


def test_the_nearest_place_answers_and_no_other_county() -> None:
    rows = [figure(1, NATION), figure(2, CITY), figure(3), figure(4, "500102")]
    assert [answer(*rows[:n]).low for n in (1, 2, 3, 4)] == [1, 2, 3, 3]
    assert answer(*rows).local_unverified is False


def test_an_unverified_figure_of_the_nearer_place_is_passed_over_and_that_is_said() -> None:
    odd = figure(3, verified=False, evidence_grade="C")
    found = answer(figure(2, CITY), odd)
    assert (found.low, found.local_unverified) == (2, True)
    with pytest.raises(ParameterNotInForce) as refused:
        answer(odd)
    assert refused.value.gap == f"万州区{NAME}有数字但没有核实"
    # Out of force it says nothing of the day.
    over = figure(3, verified=False, evidence_grade="C", effective_to=date(2025, 12, 31))
    assert answer(figure(2, CITY), over).local_unverified is False


@pytest.mark.parametrize(
    ("asked", "value"),
    [({"hukou": "rural"}, 1), ({"hukou": "urban"}, 2), ({"population": "rural"}, 1),
     ({"hukou": "rural", "population": "urban"}, 1)],
)  # fmt: skip
def test_each_group_has_its_own_figure(asked: dict[str, str], value: float) -> None:
    rows = [figure(1, population="rural"), figure(2, population="urban"), figure(9, CITY)]
    assert answer(*rows, **asked).low == value


def test_who_has_no_group_is_asked_for_it_only_where_no_figure_is_for_everybody() -> None:
    rows = [figure(1, population="rural"), figure(2, population="urban")]
    for asked in ({}, {"hukou": "nonlocal"}):
        with pytest.raises(HukouNeeded):
            answer(*rows, **asked)
    everybody = figure(3, population="all")
    assert answer(everybody).low == answer(everybody, hukou="rural").low == 3
    assert answer(everybody, hukou="nonlocal").low == 3
    # A figure of one group is none for the other, who goes by the wider place.
    found = answer(rows[0], figure(9, CITY), hukou="urban")
    assert (found.low, found.local_unverified) == (9, True)


def test_a_figure_holds_from_its_first_to_its_last_day() -> None:
    one = figure(1, effective_from=date(2025, 3, 1), effective_to=date(2025, 3, 31))
    for day in (date(2025, 3, 1), date(2025, 3, 31)):
        assert answer(one, on=day).low == 1
    for day in (date(2025, 2, 28), date(2025, 4, 1)):
        with pytest.raises(ParameterNotInForce):
            answer(one, on=day)
    with pytest.raises(ParameterNotInForce):
        answer(figure(1, effective_from=None))


@pytest.mark.parametrize(
    ("unit", "start", "stale"),
    [("元/人·月", date(2025, 5, 21), False), ("元/人·月", date(2025, 5, 20), True),
     ("元/人·月", date(2024, 11, 22), True), ("元/人·月", date(2026, 1, 1), False),
     ("×低保标准", date(2015, 1, 1), False)],
)  # fmt: skip
def test_money_may_have_changed_after_eighteen_months_and_nothing_else(
    unit: str, start: date, stale: bool
) -> None:
    assert answer(figure(600, unit=unit, effective_from=start)).stale is stale


def test_a_gap_of_the_place_or_a_wider_one_says_what_is_missing() -> None:
    gaps = [Gap(NAME, CITY, "原文缺数", "边缘倍数"), Gap("another", COUNTY, "别的")]
    with pytest.raises(ParameterNotInForce) as refused:
        Store.of([], gaps).in_force(NAME, COUNTY, DAY)
    assert refused.value.gap == "重庆市边缘倍数：原文缺数"
    with pytest.raises(ParameterNotInForce) as refused:
        Store.of([], [Gap(NAME, "500102", "别的区")]).in_force(NAME, COUNTY, DAY)
    assert refused.value.gap == ""
    with pytest.raises(ParameterNotInForce) as refused:
        Store.of([], [Gap(NAME, CITY, "原文缺数")]).in_force(NAME, COUNTY, DAY)
    assert refused.value.gap == f"重庆市{NAME}：原文缺数"


def test_a_place_tells_its_verified_figures_oldest_first() -> None:
    first = figure(1, effective_from=None, effective_to=date(2019, 12, 31))
    second = figure(2, effective_from=date(2020, 1, 1), effective_to=date(2024, 12, 31))
    odd = figure(4, verified=False, evidence_grade="C", effective_from=date(2018, 1, 1),
                 effective_to=date(2019, 1, 1))  # fmt: skip
    store = Store.of([figure(3), odd, second, first, figure(9, CITY)])
    assert [one.low for one in store.history(NAME, COUNTY)] == [1, 2, 3]


def test_what_names_no_store_goes_by_the_one_around_it() -> None:
    files, own = default_store(), Store.of([figure(7)])
    with using(own):
        assert default_store() is own
        assert in_force(NAME, COUNTY, DAY).low == 7
    assert default_store() is files


@pytest.mark.parametrize(
    ("one", "two", "same_day"),
    [
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 6, 30), None), True),
        ((date(2025, 1, 1), date(2025, 6, 30)), (date(2025, 7, 1), None), False),
        ((date(2025, 7, 1), None), (date(2025, 1, 1), date(2025, 7, 1)), True),
        ((date(2025, 7, 1), None), (date(2025, 1, 1), date(2025, 6, 30)), False),
        ((date(2025, 1, 1), None), (date(2026, 1, 1), None), True),
        ((None, None), (date(2026, 1, 1), None), False),
        ((date(2025, 1, 1), None), (None, None), False),
    ],
)
def test_two_figures_collide_when_both_hold_on_some_day(
    one: tuple[date | None, date | None], two: tuple[date | None, date | None], same_day: bool
) -> None:
    pair = [
        figure(value, effective_from=start, effective_to=end)
        for value, (start, end) in ((1, one), (2, two))
    ]
    assert collide(*pair) is same_day
    assert collide(pair[1], pair[0]) is same_day


def test_figures_of_other_people_places_or_names_do_not_collide() -> None:
    one = figure(1, population="rural")
    assert collide(one, figure(2, population="rural"))
    assert not collide(one, figure(2, population="urban"))
    assert not collide(one, figure(2, population="all"))
    assert not collide(one, figure(2, CITY, population="rural"))
    assert not collide(one, figure(2, population="rural", name="another"))
    # For a standard "everybody" beside "rural" would leave open which holds.
    standards = [parameter(population=group) for group in ("rural", "all", "urban")]
    assert collide(standards[0], standards[1])
    assert collide(standards[1], standards[2])
    assert not collide(standards[0], standards[2])

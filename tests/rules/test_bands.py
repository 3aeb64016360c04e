"""Ready-made answers for money: no line in force runs through one, and there are not too many."""

from datetime import date
from fractions import Fraction

from rules.bands import MOST_EDGES, Band, _between, bands
from rules.parameters import in_force
from rules.screening import screen
from tests.rules.measure_questions import TODAY

LIANGSHAN, RANGE_DAY = "513431", date(2016, 6, 1)


def test_bands_are_cut_at_the_lines_and_leave_them_out() -> None:
    told = {"household_size": 3, "hukou": "rural"}
    found = bands("monthly_income_total", told, "120104", TODAY)
    line = 3 * int(in_force("dibao_standard", "120104", TODAY, hukou="rural").low)
    assert found[0] == Band(0, line - 1)
    assert found[1].low == line + 1
    assert not any(band.holds(line) for band in found)
    assert found[-1].high is None
    assert found[-1].holds(10**9)


def test_no_bands_without_heads_place_or_for_a_told_figure() -> None:
    assert bands("monthly_income_total", {}, "500233", TODAY) == []
    assert bands("monthly_income_total", {"household_size": 2}, None, TODAY) == []
    assert bands("age", {"household_size": 2}, "500233", TODAY) == []
    told = {"household_size": 2, "monthly_income_total": {"low": 0, "high": 900}}
    assert bands("monthly_income_total", told, "500233", TODAY) == []


def test_every_band_settles_the_standard_without_the_exact_figure() -> None:
    for hukou in ("rural", "urban"):
        told = {"household_size": 4, "hukou": hukou, "car": False, "deposit": 0}
        for band in bands("monthly_income_total", told, "500233", TODAY):
            full = told | {"monthly_income_total": band.fact()}
            assert screen(full, "500233", TODAY).of("dibao").outcome in ("likely", "unlikely")


def test_an_unknown_hukou_cuts_at_the_lines_of_both() -> None:
    found = bands("monthly_income_total", {"household_size": 3}, "500233", TODAY)
    assert found == [
        Band(0, 1889), Band(1891, 2309), Band(2311, 2834), Band(2836, 3464), Band(3466, None),
    ]  # fmt: skip


def test_where_a_range_would_cut_too_often_the_standard_alone_cuts() -> None:
    found = bands("monthly_income_total", {"household_size": 3}, LIANGSHAN, RANGE_DAY)
    assert found == [Band(0, 719), Band(721, 1259), Band(1261, 1349), Band(1351, None)]
    rural = bands("monthly_income_total", {"household_size": 3, "hukou": "rural"}, LIANGSHAN,
                  RANGE_DAY)  # fmt: skip
    assert rural == [Band(0, 719), Band(721, 1079), Band(1081, None)]


def test_fujian_cuts_at_its_own_multiple_too() -> None:
    found = bands("monthly_income_total", {"household_size": 3}, "350902", TODAY)
    assert found == [Band(0, 2597), Band(2599, 3377), Band(3378, 3896), Band(3898, None)]
    assert len(found) <= MOST_EDGES + 1


def test_deposits_are_cut_at_the_caution_line() -> None:
    told = {"household_size": 3, "hukou": "rural"}
    assert bands("deposit", told, "500233", TODAY) == [Band(0, 22_679), Band(22_681, None)]
    both = bands("deposit", {"household_size": 3}, "500233", TODAY)
    assert both == [Band(0, 22_679), Band(22_681, 27_719), Band(27_721, None)]
    for band in both:
        full = told | {"monthly_income_total": 0, "car": False, "deposit": band.fact()}
        outcome = screen(full, "500233", TODAY).of("dibao").outcome
        assert outcome == ("likely" if band.low == 0 else "need_person")


def test_a_range_of_heads_gets_no_bands() -> None:
    told = {"household_size": {"low": 2, "high": 3}}
    assert bands("monthly_income_total", told, "500233", TODAY) == []


def test_two_lines_within_one_yuan_leave_no_empty_band() -> None:
    edges = [Fraction(102, 10), Fraction(107, 10)]
    assert _between(edges) == [Band(0, 10), Band(11, None)]


def test_a_band_holds_its_own_ends() -> None:
    assert [Band(2, 5).holds(amount) for amount in (1.99, 2, 5, 5.01)] == [False, True, True, False]
    assert [Band(2, None).holds(amount) for amount in (1, 2)] == [False, True]
    assert (Band(2, 5).fact(), Band(2, None).fact()) == ({"low": 2, "high": 5}, {"low": 2})

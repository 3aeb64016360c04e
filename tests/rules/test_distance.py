"""Which true circumstances are tried for a household, and how the card names what would change."""

from typing import Any

import pytest

from rules.distance import probes, steps


def tried(**told: Any) -> dict[str, dict[str, Any]]:
    """Code → what the household would have more than it told."""
    return {
        code: {key: value for key, value in row.items() if value != told.get(key)}
        for code, row in probes({}, told)
    }


def test_every_circumstance_not_told_is_tried_with_what_a_document_would_show() -> None:
    assert tried() == {
        "with_critical_illness_record": {"critical_illness": True},
        "with_severe_disability_certificate": {"level": 2},
        "with_sudden_hardship": {"shock": "accident"},
    }
    assert tried(critical_illness=False, level=0, shock="none") == tried()


@pytest.mark.parametrize("level", [1, 2])
def test_what_is_true_already_is_not_tried(level: int) -> None:
    assert "with_severe_disability_certificate" not in tried(level=level)
    assert "with_critical_illness_record" not in tried(critical_illness=True)
    assert "with_sudden_hardship" not in tried(shock="fire")


@pytest.mark.parametrize("level", [3, 4])
def test_a_lesser_certificate_leaves_the_severe_one_to_try(level: int) -> None:
    assert tried(level=level)["with_severe_disability_certificate"] == {"level": 2}


@pytest.mark.parametrize(
    ("age", "ahead"),
    [(15, [16, 18, 60]), (16, [18, 60]), (17, [18, 60]), (18, [60]), (59, [60]), (60, [])],
)
def test_only_ages_still_to_come_are_tried(age: int, ahead: list[int]) -> None:
    told = {"age_low": age, "age_high": age, "gets_bianyuan": True, "gets_dibao": True}
    found = steps(told)
    assert [code for code, _ in found] == [f"at_age_{line}" for line in ahead]
    assert [(row["age_low"], row["age_high"]) for _, row in found] == [(a, a) for a in ahead]


def test_no_age_is_tried_while_it_is_open_and_a_status_only_where_it_is_not_held() -> None:
    for told in ({}, {"age_low": 15}, {"age_low": 15, "age_high": 20}, {"age_high": 15}):
        assert [code for code, _ in steps(told)] == ["margin_status", "dibao_status"]
    (code, row), *others = steps({"gets_dibao": True, "gets_bianyuan": False})
    assert (code, row["gets_bianyuan"], others) == ("margin_status", True, [])

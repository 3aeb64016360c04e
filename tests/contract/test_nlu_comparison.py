"""The figures beside the frozen messages: calibration, confusions, pictures, rivals."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from benchmarks.nlu import calibration, charts, pictures, reading
from benchmarks.nlu.rivals import run as rivals


def gold(number: int, label: str, *alternatives: str) -> dict[str, Any]:
    return {"id": f"bm{number:04d}", "text": "x", "label": label, "alt": list(alternatives)}


def said(number: int, label: str) -> dict[str, Any]:
    return {"id": f"bm{number:04d}", "label": label, "confidence": 0.5}


def test_confidence_that_keeps_its_word_has_no_calibration_error() -> None:
    assert calibration.expected_error([0.75] * 4, [True, True, True, False]) == 0.0


def test_calibration_error_weighs_each_band_by_its_messages() -> None:
    # three sure and all wrong (off by 0.9), one doubtful and right (off by 0.8)
    error = calibration.expected_error([0.9, 0.9, 0.9, 0.2], [False, False, False, True])
    assert error == pytest.approx((3 * 0.9 + 1 * 0.8) / 4)


def test_too_modest_counts_as_much_as_too_sure() -> None:
    modest = calibration.expected_error([0.6] * 10, [True] * 9 + [False])
    assert modest == pytest.approx(0.3)
    assert calibration.expected_error([0.9] * 10, [True] * 6 + [False] * 4) == pytest.approx(modest)


def test_bands_meet_at_their_borders_and_hold_certainty() -> None:
    bands = calibration.reliability([0.1, 0.0999, 1.0], [True, False, True])
    assert [(band["low"], band["n"]) for band in bands] == [(0.0, 1), (0.1, 1), (0.9, 1)]


def test_no_messages_no_calibration_and_no_odd_input() -> None:
    assert calibration.expected_error([], []) is None
    with pytest.raises(ValueError, match="no probability"):
        calibration.reliability([1.2], [True])
    with pytest.raises(ValueError, match="2 confidences for 1"):
        calibration.reliability([0.1, 0.2], [True])


def test_confused_pairs_count_both_directions_and_forgive_alternatives() -> None:
    rows = [gold(1, "a"), gold(2, "b"), gold(3, "a", "c"), gold(4, "c"), gold(5, "b")]
    answers = [said(1, "b"), said(2, "a"), said(3, "c"), said(4, "b"), said(5, "nlu_fallback")]
    labels, counts = pictures.confusions(rows, answers)
    assert labels == ["a", "b", "c"]
    assert counts == [[1, 1, 0], [1, 0, 0], [0, 1, 0]]
    assert pictures.pairs(labels, counts) == [
        {"labels": ["a", "b"], "n": 2, "first_as_second": 1},
        {"labels": ["b", "c"], "n": 1, "first_as_second": 0},
    ]


def test_a_lead_counts_the_same_messages_and_its_interval_holds_it() -> None:
    rows = [gold(n, "a", "b") for n in range(40)]
    ours = [said(n, "b" if n < 36 else "x") for n in range(40)]
    theirs = [said(n, "x" if n < 20 else "a") for n in range(40)]
    lead = rivals.ahead(rows, ours, theirs, resamples=200)
    assert (lead["only_ours_right"], lead["only_theirs_right"]) == (20, 4)
    assert lead["value"] == 0.4
    assert 0 < lead["low"] < lead["value"] < lead["high"] < 1


def test_the_sealed_half_is_the_odd_rows() -> None:
    assert reading.is_sealed(gold(7, "a"))
    assert not reading.is_sealed(gold(1446, "a"))


def test_the_neural_rival_gets_another_number_of_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals, "WORK", tmp_path)
    (diet,) = (rival.config for rival in rivals.RIVALS if rival.neural)
    assert "epochs: 7\n" in rivals.with_epochs(diet, 7).read_text("utf-8")


def test_models_see_no_personal_number() -> None:
    (row,) = reading.asked([{"id": "bm0001", "text": "我电话13900138000", "label": "inform_facts"}])
    assert list(row) == ["id", "text"]
    assert row["text"].startswith("我电话⟦PHONE:")


def test_pictures_are_well_formed_and_escape_words() -> None:
    drawn = [
        charts.lines("a < b", [("s", [(0, 0), (1, 1)])], (0, 1), (0, 1), ("x", "y"), diagonal=True),
        charts.bars("a & b", [("one", -2.5), ("two", 1.0)], ""),
        charts.shades("a", ["l<1", "l2"], [[3, 1], [0, 2]]),
    ]
    for picture in drawn:
        assert ET.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    assert drawn[2].count("<rect") == 1 + 3  # the paper and three cells with something in them


def test_a_point_outside_the_axes_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        charts.lines("t", [("s", [(2, 0.5)])], (0, 1), (0, 1), ("x", "y"))

"""What a changed figure does to households, counted before it is published."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from rules.impact import (
    COVERED,
    ENTERS_EXIT,
    GAINS,
    LOSES,
    OTHER,
    UNSURE,
    Impact,
    _refined,
    affected,
    by_township,
    changes,
    impact,
    with_overrides,
)
from rules.parameter_store import Store, files_store
from rules.parameter_values import Parameter
from rules.register import Household, facts_rows, register_frame
from rules.register_files import register_file
from rules.screening import screen
from tests.rules.households import households

DAY = date(2026, 11, 21)
PLACE = "500233"
POOR: dict[str, Any] = {
    "household_size": 1, "hukou": "rural", "car": False, "deposit": 0, "shock": "none",
}  # fmt: skip


def changed(value: float, name: str = "dibao_standard") -> Store:
    """The store with another figure of 重庆 in force on the day."""
    now = files_store().in_force(name, PLACE, DAY, hukou="rural")
    new = replace(now, value=value, low=value, high=value, effective_from=date(2026, 10, 1),
                  effective_to=None, stale=False)  # fmt: skip
    return with_overrides(files_store(), [new])


def unverified(start: date, population: str = "rural") -> Parameter:
    now = files_store().in_force("dibao_standard", PLACE, DAY, hukou="rural")
    return replace(now, value=640, low=640, high=640, effective_from=start, effective_to=None,
                   population=population, evidence_grade="C", verified=False)  # fmt: skip


@pytest.mark.parametrize(
    ("start", "population"),
    [(date(2026, 10, 1), "rural"), (date(2026, 10, 1), "all"), (date(2020, 1, 1), "rural")],
)
def test_an_unverified_figure_neither_ends_nor_hinders_a_verified_one(
    start: date, population: str
) -> None:
    files, odd = files_store(), unverified(start, population)
    published = with_overrides(files, [odd])
    assert published.history("dibao_standard", "500000") == files.history(
        "dibao_standard", "500000"
    )
    later = files.in_force("dibao_standard", PLACE, DAY, hukou="rural")
    later = replace(later, value=650, low=650, high=650, effective_from=date(2026, 11, 1),
                    stale=False)  # fmt: skip
    both = with_overrides(files, [odd, later])
    assert both.in_force("dibao_standard", PLACE, DAY, hukou="rural").low == 650


def test_an_unverified_figure_beside_none_gives_way_to_the_first_verified_one() -> None:
    odd = replace(unverified(date(2026, 11, 10)), region_code="500233")
    alone = with_overrides(files_store(), [odd])
    assert odd in alone.parameters
    newer = replace(odd, value=641, low=641, high=641, effective_from=date(2026, 11, 15))
    ended = with_overrides(files_store(), [odd, newer])
    assert [p.effective_to for p in ended.parameters if p.region_code == "500233" and
            p.name == "dibao_standard"] == [date(2026, 11, 14), None]  # fmt: skip
    sure = replace(odd, verified=True, evidence_grade="S", effective_from=date(2026, 10, 1))
    after = with_overrides(files_store(), [odd, sure])
    assert after.in_force("dibao_standard", PLACE, DAY, hukou="rural") == sure
    assert odd not in after.parameters


def frame(facts: list[dict[str, Any]], townships: int = 4) -> pl.DataFrame:
    """A facts frame of these households, spread over some townships."""
    told = [
        Household(str(i), 0, PLACE, f"{PLACE}10{i % townships}000", one, ())
        for i, one in enumerate(facts)
    ]
    return register_frame([row for one in told for row in facts_rows(one, DAY)])


def counted(found: Impact) -> Counter[tuple[str, str, str]]:
    return Counter(
        {
            (row["township"], row["column"], row["change"]): row["households"]
            for row in found.changed.iter_rows(named=True)
        }
    )


@pytest.mark.parametrize("value", [560, 731.5])
def test_the_preview_is_what_screening_one_by_one_gives_after_publishing(value: float) -> None:
    facts = [household.truth for household in households(100, seed=8)]
    for index, one in enumerate(facts):
        if index % 3 == 0:
            one["receiving"] = ["dibao"]
    after = changed(value)
    told = counted(impact(frame(facts), DAY, files_store(), after))
    found: Counter[tuple[str, str, str]] = Counter()
    for index, one in enumerate(facts):
        pairs = [
            {v.kind: v.outcome for v in screen(one, PLACE, DAY, store=store).verdicts
             if v.program == "dibao" and v.kind in ("standard", "jiantui")}
            for store in (files_store(), after)
        ]  # fmt: skip
        for kind, column in (("standard", "dibao"), ("jiantui", "jiantui")):
            old, new = (outcomes.get(kind) for outcomes in pairs)
            if old == new:
                continue
            change = (
                UNSURE if new in ("need_answers", "need_person")
                else (ENTERS_EXIT if kind == "jiantui" else GAINS) if new == "likely"
                else LOSES if old == "likely" and kind == "standard"
                else None
            )  # fmt: skip
            if change is not None:
                found[f"{PLACE}10{index % 4}000", column, change] += 1
    assert found
    sure = {key: n for key, n in told.items() if key[1] in ("dibao", "jiantui")}
    assert found == {key: n for key, n in sure.items() if key in found}
    assert {key[2] for key in sure.keys() - found.keys()} <= {"other", COVERED}


def test_who_gains_loses_exits_gradually_or_has_something_better() -> None:
    facts = [
        POOR | {"monthly_income_total": 680},
        POOR | {"monthly_income_total": 600, "receiving": ["dibao"]},
        POOR | {"monthly_income_total": 700},
    ]
    rise = impact(frame(facts, 1), DAY, files_store(), changed(700))
    assert rise.households == 3
    assert rise.total("dibao", GAINS) == 1
    assert rise.total("dibao_bianyuan", COVERED) == 1
    assert rise.total("dibao", UNSURE) == 1  # exactly on the line
    assert rise.total("dibao", LOSES) == 0
    [part] = [part for part in rise.parts if part.programme.column == "dibao"]
    assert (part.before, part.after, part.undecided) == (1, 2, 1)
    # Looked at by a person before and covered by 低保 after: no loss, for nothing was sure.
    between = impact(frame([POOR | {"monthly_income_total": 630}], 1), DAY, files_store(),
                     changed(700))  # fmt: skip
    assert between.total("dibao", GAINS) == 1
    assert between.total("dibao_bianyuan", COVERED) == 0
    assert between.total("dibao_bianyuan", "other") == 1
    fall = impact(frame(facts, 1), DAY, files_store(), changed(500))
    assert fall.total("dibao", LOSES) == 1
    assert fall.total("jiantui", ENTERS_EXIT) == 1


def test_only_programmes_that_go_by_the_figure_are_counted() -> None:
    columns = {p.column for p in affected({PLACE}, DAY, files_store(), changed(700))}
    assert {"dibao", "jiantui", "dibao_bianyuan", "linshi"} <= columns
    assert "shouzai" not in columns
    assert affected({"350503"}, DAY, files_store(), changed(700)) == ()
    quiet = impact(frame([POOR]), DAY, files_store(), files_store())
    assert (quiet.households, quiet.parts, len(quiet.changed)) == (1, (), 0)


def test_a_register_file_is_previewed_too_and_names_what_it_could_not_read() -> None:
    lines = ["户号,乡镇,家里一起生活的人数,全家一个月总收入,hukou,有没有汽车,存款"]
    lines += [f"{i},石宝镇,1,680,农村,无,0" for i in range(6)] + ["9,拔山镇,1,六百,农村,无,0"]
    source = register_file("\n".join(lines).encode(), ".csv")
    table = pl.concat([chunk for chunk, _ in source.frames(DAY)])
    found = impact(table, DAY, files_store(), changed(700), PLACE)
    assert found.households == 7
    assert counted(found)["石宝镇", "dibao", GAINS] == 6
    assert [(issue.line, issue.household) for issue in source.issues] == [(8, "9")]
    [part] = [part for part in found.parts if part.programme.column == "dibao"]
    assert part.undecided == 1


def test_a_figure_without_a_first_day_is_refused() -> None:
    now = files_store().in_force("dibao_standard", PLACE, DAY, hukou="rural")
    with pytest.raises(ValueError, match="first day"):
        with_overrides(files_store(), [replace(now, effective_from=None, effective_to=None)])


WORDS = ["likely", "unlikely", "need_answers", "need_person", None]


@pytest.mark.parametrize("column", ["dibao", "jiantui"])
def test_each_change_of_an_outcome_has_its_kind(column: str) -> None:
    pairs = [(before, after) for before in WORDS for after in WORDS]
    old, new = (
        pl.DataFrame({"household": range(25), column: [pair[side] for pair in pairs]},
                     schema={"household": pl.Int64, column: pl.String})
        for side in (0, 1)
    )  # fmt: skip
    found = changes(old, new, ["household"], [column])
    told = {(row["before"], row["after"]): row["change"] for row in found.iter_rows(named=True)}
    assert told.keys() == {(before, after) for before, after in pairs if before != after}
    gains, loses = (ENTERS_EXIT, OTHER) if column == "jiantui" else (GAINS, LOSES)
    for (before, after), change in told.items():
        wanted = gains if after == "likely" else loses if before == "likely" else OTHER
        assert change == wanted, (before, after)


def test_a_loss_that_something_better_covers_or_that_is_not_sure_is_none() -> None:
    rows = [
        ("a", "dibao", "unlikely", "likely", GAINS, GAINS),
        ("a", "dibao_bianyuan", "likely", "unlikely", LOSES, COVERED),
        ("a", "linshi", "unlikely", "likely", GAINS, GAINS),
        ("a", "yiliao", "need_person", "unlikely", OTHER, OTHER),
        ("b", "dibao_bianyuan", "likely", "unlikely", LOSES, LOSES),
        ("b", "yiliao", "likely", "need_person", LOSES, UNSURE),
        ("b", "linshi", "unlikely", "need_answers", OTHER, UNSURE),
        ("c", "dibao", "likely", "unlikely", LOSES, LOSES),
        ("d", "dibao", "need_person", "likely", GAINS, GAINS),
        ("d", "dibao_bianyuan", "likely", "need_person", LOSES, UNSURE),
    ]
    names = ["household", "column", "before", "after", "change"]
    found = _refined(pl.DataFrame([row[:5] for row in rows], schema=names, orient="row"))
    assert found["change"].to_list() == [row[5] for row in rows]


def test_households_are_counted_once_a_township_programme_and_change() -> None:
    rows = [("t1", "a", "dibao", GAINS), ("t1", "a", "dibao", GAINS), ("t1", "b", "dibao", GAINS),
            ("t2", "c", "dibao", GAINS), ("t1", "a", "linshi", LOSES)]  # fmt: skip
    table = pl.DataFrame(rows, schema=["township", "household", "column", "change"], orient="row")
    assert by_township(table).rows() == [
        ("t1", "dibao", GAINS, 2), ("t1", "linshi", LOSES, 1), ("t2", "dibao", GAINS, 1),
    ]  # fmt: skip

"""How far filed cases came: by what happened, each figure its list, chance said as chance."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cases import (
    journey_tables,
    journeys,
    leaving,
    models,
    report_files,
    report_tables,
    reports,
    service,
)
from cases.granted import AidGrant
from cases.journey_tables import Journey, Path, wilson
from cases.journeys import ORDER, Followed
from cases.report_words import SMALL, Figure
from cases.repository import CaseRepository, Scope
from cases.states import DiscoveryChannel, Role
from foundation.crypto import Cipher
from foundation.database import Database, new_id
from tests.cases.builders import ZHONGXIAN, conversation, declaration, scope, staff_row
from tests.cases.test_aid_reports import PLACES, grant, households

NOW = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
OCTOBER = {"month": "2026-10"}
READER, EDITOR = scope(), scope(role=Role.CONTENT_EDITOR)
KINDS = (
    "lead_accepted", "alert_taken", "disposition", "withdrawn", "left", "note", "viewed", "reply",
)  # fmt: skip
GONE = {"withdrawn", "left"}
Truth = dict[str, Any]


class _Undo(Exception):
    pass


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def world(session: Session, seed: int, size: int = 90) -> list[Truth]:
    """Random cases of August to November with what happened to each."""
    rng, made = random.Random(seed), []
    truths: list[Truth] = [
        {
            "place": rng.choice(PLACES),
            "filed": NOW - timedelta(minutes=rng.randrange(1, 130_000)),
            "channel": rng.choice(list(DiscoveryChannel)[: 3 + seed % 3]),
            "kinds": set(rng.sample(KINDS, rng.randrange(4))),
            "closed": rng.random() < 0.5, "answered": rng.random() < 0.4,
            "result": rng.choice(["helped", "not_eligible"]), "granted": rng.random() < 0.2,
            "merged": rng.random() < 0.1, "reply": rng.randrange(1, 200),
        }
        for _ in range(size)
    ]  # fmt: skip
    hukou = [rng.choice(["rural", "urban", None]) for _ in truths]
    ids = households(
        session,
        [{"place": one["place"], "hukou": of} for one, of in zip(truths, hukou, strict=True)],
    )
    for number, (one, case_id) in enumerate(zip(truths, ids, strict=True)):
        one["closed"] = one["closed"] or bool(one["kinds"] & GONE)
        session.execute(
            sa.update(models.Case).where(models.Case.id == case_id).values(
                created_at=one["filed"], discovery_channel=one["channel"],
                closed_at=NOW if one["closed"] else None,
                merged_into_id=ids[0] if one["merged"] and number else None,
            )
        )  # fmt: skip
        one["merged"] = one["merged"] and number > 0
        one["step"] = step_of(one)
        session.execute(
            sa.update(models.Lead).where(models.Lead.case_id == case_id).values(
                state="answered" if one["answered"] else "pending",
                result=one["result"] if one["answered"] else None,
                due_at=one["filed"] + timedelta(days=5),
                answered_at=(
                    one["filed"] + timedelta(hours=one["reply"]) if one["answered"] else None
                ),
            )
        )  # fmt: skip
        for kind in one["kinds"]:
            made.append(
                {
                    "id": new_id(), "chain_area": "x", "seq": len(made) + 1, "case_id": case_id,
                    "kind": kind, "audience": "staff", "data": {}, "prev_hash": "", "hash": "",
                    "actor_kind": "resident" if kind == "withdrawn" else "staff",
                    "created_at": one["filed"] + timedelta(hours=one["reply"]),
                }
            )  # fmt: skip
    session.execute(sa.insert(models.CaseEvent), made)
    grants = [
        grant(case_id, "linshi", 100, "once")
        for one, case_id in zip(truths, ids, strict=True)
        if one["granted"]
    ]
    session.execute(sa.insert(AidGrant), grants)
    return truths


def step_of(one: Truth) -> str:
    """By the definition, from what was made."""
    gone = one["closed"] and one["kinds"] & GONE
    helped = one["granted"] or (one["answered"] and one["result"] == "helped")
    if helped or (one["closed"] and not gone):
        return "done"
    if one["answered"]:
        return "answered"
    return "accepted" if one["kinds"] & {"lead_accepted", "alert_taken", "disposition"} else "filed"


def october(truths: list[Truth]) -> list[Truth]:
    first, last = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
    return [
        one for one in truths
        if first <= one["filed"] < last and not one["merged"]
        and one["place"].startswith(ZHONGXIAN)
    ]  # fmt: skip


def built(session: Session, reader: Scope = READER) -> report_tables.Report:
    return report_tables.build(CaseRepository(session, reader), reports.asked(reader, OCTOBER))


def figures(journey: Journey) -> Iterator[Figure]:
    for path in (journey.whole, *(one for paths in journey.groups.values() for one in paths)):
        yield from (path.filed, *(one.figure for one in (*path.portions, *path.limits)))
        yield from (one.rest for one in path.limits if one.rest is not None)
    for stop in journey.stops:
        yield from (stop.reached, *stop.stopped)


def test_every_figure_is_its_list_and_what_happened(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        seen = october(world(session, 3))
        journey = built(session).journey
        counts = {figure.key: figure.value for stop in journey.stops
                  for figure in (stop.reached, *stop.stopped)}  # fmt: skip
        assert counts["filed"] == len(seen) > 20
        for step in ORDER[1:]:
            reached = [one for one in seen if ORDER.index(one["step"]) >= ORDER.index(step)]
            assert counts[f"reached_{step}"] == len(reached)
        for step in ORDER[:-1]:
            there = [one for one in seen if one["step"] == step]
            gone = [one for one in there if one["closed"]]
            assert counts[f"stopped_{step}"] == len(there)
            assert counts[f"gone_{step}"] == len(gone)
            assert counts[f"waiting_{step}"] == len(there) - len(gone)
        repository = CaseRepository(session, READER)
        for figure in figures(journey):
            asked = dict(parse_qsl(figure.query))
            measure = asked.pop("measure")
            found = report_tables.behind(repository, reports.asked(READER, asked), measure)
            assert sum(weight for _, weight in found) == figure.value, figure
        raise _Undo


def test_the_groups_add_up_and_each_step_loses_what_stopped_there(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world(session, 8)
        journey = built(session).journey
        for paths in journey.groups.values():
            assert sum(path.filed.value or 0 for path in paths) == journey.whole.filed.value
            for place, whole in enumerate(journey.whole.portions):
                parts = sum(path.portions[place].figure.value or 0 for path in paths)
                assert parts == whole.figure.value
            for place, whole in enumerate(journey.whole.limits):
                lines = [path.limits[place] for path in paths]
                kept = sum(line.figure.value or 0 for line in lines)
                missed = sum(line.rest.value or 0 for line in lines if line.rest)
                assert whole.rest is not None
                assert (kept, missed) == (whole.figure.value, whole.rest.value)
        for stop, after in zip(journey.stops, journey.stops[1:], strict=False):
            stopped, gone, waiting = (figure.value or 0 for figure in stop.stopped)
            assert stopped == gone + waiting
            assert (stop.reached.value or 0) - stopped == after.reached.value
        raise _Undo


def test_the_limits_of_the_groups_are_those_of_the_report(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world(session, 5, size=150)
        report = built(session)
        whole = {one.figure.word: one for one in report.journey.whole.limits}
        for share in report.shares:
            one = whole[share.word]
            assert one.rest is not None
            counts = (one.figure.value, one.rest.value, one.per_cent)
            assert counts == (share.kept.value, share.missed.value, share.per_cent)
            assert one.low is not None
            assert one.high is not None
            assert one.low < (one.per_cent or 0) < one.high
            assert (one.figure.query, one.rest.query) == (share.kept.query, share.missed.query)
        assert not any(share.per_cent is None for share in report.shares)
        words = {path.word for path in report.journey.groups["hukou"]}
        assert words == {"农村", "城镇", "没有说"}
        raise _Undo


def test_shares_intervals_and_days_of_a_group(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        seen = october(world(session, 1, size=400))
        journey = built(session).journey
        [path] = [one for one in journey.groups["channel"] if one.key == "self_declaration"]
        mine = [one for one in seen if one["channel"] == "self_declaration"]
        done = next(one for one in path.portions if one.figure.key == "reached_done")
        share = 100 * sum(one["step"] == "done" for one in mine) / len(mine)
        of_all = 100 * sum(one["step"] == "done" for one in seen) / len(seen)
        assert (done.per_cent, done.difference) == (
            round(share, 1),
            round(share - round(of_all, 1), 1),
        )
        answered = {"lead_accepted", "reply"}
        days = [one["reply"] / 24 for one in mine if one["kinds"] & answered]
        assert path.median_days == round(median(days), 1)
        assert path.days_apart == round(path.median_days - (journey.whole.median_days or 0), 1)
        raise _Undo


def test_too_few_cases_are_not_compared(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world(session, 2, size=120)
        paths = [one for paths in built(session).journey.groups.values() for one in paths]
        few = journey_tables.few()
        assert {path.too_few for path in paths} == {True, False}
        for path in paths:
            assert path.too_few == ((path.filed.value or 0) < few)
            shares = {portion.per_cent is None for portion in path.portions}
            assert shares == {path.too_few}
            assert all(portion.low is None for portion in path.portions) == path.too_few
        raise _Undo


def people(count: int, done: int, channel: str = "home_visit", **more: Any) -> list[Followed]:
    """Followed cases of which `done` came to a result."""
    row = {
        "receipt_no": "", "kind": "declaration", "urgency": "normal", "programmes": (),
        "place": "500233", "place_name": "忠县", "hukou": "none", "created_at": NOW,
        "closed_at": None, "merged": False, "persons": 1, "disposition": "none",
        "contact_due": NOW, "first_answer": None, "leads_kept": 0, "leads_missed": 0,
    } | more  # fmt: skip
    return [
        Followed(reports.Row(case_id=str(number), channel=channel, **row),
                 "done" if number < done else "filed", aided=False, gone=False)
        for number in range(count)
    ]  # fmt: skip


def path_of(found: list[Followed], channel: str, *, hidden: bool = False) -> Path:
    journey = journey_tables.build(found, [one.row for one in found],
                                   reports.asked(READER, OCTOBER), hidden=hidden)  # fmt: skip
    return next(one for one in journey.groups["channel"] if one.key == channel)


@pytest.mark.parametrize(("count", "shown"), [(9, False), (10, True), (11, True)])
def test_ten_cases_are_enough(count: int, shown: bool) -> None:
    found = people(count, 3) + people(50, 25, "self_declaration")
    assert (path_of(found, "home_visit").portions[2].per_cent is not None) == shown


def test_a_gap_that_chance_explains_is_not_marked_and_a_wide_one_is() -> None:
    crowd = people(200, 120, "self_declaration")
    near = path_of(people(12, 5) + crowd, "home_visit").portions[2]
    assert (near.difference is not None and near.difference < -10, near.apart) == (True, False)
    far = path_of(people(60, 12) + crowd, "home_visit").portions[2]
    assert far.apart


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 27.8), (5, 10, 23.7, 76.3), (10, 10, 72.2, 100.0), (81, 263, 25.5, 36.6)],
)
def test_the_interval_of_wilson(part: int, whole: int, low: float, high: float) -> None:
    """The last one is the example of Newcombe 1998, method 3."""
    found = wilson(part, whole, 1.959964)
    assert (round(100 * found[0], 1), round(100 * found[1], 1)) == (low, high)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(ORDER), *[st.booleans()] * 3),
                max_size=80))  # fmt: skip
def test_no_small_part_is_shown_or_left_over_for_who_sees_no_cases(
    drawn: list[tuple[str, str, bool, bool, bool]],
) -> None:
    found = [
        Followed(one.row, step, aided, step != "done" and gone)
        for channel, step, aided, gone, spoken in drawn
        for one in people(1, 0, channel, first_answer=NOW if spoken else None)
    ]
    ask = reports.asked(READER, OCTOBER)
    rows = [one.row for one in found]
    shown = journey_tables.build(found, rows, ask, hidden=True)
    whole = journey_tables.build(found, rows, ask, hidden=False)
    assert not any(path.limits for paths in shown.groups.values() for path in paths)

    def parts(path: Path) -> list[int]:
        counts = [path.filed.value, *(one.figure.value for one in path.portions)]
        assert None not in counts
        steps = [one or 0 for one in counts]
        pairs = [steps[place] - steps[place + 1] for place in range(3)]
        return [*steps, *pairs, steps[0] - steps[4]]

    for name, paths in shown.groups.items():
        seen = [path for path in paths if path.filed.value is not None]
        for path in seen:
            assert not any(0 < part < SMALL for part in parts(path)), path
        if shown.whole.filed.value is None:
            assert seen == []
            continue
        left = [
            total - sum(parts_of)
            for total, *parts_of in zip(parts(shown.whole), *map(parts, seen), strict=True)
        ]
        assert not any(0 < part < SMALL for part in left), (name, left)
    if shown.whole.filed.value is None:
        assert all(figure.value is None for figure in figures(shown))
    else:
        for stop, true in zip(shown.stops, whole.stops, strict=True):
            assert (stop.reached, stop.stopped[:1]) == (true.reached, true.stopped[:1])
            gone = [figure.value is None for figure in stop.stopped[1:]]
            assert len(set(gone)) <= 1, "one of the two parts would tell the other"
        assert not any(0 < (figure.value or 0) < SMALL for figure in figures(shown))


def test_the_steps_of_real_cases(database: Database, cipher: Cipher) -> None:
    """Filed, accepted, answered without aid, helped, withdrawn, moved: by the office's deeds."""
    town = scope("500233107000", "xiangzhen", Role.TOWNSHIP_CLERK, "b" * 32)
    talks = {name: conversation(database, cipher) for name in "abcdefg"}
    an_hour_ago = time_machine.travel(NOW - timedelta(hours=1), tick=False)
    with an_hour_ago, database.write() as session:
        staff_row(session, READER)
        staff_row(session, town)
        numbers = {
            name: service.file_declaration(
                session, cipher, declaration(talk, name, region_code="500233107000")
            ).receipt_no
            for name, talk in talks.items()
        }
        for name in "bcdf":
            _lead(session, cipher, town, numbers[name], "c" if name == "f" else name)
        for name in "ef":
            service.withdraw(session, cipher, talks[name], numbers[name])
        leaving.leave(
            session, cipher, READER, numbers["g"], "moved", "2026-11-01", "全家搬到外地去了"
        )
    with database.read() as session:
        asked = reports.asked(READER, {"month": "2026-11"})
        found = journeys.followed(CaseRepository(session, READER), asked)
    steps = {one.row.receipt_no: (one.step, one.gone, one.aided) for one in found}
    assert {name: steps[number] for name, number in numbers.items()} == {
        "a": ("filed", False, False), "b": ("accepted", False, False),
        "c": ("answered", False, False), "d": ("done", False, True),
        "e": ("filed", True, False), "f": ("answered", True, False),
        "g": ("filed", True, False),
    }  # fmt: skip


def _lead(session: Session, cipher: Cipher, town: Scope, receipt_no: str, how: str) -> None:
    case = CaseRepository(session, town).get(receipt_no)
    lead = next(one for one in CaseRepository(session, town).leads([case.id])[case.id]
                if one.department == "xiangzhen")  # fmt: skip
    service.accept_lead(session, cipher, town, receipt_no, lead.id)
    if how != "b":
        result = "helped" if how == "d" else "papers_needed"
        service.answer_lead(session, cipher, town, receipt_no, lead.id, result, "已经上门看过")


def test_json_and_spreadsheet_say_the_same_and_when_it_is_chance(database: Database) -> None:
    with pytest.raises(_Undo), database.write() as session:  # noqa: PT012 - rolled back at the end
        world(session, 2, size=120)
        report = built(session)
        told = json.loads(json.dumps(report_files.as_dict(report)))["journey"]
        sheet = list(csv.reader(io.StringIO(report_files.as_csv(report, "测试", "例会例会"))))
        cells = {tuple(row[:3]): row[3] for row in sheet if len(row) == 4}
        done = told["steps"][-1]
        assert cells["从登记到结果", "得到救助或办结", "走到这一步（件）"] == str(
            done["reached"]["value"]
        )
        few = [one for one in told["by_place"] if one["too_few"]]
        assert few
        for one in few:
            key = ("从登记到结果，按地区", one["name"], "比例")
            assert cells[key] == "件数太少，不比较"
            assert one["shares"]["reached_done"]["interval"] is None
        hidden = report_files.as_dict(built(session, EDITOR))["journey"]
        assert "hidden" in json.dumps(hidden)
        raise _Undo

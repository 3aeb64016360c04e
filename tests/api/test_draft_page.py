"""The page of a proposed figure: what it would do is shown first, and is what then happens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.console.impact_view import money, shown, total
from api.edge import MAX_REGISTER
from cases import parameter_desk, residents
from cases.known import known_households
from cases.states import Role
from rules.screening import screen
from rules.verdict import Verdict
from tests.api.conftest import Desk
from tests.api.test_atlas import NEW, _draft_id, _raw, _words, editors, publish
from tests.cases.builders import conversation, filed, scope

__all__ = ["editors"]
DAY = date(2026, 11, 21)
RAISED = NEW | {"value": "700"}
SHIBAO, ZHONGZHOU = "500233107000", "500233001000"
HOUSEHOLD: dict[str, Any] = {
    "household_size": 1, "hukou": "rural", "car": False, "deposit": 0, "shock": "none",
    "monthly_income_total": 680,
}  # fmt: skip


#: 石宝镇: seven would gain, one waits for its income; 忠州街道: two would gain, one has it.
HOMES = [
    *[(SHIBAO, HOUSEHOLD)] * 7,
    (SHIBAO, HOUSEHOLD | {"monthly_income_total": None}),
    *[(ZHONGZHOU, HOUSEHOLD)] * 2,
    (ZHONGZHOU, HOUSEHOLD | {"monthly_income_total": 300}),
]


def file_households(desk: Desk, homes: Sequence[tuple[str, dict[str, Any]]] = HOMES) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    for index, (place, facts) in enumerate(homes):
        told = {key: value for key, value in facts.items() if value is not None}
        told |= {"name": f"张{'一二三四五六七八九十甲'[index]}", "phone": f"139000001{index:02}"}
        filed(database, cipher, f"k{index}", region_code=place, facts=told, fact_sources={})


def rows(page: str) -> dict[tuple[str, str], dict[str, str]]:
    """The preview's rows by township (or "") and programme; a cell by its column."""
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL):
        cells = {
            label: _words(cell).strip()
            for label, cell in re.findall(r'data-label="(.*?)">(.*?)</td>', row, re.DOTALL)
        }
        name = _words(row.partition("</th>")[0]).strip()
        key = (name, cells.pop("救助")) if "救助" in cells else ("", name)
        found[key] = found.get(key, {}) | cells
    return found


def test_the_preview_is_what_publishing_gives(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    file_households(desk)
    first, second = editors
    made = first.post("/console/atlas", data=RAISED)
    row = _draft_id(desk)
    assert made.headers["location"] == f"/console/atlas/{row}"
    page = desk.browser("county").get(f"/console/atlas/{row}").text
    assert "已知的 11 户上算的" in page
    assert "全家一个月总收入（1 户）。" in page
    told = rows(page)
    assert told["石宝镇", "最低生活保障"]["新增可能符合"] == "7户"
    assert told["忠州街道", "最低生活保障"]["新增可能符合"] == "2户"
    assert told["", "最低生活保障"] == {
        "现在可能符合": "1户", "改后可能符合": "10户", "新增可能符合": "9户", "不再可能符合": "—",
        "进入渐退": "—", "改由低保保障": "—", "要补资料或人工看": "—", "其他变化": "—",
        "改后仍判不出": "1户",
    }  # fmt: skip
    assert told["石宝镇", "低保边缘家庭"]["改由低保保障"] == "7户"
    assert not _raw(page)

    before = outcomes(desk)
    assert publish(second, row).status_code == 303
    after = outcomes(desk)
    gained = Counter(
        place for key, (place, was) in before.items() if was != "likely" == after[key][1]
    )
    assert gained == {SHIBAO: 7, ZHONGZHOU: 2}
    assert Counter(outcome for _, outcome in after.values())["likely"] == 10
    assert "发布后会怎样" not in second.get(f"/console/atlas/{row}").text


def verdicts(desk: Desk) -> dict[str, tuple[str, Verdict]]:
    """Every household screened anew, alone, by what is published now: township and 低保."""
    store = parameter_desk.store_of(desk.runtime.database)
    with desk.runtime.database.read() as session:
        known = known_households(session, desk.runtime.cipher, scope(), "500233")
    found = {}
    for one in known.households:
        verdict = screen(one.facts, one.region, DAY, store=store).of("dibao", "standard")
        assert verdict is not None
        found[one.id] = one.township, verdict
    return found


def outcomes(desk: Desk) -> dict[str, tuple[str, str]]:
    return {key: (place, verdict.outcome) for key, (place, verdict) in verdicts(desk).items()}


STAYING = [
    *[(SHIBAO, {"household_size": n, "monthly_income_total": 300}) for n in (1, 1, 1, 2, 3)],
    (SHIBAO, {"household_size": 4, "monthly_income_total": {"low": 500, "high": 900}}),
    (SHIBAO, {"household_size": None, "monthly_income_total": None,
              "monthly_income_per_capita": 200}),
    (ZHONGZHOU, {"household_size": 2}),
    (ZHONGZHOU, {"household_size": 1, "monthly_income_total": 680}),
    (ZHONGZHOU, {"household_size": 1, "monthly_income_total": 900}),
]  # fmt: skip


def test_amounts_of_those_who_stay_are_what_publishing_gives(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    file_households(desk, [(place, HOUSEHOLD | facts) for place, facts in STAYING])
    editors[0].post("/console/atlas", data=RAISED)
    row = _draft_id(desk)
    told = rows(desk.browser("county").get(f"/console/atlas/{row}").text)
    labels = ("金额会变", "每月一共", "算不出")
    seen = {place: tuple(told[place, "最低生活保障"][label] for label in labels)
            for place in ("合计", "石宝镇", "忠州街道")}  # fmt: skip
    blind = rows(editors[1].get(f"/console/atlas/{row}").text)

    before = verdicts(desk)
    assert publish(editors[1], row).status_code == 303
    moved: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    for key, (place, now) in verdicts(desk).items():
        was = before[key][1]
        if was.outcome == now.outcome == "likely" and was.amount and now.amount:
            assert now.amount.high - was.amount.high == now.amount.low - was.amount.low
            moved[place] += 1
            fen[place] += round(100 * (now.amount.low - was.amount.low))
    assert (moved, fen) == ({SHIBAO: 6, ZHONGZHOU: 1}, {SHIBAO: 84_000, ZHONGZHOU: 14_000})
    assert seen == {
        "石宝镇": ("6户", "多 840 元", "1户"), "忠州街道": ("1户", "多 140 元", "—"),
        "合计": ("7户", "多 980 元", "1户"),
    }  # fmt: skip
    hidden = {place: tuple(blind[place, "最低生活保障"][label] for label in labels)
              for place in ("合计", "石宝镇", "忠州街道")}  # fmt: skip
    assert hidden == {
        "石宝镇": ("6户", "多 840 元", "少于5户"), "忠州街道": ("少于5户", "不显示", "—"),
        "合计": ("至少6户", "不显示", "少于5户"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0, 0, "—"), (140_000, 140_000, "多 1,400 元"), (5_050, 8_000, "多 50.5 到 80 元"),
     (0, 8_000, "多 0 到 80 元"), (-5_000, -5_000, "少 50 元"), (-8_000, -5_000, "少 50 到 80 元"),
     (-5_000, 3_000, "少 50 元到多 30 元"), (-5_000, 0, "少 0 到 50 元")],
)  # fmt: skip
def test_a_change_of_money_is_told_in_words(low: int, high: int, said: str) -> None:
    assert money(low, high) == said


def test_who_sees_no_cases_sees_no_small_group(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    file_households(desk)
    editors[0].post("/console/atlas", data=RAISED)
    page = editors[1].get(f"/console/atlas/{_draft_id(desk)}").text
    told = rows(page)
    assert told["石宝镇", "最低生活保障"]["新增可能符合"] == "7户"
    assert told["忠州街道", "最低生活保障"]["新增可能符合"] == "少于5户"
    assert told["", "最低生活保障"]["新增可能符合"] == "至少7户"
    assert told["", "最低生活保障"]["改后可能符合"] == "不显示"
    assert "张" not in _words(page)
    stranger = desk.browser("stranger").get(f"/console/atlas/{_draft_id(desk)}").text
    assert "已知的 0 户上算的" in stranger


@pytest.mark.parametrize(
    ("groups", "said"),
    [([7, 2], "至少7户"), ([7, 2, 3], "12户"), ([2], "少于5户"), ([1, 1], "少于5户"), ([], "—"),
     ([8, 9], "17户"), ([0, 0], "—"), ([6, 1, 1], "至少6户")],
)  # fmt: skip
def test_no_sum_gives_a_hidden_group_away(groups: list[int], said: str) -> None:
    assert total(groups, exact=False) == said
    assert total(groups, exact=True) == shown(sum(groups), exact=True)


def test_what_cannot_be_counted_is_said(desk: Desk) -> None:
    database, cipher = desk.runtime.database, desk.runtime.cipher
    talk = conversation(database, cipher)
    gone = filed(database, cipher, "a", conversation_id=talk)
    with database.write() as session:
        residents.withdraw(session, cipher, talk, gone.receipt_no)
    told = {"household_size": 2, "phone": "13900000199"}
    filed(database, cipher, "b", region_code=None, facts=told, fact_sources={})
    with database.read() as session:
        here = known_households(session, cipher, scope("100000", role=Role.AUDITOR), "100000")
        none = known_households(session, cipher, scope(role=Role.ADMINISTRATOR), "500233")
    assert ([*here.households], here.unplaced) == ([], 1)
    assert none.households == []


def test_nothing_is_published_that_was_not_seen(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    first, second = editors
    first.post("/console/atlas", data=RAISED)
    row = _draft_id(desk)
    blind = second.post(f"/console/atlas/{row}/publish", data={})
    assert blind.status_code == 409
    assert "先看影响预览再发布" in blind.text
    seen = re.search(r'name="seen" value="(\w+)"', blind.text)
    assert seen
    first.post("/console/atlas", data=RAISED | {"population": "urban", "value": "769"})
    assert publish(second, _draft_id(desk)).status_code == 303
    stale = second.post(f"/console/atlas/{row}/publish", data={"seen": seen[1]})
    assert stale.status_code == 409
    assert "请再看一遍" in stale.text
    assert publish(second, row).status_code == 303


REGISTER = "户号,乡镇,家里一起生活的人数,全家一个月总收入,hukou,有没有汽车,存款\n" + "".join(
    f"{i},{'拔山镇' if i < 6 else '石宝镇'},1,{680 if i else '六百'},农村,无,0\n" for i in range(8)
)


def upload(browser: TestClient, row: str, name: str, content: bytes) -> Any:
    return browser.post(f"/console/atlas/{row}/register", files={"file": (name, content)})


def test_a_register_is_previewed_and_not_kept(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    editors[0].post("/console/atlas", data=RAISED)
    row = _draft_id(desk)
    answer = upload(editors[1], row, "名册.csv", REGISTER.encode())
    assert answer.status_code == 200
    assert "在文件“名册.csv”的 8 户上算的" in answer.text
    told = rows(answer.text)
    assert told["拔山镇", "最低生活保障"]["新增可能符合"] == "5户"
    assert told["石宝镇", "最低生活保障"]["新增可能符合"] == "2户"
    assert told["", "最低生活保障"]["改后仍判不出"] == "1户"
    assert "有 1 处看不懂" in answer.text
    assert "第 2 行" in answer.text
    assert "看不懂这个数" in answer.text
    assert "名册" not in editors[1].get(f"/console/atlas/{row}").text.replace("再用一份名册", "")


WRONG_FILES = [
    ("a.xlsx", b"PK", "不认识的文件类型"),
    ("a.csv", "姓名\n甲\n".encode(), "没有“household”（户号）这一列"),
    ("a.csv", b"", "文件是空的"),
    ("a.csv", b"\xff\xff\xff", "看不懂文件的文字编码"),
    ("a.parquet", b"not parquet", "打不开，它不是完整的Parquet 文件"),
]


def test_a_file_that_cannot_be_used_is_refused_with_its_reason(
    desk: Desk, editors: tuple[TestClient, TestClient]
) -> None:
    editors[0].post("/console/atlas", data=RAISED)
    row = _draft_id(desk)
    for name, content, said in WRONG_FILES:
        answer = upload(editors[1], row, name, content)
        assert answer.status_code == 422, (name, answer.text)
        assert said in answer.text, (name, content)
    empty = editors[1].post(f"/console/atlas/{row}/register", data={"x": "1"})
    assert empty.status_code == 422
    large = upload(editors[1], row, "a.csv", b"x" * (MAX_REGISTER + 1))
    assert large.status_code == 413
    assert upload(editors[1], "0" * 32, "a.csv", REGISTER.encode()).status_code == 404
    assert editors[1].post("/console/atlas", content=b"x" * 70_000).status_code == 413

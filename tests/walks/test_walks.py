"""A few random walks, and whether the checks see what they are there for.

`make walks` goes ten thousand turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.state import Fact, State
from devtools import training
from foundation.settings import get_settings
from tests.walks.invariants import Past, breaches
from tests.walks.resident import TEMPERS, Move
from tests.walks.walking import Ground, ground, transcript, walk
from tests.walks.world import Filed, Snapshot, Step

#: Some seconds of walking; each temper once.
TURNS = 4


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    model = get_settings().model_file or training.current_model()
    if not model.exists():
        pytest.skip("no model of today's inputs: `wenzhu train` makes it")
    with ground(tmp_path_factory.mktemp("walks"), model) as here:
        yield here


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(len(TEMPERS)))
def test_a_walk_ends_well(here: Ground, seed: int) -> None:
    gone = walk(here, seed, TURNS)
    assert len(gone.steps) >= TURNS
    assert not gone.faults, transcript(gone)


BEFORE = Snapshot(State(asking="car"), ())
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE = Filed("WZ000000000001", "declaration", "normal", ("dibao",), None, True, False, NOW,
             frozenset({"general"}))  # fmt: skip


def kinds(step: Step, past: Past | None = None) -> set[str]:
    return {fault.kind for fault in breaches(step, past or Past())}


def said(
    *texts: str, before: Snapshot = BEFORE, after: Snapshot = BEFORE, sent: str = "嗯"
) -> Step:
    messages = [{"text": text} for text in texts]
    return Step(Move("yes", sent), sent, messages, before, after, person=["utter_person_here"])


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        ((), "silence"),
        (("",), "silence"),
        (("您家在{region}。",), "unfilled"),
        (("utter_ask_car",), "unfilled"),
        (("您符合条件。",), "promise"),
        (("有车吗？", "有房吗？"), "two questions"),
        (("好的。", "好的。"), "said twice"),
        (("每月9876元。",), "figure from nowhere"),
        (("回执号WZ000000000009。",), "receipt gone"),
    ],
)
def test_a_bad_reply_is_seen(texts: tuple[str, ...], kind: str) -> None:
    assert kinds(said(*texts)) == {kind}


def test_a_good_reply_is_left_alone() -> None:
    assert kinds(said("记下了。", "目前看，可能符合。有车吗？")) == set()


def test_a_lost_fact_is_seen() -> None:
    told = replace(BEFORE, state=State(asking="car", facts={"age": Fact(62, "", "m1")}))
    assert kinds(said("好的。", before=told)) == {"lost fact"}
    changed = replace(BEFORE, state=State(asking="car", facts={"age": Fact(26, "", "m1")}))
    assert kinds(said("好的。", before=told, after=changed)) == {"lost fact"}
    unheard = said("好的。")
    unheard.move = Move("tells", "我家三口人", facts=(("household_size", 3),))
    assert kinds(unheard) == {"unheard"}


def test_a_consent_nobody_gave_is_seen() -> None:
    asked = Snapshot(State(asking="consent"), ())
    given = Snapshot(State(asking="name", consent={"general": {}}), ())
    assert kinds(said("好的。", before=asked, after=given, sent="你好")) == {
        "consent without a yes"
    }
    assert kinds(said("好的。", before=asked, after=given, sent="同意")) == set()


def test_a_second_case_of_one_household_is_seen() -> None:
    first = Snapshot(State(asking="review"), (CASE,))
    second = replace(CASE, receipt="WZ000000000002")
    step = said("好的。", before=first, after=Snapshot(State(), (CASE, second)), sent="同意")
    step.findable = frozenset({CASE.receipt, second.receipt})
    assert kinds(step) == {"second case"}


def test_a_second_name_is_a_second_person() -> None:
    one = replace(CASE, facts={"name": "王桂兰"})
    second = replace(CASE, receipt="WZ000000000002", facts={"name": "刘桂英"})
    step = said("好的。", before=Snapshot(State(asking="review"), (one,)), sent="同意",
                after=Snapshot(State(), (one, second)))  # fmt: skip
    step.findable = frozenset({one.receipt, second.receipt})
    assert kinds(step) == set()
    same = replace(second, facts={"name": "王桂兰"})
    step.after = Snapshot(State(), (one, same))
    assert kinds(step) == {"second case"}


def test_no_way_to_a_person_is_seen() -> None:
    step = said("好的。")
    step.person = ["utter_not_understood"]
    assert kinds(step) == {"no person"}


def test_going_round_in_circles_is_seen() -> None:
    past = Past()
    turns = []
    for words in ("一", "二", "三", "四"):
        step = said("我没听明白。", sent=words)
        step.move = Move("other", words)
        turns.append(kinds(step, past))
    assert turns == [set(), set(), set(), {"in circles"}]


def test_a_message_that_comes_twice_makes_no_circle() -> None:
    past = Past()
    turns = []
    for kind, words in (("other", "一"), ("repeat", ""), ("repeat", ""), ("other", "二")):
        step = said("我没听明白。", sent=words)
        step.move = Move(kind, words)
        turns.append(kinds(step, past))
    assert turns == [set()] * 4


def test_a_paper_that_is_held_is_no_promise() -> None:
    assert kinds(said("带低保证、残疾证就行。")) == set()
    assert kinds(said("保证能批。")) == {"promise"}
    assert kinds(said("最低保证给您一份。")) == {"promise"}


def test_what_was_typed_is_read_back_with_its_braces() -> None:
    past = Past()
    assert kinds(said("记下了。", sent="{name}{0}"), past) == set()
    assert kinds(said("怎么找到：{name}{0}", sent="好"), past) == set()
    assert kinds(said("怎么找到：{name}", sent="好"), past) == {"unfilled"}


def test_what_the_resident_asked_is_no_promise_of_ours() -> None:
    past, asked = Past(), "是否符合特困认定，请核：男，六十二，未婚"
    assert kinds(said("记下了。", sent=asked), past) == set()
    assert kinds(said(f"您说的：{asked[:12]}……", sent="好"), past) == set()
    assert kinds(said(f"您说的：{asked} 您符合条件。", sent="好"), past) == {"promise"}


def test_what_is_taken_off_the_card_to_be_told_anew_is_not_lost() -> None:
    before = State(asking="review", facts={"phone": Fact("139", "", "m1")})
    step = said(
        "留个手机号。", before=Snapshot(before, ()), after=Snapshot(State(asking="phone"), ())
    )
    assert kinds(step) == set()
    step.after = Snapshot(State(asking="name"), ())
    assert kinds(step) == {"lost fact"}


def test_a_figure_with_its_working_shown_is_traced() -> None:
    past = Past()
    assert kinds(said("记下了：看病自己出了30000元。", sent="30000"), past) == set()
    assert kinds(said("30000元×70%，估算约21000元。"), past) == set()
    assert kinds(said("30000元×70%，估算约22000元。"), past) == {"figure from nowhere"}
    assert kinds(said("40000元×70%，估算约28000元。"), past) == {"figure from nowhere"}


def test_a_fact_that_went_to_the_case_named_is_kept() -> None:
    case = replace(CASE, facts={"deposit": 20000})
    before, after = replace(BEFORE, cases=(CASE,)), replace(BEFORE, cases=(case,))
    step = said(f"补到回执号{case.receipt}那份里了。", before=before, after=after)
    step.findable = frozenset({case.receipt})
    step.move = Move("tells", "存款两万", facts=(("deposit", 20000),))
    assert kinds(step) == set()
    step.move = Move("tells", "存款三万", facts=(("deposit", 30000),))
    assert kinds(step) == {"unheard"}


def test_the_speakers_own_facts_outlive_a_report() -> None:
    own = State(asking="car", facts={"hukou": Fact("urban", "", "m1")})
    kept = {"facts": own.to_json()["facts"], "declined": []}
    begun = said("谢谢您替别人说。", before=Snapshot(own, ()), after=Snapshot(State(own=kept), ()))
    assert kinds(begun) == set()
    lost = replace(begun, after=Snapshot(State(own={"facts": {}, "declined": []}), ()))
    assert kinds(lost) == {"lost fact"}
    ended = said("报上去了。", before=Snapshot(State(own=kept), ()), after=BEFORE)
    assert kinds(ended) == {"lost fact"}

"""What people write for a code is read as the code, or named as not understood."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules import facts as schema
from rules.errors import FactError
from rules.fact_words import AID, code_of, wrong_words
from rules.programmes import ALL_CODES, relations
from rules.screening import screen
from tests.rules.test_bulk import TODAY

POOR = {"household_size": 3, "monthly_income_total": 2600, "hukou": "rural", "car": False,
        "deposit": 0, "employed": True, "disability_level": "三级",
        "critical_illness_insured": False}  # fmt: skip


def test_every_programme_is_known_by_its_code_and_its_name() -> None:
    assert set(AID) == set(ALL_CODES)
    table = yaml.safe_load(Path(relations.__file__).with_name("relations.yml").read_text("utf-8"))[
        "programmes"
    ]
    for code, programme in table.items():
        assert schema.understood({"receiving": [programme["name"]]}) == {"receiving": [code]}


@pytest.mark.parametrize(
    ("key", "written", "read"),
    [
        ("receiving", "低保、五保", ["dibao", "tekun"]),
        ("stopped", ["低保"], ["dibao"]),
        ("receiving", [], []),
        ("disability_type", "精神残疾", "精神"),
        ("disability_type", "智障", "智力"),
        ("disability_type", "肢体残疾、智力残疾", ["肢体", "智力"]),
        ("disability_type", "无", "无"),
        ("self_care", "完全自理", "能自理"),
        ("self_care", "半失能", "不能自理"),
        ("self_care", True, "能自理"),
        ("self_care", False, "不能自理"),
    ],
)
def test_words_become_codes(key: str, written: Any, read: Any) -> None:
    assert schema.understood({key: written}) == {key: read}
    assert schema.problems({key: written}) == []
    assert schema.understood({"members": [{key: written}]}) == {"members": [{key: read}]}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("receiving", ["dibao", "foo"], "看不懂这个正在享受的救助：foo"),
        ("receiving", 5, "正在享受的救助要用文字写"),
        ("receiving", [None], "正在享受的救助要用文字写"),
        ("stopped", "foo", "看不懂这个停发的救助：foo"),
        ("disability_type", "foo", "看不懂这个残疾类别：foo"),
        ("disability_type", ["肢体", "foo"], "看不懂这个残疾类别：foo"),
        ("disability_type", 3, "残疾类别要用文字写"),
        ("self_care", "还行", "看不懂这个生活自理：还行，请写能自理或不能自理"),
        ("accident", 5, "意外要用文字写"),
        ("disease", {"a": 1}, "患病要用文字写"),
        ("hukou", "x" * 100, "看不懂这个户口性质：" + "x" * 40 + "…"),
        ("deposit", 10**500, "金额大得不像真的，请再核对一下：存款"),
        ("deposit", {"lo": 5}, "存款的范围只写 low 和 high"),
        ("members", 5, "家庭成员要写成清单，一个一个地写"),
        ("members", "妈妈", "家庭成员要写成清单，一个一个地写"),
    ],
)
def test_what_is_not_understood_is_named(key: str, value: Any, reason: str) -> None:
    with pytest.raises(FactError) as refused:
        screen({key: value}, "500233", TODAY)
    assert (refused.value.field, refused.value.reason_zh) == (key, reason)


def test_the_words_decide_as_their_codes_do() -> None:
    def single(kind: str) -> list[str]:
        found = screen(POOR | {"disability_type": kind}, "500233", TODAY)
        return [v.outcome for v in found.verdicts]

    assert single("精神残疾") == single("精神")
    assert single("精神残疾") != single("肢体")
    for words, codes in ((["低保"], ["dibao"]), ("特困", ["tekun"])):
        told = screen(POOR | {"receiving": words}, "500233", TODAY)
        assert told.to_json() == screen(POOR | {"receiving": codes}, "500233", TODAY).to_json()
    told = screen({"age": 70, "self_care": "完全自理"}, "500233", TODAY, focus=["fuwu"])
    able = screen({"age": 70, "self_care": "能自理"}, "500233", TODAY, focus=["fuwu"])
    assert told.to_json() == able.to_json()


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("1826-01-01", "出生日期早得不像真的"),
        ("1905-12-31", "出生日期早得不像真的"),
        ("2040-01-01", "出生日期在2026年11月21日以后"),
        ("2026-11-22", "出生日期在2026年11月21日以后"),
        ("去年", "出生日期要写成2008-05-01这样"),
    ],
)
def test_a_birthday_nobody_can_have_is_refused(born: str, said: str) -> None:
    for facts in ({"birth_date": born}, {"members": [{"birth_date": born}]}):
        with pytest.raises(FactError) as refused:
            screen(facts, "500233", TODAY)
        assert refused.value.reason_zh.startswith(said)
    assert schema.impossible({"birth_date": "1906-01-01"}, TODAY) == []
    assert [e.field for e in schema.impossible({"birth_date": "1826-01-01"})] == ["birth_date"]
    assert schema.impossible({"birth_date": "2026-11-21"}, TODAY) == []


OPPOSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"age": 70, "birth_date": "2010-01-01"}, ["age"]),
    ({"age": 15, "birth_date": "1950-01-01"}, ["age"]),
    ({"members": [{"age": 70, "birth_date": "2010-01-01"}]}, ["members[0].age"]),
    ({"shock": "none", "accident": "车祸"}, ["shock"]),
    ({"shock": "none", "disaster": "洪水"}, ["shock"]),
    ({"employed": True, "lost_job": True}, ["employed"]),
    ({"wage_monthly": 3000, "monthly_income_total": 900}, ["wage_monthly"]),
    ({"monthly_income_total": 900, "members": [{"monthly_income": 3000}]},
     ["members[0].monthly_income"]),
    ({"age": 17, "birth_date": "2010-01-01"}, []),
    ({"shock": "none", "accident": "无", "disaster": "没有"}, []),
    ({"shock": "accident", "accident": "车祸"}, []),
    ({"employed": False, "lost_job": True}, []),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "fields"), OPPOSED)
def test_statements_that_oppose_each_other_are_named(
    facts: dict[str, Any], fields: list[str]
) -> None:
    assert [error.field for error in schema.problems(facts, TODAY)] == fields


def test_every_fault_is_named_not_only_the_first() -> None:
    facts = {"age": 200, "monthy": 1, "deposit": -1, "employed": True, "lost_job": True,
             "num_children": 5, "household_size": 3,
             "members": [{"foo": 1, "age": 300}]}  # fmt: skip
    assert [error.field for error in schema.problems(facts, TODAY)] == [
        "monthy", "members[0].foo", "age", "deposit", "members[0].age", "num_children", "employed",
    ]  # fmt: skip


def test_a_conversation_is_not_held_to_what_opposes_in_a_form() -> None:
    schema.check({"shock": "none", "accident": "车祸", "wage_monthly": 3000,
                  "monthly_income_total": 900})  # fmt: skip


def test_a_list_keeps_what_is_no_word_for_the_check_to_name() -> None:
    assert code_of("disability_type", ("肢体残疾", "智力")) == ["肢体", "智力"]
    assert code_of("disability_type", ["肢体", 3]) == ["肢体", 3]
    assert wrong_words("receiving", 5) == ["5"]
    assert code_of("disease", "糖尿病、无") == ["糖尿病", "无"]
    assert code_of("housing", "公租房、无房") == "公租房、无房"  # lives in one home
    schema.check({"receiving": True})
    with pytest.raises(FactError, match="要用文字写"):
        schema.check({"receiving": [1]})
    with pytest.raises(FactError, match="一个一个地写"):
        schema.check({"members": ["x"]})


def test_a_member_that_is_no_list_of_facts_is_named_among_all_faults() -> None:
    found = schema.problems({"members": ["x"], "monthy": 1})
    assert {error.field.partition("[")[0] for error in found} == {"members", "monthy"}

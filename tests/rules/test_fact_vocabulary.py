"""School, home, illness and mishaps as a form, a register or a file writes them."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import facts as schema
from rules.circumstances import STAGES, stage
from rules.errors import FactError
from rules.fact_vocabulary import CODED, EVENTS
from rules.fact_words import code_of, wrong_words
from rules.next_question import next_question
from rules.screening import screen
from tests.rules.test_bulk import TODAY
from tests.rules.test_register import one

ROOT = Path(__file__).resolve().parents[2]
# Each of these was once taken for something that had happened.
NOT_HAPPENED = [
    "无", "没有", "未发生", "没发生", "没有发生过", "从未发生", "暂无", "×", "x", "N", "n", "No",
    "false", "FALSE", "0", "否", "无意外", "没有遇到什么意外", "未遇到过", "无任何意外情况", False,
]  # fmt: skip
STAGE_WORDS: dict[str, str] = {
    "无": "无 none False 未就读 辍学 已毕业",
    "幼儿园": "学前班 幼儿园大班 学前教育 kindergarten",
    "小学": "小学生 小学三年级",
    "初中": "初一 八年级 初中二年级",
    "高中": "高三 高中（三年级） 普通高中",
    "中职": "技校 职高 职业高中 中等职业学校",
    "大学": "本科 大学本科 大专 大二 高职 职业技术学院 大学三年级 university",
    "研究生": "硕士研究生 研一",
    "非全日制": "成人大专 函授本科 非全日制",
}
HOUSING_WORDS: dict[str, str] = {
    "自建房": "土坯房 砖瓦房 老屋 农村自建房",
    "危房": "D级危房 危旧房",
    "租房": "租的房子 租赁",
    "公租房": "公共租赁住房 廉租房",
    "商品房": "购买商品房",
    "无房": "无 False 没有住房 无自有住房 借住",
}


def _pairs(table: dict[str, str]) -> list[tuple[Any, str]]:
    return [
        (False if word == "False" else word, value)
        for value, words in table.items()
        for word in words.split()
    ]


@pytest.mark.parametrize("said", NOT_HAPPENED)
def test_what_did_not_happen_is_no_accident(said: Any) -> None:
    screened = screen({"accident": said}, "500233", TODAY, focus=["linshi"])
    clear = screen({"accident": "无"}, "500233", TODAY, focus=["linshi"])
    assert screened.to_json() == clear.to_json()
    assert {v.outcome for v in screened.verdicts if v.program == "linshi"} == {"need_answers"}
    if isinstance(said, str):
        assert not schema.flag(one(f"甲,{said}", "household,accident")[0].facts, "accident")


HEALTHY = ["健康", "身体健康", "良好", "无病", "没有大病", "未患病", "无重大疾病", "N"]


@pytest.mark.parametrize("said", HEALTHY)
def test_who_is_healthy_is_not_ill(said: str) -> None:
    household, issues = one(f"甲,{said}", "household,患病")
    assert (household.facts, issues) == ({"disease": ["无"]}, [])
    assert schema.flag(schema.understood({"disease": said}), "disease") is False
    told = schema.understood({"members": [{"disease": [said, "无"]}]})["members"][0]
    assert schema.flag(told, "disease") is False


HAPPENED: dict[str, str] = {
    "accident": "车祸 交通事故 工地上摔伤 被车撞了 有",
    "disaster": "洪水 火灾 房子被淹 是",
    "disease": "尿毒症 脑梗、高血压 成骨不全 严重营养不良",
}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("disease", True), ("disease", ["肝癌", "糖尿病"]),
        *((key, word) for key, words in HAPPENED.items() for word in words.split()),
    ],
)  # fmt: skip
def test_what_happened_counts_as_it_did(key: str, said: Any) -> None:
    assert schema.problems({key: said}) == []
    assert schema.flag(schema.understood({key: said}), key) is True


def test_every_illness_the_chat_knows_by_name_is_one_in_a_register_too() -> None:
    path = ROOT / "data" / "nlu" / "lookups" / "diseases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    assert len(names) > 150
    assert [name for name in sorted(names) if schema.impossible({"disease": name})] == []


@pytest.mark.parametrize(("said", "read"), _pairs(STAGE_WORDS))
def test_a_school_is_read_as_its_stage(said: Any, read: Any) -> None:
    assert schema.problems({"student_stage": said}) == []
    assert schema.understood({"student_stage": said}) == {"student_stage": read}
    assert stage(read) in STAGES.values()


@pytest.mark.parametrize(("said", "read"), _pairs(HOUSING_WORDS))
def test_a_home_is_read_as_its_kind(said: Any, read: str) -> None:
    assert schema.problems({"housing": said}) == []
    assert schema.understood({"housing": said}) == {"housing": read}


STRANGE: dict[str, tuple[str, list[Any]]] = {
    "accident": ("没有就写无", ["还好", "未发生车祸以外的事"]),
    "disaster": ("没有就写无", ["万州区"]),
    "disease": ("没有就写无", ["亚健康", "高血压没有", " "]),
    "student_stage": (
        "请写无、幼儿园、小学、初中、高中、中职、大学、研究生、非全日制",
        ["文盲", "大学毕业", "三年级", True],
    ),
    "housing": (
        "请写自建房、危房、租房、无房、公租房、商品房",
        ["砖混", "楼房", "自有住房", "没有危房", True],
    ),
}


@pytest.mark.parametrize(
    ("key", "said"), [(key, word) for key, (_, words) in STRANGE.items() for word in words]
)
def test_what_is_not_understood_is_named_and_stays_unknown(key: str, said: Any) -> None:
    with pytest.raises(FactError) as refused:
        screen({key: said}, "500233", TODAY)
    label = schema.SCHEMA[key].label
    assert refused.value.field == key
    assert refused.value.reason_zh == f"看不懂这个{label}：{said}，{STRANGE[key][0]}"
    if not isinstance(said, str) or not said.strip():
        return
    household, issues = one(f"甲,{said}", f"household,{key}")
    assert [(issue.line, issue.field, issue.value) for issue in issues] == [(2, key, said)]
    assert household.facts == {}


def test_a_young_adult_in_the_last_year_of_school_stays_a_minor_for_tekun() -> None:
    """特困人员认定办法: who is 18 and still at a senior or vocational school (TK-05)."""
    alone = {"household_size": 1, "monthly_income_total": 0, "hukou": "rural", "car": False,
             "deposit": 0, "age": 18, "receiving": ["tekun"],
             "supporter": "none", "work_ability": "有", "disability_level": "无"}  # fmt: skip

    def tekun(said: str) -> str:
        found = screen({**alone, "student_stage": said}, "500233", TODAY, focus=["tekun"])
        return next(v.outcome for v in found.verdicts if v.program == "tekun")

    assert tekun("高中") == tekun("高三") == tekun("职高") == tekun("技校") == "likely"


def test_a_conversation_keeps_what_it_took_for_an_illness_and_forgets_a_strange_school() -> None:
    told = {"disease": "腰杆一直不好", "accident": "出了个事", "student_stage": "私塾", "age": 40,
            "members": [{"disease": "健康", "housing": None}]}  # fmt: skip
    assert schema.heard(told) == {
        "disease": "有", "accident": "有", "student_stage": None, "age": 40,
        "members": [{"disease": "无", "housing": None}],
    }  # fmt: skip
    assert schema.impossible(schema.heard(told)) == []
    assert stage("私塾") is None


def test_the_next_question_reads_the_same_words() -> None:
    facts = {"household_size": 3, "hukou": "rural", "student_stage": "未就读"}
    asked = next_question(facts, "500233", TODAY, programmes=["jiaoyu"])
    assert asked == next_question({**facts, "student_stage": "无"}, "500233", TODAY,
                                  programmes=["jiaoyu"])  # fmt: skip


WORDS = [
    *(word for known in CODED.values() for word in known.written), *NOT_HAPPENED[:-1],
    "健康", "车祸", "腰不好", "，", "、", "没", "不",
]  # fmt: skip


def test_of_several_schools_the_first_counts() -> None:
    told = schema.understood({"student_stage": "初一、小学"})["student_stage"]
    assert (told, stage(told)) == (["初中", "小学"], "junior")


@given(st.sampled_from(sorted({*CODED, *EVENTS})), st.lists(st.sampled_from(WORDS), max_size=4))
def test_reading_twice_is_reading_once_and_never_makes_a_no_of_nothing(
    key: str, pieces: list[str]
) -> None:
    read = code_of(key, "".join(pieces))
    assert code_of(key, read) == read
    if not "".join(pieces).strip():
        assert wrong_words(key, read)

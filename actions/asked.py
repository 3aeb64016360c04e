"""What can be asked, and what a short reply to it means. The wording is `utter_ask_<key>`.

One row per askable thing: the kind of answer, what a plain 有/没有 stands for, and the words that
mean one of a few values. `domain/` has the question itself, its example and its buttons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "money", "people", "age", "months", "yesno", "choice", "place", "name", "phone", "text", "kin"
]
#: A plain yes or no that settles nothing (income: 有 → how much?).
OPEN = object()


@dataclass(frozen=True)
class Question:
    """`yes` and `no` are what a bare yes or no states; OPEN when it does not answer."""

    key: str
    kind: Kind
    yes: Any = OPEN
    no: Any = OPEN
    words: Mapping[str, Any] = field(default_factory=dict)
    listed: bool = False


_LEVELS = {
    "一级": "一级", "1级": "一级", "二级": "二级", "2级": "二级",
    "三级": "三级", "3级": "三级", "四级": "四级", "4级": "四级",
}  # fmt: skip
_TYPES = {
    "肢体": "肢体", "腿": "肢体", "手脚": "肢体", "视力": "视力", "眼": "视力", "听力": "听力",
    "耳": "听力", "聋": "听力", "言语": "言语", "哑": "言语", "智力": "智力", "精神": "精神",
}  # fmt: skip
_STAGES = {
    "幼儿园": "幼儿园", "小学": "小学", "初中": "初中", "高中": "高中", "中职": "中职", "职高": "中职",
    "技校": "中职", "大专": "大学", "大学": "大学", "本科": "大学", "研究生": "研究生",
}  # fmt: skip
_SHOCKS = {
    "火": "fire", "车祸": "accident", "摔": "accident", "工伤": "accident", "急病": "sudden_illness",
    "大病": "sudden_illness", "住院": "sudden_illness", "洪水": "disaster", "地震": "disaster",
    "台风": "disaster", "灾": "disaster", "失业": "job_loss", "没工作": "job_loss",
    "没饭": "no_food", "没米": "no_food", "断粮": "no_food", "别的": "other", "其他": "other",
}  # fmt: skip
_RECEIVING = {
    "低保": "dibao", "特困": "tekun", "五保": "tekun", "边缘": "dibao_bianyuan",
    "残疾": "canji_butie", "两项补贴": "canji_butie", "临时救助": "linshi", "孤儿": "gu_er_ertong",
}  # fmt: skip

_ALL = (
    Question("region", "place"),
    Question("household_size", "people"),
    Question(
        "hukou",
        "choice",
        words={
            "农村": "rural", "农业": "rural", "乡下": "rural", "城镇": "urban", "城市": "urban",
            "居民": "urban", "非农": "urban", "外地": "nonlocal", "外省": "nonlocal",
        },  # fmt: skip
    ),
    Question("monthly_income_total", "money", no=0),
    Question("monthly_income_per_capita", "money", no=0),
    Question("monthly_income_member", "money", no=0),
    Question("annual_income_total", "money", no=0),
    Question("pension_monthly", "money", no=0),
    Question("dibao_monthly", "money", no=0),
    Question("deposit", "money", no=0),
    Question("debt", "money", no=0),
    Question("medical_expense", "money", no=0),
    Question("medical_expense_self", "money", no=0),
    Question("medical_expense_monthly", "money", no=0),
    Question("tuition", "money", no=0),
    Question("car", "yesno", yes=True, no=False),
    Question("houses", "people", yes=1, no=0, words={"一套": 1, "两套": 2, "三套": 3}),
    Question(
        "housing",
        "choice",
        no="无房",
        words={
            "危房": "危房", "漏": "危房", "裂": "危房", "公租": "公租房", "廉租": "公租房", "租": "租房",
            "没房": "无房", "无房": "无房", "商品房": "商品房", "楼房": "商品房", "自建": "自建房",
            "自己的": "自建房", "自己盖": "自建房", "老屋": "自建房", "老房": "自建房",
        },  # fmt: skip
    ),
    Question("disease", "text", no="无"),
    Question("critical_illness_insured", "yesno", yes=True, no=False),
    Question("disability_level", "choice", no="无", words=_LEVELS),
    Question("disability_type", "choice", words=_TYPES),
    Question("self_care", "yesno", yes=OPEN, no=OPEN, words={
        "不能": "不能自理", "瘫": "不能自理", "部分": "部分自理", "能自理": "能自理", "可以": "能自理",
        "能": "能自理",
    }),  # fmt: skip
    Question("bedridden", "yesno", yes=True, no=False),
    Question("age", "age"),
    Question("num_children", "people", no=0),
    Question("marital", "choice", words={
        "单身": "单身", "未婚": "单身", "没结婚": "单身", "光棍": "单身", "离": "离异", "丧偶": "丧偶",
        "过世": "丧偶", "走了": "丧偶", "结婚": "已婚", "已婚": "已婚",
    }),  # fmt: skip
    Question("single_parent", "yesno", yes=True, no=False),
    Question("living_alone", "yesno", yes=True, no=False),
    Question("no_children", "yesno", yes=True, no=False),
    Question("student_stage", "choice", no="无", words=_STAGES),
    Question("employed", "yesno", yes=True, no=False),
    Question("lost_job", "yesno", yes=True, no=False),
    Question("work_ability", "choice", yes="有", no="无", words={
        "部分": "部分", "轻": "部分", "不能": "无", "做不了": "无", "干不了": "无", "能": "有",
    }),  # fmt: skip
    Question("shock", "choice", no="none", words=_SHOCKS),
    Question("receiving", "choice", no=[], words=_RECEIVING, listed=True),
    Question("pension_kind", "choice", no="resident", words={
        "居民": "resident", "城乡": "resident", "农保": "resident", "一百多": "resident",
        "职工": "employee", "退休金": "employee", "单位": "employee",
    }),  # fmt: skip
    Question("basic_living_difficult", "yesno", yes=True, no=False),
    Question("orphan", "yesno", yes=True, no=False),
    Question("name", "name"),
    Question("phone", "phone"),
    Question("for_relation", "kin"),
)  # fmt: skip

QUESTIONS: dict[str, Question] = {question.key: question for question in _ALL}

#: Facts a resident may state, whether or not they are ever asked.
FACT_KEYS = frozenset(QUESTIONS) | frozenset(
    ["waiting_months", "disaster", "accident", "parents_status", "stopped", "id_number", "case_no", "members", "income_kind"]
)
MONEY = frozenset(key for key, question in QUESTIONS.items() if question.kind == "money")
PEOPLE = frozenset(key for key, question in QUESTIONS.items() if question.kind == "people")
LISTED = frozenset({"receiving", "stopped"})

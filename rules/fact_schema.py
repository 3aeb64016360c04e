"""The schema of facts: the keys, what kind of value each takes, and what it may cost to ask.

Names and meanings: field dictionary in `specs/facts.md`.
"""

from dataclasses import dataclass

MAX_AGE = 120
ADL_ITEMS = 6
MAX_HOUSEHOLD = 30
MAX_MONTHLY_YUAN = 1_000_000
MAX_SUM_YUAN = 100_000_000
NOTHING = ("无", "没有", "none", "no", "0")
LEVELS = {"一级": 1, "二级": 2, "三级": 3, "四级": 4, "1": 1, "2": 2, "3": 3, "4": 4}
DISABILITY_TYPES = ("肢体", "视力", "听力", "言语", "智力", "精神", "多重")
SHOCKS = (
    "fire", "accident", "sudden_illness", "disaster", "job_loss", "no_food", "other", "none",
)  # fmt: skip
HUKOU = ("urban", "rural", "nonlocal")


@dataclass(frozen=True, slots=True)
class Fact:
    """One key of the schema.

    `kind` is money | sum | count | age | day | bool | word | level | list | text. `asked` facts may
    come out of `next_question`; `further` ones only when a programme that needs them is looked at.
    `effort` and `sensitivity` (1 light … 3 heavy) weigh against asking.
    """

    key: str
    kind: str
    label: str
    asked: bool = False
    effort: float = 1.0
    sensitivity: float = 1.0
    words: tuple[str, ...] = ()
    of_person: bool = False
    further: bool = False


SUPPORTERS = (
    "none", "tekun", "dibao_60", "low_income_70", "severe_disability", "absent", "other_unable",
    "able",
)  # fmt: skip
PARENT_STATES = (
    "present", "dead", "declared_missing", "not_found", "severe_disability", "serious_illness",
    "confined", "lost_contact",
)  # fmt: skip
DISASTER_EFFECTS = (
    "collapsed", "badly_damaged", "damaged", "relocated", "no_food", "death", "winter", "none",
)  # fmt: skip
LEGAL_MATTERS = (
    "state_compensation", "benefits", "pension", "support", "wages", "capacity", "injury",
    "environment", "violence", "other", "none",
)  # fmt: skip


def _more(key: str, kind: str, label: str, *words: str, person: bool = False,
          sensitivity: float = 1.0, asked: bool = True) -> Fact:  # fmt: skip
    return Fact(key, kind, label, asked=asked, sensitivity=sensitivity, words=words,
                of_person=person, further=True)  # fmt: skip


# Asked only when a programme beyond the first screening is looked at.
FURTHER: tuple[Fact, ...] = (
    _more("birth_date", "day", "出生日期", person=True, asked=False),
    _more("sex", "word", "性别", "male", "female", person=True),
    _more("supporter", "word", "有没有应当赡养、抚养、扶养的人", *SUPPORTERS, person=True),
    _more("care_form", "word", "想住家里还是住机构", "home", "institution", person=True,
          asked=False),
    _more("adl_unable", "count", "吃饭、穿衣、上下床、上厕所、室内走动、洗澡里有几样做不了",
          person=True, sensitivity=1.3),
    _more("needs_care", "bool", "要不要人长期照顾", person=True, sensitivity=1.2),
    _more("fixed_income", "bool", "本人有没有固定收入", person=True),
    _more("student_stage", "text", "在读什么学校", person=True),
    _more("boarding", "bool", "住不住校", person=True),
    _more("father_state", "word", "父亲的情况", *PARENT_STATES, person=True, sensitivity=1.6),
    _more("mother_state", "word", "母亲的情况", *PARENT_STATES, person=True, sensitivity=1.6),
    _more("father_months", "count", "父亲这样有几个月", person=True, sensitivity=1.3),
    _more("mother_months", "count", "母亲这样有几个月", person=True, sensitivity=1.3),
    _more("guardian_lacking", "bool", "有没有大人照管", person=True, asked=False),
    _more("autism", "bool", "医生说过是孤独症", person=True, sensitivity=1.3),
    _more("heart_disease", "bool", "先天性心脏病", person=True, sensitivity=1.3),
    _more("cataract", "bool", "白内障", person=True),
    _more("hospital_statement", "bool", "医院有没有出证明", person=True),
    _more("mental_illness", "bool", "精神疾病", person=True, asked=False),
    _more("wants_work", "bool", "想不想找工作", person=True),
    _more("stranded", "bool", "没有地方住、没有饭吃，暂时回不了家", person=True),
    _more("rehab_expense", "sum", "近一年残疾康复自己出的钱", sensitivity=1.2),
    _more("accident_expense", "sum", "近一年意外自己出的钱", sensitivity=1.2),
    _more("lifted_out", "bool", "是不是脱贫户"),
    _more("housing", "text", "住房情况"),
    _more("house_grade", "word", "房屋鉴定等级", "A", "B", "C", "D"),
    _more("heating_difficult", "bool", "过冬取暖有没有困难"),
    _more("central_heating", "bool", "有没有集中供暖"),
    _more("death_in_family", "bool", "家里有没有人刚去世", sensitivity=1.4),
    _more("disaster_effect", "word", "受灾的情况", *DISASTER_EFFECTS),
    _more("legal_matter", "word", "要打官司的事", *LEGAL_MATTERS, sensitivity=1.2),
    _more("migrant_worker", "bool", "是不是进城务工"),
    _more("crime_victim", "bool", "是不是犯罪或侵权的受害人", sensitivity=1.6),
    _more("compensated", "bool", "有没有拿到有效赔偿"),
    _more("judicial_aided_before", "bool", "这个案子以前领过司法救助吗"),
    _more("planned_exit_2016", "bool", "是不是2016年计划脱贫户", asked=False),
    _more("wants_charity", "bool", "愿不愿意请慈善组织帮忙"),
    _more("wants_service", "bool", "想不想有人上门探望、帮忙"),
)  # fmt: skip

SCHEMA: dict[str, Fact] = {
    fact.key: fact
    for fact in (
        Fact("household_size", "count", "家里一起生活的人数", asked=True, effort=0.8),
        Fact("num_children", "count", "孩子人数"),
        Fact("monthly_income_total", "money", "全家一个月总收入", asked=True, effort=1.2),
        Fact("monthly_income_per_capita", "money", "平均每人一个月收入"),
        Fact("monthly_income_member", "money", "其中一个人的月收入"),
        Fact("annual_income_total", "sum", "全家一年总收入"),
        Fact("pension_monthly", "money", "每月养老金"),
        Fact("pension_kind", "word", "养老金种类", asked=True, words=("resident", "employee")),
        Fact("hukou", "word", "户口性质", asked=True, effort=0.7, words=HUKOU),
        Fact("car", "bool", "有没有汽车", asked=True, effort=0.7, sensitivity=1.1),
        Fact("deposit", "sum", "存款", asked=True, sensitivity=1.5),
        Fact("houses", "count", "房子套数"),
        Fact("debt", "sum", "欠债"),
        Fact("disability_level", "level", "残疾证等级", asked=True, sensitivity=1.3,
             of_person=True),
        Fact("disability_type", "word", "残疾类别", asked=True, sensitivity=1.3, of_person=True,
             words=DISABILITY_TYPES),
        Fact("critical_illness_insured", "bool", "享受过大病保险", asked=True, sensitivity=1.4,
             of_person=True),
        Fact("age", "age", "年龄", asked=True, of_person=True),
        Fact("employed", "bool", "有没有工作", asked=True, of_person=True),
        Fact("work_ability", "word", "劳动能力", words=("有", "部分", "无"), of_person=True),
        Fact("self_care", "text", "生活自理", of_person=True),
        Fact("bedridden", "bool", "长期卧床", of_person=True),
        Fact("disease", "list", "患病", of_person=True),
        Fact("clergy_years", "count", "离家住宗教场所年数", of_person=True),
        Fact("shock", "word", "突然遇到的急难", asked=True, effort=0.7, words=SHOCKS),
        Fact("basic_living_difficult", "bool", "眼下基本生活有没有困难"),
        Fact("medical_expense", "sum", "看病总花费"),
        Fact("medical_expense_self", "sum", "近一年看病自己出的钱", asked=True, sensitivity=1.2),
        Fact("medical_expense_monthly", "money", "每月看病吃药花费"),
        Fact("tuition", "sum", "学费", asked=True, sensitivity=1.1),
        Fact("lost_job", "bool", "丢了工作"),
        Fact("accident", "text", "意外"),
        Fact("disaster", "text", "灾害"),
        Fact("living_alone", "bool", "一个人住"),
        Fact("no_children", "bool", "没有子女"),
        Fact("receiving", "list", "正在享受的救助"),
        Fact("stopped", "list", "停发的救助"),
        Fact("registered_poor", "bool", "建档立卡且未脱贫"),
        Fact("income_kind", "text", "收入来源"),
        Fact("job_cost", "money", "每月上班必须花的钱"),
        Fact("wage_monthly", "money", "每月工资"),
        Fact("rigid_deduct", "sum", "近一年因病因残因学多花的钱"),
        Fact("excluded_income", "money", "收入里每月的救助、残疾补贴、抚恤、奖学金"),
        *FURTHER,
    )
}  # fmt: skip
ASKABLE: tuple[str, ...] = (
    "region", *(key for key, fact in SCHEMA.items() if fact.asked and not fact.further),
)  # fmt: skip

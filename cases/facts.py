"""How stated facts are stored and shown: what is encrypted, what is masked, what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foundation import text
from foundation.crypto import Cipher

from .models import CaseFact
from .sealing import unseal, unseal_json
from .states import PROGRAMMES

VALUE_PLACE = "case_fact.value"
SENTENCE_PLACE = "case_fact.sentence"

# Everything else is encrypted: a key nobody thought of must not end up readable in a backup.
PLAIN_KEYS = frozenset(
    {
        "program", "unknown", "household_size", "num_children", "region", "hukou", "for_relation",
        "living_alone", "single_parent", "no_children", "student_stage", "lost_job", "employed",
        "waiting_months", "receiving", "stopped", "housing", "houses", "car", "disaster",
        "accident", "shock", "income_kind", "case_no",
    }
)  # fmt: skip

MASKS = {
    "name": text.mask_name,
    "phone": text.mask_phone,
    "id_number": text.mask_id,
}

# Facts that need the separate consent for sensitive information (PIPL 28, 29): health above all.
CONSENT_KEYS = frozenset(
    {
        "id_number", "disease", "disability_level", "disability_type", "self_care", "bedridden",
        "medical_expense", "medical_expense_self", "medical_expense_monthly",
        "critical_illness_insured", "adl_unable", "needs_care", "autism", "heart_disease",
        "cataract", "mental_illness", "hospital_statement", "crime_victim", "father_state",
        "mother_state", "rehab_expense",
    }
)  # fmt: skip

LABELS = {
    "name": "姓名", "phone": "联系电话", "id_number": "身份证号", "household_size": "家庭人口",
    "num_children": "子女数", "age": "年龄", "marital": "婚姻状况", "single_parent": "单亲家庭",
    "living_alone": "独居", "no_children": "无子女", "for_relation": "为谁申报",
    "region": "所在地", "hukou": "户口", "monthly_income_total": "家庭月收入",
    "monthly_income_per_capita": "人均月收入", "monthly_income_member": "一名成员月收入",
    "annual_income_total": "家庭年收入", "pension_monthly": "每月养老金", "deposit": "存款",
    "debt": "欠债", "car": "车辆", "housing": "住房", "houses": "房屋套数", "disease": "疾病",
    "medical_expense": "医疗总费用", "medical_expense_self": "医疗自付",
    "medical_expense_monthly": "每月医疗费", "disability_level": "残疾等级",
    "disability_type": "残疾类别", "self_care": "生活自理", "bedridden": "卧床",
    "student_stage": "就读学段", "tuition": "学费", "lost_job": "失业",
    "waiting_months": "已等待月数", "disaster": "灾害", "accident": "意外", "orphan": "孤儿",
    "parents_status": "父母情况", "receiving": "正在享受", "stopped": "已停发",
    "dibao_monthly": "每月低保金", "case_no": "提到的编号",
    "critical_illness_insured": "享受过大病保险", "shock": "突发情况", "employed": "在业",
    "work_ability": "劳动能力", "members": "家庭成员", "income_kind": "收入种类",
    "program": "项目", "birth_date": "出生日期", "sex": "性别", "supporter": "赡养、抚养人",
    "care_form": "想要的供养方式",
    "adl_unable": "做不了的日常活动", "needs_care": "需要长期照顾", "fixed_income": "本人固定收入",
    "boarding": "住校", "father_state": "父亲情况", "mother_state": "母亲情况",
    "father_months": "父亲这样多久", "mother_months": "母亲这样多久",
    "guardian_lacking": "没有大人照管", "autism": "孤独症", "heart_disease": "先天性心脏病",
    "cataract": "白内障", "hospital_statement": "医院证明", "mental_illness": "精神疾病",
    "wants_work": "想找工作", "stranded": "流落在外", "rehab_expense": "康复自付",
    "accident_expense": "意外自付", "lifted_out": "脱贫户", "house_grade": "房屋鉴定等级",
    "heating_difficult": "取暖困难", "central_heating": "集中供暖",
    "death_in_family": "家里有人去世",
    "disaster_effect": "受灾情况", "legal_matter": "法律事项", "migrant_worker": "进城务工",
    "crime_victim": "犯罪受害人", "compensated": "拿到赔偿",
    "judicial_aided_before": "领过司法救助", "planned_exit_2016": "2016年计划脱贫户",
    "wants_charity": "愿请慈善组织", "wants_service": "想要上门服务",
}  # fmt: skip

UNITS = {
    "household_size": "人", "num_children": "人", "age": "岁", "houses": "套",
    "waiting_months": "个月", "annual_income_total": "元/年", "deposit": "元", "debt": "元",
    "medical_expense": "元", "medical_expense_self": "元", "tuition": "元",
    **dict.fromkeys(
        (
            "monthly_income_total", "monthly_income_per_capita", "monthly_income_member",
            "pension_monthly", "medical_expense_monthly", "dibao_monthly",
        ),
        "元/月",
    ),
}  # fmt: skip

WORDS = {
    "rural": "农村", "urban": "城镇", "nonlocal": "外地", "fire": "火灾",
    "home": "住家里", "institution": "住机构",
    "able": "有能力", "tekun": "特困人员", "dibao_60": "60岁以上低保对象",
    "low_income_70": "70岁以上低收入", "severe_disability": "重度残疾", "absent": "失联或失踪",
    "other_unable": "其他无能力", "present": "在", "dead": "去世",
    "declared_missing": "宣告失踪", "not_found": "查找不到", "serious_illness": "重病",
    "confined": "服刑或戒毒", "lost_contact": "失联", "male": "男", "female": "女",
    "collapsed": "房屋倒塌", "badly_damaged": "房屋严重损坏", "damaged": "房屋受损",
    "relocated": "转移安置", "death": "有人遇难", "winter": "冬春生活困难", "wages": "欠薪",
    "injury": "工伤、交通等人身损害", "violence": "家庭暴力", "support": "赡养抚养费",
    "accident": "意外事故", "sudden_illness": "突发重病", "job_loss": "失业", "no_food": "断粮",
    "other": "其他",
}  # fmt: skip


def value_of(cipher: Cipher, fact: CaseFact) -> Any:
    """The fact's value, decrypted."""
    if fact.value_encrypted is None:
        return fact.value
    return unseal_json(cipher, VALUE_PLACE, fact.id, fact.value_encrypted)


def sentence_of(cipher: Cipher, fact: CaseFact) -> str | None:
    """The resident's sentence the fact was taken from."""
    return unseal(cipher, SENTENCE_PLACE, fact.id, fact.sentence_encrypted)


def masked(key: str, value: Any) -> Any:
    """The value as it is shown before anybody asked to see it."""
    mask = MASKS.get(key)
    return mask(str(value)) if mask is not None and value not in (None, "") else value


def masked_sentence(sentence: str | None, hidden: Mapping[str, Any]) -> str | None:
    """The sentence with every masked fact's value replaced by its mask."""
    if sentence is None:
        return None
    for key in MASKS:
        value = hidden.get(key)
        if isinstance(value, str) and len(value) > 1:
            sentence = sentence.replace(value, str(masked(key, value)))
    return sentence


def display(key: str, value: Any) -> str:
    """A value in words: 是/否, a range as 低–高, codes in Chinese, with its unit."""
    unit = UNITS.get(key, "")
    if isinstance(value, bool):
        if key == "self_care":
            return "能自理" if value else "不能自理"
        if key == "car":
            return "有" if value else "无"
        return "是" if value else "否"
    if isinstance(value, dict) and ("low" in value or "high" in value):
        low, high = value.get("low"), value.get("high")
        if low is None:
            return f"不超过 {_number(high)} {unit}".strip()
        if high is None:
            return f"至少 {_number(low)} {unit}".strip()
        return f"{_number(low)}–{_number(high)} {unit}".strip()
    if isinstance(value, list):
        return "、".join(display(key, item) for item in value) or "无"
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(k, k)}：{display(k, item)}" for k, item in value.items())
    if isinstance(value, int | float):
        return f"{_number(value)} {unit}".strip()
    return WORDS.get(str(value), PROGRAMMES.get(str(value), str(value)))


def _number(value: Any) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"

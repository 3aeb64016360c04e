"""Illness, disability, housing, school, work, blows of fate, aid received."""

from __future__ import annotations

from typing import Any

import pytest

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("得了尿毒症在洗肾", "disease", "尿毒症"),
        ("羊癫疯", "disease", "癫痫"),
        ("老三精神分裂，他爸脑血栓", "disease", ["精神分裂症", "脑血栓"]),
        ("腰突干不了重活", "disease", "腰椎间盘突出"),
        ("肝癌晚期", "disease", "肝癌"),
        ("血压高，糖尿", "disease", ["高血压", "糖尿病"]),
        ("矽肺二期", "disease", "尘肺"),
        ("残疾三级", "disability_level", "三级"),
        ("我二级残疾证", "disability_level", "二级"),
        ("听障，一级", "disability_level", "一级"),
        ("精神二级证", "disability_type", "精神"),
        ("智力残疾", "disability_type", "智力"),
        ("肢体残", "disability_type", "肢体"),
        ("发现是听障", "disability_type", "听力"),
        ("盲人", "disability_type", "视力"),
        ("老太瘫在床上", "self_care", "不能自理"),
        ("生活完全不能自理", "self_care", "不能自理"),
        ("吃饭都要人喂", "self_care", "不能自理"),
        ("长期卧床", "bedridden", True),
        ("下雨就漏，墙都裂了，房子快垮", "housing", "危房"),
        ("自己盖的瓦房", "housing", "自建房"),
        ("在城里租房", "housing", "租房"),
        ("住房为租赁", "housing", "租房"),
        ("没地方住", "housing", "无房"),
        ("住的公租房", "housing", "公租房"),
        ("按揭买的商品房", "housing", "商品房"),
        ("户口农村", "hukou", "rural"),
        ("城镇户口", "hukou", "urban"),
        ("外地的，在你们这打工", "hukou", "nonlocal"),
        ("我住天津和平区 户口在河南 想申请低保", "hukou", "nonlocal"),
        ("娃读三年级", "student_stage", "小学"),
        ("读七年级", "student_stage", "初中"),
        ("女儿高二", "student_stage", "高中"),
        ("读职高一年级", "student_stage", "中职"),
        ("娃儿还在读大二", "student_stage", "大学"),
        ("一个小学一个初中", "student_stage", ["小学", "初中"]),
        ("厂里倒闭了没活干", "lost_job", True),
        ("下岗十年", "lost_job", True),
        ("交了三个月了没消息", "waiting_months", 3),
        ("申请半年没批", "waiting_months", 6),
        ("起火了，房子烧没了", "disaster", "火灾"),
        ("发大水把屋淹了", "disaster", "洪水"),
        ("山体滑坡", "disaster", "滑坡"),
        ("冰雹打烂了烤烟", "disaster", "冰雹"),
        ("出了车祸", "accident", "车祸"),
        ("从架子上摔下来", "accident", "摔伤"),
        ("算工伤", "accident", "工伤"),
        ("父母都在但是都坐牢", "parents_status", "父母服刑"),
        ("爸爸去世，妈妈改嫁", "parents_status", "父亡母改嫁"),
        ("我是孤儿", "orphan", True),
        ("领着低保", "receiving", ["dibao"]),
        ("五保只够吃饭", "receiving", ["tekun"]),
        ("我们是低保户", "receiving", ["dibao"]),
        ("低保户孩子上高中", "receiving", ["dibao"]),
        ("我的低保咋个停了嘛", "stopped", ["dibao"]),
        ("残疾补贴被取消了", "stopped", ["canji_butie"]),
        ("停了我家低保", "stopped", ["dibao"]),
        ("低保还有十几天才发", "receiving", ["dibao"]),
    ],
)
def test_fact_is_read(text: str, key: str, value: Any) -> None:
    assert facts(text)[key] == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("没残疾", "disability_level"),
        ("没有糖尿病", "disease"),
        ("公公偏瘫", "self_care"),
        ("廉租房啥条件", "housing"),
        ("公租房需要社保吗", "housing"),
        ("初中文化", "student_stage"),
        ("能吃低保吗", "receiving"),
        ("想领低保", "receiving"),
        ("申请低保", "receiving"),
        ("孤儿一个月补贴多少", "receiving"),
        ("低保会不会停", "stopped"),
        ("失业金怎么领", "lost_job"),
        ("农村俩老人", "hukou"),
        ("城市低保和农村低保哪个高", "hukou"),
        ("不算低保也不算边缘", "receiving"),
        ("哪些病算大病", "disease"),
        ("没被淹", "disaster"),
        ("能办几级残疾证", "disability_level"),
        ("智能手机", "disability_type"),
    ],
)
def test_fact_is_not_invented(text: str, key: str) -> None:
    assert key not in facts(text)


def test_a_neighbours_house_counts_only_in_a_report_about_him() -> None:
    told = "邻居住危房"
    assert "housing" not in understood(told, "ask_appeal_complaint").facts
    assert understood(told, "report_for_other").facts["housing"] == "危房"


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("墙歪了不敢住人", "housing", "危房"),
        ("房子随时会塌", "housing", "危房"),
        ("租了个单间住", "housing", "租房"),
        ("一家人睡在火车站", "housing", "无房"),
        ("屋里煤气漏了", "housing", None),
        ("公租房哪些人能住", "housing", None),
        ("房子被洪水冲垮了", "housing", None),
        ("不是农业户口，非农的", "hukou", "urban"),
        ("我们是外地人", "hukou", "nonlocal"),
        ("农村底保几多钱", "hukou", "rural"),
        ("城市和农村标准一样吗", "hukou", None),
        ("孩子爸死了妈跑了，跟奶奶过", "parents_status", "父亡母失联"),
        ("儿子没了，儿媳嫁人，孙女跟我", "parents_status", "父亡母改嫁"),
        ("爹死娘嫁人，跟着外婆", "parents_status", "父亡母改嫁"),
        ("爸妈都坐牢，娃跟着我", "parents_status", "父母服刑"),
        ("我爸去年走了，我今年五十", "parents_status", None),
        ("孤儿的条件是什么，爹死娘嫁算不算", "parents_status", None),
    ],
)
def test_home_register_and_parents(text: str, key: str, value: str | None) -> None:
    assert facts(text).get(key) == value

"""What further programmes need: heard for the dialogue, left out of the fixed fact keys."""

from __future__ import annotations

from typing import Any

import pytest

from bot.components.understanding.facts.further import FURTHER

from .scenes import facts, understood


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("老板欠我三个月工资", "legal_matter", "wages"),
        ("工地出了工伤，老板不认账", "legal_matter", "injury"),
        ("前夫一分抚养费不给", "legal_matter", "support"),
        ("老公天天打我", "legal_matter", "violence"),
        ("房子被洪水冲垮了", "disaster_effect", "collapsed"),
        ("地震把墙震裂了，不敢住", "disaster_effect", "badly_damaged"),
        ("钱包被偷了，没路费回老家", "stranded", True),
        ("老伴昨天走了，没钱办后事", "death_in_family", True),
        ("冬天没煤烧，冷得很", "heating_difficult", True),
        ("我家是脱贫户", "lifted_out", True),
        ("房子鉴定为D级", "house_grade", "D"),
        ("我妈两只眼白内障", "cataract", True),
        ("娃心脏有个洞", "heart_disease", True),
        ("没儿没女", "supporter", "none"),
        ("儿子坐牢去了", "supporter", "absent"),
        ("吃饭要喂，上厕所要人扶，洗澡也要人", "adl_unable", 3),
        ("爸在坐牢，妈跑了，娃跟着我", "father_state", "confined"),
        ("爸在坐牢，妈跑了，娃跟着我", "mother_state", "lost_contact"),
        ("没有脱贫户名额", "lifted_out", None),
        ("什么是脱贫户", "lifted_out", None),
        ("没拖欠工资", "legal_matter", None),
    ],
)
def test_volunteered_facts(text: str, key: str, value: Any) -> None:
    assert facts(text).get(key) == value


def test_they_are_entities_and_no_facts_of_the_output_format() -> None:
    told = understood("没儿没女，白内障看不见", "self_declare")
    assert {"supporter", "cataract"} <= {entity["entity"] for entity in told.entities}
    assert not FURTHER & set(told.facts)

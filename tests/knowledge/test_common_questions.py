"""The forty questions residents ask most: each reaches its own answer, with what must be in it."""

from datetime import date

import pytest

from knowledge.answers import answer

TODAY = date(2026, 3, 2)
CHONGQING, TIANJIN, FUJIAN, NEIMENGGU, LIANGSHAN = "500233", "120104", "350000", "150000", "513401"
OVERVIEW, CONDITIONS, AMOUNT = (
    "ask_program_overview",
    "ask_eligibility_conditions",
    "ask_amount_standard",
)
INCOME, FAMILY, WHERE = "ask_income_property_rules", "ask_family_definition", "ask_where_to_apply"
HOW, STOP = "ask_how_to_apply", "ask_review_or_stop"

QUESTIONS: list[tuple[str, str, str | None, str, list[str]]] = [
    ("什么是低保？", OVERVIEW, "dibao", CHONGQING, ["补差的那一截"]),
    ("重庆低保线是多少？", AMOUNT, "dibao", CHONGQING, ["770元", "630元", "2025年7月起"]),
    ("天津低保线是多少？", AMOUNT, "dibao", TIANJIN, ["1045元", "2025年9月起"]),
    ("福建低保线是多少？", AMOUNT, "dibao", FUJIAN, ["900元", "哪个区县"]),
    ("内蒙古低保线是多少？", AMOUNT, "dibao", NEIMENGGU, ["829元", "625元", "哪个区县"]),
    ("凉山低保线是多少？", AMOUNT, "dibao", LIANGSHAN, ["老数", "以当地规定为准"]),
    ("批了低保，是不是按低保线的钱全发？", AMOUNT, "dibao", CHONGQING, ["不是", "补270元"]),
    ("有一辆车还能申请吗？", INCOME, "dibao", CHONGQING, ["先别急着放弃", "代步"]),
    ("有存款还能申请吗？", INCOME, "dibao", TIANJIN, ["可以有一些"]),
    ("孩子在上大学，算不算家里人？", FAMILY, "dibao", TIANJIN, ["大专、本科在读的，算", "研究生"]),
    ("儿子成家分开住，他的收入算我的吗？", INCOME, "dibao", TIANJIN, ["不算您这一户", "赡养费"]),
    ("家里收入刚超一点，我是一级残疾，能单独申请吗？", CONDITIONS, "dibao", TIANJIN,
     ["1.5倍", "一、二级"]),
    ("我弟弟重残没工作，靠我养，能单独申请吗？", CONDITIONS, "dibao", TIANJIN,
     ["可以提出申请", "供养费"]),
    ("户口在老家，人在外地打工，去哪申请低保？", WHERE, "dibao", TIANJIN,
     ["户口所在地", "一城通办"]),
    ("要带什么？", "ask_materials", "dibao", NEIMENGGU, ["身份证、户口本", "告知承诺"]),
    ("多久能批下来？", "ask_processing_time", "dibao", TIANJIN,
     ["30个工作日", "20个工作日", "7天"]),
    ("批了以后什么时候拿到钱？", "ask_payment_problem", "dibao", CHONGQING, ["当月", "下个月"]),
    ("我找到工作了，低保马上停吗？", STOP, "dibao", CHONGQING, ["6个月", "1.5倍"]),
    ("街道介绍工作我没去，会怎样？", STOP, "dibao", TIANJIN, ["连续三次", "本人"]),
    ("批了以后还会查吗？", STOP, "dibao", TIANJIN, ["每年核查一次", "每半年"]),
    ("没批，不服怎么办？", "ask_appeal_complaint", "dibao", TIANJIN, ["60日", "6个月", "法律援助"]),
    ("特困是什么？", OVERVIEW, "tekun", CHONGQING, ["三样都占", "五保"]),
    ("老人有儿子，儿子在坐牢，能办特困吗？", CONDITIONS, "tekun", CHONGQING, ["可能可以"]),
    ("特困一个月多少钱？", AMOUNT, "tekun", CHONGQING, ["1001元"]),
    ("特困的孩子满16岁就停吗？", STOP, "tekun", CHONGQING, ["不停"]),
    ("什么叫低保边缘家庭？有啥用？", OVERVIEW, "dibao_bianyuan", TIANJIN, ["1.5倍", "314元"]),
    ("收入不低，可看病把钱花光了，能救吗？", OVERVIEW, "gangxing_zhichu", NEIMENGGU, ["看病"]),
    ("家里着火了，现在没饭吃怎么办？", HOW, "linshi", CHONGQING, ["119", "小额快救", "3天"]),
    ("我不是本地人，出了急事本地管吗？", CONDITIONS, "linshi", CHONGQING, ["不看户口"]),
    ("低保看病能报多少？", AMOUNT, "yiliao", CHONGQING, ["70%", "大病保险"]),
    ("医保的钱谁交？", "ask_other_benefits", "yiliao", CHONGQING, ["全额"]),
    ("孩子上学有什么补助？", OVERVIEW, "jiaoyu", CHONGQING, ["公办园免保教费"]),
    ("上大学没钱，能贷款吗？", OVERVIEW, "jiaoyu", CHONGQING, ["2万元", "2.5万元"]),
    ("农村房子快塌了怎么办？", HOW, "zhufang", CHONGQING, ["先搬出来", "危房改造"]),
    ("租不起房怎么办？", OVERVIEW, "zhufang", CHONGQING, ["公租房"]),
    ("下岗了找不到工作有人管吗？", OVERVIEW, "jiuye", CHONGQING, ["公益性岗位"]),
    ("残疾人每月补多少？去哪申请？", AMOUNT, "canji_butie", CHONGQING,
     ["80元", "90元", "2022年10月起"]),
    ("孩子爸妈都在坐牢，爷爷养着，有补助吗？", CONDITIONS, "gu_er_ertong", CHONGQING, ["服刑"]),
    ("没钱回家，流落街头怎么办？", OVERVIEW, "liulang", CHONGQING, ["乘车凭证", "不收钱"]),
    ("我在这里自己申报了困难，之后会怎样？我的信息安全吗？", HOW, None, CHONGQING,
     ["回执号", "不等于批准"]),
]  # fmt: skip


def test_there_are_forty() -> None:
    assert len({question for question, *_ in QUESTIONS}) == 40


@pytest.mark.parametrize(("question", "label", "program", "region", "words"), QUESTIONS)
def test_the_question_reaches_its_answer(
    question: str, label: str, program: str | None, region: str, words: list[str]
) -> None:
    found = answer(label, program, region, TODAY, question=question)
    assert found.found
    assert found.sources
    assert [word for word in words if word not in found.text] == []

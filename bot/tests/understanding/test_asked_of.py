"""Which of several programmes a question asks about, and when none of them is meant."""

from __future__ import annotations

import pytest

from bot.components.understanding.normalise import normalise
from bot.components.understanding.programme import choose, find_programmes


def asked(text: str, label: str) -> str:
    clean = normalise(text).text
    return choose(clean, find_programmes(clean), label)[0]


@pytest.mark.parametrize(
    ("text", "label", "code"),
    [
        ("低保没通过，边缘户怎么报", "ask_how_to_apply", "dibao_bianyuan"),
        ("特困取消了，医疗救助还管用不", "ask_review_or_stop", "yiliao"),
        ("超过低保标准多少就不算边缘户了", "ask_eligibility_conditions", "dibao_bianyuan"),
        ("低保停了会不会补发", "ask_review_or_stop", "dibao"),
    ],
)
def test_what_was_lost_or_only_measures_is_not_asked_about(
    text: str, label: str, code: str
) -> None:
    assert asked(text, label) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("脱贫户还可以申请低保吗", "fangfanpin"),
        ("领着护理补贴，低保会不会扣掉一块", "canji_butie"),
        ("住着廉租房，低保还能拿吗", "zhufang"),
        ("好心人给的钱用完了，还能申请低保不", "cishan"),
        ("重残的孤儿还能拿助学金吗", "gu_er_ertong"),
        ("我享受特困的，看病还有没有其他照顾", "tekun"),
        ("低保户上学有没有助学金", "jiaoyu"),
    ],
)
def test_what_comes_on_top_is_asked_of_what_one_has(text: str, code: str) -> None:
    assert asked(text, "ask_other_benefits") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("办贫困生资助看不看家里的存款", "jiaoyu"),
        ("申请慈善救助要不要查房子", "cishan"),
        ("助学金算不算家里的收入", "dibao"),
        ("残疾补贴要算收入吗", "dibao"),
    ],
)
def test_a_grant_is_an_income_only_where_it_is_counted(text: str, code: str) -> None:
    assert asked(text, "ask_income_property_rules") == code


def test_whether_somebody_counts_as_one_is_no_denial() -> None:
    assert asked("零工断了算不算就业困难", "ask_eligibility_conditions") == "jiuye"
    assert asked("街道讲我不属于就业困难，我不认", "ask_appeal_complaint") == "jiuye"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("政府补贴讲好的，怎么还不到", "ask_payment_problem"),
        ("困难家庭登记，上门女婿算一家人吗", "ask_family_definition"),
        ("上头给的救济会停吗", "ask_review_or_stop"),
    ],
)
def test_aid_as_such_is_not_taken_for_dibao(text: str, label: str) -> None:
    assert asked(text, label) == "none"


def test_care_at_home_and_boarding_pupils_stay_what_they_are() -> None:
    assert asked("没人照料，登记了几天来人", "ask_processing_time") == "fuwu"
    assert asked("住宿费减的那份这学期没到", "ask_payment_problem") == "jiaoyu"
    assert asked("什么时候派人来上门看看", "ask_processing_time") == "dibao"

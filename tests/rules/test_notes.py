"""What is said beside a verdict, and in which outcome: nobody hears where to apply for nothing.

Collected over invented households, places and years; whom a note concerns is in the golden cases.
"""

from collections import defaultdict
from datetime import date

import pytest

from rules import law as laws
from rules.criteria import LIKELY, NEED_ANSWERS, NEED_PERSON, UNLIKELY
from rules.evaluate import evaluate
from rules.household import ALL_COLUMNS, frame, household_row, person_rows
from rules.programmes import EVERYTHING
from tests.rules.households import households

TODAY = date(2026, 11, 21)
WHEN = [
    ("500233", TODAY),
    ("500233", date(2019, 6, 1)),
    ("350902", TODAY),
    ("350902", date(2023, 6, 1)),
    ("120104", TODAY),
    ("120104", date(2011, 11, 1)),
    ("152201", TODAY),
    ("513431", TODAY),
    ("513431", date(2016, 6, 1)),
]
WORDS = {"L": LIKELY, "P": NEED_PERSON, "A": NEED_ANSWERS, "U": UNLIKELY}
# Column → outcomes (L likely, P by a person, A more to answer, U unlikely) → what may be said then.
SAID: dict[str, dict[str, str]] = {
    "dibao": {
        "L": "paid_from more_for_the_frail reviewed_again",
        "LPA": "income_without_proof",
        "LPAU": "mixed_hukou",
    },
    "jiantui": {"L": "exit_amount_by_office"},
    "danrenbao": {"L": "single_amount_by_office", "LPA": "support_may_be_spared"},
    "dibao_bianyuan": {"L": "margin_amount_by_office margin_cash"},
    "linshi": {"L": "aid_amount_by_office aid_before_papers emergency_small_amount"},
    "yiliao": {"LP": "treated_before_paying"},
    "orphan": {
        "LP": "child_home_standard child_institution_standard child_standard_unknown child_top_up "
        "child_privacy"
    },
    "shishi": {
        "LP": "child_home_standard child_institution_standard child_standard_unknown child_top_up "
        "child_privacy"
    },
    "kunjing": {"P": "hardship_classes special_hardship_2016"},
    "xianxinbing": {"P": "heart_urgent"},
    "kangfu": {"LP": "rehab_where"},
    "tekun": {
        "LPA": "tekun_home_standard tekun_institution_standard tekun_standard_unknown "
        "tekun_care_grade"
    },
    "gangxing_zhichu": {
        "LPA": "rigid_income_line_unknown rigid_expense_process_workdays case_by_case "
        "rigid_expense_validity_months_max spending_hardship_may_enter_dibao"
    },
    "fangfanpin": {"LPA": "agriculture_decides relapse_line_unknown transition_ended"},
    "jiaoyu": {
        "LPA": "edu_senior_free edu_senior_grant edu_loan edu_university_grant edu_living_subsidy "
        "edu_apply_at_school edu_chongqing edu_fujian edu_free_compulsory edu_free_last_year "
        "edu_kindergarten_aid edu_vocational_grant edu_vocational_free",
        "P": "edu_by_school",
    },
    "zhufang": {"LP": "home_repair_path home_watch home_rental_path home_size_unknown home_fujian"},
    "jiuye": {"LP": "job_kinds job_where job_local_list job_gradual_exit job_fujian job_neimenggu"},
    "shouzai": {
        "LP": "emergency_management disaster_amount_unknown disaster_fujian then_temporary_aid",
        "AU": "see_temporary_aid",
    },
    "canji_shenghuo": {"LPA": "allowance_anywhere allowance_workdays living_figure"},
    "canji_huli": {"LPA": "allowance_anywhere care_figure"},
    "liulang": {"L": "station_help station_free"},
    "falv_yuanzhu": {"LP": "legal_where legal_aid_decision_days legal_aid_assign_days"},
    "sifa_jiuzhu": {"LP": "judicial_where judicial_cap"},
    "qunuan": {"P": "heating_first heating_season_local"},
    "binzang": {"LP": "funeral_local"},
    "fuwu": {"LP": "service_kinds service_neimenggu"},
    "cishan": {"P": "charity_referral charity_fujian"},
    "chae_butie": {"L": "gap_to_standard", "LPA": "only_2016"},
    "teshu_butie": {"L": "average_is_no_claim", "LPA": "only_2016"},
    "nankai_menzhen": {"L": "clinic_amount", "P": "only_2011"},
    "nankai_jianmian": {
        "L": "clinic_free_fees clinic_prevention drug_markup exam_treatment_fee_reduction "
        "inpatient_fee_reduction",
        "P": "only_2011",
    },
    "nankai_baineizhang": {"L": "cataract_cut", "P": "only_2011"},
    "nankai_zhuyuan": {"P": "only_2011"},
    "nankai_jingshen": {"P": "mental_amount quota_places only_2011"},
    "nankai_chunjie": {"P": "festival_gift quota_places only_2011"},
    "nankai_dangan": {"P": "health_file_age_missing only_2011"},
}


@pytest.fixture(scope="module")
def heard() -> dict[str, dict[str, set[str]]]:
    """Column → outcome → codes of what is said beside it."""
    told = [h.truth | {"adl_unable": 2, "student_stage": "大学"} for h in households(25, seed=3)]
    told += [{"hukou": "nonlocal"}]
    told += [{"student_stage": word} for word in ("幼儿园", "小学", "高中", "中职", "研究生")]
    rows = [household_row(one, True) | person_rows(one, True)[0] for one in told]
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for place, day in WHEN:
        law = laws.of(place, day)
        table = evaluate(frame(rows, ALL_COLUMNS), law, EVERYTHING)
        for row in table.iter_rows(named=True):
            for programme in EVERYTHING:
                for word in WORDS.values():
                    said = programme.notes(row, law, word)
                    found[programme.column][word].update(note.code for note in said)
    return found


@pytest.mark.parametrize("column", [programme.column for programme in EVERYTHING])
def test_each_note_is_said_in_its_outcomes_and_in_no_other(
    column: str, heard: dict[str, dict[str, set[str]]]
) -> None:
    for letter, word in WORDS.items():
        said = " ".join(
            codes for letters, codes in SAID.get(column, {}).items() if letter in letters
        )
        assert heard[column][word] == set(said.split()), word

"""The store of dated parameters: what it answers, and what it refuses to publish."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from rules import parameters
from rules.errors import HukouNeeded, ParameterError, ParameterNotInForce, UnknownRegion
from rules.parameter_store import FOLDER, Store
from rules.parameters import Parameter, default_store, in_force

TODAY = date(2026, 11, 21)


def parameter(**changes: object) -> Parameter:
    """A plausible verified 低保 standard of 万州区."""
    plain = Parameter(
        name="dibao_standard", value=600, low=600, high=600, at_least=False, unit="元/人·月",
        region_code="500101", region_name="万州区", population="all", document="某文件", clause="",
        evidence_grade="A", effective_from=date(2025, 1, 1), effective_to=None,
        checked_until=None, verified=True,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def write(folder: Path, row: str, code: str = "500101") -> Path:
    target = folder / code
    target.mkdir(parents=True, exist_ok=True)
    text = f'region: "{code}"\nprogramme: dibao\nparameters:\n  dibao_standard:\n    values:\n{row}'
    (target / "dibao.yml").write_text(text, encoding="utf-8")
    return folder


GOOD = """      - population: all
        from: 2025-01-01
        value: 600
        unit: 元/人·月
        document: 某文件
        grade: A
"""


def test_county_answers_by_the_city_above_it() -> None:
    found = in_force("dibao_standard", "500233", TODAY, hukou="rural")
    assert (found.value, found.region_code, found.region_name) == (630, "500000", "重庆市")
    assert found.citation() == "重庆市民政局文件（渝民规〔2025〕6号）一"
    assert found.verified
    assert not found.stale


def test_township_answers_by_its_county() -> None:
    assert in_force("dibao_standard", "350902001", TODAY).value == 866


def test_the_day_before_and_the_day_of_a_rise() -> None:
    day = date(2025, 9, 1)
    assert in_force("dibao_standard", "120104", day).value == 1045
    assert in_force("dibao_standard", "120104", day - timedelta(days=1)).value == 1010


def test_a_date_before_the_first_value_raises() -> None:
    with pytest.raises(ParameterNotInForce):
        in_force("dibao_standard", "350503", date(2025, 6, 30))


def test_a_value_without_known_start_is_never_in_force() -> None:
    with pytest.raises(ParameterNotInForce):
        in_force("dibao_standard", "500000", date(2017, 3, 31), hukou="urban")
    assert 460 in [p.value for p in parameters.history("dibao_standard", "500000")]


def test_unverified_figures_do_not_answer() -> None:
    with pytest.raises(ParameterNotInForce) as refused:
        in_force("dibao_standard", "350102", TODAY)
    assert refused.value.gap == "福州市最低生活保障标准有数字但没有核实"
    loaded = [p for p in default_store().parameters if p.region_code == "350100"]
    assert loaded
    assert not any(p.verified for p in loaded if p.name == "dibao_standard")


def test_the_hukou_is_asked_for_only_where_it_decides() -> None:
    with pytest.raises(HukouNeeded):
        in_force("dibao_standard", "500233", TODAY)
    assert in_force("dibao_standard", "120104", TODAY).value == 1045


def test_an_unverified_local_text_falls_back_to_the_nation_and_says_so() -> None:
    found = in_force("dibao_edge_income_cap_multiple", "120104", TODAY)
    assert (found.region_code, found.comparison, found.local_unverified) == (
        "100000",
        "below",
        True,
    )


def test_stale_after_eighteen_months() -> None:
    assert not in_force("dibao_standard", "500233", date(2027, 1, 1), hukou="rural").stale
    assert in_force("dibao_standard", "500233", date(2027, 1, 2), hukou="rural").stale
    assert not in_force("dibao_edge_income_cap_multiple", "500233", TODAY).stale


def test_liangshan_history_keeps_units_and_range() -> None:
    day = date(2016, 11, 3)
    rural = in_force("dibao_standard", "513431", day, hukou="rural")
    urban = in_force("dibao_standard", "513431", day, hukou="urban")
    assert (rural.value, rural.unit, rural.monthly_fen()) == (2880, "元/人·年", (24000, 24000))
    assert (urban.value, urban.low, urban.high) == (None, 420, 450)
    with pytest.raises(ParameterNotInForce):
        in_force("dibao_standard", "513431", TODAY, hukou="rural")


def test_a_lost_age_is_a_gap_not_a_guess() -> None:
    with pytest.raises(ParameterNotInForce) as refused:
        in_force("clinic_aid_male_min_age", "120104", date(2011, 6, 1))
    assert refused.value.gap == "南开区门诊救助男性最低年龄：原文缺男性年龄"
    assert in_force("clinic_aid_female_min_age", "120104", date(2011, 6, 1)).value == 50


def test_every_published_value_has_its_document_and_no_mirror() -> None:
    for found in default_store().parameters:
        assert found.document
        assert "github" not in found.url
        if found.url:
            assert found.evidence_grade in "AB"
        assert found.verified == (found.evidence_grade in "SABR")


def test_unknown_place_raises() -> None:
    with pytest.raises(UnknownRegion):
        in_force("dibao_standard", "999999", TODAY)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("document: 某文件", "出处"),
        ("grade: A", "证据级别"),
        ("unit: 元/人·月", "单位"),
        ("value: 600", "value 或 range"),
    ],
)
def test_a_row_without_a_needed_key_is_refused(tmp_path: Path, change: str, message: str) -> None:
    row = "\n".join(line for line in GOOD.splitlines() if change not in line) + "\n"
    with pytest.raises(ParameterError, match=message):
        Store.load(write(tmp_path, row))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("        page_stamp: 2025-01-01\n", "抓取时间"),
        ("        to: 2024-12-31\n", "止期"),
        ("        colour: red\n", "不认识的键"),
        ("        population: all\n", "两次"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Store.load(write(tmp_path, GOOD + line))


@pytest.mark.parametrize("unit", ["元/月", "元/人/月", "元/人·每月", "元"])
def test_a_living_standard_of_another_unit_is_refused(tmp_path: Path, unit: str) -> None:
    with pytest.raises(ParameterError, match=f"单位要写成.*{unit}"):
        Store.load(write(tmp_path, GOOD.replace("元/人·月", unit)))


def test_an_address_beside_a_weak_grade_is_refused(tmp_path: Path) -> None:
    row = GOOD.replace("grade: A", "grade: C") + '        url: "https://example.org/"\n'
    with pytest.raises(ParameterError, match="不写网址"):
        Store.load(write(tmp_path, row))


def test_a_good_row_loads(tmp_path: Path) -> None:
    store = Store.load(write(tmp_path, GOOD))
    assert store.in_force("dibao_standard", "500101", TODAY).value == 600


def test_the_published_folder_is_read_completely() -> None:
    rows = sum(
        path.read_text(encoding="utf-8").count("\n      - population:")
        for path in FOLDER.glob("*/*.yml")
    )
    store = default_store()
    spread = {(p.name, p.population, p.low, p.effective_from, p.document, p.effective_to)
              for p in [*store.parameters, *(q.parameter for q in store.quarantined)]}  # fmt: skip
    assert rows > 300
    assert len(spread) > 0.7 * rows


def _only(name: str, code: str) -> Parameter:
    [found] = [p for p in default_store().parameters if (p.name, p.region_code) == (name, code)]
    return found


def test_parts_and_totals_of_the_reports_hold() -> None:
    def value(name: str, code: str = "513400") -> float:
        return _only(name, code).low

    per_head = value("stat_special_living_subsidy_total") / value(
        "stat_special_living_subsidy_recipients"
    )
    assert round(per_head, 1) == 114.3
    share = value("stat_wubao_institution_recipients") / (value("stat_wubao_recipients") * 10_000)
    assert round(share * 100, 1) == 33.1
    chongqing = "500000"
    rental = value("stat_housing_public_rental", chongqing)
    assert rental + value("stat_housing_rent_subsidy", chongqing) == pytest.approx(
        value("stat_housing_aid_households", chongqing)
    )
    repaired = value("stat_dilapidated_jiandanglika", chongqing)
    assert repaired + value("stat_dilapidated_dibao_tekun", chongqing) == pytest.approx(
        value("stat_dilapidated_households", chongqing)
    )
    visits = value("stat_medical_aid_ordinary", chongqing)
    assert visits + value("stat_medical_aid_major", chongqing) == pytest.approx(
        value("stat_medical_aid_visits", chongqing)
    )


def test_statistics_of_a_lost_year_are_never_current() -> None:
    for name in ("stat_student_aid_funds", "stat_medical_aid_visits"):
        assert _only(name, "500000").effective_from is None
        with pytest.raises(ParameterNotInForce):
            in_force(name, "500233", date(2020, 9, 7))


def test_or_more_and_ranges_are_no_points() -> None:
    at = date(2016, 11, 3)
    rural = in_force("special_hardship_child_subsidy", "513431", at, hukou="rural")
    assert (rural.value, rural.at_least) == (350, True)
    urban = in_force("dibao_standard", "513431", at, hukou="urban")
    assert (urban.value, urban.low, urban.high) == (None, 420, 450)


def test_everything_the_atlas_shows_is_in_chinese() -> None:
    store = default_store()
    shown = [*store.parameters, *(aside.parameter for aside in store.quarantined)]
    names: dict[str, set[str]] = {}
    for one in shown:
        for text in (one.label, one.unit, one.document, one.clause, one.note, one.region_name):
            assert not re.search(r"[A-Za-z_]{2,}", text), (one.name, text)
        assert re.search(r"[\u4e00-\u9fff]", one.label), one.name
        names.setdefault(one.label, set()).add(one.name)
    assert not {label: same for label, same in names.items() if len(same) > 1}
    assert all(re.search(r"[\u4e00-\u9fff]", gap.label) for gap in store.gaps)


def test_a_refusal_names_place_group_and_figures_in_chinese() -> None:
    base = parameter(label="低保标准", population="rural", value=772, low=772, high=772)
    low = replace(base, name="tekun_basic_living", label="特困基本生活标准", low=1003, high=1003)
    with pytest.raises(ParameterError) as refused:
        Store.of([base, low])
    assert str(refused.value) == (
        "万州区农村特困基本生活标准1003元/人·月，低于万州区农村低保标准772元/人·月的1.3倍"
    )
    with pytest.raises(ParameterError) as refused:
        Store.of([base, replace(base, low=800, high=800, effective_from=date(2025, 6, 1))])
    assert str(refused.value) == (
        "万州区农村低保标准有两个值在同一时间生效：772（2025-01-01起）和800（2025-06-01起）"
    )


def test_sources_are_titles_and_not_notes() -> None:
    for found in default_store().parameters:
        title = found.document
        assert not title.startswith(("=", "省", "自治区", "问答页", "2", "1")), title
        assert len(title) > 6, title
        assert "seed" not in title
        assert not any(mark in title for mark in ("-0", "-1")), title


def test_no_unverified_value_is_ever_in_force() -> None:
    for found in default_store().parameters:
        if found.verified or found.effective_from is None:
            continue
        day = found.effective_from
        group = None if found.population == "all" else found.population
        try:
            answer = in_force(found.name, found.region_code, day, hukou=group)
        except ParameterNotInForce:
            continue
        assert answer.verified
        assert answer is not found


def test_every_row_is_loaded_or_set_aside_and_is_verified_by_its_grade_alone() -> None:
    written = Counter[tuple[str, str, str, bool]]()
    for path in FOLDER.glob("*/*.yml"):
        content = yaml.safe_load(path.read_text("utf-8"))
        for name, block in content["parameters"].items():
            for row in block["values"]:
                for place in row.get("applies_to") or [content["region"]]:
                    verified = row["grade"] in ("S", "A", "B", "R")
                    written[content["programme"], name, place, verified] += 1
    store = default_store()
    loaded = [*store.parameters, *(aside.parameter for aside in store.quarantined)]
    assert written == Counter((p.programme, p.name, p.region_code, p.verified) for p in loaded)
    assert {verified for *_, verified in written} == {True, False}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("from: '2025-01-01'", "dibao_standard 第1条: from 要写成 2025-07-01 这样"),
        ("from: 2025-01-01 00:00:00", "dibao_standard 第1条: from 要写成"),
        ("from: 2025-01-01\n        checked_until: 明年", "第1条: checked_until 要写成"),
        ("from: 2025-01-01\n        to: 20251231", "第1条: to 要写成 2025-07-01 这样"),
        ("from: 2025-01-01\n        clause: 2", "第1条: clause 要用文字写：2"),
        ("from: 2025-01-01\n        range: 5", "第1条: range 要写成"),
        ("from: 2025-01-01\n        1: x", r"第1条: 不认识的键 \['1'\]"),
        ("from: 2025-01-01\n        applies_to: 500101", "第1条: applies_to: 要写成清单"),
        ("from: 2025-01-01\n        applies_to: ['999999']", "第1条: 没有这个行政区划代码：999999"),
    ],
)
def test_a_row_written_wrong_is_named_with_its_field(
    tmp_path: Path, change: str, said: str
) -> None:
    with pytest.raises(ParameterError, match=f"dibao.yml: .*{said}"):
        Store.load(write(tmp_path, GOOD.replace("from: 2025-01-01", change)))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("parameters: [1]", r"parameters: 要一项一项地写（键: 值）：\[1\]"),
        ("parameters: {dibao_standard: 600}", "dibao_standard: 要一项一项地写"),
        ("parameters: {dibao_standard: {label: 标准}}", "dibao_standard 的 values: 要写成清单"),
        ("parameters: {dibao_standard: {values: [600]}}", "dibao_standard 第1条: 要一项一项地写"),
        ("parameters: {dibao_standard: {label: 5, values: []}}", "dibao_standard: label 要用文字"),
        ("parameters: {}\ngaps: 5", "gaps: 要写成清单"),
        ("parameters: {}\ngaps: [原文缺]", "gaps 第1条: 要一项一项地写"),
        ("parameters: {}\ngaps: [{label: 标准, reason: 原文缺}]", "gaps 第1条: 没有 name"),
        ("parameters: {}\ngaps: [{name: a, reason: 原文缺}]", "gaps 第1条: 没有 label"),
        ("parameters: {}\ngaps: [{name: a, label: 标准}]", "gaps 第1条: 没有 reason"),
        ("parameters: {}\ngaps: [{name: a, label: a, reason: a, b: x}]", "第1条: 不认识的键"),
        ("parameters: {", "不是有效的 YAML"),
    ],
)
def test_a_file_built_wrong_is_named_with_its_field(tmp_path: Path, body: str, said: str) -> None:
    (tmp_path / "500101").mkdir()
    text = f'region: "500101"\nprogramme: dibao\n{body}\n'
    (tmp_path / "500101" / "dibao.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=f"dibao.yml: .*{said}"):
        Store.load(tmp_path)


def test_a_gap_answers_with_what_the_text_lost(tmp_path: Path) -> None:
    write(tmp_path, GOOD + "gaps:\n  - {name: exit_months, label: 渐退期, reason: 原文缺一页}\n")
    with pytest.raises(ParameterNotInForce) as refused:
        Store.load(tmp_path).in_force("exit_months", "500101", TODAY)
    assert refused.value.gap == "万州区渐退期：原文缺一页"


def test_tianjin_margin_property_text_is_unverified_and_never_decides() -> None:
    with pytest.raises(ParameterNotInForce) as refused:
        in_force("dibao_edge_asset_monetary_cap", "120104", TODAY)
    assert refused.value.gap == "天津市低保边缘家庭人均货币财产限额有数字但没有核实"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a: 1\n", "要有 region"),
        ('region: "500102"\nprogramme: dibao\nparameters: {}\n', "文件夹不一致"),
    ],
)
def test_a_file_without_its_place_is_refused(tmp_path: Path, file: str, message: str) -> None:
    target = tmp_path / "500101"
    target.mkdir()
    (target / "dibao.yml").write_text(file, encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        Store.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("value: -1", "数值不对"),
        ("value: 六百", "数值不对"),
        ("value: true", "数值不对"),
        ("range: [700, 600]", "颠倒"),
        ("value: 600\n        range: [500, 600]", "value 或 range"),
    ],
)
def test_an_impossible_value_is_refused(tmp_path: Path, change: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Store.load(write(tmp_path, GOOD.replace("value: 600", change)))


def test_an_unknown_population_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="人口口径"):
        Store.load(write(tmp_path, GOOD.replace("population: all", "population: men")))


def test_a_unit_that_is_no_money_a_head_has_no_monthly_fen() -> None:
    with pytest.raises(ParameterError, match="不是按人"):
        parameter(unit="%").monthly_fen()


def test_the_module_of_parameters_answers_history_and_quarantine() -> None:
    assert parameters.history("dibao_standard", "350503")[0].value == 900
    assert parameters.quarantined() == default_store().quarantined

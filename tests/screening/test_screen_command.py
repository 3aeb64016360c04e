"""`wenzhu screen` for one household, for a file and for a register in PostgreSQL."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import psycopg
import pytest
from typer.testing import CliRunner

from devtools import register_db
from devtools.cli import app
from devtools.focus import UnknownProgramme, focus_of
from rules.bulk import screen_register
from rules.impact import with_overrides
from rules.programmes import ALL_CODES
from rules.screening import screen
from tests.rules.test_bulk import REGION, TODAY, _raised, register

DAY = "2026-11-21"
CSV = """户号,region,家里一起生活的人数,全家一个月总收入,hukou,有没有汽车,存款
甲,500233,2,900,农村,无,3000
乙,500233,2,-5,农村,无,3000
丙,999999,3,9600元/年,农村,有,0
"""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def test_one_household_prints_json_with_the_version_of_the_rules(
    run: CliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"
    facts = {"household_size": 2, "monthly_income_total": 900, "hukou": "rural"}
    path.write_text(json.dumps(facts), "utf-8")
    result = run.invoke(app, ["screen", "--household", str(path), "--region", REGION, "--on", DAY])
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert len(said.pop("rules_version")) == 12
    assert said == screen(facts, REGION, TODAY).to_json()


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ('{"age": 200}', ["--region", REGION], "年龄大得不像真的"),
        ("[1]", ["--region", REGION], "一个家庭的情况"),
        ("{", ["--region", REGION], "没法筛查：这不是有效的 JSON，第1行第2个字附近有错"),
        ("", ["--region", REGION], "没法筛查：文件是空的"),
        ('{"deposit": ' + "9" * 500 + "}", ["--region", REGION], "金额大得不像真的"),
        ('{"deposit": ' + "9" * 5000 + "}", ["--region", REGION], "有一个数长得不像真的"),
        ('{"monthy": 1}', ["--region", REGION], "monthy: 没有这一项"),
        ('{"age": 200, "deposit": -1}', ["--region", REGION], "deposit: 存款不能是负数"),
        ('{"age": 5, "age": 6}', ["--region", REGION], "同一项写了两次：age"),
        ('{"birth_date": "1826-01-01"}', ["--region", REGION], "出生日期早得不像真的"),
        ("{}", ["--region", "500233abc"], "没有这个行政区划代码"),
        ("{}", ["--region", "火星"], "没有找到这个地方"),
        ("{}", [], "要写 --region"),
        ("{}", ["--region", "999999"], "没有这个行政区划代码"),
        ("{}", ["--region", REGION, "--on", "昨天"], "不是一个日期"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_one(
    run: CliRunner, tmp_path: Path, content: str, options: list[str], sentence: str
) -> None:
    path = tmp_path / "one.json"
    path.write_text(content, "utf-8")
    result = run.invoke(app, ["screen", "--household", str(path), *options])
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_place_may_be_named_and_a_name_of_several_is_asked_back(
    run: CliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"
    path.write_bytes(json.dumps({"household_size": 2}).encode("utf-8-sig"))
    found = run.invoke(app, ["screen", "--household", str(path), "--region", "忠县", "--on", DAY])
    assert json.loads(found.stdout)["region"] == REGION
    found = run.invoke(app, ["screen", "--household", str(path), "--region", "市中区"])
    assert found.exit_code == 2
    assert "511002" in found.output
    found = run.invoke(app, ["screen", "--household", str(path), "--region", "500999", "--on", DAY])
    said = "名录里没有500999这个地方，按重庆市的规定算"
    assert said in found.stderr
    assert json.loads(found.stdout)["notes"][0] == said


def test_a_missing_or_broken_file_is_a_chinese_sentence(run: CliRunner, tmp_path: Path) -> None:
    broken = tmp_path / "in.parquet"
    broken.write_text("no parquet", "utf-8")
    for path, said in ((tmp_path / "none.csv", "没有这个文件"), (broken, "不是完整的Parquet"),
                       (tmp_path, "这是一个文件夹")):  # fmt: skip
        asked = ["screen", "--household", str(path), "--region", REGION, "--out", str(tmp_path)]
        found = run.invoke(app, asked)
        assert found.exit_code == 1
        assert said in found.output


def test_a_place_given_with_the_command_is_not_called_unknown(
    run: CliRunner, tmp_path: Path
) -> None:
    source, issues = tmp_path / "in.csv", tmp_path / "issues.json"
    source.write_bytes("户号,家里一起生活的人数\n甲,2\n".encode("gb18030"))
    asked = ["screen", "--household", str(source), "--out", str(tmp_path / "o.csv"),
             "--issues", str(issues)]  # fmt: skip
    for more, unknown in (["--region", "忠县"], False), ([], True):
        assert run.invoke(app, [*asked, *more]).exit_code == 0
        report = json.loads(issues.read_text("utf-8"))
        assert ("region" in report["columns_not_in_the_file"]) is unknown


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_gives_verdicts_reasons_and_named_problems(
    run: CliRunner, tmp_path: Path, suffix: str
) -> None:
    source, out, reasons, issues = (
        tmp_path / name for name in (f"in{suffix}", f"out{suffix}", f"why{suffix}", "issues.json")
    )
    table = pl.read_csv(CSV.encode(), infer_schema=False)
    table.write_csv(source) if suffix == ".csv" else table.write_parquet(source)
    result = run.invoke(
        app,
        ["screen", "--household", str(source), "--on", DAY, "--out", str(out),
         "--reasons", str(reasons), "--issues", str(issues)],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    read = pl.read_csv if suffix == ".csv" else pl.read_parquet
    assert read(out)["dibao"].to_list() == ["likely", "need_answers", "need_answers"]
    leg = read(reasons).filter((pl.col("household") == "甲") & (pl.col("code") == "dibao_income"))
    assert leg.select("value", "line", "gap", "rule_id").row(0) == (450, 630, -180, "DB-01")
    assert leg["source"].to_list() == ["重庆市民政局文件（渝民规〔2025〕6号）一"]
    checked = read(reasons).filter(code="property_to_be_checked", household="甲", column="dibao")
    assert checked.select("met", "rule_id").row(0) == (None, "DB-01")
    report = json.loads(issues.read_text("utf-8"))
    assert {(i["line"], i["field"]) for i in report["issues"]} == {
        (3, "全家一个月总收入"), (4, "全家一个月总收入"), (4, "region"),
    }  # fmt: skip
    assert "age" in report["columns_not_in_the_file"]
    assert report["households"] == 3


def test_a_file_without_households_or_place_to_write_is_refused(
    run: CliRunner, tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text("car\n1\n", "utf-8")
    assert run.invoke(app, ["screen", "--household", str(source)]).exit_code == 1
    result = run.invoke(app, ["screen", "--household", str(source), "--out", str(tmp_path / "o")])
    assert result.exit_code == 1
    assert "household" in result.output


def test_further_programmes_are_named_by_code_or_as_people_say_them(
    run: CliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"
    facts = {"age": 72, "hukou": "rural", "monthly_income_total": 0, "supporter": "none"}
    path.write_text(json.dumps(facts), "utf-8")
    one = ["screen", "--household", str(path), "--region", REGION, "--on", DAY]
    for asked, codes in [
        (["--focus", "特困，教育救助"], ["tekun", "jiaoyu"]),
        (["--focus", "特困,教育"], ["tekun", "jiaoyu"]),
        (["--focus", "tekun", "--focus", "低保"], ["dibao", "tekun"]),
        (["--focus", "全部"], list(ALL_CODES)),
    ]:
        result = run.invoke(app, [*one, *asked])
        assert result.exit_code == 0, result.output
        said = json.loads(result.stdout)
        said.pop("rules_version")
        assert said == screen(facts, REGION, TODAY, focus=codes).to_json()
    wrong = run.invoke(app, [*one, "--focus", "特困,路灯"])
    assert wrong.exit_code == 1
    assert "没有叫“路灯”的救助" in wrong.output
    several = run.invoke(app, [*one, "--focus", "救助"])
    assert several.exit_code == 1
    assert "“救助”可以指几项救助，请写其中一项：临时救助（linshi）" in several.output


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("低保", "dibao"), ("边缘", "dibao_bianyuan"), ("临时", "linshi"), ("医疗", "yiliao"),
        ("孤儿", "gu_er_ertong"), ("特困", "tekun"), ("刚性", "gangxing_zhichu"),
        ("防返贫", "fangfanpin"), ("教育", "jiaoyu"), ("住房", "zhufang"), ("就业", "jiuye"),
        ("受灾", "shouzai"), ("残疾", "canji_butie"), ("流浪", "liulang"), ("法律", "falv"),
        ("司法", "falv"), ("取暖", "qunuan"), ("殡葬", "binzang"), ("服务", "fuwu"),
        ("慈善", "cishan"), ("凉山", "liangshan_butie"), ("南开", "nankai_huimin"),
        ("助学", "jiaoyu"), ("危房改造", "zhufang"),
    ],
)  # fmt: skip
def test_every_programme_has_its_everyday_name(said: str, code: str) -> None:
    assert focus_of([said]).codes == (code,)


def test_one_letter_names_no_programme() -> None:
    with pytest.raises(UnknownProgramme, match="没有叫“救”"):
        focus_of(["救"])


def test_a_file_is_screened_for_the_programmes_named(run: CliRunner, tmp_path: Path) -> None:
    source, out, reasons, issues = (
        tmp_path / name for name in ("in.csv", "out.csv", "why.csv", "issues.json")
    )
    source.write_text(
        "户号,region,年龄,hukou,全家一个月总收入,家里一起生活的人数,有没有应当赡养、抚养、扶养的人\n"
        "甲,500233,72,农村,0,1,none\n乙,500233,30,农村,9000,1,able\n",
        "utf-8",
    )
    result = run.invoke(
        app,
        ["screen", "--household", str(source), "--on", DAY, "--out", str(out), "--reasons",
         str(reasons), "--issues", str(issues), "--focus", "tekun"],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = pl.read_csv(out)
    assert found.columns == ["household", "file_line", "region", "township", "nth", "tekun"]
    facts = {"age": 72, "hukou": "rural", "monthly_income_total": 0, "supporter": "none",
             "household_size": 1}  # fmt: skip
    alone = screen(facts, REGION, TODAY, focus=["tekun"]).verdicts[0]
    assert found["tekun"].to_list() == [alone.outcome, "unlikely"]
    legs = pl.read_csv(reasons)
    assert set(legs["column"]) == {"tekun"}
    told = legs.filter(household="甲")["code"].to_list()
    assert told == [r.code for r in alone.reasons if r.code in told]
    assert len(told) > 2
    assert "student_stage" not in json.loads(issues.read_text("utf-8"))["columns_not_in_the_file"]


def _fill(url: str, rows: int) -> pl.DataFrame:
    table, _ = register(rows)
    table = table.with_columns(
        household=pl.int_range(len(table)).cast(pl.String), nth=pl.lit(0, dtype=pl.Int64),
        region=pl.lit(REGION), gets_dibao=pl.int_range(len(table)) % 2 == 0,
    )  # fmt: skip
    kinds = {pl.Int64: "bigint", pl.Boolean: "boolean", pl.String: "text"}
    columns = ", ".join(f"{name} {kinds[type(dtype)]}" for name, dtype in table.schema.items())
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE register ({columns})")
        with cursor.copy(f"COPY register ({','.join(table.columns)}) FROM STDIN (FORMAT csv)") as c:
            c.write(table.write_csv(include_header=False).encode())
    return table


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_register_in_postgresql_keeps_what_changed(empty_database_url: str) -> None:
    table = _fill(empty_database_url, 3_000)
    first = register_db.rescreen(empty_database_url, "register", TODAY)
    assert (first.persons, first.households, first.issues) == (3_000, 3_000, 0)
    again = register_db.rescreen(empty_database_url, "register", TODAY)
    assert again.differences == 0
    store, raised = _raised(90)
    changed = with_overrides(store, [raised])
    # Small chunks: lines must not be torn apart.
    later = register_db.rescreen(
        empty_database_url, "register", TODAY, store=changed, chunk_bytes=10_000
    )
    assert later.differences > 0
    with psycopg.connect(empty_database_url) as connection:
        kept = connection.execute(
            "SELECT household, before, after, change, as_of FROM register_difference"
            " WHERE programme = 'dibao'"
        ).fetchall()
        now = dict(connection.execute("SELECT household, dibao FROM register_verdict").fetchall())
    before = screen_register(table, TODAY)["dibao"].cast(pl.String)
    after = screen_register(table, TODAY, store=changed)["dibao"].cast(pl.String)
    expected = {
        (str(i), a, b) for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
    }
    assert {(household, a, b) for household, a, b, _, _ in kept} == expected
    assert {day for *_, day in kept} == {date(2026, 11, 21)}
    assert now == {str(i): outcome for i, outcome in enumerate(after)}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_register_leaves_verdicts_reasons_and_problems_in_files(
    run: CliRunner, tmp_path: Path, empty_database_url: str, suffix: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(register_db.rescreen, "__kwdefaults__",
                        {**register_db.rescreen.__kwdefaults__, "chunk_bytes": 10_000})  # fmt: skip
    table = _fill(empty_database_url, 600)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("UPDATE register SET size_low = -3 WHERE household = '411'")
    out, reasons, issues = (tmp_path / f"{name}{suffix}" for name in ("out", "why", "bad"))
    result = run.invoke(
        app,
        ["screen", "--database", empty_database_url, "--on", DAY, "--out", str(out), "--reasons",
         str(reasons), "--issues", str(issues)],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "（411） size_low“-3”：不能是负数" in result.output
    report = json.loads(issues.read_text("utf-8"))
    assert [(i["household"], i["field"]) for i in report["issues"]] == [("411", "size_low")]
    assert (report["households"], report["rows"]) == (600, 600)
    read = pl.read_csv if suffix == ".csv" else pl.read_parquet
    found = read(out, schema_overrides={"household": pl.String}) if suffix == ".csv" else read(out)
    clean = table.with_columns(
        size_low=pl.when(pl.col("household") == "411").then(None).otherwise(pl.col("size_low"))
    )
    expected = screen_register(clean, TODAY)
    by_household = dict(zip(found["household"], found["dibao"].cast(pl.String), strict=True))
    assert by_household == dict(
        zip(clean["household"], expected["dibao"].cast(pl.String), strict=True)
    )
    legs = read(reasons)
    assert {"household", "nth", "code", "met", "line", "source", "clause"} <= set(legs.columns)
    assert legs.select("household").n_unique() == 600
    told = {v["programme"]: 0 for v in report["verdicts"]}
    for verdict in report["verdicts"]:
        told[verdict["programme"]] += verdict["households"]
    assert told["dibao"] == 600


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_programme_looked_at_for_the_first_time_is_no_difference(
    empty_database_url: str,
) -> None:
    table = _fill(empty_database_url, 300)
    register_db.rescreen(empty_database_url, "register", TODAY)
    with psycopg.connect(empty_database_url) as connection:
        before = dict(connection.execute("SELECT household, dibao FROM register_verdict"))
    tekun = focus_of(["特困"])
    first = register_db.rescreen(empty_database_url, "register", TODAY, focus=tekun)
    assert (first.persons, first.differences) == (300, 0)
    with psycopg.connect(empty_database_url) as connection:
        rows = connection.execute("SELECT household, dibao, tekun FROM register_verdict").fetchall()
        connection.execute("UPDATE register_verdict SET tekun = 'likely' WHERE household = '7'")
    assert {household: dibao for household, dibao, _ in rows} == before
    expected = screen_register(table, TODAY, programmes=tekun.judged)["tekun"].cast(pl.String)
    assert {household: tekun for household, _, tekun in rows} == dict(
        zip(table["household"], expected, strict=True)
    )
    again = register_db.rescreen(empty_database_url, "register", TODAY, focus=tekun)
    assert again.differences == 1


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_database_without_a_register_is_a_sentence(
    run: CliRunner, empty_database_url: str
) -> None:
    result = run.invoke(app, ["screen", "--database", empty_database_url])
    assert result.exit_code == 1
    assert "登记库里没有 register" in result.output

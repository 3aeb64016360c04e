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
from rules.impact import with_overrides
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
        ("{", ["--region", REGION], "没法筛查"),
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
    from rules.bulk import screen_register

    before = screen_register(table, TODAY)["dibao"].cast(pl.String)
    after = screen_register(table, TODAY, store=changed)["dibao"].cast(pl.String)
    expected = {
        (str(i), a, b) for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b
    }
    assert {(household, a, b) for household, a, b, _, _ in kept} == expected
    assert {day for *_, day in kept} == {date(2026, 11, 21)}
    assert now == {str(i): outcome for i, outcome in enumerate(after)}


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_database_without_a_register_is_a_sentence(
    run: CliRunner, empty_database_url: str
) -> None:
    result = run.invoke(app, ["screen", "--database", empty_database_url])
    assert result.exit_code == 1
    assert "登记库里没有 register" in result.output

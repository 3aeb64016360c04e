"""What `wenzhu screen` was asked, and how it answers on the terminal."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from devtools import register_db, screening
from devtools.focus import Focus, focus_of
from foundation.clock import today
from rules import regions
from rules.errors import AmbiguousRegion, FactError, RulesError
from rules.parameter_store import using

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    household: Path | None
    region: str
    on: str
    out: Path | None
    reasons: Path | None
    issues: Path | None
    database: str
    table: str
    focus: tuple[str, ...] = ()


class Misused(ValueError):
    """Options that do not go together."""


def run(asked: Asked, console: Console, errors: Console) -> int:
    """The exit code: 0, or 1 with a sentence on stderr; 2 where a name has several places."""
    try:
        with using(screening.figures()):
            _run(_placed(asked, errors), console, errors)
    except AmbiguousRegion as several:
        _refuse(errors, several)
        return 2
    except screening.Faults as wrong:
        return max(_refuse(errors, problem) for problem in wrong.found)
    except FactError as problem:
        return _refuse(errors, problem)
    except OSError as problem:
        return _refuse(errors, f"没法筛查：{_why(problem)}")
    except (ValueError, KeyError, RulesError) as problem:
        return _refuse(errors, f"没法筛查：{problem}")
    except pl.exceptions.PolarsError:
        return _refuse(errors, "没法筛查：文件里有一列读不出来，或者结果写不出去")
    except RecursionError:
        return _refuse(errors, "没法筛查：文件里的 JSON 嵌套太深")
    except psycopg.Error as problem:
        return _refuse(errors, f"登记库出错：{problem}")
    return 0


def _why(problem: OSError) -> str:
    """What a file refused, in words; a system's own text only where we have none."""
    known = {
        FileNotFoundError: "没有这个文件或文件夹", PermissionError: "没有权限读写这个文件",
        IsADirectoryError: "这是一个文件夹，不是文件",
    }  # fmt: skip
    return f"{known.get(type(problem), '文件读写出错')}：{problem.filename}"


def _placed(asked: Asked, errors: Console) -> Asked:
    """The place as a code; says so when another's rules stand in. Raises UnknownRegion."""
    if not asked.region:
        return asked
    code = regions.named(asked.region)
    if note := regions.taken_for(code):
        errors.print(f"· {note}", markup=False, soft_wrap=True)
    return replace(asked, region=code)


def _refuse(errors: Console, reason: object) -> int:
    errors.print(f"✗ {reason}", style="red", highlight=False, markup=False, soft_wrap=True)
    return 1


def _run(asked: Asked, console: Console, errors: Console) -> None:
    on = _day(asked.on) if asked.on else today()
    focus = focus_of(asked.focus)
    if asked.database:
        _register(asked, on, focus, console, errors)
        return
    if asked.household is None:
        raise Misused("请用 --household 指定文件，或用 --database 指定登记库")
    if asked.household.suffix.lower() not in (".csv", ".txt", ".parquet"):
        if not asked.region:
            raise Misused("一个家庭要写 --region")
        found = screening.one(asked.household, asked.region, on, focus)
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if asked.out is None:
        raise Misused("一个文件的结果写到哪里：请写 --out")
    with _progress(errors) as progress:
        result = screening.file(
            asked.household, asked.region or None, on, asked.out, progress,
            reasons=asked.reasons, focus=focus,
        )  # fmt: skip
    _tell(result, asked, errors)
    console.print(f"筛查了 {result.households} 户（{result.rows} 行），写到 {asked.out}")
    _tell_counts(result, console)


def _register(asked: Asked, on: date, focus: Focus, console: Console, errors: Console) -> None:
    region = asked.region or None
    with (
        _progress(errors) as progress,
        screening.Results(on, region, focus, asked.out, asked.reasons) as results,
    ):
        task = progress.add_task("筛查登记库", total=None)

        def taken(chunk: pl.DataFrame, found: pl.DataFrame) -> None:
            if asked.out or asked.reasons or asked.issues:
                results.take(chunk, found)
            progress.update(task, advance=len(chunk))

        written = register_db.rescreen(
            asked.database, asked.table, on, region=region, focus=focus, taken=taken
        )
    result = results.told
    result.rows, result.households = written.persons, written.households
    result.issues, result.more_issues = written.named, written.issues - len(written.named)
    _tell(result, asked, errors)
    console.print(
        f"筛查了 {written.households} 户、{written.persons} 人，变化 {written.differences} 条，"
        f"不可能的数 {written.issues} 处（当作不清楚）"
    )
    _tell_counts(result, console)


def _tell(result: screening.Outcome, asked: Asked, errors: Console) -> None:
    """What could not be taken; all of it into the file of issues."""
    for issue in result.issues[:SHOWN]:
        where = f"第{issue.line}行" + (f"（{issue.household}）" if issue.household else "")
        said = f"“{issue.value}”" if issue.value else ""
        errors.print(f"· {where} {issue.field}{said}：{issue.reason}", markup=False, soft_wrap=True)
    rest = len(result.issues) - SHOWN + result.more_issues
    if rest > 0:
        errors.print(f"· 还有 {rest} 处问题" + ("" if asked.issues else "，用 --issues 看全部"))
    if result.absent:
        absent = "、".join(result.absent)
        errors.print(f"· 文件里没有这些列，都当作不清楚：{absent}", soft_wrap=True)
    if asked.issues:
        report = json.dumps(result.to_json(), ensure_ascii=False, indent=2)
        asked.issues.write_text(report + "\n", "utf-8")


def _tell_counts(result: screening.Outcome, console: Console) -> None:
    for (programme, outcome), number in sorted(result.counts.items()):
        console.print(f"  {programme} {outcome} {number}")


def _progress(errors: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misused(f"“{text}”不是一个日期，请写成 2026-11-21 这样") from None

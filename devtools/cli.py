"""`uv run wenzhu …`: one command line for newcomers, operators and scripts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

app = typer.Typer(no_args_is_help=True, add_completion=False, help="问助：社会救助对话式自助")
console = Console()
errors = Console(stderr=True)


def _fail(reason: object) -> typer.Exit:
    errors.print(f"✗ {reason}", style="red", highlight=False)
    return typer.Exit(1)


@app.command()
def up(
    seed: Annotated[bool, typer.Option(help="写入虚构的演示数据")] = True,
) -> None:
    """启动全部四个进程；按 Ctrl-C 停止。"""
    from devtools import up as starting
    from devtools.supervisor import CannotStart
    from devtools.training import TrainingFailed
    from foundation.runtime import Runtime

    try:
        asyncio.run(starting.run(Runtime.open(), with_seed=seed))
    except (CannotStart, TrainingFailed) as problem:
        raise _fail(problem) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command("test")
def run_checks(
    fast: Annotated[bool, typer.Option("--fast", help="只跑几秒钟就有结果的检查")] = False,
) -> None:
    """跑全部检查和测试。"""
    from devtools import checks
    from devtools.training import TrainingFailed

    try:
        good = checks.run(fast=fast)
    except TrainingFailed as problem:
        raise _fail(problem) from None
    raise typer.Exit(0 if good else 1)


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="即使模型是最新的也重新训练")] = False,
) -> None:
    """训练语言模型（输入没有变化就不训练）。"""
    from devtools import training

    try:
        console.print(training.train(force=force))
    except training.TrainingFailed as problem:
        raise _fail(problem) from None


@app.command()
def learn(
    release: Annotated[
        bool, typer.Option("--release", help="不比现在的差就换上，居民不用等")
    ] = False,
    roll_back: Annotated[
        bool, typer.Option("--roll-back", help="换回上一次发布之前的模型")
    ] = False,
) -> None:
    """用标注过的“没听懂的话”训练一个新模型，和现在的比一比。"""
    from devtools.learn_command import run
    from foundation.runtime import Runtime

    raise typer.Exit(run(Runtime.open(), console, errors, release=release, back=roll_back))


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    from foundation.migrate import upgrade
    from foundation.settings import get_settings

    upgrade(get_settings().database_url)
    console.print("数据库已是当前版本。")


@app.command()
def seed() -> None:
    """写入虚构的家庭、机构和各种角色的演示账号（可重复运行）。"""
    from devtools import seed as seeding
    from foundation.migrate import upgrade
    from foundation.runtime import Runtime

    runtime = Runtime.open()
    upgrade(runtime.settings.database_url)
    console.print(seeding.seed(runtime))


@app.command()
def doctor() -> None:
    """检查这台机器：缺什么，怎么补。"""
    from devtools.doctor import examine

    findings = examine()
    for finding in findings:
        mark = "✓" if finding.good else "✗"
        console.print(f"{mark} {finding.title}" + ("" if finding.good else f"  → {finding.advice}"))


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="给谁用，例如“县级报表”")],
    role: Annotated[
        str, typer.Option(help="clerk 经办、supervisor 负责人、viewer 查阅")
    ] = "supervisor",
    area: Annotated[
        str, typer.Option(help="行政区划代码，例如 500233；100000 表示全国")
    ] = "100000",
    department: Annotated[str, typer.Option(help="部门代码，例如 minzheng")] = "minzheng",
    days: Annotated[int, typer.Option(help="多少天后失效")] = 365,
    only: Annotated[
        str, typer.Option(help="只给角色的这几项权限，用逗号隔开，例如 case_read,report_read")
    ] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="作废这个名字的令牌")] = False,
) -> None:
    """发一个服务账号的访问令牌，只显示这一次；或者作废。"""
    from cases import tokens
    from cases.errors import BadInput
    from foundation.runtime import Runtime

    runtime = Runtime.open()
    if revoke:
        with runtime.database.write() as session:
            ended = tokens.revoke_on_machine(session, runtime.cipher, name)
        typer.echo(f"已作废 {ended} 个")
        return
    try:
        with runtime.database.write() as session:
            secret = tokens.make_on_machine(
                session,
                runtime.cipher,
                name=name,
                role=role,
                area_code=area,
                department=department,
                days=days,
                only=[one.strip() for one in only.split(",")] if only else None,
            )
    except BadInput as problem:
        raise _fail(problem) from None
    typer.echo(secret)


@app.command()
def understand(
    source: Annotated[Path, typer.Option("--in", help="每行一个 {id, text}")],
    target: Annotated[Path, typer.Option("--out", help="每行一个 {id, label, program, facts}")],
) -> None:
    """用网页聊天所用的同一个模型理解一批话。"""
    from devtools.training import TrainingFailed
    from devtools.understanding import understand_file

    try:
        count = understand_file(source, target)
    except (OSError, ValueError, KeyError, RuntimeError, TrainingFailed) as problem:
        raise _fail(problem) from None
    console.print(f"读了 {count} 条，写到 {target}")


@app.command()
def talk(
    script: Annotated[Path, typer.Option(help="每行一段脚本对话")],
    out: Annotated[Path, typer.Option(help="每行一份对话记录、案件和线索")],
    chat_url: Annotated[str, typer.Option(help="居民入口")] = "",
    api_url: Annotated[str, typer.Option(help="工作台")] = "",
    api_token: Annotated[str, typer.Option(help="服务令牌；留空则临时发一个")] = "",
) -> None:
    """对着正在运行的系统，按脚本逐句聊天。"""
    import httpx2 as httpx

    from devtools.talk import play_file, temporary_token
    from foundation.runtime import Runtime

    runtime = Runtime.open()
    settings = runtime.settings
    chat = chat_url or f"http://127.0.0.1:{settings.channels_port}"
    try:
        results = play_file(
            script,
            out,
            chat_url=chat,
            api_url=api_url or f"http://127.0.0.1:{settings.api_port}",
            api_token=api_token or temporary_token(runtime),
        )
    except httpx.TransportError:
        raise _fail(f"连不上正在运行的系统（{chat}）；先运行 make up") from None
    except (OSError, ValueError, httpx.HTTPStatusError) as problem:
        raise _fail(problem) from None
    console.print(f"聊了 {len(results)} 段，写到 {out}")


@app.command()
def screen(
    household: Annotated[
        Path | None, typer.Option(help="一个家庭的情况，JSON；也可以是很多家庭的 CSV、Parquet")
    ] = None,
    region: Annotated[str, typer.Option(help="行政区划代码，例如 500233；表里有地区的可不写")] = "",
    on: Annotated[str, typer.Option(help="哪一天的政策，例如 2026-11-21；默认今天")] = "",
    out: Annotated[Path | None, typer.Option(help="结果写到哪个 CSV 或 Parquet")] = None,
    reasons: Annotated[Path | None, typer.Option(help="逐条理由写到哪个 CSV 或 Parquet")] = None,
    issues: Annotated[Path | None, typer.Option(help="问题清单写到哪个 JSON")] = None,
    focus: Annotated[
        list[str] | None, typer.Option(help="只看哪些救助，例如 特困,教育；写 全部 看所有的")
    ] = None,
    database: Annotated[str, typer.Option(help="PostgreSQL 登记库的地址")] = "",
    table: Annotated[str, typer.Option(help="登记库里的表或视图")] = "register",
) -> None:
    """初步筛查：一个家庭输出 JSON；一个文件或一个登记库逐户筛查。"""
    from devtools.screen_command import Asked, run

    asked = Asked(household, region, on, out, reasons, issues, database, table, tuple(focus or ()))
    raise typer.Exit(run(asked, console, errors))


@app.command()
def report(
    area: Annotated[str, typer.Option(help="行政区划代码，例如 500233；100000 表示全国")],
    month: Annotated[str, typer.Option(help="月份，例如 2026-10；默认本月")] = "",
    publish: Annotated[bool, typer.Option("--publish", help="供公布：1 到 4 的数不写出来")] = False,
) -> None:
    """一个地区一个月的报表，JSON；每个数带着它背后那份清单的查询。"""
    from cases.errors import CaseError
    from devtools.report import text
    from foundation.runtime import Runtime

    try:
        typer.echo(text(Runtime.open().database, area, month, publish=publish))
    except CaseError as problem:
        raise _fail(problem.reason) from None


@app.command()
def demo() -> None:
    """演一位居民从提问到申报的对话，再看工作人员看到什么。"""
    from devtools.demo import show
    from foundation.runtime import Runtime

    try:
        show(Runtime.open())
    except OSError as problem:
        raise _fail(f"系统没有在运行（{problem}）。请先在另一个窗口运行 make up。") from None


audit = typer.Typer(no_args_is_help=True, help="核验案件的操作记录")
app.add_typer(audit, name="audit")


@audit.command()
def verify(
    area: Annotated[str, typer.Option(help="只核验这个地区，例如 500233；默认全部")] = "",
) -> None:
    """逐县核验操作记录的哈希链，再按记录推一遍每件事的状态；被改过、删过的都报出来。"""
    from devtools.audit import report
    from foundation.runtime import Runtime

    try:
        lines, good = report(Runtime.open().database, area)
    except ValueError:
        raise _fail(f"“{area}”不是地区代码") from None
    for line in lines:
        console.print(line, highlight=False)
    if not good:
        raise _fail("操作记录不完整，或者和案件对不上")
    console.print(f"✓ {len(lines)} 条链全部完整")


people = typer.Typer(no_args_is_help=True, help="工作人员的账号：第一个管理员，和进不来的时候")
app.add_typer(people, name="staff")


@people.command("add")
def add_staff(
    login: Annotated[str, typer.Argument(help="登录名")],
    name: Annotated[str, typer.Option(help="姓名")],
    area: Annotated[str, typer.Option(help="地区，名称或行政区划代码")],
    role: Annotated[str, typer.Option(help="角色代码，见 cases/roles.yaml")] = "administrator",
    department: Annotated[str, typer.Option(help="部门代码")] = "minzheng",
) -> None:
    """新增一个账号；初始密码只显示这一次。"""
    from cases.errors import BadInput
    from devtools.people import add
    from foundation.runtime import Runtime

    try:
        made, password = add(Runtime.open(), login, name, role, area, department)
    except BadInput as problem:
        raise _fail(problem) from None
    typer.echo(f"{made} {password}")


@people.command("reset")
def reset_staff(
    login: Annotated[str, typer.Argument(help="登录名")],
    reason: Annotated[str, typer.Option(help="理由，留在审计记录里")],
) -> None:
    """给一个新的初始密码，去掉两步验证，登录全部结束。"""
    from cases.errors import BadInput
    from devtools.people import reset
    from foundation.runtime import Runtime

    try:
        typer.echo(reset(Runtime.open(), login, reason))
    except BadInput as problem:
        raise _fail(problem) from None


def main() -> None:
    """Entry point of the `wenzhu` command."""
    try:
        app()
    except ValidationError as problem:
        if problem.title != "Settings":
            raise
        from foundation.settings import complaint

        typer.echo(f"设置不对：{complaint(problem)}", err=True)
        raise SystemExit(1) from None

"""`wenzhu up`: everything a newcomer needs, in one command."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

from rich.console import Console

from devtools import learning, seed, training
from devtools.paths import BOT_PYTHON
from devtools.processes import ProcessPlan, plans
from devtools.supervisor import CannotStart, Supervisor, refuse_busy_ports
from foundation.migrate import upgrade
from foundation.runtime import Runtime

console = Console()


def loopback_secrets(runtime: Runtime) -> dict[str, str]:
    """The tokens of the two loopback servers, for the one process that cannot read our keys."""
    return {
        "WENZHU_RASA_TOKEN": runtime.settings.rasa_token,
        "WENZHU_ACTIONS_TOKEN": runtime.settings.actions_token,
    }


def prepare(runtime: Runtime, *, with_seed: bool) -> Path:
    """Train if needed, migrate, seed; return the model. Raises `CannotStart`, `TrainingFailed`."""
    if not BOT_PYTHON.exists():
        raise CannotStart("对话引擎的环境还没有装好。请运行 make install。")
    model = learning.serving(runtime.settings)
    if runtime.settings.model_file and not model.exists():
        raise CannotStart(f"指定的模型文件不存在：{model}。请检查 WENZHU_MODEL_FILE。")
    if not model.exists():
        with console.status("训练语言模型（只在训练语句或配置变了以后才需要）…"):
            started = time.monotonic()
            model = training.train()
        console.print(f"✓ 模型已训练（{time.monotonic() - started:.0f} 秒）")
    else:
        console.print("✓ 模型是最新的")
    upgrade(runtime.settings.database_url)
    console.print("✓ 数据库已就绪")
    if with_seed:
        report = seed.seed(runtime)
        console.print(f"✓ 演示数据：{report}")
    return model


async def run(runtime: Runtime, *, with_seed: bool = True) -> None:
    """Run until Ctrl-C or SIGTERM."""
    settings = runtime.settings
    probe = plans(settings, training.current_model(), {})
    refuse_busy_ports(probe)
    model = prepare(runtime, with_seed=with_seed)
    supervisor = Supervisor(
        plans(settings, learning.point(settings, model), loopback_secrets(runtime)),
        settings.data_dir / "run",
        settings.data_dir / "log",
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stopping.set)
    started = time.monotonic()

    def progress(plan: ProcessPlan) -> None:
        console.print(f"✓ {plan.title}（{plan.name}，{time.monotonic() - started:.0f} 秒）")

    try:
        await supervisor.start(progress)
        _print_addresses(runtime, with_seed)
        await supervisor.stopping.wait()
    finally:
        console.print("正在停止 …")
        await supervisor.stop()
        console.print("全部停止了。")


def _print_addresses(runtime: Runtime, with_seed: bool) -> None:
    settings = runtime.settings
    console.print()
    console.print(f"居民聊天   http://127.0.0.1:{settings.channels_port}/")
    console.print(f"工作台     http://127.0.0.1:{settings.api_port}/")
    if with_seed:
        for account in seed.accounts():
            console.print(f"  {account.username:<10} {seed.DEMO_PASSWORD}  {account.title}")
    console.print("按 Ctrl-C 停止。")

"""`wenzhu doctor`: what this machine has, what is missing, and what to do about it."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from ctypes.util import find_library
from dataclasses import dataclass

from devtools import training
from devtools.paths import BOT_PYTHON, ROOT
from foundation.database import Database
from foundation.settings import Settings, get_settings


@dataclass(frozen=True)
class Finding:
    """One line of the report; `advice` says what to do when it is not good."""

    good: bool
    title: str
    advice: str = ""


def examine() -> list[Finding]:
    """All findings, the ones that stop the system first. Never raises."""
    try:
        settings = get_settings()
    except Exception as problem:  # noqa: BLE001 - a bad .env is itself a finding
        return [Finding(False, f"设置读不出来：{problem}", "对照 .env.example 检查 .env。")]
    return [*_environments(), *_model(), *_storage(settings), *_ports(settings), *_optional()]


def _environments() -> Iterator[Finding]:
    yield Finding(BOT_PYTHON.exists(), "对话引擎的环境 bot/.venv", "运行 make install。")


def _model() -> Iterator[Finding]:
    model = training.current_model()
    yield Finding(model.exists(), f"模型 {model.name}", "运行 uv run wenzhu train。")


def _storage(settings: Settings) -> Iterator[Finding]:
    free_bytes = shutil.disk_usage(ROOT).free
    yield Finding(free_bytes > 1 << 30, f"磁盘剩余 {free_bytes >> 30} GB", "请腾出至少 1 GB。")
    try:
        database = Database(settings.database_url)
        version = database.driver_version
    except Exception as problem:  # noqa: BLE001 - whatever the driver says, the operator needs it as one line
        yield Finding(
            False, f"数据库连不上：{type(problem).__name__}", "检查 WENZHU_DATABASE_URL。"
        )
        return
    yield Finding(
        database.wal or not database.is_sqlite,
        version,
        "这个 SQLite 版本的 WAL 有缺陷，已自动改用 DELETE 方式（较慢，但安全）。",
    )


def _ports(settings: Settings) -> Iterator[Finding]:
    for port in (
        settings.rasa_port,
        settings.actions_port,
        settings.channels_port,
        settings.api_port,
    ):
        with socket.socket() as probe:
            free = probe.connect_ex(("127.0.0.1", port)) != 0
        yield Finding(free, f"端口 {port} 空闲", "系统正在运行，或别的程序占用了它。")


def _optional() -> Iterator[Finding]:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    yield Finding(
        bool(find_library("pango-1.0") and find_library("pangoft2-1.0")),
        "生成 PDF 用的 Pango",
        "没有也能用浏览器打印。Debian：apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0 fonts-noto-cjk。",
    )
    yield Finding(bool(browser), "浏览器测试用的 chromium", "只有跑浏览器测试才需要。")

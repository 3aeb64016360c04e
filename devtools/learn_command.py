"""What `wenzhu learn` prints."""

from __future__ import annotations

from rich.console import Console

from devtools import learning
from devtools.learning import CannotRelease, Comparison
from devtools.training import TrainingFailed
from foundation.runtime import Runtime

TOOK = {True: "正在运行的系统已经换上", False: "系统没有在运行，下次启动时用上"}


def run(runtime: Runtime, console: Console, errors: Console, *, release: bool, back: bool) -> int:
    """Compare, and on wish release or roll back; the exit status is 1 when it cannot be done."""
    try:
        if back:
            model, took = learning.roll_back(runtime)
            console.print(f"✓ 换回 {model.name}；{TOOK[took]}。", highlight=False)
            return 0
        compared = learning.learn(runtime)
        _show(compared, console)
        if release:
            took = learning.release(runtime, compared)
            console.print(f"✓ 发布 {compared.candidate.name}；{TOOK[took]}。", highlight=False)
    except (CannotRelease, TrainingFailed, RuntimeError) as problem:
        errors.print(f"✗ {problem}", style="red", highlight=False)
        return 1
    return 1 if compared.falls else 0


def _show(compared: Comparison, console: Console) -> None:
    console.print(f"学了 {compared.sentences} 句：{compared.candidate}", highlight=False)
    for name, before, after in compared.measures:
        console.print(f"{name:18s} {before:.4f} → {after:.4f}", highlight=False)
    for fall in compared.falls:
        console.print(f"✗ {fall}", highlight=False)
    console.print("可以发布。" if not compared.falls else "比现在的差，不能发布。")

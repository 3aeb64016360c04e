#!/bin/sh
# Make both environments match their locks. Needs nothing but one Python 3.11-3.13 (or uv).
# usage: bootstrap.sh [--browser]   with --browser: also Chromium, a Chinese font and Pango (PDF) for the tests
set -eu
cd "$(dirname "$0")/.."

suitable() {  # a Python we can use: right version, and it really starts (pyenv shims may not)
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in "${WENZHU_PYTHON:-}" python3 python3.12 python3.11 python3.13 python \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[123]*/bin/python; do
        [ -n "$candidate" ] && suitable "$candidate" && { command -v "$candidate"; return 0; }
    done
    command -v uv >/dev/null 2>&1 && uv python find '>=3.11,<3.14' 2>/dev/null && return 0
    command -v uv >/dev/null 2>&1 && uv python install -q 3.12 2>/dev/null && uv python find 3.12 && return 0
    return 1
}

if [ "${1:-}" = "--browser" ]; then
    pango=$(find /usr/lib* -name 'libpangoft2-1.0.so.0' 2>/dev/null | head -n 1)
    if { ! command -v chromium >/dev/null 2>&1 || [ -z "$pango" ]; } && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
        echo "安装测试要用的 chromium、中文字体和 Pango …"
        { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk \
            libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; } >/dev/null 2>&1 \
            || echo "没有装上 chromium：浏览器测试会说明并跳过（CI 里算失败）。"
    fi
    exit 0
fi

PYTHON=$(find_python) || {
    echo "没有找到 Python 3.11、3.12 或 3.13。请先装其中一个（Debian/Ubuntu：apt-get install python3 python3-venv），再重来一次。" >&2
    exit 1
}

if command -v uv >/dev/null 2>&1; then
    UV=uv
elif [ -x .tools/uv/bin/uv ]; then
    UV=.tools/uv/bin/uv
else
    echo "没有 uv，装一份到本项目的 .tools/ …"
    "$PYTHON" -m venv .tools/uv >/dev/null 2>&1 && .tools/uv/bin/pip install -q uv || {
        echo "装不上 uv。请确认能访问 Python 软件源，并且 Python 带有 venv（Debian/Ubuntu：apt-get install python3-venv）。" >&2
        exit 1
    }
    UV=.tools/uv/bin/uv
fi

VERSION=$("$PYTHON" -c 'import sys; print(sys.version)')
sync_environment() {  # $1 environment, $2 lock, $3 what else to install, editable
    stamp=$(printf '%s\n' "$VERSION" | cat - "$2" pyproject.toml bot/pyproject.toml | cksum)
    [ -f "$1/.stamp" ] && [ "$(cat "$1/.stamp")" = "$stamp" ] && return 0
    echo "准备环境 $1 …"
    $UV venv -q --clear --python "$PYTHON" "$1"
    VIRTUAL_ENV="$PWD/$1" $UV pip sync -q --compile-bytecode --require-hashes "$2"
    [ -z "$3" ] || VIRTUAL_ENV="$PWD/$1" $UV pip install -q --no-deps -e "$3"
    printf '%s\n' "$stamp" > "$1/.stamp"
}
sync_environment .venv requirements.lock .
sync_environment bot/.venv bot/requirements.lock ""

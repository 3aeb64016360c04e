"""Small charts as SVG text, without a drawing library: lines, bars and a table of shades."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

INK, FAINT, BLUE, ORANGE = "#333333", "#d8d8d8", "#1f6feb", "#d9730d"
COLOURS = (BLUE, ORANGE, "#2e8b57", "#8250df")
Series = tuple[str, Sequence[tuple[float, float]]]


def _text(x: float, y: float, words: str, anchor: str = "middle", size: int = 12) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
        f' fill="{INK}">{escape(words)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'
    )


def page(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    """The SVG document; the title is also what a screen reader says."""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="sans-serif" role="img">'
    )
    return "\n".join(
        [
            opening,
            f"<title>{escape(title)}</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            _text(width / 2, 22, title, size=14),
            *parts,
            "</svg>",
            "",
        ]
    )


def lines(
    title: str,
    series: Sequence[Series],
    across: tuple[float, float],
    up: tuple[float, float],
    names: tuple[str, str],
    *,
    diagonal: bool = False,
) -> str:
    """Points joined by lines; `across` and `up` are the ends of the axes, `names` what they show.

    With `diagonal` the line on which both are equal is drawn too. Raises ValueError for a point
    outside the axes: it would be drawn over the words.
    """
    left, top, width, height = 62.0, 40.0, 400.0, 280.0

    def place(x: float, y: float) -> tuple[float, float]:
        if not (across[0] <= x <= across[1] and up[0] <= y <= up[1]):
            raise ValueError(f"({x}, {y}) lies outside {across} × {up}")
        return (
            left + width * (x - across[0]) / (across[1] - across[0]),
            top + height * (1 - (y - up[0]) / (up[1] - up[0])),
        )

    parts = []
    for step in range(6):
        share = step / 5
        x, y = across[0] + share * (across[1] - across[0]), up[0] + share * (up[1] - up[0])
        at_x, at_y = place(x, up[0])[0], place(across[0], y)[1]
        parts += [
            _line(left, at_y, left + width, at_y, FAINT),
            _text(left - 6, at_y + 4, f"{y:.2f}", "end", 11),
            _text(at_x, top + height + 16, f"{x:,.0f}" if across[1] > 2 else f"{x:.1f}", size=11),
        ]
    if diagonal:
        parts.append(
            _line(*place(across[0], up[0]), *place(across[1], up[1]), INK, ' stroke-dasharray="4"')
        )
    for number, (name, points) in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        placed = [place(x, y) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        at = top + height - 14 - 16 * (len(series) - 1 - number)
        parts.append(_line(left + 200, at - 4, left + 218, at - 4, colour, ' stroke-width="2"'))
        parts.append(_text(left + 224, at, name, "start", 12))
    parts.append(_text(left + width / 2, top + height + 36, names[0]))
    parts.append(
        f'<g transform="rotate(-90 16 {top + height / 2})">'
        + _text(16, top + height / 2, names[1])
        + "</g>"
    )
    return page(480, 370, title, parts)


def bars(title: str, rows: Sequence[tuple[str, float]], unit: str) -> str:
    """Horizontal bars, left of zero for what is below it; the figure stands at the end."""
    left, right, height = 190.0, 90.0, 22.0
    width = 620.0 - left - right
    low, high = min(0.0, *(v for _, v in rows)), max(0.0, *(v for _, v in rows))
    scale = width / ((high - low) or 1.0)
    zero = left + (0 - low) * scale + (55 if low < 0 else 0)
    parts = []
    for at, (name, value) in enumerate(rows):
        y = 40 + at * height
        start, length = (
            (zero, value * scale) if value >= 0 else (zero + value * scale, -value * scale)
        )
        parts.append(
            f'<rect x="{start:.1f}" y="{y:.1f}" width="{max(length, 0.5):.1f}" height="15"'
            f' fill="{BLUE if value >= 0 else ORANGE}"/>'
        )
        parts.append(_text(left - 8, y + 12, name, "end"))
        words = f"{value:+.1f}{unit}" if low < 0 else f"{value:g}{unit}"
        beyond = start + length + 5 if value >= 0 else start - 5
        parts.append(_text(beyond, y + 12, words, "start" if value >= 0 else "end", 11))
    end = 40 + len(rows) * height
    parts.append(_line(zero, 36, zero, end, INK))
    return page(680, round(end + 14), title, parts)


def shades(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """A square table, gold in rows, said in columns; shade by share of the row.

    What is right lies on the diagonal in blue, what is wrong beside it in orange with its count.
    """
    cell, left, top = 19, 176, 196
    parts = []
    for at, label in enumerate(labels):
        middle = at * cell + cell / 2 + 4
        parts.append(_text(left - 6, top + middle, label, "end", 11))
        x = left + middle
        parts.append(
            f'<g transform="rotate(-90 {x} {top - 6})">'
            + _text(x, top - 6, label, "start", 11)
            + "</g>"
        )
    for row, line in enumerate(counts):
        total = sum(line) or 1
        for column, count in enumerate(line):
            if not count:
                continue
            colour = BLUE if row == column else ORANGE
            strength = count / total if row == column else min(1.0, 0.25 + 5 * count / total)
            x, y = left + column * cell, top + row * cell
            parts.append(
                f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" fill="{colour}"'
                f' fill-opacity="{strength:.2f}"/>'
            )
            if row != column:
                parts.append(_text(x + cell / 2, y + 13, str(count), size=10))
    size = len(labels) * cell
    for at in range(len(labels) + 1):
        parts.append(_line(left, top + at * cell, left + size, top + at * cell, FAINT))
        parts.append(_line(left + at * cell, top, left + at * cell, top + size, FAINT))
    parts.append(_text(left - 6, top - 10, "meant ↓  said →", "end", 11))
    return page(left + size + 14, top + size + 14, title, parts)

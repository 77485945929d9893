"""Small charts as SVG that open anywhere: no script, no fonts of their own, every number also written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10

WIDTH, ROW, LABEL, NOTE = 480, 24, 190, 115
_PLOT = WIDTH - LABEL - NOTE - 10
INK, SOFT, LINE, GOOD, BAD, BLUE = "#1d2733", "#5a6775", "#d9dfe6", "#1a7f4b", "#b3261e", "#0b5cad"


@dataclass(frozen=True)
class Bar:
    """A bar: what it is of, how long (below 0: to the left), and the number as it is to be read."""

    label: str
    value: float
    note: str


def bars(title: str, rows: Sequence[Bar], log: bool = False) -> str:
    """Bars from the left, or to both sides of a line where some are below 0; `log` for counts that differ much."""
    lengths = [log10(1 + row.value) if log else row.value for row in rows]
    low, high = min(0.0, *lengths), max(0.0, *lengths)
    scale = _PLOT / ((high - low) or 1)
    zero = LABEL - low * scale
    parts = [f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="0" y2="{ROW * len(rows)}" stroke="{LINE}" stroke-width="2"/>']
    for n, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        y, wide = n * ROW, abs(length) * scale
        left = zero if length >= 0 else zero - wide
        colour = BAD if length < 0 else GOOD if low < 0 else BLUE
        parts += [
            _text(LABEL - 10, y, row.label, "end"),
            f'<rect x="{left:.1f}" y="{y + 5}" width="{max(wide, 1):.1f}" height="{ROW - 10}" fill="{colour}"/>',
            _text(WIDTH, y, row.note, "end", SOFT) if low < 0 else _text(left + wide + 8, y, row.note, "start", SOFT),
        ]
    return _svg(title, rows, ROW * len(rows), parts)


def intervals(title: str, rows: Sequence[tuple[Bar, float, float]]) -> str:
    """Shares with their intervals (row, low, high) on one axis that ends at 1."""
    label, plot = 80, WIDTH - 80 - 140
    start = next(edge for edge in (0.999, 0.99, 0.9, 0.5, 0.0) if edge <= min(low for _, low, _ in rows))
    high = ROW * len(rows)
    parts = []
    for step in (0, 0.5, 1):
        x = label + plot * step
        parts += [
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{high}" stroke="{LINE}"/>',
            _text(x, high, percent(start + (1 - start) * step), "middle", SOFT),
        ]
    for n, (row, low, top) in enumerate(rows):
        y = n * ROW + ROW / 2
        left, middle, right = (label + (share - start) / (1 - start) * plot for share in (low, row.value, top))
        ends = f"M{left:.1f} {y - 5}V{y + 5}M{left:.1f} {y}H{right:.1f}M{right:.1f} {y - 5}V{y + 5}"
        parts += [
            _text(label - 10, n * ROW, row.label, "end"),
            f'<path d="{ends}" stroke="{BLUE}" stroke-width="3" fill="none"/>',
            f'<circle cx="{middle:.1f}" cy="{y}" r="5" fill="{BLUE}"/>',
            _text(WIDTH, n * ROW, row.note, "end", SOFT),
        ]
    return _svg(title, [row for row, _, _ in rows], high + ROW, parts)


def percent(share: float) -> str:
    """0.99954 -> 99,954 %, 0.00002 -> 0,002 %: as many digits as tell it from 100 and from 0."""
    digits = 3 if 0.99 < share < 1 else 1 if share >= 0.01 or share <= 0 else 1 - floor(log10(100 * share))
    text = f"{100 * share:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.')} %".replace(".", ",")


def _text(x: float, y: float, text: str, anchor: str, colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y + 17}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _svg(title: str, rows: Sequence[Bar], height: float, parts: Sequence[str]) -> str:
    said = f"{title}: " + "; ".join(f"{row.label} {row.note}" for row in rows)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" aria-label="{escape(said)}" '
        f'font-size="13" font-family="inherit">{"".join(parts)}</svg>'
    )

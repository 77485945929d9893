"""A map as one small SVG that opens anywhere: no script, no network, no fonts of its own.

Drawn in plate carree, narrowed by the cosine of the middle latitude: good enough for a province.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]  # longitude, latitude in degrees
Rings = Sequence[Sequence[Point]]
Box = tuple[float, float, float, float]  # west, south, east, north

WIDTH = 480  # of the drawing; the map itself is drawn on a finer grid of whole numbers
_FINE = 2
_SHADES = ("#fbd9bd", "#f4a06f", "#d9553f", "#8c1a2b")
_CLEAN, _NOTHING, _LINE = "#dcebdf", "#c9ced6", "#7d8996"
_ROW, _COLUMN = 23, 240


@dataclass(frozen=True)
class Area:
    """A place to fill: its rings (at least one), what a pointer over it is told, and how many rows have a finding.

    `value` None: nothing is known of it, which is what is to be seen.
    """

    rings: Rings
    label: str
    value: int | None


@dataclass(frozen=True)
class Spot:
    """A point to mark and what a pointer over it is told."""

    at: Point
    label: str


class Frame:
    """The part of the world that a map shows, and its place on the drawing."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        margin = 0.03 * max(east - west, north - south, 0.001)
        self.box: Box = (west - margin, south - margin, east + margin, north + margin)
        self._narrow = math.cos(math.radians((south + north) / 2))
        wide = (self.box[2] - self.box[0]) * self._narrow
        high = self.box[3] - self.box[1]
        # A tall place is drawn narrower instead of longer.
        self.scale = WIDTH * _FINE / max(wide, high / 0.9)
        self._left = (WIDTH * _FINE - wide * self.scale) / 2
        self.height = math.ceil(high * self.scale / _FINE)

    @property
    def tolerance(self) -> float:
        """Degrees that cannot be told apart on the drawing."""
        return 1.2 / self.scale

    def holds(self, point: Point) -> bool:
        """Whether a point is on the map."""
        west, south, east, north = self.box
        return west <= point[0] <= east and south <= point[1] <= north

    def place(self, point: Point) -> tuple[int, int]:
        """A point in whole steps of the fine grid, from the upper left corner."""
        x = self._left + (point[0] - self.box[0]) * self._narrow * self.scale
        return round(x), round((self.box[3] - point[1]) * self.scale)

    def path(self, rings: Rings) -> str:
        """The `d` of a path without the rings that are smaller than a dot; "" when all are."""
        drawn = [ring for ring in map(self._ring, rings) if len(ring) > 2]
        return "".join(map(_path, drawn))

    def _ring(self, ring: Sequence[Point]) -> list[tuple[int, int]]:
        steps: list[tuple[int, int]] = []
        for step in map(self.place, ring):
            if not steps or step != steps[-1]:
                steps.append(step)
        if len(steps) > 1 and steps[0] == steps[-1]:
            steps.pop()
        return steps


def draw(
    title: str,
    about: str,
    frame: Frame,
    outlines: Sequence[Rings],
    areas: Sequence[Area],
    spots: Sequence[Spot] = (),
    nothing: str = "belum ada data",
) -> str:
    """Draw `areas` by their values, `outlines` over them, and on top the `spots` that lie within the frame.

    Title and text are for those who cannot see it; every area tells its label to the pointer.
    `nothing` is what the legend calls areas without a value.
    """
    breaks = class_breaks([a.value for a in areas if a.value])
    shown = [s for s in spots if frame.holds(s.at)]
    legend = _legend(areas, breaks, bool(shown), nothing)
    height = frame.height + 10 + _ROW * math.ceil(len(legend) / 2)
    # Areas without a value are often the finer ones, so they go on top of the shaded ones.
    fills = [_area(frame, a, _colour(a.value, breaks)) for a in sorted(areas, key=lambda a: a.value is None)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui, sans-serif" font-size="15">',
        f"<title>{escape(title)}</title><desc>{escape(about)}</desc>",
        # What reaches over the edge of the map must not cover the legend.
        f'<svg width="{WIDTH}" height="{frame.height}">'
        f'<g transform="scale({1 / _FINE:g})" stroke-linejoin="round" fill-rule="evenodd">',
        f'<g stroke="{_LINE}" stroke-width="0.6">',
        *fills,
        f'</g><g fill="none" stroke="{_LINE}" stroke-width="1.6" pointer-events="none">',
        *(f'<path d="{path}"/>' for path in map(frame.path, outlines) if path),
        '</g><g fill="#17324d" stroke="#fff" stroke-width="1.5">',
        *(_spot(frame, s) for s in shown),
        "</g></g></svg>",
        *(
            f'<g transform="translate({4 + _COLUMN * (n % 2)} {frame.height + 10 + _ROW * (n // 2)})">{mark}'
            f'<text x="20" y="12" fill="#1d2733">{escape(text)}</text></g>'
            for n, (mark, text) in enumerate(legend)
        ),
        "</svg>",
    ]
    return "".join(parts)


def class_breaks(values: Sequence[int]) -> list[int]:
    """Upper ends of at most four classes, each about the same factor wider; [] for no values."""
    if not values:
        return []
    most = max(values)
    if most <= len(_SHADES):
        return sorted(set(values))
    return sorted({math.ceil(most ** (n / len(_SHADES))) for n in range(1, len(_SHADES))} | {most})


def _legend(areas: Sequence[Area], breaks: list[int], spots: bool, nothing: str) -> list[tuple[str, str]]:
    def box(colour: str) -> str:
        return f'<rect width="14" height="14" rx="2" fill="{colour}" stroke="{_LINE}" stroke-width="0.5"/>'

    entries, low = [], 1
    for number, high in enumerate(breaks):
        span = f"{low}–{high}" if low < high else f"{high}"
        entries.append((box(_shade(number, breaks)), f"{span} baris bertemuan"))
        low = high + 1
    if any(a.value == 0 for a in areas):
        entries.insert(0, (box(_CLEAN), "tanpa temuan"))
    if any(a.value is None for a in areas):
        entries.append((box(_NOTHING), nothing))
    if spots:
        dot = '<circle cx="7" cy="7" r="4.5" fill="#17324d" stroke="#fff"/>'
        entries.append((dot, "titik di luar wilayahnya"))
    return entries


def _colour(value: int | None, breaks: list[int]) -> str:
    if value is None:
        return _NOTHING
    if value == 0:
        return _CLEAN
    return _shade(next(n for n, high in enumerate(breaks) if value <= high), breaks)


def _shade(number: int, breaks: list[int]) -> str:
    """From light to dark; a few findings never look like the worst there can be."""
    return _SHADES[number + (len(breaks) < len(_SHADES) - 1)]


def _area(frame: Frame, area: Area, colour: str) -> str:
    if path := frame.path(area.rings):
        return f'<path fill="{colour}" d="{path}"><title>{escape(area.label)}</title></path>'
    # Too small for the map, yet it has something to say.
    x, y = frame.place(area.rings[0][0])
    return f'<circle fill="{colour}" cx="{x}" cy="{y}" r="3"><title>{escape(area.label)}</title></circle>'


def _spot(frame: Frame, spot: Spot) -> str:
    x, y = frame.place(spot.at)
    return f'<circle cx="{x}" cy="{y}" r="8"><title>{escape(spot.label)}</title></circle>'


def _path(ring: list[tuple[int, int]]) -> str:
    """Relative steps are the shortest way to write it."""
    (x, y), *rest = ring
    text = f"M{x} {y}l"
    for nx, ny in rest:
        dx, dy = nx - x, ny - y
        text += f"{dx}" if text.endswith("l") or dx < 0 else f" {dx}"
        text += f"{dy}" if dy < 0 else f" {dy}"
        x, y = nx, ny
    return text + "z"

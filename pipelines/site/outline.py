"""From degrees to the short integer paths of a small SVG map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

_LONGEST = 2000  # units of the longer side: finer than the pixels of a telephone


class Frame:
    """A box in degrees (west, south, east, north) and the integer units that it is drawn in."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        """A box; a degree east is shorter than one north by the cosine of the latitude, so that shapes look right."""
        self.box = [round(edge, 5) for edge in (west, south, east, north)]
        self._shrink = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * self._shrink, 1e-6), max(north - south, 1e-6)
        self._scale = _LONGEST / max(wide, high)
        self.width, self.height = math.ceil(wide * self._scale), math.ceil(high * self._scale)
        self.degree = 1 / self._scale  # degrees of latitude in one unit

    def path(self, shape: dict[str, Any]) -> str:
        """A GeoJSON shape as the `d` of an SVG path, in relative steps; never empty: an islet becomes a speck."""
        rings = [self._ring(ring) for ring in _rings(shape)]
        drawn = "".join(_path(ring) for ring in rings if len(ring) > 2)
        if drawn:
            return drawn
        x, y = next((ring[0] for ring in rings if ring), (0, 0))
        return f"M{x - 2} {y}l2-2 2 2-2 2z"

    def _ring(self, ring: list[list[float]]) -> list[tuple[int, int]]:
        """Whole units, without points that fall on the one before and without the closing point."""
        west, north = self.box[0], self.box[3]
        points: list[tuple[int, int]] = []
        for lon, lat, *_ in ring:
            point = round((lon - west) * self._shrink * self._scale), round((north - lat) * self._scale)
            if not points or points[-1] != point:
                points.append(point)
        return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def _rings(shape: dict[str, Any]) -> Iterator[list[list[float]]]:
    """All rings of a Polygon, MultiPolygon or collection of them; lines and points have none."""
    if shape["type"] == "GeometryCollection":
        for part in shape["geometries"]:
            yield from _rings(part)
    elif shape["type"] == "Polygon":
        yield from shape["coordinates"]
    elif shape["type"] == "MultiPolygon":
        for polygon in shape["coordinates"]:
            yield from polygon


def _path(ring: list[tuple[int, int]]) -> str:
    (x, y), *rest = ring
    steps = []
    for nx, ny in rest:
        steps += [nx - x, ny - y]
        x, y = nx, ny
    # A minus sign separates as well as a blank does.
    return f"M{ring[0][0]} {ring[0][1]}l" + " ".join(map(str, steps)).replace(" -", "-") + "z"

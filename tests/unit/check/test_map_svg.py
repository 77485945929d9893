"""The map: what is drawn is where it should be, says what it means, and is plain well-formed SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from pipelines.check.map_svg import WIDTH, Area, Frame, Point, Spot, class_breaks, draw

SVG = "{http://www.w3.org/2000/svg}"
BOX = (110.0, -7.0, 111.0, -6.0)
SQUARE = [(110.0, -7.0), (110.5, -7.0), (110.5, -6.5), (110.0, -6.5), (110.0, -7.0)]
NEXT = [(x + 0.5, y) for x, y in SQUARE]
HOLE = [(110.1, -6.9), (110.1, -6.8), (110.2, -6.8), (110.2, -6.9), (110.1, -6.9)]
points = st.tuples(st.floats(110, 111), st.floats(-7, -6))


def parse(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def walked(path: str) -> list[list[tuple[int, int]]]:
    """Corners of every ring of a path: `M x y l dx dy ... z`."""
    rings = []
    for start, steps in re.findall(r"M(\d+ \d+)l([^z]*)z", path):
        x, y = map(int, start.split())
        ring = [(x, y)]
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def titles(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """Drawn things by what they tell the pointer."""
    return {t.text or "": e for e in root.iter() for t in e.findall(f"{SVG}title") if e is not root}


@given(st.lists(points, min_size=3, max_size=30))
def test_a_path_leads_through_every_corner_in_order(ring: list[Point]) -> None:
    frame = Frame(BOX)
    corners = [frame.place(p) for p in ring]
    wanted = [c for n, c in enumerate(corners) if n == 0 or c != corners[n - 1]]
    if len(wanted) > 1 and wanted[0] == wanted[-1]:
        wanted.pop()
    assert walked(frame.path([ring])) == ([wanted] if len(wanted) > 2 else [])
    assert all(0 <= x <= WIDTH * 2 and 0 <= y <= frame.height * 2 for x, y in wanted), "all lie on the drawing"


def test_north_is_up_and_a_degree_is_as_long_either_way() -> None:
    frame = Frame((110.0, -60.5, 111.0, -59.5))
    (x0, y0), (x1, _), (_, y1) = (frame.place(p) for p in ((110.0, -60.0), (111.0, -60.0), (110.0, -59.5)))
    assert y1 < y0
    assert abs((x1 - x0) - (y0 - y1)) <= 3, "at 60 degrees a degree of longitude is half as long"


def test_a_tall_place_stays_within_the_width() -> None:
    frame = Frame((110.0, -9.0, 110.1, -6.0))
    assert frame.height <= WIDTH
    assert 0 < frame.place((110.0, -6.0))[0] < frame.place((110.1, -6.0))[0] < WIDTH * 2


def test_areas_tell_what_they_are_and_are_shaded_by_what_was_found() -> None:
    areas = [Area([SQUARE, HOLE], "Desa <A> & B", 7), Area([NEXT], "Desa C", 0), Area([[(110.9, -6.1)] * 4], "D", None)]
    root = parse(draw('Peta "uji"', "Tentang.", Frame(BOX), [[SQUARE]], areas))
    assert root.get("role") == "img" and root.get("aria-label") == 'Peta "uji"'
    assert [root[0].text, root[1].text] == ['Peta "uji"', "Tentang."]
    drawn = titles(root)
    assert set(drawn) == {"Desa <A> & B", "Desa C", "D"}
    assert len(walked(drawn["Desa <A> & B"].get("d") or "")) == 2, "the hole is a ring of its own"
    assert drawn["D"].tag == f"{SVG}circle", "an area too small for the map is still seen"
    assert len({e.get("fill") for e in drawn.values()}) == 3
    legend = {t.text for t in root.iter(f"{SVG}text")}
    assert legend >= {"tanpa temuan", "belum ada data"} and "titik di luar wilayahnya" not in legend
    assert any("7 baris bertemuan" in (text or "") for text in legend)


def test_spots_are_drawn_where_the_map_reaches() -> None:
    spots = [Spot((110.25, -6.75), "dekat"), Spot((0.0, 0.0), "jauh")]
    root = parse(draw("t", "a", Frame(BOX), [], [Area([SQUARE], "A", 1)], spots))
    assert set(titles(root)) == {"A", "dekat"}
    x, y = Frame(BOX).place((110.25, -6.75))
    assert (titles(root)["dekat"].get("cx"), titles(root)["dekat"].get("cy")) == (str(x), str(y))


def test_nothing_to_load_and_nothing_to_run() -> None:
    evil = '"><script>alert(1)</script>'
    text = draw(evil, evil, Frame(BOX), [[SQUARE]], [Area([SQUARE], evil, 1)], [Spot(SQUARE[0], evil)], evil)
    tags = {e.tag.removeprefix(SVG) for e in parse(text).iter()}
    assert tags == {"svg", "title", "desc", "g", "path", "circle", "rect", "text"}
    assert not re.search(r"href|url\(|\bid=", text)


def test_a_province_of_detail_stays_small() -> None:
    """What can not be told apart on the drawing is not written."""
    coast = [(110 + n / 100_000, -6.5 + (n % 7) / 100_000) for n in range(100_000)]
    assert len(draw("t", "a", Frame(BOX), [], [Area([[*coast, (110.5, -7.0)]], "A", 1)])) < 12_000


@given(st.lists(st.integers(1, 10_000_000)))
def test_every_count_has_a_class(values: list[int]) -> None:
    breaks = class_breaks(values)
    assert len(breaks) <= 4 and breaks == sorted(set(breaks))
    assert (breaks[-1] == max(values)) if values else breaks == []

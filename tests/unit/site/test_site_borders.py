"""Borders for the pages: every place is drawn, neighbours stay neighbours, nothing grows too large."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pipelines.site import borders as module
from pipelines.site.borders import Borders, Piece, pieces_of
from pipelines.site.outline import Frame
from tests.release_kit import borders, describe, feature, resource, square


def drawn(folder: Path, name: str) -> dict[str, Any]:
    text = (folder / f"peta-{name}.js").read_text(encoding="utf-8")
    value = json.loads(text.removeprefix(f'SatuData.muat("peta","{name}",').removesuffix(");\n"))
    assert isinstance(value, dict)
    return value


def points(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each ring of a path."""
    rings = []
    for part in path.removesuffix("z").split("z"):
        at, steps = part.removeprefix("M").split("l")
        x, y = map(int, at.split())
        ring = [(x, y)]
        moves = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(moves[::2], moves[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


def test_places_know_their_piece() -> None:
    assert pieces_of(["33.02", "33.03", "34.01"]) == {Piece("kabupaten_kota", "33"), Piece("kabupaten_kota", "34")}
    assert pieces_of(["33.02.01.2001"]) == {Piece("desa_kelurahan", "33.02")}
    assert pieces_of(["33", "33.0", ""]) == {Piece("provinsi", "")} and Piece("provinsi", "").name == "provinsi-semua"


def test_squares_stay_squares_and_share_their_corners(tmp_path: Path) -> None:
    borders(tmp_path)
    found = Borders(tmp_path)
    assert found.pieces == {Piece("kabupaten_kota", "33"), Piece("kecamatan", "33")}
    found.write(tmp_path, Piece("kabupaten_kota", "33"))
    told = drawn(tmp_path, "kabupaten_kota-33")
    assert [code for code, _, _ in told["wilayah"]] == [f"33.0{n}" for n in range(1, 7)]
    shapes = {code: points(path) for code, _, path in told["wilayah"]}
    assert len(set(shapes["33.01"][0]) & set(shapes["33.02"][0])) == 2
    assert len(shapes["33.06"]) == 2, "the island is lost"
    wide, high = told["ukuran"]
    assert max(wide, high) == 2000 and all(
        -1 <= x <= wide and -1 <= y <= high for s in shapes.values() for r in s for x, y in r
    )


def test_overlapping_and_tiny_places_are_drawn_too(tmp_path: Path) -> None:
    folder = tmp_path / "referensi-batas_wilayah"
    folder.mkdir()
    bow = [[[110, -7], [111, -6], [111, -7], [110, -6], [110, -7]]]  # crosses itself
    speck = square(110.5, -6.5, 1e-7)
    places = [feature("33.01", "k", "A", [square(110, -7, 1)]), feature("33.02", "k", "", [square(110.2, -7, 1)]),
              feature("33.03", "k", "Busur", [bow]), feature("33.04", "k", "Titik", [speck])]  # fmt: skip
    path = folder / "referensi-batas_wilayah.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": places}), encoding="utf-8")
    describe(folder, [resource(path, "geojson", "application/geo+json", "x")], 4)
    found = Borders(tmp_path)
    found.write(tmp_path, Piece("kabupaten_kota", "33"))
    told = drawn(tmp_path, "kabupaten_kota-33")["wilayah"]
    assert [(code, name) for code, name, _ in told] == [
        ("33.01", "A"), ("33.02", "33.02"), ("33.03", "Busur"), ("33.04", "Titik")
    ]  # fmt: skip
    assert all(path.startswith("M") and path.endswith("z") for _, _, path in told)


def test_a_piece_that_is_too_large_loses_details(tmp_path: Path, monkeypatch: Any) -> None:
    borders(tmp_path)
    found = Borders(tmp_path)
    found.write(tmp_path, Piece("kecamatan", "33"))
    whole = (tmp_path / "peta-kecamatan-33.js").stat().st_size
    monkeypatch.setattr(module, "LARGEST", 1)
    found.write(tmp_path, Piece("kecamatan", "33"))
    assert len(drawn(tmp_path, "kecamatan-33")["wilayah"]) == 12
    assert (tmp_path / "peta-kecamatan-33.js").stat().st_size <= whole


def test_no_borders_no_pieces(tmp_path: Path) -> None:
    assert Borders(tmp_path).pieces == frozenset()


def test_an_islet_becomes_a_speck() -> None:
    frame = Frame(110, -8, 111, -7)
    speck = frame.path({"type": "Polygon", "coordinates": [[[110.5, -7.5]] * 4]})
    assert speck.endswith("l2-2 2 2-2 2z") and len(points(speck)[0]) == 4
    assert frame.path({"type": "Point", "coordinates": [1, 2]}).startswith("M")

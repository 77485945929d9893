"""`situs/data/<slug>.js`: the numbers that the chart and the map of a dataset show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.catalogue import Dataset
from pipelines.contract.place import CODE_LENGTHS
from pipelines.site.borders import Piece, pieces_of
from pipelines.site.cube import Cube, cube
from pipelines.site.packing import packed, rows_of
from pipelines.site.places import LEVELS, Names, code_list, read_list
from pipelines.site.points import points
from pipelines.site.roles import roles
from pipelines.site.script import write_call


@dataclass(frozen=True)
class Numbers:
    """What a page can show of its dataset: which pieces of the map it needs, whether there is a chart, a map."""

    pieces: frozenset[Piece]
    chart: bool
    points: bool


def write_data(
    con: duckdb.DuckDBPyConnection,
    release: Path,
    source: str,
    dataset: Dataset,
    names: Names,
    borders: Collection[Piece],
) -> Numbers | None:
    """Write the numbers of an SQL relation, the dataset's table; None (and no file) where nothing can be drawn."""
    sorted_columns = roles(dataset)
    dots = points(con, source, sorted_columns)
    found = cube(con, source, dataset.satudata.baris, sorted_columns, dataset.primary_key)
    if found is None and dots is None:
        return None
    value: dict[str, Any] = {"kubus": None, "titik": dots}
    codes: list[str] = []
    if found:
        rows = rows_of(con, found)
        codes = _codes(found, rows)
        names.learn(dataset, codes)
        value["kubus"] = packed(found, rows, names.known, _labels(release, dataset, found))
    pieces = _pieces(codes, found, dots is not None, borders)
    by_level: dict[str, list[str]] = {}
    for piece in sorted(pieces):
        by_level.setdefault(piece.tingkat, []).append(piece.induk)
    value["peta"] = by_level
    write_call(release / "situs" / "data" / f"{dataset.slug}.js", "data", dataset.slug, value)
    return Numbers(frozenset(pieces), chart=found is not None, points=dots is not None)


def _codes(cube: Cube, rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """The places of a cube and, where its numbers add up, all that they lie in."""
    if not cube.place:
        return []
    found = {row[0] for row in rows if row[0]}
    if cube.kind == "hitungan":
        found |= {code[:length] for code in found for length in LEVELS if length < len(code)}
    return sorted(found)


def _pieces(codes: list[str], cube: Cube | None, dots: bool, borders: Collection[Piece]) -> set[Piece]:
    """The pieces of the map that hold these places; points are drawn on the kabupaten of their province."""
    found = {piece for piece in pieces_of(codes) if piece in borders}
    if dots:
        provinces = {code[: CODE_LENGTHS["provinsi"]] for code in codes}
        wanted = {Piece("kabupaten_kota", code) for code in provinces} if cube and cube.place else set(borders)
        found |= {p for p in wanted if p in borders and p.tingkat == "kabupaten_kota"}
    return found


def _labels(release: Path, dataset: Dataset, cube: Cube) -> dict[str, dict[str, str]]:
    """For each group whose values are codes, their names out of the code list in the folder."""
    columns = (*cube.groups, *(column for column, _ in cube.fixed))
    lists = {column.name: code_list(dataset, column.name) for column in columns}
    return {name: read_list(release, dataset, found) for name, found in lists.items() if found}

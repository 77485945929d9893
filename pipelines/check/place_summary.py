"""What the report says of one delivery by place: where the findings are, what has no data, and the map of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.check.map_svg import Area, Frame, Point, Spot, draw
from pipelines.check.places import PLACES
from pipelines.contract.model import Contract, Tingkat
from pipelines.contract.place import LEVEL_NAMES
from pipelines.referensi.codes import LEVELS
from pipelines.referensi.problems import ReferenceProblem, problems
from pipelines.sql import literal, load_spatial
from pipelines.wilayah import place_columns

WORDS = {level: name.lower() for level, name in LEVEL_NAMES.items()}
_FINE_UP_TO = 5  # kabupaten; with more of them a map by kecamatan is too fine to read
_LISTED = 8
_DRAWN = 1500  # areas without data; more would make the report heavy


@dataclass(frozen=True)
class Place:
    """Rows of one place: accepted, quarantined, and accepted with a finding."""

    kode: str
    nama: str
    diterima: int
    karantina: int
    dicatat: int

    @property
    def found(self) -> int:
        """Rows with a finding."""
        return self.karantina + self.dicatat

    @property
    def label(self) -> str:
        """For the pointer on the map."""
        rows = self.diterima + self.karantina
        return f"{self.nama}: {rows} baris, {self.karantina} dikarantina, {self.dicatat} diterima dengan catatan"


@dataclass(frozen=True)
class PlaceSummary:
    """One delivery by place. `svg` is None without borders (`borders` false: none of any place were given)."""

    level: Tingkat
    worst: tuple[Place, ...]
    others: int  # places with findings that are not in `worst`
    unknown: int  # rows whose place is not known
    outside: int  # rows with a finding about their point
    expected: int  # places that should have data
    missing: tuple[tuple[str, str], ...]  # those of them that have none: code, name
    missing_level: Tingkat | None
    borders: bool
    svg: str | None

    @property
    def words(self) -> str:
        """The level as a person says it."""
        return WORDS[self.level]

    @property
    def missing_words(self) -> str:
        """The level of `missing` as a person says it."""
        return WORDS[self.missing_level or self.level]

    @property
    def speaks(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.worst or self.unknown or self.outside or self.missing)


class Places:
    """Summaries over one prepared DuckDB file (`base`) and, where there is one, the file of borders (`peta`)."""

    def __init__(self, con: duckdb.DuckDBPyConnection, borders: bool) -> None:
        self._con, self._borders = con, borders

    @classmethod
    @contextmanager
    def of(cls, base: Path, peta: Path | None) -> Iterator[Places]:
        """Open both files, read-only."""
        with duckdb.connect() as con:
            con.execute(f"ATTACH {literal(str(base))} AS dasar (READ_ONLY)")
            if peta is not None:
                load_spatial(con)
                con.execute(f"ATTACH {literal(str(peta))} AS peta (READ_ONLY)")
            yield cls(con, peta is not None)

    def summary(self, contract: Contract, folder: Path) -> PlaceSummary | None:
        """Of the delivery that the check left in `folder`; None when its rows have no place."""
        if contract.wilayah is None or not (folder / PLACES).is_file():
            return None
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE muatan AS FROM read_parquet({literal(str(folder / PLACES))})")
        level = self._level()
        places = self._places(level)
        missing_level, expected, missing = self._missing(contract)
        ranked = sorted((p for p in places if p.found), key=lambda p: (-p.found, p.kode))
        summary = PlaceSummary(
            level=level,
            worst=tuple(ranked[:_LISTED]),
            others=len(ranked[_LISTED:]),
            unknown=self._one("SELECT coalesce(sum(diterima + karantina), 0) FROM muatan WHERE kode IS NULL"),
            outside=self._one("SELECT coalesce(sum(titik_luar), 0) FROM muatan"),
            expected=expected,
            missing=tuple(missing),
            missing_level=missing_level,
            borders=self._borders,
            svg=None,
        )
        if not self._borders or not (summary.worst or summary.outside or missing):
            return summary
        return replace(summary, svg=self._map(contract, summary, places))

    def problems(self) -> list[ReferenceProblem]:
        """What is wrong with the reference files, and with the files of borders."""
        files = ["dasar", *["peta"] * self._borders]
        return problems(self._con, *(f"{file}.referensi_masalah" for file in files))

    def _one(self, sql: str) -> int:
        row = self._con.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def _level(self) -> Tingkat:
        """The finest level at which a map of the whole can be read and that the rows have."""
        finest, kabupaten = self._con.execute(
            "SELECT coalesce(max(length(kode)), 0), count(DISTINCT kode[:5]) FILTER (length(kode) >= 5) FROM muatan"
        ).fetchone() or (0, 0)
        if finest < LEVELS["kabupaten_kota"]:
            return "provinsi"
        return "kecamatan" if finest >= LEVELS["kecamatan"] and kabupaten <= _FINE_UP_TO else "kabupaten_kota"

    def _places(self, level: Tingkat) -> list[Place]:
        """Rows by place of a level; those known more coarsely stay where they are known."""
        rows = self._con.execute(
            "SELECT m.kode, coalesce(w.nama, m.kode), diterima, karantina, dicatat FROM ("
            f"SELECT kode[:{LEVELS[level]}] AS kode, sum(diterima)::BIGINT AS diterima, "
            "sum(karantina)::BIGINT AS karantina, sum(dicatat)::BIGINT AS dicatat "
            "FROM muatan WHERE kode IS NOT NULL GROUP BY ALL) m LEFT JOIN dasar.wilayah w USING (kode) ORDER BY m.kode"
        ).fetchall()
        return [Place(*row) for row in rows]

    def _missing(self, contract: Contract) -> tuple[Tingkat | None, int, list[tuple[str, str]]]:
        """Places that should have a row and have none accepted: where a place is part of the key, and
        inside what the contract or, failing that, the delivery covers."""
        assert contract.wilayah
        level = key_level(contract)
        if level is None or level == "provinsi":
            return None, 0, []
        length = LEVELS[level]
        above = LEVELS["provinsi" if level == "kabupaten_kota" else "kabupaten_kota"]
        scope = contract.wilayah.dalam or contract.wilayah.tetap
        covered = (
            f"SELECT {literal(scope)} AS dalam"
            if scope and len(scope) >= above
            else f"SELECT DISTINCT kode[:{above}] AS dalam FROM muatan WHERE length(kode) >= {length} AND diterima > 0"
        )
        rows = self._con.execute(
            "SELECT w.kode, w.nama, m.kode IS NULL FROM dasar.wilayah w "
            f"LEFT JOIN (SELECT DISTINCT kode[:{length}] AS kode FROM muatan WHERE diterima > 0) m USING (kode) "
            f"WHERE w.tingkat = {literal(level)} AND EXISTS (FROM ({covered}) c "
            "WHERE starts_with(w.kode, c.dalam)) ORDER BY w.kode"
        ).fetchall()
        missing = [(kode, nama) for kode, nama, absent in rows if absent]
        return (level, len(rows), missing) if len(missing) < len(rows) else (None, 0, [])

    # -- map -------------------------------------------------------------------------------------

    def _map(self, contract: Contract, summary: PlaceSummary, places: list[Place]) -> str | None:
        """The map; None where the file of borders has none of these places."""
        absent = dict(summary.missing[:_DRAWN])
        wanted = [p.kode for p in places] + list(absent)
        shown = sorted({kode[:5] for kode in wanted if len(kode) >= 5}) or wanted
        box = self._con.execute(
            "SELECT min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom)) "
            f"FROM peta.batas WHERE jenis = 'wilayah' AND kode IN ({_listed(shown)})"
        ).fetchone()
        if box is None or box[0] is None:
            return None
        frame = Frame(box)
        rings = self._rings(frame, wanted)
        areas = [Area(rings[p.kode], p.label, p.found) for p in places if p.kode in rings]
        areas += [Area(rings[k], f"{nama}: belum ada data", None) for k, nama in absent.items() if k in rings]
        if not areas:
            return None
        drawn = {p.kode for p in places} | set(absent)
        around = self._rings(frame, None, "kabupaten_kota")
        outlines = [ring for kode, ring in around.items() if kode not in drawn]
        title = f"Peta temuan menurut {summary.words}: {contract.judul}"
        about = f"{sum(p.found for p in places)} baris bertemuan di {sum(p.found > 0 for p in places)} {summary.words}."
        if summary.missing:
            about += f" {len(summary.missing)} {summary.missing_words} belum ada datanya."
        return draw(title, about, frame, outlines, areas, self._spots())

    def _rings(
        self, frame: Frame, codes: list[str] | None, level: Tingkat | None = None
    ) -> dict[str, list[list[Point]]]:
        """Rings of polygons by code: those listed, or all of a level that the frame touches; simplified to the
        frame's tolerance.
        """
        west, south, east, north = frame.box
        chosen = f"kode IN ({_listed(codes)})" if codes is not None else f"tingkat = {literal(level)}"
        # What the simplification leaves nothing of is small, and drawn as it is.
        rows = self._con.execute(
            f"SELECT kode, ST_AsGeoJSON(CASE WHEN ST_IsEmpty(kecil) THEN geom ELSE kecil END) FROM ("
            f"SELECT kode, geom, ST_Simplify(geom, {frame.tolerance}) AS kecil FROM peta.batas "
            f"WHERE jenis = 'wilayah' AND kode IS NOT NULL AND {chosen} AND ST_XMin(geom) <= {east} AND "
            f"ST_XMax(geom) >= {west} AND ST_YMin(geom) <= {north} AND ST_YMax(geom) >= {south}) ORDER BY kode"
        ).fetchall()
        found: dict[str, list[list[Point]]] = {}
        for kode, text in rows:
            if rings := _rings_of(json.loads(text)):
                found.setdefault(kode, []).extend(rings)
        return found

    def _spots(self) -> list[Spot]:
        rows = self._con.execute(
            "SELECT t.bujur, t.lintang, coalesce(w.nama, kode, 'wilayah tidak diketahui') FROM ("
            "SELECT kode, unnest(titik) AS t FROM muatan) LEFT JOIN dasar.wilayah w USING (kode) ORDER BY ALL"
        ).fetchall()
        return [Spot((x, y), f"Titik di luar {name}: {y:.5f}, {x:.5f}") for x, y, name in rows]


def key_level(contract: Contract) -> Tingkat | None:
    """The finest level of place in the contract's key; None when no place is part of it."""
    levels = {contract.kolom[k].tingkat for k in contract.kunci if k in place_columns(contract)}
    return next((level for level in reversed(LEVELS) if level in levels), None)


def _listed(codes: list[str]) -> str:
    return ", ".join(map(literal, codes)) or "NULL"


def _rings_of(shape: dict[str, object]) -> list[list[Point]]:
    """All rings of a GeoJSON Polygon or MultiPolygon; of other shapes none."""
    coordinates = shape.get("coordinates")
    assert isinstance(coordinates, list)
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(shape["type"]), [])
    return [[(p[0], p[1]) for p in ring] for polygon in polygons for ring in polygon if ring]

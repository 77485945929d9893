"""Findings by place: counted once a row, at a level that can be read, without a coordinate of a person."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pyarrow.parquet as pq
import pytest

from check.conftest import Examine, Result, Row, contract_of
from pipelines.check.place_summary import Places, PlaceSummary, key_level
from pipelines.check.places import PLACES, write_places
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.sql import literal, load_spatial

# Kecamatan Baturraden has twelve desa: 33.02.22.2001 to 2012.
DESA = {"standar": "kode_wilayah", "sistem": "kemendagri", "tingkat": "desa_kelurahan", "dari": "desa"}
COLUMNS: Row = {"desa": DESA, "lintang": "lintang", "bujur": "bujur", "cacah": "bilangan"}
PLACE = {"kode": "desa", "titik": ["lintang", "bujur"], "dalam": "33.02.22"}
HEADER = "desa,lintang,bujur,cacah\n"


def counted(library: Library, result: Result, outside: tuple[int, ...] = ()) -> dict[str | None, Row]:
    """What write_places leaves, by code; rows of the lines `outside` have a finding about their point."""
    with duckdb.connect(str(result.work / "periksa.duckdb")) as con:
        con.execute("INSERT INTO aturan VALUES (999, 'lintang', 'titik', 'x', 'peringatan', '', '', false, 'baris')")
        lines = ", ".join(map(str, outside)) or "NULL"
        con.execute(f"INSERT INTO bermasalah SELECT _berkas, _no, NULL, [999] FROM periksa WHERE _baris IN ({lines})")
        write_places(con, library, result.contract, result.work)
    return {row["kode"]: row for row in pq.read_table(result.work / PLACES).to_pylist()}


def test_rows_are_counted_once_where_they_belong(library: Library, examine: Examine) -> None:
    contract = contract_of(COLUMNS, wilayah=PLACE, batas={"ditolak_maks": 0.9})
    rows = ["33.02.22.2001,-7.3,109.2,1", "33.02.22.2001,-7.3,109.2,x", "33.02.22.2001,-7.3,999,y",
            "33.02.22.2002,-7.3,151.2,1", "apa,-7.3,109.2,1"]  # fmt: skip
    found = counted(library, examine(contract, HEADER + "\n".join(rows) + "\n"), outside=(5,))
    parts = ("diterima", "karantina", "dicatat", "titik_luar")
    assert {kode: tuple(row[p] for p in parts) for kode, row in found.items()} == {
        "33.02.22.2001": (1, 2, 0, 0),
        "33.02.22.2002": (1, 0, 1, 1),
        None: (0, 1, 0, 0),
    }
    assert found["33.02.22.2002"]["titik"] == [{"lintang": -7.3, "bujur": 151.2}]
    assert found["33.02.22.2001"]["titik"] == []


def test_a_point_of_a_person_is_counted_and_not_kept(library: Library, examine: Examine) -> None:
    personal: Row = COLUMNS | {"lintang": {"dari": "lintang", "standar": "lintang", "pribadi": True}}
    result = examine(contract_of(personal, wilayah=PLACE), HEADER + "33.02.22.2001,-7.3,109.2,1\n" * 3)
    found = counted(library, result, outside=(2, 3))
    assert found["33.02.22.2001"]["titik_luar"] == 2
    assert found["33.02.22.2001"]["titik"] == []


def test_nothing_for_a_contract_without_places(library: Library, examine: Examine) -> None:
    result = examine(contract_of({"cacah": "bilangan"}), "cacah\n1\n")
    with duckdb.connect(str(result.work / "periksa.duckdb")) as con:
        write_places(con, library, result.contract, result.work)
    assert not (result.work / PLACES).exists()


# -- summary ---------------------------------------------------------------------------------------


def kode(number: int) -> str:
    return f"33.02.22.2{number:03}"


@pytest.fixture(scope="module")
def peta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Borders: the desa of Baturraden as twelve squares in a row, with the levels above."""
    out = tmp_path_factory.mktemp("peta") / "peta.duckdb"
    with duckdb.connect(str(out)) as con:
        load_spatial(con)
        con.execute(
            "CREATE TABLE batas (kode VARCHAR, tingkat VARCHAR, jenis VARCHAR, nama VARCHAR, kode_asal VARCHAR, "
            "berkas VARCHAR, geom GEOMETRY)"
        )
        con.execute(
            "CREATE TABLE referensi_masalah AS SELECT 'b.zip' AS berkas, 'tumpang' AS jenis, '33.02' AS tempat, "
            "'Poligon bertumpang tindih.' AS pesan, '33.02.22.2001' AS contoh, 3::BIGINT AS jumlah"
        )
        boxes = [(kode(n), "desa_kelurahan", n, n + 1) for n in range(1, 13)]
        for code, level, start, end in [*boxes, ("33.02.22", "kecamatan", 1, 13), ("33.02", "kabupaten_kota", 1, 13)]:
            con.execute(
                f"INSERT INTO batas SELECT {literal(code)}, {literal(level)}, 'wilayah', 'x', NULL, 'x', "
                f"ST_MakeEnvelope({109 + start / 100}, -7.4, {109 + end / 100}, -7.3)"
            )
    return out


def summary(base: Path, peta: Path | None, contract: Contract, tmp_path: Path, rows: str) -> PlaceSummary:
    """The summary of a tempat.parquet with these rows: (kode, diterima, karantina, dicatat, titik_luar, titik)."""
    columns = "kode, diterima, karantina, dicatat, titik_luar, titik"
    duckdb.sql(f"FROM (VALUES {rows}) v({columns})").write_parquet(str(tmp_path / PLACES))
    with Places.of(base, peta) as places:
        made = places.summary(contract, tmp_path)
    assert made is not None
    return made


def row(code: str | None, taken: int, refused: int = 0, noted: int = 0, points: str = "") -> str:
    listed = f"[{points}]::STRUCT(lintang DOUBLE, bujur DOUBLE)[]"
    return f"({literal(code)}, {taken}, {refused}, {noted}, {points.count('{')}, {listed})"


def told(summary: PlaceSummary) -> set[str]:
    root = ElementTree.fromstring(summary.svg or "")
    return {t.text or "" for e in root.iter() for t in e if t.tag.endswith("title") and e is not root}


def test_where_the_findings_are(base: Path, peta: Path, tmp_path: Path) -> None:
    contract = contract_of(COLUMNS, wilayah=PLACE)
    rows = [row(kode(1), 8, 2, 1), row(kode(2), 5), row(None, 3, 1), row("33.02", 1, 0, 1)]
    made = summary(base, peta, contract, tmp_path, ", ".join(rows))
    assert made.level == "kecamatan" and made.words == "kecamatan"
    assert [(p.kode, p.nama, p.found) for p in made.worst] == [
        ("33.02.22", "Baturraden", 3),
        ("33.02", "Kabupaten Banyumas", 1),
    ]
    assert (made.unknown, made.outside, made.missing) == (4, 0, ())
    assert "Baturraden: 15 baris, 2 dikarantina, 1 diterima dengan catatan" in told(made)


def test_desa_without_data_where_the_desa_is_the_key(base: Path, peta: Path, tmp_path: Path) -> None:
    contract = contract_of(COLUMNS, wilayah=PLACE, kunci=["desa"])
    assert key_level(contract) == "desa_kelurahan"
    rows = [row(kode(n), 1) for n in range(1, 11)] + [row(kode(11), 0, 1)]
    made = summary(base, peta, contract, tmp_path, ", ".join(rows))
    assert made.expected == 12
    assert [k for k, _ in made.missing] == [kode(11), kode(12)], "a desa whose only row was refused has no data"
    assert "Ketenger: belum ada data" in told(made)
    open_end = contract_of(COLUMNS, wilayah={"kode": "desa"}, kunci=["desa"])
    assert summary(base, None, open_end, tmp_path, ", ".join(rows)).expected == 331, "the kabupaten that was delivered"
    nothing = summary(base, peta, contract, tmp_path, row(kode(1), 0, 3))
    assert nothing.missing == (), "a delivery without an accepted row misses nothing in particular"
    keyless = summary(base, peta, contract_of(COLUMNS, wilayah=PLACE), tmp_path, ", ".join(rows))
    assert keyless.missing == ()


def test_points_outside_are_marked(base: Path, peta: Path, tmp_path: Path) -> None:
    point = "{lintang: -7.35, bujur: 109.055}"
    made = summary(base, peta, contract_of(COLUMNS, wilayah=PLACE), tmp_path, row(kode(1), 4, 0, 1, point))
    assert made.outside == 1
    assert "Titik di luar Purwosari: -7.35000, 109.05500" in told(made)


def test_a_delivery_over_many_kabupaten_is_shown_by_kabupaten(base: Path, tmp_path: Path) -> None:
    rows = ", ".join(row(f"33.{n:02}.01", 2, 1) for n in range(1, 7))
    made = summary(base, None, contract_of(COLUMNS, wilayah={"kode": "desa"}), tmp_path, rows)
    assert made.level == "kabupaten_kota" and len(made.worst) == 6


def test_without_borders_there_is_no_map_but_the_list(base: Path, peta: Path, tmp_path: Path) -> None:
    contract = contract_of(COLUMNS, wilayah=PLACE)
    bare = summary(base, None, contract, tmp_path, row(kode(1), 8, 2))
    assert (bare.svg, bare.borders, len(bare.worst)) == (None, False, 1)
    elsewhere = summary(base, peta, contract, tmp_path, row("11.01.01.2001", 8, 2))
    assert (elsewhere.svg, elsewhere.borders) == (None, True), "no border of that place is known"
    well = summary(base, peta, contract, tmp_path, row(kode(1), 8))
    assert well.svg is None and not well.speaks, "nothing to say, nothing to draw"


def test_problems_of_reference_files_come_from_both(base: Path, peta: Path) -> None:
    with Places.of(base, peta) as places:
        both = places.problems()
    with Places.of(base, None) as places:
        codes = places.problems()
    assert codes, "the edition that is shipped has names that look damaged"
    assert {p.berkas for p in both} - {p.berkas for p in codes} == {"b.zip"}
    assert len(both) == len(codes) + 1

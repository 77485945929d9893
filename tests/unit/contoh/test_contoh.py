"""The sample province: same bytes every time, no code of the pipeline, a list that fits the files."""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.contract.load import Library, load_library
from pipelines.sql import literal, load_spatial

REPO = Path(__file__).resolve().parents[3]
SAMPLE = REPO / "sources" / "_contoh"
STANDARDS = REPO / "expectations" / "standards"
# Findings that are no data standard's: of the contract, of a column's sum, of reading, of arrival.
OTHER = {"wajib", "pilihan", "kunci", "kaidah", "jumlah", "baca", "berkas", "landing"}
Row = dict[str, str]


def prints(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        str(p.relative_to(folder)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns)
        for part in ("landing", "referensi")
        for p in sorted((folder / part).rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def planted(made: Path) -> list[Row]:
    with (made / "tertanam.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(SAMPLE, REPO / "sources" / "referensi", STANDARDS)


def test_same_seed_same_bytes(made: Path, again: Path) -> None:
    assert prints(again) == prints(made)
    for name in ("tertanam.csv", "orang.csv", "mart.csv"):
        assert (again / name).read_bytes() == (made / name).read_bytes(), name


def test_another_seed_another_province(made: Path, other: Path) -> None:
    same = set(prints(other).items()) & set(prints(made).items())
    assert {name.rpartition("/")[2] for name, _ in same} <= {
        "kabupaten_jepara.csv",
        "Surat pengantar.txt",
        "imunisasi klaten.csv",
        "jembatan_2024.xls",
        "33.19.05.2999.json",
        "referensi.yml",
    }


@pytest.fixture(scope="module")
def borders(made: Path) -> duckdb.DuckDBPyConnection:
    """The table `batas` of the schematic borders."""
    con = duckdb.connect()
    load_spatial(con)
    con.execute(f"CREATE TABLE batas AS FROM ST_Read({literal(str(made / 'referensi' / 'batas' / 'contoh.geojson'))})")
    return con


def test_borders_cover_every_desa_once_and_say_that_they_are_invented(
    made: Path, borders: duckdb.DuckDBPyConnection
) -> None:
    codes = {kode for (kode,) in borders.execute("SELECT kode FROM batas WHERE kode IS NOT NULL").fetchall()}
    with gzip.open(REPO / "sources" / "referensi" / "wilayah" / "2025.csv.gz", "rt", encoding="utf-8") as stream:
        listed = {r["kode"] for r in csv.DictReader(stream)}
    assert codes == {k for k in listed if len(k) == 13 and k[:5] in ("33.02", "33.19", "33.72")}
    assert borders.execute("SELECT count(*) FROM batas").fetchone() == (len(codes) + 2,)
    others = borders.execute("SELECT nama FROM batas WHERE kode IS NULL ORDER BY 1").fetchall()
    assert others == [("Hutan Contoh",), ("Waduk Contoh",)]
    assert borders.execute("SELECT DISTINCT keterangan FROM batas").fetchall() == [("skematis, bukan batas resmi",)]
    assert "skematis" in (made / "referensi" / "referensi.yml").read_text(encoding="utf-8")


def test_borders_neither_overlap_nor_leave_gaps(borders: duckdb.DuckDBPyConnection) -> None:
    valid, apart, together = borders.execute(
        "SELECT bool_and(ST_IsValid(geom)), sum(ST_Area(geom)), ST_Area(ST_Union_Agg(geom)) FROM batas"
    ).fetchone() or (False, 0, 0)
    assert valid and together == pytest.approx(apart, rel=1e-9)
    holes = borders.execute(
        "SELECT kabupaten, sum(ST_NumInteriorRings(geom)) FROM "
        "(SELECT kabupaten, ST_Union_Agg(geom) AS geom FROM batas GROUP BY 1) WHERE ST_GeometryType(geom) = 'POLYGON' "
        "GROUP BY 1"
    ).fetchall()
    assert sorted(holes) == [("Kabupaten Banyumas", 0), ("Kabupaten Kudus", 0), ("Kota Surakarta", 0)]


def test_points_lie_in_their_desa_unless_planted(
    made: Path, planted: list[Row], borders: duckdb.DuckDBPyConnection
) -> None:
    path = made / "landing" / "bpbd" / "bencana" / "kejadian 2024.csv"
    lines = path.read_bytes().decode("cp1252").splitlines()
    faulty = {int(p["baris"]) for p in planted if p["berkas"] == path.name and p["baris"]}
    rows = [r for n, r in enumerate(csv.DictReader(lines, delimiter=";"), start=2) if n not in faulty]
    assert len(rows) > 200
    borders.execute("CREATE OR REPLACE TABLE kejadian (kecamatan VARCHAR, desa VARCHAR, y DOUBLE, x DOUBLE)")
    points = [[r["Kec"], r["Desa/Kel"], *(float(r[c].replace(",", ".")) for c in ("LS", "BT"))] for r in rows]
    borders.executemany("INSERT INTO kejadian VALUES (?, ?, ?, ?)", points)
    inside = borders.execute(
        "SELECT count(*) FROM kejadian k JOIN batas b ON b.kecamatan = k.kecamatan AND b.nama = k.desa "
        "AND ST_Contains(b.geom, ST_Point(x, y))"
    ).fetchone()
    assert inside == (len(rows),)


def test_help_shows_an_example() -> None:
    shown = subprocess.run([sys.executable, SAMPLE / "buat.py", "--help"], check=True, capture_output=True, text=True)
    assert "python sources/_contoh/buat.py --landing" in shown.stdout


@pytest.mark.parametrize("path", sorted(SAMPLE.rglob("*.py")), ids=lambda p: p.name)
def test_imports_nothing_of_the_pipeline(path: Path) -> None:
    allowed = {"pembuat", "xlsxwriter", *sys.stdlib_module_names}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert {name.partition(".")[0] for name in names} <= allowed


def test_every_delivery_has_a_contract_and_one_contract_waits(made: Path, library: Library) -> None:
    landed = {".".join(p.relative_to(made / "landing").parts) for p in (made / "landing").glob("*/*")}
    declared = {c.key for c in library.contracts}
    assert landed <= declared
    assert declared - landed == {"bpbd.peringatan_dini"}
    tables = [c.table for c in library.contracts]
    assert len(tables) == len(set(tables))


def test_nothing_personal_is_published(library: Library) -> None:
    public = [c for c in library.contracts if any(column.terbit for column in c.kolom.values())]
    assert len(public) >= 10
    assert {c.klasifikasi for c in public} == {"terbuka"}
    assert not [c.key for c in public for k, v in c.kolom.items() if v.terbit and library.is_personal(c, k)]


def test_list_names_what_exists(made: Path, planted: list[Row], library: Library) -> None:
    assert len(planted) > 200
    for fault in planted:
        contract = library.find(f"{fault['produsen']}.{fault['dataset']}")
        assert (made / "landing" / fault["produsen"] / fault["dataset"] / fault["berkas"]).is_file()
        assert fault["standar"] in OTHER or fault["standar"] in library.standards
        assert fault["jenis"]
        if fault["kolom"] and fault["standar"] not in {"baca", "berkas", "landing"}:
            column = contract.kolom[fault["kolom"]]
            if fault["standar"] not in OTHER:
                standard = library.standards[fault["standar"]]
                pair = contract.wilayah.titik if contract.wilayah else []
                assert column.standar == standard.nama or (standard.nama == "titik" and fault["kolom"] in pair)
                rules = [*standard.aturan, *standard.aturan_kolom]
                # What the pair of coordinates shows is found at its first column.
                rules += library.standards["titik"].aturan if fault["kolom"] in pair else []
                assert fault["aturan"] in {r.nama for r in rules}
        if fault["standar"] == "kaidah":
            assert fault["aturan"] in {r.nama for r in contract.kaidah}


def test_faults_stand_where_the_list_says(made: Path, planted: list[Row], library: Library) -> None:
    """The cell at the planted line and column is bad on its face, or empty, or repeats a key."""
    seen: Counter[str] = Counter()
    for fault in planted:
        path = made / "landing" / fault["produsen"] / fault["dataset"] / fault["berkas"]
        if not fault["baris"] or fault["standar"] == "baca":
            continue
        contract = library.find(f"{fault['produsen']}.{fault['dataset']}")
        cells = cells_at(path, fault, {h for c in contract.kolom.values() for h in c.dari})
        column = contract.kolom[fault["kolom"]]
        if not cells or not column.dari:
            continue  # a wide table: the column is no header
        value = next((cells[h.casefold()] for h in column.dari if h.casefold() in cells), None)
        seen[fault["standar"]] += 1
        if fault["jenis"] == "berkas terpotong di tengah baris":
            assert path.read_bytes().endswith(f"{value}".encode())
        elif fault["standar"] == "wajib":
            assert not value
        elif fault["standar"] == "pilihan":
            allowed = {s.casefold() for v, others in column.nilai.items() for s in (v, *others)}
            assert value is not None and value.casefold() not in allowed
        elif fault["jenis"] == "kode menjadi angka desimal":
            assert value == "33.1"
        else:
            assert value
    assert {"wajib", "pilihan", "kunci", "nik", "tanggal", "nama_wilayah", "rupiah"} <= set(seen)


def test_every_kind_of_fault_of_the_standards_occurs(planted: list[Row], library: Library) -> None:
    rules = {(p["standar"], p["aturan"]) for p in planted}
    used = {c.standar for contract in library.contracts for c in contract.kolom.values()}
    assert used - {s for s, _ in rules} <= {"bulan"}
    assert {("kunci", "baris_kembar"), ("kunci", "kunci_ganda"), ("nik", "ekor_nol")} <= rules
    assert {s for s, _ in rules} >= OTHER


def cells_at(path: Path, fault: Row, headers: set[str]) -> Row:
    """Cells by header (case folded) of the record that starts at the planted line; empty if none is found."""
    number = int(fault["baris"])
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)[fault["lembar"]]
        rows = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
        names = next((row for row in rows if headers <= set(row)), None)
        return dict(zip([n.casefold() for n in names], rows[number - 1], strict=False)) if names else {}
    if path.suffix == ".json":
        record = next(iter(json.loads(path.read_text())["data"].values()))[number - 1]
        return {name.casefold(): text for name, text in flat(record)}
    data = path.read_bytes()
    text = data.decode("utf-8-sig" if not is_cp1252(data) else "cp1252")
    lines = text.splitlines(keepends=True)
    heads = [
        h for line in lines[:6] for h in (line.rstrip("\r\n").split(d) for d in ";,\t|") if len(set(h) & headers) > 1
    ]
    delimiter = next(
        d for d in ";,\t|" if len(set(heads[0]) & headers) > 1 and d.join(heads[0]) + "\n" in text.replace("\r", "")
    )
    record = next(csv.reader(lines[number - 1 :], delimiter=delimiter))
    return dict(zip([h.casefold() for h in heads[0]], record, strict=False))


def flat(value: object, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [pair for k, v in value.items() for pair in flat(v, f"{path}.{k}".lstrip("."))]
    return [(path, "" if value is None else str(value))]


def is_cp1252(data: bytes) -> bool:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return True
    return False

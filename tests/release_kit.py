"""A small awkward release on disk, for tests of what is made from releases: the site and its pages in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import sha256_file
from pipelines.sql import literal

HOSTILE = "</script><img src=x onerror=alert(1)>&\"'{{ 7*7 }}"
KABUPATEN = {f"33.{n:02d}": f"Kabupaten {name}" for n, name in enumerate(
    ("Anggrek", "Bakung", "Cempaka", "Dahlia", "Edelweis", "Flamboyan"), 1)}  # fmt: skip
PLACE = [
    {"name": "kode_wilayah", "type": "string", "title": "Kode wilayah", "peran": "wilayah"},
    {"name": "nama_kabupaten_kota", "type": "string", "title": "Nama kabupaten/kota", "peran": "wilayah"},
]
YEAR = {"name": "tahun", "type": "integer", "title": "Tahun", "peran": "waktu", "standar": "tahun"}


def column(name: str, type_: str = "string", peran: str = "dimensi", **more: Any) -> dict[str, Any]:
    """One field of a schema."""
    return {"name": name, "type": type_, "title": name.replace("_", " ").capitalize(), "peran": peran, **more}


def write_dataset(release: Path, slug: str, query: str, fields: list[dict[str, Any]], **more: Any) -> Path:
    """A dataset whose table is the result of an SQL query; `more` goes into the descriptor."""
    folder = release / slug
    folder.mkdir(parents=True)
    resources = []
    with duckdb.connect() as con:
        for suffix, how in (("csv", "FORMAT csv, HEADER"), ("parquet", "FORMAT parquet")):
            con.execute(f"COPY ({query}) TO {literal(str(folder / f'{slug}.{suffix}'))} ({how})")
            media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}[suffix]
            resources.append(resource(folder / f"{slug}.{suffix}", f"{slug}-{suffix}", media, suffix.upper()))
        rows = con.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0]
    schema: dict[str, Any] = {"fields": fields}
    if any(f["name"] == "kode_wilayah" for f in fields):
        names = folder / "kode_wilayah.csv"
        names.write_text("kode,nama\n" + "".join(f"{k},{v}\n" for k, v in KABUPATEN.items()), encoding="utf-8")
        codes = {"fields": [{"name": "kode", "type": "string"}, {"name": "nama", "type": "string"}]}
        schema["foreignKeys"] = [
            {"fields": ["kode_wilayah"], "reference": {"resource": "kode-wilayah", "fields": ["kode"]}}
        ]
        resources.append(resource(names, "kode-wilayah", "text/csv", "Kode wilayah") | {"schema": codes})
    resources[0]["schema"] = schema
    return describe(folder, resources, rows, **more)


def resource(path: Path, name: str, mediatype: str, title: str) -> dict[str, Any]:
    """One file of a dataset."""
    return {"name": name, "path": path.name, "format": path.suffix[1:], "mediatype": mediatype, "title": title,
            "bytes": path.stat().st_size, "hash": f"sha256:{sha256_file(path)}"}  # fmt: skip


def describe(folder: Path, resources: list[dict[str, Any]], rows: int, **more: Any) -> Path:
    """Write the descriptor."""
    satudata = {
        "produsen": {"kode": "dinas", "nama": "Dinas Contoh", "surel": "data@contoh.example", "situs": None},
        "jadwal": "tahunan", "diperbarui": "2025-01-06", "berikutnya": "2026-01-06", "kategori": "Sosial",
        "baris": rows, "cakupan": {"wilayah": list(KABUPATEN), "tingkat": "kabupaten_kota", "tahun": [2023, 2024]},
        "mutu": {"skor": 97.5, "dibaca": rows + 2, "diterima": rows, "ditolak": 1, "bukan_data": 1,
                 "temuan": [{"standar": "bilangan", "konsep": "Bilangan", "tingkat": "kritis", "jumlah": 1}]},
        "asal": [{"langkah": "Kiriman Dinas Contoh", "keterangan": "1 berkas"}],
    } | more.pop("satudata", {})  # fmt: skip
    document = {
        "name": folder.name, "title": folder.name, "description": "Sebuah contoh.", "version": "2025.1.6+abc",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "keywords": ["contoh"], "resources": resources, **more, "satudata": satudata,
    }  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def sample(release: Path) -> Path:
    """Numbers with hidden ones, things with points, a table with hostile text, borders, and a withdrawn dataset."""
    places = ", ".join(f"({literal(k)}, {literal(v)})" for k, v in KABUPATEN.items())
    write_dataset(
        release, "dinas-balita",
        f"""SELECT k AS kode_wilayah, n AS nama_kabupaten_kota, jenis,
            CASE WHEN k = '33.02' THEN NULL ELSE (right(k, 2)::INT * 100 + tahun % 10 + length(jenis)) END AS balita,
            right(k, 2)::INT * 1.5 AS persen_gizi,
            CASE WHEN k = '33.02' THEN 'disembunyikan' ELSE 'tersedia' END AS status_nilai_balita, tahun
            FROM (VALUES {places}) p(k, n),
            (VALUES ('Jumlah'), ('Perempuan')) j(jenis), (VALUES (2023), (2024)) t(tahun)
            WHERE k <> '33.06' ORDER BY ALL""",
        [*PLACE, column("jenis"), column("balita", "integer", "ukuran", satuan="orang"),
         column("persen_gizi", "number", "ukuran", satuan="persen"),
         column("status_nilai_balita", peran="status"), YEAR],
        title="Balita menurut jenis kelamin", keywords=["gizi", "anak"],
        satudata={"perlindungan": {"disembunyikan": 4, "alasan": {"jumlah_kecil": 4}}},
    )  # fmt: skip
    write_dataset(
        release, "dinas-sekolah",
        """SELECT '33.0' || (1 + i % 3) || '.01' AS kode_wilayah, 'Kabupaten' AS nama_kabupaten_kota,
           'Sekolah ' || i AS nama_sekolah, if(i % 2 = 0, 'SD', 'SMP') AS jenjang,
           if(i = 0, 0, -7.5 + i / 100) AS lintang, if(i = 0, 0, 110.1 + i / 50) AS bujur FROM range(30) r(i)""",
        [*PLACE, column("nama_sekolah"), column("jenjang"), column("lintang", "number", "ukuran", standar="lintang"),
         column("bujur", "number", "ukuran", standar="bujur")],
        title="Sekolah", satudata={"kategori": "Pendidikan", "diperbarui": "2025-03-01", "cakupan": {
            "wilayah": ["33.01", "33.02", "33.03"], "tingkat": "kecamatan", "tahun": None}},
    )  # fmt: skip
    write_dataset(
        release, "opd-jahat",
        f"SELECT {literal(HOSTILE)} AS teks, {literal('=cmd()')} AS rumus, NULL::INT AS kosong",
        [column("teks", description=HOSTILE), column("rumus", title=HOSTILE), column("kosong", "integer", "ukuran")],
        title=f"Judul {HOSTILE}", description=f"Uraian {HOSTILE}\u2028baru", keywords=[HOSTILE],
        satudata={"produsen": {"kode": "opd", "nama": f"OPD {HOSTILE}", "surel": None, "situs": None},
                  "kategori": None, "mutu": None, "berikutnya": None, "cakupan": {}, "diperbarui": "2024-01-01",
                  "asal": [{"langkah": HOSTILE, "keterangan": HOSTILE}]},
    )  # fmt: skip
    borders(release)
    (release / "dinas-lama").mkdir()
    tombstone = {"slug": "dinas-lama", "judul": "Data lama", "tanggal": "2025-02-02", "alasan": "Isinya keliru."}
    (release / "dinas-lama" / "ditarik.json").write_text(json.dumps(tombstone), encoding="utf-8")
    return release


def borders(release: Path) -> None:
    """Squares beside one another, each with two kecamatan; the last one has an island."""
    folder = release / "referensi-batas_wilayah"
    folder.mkdir()
    features = []
    for n, (code, name) in enumerate(KABUPATEN.items()):
        west, south = 110 + 0.5 * (n % 3), -7.6 + 0.5 * (n // 3)
        shapes = [square(west, south, 0.5)] + ([square(west + 0.6, south + 0.1, 0.05)] if n == 5 else [])
        features.append(feature(code, "kabupaten_kota", name, shapes))
        features += [
            feature(f"{code}.0{i}", "kecamatan", f"Kecamatan {n}{i}", [square(west + 0.25 * (i - 1), south, 0.25, 0.5)])
            for i in (1, 2)
        ]
    path = folder / "referensi-batas_wilayah.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    files = [resource(path, "referensi-batas_wilayah-geojson", "application/geo+json", "GeoJSON")]
    describe(folder, files, len(features), title="Batas wilayah", satudata={"mutu": None, "cakupan": {}})


def feature(code: str, level: str, name: str, shapes: list[Any]) -> dict[str, Any]:
    """One place of a GeoJSON file."""
    properties = {"kode_wilayah": code, "tingkat": level, "nama": name}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "MultiPolygon", "coordinates": shapes}}


def square(west: float, south: float, wide: float, high: float | None = None) -> list[list[list[float]]]:
    """The coordinates of a rectangle."""
    east, north = west + wide, south + (high or wide)
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]

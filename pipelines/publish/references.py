"""What datasets refer to is published as datasets too: codes of places, borders, units, classifications."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipelines.catalogue import Dataset, Portal, datasets
from pipelines.formats import check_parquet, relation, write_csv, write_geojson, write_geoparquet, write_parquet
from pipelines.formats.place import Areas
from pipelines.publish import code_lists, descriptor, places, resources
from pipelines.publish.code_lists import PLACE_LICENCE
from pipelines.publish.dataset import describe_folder
from pipelines.publish.key import broken
from pipelines.publish.workbench import Workbench
from pipelines.sql import literal

PREFIX = "referensi"
_BORDER_FIELDS = {
    "kode_wilayah": "Kode wilayah menurut Kemendagri, dengan titik.",
    "nama": "Nama wilayah.",
    "tingkat": places.FIELDS["tingkat"],
    "jenis": "Jenis wilayah, misalnya desa, kelurahan, waduk atau hutan.",
}


@dataclass(frozen=True)
class _List:
    """One such dataset: its rows as SQL, its text columns with their meanings, its key."""

    name: str
    judul: str
    deskripsi: str
    rows: str
    fields: dict[str, str]
    kunci: tuple[str, ...]
    lisensi: str = "CC-BY-4.0"
    kata_kunci: tuple[str, ...] = ("data referensi",)


def write(bench: Workbench, release: Path) -> dict[str, int]:
    """Write the folders beside the datasets that are in the release already; returns their rows by slug."""
    told = datasets(release)
    if not told:
        return {}
    day = max(d.satudata.diperbarui for d in told)
    made = {}
    for one in [*_places(bench), _units(told), _classes(told)]:
        slug = f"{PREFIX}-{one.name}"
        if rows := _write(bench, one, day, release / slug, slug):
            made[slug] = rows
    return made


def _places(bench: Workbench) -> list[_List]:
    found = []
    if bench.places:
        rows = f"SELECT {', '.join(places.FIELDS)} FROM {places.TABLE}"
        found.append(_List("kode_wilayah", "Kode wilayah administrasi",
            "Kode dan nama provinsi, kabupaten/kota, kecamatan dan desa/kelurahan menurut Kemendagri, beserta kode BPS "
            "sejauh diketahui. Wilayah yang sudah tidak berlaku tetap dimuat.",
            rows, places.FIELDS, ("kode",), PLACE_LICENCE, ("data referensi", "kode wilayah")))  # fmt: skip
    if bench.borders and bench.con.execute(f"SELECT 1 FROM {bench.borders} LIMIT 1").fetchone():
        rows = f"SELECT kode AS kode_wilayah, nama, tingkat, jenis FROM {bench.borders} WHERE kode IS NOT NULL"
        found.append(_List("batas_wilayah", "Batas wilayah administrasi",
            "Batas kabupaten/kota, kecamatan dan desa/kelurahan yang dipakai gudang data ini untuk menentukan letak; "
            "lihat keterangan sumbernya sebelum dipakai sebagai batas resmi.",
            rows, _BORDER_FIELDS, ("kode_wilayah",), PLACE_LICENCE, ("data referensi", "batas wilayah")))  # fmt: skip
    return found


def _units(told: list[Dataset]) -> _List:
    used = {(c.satuan, d.slug, c.name) for d in told for c in d.columns if c.satuan}
    return _List(
        "satuan", "Satuan yang dipakai", "Satuan setiap kolom dalam rilis ini: dataset dan kolom yang memakainya.",
        _values(used, ("satuan", "dataset", "kolom")),
        {"satuan": "Satuan.", "dataset": "Dataset yang memakainya.", "kolom": "Kolom yang memakainya."},
        ("satuan", "dataset", "kolom"), kata_kunci=("data referensi", "satuan"),
    )  # fmt: skip


def _classes(told: list[Dataset]) -> _List:
    used = {(d.slug, c.name, str(value)) for d in told for c in d.columns if c.klasifikasi for value in c.values}
    return _List(
        "klasifikasi", "Klasifikasi yang dipakai", "Nilai yang mungkin dari setiap kolom berkategori dalam rilis ini.",
        _values(used, ("dataset", "kolom", "nilai")),
        {"dataset": "Dataset yang memakainya.", "kolom": "Kolom yang memakainya.", "nilai": "Nilai yang mungkin."},
        ("dataset", "kolom", "nilai"), kata_kunci=("data referensi", "klasifikasi"),
    )  # fmt: skip


def _values(rows: Collection[tuple[str, ...]], names: tuple[str, ...]) -> str:
    listed = ", ".join(f"({', '.join(map(literal, row))})" for row in sorted(rows))
    return f"SELECT * FROM (VALUES {listed}) v({', '.join(names)})" if rows else ""


def _write(bench: Workbench, one: _List, day: date, folder: Path, slug: str) -> int:
    if not one.rows:
        return 0
    folder.mkdir()
    con, parquet = bench.con, folder / f"{slug}.parquet"
    kinds = dict.fromkeys(one.fields, "VARCHAR")
    write_parquet(con, f"({one.rows})", kinds, parquet)
    written = check_parquet(con, f"({one.rows})", kinds, parquet)
    write_csv(con, relation(parquet), kinds, parquet.with_suffix(".csv"))
    made = [parquet]
    if "kode_wilayah" in one.fields and bench.borders:
        area = Areas(bench.borders, "kode_wilayah")
        write_geojson(con, parquet, parquet.with_suffix(".geojson"), area)
        write_geoparquet(con, parquet, parquet.with_suffix(".geo.parquet"), area)
        made += [parquet.with_suffix(".geojson"), parquet.with_suffix(".geo.parquet")]
    csv = resources.data_file(parquet.with_suffix(".csv"), slug)
    fields: list[dict[str, Any]] = [{**f, "peran": "dimensi"} for f in code_lists.text_fields(one.fields)]
    key = () if con.execute(broken(relation(parquet), one.kunci)).fetchone() else one.kunci
    entries = [resources.table(csv, fields, key), *(resources.data_file(path, slug) for path in made)]
    describe_folder(folder, _descriptor(slug, one, day, entries, written, bench.inputs.portal))
    return written


def _descriptor(
    slug: str, titles: _List, day: date, entries: list[dict[str, Any]], rows: int, portal: Portal
) -> dict[str, Any]:
    """The walidata of the portal answers for it."""
    producer = {"kode": slug.partition("-")[0], "nama": portal.pengelola, "instansi": None, "kode_wilayah": None}
    start = {
        "$schema": descriptor.PROFILE,
        "name": slug,
        "title": titles.judul,
        "description": titles.deskripsi,
        "version": "",
        "licenses": [descriptor.licence(titles.lisensi)],
        "contributors": [{"title": portal.pengelola, "roles": ["creator"]}],
        "keywords": list(titles.kata_kunci),
        "resources": [],
        "satudata": {
            "produsen": {**producer, "surel": portal.email, "situs": portal.base_url},
            "klasifikasi": "terbuka",
            "kategori": "Data referensi",
            "prioritas_tahun": None,
            "statistik": None,
            "jadwal": "tahunan",
            "diperbarui": day.isoformat(),
            "berikutnya": (day + timedelta(days=descriptor.DAYS["tahunan"])).isoformat(),
        },
    }
    steps = [{"langkah": "Data referensi gudang data", "keterangan": "Disusun dari yang dipakai dalam rilis ini"}]
    return descriptor.finished(start, entries, rows, descriptor.Coverage(), None, steps, None)

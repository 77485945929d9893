"""Small descriptors with everything awkward, and release folders that hold what they describe."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pipelines.catalogue import Dataset, Portal

SERVED = Portal("https://data.example.id/unduh/", "Satu Data Uji", "walidata@example.id")
STICK = Portal()
AWKWARD = "Beras \"C4\" & <jagung> 'manis' – 稲 🌾\n</script>"
PLACES = "kode,nama\n33,Jawa Tengah\n33.02,Banyumas\n33.72,Surakarta\n"
ROWS = """kode_wilayah,barang,harga,stok,tersedia,tahun,tanggal,status_nilai
33.02,beras,12500.5,10,true,2023,2023-01-31,tersedia
33.02,'-,12000,,false,2024,,disembunyikan
33.72,"jagung, manis",,0,,2024,2024-02-29,tersedia
,beras,1e3,7,true,2024,2024-12-31,kosong
"""

# What a person may have typed: any character of a UTF-8 file.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


def file(path: str, content: bytes, mediatype: str, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "format": path.rpartition(".")[2],
        "mediatype": mediatype,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        **more,
    }


FIELDS: list[dict[str, Any]] = [
    {"name": "kode_wilayah", "type": "string", "title": "Kode wilayah", "peran": "wilayah",
     "constraints": {"pattern": r"^\d{2}(\.\d{2})?$"}},
    {"name": "barang", "type": "string", "title": "Barang", "description": "Apa yang dijual.", "peran": "dimensi",
     "constraints": {"required": True, "enum": ["beras", "'-", "jagung, manis"]}, "klasifikasi": "komoditas"},
    {"name": "harga", "type": "number", "title": "Harga eceran", "description": "Rata-rata harga.", "peran": "ukuran",
     "satuan": "rupiah per kilogram", "ukuran": "Rata-rata", "standar": "rupiah", "constraints": {"minimum": 0}},
    {"name": "stok", "type": "integer", "peran": "ukuran"},
    {"name": "tersedia", "type": "boolean", "title": "Tersedia", "trueValues": ["true"], "falseValues": ["false"]},
    {"name": "tahun", "type": "integer", "title": "Tahun", "peran": "waktu", "constraints": {"required": True}},
    {"name": "tanggal", "type": "date", "title": "Tanggal", "format": "default", "peran": "waktu"},
    {"name": "status_nilai", "type": "string", "title": "Status", "peran": "status",
     "constraints": {"required": True, "enum": ["tersedia", "disembunyikan", "kosong"]}},
]  # fmt: skip


def descriptor(slug: str = "dinas-harga", **block: Any) -> dict[str, Any]:
    """A whole descriptor; keywords replace entries of `satudata`."""
    key = {"fields": ["kode_wilayah"], "reference": {"resource": "kode-wilayah", "fields": ["kode"]}}
    table = {
        "fields": FIELDS,
        "missingValues": [""],
        "primaryKey": ["barang", "tahun", "tanggal"],
        "foreignKeys": [key],
    }
    codes = {"fields": [{"name": n, "type": "string"} for n in ("kode", "nama")], "primaryKey": ["kode"]}
    odbl = {"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/"}
    return deepcopy({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug,
        "title": "Harga beras",
        "description": AWKWARD,
        "version": "2025.1.6+0123456789ab",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "keywords": ["harga", "pangan", "harga", " "],
        "resources": [
            file(f"{slug}.csv", ROWS.encode(), "text/csv", name=f"{slug}-csv", type="table", title="CSV",
                 description="Petik tunggal di depan.", encoding="utf-8", schema=table),
            file(f"{slug}.parquet", b"PAR1", "application/vnd.apache.parquet", name=f"{slug}-parquet", type="file"),
            file("kode_wilayah.csv", PLACES.encode(), "text/csv", name="kode-wilayah", type="table",
                 title="Kode wilayah", licenses=[odbl], schema=codes),
        ],
        "satudata": {
            "produsen": {"kode": "dinas", "nama": 'Dinas "Uji"', "instansi": "Pemerintah Uji", "kode_wilayah": "33",
                         "surel": "data@dinas.example.id", "situs": "https://dinas.example.id"},
            "klasifikasi": "terbuka",
            "kategori": "Ekonomi & pangan",
            "prioritas_tahun": [2024, 2025],
            "jadwal": "bulanan",
            "diperbarui": "2025-01-06",
            "berikutnya": "2025-02-06",
            "baris": 4,
            "cakupan": {"wilayah": ["33.02", "33.72"], "tingkat": "kabupaten_kota", "tahun": [2023, 2024]},
            "mutu": None,
            "asal": [{"langkah": "Kiriman", "keterangan": "1 berkas"}, {"langkah": "Penerbitan", "keterangan": ""}],
            "perlindungan": {"disembunyikan": 1, "alasan": {"jumlah_kecil": 1}},
            "statistik": None,
            **block,
        },
    })  # fmt: skip


def bare(slug: str = "kab_uji-catatan") -> dict[str, Any]:
    """A descriptor that says no more than it must: no mail, no place, no time, no licence, one file."""
    found = descriptor(slug)
    nobody = {"kode": "kab_uji", "nama": "Kabupaten Uji"}
    found["satudata"] = {"produsen": nobody, "jadwal": "tahunan", "diperbarui": "2024-12-31", "baris": 0}
    for key in ("description", "licenses", "keywords", "version"):
        del found[key]
    found["resources"] = [file(f"{slug}.geojson", b"{}", "application/geo+json", name=f"{slug}-geojson", type="file")]
    return found


def dataset(slug: str = "dinas-harga", **block: Any) -> Dataset:
    return Dataset.of(descriptor(slug, **block))


def both() -> list[Dataset]:
    return [Dataset.of(bare()), dataset()]


def folder(release: Path, found: dict[str, Any]) -> Path:
    """The dataset's folder in a release, with all of its files."""
    path = release / found["name"]
    path.mkdir(parents=True)
    contents = {"csv": ROWS.encode(), "parquet": b"PAR1", "geojson": b"{}"}
    for resource in found["resources"]:
        code_list = resource["path"] == "kode_wilayah.csv"
        (path / resource["path"]).write_bytes(PLACES.encode() if code_list else contents[resource["format"]])
    (path / "datapackage.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return path

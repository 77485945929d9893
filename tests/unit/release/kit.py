"""Small whole releases, made by the real code from rows given as SQL."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import Home, atomic
from pipelines.release import Approval, approve, current, promote, signing_key, unchanged, write_manifest
from pipelines.spreadsheet import escaped_sql

BY = Approval("Siti Aminah", "Rilis bulanan – disetujui", "2025-02-01T09:00:00+07:00")
PLACES = "kode,nama\n33,Jawa Tengah\n33.02,Banyumas\n33.72,Surakarta\n"
# Awkward on purpose: a text that looks like a formula, a comma, a line break, an apostrophe, an empty cell.
PRICES = """(VALUES
  ('33.02', 'beras', 12500.5, DATE '2025-01-06', 'tersedia'),
  ('33.02', '=jagung, manis', NULL, DATE '2025-01-06', 'disembunyikan'),
  ('33.72', 'beras merah', 12000, DATE '2025-01-06', 'tersedia'),
  ('33.72', '''gula
pasir', NULL, DATE '2025-01-06', 'kosong'),
  (NULL, 'garam', 0.1, DATE '2025-01-06', 'tersedia')) t(kode_wilayah, barang, harga, tanggal, status_nilai)"""
FIELDS: list[dict[str, Any]] = [
    {"name": "kode_wilayah", "type": "string", "constraints": {"pattern": r"^\d{2}(\.\d{2})?$"}, "peran": "wilayah"},
    {"name": "barang", "type": "string", "constraints": {"required": True}, "peran": "dimensi"},
    {"name": "harga", "type": "number", "satuan": "rupiah", "constraints": {"minimum": 0}, "peran": "ukuran"},
    {"name": "tanggal", "type": "date", "peran": "waktu"},
    {
        "name": "status_nilai",
        "type": "string",
        "constraints": {"required": True, "enum": ["tersedia", "disembunyikan", "kosong"]},
        "peran": "status",
    },
]
KEY = ("barang", "tanggal")


@dataclass
class Given:
    """What one dataset is made of. `csv_sql` makes the CSV from other rows than the Parquet file."""

    rows: str = PRICES
    fields: list[dict[str, Any]] = field(default_factory=lambda: json.loads(json.dumps(FIELDS)))
    key: tuple[str, ...] = ()
    csv_sql: str = ""
    places: str = PLACES
    title: str = "Harga bahan pokok"
    updated: str = "2025-01-06"
    licence: str = "CC-BY-4.0"
    edit: Callable[[dict[str, Any]], None] = lambda descriptor: None


def make_dataset(folder: Path, given: Given | None = None) -> None:
    given = given or Given()
    slug = folder.name
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        rows = f"(FROM {given.rows} ORDER BY ALL)"
        con.execute(f"COPY {rows} TO '{folder}/{slug}.parquet' (FORMAT parquet)")
        names = [f["name"] for f in given.fields]
        texts = {f["name"] for f in given.fields if f["type"] == "string"}
        safe = ", ".join(f"{escaped_sql(n)} AS {n}" if n in texts else n for n in names)
        count = con.execute(f"SELECT count(*) FROM {given.csv_sql or given.rows}").fetchone()
        con.execute(f"COPY (SELECT {safe} FROM {given.csv_sql or rows}) TO '{folder}/{slug}.csv' (FORMAT csv, HEADER)")
    assert count
    (folder / "kode_wilayah.csv").write_text(given.places)
    schema: dict[str, Any] = {"fields": given.fields, "missingValues": [""]}
    if given.key:
        schema["primaryKey"] = list(given.key)
    if "kode_wilayah" in names:
        reference = {"resource": "kode-wilayah", "fields": ["kode"]}
        schema["foreignKeys"] = [{"fields": ["kode_wilayah"], "reference": reference}]
    codes = {"fields": [{"name": n, "type": "string"} for n in ("kode", "nama")], "primaryKey": ["kode"]}
    descriptor = {
        "name": slug,
        "title": given.title,
        "licenses": [{"name": given.licence}],
        "resources": [
            _file(folder / f"{slug}.csv", name=f"{slug}-csv", schema=schema),
            _file(folder / f"{slug}.parquet", name=f"{slug}-parquet"),
            _file(folder / "kode_wilayah.csv", name="kode-wilayah", schema=codes),
        ],
        "satudata": {
            "produsen": {"kode": "dinas", "nama": "Dinas Uji"},
            "jadwal": "bulanan",
            "diperbarui": given.updated,
            "baris": count[0],
        },
    }
    given.edit(descriptor)
    (folder / "datapackage.json").write_text(json.dumps(descriptor))


def make_draft(folder: Path, datasets: dict[str, Given] | None = None) -> Path:
    """An unfinished release with documents of every kind; it has no manifest yet."""
    datasets = {"dinas-harga": Given(key=KEY), "dinas-lain": Given(title="Lain")} if datasets is None else datasets
    folder.mkdir(parents=True)
    for slug, given in datasets.items():
        make_dataset(folder / slug, given)
    links = "".join(f'<a href="situs/{slug}.html#kolom">{slug}</a>' for slug in datasets)
    pages = {"index.html": f"<!doctype html><script src='situs/riwayat.js'></script>{links}"}
    for slug in datasets:
        data = f'<script src="data/{slug}.js"></script><a href="../{slug}/{slug}.csv">CSV</a>'
        pages[f"situs/{slug}.html"] = (
            f'{data}<a href="../index.html?q=a%20b">Beranda</a><a href="mailto:a@b.id">surel</a>'
        )
        pages[f"situs/data/{slug}.js"] = f"window.data = {json.dumps(slug)};"
    pages["situs/riwayat.js"] = "window.riwayat = [];"
    documents: dict[str, Any] = {
        "data.json": {"dataset": [{"distribution": [{"downloadURL": f"{s}/{s}.csv"}]} for s in datasets]},
        "katalog.jsonld": {"@graph": [{"dcat:accessURL": {"@id": f"{s}/{s}.parquet"}} for s in datasets]},
        "datapackage.json": {"resources": [{"name": s, "path": f"{s}/{s}.csv"} for s in datasets]},
        "gerbang.json": {},
        "riwayat.json": [],
    }
    pages |= {name: json.dumps(content) for name, content in documents.items()}
    pages["sitemap.xml"] = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(f"<url><loc>situs/{slug}.html</loc></url>" for slug in datasets)
        + "</urlset>"
    )
    pages["perubahan.atom"] = '<feed xmlns="http://www.w3.org/2005/Atom"><link href="index.html"/></feed>'
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def finish(home: Home, draft: Path) -> Path:
    """Manifest and signature, as a release in place has them."""
    before = current(home)
    write_manifest(draft, before.name if before else None, unchanged(draft, before))
    approve(draft, signing_key(home), BY)
    return draft


def publish(home: Home, datasets: dict[str, Given] | None = None) -> Path:
    draft = home.releases / "draf"
    make_draft(draft, datasets)
    return promote(home, finish(home, draft))


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """Run `action` in a process that dies before its step-th change of a name or fsync; False if it ended first."""
    child = os.fork()
    if child == 0:
        code = 8
        try:
            _die_at(step)
            action()
            code = 7
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (7, 9)
    return code == 9


def _die_at(step: int) -> None:
    left = [step]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                os._exit(9)
            return real(*args, **more)

        return call

    places = [(Path, name) for name in ("rename", "replace", "symlink_to", "unlink")]
    for place, name in [*places, (os, "fsync"), (atomic, "_swap"), (shutil, "rmtree")]:
        setattr(place, name, counted(getattr(place, name)))


def _file(path: Path, **more: Any) -> dict[str, Any]:
    content = path.read_bytes()
    hashed = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {
        **more,
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": "text/csv",
        "bytes": len(content),
        "hash": hashed,
    }

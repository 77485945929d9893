"""Small releases to push: descriptors with everything that CKAN is told, and awkward cells."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

Row = tuple[str, str, str, str, str]
ROWS: list[Row] = [
    ("33.02", "Banjir, rob", "12", "1.50", "2024-01-02"),
    ("33.02.01.2001", 'Kata "gempa"', "", "", ""),
    ("33.72", "Tanah\nlongsor", "9007199254740993", "-0.1", "2025-12-31"),
    ("", "'=1+1", "0", "1000000000000000000000", "2024-02-29"),
]
TYPES = {"kode_wilayah": "string", "jenis": "string", "jumlah": "integer", "luas": "number", "tanggal": "date"}


class Release:
    """A release folder below construction. Datasets are called `<produsen>-<dataset>`."""

    def __init__(self, folder: Path, produsen: str) -> None:
        self.folder, self.produsen = folder, produsen

    def slug(self, dataset: str) -> str:
        """The slug of one of its datasets."""
        return f"{self.produsen}-{dataset}"

    def add(self, dataset: str = "satu", rows: list[Row] | None = None, extra: bytes = b"PAR1", **changes: Any) -> str:
        """Write (or write anew) a dataset with a CSV and one more file (none if empty); returns its slug."""
        slug = self.slug(dataset)
        folder = self.folder / slug
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([tuple(TYPES), *(ROWS if rows is None else rows)])
        fields = [
            {"name": name, "type": kind, "title": name.title(), "description": f"Kolom {name}.", "standar": "teks"}
            for name, kind in TYPES.items()
        ]
        fields[2] |= {"satuan": "orang", "peran": "ukuran"}
        files = [self._file(slug, "csv", text.getvalue().encode()) | {"type": "table", "schema": {"fields": fields}}]
        if extra:
            files.append(self._file(slug, "parquet", extra))
        descriptor = {
            "name": slug,
            "title": "Kejadian uji ",
            "description": "Baris pertama.\nBaris kedua: é, “kutip”, 🌋.",
            "version": f"2026.1.1+{files[0]['hash'][7:19]}",
            "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
            "keywords": ["bencana", "air & tanah", "x"],
            "resources": files,
            "satudata": {
                "produsen": {"kode": self.produsen, "nama": f"Badan {self.produsen}", "situs": "https://contoh.invalid"},
                "jadwal": "bulanan", "diperbarui": "2026-01-01", "berikutnya": "2026-02-01", "kategori": "Kebencanaan",
                "prioritas_tahun": [2025, 2026], "baris": len(ROWS if rows is None else rows),
                "cakupan": {"wilayah": ["33.02", "33.72"], "tingkat": "desa_kelurahan", "tahun": [2024, 2025]},
                "asal": [{"langkah": "Kiriman", "keterangan": "1 berkas"}],
            },
        }  # fmt: skip
        (folder / "datapackage.json").write_text(json.dumps(descriptor | changes), encoding="utf-8")
        return slug

    def withdraw(self, dataset: str, reason: str = "Angka keliru") -> str:
        """Leave nothing but the tombstone of a dataset; returns its slug."""
        slug = self.slug(dataset)
        shutil.rmtree(self.folder / slug, ignore_errors=True)
        (self.folder / slug).mkdir(parents=True)
        said = {"slug": slug, "judul": "Kejadian uji", "tanggal": "2026-03-05", "alasan": reason}
        (self.folder / slug / "ditarik.json").write_text(json.dumps(said), encoding="utf-8")
        return slug

    def _file(self, slug: str, kind: str, content: bytes) -> dict[str, Any]:
        path = self.folder / slug / f"{slug}.{kind}"
        path.write_bytes(content)
        return {
            "name": f"{slug}-{kind}", "type": "file", "title": kind.upper(), "path": path.name, "format": kind,
            "mediatype": {"csv": "text/csv"}.get(kind, "application/octet-stream"), "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }  # fmt: skip

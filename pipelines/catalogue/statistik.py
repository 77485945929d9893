"""`statistik.json`: the metadata that BPS asks for (MS-Kegiatan, MS-Variabel, MS-Indikator), in INDAH's shape.

Each object is the `data` of one INDAH document; its envelope (submitter, status, ids) belongs to whoever sends it. The
keys are INDAH's own, misspellings included. What nobody has said is null: nothing is invented, and no person is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.catalogue.dataset import Dataset
from pipelines.catalogue.parts import Column
from pipelines.catalogue.statistik_kegiatan import activity
from pipelines.contract.place import LEVEL_NAMES

STATISTICS = "statistik.json"
_TYPES = {"integer": "INTEGER", "number": "FLOAT", "date": "DATE", "boolean": "BOOLEAN"}  # others are CHARACTER


def statistik(dataset: Dataset) -> dict[str, Any] | None:
    """`{"kegiatan": .., "variabel": [..], "indikator": [..]}`; None for a dataset without a table.

    Variables are the columns without status and levels above kode_wilayah; indicators those that the contract marks.
    """
    if not dataset.columns:
        return None
    of_place = {f"{kind}_{level}" for kind in ("kode", "nama") for level in LEVEL_NAMES}
    variables = [c for c in dataset.columns if c.peran != "status" and c.name not in of_place]
    return {
        "kegiatan": activity(dataset, variables),
        "variabel": [_variable(dataset, c) for c in variables],
        "indikator": [_indicator(dataset, c) for c in variables if c.indikator is not None],
    }


def _variable(dataset: Dataset, column: Column) -> dict[str, Any]:
    return {
        "nama": column.label,
        "alias": column.name,
        "konsep": [column.title] if column.title else [],
        "definisi": column.description or None,
        "referensi_pemilihan": [],
        "referensi_waktu": (dataset.satudata.statistik or {}).get("referensi_waktu"),
        "ukuran": column.ukuran,
        "satuan": column.satuan,
        "tipe_data": _TYPES.get(column.type, "CHARACTER"),
        "klasifikasi_rujukan_value_domain": column.klasifikasi,
        "value_domain": [{"kode": None, "nilai": str(value)} for value in column.values],
        "aturan_validasi": _rules(column),
        "kalimat_pertanyaan": None,
        "apakah_variabel_bisa_diakses_umum": True,
        "id_sds": None,
    }


def _indicator(dataset: Dataset, column: Column) -> dict[str, Any]:
    said: Mapping[str, Any] = column.indikator or {}
    composite = said.get("indikator_pembangun") or []
    split = [c.label for c in dataset.columns if c.peran == "dimensi"]
    level = LEVEL_NAMES.get(dataset.satudata.cakupan.tingkat or "")
    return {
        "nama": column.label,
        "konsep": [column.title] if column.title else [],
        "definisi": column.description or None,
        "interpretasi": said.get("interpretasi"),
        "metode_perhitungan": said.get("metode"),
        "rumus": said.get("rumus"),
        "ukuran": column.ukuran,
        "satuan": column.satuan,
        "variabel_disaggregasi": [{"nama": name, "sumber": None} for name in (["Wilayah"] if level else []) + split],
        "apakah_indikator_komposit": bool(composite),
        "indikator_pembangun": [{"nama": name, "sumber_publikasi": []} for name in composite],
        "variabel_pembangun": [
            {"nama": name, "kegiatan_penghasil": []} for name in said.get("variabel_pembangun") or []
        ],
        "level_estimasi": said.get("level_estimasi") or level,
        "apakah_indikator_bisa_diakses_umum": True,
        "id_sds": None,
    }


def _rules(column: Column) -> list[str]:
    """The constraints of a column in words."""
    rules = column.constraints
    words = {
        "wajib terisi": rules.required,
        "tidak boleh berulang": rules.unique,
        f"paling kecil {rules.minimum}": rules.minimum is not None,
        f"paling besar {rules.maximum}": rules.maximum is not None,
        f"sesuai pola {rules.pattern}": rules.pattern is not None,
        "salah satu nilai dari daftar": bool(rules.enum or column.klasifikasi),
    }
    return [text for text, holds in words.items() if holds]

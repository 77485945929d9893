"""The levels of places: what their codes look like, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.contract.model import Tingkat

# Of a code of Kemendagri with its dots, coarse to fine.
CODE_LENGTHS: dict[Tingkat, int] = {"provinsi": 2, "kabupaten_kota": 5, "kecamatan": 8, "desa_kelurahan": 13}
LEVEL_NAMES: Mapping[str, str] = {
    "provinsi": "Provinsi",
    "kabupaten_kota": "Kabupaten/Kota",
    "kecamatan": "Kecamatan",
    "desa_kelurahan": "Desa/Kelurahan",
}

"""What the code of a place looks like."""

from __future__ import annotations

from pipelines.contract.model import Tingkat

# Of a code of Kemendagri with its dots, coarse to fine.
CODE_LENGTHS: dict[Tingkat, int] = {"provinsi": 2, "kabupaten_kota": 5, "kecamatan": 8, "desa_kelurahan": 13}

from __future__ import annotations

import pytest

from pipelines.contract.load import load_standards
from pipelines.contract.model import Contract
from pipelines.contract.role import role
from pipelines.home import REPO

STANDARDS = load_standards(REPO / "expectations" / "standards")
CONTRACT = Contract.model_validate(
    {
        "judul": "Murid", "produsen": "dinas", "jadwal": "tahunan", "klasifikasi": "terbuka",
        "kunci": ["tahun", "jenjang", "kelas"],
        "kolom": {
            "tahun": {"dari": "a", "standar": "tahun"},
            "jenjang": {"dari": "b", "standar": "teks"},
            "kelas": {"dari": "c", "standar": "bilangan"},
            "semester": {"dari": "d", "standar": "bilangan", "nilai": ["1", "2"]},
            "murid": {"dari": "e", "standar": "bilangan", "satuan": "orang"},
            "cakupan": {"dari": "f", "standar": "persen"},
            "catatan": {"dari": "g", "standar": "teks"},
            "status": {"dari": "h", "standar": "teks", "nilai": ["negeri", "swasta"]},
            "lintang": {"dari": "i", "standar": "lintang"},
            "npsn": {"dari": "j", "standar": "npsn"},
        },
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("tahun", "waktu"), ("jenjang", "dimensi"), ("kelas", "dimensi"), ("semester", "dimensi"), ("murid", "ukuran"),
        ("cakupan", "ukuran"), ("catatan", "keterangan"), ("status", "dimensi"), ("lintang", "wilayah"),
        ("npsn", "dimensi"),
    ],
)  # fmt: skip
def test_the_role_follows_from_the_standard_the_key_and_the_values(column: str, expected: str) -> None:
    assert role(CONTRACT, STANDARDS, column) == expected


def test_every_standard_has_a_known_measure() -> None:
    words = {s.ukuran for s in STANDARDS.values()}
    assert words <= {
        "Waktu",
        "Koordinat",
        "Kategori",
        "Identitas",
        "Jumlah",
        "Besaran",
        "Persentase",
        "Nilai",
        "Keterangan",
    }

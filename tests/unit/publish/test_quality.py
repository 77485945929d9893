"""How a delivery came through its check, and through which hands a dataset came, as its descriptor tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.publish import Quality

from .conftest import World, make_contract


def test_the_descriptor_tells_quality_and_lineage(world: World) -> None:
    found = (("tahun", "kritis", 2), ("jumlah_benar", "peringatan", 4))
    world.quality["dinas.harga"] = Quality(103, 98, 2, 3, found)
    world.release(make_contract())
    told = world.descriptor()["satudata"]
    assert told["mutu"] == {
        "skor": 96.0, "dibaca": 103, "diterima": 98, "ditolak": 2, "bukan_data": 3,
        "temuan": [
            {"standar": "tahun", "konsep": "Tahun", "tingkat": "kritis", "jumlah": 2},
            {"standar": "jumlah_benar", "konsep": "jumlah benar", "tingkat": "peringatan", "jumlah": 4},
        ],
    }  # fmt: skip
    assert [(s["langkah"], s["keterangan"]) for s in told["asal"]] == [
        ("Kiriman Dinas Uji", "2 berkas; keadaan 2024-02-05"),
        ("Pemeriksaan standar data", "98 dari 103 baris diterima; 2 ditahan dan dikembalikan ke produsen data; "
         "3 baris jumlah atau catatan disisihkan"),
        ("Penyelarasan kode wilayah", "Kode Kemendagri ditentukan dari nama"),
        ("Gerbang rilis", "Tidak ditemukan data pribadi dalam nilai maupun metadata"),
    ]  # fmt: skip
    assert (told["diperbarui"], told["berikutnya"], told["baris"]) == ("2024-02-05", "2024-03-07", 5)


@pytest.mark.parametrize(
    ("quality", "score"),
    [
        (Quality(10, 10, 0, 0), 100.0),
        (Quality(10, 5, 5, 0), 50.0),
        (Quality(10, 10, 0, 0, (("tahun", "peringatan", 1),)), 95.0),
        (Quality(10, 0, 10, 0), 0.0),
        (Quality(3, 0, 0, 3), 0.0),
    ],
)
def test_the_score_is_what_was_accepted_less_what_was_warned_of(quality: Quality, score: float) -> None:
    assert quality.skor == score


COUNT = st.integers(0, 10**9)


@given(COUNT, COUNT, COUNT)
def test_the_score_stays_between_0_and_100(accepted: int, refused: int, warned: int) -> None:
    quality = Quality(accepted + refused, accepted, refused, 0, (("tahun", "peringatan", warned),))
    assert 0 <= quality.skor <= 100

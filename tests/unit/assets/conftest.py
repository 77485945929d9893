"""Two produsen and three datasets: open, limited, and without a place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.contract.load import Library
from pipelines.home import Home
from pipelines.night import Night

TAHUN = {"dari": "Tahun", "standar": "tahun", "wajib": True, "terbit": True}
KABUPATEN = {"dari": "Kabupaten", "standar": "nama_wilayah", "tingkat": "kabupaten_kota"}
NIK = {"dari": "NIK", "standar": "nik"}


@pytest.fixture
def declare(tmp_path: Path) -> Callable[..., None]:
    """Write one contract."""

    def write(key: str, kolom: dict[str, Any], **rest: Any) -> None:
        produsen, dataset = key.split(".")
        contract = {
            "judul": f"Uji {dataset}",
            "produsen": produsen,
            "jadwal": "bulanan",
            "klasifikasi": "terbuka",
            "kolom": kolom,
            **rest,
        }
        path = tmp_path / "sources" / "opd" / produsen / f"{dataset}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(contract), encoding="utf-8")

    return write


@pytest.fixture
def night(tmp_path: Path, declare: Callable[..., None]) -> Night:
    place = {"nama": {"kabupaten_kota": "kabupaten"}, "dalam": "33"}
    declare("dinkes.kasus", {"tahun": TAHUN, "kabupaten": KABUPATEN, "nik": NIK}, wilayah=place, jadwal="mingguan")
    declare("dinkes.anggaran", {"tahun": TAHUN}, jadwal="tahunan")
    declare("dinsos.bantuan", {"tahun": TAHUN, "kabupaten": KABUPATEN}, wilayah=place, klasifikasi="terbatas")
    return Night(Home(tmp_path / "home"), tmp_path / "landing", tmp_path / "sources")


@pytest.fixture
def library(night: Night) -> Library:
    return night.library

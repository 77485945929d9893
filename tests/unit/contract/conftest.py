"""A tiny declaration tree, and a way to break one line of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contract.load import Library, load_library
from pipelines.contract.yaml_lines import DeclarationError

REPO = Path(__file__).parents[3]
OPD = """kode,nama,instansi,kode_wilayah,surel,situs
uji,Dinas Uji,Pemerintah Uji,33,,
kab_uji,Kabupaten Uji,Pemerintah Kabupaten Uji,33.02,,
"""
CONTRACT = """judul: Cacah sesuatu
produsen: uji
jadwal: tahunan
klasifikasi: terbuka
baca:
  file: "*.csv"
kunci: [kode]
batas: {baris_min: 1, ditolak_maks: 2%}
kolom:
  kode: {dari: [Kode], standar: teks, wajib: true}
  tempat: {dari: Kab/Kota, standar: nama_wilayah, tingkat: kabupaten_kota}
  cacah: {dari: [Jumlah, JML], standar: bilangan, terbit: true}
kaidah:
  - {nama: masuk_akal, sah: cacah < 1000, kolom: cacah, pesan: Terlalu banyak, saran: Periksa.}
wilayah: {nama: {kabupaten_kota: tempat}}
"""

Load = Callable[..., Library]
Problems = Callable[..., list[str]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """load({"opd/uji/a.yml": text, ...}, opd=...): write these and load them with the real standards."""

    def run(files: dict[str, str], opd: str = OPD) -> Library:
        (tmp_path / "referensi").mkdir(exist_ok=True)
        (tmp_path / "referensi" / "opd.csv").write_text(opd, encoding="utf-8")
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_library(tmp_path, tmp_path / "referensi", REPO / "expectations" / "standards")

    return run


@pytest.fixture
def problems(load: Load, tmp_path: Path) -> Problems:
    """problems(old, new): load the contract with `old` replaced; each problem as 'line: key: message'."""

    def run(old: str, new: str, name: str = "opd/uji/cacah.yml") -> list[str]:
        assert CONTRACT.count(old) == 1, old
        with pytest.raises(DeclarationError) as error:
            load({name: CONTRACT.replace(old, new)})
        prefix = f"{tmp_path / name}:"
        shown = [str(p) for p in error.value.problems]
        assert all(text.startswith(prefix) for text in shown)
        return [text.removeprefix(prefix) for text in shown]

    return run

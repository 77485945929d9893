from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.contract.load import Produsen
from pipelines.gate import Gate

from .conftest import make_contract

AGENCY = Produsen("dinas", "Dinas Uji", "Pemerintah Uji", "33", "data.uji@dinas.example.id", "https://dinas.example.id")
NIK = "3374010101900001"
CLEAN: dict[str, Any] = {
    "name": "dinas-catatan",
    "title": "Catatan",
    "description": "Catatan uji.",
    "keywords": ["uji"],
    "contributors": [{"title": "Dinas Uji", "email": AGENCY.surel, "path": AGENCY.situs}],
    "resources": [
        {"path": "catatan.csv", "hash": f"sha256:{NIK}", "bytes": 12, "schema": {"fields": [{"name": "isi"}]}}
    ],
}


def test_clean_metadata_passes_with_the_contact_in_it(gate: Gate) -> None:
    passage = gate.metadata(make_contract("isi"), AGENCY, CLEAN)
    assert (passage.hits, passage.texts) == ((), 7)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": f"Catatan {NIK}"}, "title"),
        ({"description": "Hubungi Budi di 0812-3456-7890."}, "description"),
        ({"keywords": ["uji", "budi@contoh.com"]}, "keywords[1]"),
        ({"name": f"dinas-{NIK}"}, "name"),
        ({"resources": [{"path": f"catatan_{NIK}.csv"}]}, "resources[0].path"),
        ({"resources": [{"schema": {"fields": [{"name": "nik_33_7401_0101_9000_01"}]}}]},
         "resources[0].schema.fields[0].name"),
        ({"homepage": "https://x.id/?n=3374%200101%200190%200001"}, "homepage"),
    ],
)  # fmt: skip
def test_what_leaves_beside_the_data_is_looked_at_too(gate: Gate, change: dict[str, Any], where: str) -> None:
    passage = gate.metadata(make_contract("isi"), AGENCY, CLEAN | change)
    assert [hit.where for hit in passage.hits] == [where]
    assert passage.findings[0].kolom is None and where in passage.findings[0].pesan
    assert NIK not in repr(passage.findings)


CONTRACT = """judul: Catatan
deskripsi: Catatan uji.
produsen: dinas
jadwal: tahunan
lisensi: CC-BY-4.0
kolom:
  isi: {dari: isi}
  jumlah:
    dari: jumlah
"""


@pytest.mark.parametrize(
    ("changes", "agency", "line", "missing"),
    [
        ({"deskripsi": "-"}, AGENCY, 2, "deskripsi"),
        ({"deskripsi": None}, AGENCY, 2, "deskripsi"),
        ({"deskripsi": "Belum ada"}, AGENCY, 2, "deskripsi"),
        ({"lisensi": "..."}, AGENCY, 5, "lisensi"),
        ({}, replace(AGENCY, surel="-", situs=""), 3, "kontak"),
    ],
)
def test_a_dataset_that_says_nothing_stays_out(
    gate: Gate, tmp_path: Path, changes: dict[str, Any], agency: Produsen, line: int, missing: str
) -> None:
    path = tmp_path / "catatan.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    contract = make_contract("isi", changes=changes).model_copy(update={"path": str(path)})
    (finding,) = gate.complete(contract, agency)
    assert finding.baris == line and missing in finding.pesan and f"catatan.yml baris {line}" in finding.saran


@pytest.mark.parametrize(("column", "missing"), [({}, True), ({"satuan": "-"}, True), ({"satuan": "unit"}, False),
                                                ({"nilai": ["1", "2"]}, False)])  # fmt: skip
def test_a_number_needs_a_unit(gate: Gate, tmp_path: Path, column: dict[str, Any], missing: bool) -> None:
    path = tmp_path / "catatan.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    contract = make_contract("jumlah", standar="bilangan", **column).model_copy(update={"path": str(path)})
    findings = gate.complete(contract, AGENCY)
    assert [(f.baris, f.kolom) for f in findings] == ([(8, "kolom.jumlah.satuan")] if missing else [])


def test_a_site_is_contact_enough_and_standards_define_what_contracts_do_not(gate: Gate) -> None:
    assert gate.complete(make_contract("isi"), replace(AGENCY, surel="")) == []
    assert gate.complete(make_contract("isi", konsep="-"), AGENCY)[0].kolom == "kolom.isi.konsep"

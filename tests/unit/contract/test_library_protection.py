from __future__ import annotations

from typing import Any

import pytest

from pipelines.contract.load import General, Library, load_standards
from pipelines.contract.model import Contract
from pipelines.home import REPO

STANDARDS = load_standards(REPO / "expectations" / "standards")
GENERAL = General(kosong=[], satuan_orang=["orang"], satuan_turunan=["persen"])


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ({"standar": "bilangan", "satuan": "orang"}, "orang"),
        ({"standar": "bilangan", "satuan": "orang", "lindungi": "khusus"}, "khusus"),
        ({"standar": "bilangan", "satuan": "orang", "lindungi": {"tidak": "Kursi, bukan orang"}}, "tidak"),
        ({"standar": "persen"}, "turunan"),
        ({"standar": "bilangan", "satuan": "unit"}, None),
        ({"standar": "bilangan", "satuan": "orang", "nilai": ["1", "2"]}, None),
        ({"standar": "teks"}, None),
    ],
)
def test_the_contract_decides_and_else_the_unit(column: dict[str, Any], kind: str | None) -> None:
    contract = Contract.model_validate(
        {"judul": "Uji", "produsen": "dinas", "jadwal": "tahunan", "klasifikasi": "terbuka",
         "kolom": {"n": {"dari": "n", **column}}}
    )  # fmt: skip
    found = Library((contract,), STANDARDS, {}, GENERAL).protection(contract, "n")
    assert (found.jenis if found else None) == kind

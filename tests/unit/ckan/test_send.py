"""What a push does not touch: the pages of others, and a table beside a file that is damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalogue import Withdrawn
from pipelines.ckan import CkanError, table
from pipelines.ckan.send import withdraw
from pipelines.ckan.site import Site
from pipelines.ckan.verify import check_gone
from tests.unit.ckan.test_wanted import dataset

GONE = Withdrawn(slug="uji-satu", judul="Satu", tanggal=date(2026, 3, 5), alasan="Angka keliru")


class Held(Site):
    """A CKAN that holds one answer, and takes down what is written."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        super().__init__("https://data.example.go.id", "kunci")
        self.answer, self.written = answer, list[str]()

    def read(self, action: str, **data: object) -> Any:
        return self.answer

    def write(self, action: str, **data: object) -> Any:
        self.written.append(action)


def package(*extras: str) -> dict[str, Any]:
    known = [{"key": key, "value": "1"} for key in extras]
    return {"id": "p", "name": "uji-satu", "title": "Satu", "notes": "", "resources": [], "extras": known}


@pytest.mark.parametrize(("extras", "written"), [(["kode_produsen"], ["package_patch"]), (["satuan"], []), ([], [])])
def test_only_what_a_push_made_becomes_a_tombstone(extras: list[str], written: list[str]) -> None:
    site = Held(package(*extras))
    assert withdraw(site, GONE) is bool(written) and site.written == written
    assert bool(check_gone(site, GONE)) is bool(written)


@pytest.mark.parametrize("content", [b"kode_wilayah\n33.02\n", None])
def test_a_damaged_file_is_not_loaded_into_the_datastore(tmp_path: Path, content: bytes | None) -> None:
    file, site = tmp_path / "uji-satu.csv", Held(None)
    if content:
        file.write_bytes(content)
    with pytest.raises(CkanError, match="is not the file that its descriptor tells of"):
        table.fill(site, "r", dataset(baris=1), file)
    assert site.written == []

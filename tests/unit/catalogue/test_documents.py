from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue import Dataset, beside, datasets, root

from .kit import SERVED, STICK, bare, both, dataset, descriptor, folder


def test_the_names_in_a_release() -> None:
    assert sorted(beside(dataset())) == ["dinas-harga.csv-metadata.json", "skema.json", "statistik.json"]
    assert beside(Dataset.of(bare())) == {}
    assert sorted(root(both(), STICK)) == ["data.json", "datapackage.json", "katalog.jsonld"]
    assert sorted(root(both(), SERVED)) == ["data.json", "datapackage.json", "katalog.jsonld", "sitemap.xml"]


@given(st.permutations(["dinas-a", "dinas-b", "dinas-c"]))
def test_the_same_datasets_give_the_same_bytes(order: list[str]) -> None:
    found = [Dataset.of(descriptor(slug)) for slug in order]
    again = [dataset(slug) for slug in sorted(order)]
    assert root(found, SERVED) == root(again, SERVED)


def test_what_is_read_from_disk_says_the_same(tmp_path: Path) -> None:
    path = folder(tmp_path, descriptor())
    (read,) = datasets(tmp_path)
    for name, text in beside(read).items():
        (path / name).write_text(text, encoding="utf-8")
    assert beside(Dataset.read(path)) == beside(dataset())
    assert all(json.loads(text) for text in beside(read).values())


def test_a_withdrawn_dataset_is_in_no_catalogue(tmp_path: Path) -> None:
    folder(tmp_path, descriptor())
    gone = folder(tmp_path, descriptor("dinas-rahasia"))
    tombstone = {"slug": "dinas-rahasia", "judul": "R", "tanggal": "2025-02-01", "alasan": "-"}
    (gone / "ditarik.json").write_text(json.dumps(tombstone), encoding="utf-8")
    for name, text in root(datasets(tmp_path), SERVED).items():
        assert "dinas-harga" in text and "dinas-rahasia" not in text, name

"""The index of the first page: found by every word, and short."""

from __future__ import annotations

from pathlib import Path

from pipelines.catalogue import Dataset
from pipelines.site.environment import number, size
from pipelines.site.index_data import index, shortened
from tests.release_kit import column, write_dataset


def test_an_entry_has_what_the_filters_need(tmp_path: Path) -> None:
    folder = write_dataset(
        tmp_path, "dinas-uji", "SELECT 1 AS jumlah_ruang", [column("jumlah_ruang", "integer", "ukuran")],
        title="Ruang kelas", description="Ruang " + "kelas " * 60 + "terakhir", keywords=["sarana"],
        satudata={"cakupan": {"wilayah": ["33.01", "33.02", "33.03", "33.71"], "tahun": [2020, 2024]}},
    )  # fmt: skip
    told = index([Dataset.read(folder)], {"33.01": "Kabupaten Anggrek"})
    assert told["wilayah"][0] == ["33.01", "Kabupaten Anggrek"] and told["wilayah"][3] == ["33.71", "33.71"]
    slug, title, text, words, agency, topic, places, years, updated, rows, quality, formats = told["dataset"][0]
    assert (slug, title, agency, topic, years) == ("dinas-uji", "Ruang kelas", 0, 0, [2020, 2024])
    assert (places, updated, rows, quality, formats) == ([[0, 3]], "2025-01-06", 1, 97.5, "CSV PARQUET")
    assert text.endswith(" …") and len(text) < 185
    # The end of a long description, keywords and columns are found; what the title says already is not repeated.
    assert words.split() == ["sarana", "jumlah", "terakhir"]


def test_the_index_is_in_the_order_of_titles(tmp_path: Path) -> None:
    fields = [column("n", "integer", "ukuran")]
    titles = {"a-1": "Zakat", "b-1": "angkutan", "c-1": "Bencana", "d-1": "Bencana"}
    found = [Dataset.read(write_dataset(tmp_path, s, "SELECT 1 AS n", fields, title=t)) for s, t in titles.items()]
    assert [one[0] for one in index(found[::-1], {})["dataset"]] == ["b-1", "c-1", "d-1", "a-1"]


def test_texts_are_shortened_at_a_word() -> None:
    assert shortened("satu  dua\n tiga") == "satu dua tiga"
    assert shortened("x" * 300) == "x" * 180 + " …"


def test_numbers_and_sizes_as_indonesians_write_them() -> None:
    assert number(12785.5) == '<data value="12785.5">12.785,5</data>'
    assert number(1_000_000) == '<data value="1000000">1.000.000</data>'
    assert [size(n) for n in (999, 1000, 999_499, 999_500, 1_250_000)] == [
        "999 B",
        "1 kB",
        "999 kB",
        "1,0 MB",
        "1,2 MB",
    ]

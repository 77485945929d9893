"""`situs/indeks.js`: what the search and the filters of the first page need of every dataset, in few bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.catalogue import Dataset

_DESCRIPTION = 180  # letters shown in the list
_WORD = re.compile(r"\w{3,}")


def index(datasets: Sequence[Dataset], names: Mapping[str, str]) -> dict[str, Any]:
    """Lists of agencies, topics and places, and one short array a dataset, by title; aset/cari.js unpacks them."""
    agencies = sorted({(d.satudata.produsen.kode, d.satudata.produsen.nama) for d in datasets})
    topics = sorted({d.satudata.kategori for d in datasets if d.satudata.kategori})
    places = sorted({code for d in datasets for code in d.satudata.cakupan.wilayah})
    agency_at = {code: n for n, (code, _) in enumerate(agencies)}
    place_at = {code: n for n, code in enumerate(places)}
    return {
        "produsen": [name for _, name in agencies],
        "topik": topics,
        "wilayah": [[code, names.get(code, code)] for code in places],
        "dataset": [
            _entry(d, agency_at, topics, place_at) for d in sorted(datasets, key=lambda d: (d.title.casefold(), d.slug))
        ],
    }


def _entry(dataset: Dataset, agencies: Mapping[str, int], topics: list[str], places: Mapping[str, int]) -> list[Any]:
    data = dataset.satudata
    return [
        dataset.slug,
        dataset.title,
        shortened(dataset.description),
        " ".join(_words(dataset)),
        agencies[data.produsen.kode],
        topics.index(data.kategori) if data.kategori else -1,
        _runs(sorted(places[code] for code in data.cakupan.wilayah)),
        list(data.cakupan.tahun) if data.cakupan.tahun else [],
        data.diperbarui.isoformat(),
        data.baris,
        data.mutu.skor if data.mutu else None,
        " ".join(dict.fromkeys(r.format.upper() for r in dataset.data_files)),
    ]


def shortened(text: str) -> str:
    """The beginning of a description, ended at a word."""
    text = " ".join(text.split())
    return text if len(text) <= _DESCRIPTION else text[:_DESCRIPTION].rsplit(" ", 1)[0] + " …"


def _words(dataset: Dataset) -> list[str]:
    """What can be found besides title and short description: keywords, columns and the rest of the description."""
    seen = set(_WORD.findall(f"{dataset.title} {shortened(dataset.description)}".lower()))
    texts = [*dataset.keywords, *(f"{c.title} {c.name.replace('_', ' ')}" for c in dataset.columns)]
    found: dict[str, None] = {}
    for word in _WORD.findall(" ".join([*texts, dataset.description]).lower()):
        if word not in seen:
            found[word] = None
    return list(found)


def _runs(numbers: Iterable[int]) -> list[int | list[int]]:
    """[3, 4, 5, 9] -> [[3, 5], 9]: most datasets cover all kabupaten of a province."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [run if run[0] < run[1] else run[0] for run in runs]

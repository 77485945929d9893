"""What the page of one dataset says, besides what the template reads from the descriptor itself."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalogue import Dataset, Portal
from pipelines.catalogue.parts import Resource
from pipelines.disclosure.reasons import REASONS, TOLD
from pipelines.site.places import SPOKEN

# The formats that people know, and for whom each is; the order is that of the page.
FORMATS = {
    "csv": ("CSV", "untuk semua program; dibuka di lembar kerja mana pun"),
    "xlsx": ("XLSX", "untuk Excel dan LibreOffice, dengan kamus kolom"),
    "parquet": ("Parquet", "untuk analis: ringkas dan bertipe"),
    "geojson": ("GeoJSON", "untuk peta di web dan QGIS"),
    "geo.parquet": ("GeoParquet", "untuk analisis spasial"),
    "pmtiles": ("PMTiles", "untuk peta interaktif dengan banyak titik"),
}


@dataclass(frozen=True)
class Download:
    """A file to take away: its name for people, for whom it is."""

    resource: Resource
    name: str
    purpose: str


def downloads(dataset: Dataset) -> list[Download]:
    """The dataset in all its formats, the commonest first."""
    found = []
    for resource in dataset.data_files:
        kind = resource.path.removeprefix(f"{dataset.slug}.")
        name, purpose = FORMATS.get(kind, (resource.label, ""))
        found.append((list(FORMATS).index(kind) if kind in FORMATS else 99, Download(resource, name, purpose)))
    return [download for _, download in sorted(found, key=lambda pair: (pair[0], pair[1].resource.path))]


def companions(dataset: Dataset) -> list[Resource]:
    """Dictionary and code lists, which explain the data."""
    data = set(dataset.data_files)
    return [resource for resource in dataset.resources if resource not in data]


def citation(dataset: Dataset, portal: Portal) -> str:
    """How to cite the dataset, in one line."""
    data = dataset.satudata
    where = f" {portal.address(f'situs/{dataset.slug}.html')}" if portal.base_url else ""
    return (
        f"{data.produsen.nama} ({data.diperbarui.year}). {dataset.title} [Kumpulan data]. "
        f"Versi {dataset.version}. {portal.nama}.{where}"
    )


def level(dataset: Dataset) -> str | None:
    """The finest level in words."""
    found = dataset.satudata.cakupan.tingkat
    return SPOKEN.get(found, found) if found else None


def reasons(dataset: Dataset) -> list[tuple[str, int]]:
    """Why numbers are hidden, in plain words, and how many for each reason, the most frequent first."""
    protection = dataset.satudata.perlindungan
    found = protection.alasan.items() if protection else ()
    return sorted(
        ((REASONS.get(word, word), n) for word, n in found if n and word not in TOLD),
        key=lambda pair: (-pair[1], pair[0]),
    )


def quality_shares(dataset: Dataset) -> list[tuple[str, str, int, float]]:
    """(css class, word, rows, percent) of what became of the rows that were read."""
    quality = dataset.satudata.mutu
    if not quality or not quality.dibaca:
        return []
    parts = [("diterima", "diterima", quality.diterima), ("ditahan", "ditahan untuk diperbaiki", quality.ditolak),
             ("bukan", "bukan data (jumlah, catatan)", quality.bukan_data)]  # fmt: skip
    return [(css, word, n, round(100 * n / quality.dibaca, 2)) for css, word, n in parts if n]

"""`data.json` at the root of a release: DCAT-US 1.1 with the two fields of Satu Data Indonesia.

This is what the national harvester reads. DCAT-US has no word for size and checksum: they stand in the words of
each file, and for machines in the descriptor that `describedBy` leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.catalogue.dataset import DESCRIPTOR, Dataset
from pipelines.catalogue.parts import Jadwal, Resource
from pipelines.catalogue.portal import Portal, web

CATALOGUE = "data.json"
SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
# ISO 8601 repeating intervals, as DCAT-US wants them.
PERIODS: dict[Jadwal, str] = {
    "harian": "R/P1D",
    "mingguan": "R/P1W",
    "bulanan": "R/P1M",
    "triwulanan": "R/P3M",
    "tahunan": "R/P1Y",
}


def data_json(datasets: Iterable[Dataset], portal: Portal) -> dict[str, Any]:
    """The whole catalogue, datasets in the order of their identifiers."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_entry(dataset, portal) for dataset in sorted(datasets, key=lambda d: d.slug)],
    }


def _entry(dataset: Dataset, portal: Portal) -> dict[str, Any]:
    """One dataset. `identifier` is the slug, which no change of title or address touches.

    `contactPoint.hasEmail` is left out, never invented, where neither the agency nor the portal has one.
    """
    block = dataset.satudata
    publisher: dict[str, Any] = {"@type": "org:Organization", "name": block.produsen.nama}
    if block.produsen.instansi:
        publisher["subOrganizationOf"] = {"@type": "org:Organization", "name": block.produsen.instansi}
    contact = {"@type": "vcard:Contact", "fn": block.produsen.nama}
    if address := portal.contact(block.produsen):
        contact["hasEmail"] = f"mailto:{address}"
    described = {
        "describedBy": portal.address(f"{dataset.slug}/{DESCRIPTOR}"),
        "describedByType": "application/json",
    }
    entry: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": dataset.slug,
        "title": dataset.title,
        "description": dataset.about,
        "keyword": list(dataset.tags),
        "modified": block.diperbarui.isoformat(),
        "accrualPeriodicity": PERIODS[block.jadwal],
        "language": ["id"],
        "accessLevel": "public",
        "publisher": publisher,
        "contactPoint": contact,
        **described,
        "distribution": [_distribution(dataset, file, portal, described) for file in dataset.resources],
    }
    licence = dataset.licence
    optional = {
        "license": web(licence.path) if licence else None,
        "landingPage": portal.page(dataset.slug) if portal.base_url else None,
        "spatial": "; ".join(name for _, name in block.cakupan.places),
        "temporal": "/".join(block.cakupan.period or ()),
        "theme": [block.kategori] if block.kategori else None,
        "kategori": block.kategori,
        "prioritas_tahun": list(block.prioritas_tahun or ()),
    }
    return entry | {key: value for key, value in optional.items() if value}


def _distribution(dataset: Dataset, file: Resource, portal: Portal, described: dict[str, str]) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "title": f"{dataset.title} ({file.label})",
        "description": f"{file.path}, {file.bytes} bita, SHA-256 {file.sha256}",
        "format": file.format.upper(),
        "mediaType": file.mediatype,
        "downloadURL": portal.address(f"{dataset.slug}/{file.path}"),
        **described,
    }
